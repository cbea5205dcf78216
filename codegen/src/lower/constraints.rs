//! The constraints of a member, from its traits and those of its target.

use serde_json::Value;

use crate::ir::{Bounds, Constraints, Elements, Limits};
use tinsmith_smithy::ast::{Member, Model, ShapeKind};
use tinsmith_smithy::traits::Traits;

/// The constraints of a value of `member`.
pub(super) fn of(member: &Member, model: &Model) -> Constraints {
    let target = model.shapes.get(&member.target);
    Constraints {
        value: limits(member, model),
        elements: match target.map(|shape| &shape.kind) {
            Some(ShapeKind::List(item)) => Elements::Items(limits(item, model)),
            Some(ShapeKind::Map { key, value }) => {
                Elements::Entries(limits(key, model), limits(value, model))
            }
            _ => Elements::None,
        },
        default: member.traits.default_value().and_then(default),
    }
}

/// The traits of the member stand before those of its target.
fn limits(member: &Member, model: &Model) -> Limits {
    let own = &member.traits;
    let target = model.shapes.get(&member.target).map(|shape| &shape.traits);
    let length = own.length().or_else(|| target?.length());
    let range = own.range().or_else(|| target?.range());
    let pattern = own.pattern().or_else(|| target?.pattern());
    Limits {
        length: length.map_or_else(Bounds::default, |length| Bounds {
            min: length.min,
            max: length.max,
        }),
        range: range.map_or_else(Bounds::default, |range| Bounds {
            min: range.min.as_ref().map(ToString::to_string),
            max: range.max.as_ref().map(ToString::to_string),
        }),
        pattern: pattern.map(str::to_owned),
        unique_items: target.is_some_and(Traits::unique_items),
    }
}

/// The text of a default that is not a zero.
fn default(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::Number(number) if number.as_f64() == Some(0.0) => None,
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Array(items) if items.is_empty() => None,
        Value::Object(entries) if entries.is_empty() => None,
        Value::Bool(true) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Some(value.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keeps_defaults_and_leaves_out_zeros() {
        for (value, expected) in [
            (json!("tin"), "tin"),
            (json!(true), "true"),
            (json!(-8), "-8"),
            (json!(0.75), "0.75"),
            (json!(6_400_000_000_i64), "6400000000"),
        ] {
            assert_eq!(default(&value).as_deref(), Some(expected));
        }
        for zero in [json!(null), json!(false), json!(0), json!(0.0)] {
            assert_eq!(default(&zero), None);
        }
        for empty in [json!(""), json!([]), json!({})] {
            assert_eq!(default(&empty), None);
        }
    }
}
