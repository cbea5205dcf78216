//! Reads expressions, gives them types, and keeps what they refer to.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{fold, function, parameter};
use crate::ir::endpoint::{Body, Condition, Expr, Node, Parameter, Piece, Rules, Type, Variable};
use crate::names::{self, Scope};

/// How deep rules and expressions may nest.
const MAX_DEPTH: usize = 128;

/// Names of the emitted functions' own things, and those that clippy takes for placeholders.
const RESERVED: &[&str] = &[
    "baz",
    "condition",
    "foo",
    "found",
    "params",
    "quux",
    "result",
];

/// The state of one run over a trait's value.
pub(super) struct Checker {
    /// The Rust names of parameters and variables.
    names: Scope,
    /// The Rust name of each name of the model. It is the same throughout.
    locals: BTreeMap<String, String>,
    /// Whether a missing value is bound where it is needed (see [`Checker::require`]).
    pub(super) binding: bool,
    parameters: Vec<Parameter>,
    variables: Vec<Variable>,
    /// What names represent; a later entry hides an earlier one.
    scope: Vec<(String, Expr)>,
    /// The binds that the expression being read needs before it.
    pending: Vec<Condition>,
    /// How many functions around the expression being read can do without its value.
    lenient: usize,
    path: Vec<String>,
    faults: Vec<String>,
}

impl Checker {
    /// Reads the parts that both traits share, and the rest with `body`.
    pub(super) fn run(
        value: &Value,
        body: fn(&mut Self, &Value) -> Option<Body>,
    ) -> Result<Rules, Vec<String>> {
        let mut checker = Self {
            names: Scope::new(RESERVED, "_"),
            locals: BTreeMap::new(),
            binding: true,
            parameters: Vec::new(),
            variables: Vec::new(),
            scope: Vec::new(),
            pending: Vec::new(),
            lenient: 0,
            path: Vec::new(),
            faults: Vec::new(),
        };
        let version = value.get("version").and_then(Value::as_str).unwrap_or("");
        if !version.starts_with("1.") {
            checker.fault(&format!("`version` is {version:?}, and only 1.x is known"));
        }
        parameter::parameters(&mut checker, value);
        let body = body(&mut checker, value);
        match body {
            Some(body) if checker.faults.is_empty() => Ok(Rules {
                parameters: checker.parameters,
                variables: checker.variables,
                body,
            }),
            _ => Err(checker.faults),
        }
    }

    /// Notes what is wrong at the place being read.
    pub(super) fn fault(&mut self, message: &str) {
        let place = self.path.join(".");
        let separator = if place.is_empty() { "" } else { ": " };
        self.faults.push(format!("{place}{separator}{message}"));
    }

    /// Reads a part of the value, named `place` in faults.
    pub(super) fn within<T>(&mut self, place: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(place.to_owned());
        let result = read(self);
        self.path.pop();
        result
    }

    /// Whether the place being read is too deep to go on; a fault if so.
    pub(super) fn too_deep(&mut self) -> bool {
        let too_deep = self.path.len() > MAX_DEPTH;
        if too_deep {
            self.fault("nested too deeply");
        }
        too_deep
    }

    /// Reads each item of the list `value[key]`.
    pub(super) fn each<T>(
        &mut self,
        value: &Value,
        key: &str,
        mut read: impl FnMut(&mut Self, &Value) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Some(list) = value.get(key).and_then(Value::as_array) else {
            self.fault(&format!("`{key}` is not an array"));
            return None;
        };
        let read = list.iter().enumerate().map(|(place, item)| {
            self.within(&format!("{key}[{place}]"), |checker| read(checker, item))
        });
        // Read them all before giving up, to report every fault.
        let items: Vec<Option<T>> = read.collect();
        items.into_iter().collect()
    }

    /// Adds a parameter, in scope everywhere.
    pub(super) fn declare(&mut self, parameter: Parameter) {
        let optional = parameter.is_option();
        let node = Node::Parameter(self.parameters.len());
        let entry = Expr::new(node, parameter.ty, optional);
        self.scope.push((parameter.name.clone(), entry));
        self.parameters.push(parameter);
    }

