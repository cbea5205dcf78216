//! Which values can be a default (Smithy's validator `DefaultTrait`).
//!
//! `@pattern` is left to Smithy: its patterns are those of Java.

use serde_json::Value;

use crate::ast::{Shape, ShapeKind};
use crate::decimal::Decimal;
use crate::default_value;
use crate::default_value::Literal;
use crate::traits::{DefaultValue, EnumValue, Traits};

/// Reads `value` as the default of a member with these traits and this target, or of the target itself
/// where there is no member; `None` for the null of a member. Constraints do not apply to a value that
/// Smithy 1.0 `implied`.
pub(super) fn check(
    value: &Value,
    target: &Shape,
    member: Option<&Traits>,
    implied: bool,
) -> Result<Option<DefaultValue>, String> {
    match (value, member) {
        (Value::Null, Some(_)) => return Ok(None),
        (Value::Null, None) => return Err("only the default of a member can be null".to_owned()),
        _ => {}
    }
    let format = member.and_then(Traits::timestamp_format);
    let format = format.or_else(|| target.traits.timestamp_format());
    let literal = default_value::read(&target.kind, format, value)?;
    listed(value, target)?;
    if !implied {
        // The constraints of the member do not replace those of its target.
        for traits in member.into_iter().chain([&target.traits]) {
            range(value, traits)?;
            length(value, &literal, traits)?;
        }
    }
    let text = value.as_str().map(str::to_owned);
    Ok(Some(DefaultValue {
        literal,
        text: text.unwrap_or_else(|| value.to_string()),
    }))
}

/// Whether a member of a structure repeats the default of its target, or takes it back with null.
pub(super) fn repeats(of_member: Option<&Value>, of_target: &Value) -> Result<(), String> {
    let is_same = match of_member {
        Some(Value::Null) => true,
        Some(own) => is_same(own, of_target),
        None => false,
    };
    if is_same {
        return Ok(());
    }
    Err(format!(
        "a member must repeat the default of its target, `{of_target}`, or set it to null"
    ))
}

/// Whether the value is one of an enum's.
fn listed(value: &Value, target: &Shape) -> Result<(), String> {
    let known: Vec<Value> = match &target.kind {
        ShapeKind::Enum(members) | ShapeKind::IntEnum(members) => {
            let values = members.values();
            let values = values.filter_map(|member| member.traits.enum_value());
            let json = |value: &EnumValue| match value {
                EnumValue::Text(text) => Value::from(text.as_str()),
                EnumValue::Number(number) => Value::from(*number),
            };
            values.map(json).collect()
        }
        _ => match target.traits.enum_entries() {
            Some(entries) => {
                let entries = entries.iter();
                entries
                    .map(|entry| Value::from(entry.value.as_str()))
                    .collect()
            }
            None => return Ok(()),
        },
    };
    if known.iter().any(|known| is_same(known, value)) {
        return Ok(());
    }
    let quoted = |value: &Value| match value {
        Value::String(text) => format!("`{text}`"),
        value => format!("`{value}`"),
    };
    let known: Vec<String> = known.iter().map(quoted).collect();
    Err(format!(
        "{} is not a value of the enum; its values are {}",
        quoted(value),
        known.join(", ")
    ))
}

/// Whether two values are equal, numbers by their value.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => Decimal::from(one) == Decimal::from(other),
        _ => one == other,
    }
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
fn length(value: &Value, literal: &Literal, traits: &Traits) -> Result<(), String> {
    let has_length = value.is_string() || value.is_array() || value.is_object();
    let Some(length) = traits.length().filter(|_| has_length) else {
        return Ok(());
    };
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let text = value.as_str().unwrap_or_default();
    let (least, most) = match literal {
        Literal::Bytes(bytes) => (count(bytes.len()), count(text.len())),
        _ => {
            let length = count(text.chars().count());
            (length, length)
        }
    };
    let is_short = length.min.is_some_and(|min| most < min);
    let is_long = length.max.is_some_and(|max| least > max);
    if is_short || is_long {
        return Err(format!("`{value}` is not within the `length` trait"));
    }
    Ok(())
}
