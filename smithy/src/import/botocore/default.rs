//! Which numbers and booleans have a default.
//!
//! A Smithy model tells a number that is zero when absent (`@default(0)`) from one that may be
//! absent. botocore has `box` for the second kind, but has lost it from most models: a shape
//! without `box` may be either. A default where there is none is worse than none where there is
//! one: it hides absence, and a zero sent for "leave as it is" changes the resource. So a default
//! needs proof.
//!
//! The proof is a twin: a model that has `NullableBooleanType` beside `BooleanType`, or
//! `BoxedInteger` beside `Integer`, tells the two kinds apart itself, and the plain one is the
//! one with the default. Among the 642 members in question of the eleven services whose Smithy
//! model was compared (KMS, DynamoDB, SQS and others), 287 have a default; this finds 99 of them,
//! those of KMS all, and never one too many.

use serde_json::{Value, json};

use super::super::json::{flag, text};
use super::Importer;

impl Importer<'_> {
    /// The default of the shape `name`: zero or false, when there is proof that it has one.
    pub(super) fn default_of(&self, name: &str) -> Option<Value> {
        let shape = self.shapes.get(name)?.as_object()?;
        let kind = text(shape, "type")?;
        let zero = match kind {
            "boolean" => json!(false),
            "double" | "float" | "integer" | "long" => json!(0),
            _ => return None,
        };
        let twins = [
            format!("Nullable{name}"),
            format!("Boxed{name}"),
            format!("{name}Object"),
        ];
        let has_twin = twins.iter().any(|twin| {
            let twin = self
                .shapes
                .get(twin.as_str())
                .and_then(|twin| twin.get("type"));
            twin.and_then(Value::as_str) == Some(kind)
        });
        (has_twin && !flag(shape, "box")).then_some(zero)
    }

    /// The default of a member of a structure: that of its shape, or null to take it away from a
    /// boxed member.
    pub(super) fn default_of_member(&self, member: &Value) -> Option<Value> {
        let member = member.as_object()?;
        let default = self.default_of(text(member, "shape")?)?;
        Some(if flag(member, "box") {
            Value::Null
        } else {
            default
        })
    }
}
