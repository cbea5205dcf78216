//! The constraints of a member, from its traits and those of its target.

use crate::ir::{Bounds, Constraints, Elements, Limits};
use tinsmith_smithy::ast::{Member, Model, ShapeKind};
use tinsmith_smithy::traits::{DefaultValue, Traits};

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

/// The text of a default that is not a zero: Smithy 1.0 gave one to every number and flag, so that it
/// says no more than the type.
fn default(value: &DefaultValue) -> Option<String> {
    (!value.literal.is_zero()).then(|| value.text.clone())
}
