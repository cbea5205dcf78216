//! A caller that uses everything a crate offers, written from its service.

use std::fmt::Write as _;

use tinsmith_codegen::ir::{
    Constructor, ErrorShape, Field, Operation, OperationError, Presence, Repr, Service, Structure,
    Type, TypeDef,
};

/// Names that the lines below use.
const HEAD: &str = "\
extern crate fixture as krate;
use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::hash::Hash;
use krate::*;
use krate::runtime::event_stream;
use krate::runtime::error::Unhandled;
use krate::runtime::operation::Operation;
use krate::runtime::paginate::{Pages, Paginated, PaginatedItems};
use krate::runtime::{
    BigDecimal, BigInteger, Document, Sensitive, Timestamp, UnknownVariant, Wipe,
};
";

/// The text of the caller.
pub(crate) fn of(service: &Service) -> String {
    let mut text = HEAD.to_owned();
    for (number, line) in uses(service).iter().enumerate() {
        let line = line.replacen("fn f(", &format!("fn f{number}("), 1);
        writeln!(text, "{line}").unwrap();
    }
    text
}

/// What callers do, a function each. Two crates with the same lines are the same to callers.
pub(crate) fn uses(service: &Service) -> Vec<String> {
    let mut uses = Uses::default();
    service.operations.iter().for_each(|x| uses.operation(x));
    service.types.iter().for_each(|x| uses.type_def(x));
    service.errors.iter().for_each(|x| uses.error(x));
    uses.lines
}

#[derive(Default)]
struct Uses {
    lines: Vec<String>,
}

impl Uses {
    fn add(&mut self, line: String) {
        self.lines.push(line);
    }

    fn need(&mut self, name: &str, bounds: &[&str]) {
        for bound in bounds {
            let call = format!("need::<{name}>()");
            self.add(format!("fn f() {{ fn need<T: {bound}>() {{}} {call} }}"));
        }
    }

    fn operation(&mut self, operation: &Operation) {
        let method = &operation.method;
        let (input, output) = (&operation.input.name, &operation.output.name);
        let error = &operation.error.name;
        self.add(format!(
            "async fn f(c: Client, v: {input}) -> Result<{output}, Error<{error}>> {{ c.{method}(v).await }}"
        ));
        let bound = format!("Operation<Output = {output}, Error = {error}>");
        self.need(input, &[&bound]);
        if let Some(pages) = &operation.pagination {
            let method = &pages.method;
            self.add(format!(
                "fn f(c: Client, v: {input}) -> Pages<{input}> {{ c.{method}(v) }}"
            ));
            self.need(
                input,
                &[&format!("Paginated<Token = {}>", rust(&pages.token))],
            );
            if let Some((_, ty)) = &pages.items {
                let item = match ty {
                    Type::List { item, .. } => rust(item),
                    Type::Map { key, value, .. } => format!("({}, {})", rust(key), rust(value)),
                    other => panic!("pages of {other:?}"),
                };
                self.need(input, &[&format!("PaginatedItems<Item = {item}>")]);
            }
        }
        self.structure(&operation.input);
        self.structure(&operation.output);
        self.error_enum(&operation.error);
    }

    fn structure(&mut self, structure: &Structure) {
        self.fields(structure);
        let (name, is_new) = (&structure.name, structure.constructor == Constructor::New);
        if !is_new && !structure.usage.written {
            return;
        }
        let is_argument = |field: &&Field| is_new && field.presence == Presence::Required;
        let arguments = structure.fields.iter().filter(is_argument);
        let names: Vec<&str> = arguments.clone().map(|field| field.name.as_str()).collect();
        let declared = arguments.map(|field| format!("{}: {}", field.name, given(field)));
        let declared: Vec<String> = declared.collect();
        self.add(format!(
            "fn f({}) -> {name} {{ {name}::new({}) }}",
            declared.join(", "),
            names.join(", ")
        ));
        let optional = |field: &&Field| field.presence != Presence::Required;
        let setters = structure.fields.iter().filter(optional);
        for field in setters.filter(|_| structure.usage.written) {
            let (setter, ty) = (&field.name, given(field));
            self.add(format!(
                "fn f(x: {name}, v: {ty}) -> {name} {{ x.{setter}(v) }}"
            ));
        }
    }

    /// What structures and errors share.
    fn fields(&mut self, structure: &Structure) {
        let name = &structure.name;
        self.add(format!("fn f(_: &{name}) {{}}"));
        for field in &structure.fields {
            let ty = match field.presence {
                Presence::Optional => format!("Option<{}>", rust(&field.ty)),
                Presence::Required | Presence::Default(_) => rust(&field.ty),
            };
            self.add(format!("fn f(x: {name}) -> {ty} {{ x.{} }}", field.name));
        }
        match &structure.event_stream {
            Some(stream) => {
                let (field, events) = (&stream.name, &stream.stream);
                let ty = format!("event_stream::EventStream<{events}>");
                self.add(format!("fn f(x: {name}) -> {ty} {{ x.{field} }}"));
            }
            None => self.need(name, &["Clone", "PartialEq"]),
        }
        self.need(name, &["Debug"]);
        if structure.constructor != Constructor::New {
            self.need(name, &["Default"]);
        }
        self.held(name, false, structure.wipe);
    }

