//! What a model says a value must be like, as one line of documentation.

use serde_json::Value;

use crate::text::code;
use tinsmith_smithy::ast::{Member, Model, Shape, ShapeKind};
use tinsmith_smithy::traits::TraitsExt;

/// `Constraints: 1 to 256 characters, pattern ...`; `None` when there are none.
///
/// The traits of the member stand before those of its target, then comes what holds for each element
/// of a list or map, and last the value that stands for none. The service enforces them, not the client: they change more often than
/// clients are built.
pub(super) fn line(member: &Member, model: &Model) -> Option<String> {
    let mut parts = of(member, model);
    match model.shapes.get(&member.target).map(|shape| &shape.kind) {
        Some(ShapeKind::List(item)) => parts.extend(each("each", item, model)),
        Some(ShapeKind::Map { key, value }) => {
            parts.extend(each("each key", key, model));
            parts.extend(each("each value", value, model));
        }
        _ => {}
    }
    parts.extend(member.traits.default_value().and_then(default));
    if parts.is_empty() {
        return None;
    }
    Some(format!("Constraints: {}.", parts.join(", ")))
}

/// What holds for the elements of a list or map.
fn each(which: &str, member: &Member, model: &Model) -> Option<String> {
    let parts = of(member, model);
    (!parts.is_empty()).then(|| format!("{which} {}", parts.join(", ")))
}

/// What holds for a value itself.
fn of(member: &Member, model: &Model) -> Vec<String> {
    let target = model.shapes.get(&member.target);
    let of_target = target.map(|shape| &shape.traits);
    let length = member
        .traits
        .length()
        .or_else(|| of_target.and_then(|traits| traits.length()));
    let range = TraitsExt::range(&member.traits).or_else(|| of_target.and_then(TraitsExt::range));
    let pattern = member
        .traits
        .pattern()
        .or_else(|| of_target.and_then(|traits| traits.pattern()));
    let unique = of_target.is_some_and(|traits| traits.unique_items());
    let mut parts = Vec::new();
    if let Some(length) = length {
        parts.extend(span(
            length.min.map(|min| min.to_string()),
            length.max.map(|max| max.to_string()),
            unit(target),
        ));
    }
    if let Some(range) = range {
        let text = |number: Option<&serde_json::Number>| number.map(ToString::to_string);
        parts.extend(span(text(range.min), text(range.max), ""));
    }
    if let Some(pattern) = pattern {
        parts.push(format!("pattern {}", code(pattern)));
    }
    if unique {
        parts.push("no item twice".to_owned());
    }
    parts
}

/// What is meant when nothing is said. A zero is left out: Smithy 1.0 gave one to every number and
/// flag, so that it says no more than the type.
fn default(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null | Value::Bool(false) => return None,
        Value::Number(number) if number.as_f64() == Some(0.0) => return None,
        Value::String(text) if text.is_empty() => return None,
        Value::Array(items) if items.is_empty() => return None,
        Value::Object(entries) if entries.is_empty() => return None,
        Value::String(text) => code(text),
        Value::Bool(true) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            code(&value.to_string())
        }
    };
    Some(format!("default {text}"))
}

/// What a length counts.
fn unit(target: Option<&Shape>) -> &'static str {
    match target.map(|shape| &shape.kind) {
        Some(ShapeKind::Blob) => " bytes",
        Some(ShapeKind::List(_)) => " items",
        Some(ShapeKind::Map { .. }) => " entries",
        _ => " characters",
    }
}

fn span(min: Option<String>, max: Option<String>, unit: &str) -> Option<String> {
    match (min, max) {
        (Some(min), Some(max)) if min == max => Some(format!("exactly {min}{unit}")),
        (Some(min), Some(max)) => Some(format!("{min} to {max}{unit}")),
        (Some(min), None) => Some(format!("at least {min}{unit}")),
        (None, Some(max)) => Some(format!("at most {max}{unit}")),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn spans() {
        let text = |n: u32| Some(n.to_string());
        assert_eq!(
            span(text(1), text(5), " items").as_deref(),
            Some("1 to 5 items")
        );
        assert_eq!(span(text(3), text(3), "").as_deref(), Some("exactly 3"));
        assert_eq!(
            span(None, text(3), " bytes").as_deref(),
            Some("at most 3 bytes")
        );
    }

    #[test]
    fn defaults_are_code_and_zeros_say_nothing() {
        let text = |value: serde_json::Value| default(&value);
        for (value, expected) in [
            (json!("tin"), "default `tin`"),
            (json!(true), "default `true`"),
            (json!(-8), "default `-8`"),
            (json!(0.75), "default `0.75`"),
            (json!(6_400_000_000_i64), "default `6400000000`"),
        ] {
            assert_eq!(text(value).as_deref(), Some(expected));
        }
        for zero in [json!(null), json!(false), json!(0), json!(0.0)] {
            assert_eq!(text(zero), None);
        }
        for empty in [json!(""), json!([]), json!({})] {
            assert_eq!(text(empty), None);
        }
    }
}
