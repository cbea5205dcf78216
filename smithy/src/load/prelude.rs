//! The shapes of Smithy's prelude that models target (Smithy specification, "Prelude shapes").
//!
//! The prelude also defines every trait as a shape; those are left out, no model targets them. Some
//! tools write the prelude and the definitions of AWS's traits into each model (`smithy ast
//! --include-prelude`): these are skipped, since what is built in is what the generator knows.

use serde_json::{Map, Value};

use super::draft::{Draft, DraftKind, Drafts, Version};
use crate::ast::ShapeId;
use crate::traits::id;

/// The namespace that the prelude fills and nobody may add to.
pub(super) const NAMESPACE: &str = "smithy.api";

/// Shape name and kind.
const SHAPES: [(&str, &str); 14] = [
    ("String", "string"),
    ("Blob", "blob"),
    ("BigInteger", "bigInteger"),
    ("BigDecimal", "bigDecimal"),
    ("Timestamp", "timestamp"),
    ("Document", "document"),
    ("Boolean", "boolean"),
    ("Byte", "byte"),
    ("Short", "short"),
    ("Integer", "integer"),
    ("Long", "long"),
    ("Float", "float"),
    ("Double", "double"),
    ("Unit", "structure"),
];

/// The kinds that also have a shape `Primitive...`, whose default is the zero value.
const PRIMITIVES: [&str; 7] = [
    "Boolean", "Byte", "Short", "Integer", "Long", "Float", "Double",
];

/// Whether a namespace belongs to Smithy or to AWS's traits, such as `aws.auth`. Smithy's examples
/// and tests do not: those of `smithy.example` and `aws.protocoltests.json` are models as any other.
pub(super) fn is_reserved(namespace: &str) -> bool {
    matches!(
        namespace.split_once('.'),
        Some(("aws" | "smithy", rest)) if !rest.contains('.') && rest != "example"
    )
}

/// Whether an entry of `shapes` repeats what is built in: a shape of the prelude, or the definition
/// of a trait in a reserved namespace. Other shapes there, such as
/// `smithy.framework#ValidationException`, are part of services.
pub(crate) fn is_built_in(shape_id: &ShapeId, shape: &Map<String, Value>) -> bool {
    let namespace = shape_id.namespace();
    let defines_trait = || shape.get("traits").and_then(|traits| traits.get(id::TRAIT));
    namespace == NAMESPACE || (is_reserved(namespace) && defines_trait().is_some())
}

/// The prelude's shapes.
pub(super) fn shapes() -> Drafts {
    let mut drafts = Drafts::new();
    for (name, kind) in SHAPES {
        let kind = DraftKind::simple(kind).unwrap_or(DraftKind::Structure);
        let mut draft = Draft::new(kind, Version::V2, None);
        if PRIMITIVES.contains(&name) {
            let mut primitive = draft.clone();
            let zero = primitive.kind.zero();
            primitive
                .traits
                .extend(zero.map(|zero| (id::DEFAULT.to_owned(), zero)));
            insert(&mut drafts, &format!("Primitive{name}"), primitive);
        }
        if name == "Unit" {
            let annotation = Value::Object(Map::new());
            draft.traits.insert(id::UNIT_TYPE.to_owned(), annotation);
        }
        insert(&mut drafts, name, draft);
    }
    drafts
}

/// The id of the prelude's string.
pub(super) fn string() -> ShapeId {
    ShapeId::of_prelude("String")
}

fn insert(drafts: &mut Drafts, name: &str, draft: Draft) {
    drafts.insert(ShapeId::of_prelude(name), draft);
}