    fn held(&mut self, name: &str, default: bool, wipe: bool) {
        if default {
            self.need(name, &["Default"]);
        }
        if wipe {
            self.need(name, &["Wipe"]);
        }
    }

    fn error(&mut self, error: &ErrorShape) {
        self.fields(&error.structure);
        self.need(&error.structure.name, &["Display", "std::error::Error"]);
    }

    fn type_def(&mut self, def: &TypeDef) {
        let name = def.name();
        match def {
            TypeDef::Structure(structure) => self.structure(structure),
            TypeDef::Union(union) => {
                let variants = union.variants.iter();
                variants.for_each(|x| self.variant(name, &x.name, &held(&x.ty)));
                self.variant(name, "Unknown", "UnknownVariant");
                self.need(name, &["Clone", "Debug", "PartialEq"]);
                self.held(name, union.default, union.wipe);
            }
            TypeDef::EventStream(stream) => {
                let events = stream.events.iter();
                events.for_each(|x| self.variant(name, &x.name, &held(&x.ty)));
                self.variant(name, "Unknown", "event_stream::UnknownEvent");
                let event = format!("event_stream::Event<Error = {}>", stream.error.name);
                self.need(name, &["Clone", "Debug", "PartialEq", &event]);
                self.error_enum(&stream.error);
            }
            TypeDef::Enum(enumeration) => {
                let values = enumeration.values.iter();
                values.for_each(|x| self.variant(name, &x.variant, ""));
                self.need(name, &["Clone", "Debug", "Eq", "Ord", "Hash"]);
                match enumeration.repr {
                    Repr::String => {
                        self.variant(name, "Unknown", "String");
                        self.add(format!("fn f(x: &{name}) -> &str {{ x.as_str() }}"));
                        let text = [
                            "Display",
                            "AsRef<str>",
                            "From<String>",
                            "From<&'static str>",
                        ];
                        self.need(name, &text);
                    }
                    Repr::Integer => {
                        self.variant(name, "Unknown", "i32");
                        self.add(format!("fn f(x: {name}) -> i32 {{ x.as_i32() }}"));
                        self.need(name, &["Copy", "From<i32>"]);
                    }
                }
                self.held(name, enumeration.default, enumeration.wipe);
            }
        }
    }

    fn variant(&mut self, owner: &str, name: &str, held: &str) {
        self.add(match held {
            "" => format!("fn f() -> {owner} {{ {owner}::{name} }}"),
            ty => format!(
                "fn f(x: {owner}, v: {ty}) -> {owner} {{ \
                 if let {owner}::{name}(v) = x {{ return {owner}::{name}(v); }} {owner}::{name}(v) }}"
            ),
        });
    }

    /// The only enums that a caller can match in full.
    fn error_enum(&mut self, error: &OperationError) {
        let name = &error.name;
        let mut arms = vec![format!("{name}::Unhandled(_) => {{}}")];
        for variant in &error.variants {
            self.variant(
                name,
                &variant.variant,
                &format!("krate::{}", variant.type_name),
            );
            arms.push(format!("{name}::{}(_) => {{}}", variant.variant));
        }
        self.variant(name, "Unhandled", "Unhandled");
        let arms = arms.join(" ");
        self.add(format!("fn f(x: {name}) {{ match x {{ {arms} }} }}"));
        let bounds = [
            "Clone",
            "Debug",
            "PartialEq",
            "Display",
            "std::error::Error",
        ];
        self.need(name, &bounds);
        self.need(name, &["From<Unhandled>"]);
    }
}

/// What a constructor or setter takes at its plainest.
fn given(field: &Field) -> String {
    match &field.ty {
        Type::Boxed(inner) => rust(inner),
        ty => rust(ty),
    }
}

/// What a variant holds; empty for nothing.
fn held(ty: &Type) -> String {
    match ty {
        Type::Unit => String::new(),
        ty => rust(ty),
    }
}

/// The Rust type.
fn rust(ty: &Type) -> String {
    let nullable = |ty: &Type, sparse: bool| match sparse {
        true => format!("Option<{}>", rust(ty)),
        false => rust(ty),
    };
    let plain = match ty {
        Type::Boolean => "bool",
        Type::Byte => "i8",
        Type::Short => "i16",
        Type::Integer => "i32",
        Type::Long => "i64",
        Type::Float => "f32",
        Type::Double => "f64",
        Type::BigInteger => "BigInteger",
        Type::BigDecimal => "BigDecimal",
        Type::String => "String",
        Type::Blob => "Vec<u8>",
        Type::Timestamp(_) => "Timestamp",
        Type::Document => "Document",
        Type::Unit => "()",
        Type::Enum(name) | Type::IntEnum(name) | Type::Structure(name) | Type::Union(name) => name,
        Type::List { item, sparse } => return format!("Vec<{}>", nullable(item, *sparse)),
        Type::Map { key, value, sparse } => {
            return format!("BTreeMap<{}, {}>", rust(key), nullable(value, *sparse));
        }
        Type::Boxed(inner) => return format!("Box<{}>", rust(inner)),
        Type::Sensitive(inner) => return format!("Sensitive<{}>", rust(inner)),
    };
    plain.to_owned()
}
