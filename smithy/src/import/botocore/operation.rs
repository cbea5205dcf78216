//! Operations, their inputs and outputs, and their examples.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::json::{Object, array, flag, object, text};
use super::{Importer, deprecated};

/// How a shape is used by the operations and by other shapes.
#[derive(Default)]
struct Uses {
    inputs: usize,
    outputs: usize,
    others: usize,
}

impl<'a> Importer<'a> {
    /// Puts every operation into the model.
    pub(super) fn operations(&mut self) {
        for (name, operation) in self.operations {
            let Some(operation) = operation.as_object() else {
                self.fault(name, "not an object");
                continue;
            };
            let errors: Vec<Value> = array(operation, "errors")
                .iter()
                .map(|error| self.target(name, error))
                .collect();
            let smithy = json!({
                "type": "operation",
                "input": self.side(name, operation, "input"),
                "output": self.side(name, operation, "output"),
                "errors": errors,
                "traits": self.operation_traits(name, operation),
            });
            self.add(name, without_empty_errors(smithy));
        }
    }

    /// The input or the output; an operation without one has Smithy's `Unit`.
    fn side(&mut self, name: &str, operation: &Object, key: &str) -> Value {
        match operation.get(key) {
            Some(side) => self.target(name, side),
            None => json!({ "target": "smithy.api#Unit" }),
        }
    }

    /// Traits of an operation. Every key is looked at, so that a new one is reported.
    fn operation_traits(&mut self, name: &str, operation: &Object) -> Object {
        let mut traits = Object::new();
        for (key, value) in operation {
            let (id, value) = match (key.as_str(), value) {
                ("idempotent" | "readonly" | "httpChecksumRequired", Value::Bool(true)) => {
                    (format!("smithy.api#{key}"), json!({}))
                }
                ("endpoint", _) => ("smithy.api#endpoint".to_owned(), value.clone()),
                ("requestcompression", _) => {
                    ("smithy.api#requestCompression".to_owned(), value.clone())
                }
                ("staticContextParams" | "operationContextParams", _) => {
                    (format!("smithy.rules#{key}"), value.clone())
                }
                ("httpChecksum", _) => ("aws.protocols#httpChecksum".to_owned(), value.clone()),
                ("endpointdiscovery", Value::Object(discovery)) => (
                    "aws.api#clientDiscoveredEndpoint".to_owned(),
                    json!({ "required": flag(discovery, "required") }),
                ),
                ("auth", Value::Array(schemes)) => {
                    let no_auth = schemes.as_slice() == ["smithy.api#noAuth"];
                    if no_auth {
                        traits.insert("smithy.api#optionalAuth".to_owned(), json!({}));
                    }
                    let schemes = if no_auth { json!([]) } else { value.clone() };
                    ("smithy.api#auth".to_owned(), schemes)
                }
                ("http", Value::Object(http)) => {
                    if text(http, "method") != Some("POST") || text(http, "requestUri") != Some("/")
                    {
                        self.leave_out(name, "the HTTP method and path: awsJson sends POST to `/`");
                    }
                    continue;
                }
                ("name" | "input" | "output" | "errors", _) => continue,
                ("deprecated" | "deprecatedMessage" | "deprecatedSince", _) => continue,
                // Said again by `auth`; read with the service; prose.
                ("authtype" | "endpointoperation" | "documentation" | "documentationUrl", _) => {
                    continue;
                }
                _ => {
                    self.leave_out(name, format!("`{key}` has no counterpart in Smithy"));
                    continue;
                }
            };
            traits.insert(id, value);
        }
        if let Some(value) = deprecated(operation) {
            traits.insert("smithy.api#deprecated".to_owned(), value);
        }
        traits
    }

    /// Marks the structures that are nothing but the input or the output of one operation.
    pub(super) fn input_and_output_traits(&mut self) {
        for (name, uses) in self.uses() {
            match uses {
                Uses {
                    inputs: 1,
                    outputs: 0,
                    others: 0,
                } => self.apply(name, "smithy.api#input", json!({})),
                Uses {
                    inputs: 0,
                    outputs: 1,
                    others: 0,
                } => self.apply(name, "smithy.api#output", json!({})),
                _ => {}
            }
        }
    }

    /// How often every shape is used as what.
    fn uses(&self) -> BTreeMap<&'a str, Uses> {
        let mut uses: BTreeMap<&'a str, Uses> = BTreeMap::new();
        let name_at =
            |of: &'a Object, key| object(of, key).and_then(|reference| text(reference, "shape"));
        for operation in self.operations.values().filter_map(Value::as_object) {
            if let Some(name) = name_at(operation, "input") {
                uses.entry(name).or_default().inputs += 1;
            }
            if let Some(name) = name_at(operation, "output") {
                uses.entry(name).or_default().outputs += 1;
            }
            let errors = array(operation, "errors")
                .iter()
                .filter_map(Value::as_object);
            for name in errors.filter_map(|error| text(error, "shape")) {
                uses.entry(name).or_default().others += 1;
            }
        }
        for shape in self.shapes.values().filter_map(Value::as_object) {
            let members = object(shape, "members")
                .into_iter()
                .flat_map(Object::values);
            let names = members.filter_map(|member| member.get("shape")?.as_str());
            let parts = ["member", "key", "value"]
                .into_iter()
                .filter_map(|key| name_at(shape, key));
            for name in names.chain(parts) {
                uses.entry(name).or_default().others += 1;
            }
        }
        uses
    }

    /// Gives operations their examples: input and output, without the sentences around them.
    pub(super) fn examples(&mut self, examples: &Object) {
        for (operation, examples) in examples {
            let examples = examples
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_object);
            let smithy: Vec<Value> = examples.map(example).collect();
            if !smithy.is_empty() {
                self.apply(operation, "smithy.api#examples", smithy.into());
            }
        }
    }
}

/// An example, its title left empty: it is prose, but Smithy demands one.
fn example(example: &Object) -> Value {
    let mut smithy = json!({ "title": "" });
    for key in ["input", "output"] {
        if let Some(value) = example.get(key) {
            smithy[key] = value.clone();
        }
    }
    smithy
}

fn without_empty_errors(mut operation: Value) -> Value {
    if let Value::Object(operation) = &mut operation {
        operation.retain(|key, value| {
            key != "errors" || value.as_array().is_none_or(|errors| !errors.is_empty())
        });
    }
    operation
}
