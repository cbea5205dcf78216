//! A caller that uses everything a crate offers, written from its public API.

use std::fmt::Write as _;

use tinsmith_codegen::diff::surface::{Part, Parts, Surface, plain};

/// Names that the declarations of a crate use.
const HEAD: &str = "\
extern crate fixture as krate;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::hash::Hash;
use krate as error;
use krate::*;
use krate::runtime as tinsmith_runtime;
use tinsmith_runtime::client::BuildError;
use tinsmith_runtime::event_stream;
use tinsmith_runtime::error::{ErrorShape, OperationError, Unhandled};
use tinsmith_runtime::operation::Operation;
use tinsmith_runtime::paginate::{Pages, Paginated, PaginatedItems};
use tinsmith_runtime::{
    BigDecimal, BigInteger, Builder, Document, Response, Sensitive, Timestamp, UnknownVariant, Wipe,
};
";

/// The text of the caller.
pub(crate) fn of(surface: &Surface) -> String {
    let mut text = HEAD.to_owned();
    let mut number = 0;
    for (owner, parts) in &surface.owners {
        // Re-exports, which are the runtime's.
        if matches!(parts.get(&Part::Item).map(String::as_str), None | Some("")) {
            continue;
        }
        let mut uses: Vec<String> = parts
            .iter()
            .flat_map(|(part, declared)| of_part(owner, parts, part, declared))
            .collect();
        uses.extend(closed_match(owner, parts));
        for line in uses {
            number += 1;
            let line = line.replacen("fn f(", &format!("fn f{number}("), 1);
            writeln!(text, "{line}").unwrap();
        }
    }
    text
}

fn of_part(owner: &str, parts: &Parts, part: &Part, declared: &str) -> Option<String> {
    Some(match part {
        Part::Item => format!("fn f(_: &{owner}) {{}}"),
        Part::Field(name) => format!("fn f(x: {owner}) -> {declared} {{ x.{name} }}"),
        Part::Variant(name) => match payload(declared) {
            "" => format!("fn f() -> {owner} {{ {owner}::{name} }}"),
            ty => format!(
                "fn f(x: {owner}, v: {ty}) -> {owner} {{ \
                 if let {owner}::{name}(v) = x {{ return {owner}::{name}(v); }} {owner}::{name}(v) }}"
            ),
        },
        Part::Method(name) => method(owner, parts, name, declared)?,
        Part::Impl(name) => bound(owner, name, declared),
        // Told by what they belong to.
        Part::Argument(..) | Part::Order(_) | Part::Open | Part::Deprecated(_) => return None,
    })
}

fn method(owner: &str, parts: &Parts, name: &str, declared: &str) -> Option<String> {
    // Generic ones belong to every client.
    if declared.contains("<O") {
        return None;
    }
    let (asynchronous, signature) = match declared.strip_prefix("async ") {
        Some(rest) => (true, rest),
        None => (false, declared),
    };
    let (list, output) = signature.split_once(") -> ")?;
    let list = list.strip_prefix('(')?;
    let output = output.replace("Self", owner);
    let (head, wait) = if asynchronous {
        ("async ", ".await")
    } else {
        ("", "")
    };
    let (receiver, argument) = match list.split_once(", ") {
        Some((receiver, argument)) => (receiver, Some(argument)),
        None => (list, None),
    };
    let argument = argument.map_or(String::new(), |ty| format!(", v: {}", plain(ty)));
    let passed = if argument.is_empty() { "" } else { "v" };
    Some(match receiver {
        "self" | "&self" => {
            let ty = receiver.replace("self", owner);
            format!("{head}fn f(x: {ty}{argument}) -> {output} {{ x.{name}({passed}){wait} }}")
        }
        _ => {
            let order = parts.get(&Part::Order(name.to_owned()))?;
            let names: Vec<&str> = order.split(", ").filter(|name| !name.is_empty()).collect();
            let arguments: Vec<String> = names
                .iter()
                .map(|argument| {
                    let part = Part::Argument(name.to_owned(), (*argument).to_owned());
                    format!("{argument}: {}", plain(&parts[&part]))
                })
                .collect();
            let (arguments, passed) = (arguments.join(", "), names.join(", "));
            format!("{head}fn f({arguments}) -> {output} {{ {owner}::{name}({passed}){wait} }}")
        }
    })
}

fn bound(owner: &str, name: &str, types: &str) -> String {
    // The names alone are a derive macro and the crate's own type.
    let name = match name {
        "Debug" => "std::fmt::Debug".to_owned(),
        "Error" => "std::error::Error".to_owned(),
        other => other.replace('&', "&'static "),
    };
    let types = types.replace("Self", owner);
    let bound = if types.is_empty() {
        name
    } else {
        format!("{name}<{types}>")
    };
    format!("fn f() {{ fn need<T: {bound}>() {{}} need::<{owner}>() }}")
}

/// A `match` on an enum that is not to grow.
fn closed_match(owner: &str, parts: &Parts) -> Option<String> {
    let is_closed = parts.get(&Part::Item)? == "enum" && !parts.contains_key(&Part::Open);
    let arms: Vec<String> = parts
        .iter()
        .filter_map(|(part, declared)| match part {
            Part::Variant(name) if payload(declared).is_empty() => {
                Some(format!("{owner}::{name} => {{}}"))
            }
            Part::Variant(name) => Some(format!("{owner}::{name}(_) => {{}}")),
            _ => None,
        })
        .collect();
    is_closed.then(|| format!("fn f(x: {owner}) {{ match x {{ {} }} }}", arms.join(" ")))
}

fn payload(declared: &str) -> &str {
    declared
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .unwrap_or(declared)
}
