//! The one form of a committed model: facts without prose, in an order that does not depend on
//! the source.

use serde_json::{Map, Value, json};

use crate::ast::ShapeId;
use crate::load::is_built_in;

/// Traits that no generator of clients reads, or that are prose. A name that ends with `#` or
/// with `xml` represents all traits that start with it.
///
/// XML and IAM have no part in a JSON client; suppressions and smoke tests speak to AWS's own
/// tools.
const DROPPED_TRAITS: &[&str] = &[
    "aws.cloudformation#",
    "aws.iam#",
    "smithy.api#documentation",
    "smithy.api#suppress",
    "smithy.api#xml",
    "smithy.test#smokeTests",
];

/// Metadata for the validators of AWS's own tools.
const DROPPED_METADATA: &[&str] = &["severityOverrides", "suppressions", "validators"];

/// Lists of a shape whose order means nothing.
const SETS: &[&str] = &["collectionOperations", "errors", "operations", "resources"];

/// The model without prose and in a fixed order: members in the order of the model, everything
/// else sorted (shapes and traits by name, errors and operations by target).
///
/// Prose is AWS's sentences: documentation wherever a trait holds it, messages of deprecations,
/// reasons of recommendations, titles of examples. Names, links and values are facts and stay; an
/// example's title becomes empty, because Smithy demands one. An `apply` statement left without
/// traits goes, and so do Smithy's prelude and its definitions of traits. Anything that is not a JSON AST comes back sorted.
pub fn normalize(model: Value) -> Value {
    let Value::Object(mut model) = model else {
        return model;
    };
    let mut normal = Map::new();
    if let Some(version) = model.shift_remove("smithy") {
        normal.insert("smithy".to_owned(), version);
    }
    if let Some(Value::Object(metadata)) = model.get_mut("metadata") {
        metadata.retain(|key, _| !DROPPED_METADATA.contains(&key.as_str()));
        if metadata.is_empty() {
            model.shift_remove("metadata");
        }
    }
    if let Some(Value::Object(shapes)) = model.get_mut("shapes") {
        for (_, shape) in shapes.iter_mut() {
            *shape = normal_shape(shape.take());
        }
        shapes.retain(|id, shape| is_kept(id, shape));
        shapes.sort_keys();
    }
    model.sort_keys();
    for (key, value) in model {
        let value = if key == "shapes" {
            value
        } else {
            sorted(value)
        };
        normal.insert(key, value);
    }
    Value::Object(normal)
}

/// The model as text: two spaces a level, a newline at the end.
pub fn to_text(model: &Value) -> String {
    // `{:#}` of a `Value` is serde_json's pretty form, which indents by two spaces.
    format!("{model:#}\n")
}

/// Not what a generator has built in, and no `apply` statement that says nothing.
fn is_kept(id: &str, shape: &Value) -> bool {
    let is_empty_apply = shape["type"] == "apply" && shape.get("traits").is_none();
    let is_built_in = match (ShapeId::new(id), shape) {
        (Some(id), Value::Object(shape)) => is_built_in(&id, shape),
        _ => false,
    };
    !is_empty_apply && !is_built_in
}

/// `type` first, then what makes the shape, then its traits.
fn normal_shape(shape: Value) -> Value {
    let Value::Object(mut shape) = shape else {
        return shape;
    };
    let traits = normal_traits(shape.shift_remove("traits"));
    shape.sort_keys();
    let mut normal = Map::new();
    if let Some(kind) = shape.shift_remove("type") {
        normal.insert("type".to_owned(), kind);
    }
    for (key, value) in shape {
        let value = match key.as_str() {
            "members" => normal_members(value),
            "member" | "key" | "value" => normal_member(value),
            set if SETS.contains(&set) => sorted_set(value),
            _ => sorted(value),
        };
        normal.insert(key, value);
    }
    normal.extend(traits);
    Value::Object(normal)
}

/// Members keep their order.
fn normal_members(mut members: Value) -> Value {
    if let Value::Object(members) = &mut members {
        for (_, member) in members.iter_mut() {
            *member = normal_member(member.take());
        }
    }
    members
}

/// A member: its target, then its traits.
fn normal_member(mut member: Value) -> Value {
    if let Value::Object(member) = &mut member {
        let traits = normal_traits(member.shift_remove("traits"));
        member.sort_keys();
        member.extend(traits);
    }
    member
}

/// The traits that stay, as the entry `traits`; nothing when none does.
fn normal_traits(traits: Option<Value>) -> Option<(String, Value)> {
    let Some(Value::Object(traits)) = traits else {
        return None;
    };
    let mut kept: Map<String, Value> = traits
        .into_iter()
        .filter(|(id, _)| !is_dropped(id))
        .filter_map(|(id, value)| {
            let value = sorted(facts(&id, value)?);
            Some((id, value))
        })
        .collect();
    kept.sort_keys();
    (!kept.is_empty()).then(|| ("traits".to_owned(), Value::Object(kept)))
}

fn is_dropped(id: &str) -> bool {
    DROPPED_TRAITS.iter().any(|dropped| {
        let prefix = dropped.ends_with('#') || dropped.ends_with("xml");
        id == *dropped || (prefix && id.starts_with(dropped))
    })
}

/// A trait's value without its prose; `None` when it says nothing.
fn facts(id: &str, mut value: Value) -> Option<Value> {
    match id {
        "smithy.api#deprecated" => remove(&mut value, "message"),
        "smithy.api#recommended" => remove(&mut value, "reason"),
        // What an example shows may well have a member called `documentation`: that one is data.
        "smithy.api#examples" => {
            for example in value.as_array_mut().into_iter().flatten() {
                remove(example, "documentation");
                if let Value::Object(example) = example {
                    example.insert("title".to_owned(), json!(""));
                }
            }
        }
        // A length is at least zero anyway.
        "smithy.api#length" if value.get("min") == Some(&json!(0)) => {
            remove(&mut value, "min");
            value.get("max")?;
        }
        // Values of members are data too.
        "smithy.api#default" => {}
        _ => remove_documentation(&mut value),
    }
    Some(value)
}

