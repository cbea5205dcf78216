//! A model as normalized Smithy 2.0 JSON AST.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::ast::{
    Member, Members, Model, Operation, Resource, Service, Shape, ShapeId, ShapeKind, UNIT,
};
use crate::traits::Traits;

/// The namespace of Smithy's prelude, which every model has and none repeats.
const PRELUDE: &str = "smithy.api";

/// Writes the model, without the prelude, as Smithy's own serializer does: shapes and traits are
/// sorted by id, members keep their order, what is empty is left out (but for the members of
/// structures, unions and enums), an operation without input or output targets `smithy.api#Unit`.
pub fn serialize(model: &Model) -> Value {
    let mut root = Map::new();
    root.insert("smithy".to_owned(), Value::from("2.0"));
    if !model.metadata.is_empty() {
        root.insert("metadata".to_owned(), object(&model.metadata, Value::clone));
    }
    let shapes = model
        .shapes
        .iter()
        .filter(|(id, _)| id.namespace() != PRELUDE)
        .map(|(id, shape)| (id.to_string(), serialize_shape(shape)));
    root.insert("shapes".to_owned(), Value::Object(shapes.collect()));
    Value::Object(root)
}

fn serialize_shape(shape: &Shape) -> Value {
    let mut out = Map::new();
    out.insert("type".to_owned(), Value::from(shape.kind.name()));
    match &shape.kind {
        ShapeKind::Blob
        | ShapeKind::Boolean
        | ShapeKind::String
        | ShapeKind::Byte
        | ShapeKind::Short
        | ShapeKind::Integer
        | ShapeKind::Long
        | ShapeKind::Float
        | ShapeKind::Double
        | ShapeKind::BigInteger
        | ShapeKind::BigDecimal
        | ShapeKind::Timestamp
        | ShapeKind::Document => {}
        ShapeKind::List(member) => put(&mut out, "member", Some(serialize_member(member))),
        ShapeKind::Map { key, value } => {
            put(&mut out, "key", Some(serialize_member(key)));
            put(&mut out, "value", Some(serialize_member(value)));
        }
        ShapeKind::Enum(members)
        | ShapeKind::IntEnum(members)
        | ShapeKind::Structure(members)
        | ShapeKind::Union(members) => put(&mut out, "members", Some(serialize_members(members))),
        ShapeKind::Service(service) => serialize_service(&mut out, service),
        ShapeKind::Resource(resource) => serialize_resource(&mut out, resource),
        ShapeKind::Operation(operation) => serialize_operation(&mut out, operation),
    }
    put(&mut out, "traits", serialize_traits(&shape.traits));
    Value::Object(out)
}

fn serialize_members(members: &Members) -> Value {
    let members = members
        .iter()
        .map(|(name, member)| (name.clone(), serialize_member(member)));
    Value::Object(members.collect())
}

fn serialize_member(member: &Member) -> Value {
    let mut out = Map::new();
    out.insert("target".to_owned(), Value::from(member.target.as_str()));
    put(&mut out, "traits", serialize_traits(&member.traits));
    Value::Object(out)
}

fn serialize_traits(traits: &Traits) -> Option<Value> {
    let traits = traits.json();
    (!traits.is_empty()).then(|| object(traits, Value::clone))
}

fn serialize_service(out: &mut Map<String, Value>, service: &Service) {
    put(out, "version", service.version.as_deref().map(Value::from));
    put(out, "operations", references(&service.operations));
    put(out, "resources", references(&service.resources));
    put(out, "errors", references(&service.errors));
    if !service.rename.is_empty() {
        put(
            out,
            "rename",
            Some(object(&service.rename, |name| Value::from(name.as_str()))),
        );
    }
}

fn serialize_resource(out: &mut Map<String, Value>, resource: &Resource) {
    put(out, "identifiers", named_references(&resource.identifiers));
    put(out, "properties", named_references(&resource.properties));
    for (name, operation) in &resource.lifecycle {
        put(out, name, Some(reference(operation)));
    }
    put(out, "operations", references(&resource.operations));
    put(
        out,
        "collectionOperations",
        references(&resource.collection_operations),
    );
    put(out, "resources", references(&resource.resources));
}

fn serialize_operation(out: &mut Map<String, Value>, operation: &Operation) {
    for (key, target) in [("input", &operation.input), ("output", &operation.output)] {
        let target = target.as_ref().map_or(UNIT, ShapeId::as_str);
        put(out, key, Some(reference_to(target)));
    }
    put(out, "errors", references(&operation.errors));
}

fn put(out: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    out.extend(value.map(|value| (key.to_owned(), value)));
}

fn object<'a, K, V>(
    entries: impl IntoIterator<Item = (&'a K, &'a V)>,
    value: impl Fn(&V) -> Value,
) -> Value
where
    K: ToString + 'a,
    V: 'a,
{
    let entries = entries
        .into_iter()
        .map(|(key, entry)| (key.to_string(), value(entry)));
    Value::Object(entries.collect())
}

fn reference(target: &ShapeId) -> Value {
    reference_to(target.as_str())
}

fn reference_to(target: &str) -> Value {
    Value::Object(
        [("target".to_owned(), Value::from(target))]
            .into_iter()
            .collect(),
    )
}

fn references(targets: &[ShapeId]) -> Option<Value> {
    (!targets.is_empty()).then(|| Value::Array(targets.iter().map(reference).collect()))
}

fn named_references(targets: &IndexMap<String, ShapeId>) -> Option<Value> {
    (!targets.is_empty()).then(|| object(targets, reference))
}
