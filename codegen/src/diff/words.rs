//! The words of the reports.

use std::collections::BTreeMap;

use crate::ir::{Field, Presence, Type};
use crate::text::code;

/// The type in Smithy's words.
pub(super) fn ty(ty: &Type) -> String {
    let plain = match ty {
        Type::Boolean => "boolean",
        Type::Byte => "byte",
        Type::Short => "short",
        Type::Integer => "integer",
        Type::Long => "long",
        Type::Float => "float",
        Type::Double => "double",
        Type::BigInteger => "bigInteger",
        Type::BigDecimal => "bigDecimal",
        Type::String => "string",
        Type::Blob => "blob",
        Type::Document => "document",
        Type::Unit => "unit",
        Type::Timestamp(format) => return format!("timestamp ({format:?})"),
        Type::Enum(name) | Type::IntEnum(name) | Type::Structure(name) | Type::Union(name) => {
            return format!("`{name}`");
        }
        Type::List { item, sparse } => {
            return format!("{}list of {}", sparse_word(*sparse), self::ty(item));
        }
        Type::Map { key, value, sparse } => {
            return format!(
                "{}map of {} to {}",
                sparse_word(*sparse),
                self::ty(key),
                self::ty(value)
            );
        }
        Type::Boxed(inner) => return format!("boxed {}", self::ty(inner)),
        Type::Sensitive(inner) => return format!("sensitive {}", self::ty(inner)),
    };
    plain.to_owned()
}

fn sparse_word(sparse: bool) -> &'static str {
    if sparse { "sparse " } else { "" }
}

/// `required`, `optional` or its default.
pub(super) fn presence(field: &Field) -> String {
    match &field.presence {
        Presence::Required => "required".to_owned(),
        Presence::Optional => "optional".to_owned(),
        Presence::Default(_) => match &field.constraints.default {
            Some(default) => format!("default {}", code(default)),
            None => "default zero".to_owned(),
        },
    }
}

/// `a, b and c`, in code.
pub(super) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// What stayed, went and came of a list of members.
pub(super) type Paired<'a, T> = (Vec<(&'a T, &'a T)>, Vec<&'a T>, Vec<&'a T>);

/// Pairs members by the name on the wire, and what is left by the name in Rust. `key` gives both.
pub(super) fn paired<'a, T>(
    old: &'a [T],
    new: &'a [T],
    key: impl Fn(&T) -> (String, String),
) -> Paired<'a, T> {
    let by_wire =
        |list: &'a [T]| -> BTreeMap<String, &'a T> { list.iter().map(|x| (key(x).0, x)).collect() };
    let (before, after) = (by_wire(old), by_wire(new));
    let free = new.iter().filter(|x| !before.contains_key(&key(x).0));
    let mut free: BTreeMap<String, &T> = free.map(|x| (key(x).1, x)).collect();
    let mut kept = Vec::new();
    let mut gone = Vec::new();
    for was in old {
        let (wire, name) = key(was);
        match after.get(&wire).copied().or_else(|| free.remove(&name)) {
            Some(is) => kept.push((was, is)),
            None => gone.push(was),
        }
    }
    let is_free = |x: &&T| free.contains_key(&key(x).1) && !before.contains_key(&key(x).0);
    let came = new.iter().filter(is_free).collect();
    (kept, gone, came)
}

/// Something of one service, of the other, or of both.
pub(super) enum Pair<'a, T> {
    Kept(&'a T, &'a T),
    Gone(&'a T),
    Came(&'a T),
}

/// Pairs things by their names, in order.
pub(super) fn by_name<'a, T>(
    old: &'a [T],
    new: &'a [T],
    name: impl Fn(&'a T) -> &'a str,
) -> BTreeMap<&'a str, Pair<'a, T>> {
    let mut pairs: BTreeMap<&str, Pair<'_, T>> = old
        .iter()
        .map(|thing| (name(thing), Pair::Gone(thing)))
        .collect();
    for is in new {
        let pair = match pairs.remove(name(is)) {
            Some(Pair::Gone(was)) => Pair::Kept(was, is),
            _ => Pair::Came(is),
        };
        pairs.insert(name(is), pair);
    }
    pairs
}