fn remove(value: &mut Value, key: &str) {
    if let Value::Object(object) = value {
        object.shift_remove(key);
    }
}

/// Removes every text called `documentation`, at any depth.
fn remove_documentation(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|key, value| key != "documentation" || !value.is_string());
            object.values_mut().for_each(remove_documentation);
        }
        Value::Array(elements) => elements.iter_mut().for_each(remove_documentation),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The value with the keys of every object in it sorted.
fn sorted(mut value: Value) -> Value {
    value.sort_all_objects();
    value
}

/// A list of `{"target": ID}` by target.
fn sorted_set(mut value: Value) -> Value {
    if let Value::Array(elements) = &mut value {
        elements.sort_by(|a, b| a["target"].as_str().cmp(&b["target"].as_str()));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal_of(shape: Value) -> Value {
        normalize(json!({"smithy": "2.0", "shapes": {"a#B": shape}}))["shapes"]["a#B"].clone()
    }

    #[test]
    fn prose_goes_and_facts_stay() {
        let shape = normal_of(json!({
            "type": "structure",
            "traits": {
                "smithy.api#documentation": "Sentences.",
                "smithy.api#deprecated": {"message": "Sentences.", "since": "2020"},
                "smithy.api#externalDocumentation": {"Guide": "https://example.com/"},
                "smithy.api#xmlName": "B",
            },
            "members": {
                "a": {"target": "a#C", "traits": {"smithy.api#documentation": "Sentences."}},
                "b": {"target": "a#C", "traits": {"smithy.api#recommended": {"reason": "Why."}}},
            },
        }));
        assert_eq!(
            shape,
            json!({
                "type": "structure",
                "members": {
                    "a": {"target": "a#C"},
                    "b": {"target": "a#C", "traits": {"smithy.api#recommended": {}}},
                },
                "traits": {
                    "smithy.api#deprecated": {"since": "2020"},
                    "smithy.api#externalDocumentation": {"Guide": "https://example.com/"},
                },
            })
        );
    }

    #[test]
    fn drops_what_every_generator_has_built_in() {
        let definition = json!({"type": "structure", "traits": {"smithy.api#trait": {}}});
        let normal = normalize(json!({"smithy": "2.0", "shapes": {
            "smithy.api#String": {"type": "string"},
            "aws.api#data": definition,
            "aws.api#Name": {"type": "string"},
            "a#mine": definition,
        }}));
        let kept: Vec<_> = normal["shapes"].as_object().unwrap().keys().collect();
        assert_eq!(kept, ["a#mine", "aws.api#Name"]);
    }

    #[test]
    fn documentation_inside_traits_goes_but_not_data_of_that_name() {
        let shape = normal_of(json!({
            "type": "operation",
            "traits": {
                "smithy.rules#endpointTests": {"testCases": [{"documentation": "It is.", "params": {}}]},
                "smithy.api#examples": [{
                    "title": "To see", "documentation": "You see.",
                    "input": {"documentation": "data"},
                }],
                "smithy.test#smokeTests": [],
                "aws.iam#iamAction": {"documentation": "Grants."},
            },
        }));
        assert_eq!(
            shape["traits"],
            json!({
                "smithy.api#examples": [{"title": "", "input": {"documentation": "data"}}],
                "smithy.rules#endpointTests": {"testCases": [{"params": {}}]},
            })
        );
    }

    #[test]
    fn the_text_does_not_depend_on_the_order_of_keys() {
        let one = r#"{"shapes": {
            "a#S": {"type": "service", "version": "1", "operations": [{"target": "a#Y"}, {"target": "a#X"}]},
            "a#B": {"traits": {"x#b": {"q": 1, "p": 2}, "x#a": {}}, "members":
                {"z": {"traits": {"x#c": {}}, "target": "a#C"}, "y": {"target": "a#C"}}, "type": "structure"}},
            "metadata": {"suppressions": []}, "smithy": "2.0"}"#;
        let other = r#"{"smithy": "2.0", "shapes": {
            "a#B": {"type": "structure", "traits": {"x#a": {}, "x#b": {"p": 2, "q": 1}}, "members":
                {"z": {"target": "a#C", "traits": {"x#c": {}}}, "y": {"target": "a#C"}}},
            "a#S": {"version": "1", "type": "service", "operations": [{"target": "a#X"}, {"target": "a#Y"}]}}}"#;
        let text = |model| to_text(&normalize(serde_json::from_str(model).unwrap()));
        assert_eq!(text(one), text(other));
        insta::assert_snapshot!(text(one));
    }

    #[test]
    fn metadata_that_is_not_for_validators_stays() {
        let model = json!({"smithy": "2.0", "metadata": {"validators": [], "b": 1, "a": 2}});
        let metadata = &normalize(model)["metadata"];
        assert_eq!(metadata.to_string(), r#"{"a":2,"b":1}"#);
    }

    #[test]
    fn an_apply_without_traits_goes() {
        let model = json!({"smithy": "2.0", "shapes": {
            "a#B$c": {"type": "apply", "traits": {"smithy.api#documentation": "Sentences."}},
            "a#B$d": {"type": "apply", "traits": {"smithy.api#required": {}}},
        }});
        let model = normalize(model);
        let shapes = model["shapes"].as_object().unwrap();
        assert_eq!(shapes.keys().collect::<Vec<_>>(), ["a#B$d"]);
    }
}
