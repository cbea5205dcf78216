//! Expressions as Rust, each in the form that needs no needless copy or borrow.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::form::{
    Form, Value, as_ref, as_str, borrow, borrowed, call, copy, equality, fails, is_source, operand,
    own, own_option, path, reference,
};
use crate::emit::ident;
use crate::endpoint::{Expr, Function, Node, Piece, Rules, Type};

/// Writes expressions.
pub(super) struct Values<'a> {
    pub(super) rules: &'a Rules,
    /// The forms of the local variables, by number.
    pub(super) forms: Vec<Form>,
}

impl<'a> Values<'a> {
    pub(super) fn new(rules: &'a Rules) -> Self {
        let forms = vec![Form::Place; rules.variables.len()];
        Self { rules, forms }
    }

    /// The name of the variable, without `r#`.
    pub(super) fn name(&self, variable: usize) -> &str {
        let variable = self.rules.variables.get(variable);
        variable.map_or("value", |variable| &variable.name)
    }

    /// The name of the variable as an identifier.
    pub(super) fn local(&self, variable: usize) -> Ident {
        ident(self.name(variable))
    }

    /// Whether the variable is a reference already.
    pub(super) fn is_borrowed(&self, variable: usize) -> bool {
        self.forms.get(variable) == Some(&Form::Borrowed)
    }

    /// Names the variable in the form that binding `value` gives it.
    pub(super) fn bind(&mut self, variable: usize, form: Form) -> Ident {
        if let Some(slot) = self.forms.get_mut(variable) {
            *slot = if form == Form::Owned {
                Form::Place
            } else {
                form
            };
        }
        self.local(variable)
    }

