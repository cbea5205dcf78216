//! Constraints in words, for the documentation of a member.

use std::fmt::Display;

use crate::ir::{Bounds, Constraints, Elements, Limits, Type};
use crate::text::code;

use super::WIDTH;

/// `1 to 256 characters, pattern ...`; empty if there are none. What holds for the value itself
/// stands before what holds for its elements, and the default stands last.
pub(crate) fn in_words(ty: &Type, constraints: &Constraints) -> String {
    let ty = ty.innermost();
    let mut parts = limits(ty, &constraints.value);
    match (&constraints.elements, ty) {
        (Elements::Items(items), Type::List { item, .. }) => {
            parts.extend(each("each", item, items));
        }
        (Elements::Entries(keys, values), Type::Map { key, value, .. }) => {
            parts.extend(each("each key", key, keys));
            parts.extend(each("each value", value, values));
        }
        _ => {}
    }
    let default = constraints.default.iter();
    parts.extend(default.map(|default| format!("default {}", code(default))));
    parts.join(", ")
}

fn each(which: &str, ty: &Type, constraints: &Limits) -> Option<String> {
    let parts = limits(ty.innermost(), constraints);
    (!parts.is_empty()).then(|| format!("{which} {}", parts.join(", ")))
}

fn limits(ty: &Type, limits: &Limits) -> Vec<String> {
    let unit = match ty {
        Type::Blob => " bytes",
        Type::List { .. } => " items",
        Type::Map { .. } => " entries",
        _ => " characters",
    };
    let pattern = limits.pattern.as_ref();
    [
        span(&limits.length, unit),
        span(&limits.range, ""),
        pattern.map(|pattern| format!("pattern {}", code(pattern))),
        limits.unique_items.then(|| "unique items".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn span<T: Display + PartialEq>(bounds: &Bounds<T>, unit: &str) -> Option<String> {
    match (&bounds.min, &bounds.max) {
        (Some(min), Some(max)) if min == max => Some(format!("exactly {min}{unit}")),
        (Some(min), Some(max)) => Some(format!("{min} to {max}{unit}")),
        (Some(min), None) => Some(format!("at least {min}{unit}")),
        (None, Some(max)) => Some(format!("at most {max}{unit}")),
        (None, None) => None,
    }
}

/// Adds the constraints to documentation: to the last paragraph if it is plain text, else as one of
/// their own. The line is never broken.
pub(super) fn add(lines: &mut Vec<String>, ty: &Type, constraints: &Constraints) {
    let words = in_words(ty, constraints);
    if words.is_empty() {
        return;
    }
    let line = format!("Constraints: {words}.");
    // After the last blank line of a code block, code looks like a paragraph.
    if lines.iter().any(|line| line.contains("```")) {
        return paragraph(lines, line);
    }
    let start = lines
        .iter()
        .rposition(String::is_empty)
        .map_or(0, |blank| blank + 1);
    let first = lines.get(start).and_then(|line| line.chars().next());
    if first.is_some_and(|c| c.is_alphabetic() || "`[\"(".contains(c)) {
        match lines.last_mut() {
            Some(last) if last.chars().count() + 1 + line.chars().count() <= WIDTH => {
                last.push(' ');
                last.push_str(&line);
            }
            _ => lines.push(line),
        }
    } else {
        paragraph(lines, line);
    }
}

/// Adds a paragraph of one line.
pub(super) fn paragraph(lines: &mut Vec<String>, line: String) {
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_spans_in_words() {
        let text = |min, max, unit| span(&Bounds { min, max }, unit);
        let expected = Some("1 to 5 items");
        assert_eq!(text(Some(1), Some(5), " items").as_deref(), expected);
        assert_eq!(text(Some(3), Some(3), "").as_deref(), Some("exactly 3"));
        let expected = Some("at most 3 bytes");
        assert_eq!(text(None, Some(3), " bytes").as_deref(), expected);
        assert_eq!(text(None, None, ""), None);
    }

    #[test]
    fn writes_all_constraints_of_a_list() {
        let ty = Type::List {
            item: Box::new(Type::Sensitive(Box::new(Type::Blob))),
            sparse: false,
        };
        let length = |max| Limits {
            length: Bounds {
                min: None,
                max: Some(max),
            },
            ..Limits::default()
        };
        let constraints = Constraints {
            value: Limits {
                unique_items: true,
                ..length(9)
            },
            elements: Elements::Items(length(5)),
            default: Some("tin".to_owned()),
        };
        assert_eq!(
            in_words(&Type::Sensitive(Box::new(ty)), &constraints),
            "at most 9 items, unique items, each at most 5 bytes, default `tin`"
        );
    }
}
