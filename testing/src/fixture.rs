//! Small models, written without what is the same in all of them.

use serde_json::{Map, Value, json};

/// Smithy's own shapes that fixtures may name without a namespace.
const PRELUDE: &[&str] = &[
    "BigDecimal",
    "BigInteger",
    "Blob",
    "Boolean",
    "Byte",
    "Document",
    "Double",
    "Float",
    "Integer",
    "Long",
    "Short",
    "String",
    "Timestamp",
    "Unit",
];

/// The text of a model with `shapes`, in the namespace `a`, and the service `Service` with every
/// operation among them.
///
/// Names of shapes and traits may stand without their namespace: a target is Smithy's own if there
/// is one, a trait always.
pub fn model(shapes: Value) -> String {
    let Value::Object(shapes) = shapes else {
        panic!("{shapes}");
    };
    let is_operation = |shape: &Value| shape["type"] == "operation";
    let operations = shapes.iter().filter(|(_, shape)| is_operation(shape));
    let operations: Vec<Value> = operations
        .map(|(name, _)| json!({"target": name}))
        .collect();
    let mut all = Map::new();
    let has_service = shapes.values().any(|shape| shape["type"] == "service");
    if !has_service {
        let service = json!({
            "type": "service",
            "version": "2026-01-01",
            "operations": operations,
            "traits": {"aws.protocols#awsJson1_1": {}, "aws.api#service": {"sdkId": "Fixture"}},
        });
        all.insert("a#Service".to_owned(), shape(service));
    }
    for (name, value) in shapes {
        all.insert(qualified(&name), shape(value));
    }
    serde_json::to_string_pretty(&json!({"smithy": "2.0", "shapes": all})).unwrap()
}

/// A model with one operation, `Do`, whose input and output have these members.
pub fn echo(members: Value, mut shapes: Value) -> String {
    let own = shapes.as_object_mut().unwrap();
    let structure = json!({"type": "structure", "members": members});
    own.insert("DoInput".to_owned(), structure.clone());
    own.insert("DoOutput".to_owned(), structure);
    let (input, output) = (json!({"target": "DoInput"}), json!({"target": "DoOutput"}));
    let operation = json!({"type": "operation", "input": input, "output": output});
    own.insert("Do".to_owned(), operation);
    model(shapes)
}

fn qualified(name: &str) -> String {
    match name {
        name if name.contains('#') => name.to_owned(),
        name if PRELUDE.contains(&name) => format!("smithy.api#{name}"),
        name => format!("a#{name}"),
    }
}

/// Spells the names out, in a shape or a part of one.
fn shape(value: Value) -> Value {
    match value {
        Value::Object(object) => Value::Object(
            object
                .into_iter()
                .map(|(key, value)| match key.as_str() {
                    "target" => (key, Value::String(qualified(value.as_str().unwrap()))),
                    "traits" => (key, traits(value)),
                    _ => (key, shape(value)),
                })
                .collect(),
        ),
        Value::Array(items) => items.into_iter().map(shape).collect(),
        other => other,
    }
}

fn traits(value: Value) -> Value {
    let Value::Object(object) = value else {
        return value;
    };
    let qualified = |(name, value): (String, Value)| match name.contains('#') {
        true => (name, value),
        false => (format!("smithy.api#{name}"), value),
    };
    object.into_iter().map(qualified).collect()
}