    /// The value. One that can be missing ends the function with `?`.
    pub(super) fn value(&self, expr: &Expr) -> Value {
        if expr.optional && is_source(expr) {
            let Value { tokens, form } = self.option(expr, false);
            let tokens = operand(expr, tokens);
            return Value {
                tokens: quote!(#tokens?),
                form,
            };
        }
        let parts = || {
            expr.children()
                .into_iter()
                .map(|part| self.value(part))
                .collect()
        };
        match &expr.node {
            Node::Text(text) => borrowed(quote!(#text)),
            Node::Boolean(value) => copy(quote!(#value)),
            Node::Integer(number) => {
                let number = Literal::i64_unsuffixed(*number);
                copy(quote!(#number))
            }
            Node::Parameter(place) => {
                let field = self.field(*place);
                let is_flag = expr.ty == Type::Boolean;
                let form = if is_flag { Form::Copy } else { Form::Place };
                Value {
                    tokens: quote!(params.#field),
                    form,
                }
            }
            Node::Variable(variable) => {
                let name = self.local(*variable);
                let form = self.forms.get(*variable).copied().unwrap_or(Form::Place);
                Value {
                    tokens: quote!(#name),
                    form,
                }
            }
            Node::Call(Function::Not, arguments) => copy(self.negation(arguments)),
            Node::Call(Function::IsSet, arguments) => {
                let presence = arguments.iter().map(|argument| self.presence(argument));
                copy(quote!(#(#presence.is_some())*))
            }
            Node::Call(Function::Coalesce, arguments) => self.coalesce(arguments),
            Node::Call(Function::Ite, arguments) => self.choice(arguments, false, false),
            Node::Template(_) | Node::Field(..) | Node::Item(..) | Node::Call(..) => {
                self.build(expr, parts())
            }
        }
    }

    /// The value as an `Option`. When `lazy`, a missing part makes the whole missing; otherwise it
    /// ends the function with `?`.
    pub(super) fn option(&self, expr: &Expr, lazy: bool) -> Value {
        if !expr.optional {
            let Value { tokens, form } = borrow(self.value(expr), expr.ty);
            return Value {
                tokens: quote!(Some(#tokens)),
                form,
            };
        }
        match &expr.node {
            Node::Parameter(place) => {
                let field = self.field(*place);
                as_ref(quote!(params.#field), expr.ty)
            }
            Node::Variable(variable) => {
                let name = self.local(*variable);
                as_ref(quote!(found.#name), expr.ty)
            }
            Node::Call(Function::Coalesce, arguments) => self.first(arguments, expr.ty),
            Node::Call(Function::Ite, arguments) => self.choice(arguments, true, lazy),
            _ if lazy => self.lifted(expr),
            _ => {
                let parts = expr
                    .children()
                    .into_iter()
                    .map(|part| self.value(part))
                    .collect();
                let built = self.build(expr, parts);
                if fails(expr) {
                    return built;
                }
                let Value { tokens, form } = borrow(built, expr.ty);
                Value {
                    tokens: quote!(Some(#tokens)),
                    form,
                }
            }
        }
    }

    /// A string as an argument of type `&str`, or a list as one of type `&[String]`.
    pub(super) fn argument(&self, expr: &Expr) -> TokenStream {
        reference(self.value(expr))
    }

    /// What `is_some` and `is_none` are asked of.
    fn presence(&self, expr: &Expr) -> TokenStream {
        match &expr.node {
            Node::Parameter(place) => {
                let field = self.field(*place);
                quote!(params.#field)
            }
            Node::Variable(variable) => {
                let name = self.local(*variable);
                quote!(found.#name)
            }
            _ => operand(expr, self.option(expr, true).tokens),
        }
    }

    fn field(&self, parameter: usize) -> Ident {
        let parameter = self.rules.parameters.get(parameter);
        ident(parameter.map_or("value", |parameter| &parameter.field))
    }

    fn negation(&self, arguments: &[Expr]) -> TokenStream {
        let Some(argument) = arguments.first() else {
            return quote!(false);
        };
        match &argument.node {
            Node::Call(Function::IsSet, inner) => {
                let presence = inner.iter().map(|argument| self.presence(argument));
                quote!(#(#presence.is_none())*)
            }
            Node::Call(Function::StringEquals | Function::BooleanEquals, sides) => {
                equality(sides, sides.iter().map(|side| self.value(side)), false)
            }
            _ => {
                let value = operand(argument, self.value(argument).tokens);
                quote!(!#value)
            }
        }
    }

    /// The first value that is there, the last one in any case.
    fn coalesce(&self, arguments: &[Expr]) -> Value {
        let Some((last, others)) = arguments.split_last() else {
            return copy(quote!(None));
        };
        let ty = last.ty;
        let first = self.first(others, ty);
        let last = borrow(self.value(last), ty);
        let is_owned = first.form == Form::Owned || last.form == Form::Owned;
        let (first, last) = if is_owned {
            (own_option(first, ty), own(last, ty))
        } else {
            (first, last)
        };
        let (some, other) = (&first.tokens, &last.tokens);
        Value {
            tokens: quote!(#some.unwrap_or(#other)),
            form: last.form,
        }
    }

    /// The first of several optional values that is there.
    fn first(&self, arguments: &[Expr], ty: Type) -> Value {
        let options = arguments.iter().map(|argument| {
            let Value { tokens, form } = self.option(argument, true);
            Value {
                tokens: operand(argument, tokens),
                form,
            }
        });
        let mut options: Vec<Value> = options.collect();
        if options.iter().any(|option| option.form == Form::Owned) {
            options = options
                .into_iter()
                .map(|option| own_option(option, ty))
                .collect();
        }
        let form = options.first().map_or(Form::Copy, |option| option.form);
        let mut tokens = options.into_iter().map(|option| option.tokens);
        let head = tokens.next();
        Value {
            tokens: quote!(#head #(.or(#tokens))*),
            form,
        }
    }

    /// `ite`: the second or the third argument.
    fn choice(&self, arguments: &[Expr], is_option: bool, lazy: bool) -> Value {
        let [condition, yes, no] = arguments else {
            return copy(quote!(None));
        };
        let ty = yes.ty;
        if condition.optional && lazy {
            // A condition that is not there makes the whole missing.
            let condition = self.option(condition, true).tokens;
            let Value { tokens, form } = self.branches(&quote!(first), [yes, no], ty, true);
            return Value {
                tokens: quote!(#condition.and_then(|first| #tokens)),
                form,
            };
        }
        let test = self.value(condition).tokens;
        self.branches(&test, [yes, no], ty, is_option)
    }

    fn branches(&self, test: &TokenStream, sides: [&Expr; 2], ty: Type, is_option: bool) -> Value {
        let [mut yes, mut no] = sides.map(|side| {
            if is_option {
                self.option(side, true)
            } else {
                borrow(self.value(side), ty)
            }
        });
        if yes.form == Form::Owned || no.form == Form::Owned {
            let own = if is_option { own_option } else { own };
            (yes, no) = (own(yes, ty), own(no, ty));
        }
        let form = yes.form;
        let (yes, no) = (yes.tokens, no.tokens);
        Value {
            tokens: quote!(if #test { #yes } else { #no }),
            form,
        }
    }

    /// An expression with missing parts, as an `Option`: closures over the parts.
    fn lifted(&self, expr: &Expr) -> Value {
        let names = ["first", "second", "third", "fourth"].map(|name| format_ident!("{name}"));
        let mut missing = Vec::new();
        let mut parts = Vec::new();
        let mut owns = false;
        for (part, name) in expr.children().into_iter().zip(&names) {
            if part.optional {
                let Value { tokens, form } = self.option(part, true);
                missing.push((operand(part, tokens), name));
                owns |= form == Form::Owned;
                let form = if form == Form::Owned {
                    Form::Place
                } else {
                    form
                };
                parts.push(Value {
                    tokens: quote!(#name),
                    form,
                });
            } else {
                parts.push(self.value(part));
            }
        }
        let is_name_alone = matches!(
            (&parts[..], &missing[..]),
            (
                [Value {
                    form: Form::Borrowed,
                    ..
                }],
                [_]
            )
        );
        let mut result = self.build(expr, parts);
        if !fails(expr) {
            result = borrow(result, expr.ty);
        }
        if owns && result.form == Form::Borrowed {
            // It would borrow from what the closure drops.
            result = if fails(expr) {
                own_option(result, expr.ty)
            } else {
                own(result, expr.ty)
            };
        }
        let form = result.form;
        let mut tokens = result.tokens;
        for (depth, (option, name)) in missing.iter().rev().enumerate() {
            let is_option = depth > 0 || fails(expr);
            let method = if is_option {
                quote!(and_then)
            } else {
                quote!(map)
            };
            let path = path(expr).filter(|_| is_name_alone);
            tokens = match path {
                Some(path) => quote!(#option.#method(#path)),
                None => quote!(#option.#method(|#name| #tokens)),
            };
        }
        Value { tokens, form }
    }

    /// The expression over parts that are there; an `Option` where [`fails`] says so.
    fn build(&self, expr: &Expr, parts: Vec<Value>) -> Value {
        match &expr.node {
            Node::Template(pieces) => self.format(pieces, parts),
            Node::Field(base, field) => {
                let name = format_ident!("{}", field.rust);
                let form = match (field.ty, base.ty, parts.first().map(|part| part.form)) {
                    (Type::Boolean, ..) => Form::Copy,
                    (_, Type::Partition, _) => Form::Borrowed,
                    (_, _, Some(Form::Owned)) => Form::Owned,
                    _ => Form::Place,
                };
                let base = parts.into_iter().map(|part| part.tokens);
                Value {
                    tokens: quote!(#(#base.#name)*),
                    form,
                }
            }
            Node::Item(_, index) => {
                let index = Literal::i64_unsuffixed(*index);
                let is_new = parts.iter().any(|part| part.form == Form::Owned);
                let list = parts.into_iter().map(reference);
                let item = borrowed(quote!(endpoint::get(#(#list,)* #index)));
                if is_new {
                    own_option(item, Type::String)
                } else {
                    item
                }
            }
            Node::Call(function, arguments) => call(*function, arguments, parts),
            Node::Text(_)
            | Node::Boolean(_)
            | Node::Integer(_)
            | Node::Parameter(_)
            | Node::Variable(_) => self.value(expr),
        }
    }

    /// The text that the pieces make: `format!` where all values are plain names, so that they can
    /// stand in the text, and else the pieces in a row.
    pub(super) fn format(&self, pieces: &[Piece], values: Vec<Value>) -> Value {
        let name = |value: &Value| {
            let name = syn::parse2::<Ident>(value.tokens.clone()).ok()?.to_string();
            (!name.starts_with("r#")).then_some(name)
        };
        let names: Option<Vec<String>> = values.iter().map(name).collect();
        let tokens = if let Some(names) = names {
            let mut names = names.into_iter();
            let text: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.replace('{', "{{").replace('}', "}}"),
                    Piece::Value(_) => format!("{{{}}}", names.next().unwrap_or_default()),
                })
                .collect();
            quote!(format!(#text))
        } else {
            let mut values = values.into_iter();
            let parts = pieces.iter().map(|piece| match piece {
                Piece::Text(text) => quote!(#text),
                Piece::Value(_) => values.next().map_or_else(TokenStream::new, as_str),
            });
            quote!([#(#parts),*].concat())
        };
        Value {
            tokens,
            form: Form::Owned,
        }
    }
}