    /// Reads with a scope of its own: what it binds is forgotten afterwards.
    pub(super) fn scoped<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let depth = self.scope.len();
        let result = read(self);
        self.scope.truncate(depth);
        result
    }

    /// The binds that what was read last needs before it.
    pub(super) fn take_pending(&mut self) -> Vec<Condition> {
        std::mem::take(&mut self.pending)
    }

    /// The Rust name of a parameter or variable, without `r#`.
    pub(super) fn local(&mut self, name: &str) -> String {
        if let Some(local) = self.locals.get(name) {
            return local.clone();
        }
        let local = names::snake(name).trim_start_matches("r#").to_owned();
        let local = self.names.take(local);
        self.locals.insert(name.to_owned(), local.clone());
        local
    }

    /// A new variable that `name` represents from here on.
    pub(super) fn assign(&mut self, name: &str, ty: Type) -> usize {
        let local = self.local(name);
        let variable = self.variables.len();
        self.variables.push(Variable { name: local, ty });
        let entry = Expr::new(Node::Variable(variable), ty, !self.binding);
        self.scope.push((name.to_owned(), entry));
        variable
    }

    /// What `name` represents.
    pub(super) fn lookup(&self, name: &str) -> Option<&Expr> {
        let entry = self.scope.iter().rev().find(|(key, _)| key == name);
        entry.map(|(_, expr)| expr)
    }

    /// The name that represents `expr`, when it is a reference.
    pub(super) fn name_of(&self, expr: &Expr) -> Option<String> {
        let entry = self.scope.iter().rev().find(|(_, entry)| entry == expr);
        entry.map(|(name, _)| name.clone())
    }

    /// The value of `expr` where it must be there: bound to a variable if it can be missing.
    ///
    /// Inside `isSet` and its like, and in the conditions of a table, it stays as it is.
    pub(super) fn require(&mut self, expr: Expr) -> Expr {
        if !expr.optional || !self.binding || self.lenient > 0 {
            return expr;
        }
        let ty = expr.ty;
        let variable = match self.name_of(&expr) {
            Some(name) => self.assign(&name, ty),
            None => {
                let name = self.names.take("value".to_owned());
                self.variables.push(Variable { name, ty });
                self.variables.len() - 1
            }
        };
        self.pending.push(Condition::Bind(variable, expr));
        Expr::new(Node::Variable(variable), ty, false)
    }

    /// Reads an expression of type string whose value must be there.
    pub(super) fn string(&mut self, value: &Value) -> Option<Expr> {
        let expr = self.expr(value)?;
        if expr.ty != Type::String {
            self.fault(&format!(
                "this is {}, not a string",
                function::in_words(expr.ty)
            ));
            return None;
        }
        Some(self.require(expr))
    }

    /// Reads any expression.
    pub(super) fn expr(&mut self, value: &Value) -> Option<Expr> {
        if self.too_deep() {
            return None;
        }
        match value {
            Value::String(text) => self.template(text),
            Value::Bool(value) => Some(Expr::boolean(*value)),
            Value::Number(number) => match number.as_i64() {
                Some(number) => Some(Expr::new(Node::Integer(number), Type::Integer, false)),
                None => self.refuse(&format!("{number} is not an integer")),
            },
            Value::Object(object) => match object.get("ref") {
                Some(Value::String(name)) => self.reference(name),
                Some(_) => self.refuse("`ref` is not a string"),
                None => self.call(value),
            },
            Value::Null | Value::Array(_) => self.refuse("this is not an expression"),
        }
    }

    fn refuse(&mut self, message: &str) -> Option<Expr> {
        self.fault(message);
        None
    }

    fn reference(&mut self, name: &str) -> Option<Expr> {
        match self.lookup(name) {
            Some(expr) => Some(expr.clone()),
            None => self.refuse(&format!("undefined reference `{name}`")),
        }
    }

    /// Reads a function object.
    pub(super) fn call(&mut self, value: &Value) -> Option<Expr> {
        let Some(name) = value.get("fn").and_then(Value::as_str) else {
            return self.refuse("neither `ref` nor `fn` is a string");
        };
        if name == "getAttr" {
            return self.attribute(value);
        }
        let Some(called) = function::named(name) else {
            return self.refuse(&format!("unknown function `{name}`"));
        };
        let mut place = 0;
        let arguments = self.each(value, "argv", |checker, argument| {
            let lenient = usize::from(function::takes_missing(called, place));
            place += 1;
            checker.lenient += lenient;
            let expr = checker.expr(argument);
            checker.lenient -= lenient;
            expr.map(|expr| {
                if lenient == 0 {
                    checker.require(expr)
                } else {
                    expr
                }
            })
        })?;
        match function::check(called, &arguments) {
            Ok(ty) => Some(fold::call(called, arguments, ty)),
            Err(why) => self.refuse(&format!("`{name}`: {why}")),
        }
    }

    /// Reads `getAttr`.
    fn attribute(&mut self, value: &Value) -> Option<Expr> {
        let argv = value.get("argv").and_then(Value::as_array);
        let [base, path] = argv.map_or(&[][..], Vec::as_slice) else {
            return self.refuse("`getAttr`: takes 2 arguments");
        };
        let base = self.within("argv[0]", |checker| checker.expr(base))?;
        match path {
            Value::String(path) => self.path_of(base, path),
            _ => self.refuse("`getAttr`: the path is not a literal string"),
        }
    }

    /// Follows a path such as `resourceId[0]` (rules engine, "Parsing path strings").
    fn path_of(&mut self, base: Expr, path: &str) -> Option<Expr> {
        let mut expr = base;
        for part in path.split('.') {
            let (key, index) = match part.split_once('[') {
                Some((key, rest)) => (key, Some(rest)),
                None => (part, None),
            };
            if !key.is_empty() || index.is_none() {
                let base = self.require(expr);
                let Some(field) = function::member(base.ty, key) else {
                    return self.refuse(&format!("{} has no `{key}`", function::in_words(base.ty)));
                };
                let optional = base.optional;
                expr = Expr::new(Node::Field(Box::new(base), field), field.ty, optional);
            }
            if let Some(index) = index {
                let base = self.require(expr);
                let index = index
                    .strip_suffix(']')
                    .and_then(|index| index.parse::<i32>().ok());
                let (Type::Strings, Some(index)) = (base.ty, index) else {
                    return self.refuse(&format!(
                        "`{part}` is not an item of {}",
                        function::in_words(base.ty)
                    ));
                };
                let item = Node::Item(Box::new(base), i64::from(index));
                expr = Expr::new(item, Type::String, true);
            }
        }
        Some(expr)
    }

    /// Reads a template string (Smithy specification, "Template string"); `{{` and `}}` are braces.
    fn template(&mut self, text: &str) -> Option<Expr> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(place) = rest.find(['{', '}']) {
            let (before, brace) = rest.split_at(place);
            literal.push_str(before);
            if let Some(after) = brace
                .strip_prefix("{{")
                .or_else(|| brace.strip_prefix("}}"))
            {
                literal.extend(brace.chars().next());
                rest = after;
                continue;
            }
            let Some((inner, after)) = brace.strip_prefix('{').and_then(|b| b.split_once('}'))
            else {
                return self.refuse(&format!("unbalanced brace in {text:?}"));
            };
            if !literal.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut literal)));
            }
            pieces.push(Piece::Value(self.placeholder(inner)?));
            rest = after;
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Text(literal));
        }
        Some(fold::template(pieces))
    }

    /// Reads what is between braces: `name` or `name#path`.
    fn placeholder(&mut self, inner: &str) -> Option<Expr> {
        let (name, path) = match inner.split_once('#') {
            Some((name, path)) => (name, Some(path)),
            None => (inner, None),
        };
        let expr = self.reference(name)?;
        let expr = match path {
            Some(path) => self.path_of(expr, path)?,
            None => expr,
        };
        if expr.ty != Type::String {
            return self.refuse(&format!(
                "`{{{inner}}}` is {}, not a string",
                function::in_words(expr.ty)
            ));
        }
        Some(self.require(expr))
    }
}
