//! Which values can be a default (Smithy's validator `DefaultTrait`).
//!
//! `@pattern` is left to Smithy: its patterns are those of Java.

use serde_json::Value;

use crate::ast::{Members, Shape, ShapeKind};
use crate::decimal::Decimal;
use crate::scalar::{BlobForm, Scalar, enum_text, expected, int_enum};
use crate::traits::{EnumValue, Traits};

/// Whether `value` can be the default of a member with these traits and this target; of the target
/// itself where there is no member. Constraints do not hold for a value that Smithy 1.0 `implied`.
pub(super) fn check(
    value: &Value,
    target: &Shape,
    member: Option<&Traits>,
    implied: bool,
) -> Result<(), String> {
    match (value, member) {
        (Value::Null, Some(_)) => return Ok(()),
        (Value::Null, None) => return Err("only the default of a member can be null".to_owned()),
        _ => {}
    }
    check_form(value, target, member)?;
    if implied {
        return Ok(());
    }
    // The constraints of the member do not replace those of its target.
    for traits in member.into_iter().chain([&target.traits]) {
        range(value, traits)?;
        length(value, &target.kind, traits)?;
    }
    Ok(())
}

/// Whether a member of a structure repeats the default of its target, or takes it back with null.
pub(super) fn repeats(of_member: Option<&Value>, of_target: &Value) -> Result<(), String> {
    let is_same = match of_member {
        Some(Value::Null) => true,
        Some(Value::Number(own)) => of_target
            .as_number()
            .is_some_and(|other| Decimal::from(own) == Decimal::from(other)),
        Some(own) => own == of_target,
        None => false,
    };
    if is_same {
        return Ok(());
    }
    Err(format!(
        "a member must repeat the default of its target, `{of_target}`, or set it to null"
    ))
}

fn check_form(value: &Value, target: &Shape, member: Option<&Traits>) -> Result<(), String> {
    match &target.kind {
        ShapeKind::Document => document(value),
        ShapeKind::Enum(members) => {
            let text = enum_text(value)?;
            listed(&EnumValue::Text(text.to_owned()), &enum_values(members))
        }
        ShapeKind::IntEnum(members) => {
            let number = int_enum(value)?;
            listed(&EnumValue::Number(number), &enum_values(members))
        }
        ShapeKind::List(_) => match value {
            Value::Array(items) if items.is_empty() => Ok(()),
            _ => Err(expected("an empty list", value)),
        },
        ShapeKind::Map { .. } => match value {
            Value::Object(entries) if entries.is_empty() => Ok(()),
            _ => Err(expected("an empty map", value)),
        },
        kind @ (ShapeKind::Structure(_)
        | ShapeKind::Union(_)
        | ShapeKind::Service(_)
        | ShapeKind::Resource(_)
        | ShapeKind::Operation(_)) => Err(format!("a {} has no default", kind.name())),
        kind => {
            let format = member.and_then(Traits::timestamp_format);
            let format = format.or_else(|| target.traits.timestamp_format());
            Scalar::read(kind, BlobForm::Base64, format, value)?;
            match (target.traits.enum_entries(), value.as_str()) {
                (Some(entries), Some(text)) => {
                    let known: Vec<&str> = entries.iter().map(|entry| &*entry.value).collect();
                    listed(&text, &known)
                }
                _ => Ok(()),
            }
        }
    }
}

/// Only what Smithy allows: true, false, a string, a number, an empty list or map.
fn document(value: &Value) -> Result<(), String> {
    match value {
        Value::Bool(_) | Value::String(_) | Value::Number(_) => Ok(()),
        Value::Array(items) if items.is_empty() => Ok(()),
        Value::Object(entries) if entries.is_empty() => Ok(()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(expected(
            "a boolean, a string, a number, or an empty list or map",
            value,
        )),
    }
}

fn enum_values(members: &Members) -> Vec<EnumValue> {
    let values = members.values();
    let values = values.filter_map(|member| member.traits.enum_value().cloned());
    values.collect()
}

fn listed<T: PartialEq + std::fmt::Display>(value: &T, known: &[T]) -> Result<(), String> {
    if known.contains(value) {
        return Ok(());
    }
    let known: Vec<String> = known.iter().map(|known| format!("`{known}`")).collect();
    let known = known.join(", ");
    Err(format!(
        "`{value}` is not a value of the enum; its values are {known}"
    ))
}

/// `@range`, which a zero may ignore: Smithy 1.0 gave one to every number.
fn range(value: &Value, traits: &Traits) -> Result<(), String> {
    let Some(range) = traits.range() else {
        return Ok(());
    };
    let [min, max] = [&range.min, &range.max].map(|bound| bound.as_ref().map(Decimal::from));
    let is_within = match value {
        Value::Number(number) => {
            let number = Decimal::from(number);
            let fits = |bound: Option<Decimal>, is_right: fn(&Decimal, &Decimal) -> bool| {
                bound.is_none_or(|bound| is_right(&number, &bound))
            };
            number.is_zero()
                || (fits(min, |number, min| number >= min)
                    && fits(max, |number, max| number <= max))
        }
        Value::String(text) => match text.as_str() {
            "Infinity" => max.is_none(),
            "-Infinity" => min.is_none(),
            _ => false,
        },
        _ => true,
    };
    if is_within {
        return Ok(());
    }
    Err(format!("`{value}` is not within the `range` trait"))
}

/// `@length`. Smithy counts the base64 text of a blob; the bytes that it stands for will do as well.
fn length(value: &Value, kind: &ShapeKind, traits: &Traits) -> Result<(), String> {
    let has_length = value.is_string() || value.is_array() || value.is_object();
    let Some(length) = traits.length().filter(|_| has_length) else {
        return Ok(());
    };
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let text = value.as_str().unwrap_or_default();
    let most = count(text.chars().count());
    let least = match kind {
        // Four characters for three bytes, and two or three for the rest.
        ShapeKind::Blob => {
            let bytes = text.trim_end_matches('=').len() * 3 / 4;
            count(bytes)
        }
        _ => most,
    };
    let is_short = length.min.is_some_and(|min| most < min);
    let is_long = length.max.is_some_and(|max| least > max);
    if is_short || is_long {
        return Err(format!("`{value}` is not within the `length` trait"));
    }
    Ok(())
}
