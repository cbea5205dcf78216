//! botocore's service model (`service-2.json`, AWS's older model format) as Smithy.
//!
//! botocore's files are themselves made from Smithy models; this is the way back. What the way
//! there lost stays lost: most error codes, most defaults, resources, endpoint tests.

mod default;
mod enumeration;
mod operation;
mod paginator;
mod service;
mod shape;
#[cfg(test)]
mod tests;
mod waiter;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::json::{Object, array, object, parse, text};
use super::{BotocoreFiles, Import, normalize};
use crate::ast::ShapeId;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::load::Source;

/// What an import reads and what it finds. The modules beside this one add methods to it, a
/// module for each kind of thing.
struct Importer<'a> {
    /// What diagnostics call `service-2.json`.
    file: &'a str,
    /// The namespace of every shape.
    namespace: String,
    operations: &'a Object,
    shapes: &'a Object,
    /// The model's shapes by absolute id.
    model: BTreeMap<String, Value>,
    faults: Vec<Diagnostic>,
    left_out: Vec<Diagnostic>,
}

/// See [`super::from_botocore`].
pub(super) fn import(files: &BotocoreFiles<'_>) -> Result<Import, Diagnostics> {
    let file = files.service.name;
    let service = parse(files.service)?;
    let section = |key| {
        let missing = || Diagnostic::file(file, format!("not a service model: `{key}` is missing"));
        object(&service, key).ok_or_else(missing)
    };
    let metadata = section("metadata")?;
    // Another protocol makes faults of all its shapes, which would bury this one.
    service::check_protocol(metadata).map_err(|message| Diagnostic::file(file, message))?;
    let mut importer = Importer {
        file,
        namespace: format!(
            "com.amazonaws.{}",
            files.name.replace('-', "").to_lowercase()
        ),
        operations: section("operations")?,
        shapes: section("shapes")?,
        model: BTreeMap::new(),
        faults: Vec::new(),
        left_out: Vec::new(),
    };
    importer.shapes();
    importer.json_texts();
    importer.operations();
    importer.input_and_output_traits();
    importer.paginators(&side_file(files.paginators, "pagination")?);
    importer.waiters(&side_file(files.waiters, "waiters")?);
    importer.examples(&side_file(files.examples, "examples")?);
    let rules = files.endpoint_rules.map(parse).transpose()?;
    importer.service(metadata, rules);
    importer.finish()
}

/// The section `key` of a file that not every service has.
fn side_file(source: Option<Source<'_>>, key: &str) -> Result<Object, Diagnostics> {
    let Some(source) = source else {
        return Ok(Object::new());
    };
    match parse(source)?.shift_remove(key) {
        Some(Value::Object(section)) => Ok(section),
        _ => Err(Diagnostic::file(source.name, format!("`{key}` is missing")).into()),
    }
}

impl<'a> Importer<'a> {
    /// The absolute id of a shape or an operation.
    fn id(&self, name: &str) -> String {
        format!("{}#{name}", self.namespace)
    }

    /// What refers to the shape that the reference `of` (an object with `shape`) names.
    fn target(&mut self, owner: &str, of: &Value) -> Value {
        match of.get("shape").and_then(Value::as_str) {
            Some(name) if self.shapes.contains_key(name) => json!({ "target": self.id(name) }),
            Some(name) => self.fault(
                owner,
                format!("refers to the shape `{name}`, which is missing"),
            ),
            None => self.fault(owner, "does not say its shape"),
        }
    }

    /// Puts a shape into the model.
    fn add(&mut self, name: &str, shape: Value) {
        let id = self.id(name);
        if ShapeId::new(id.as_str()).is_none() {
            self.fault(name, "not a name that Smithy allows");
        } else if self.model.insert(id, shape).is_some() {
            self.fault(name, "the name of two things (shape, operation, service)");
        }
    }

    /// Gives a trait to a shape of the model.
    fn apply(&mut self, name: &str, id: &str, value: Value) {
        if let Some(shape) = self.model.get_mut(&self.id(name)) {
            shape["traits"][id] = value;
        }
    }

    /// Notes a fault of the source. Returns a placeholder for the value that cannot be created.
    fn fault(&mut self, owner: &str, message: impl Into<String>) -> Value {
        let fault = Diagnostic::shape(self.id(owner), message);
        self.faults.push(fault);
        Value::Null
    }

    /// Notes a fact that the model will lack.
    fn leave_out(&mut self, owner: &str, message: impl Into<String>) {
        let note = Diagnostic::shape(self.id(owner), message);
        self.left_out.push(note);
    }

    /// The model, or what is wrong with its source.
    fn finish(mut self) -> Result<Import, Diagnostics> {
        if !self.faults.is_empty() {
            for fault in &mut self.faults {
                self.file.clone_into(&mut fault.file);
            }
            return Err(Diagnostics(self.faults));
        }
        self.left_out.sort();
        let shapes: Object = self.model.into_iter().collect();
        Ok(Import {
            model: normalize(json!({ "smithy": "2.0", "shapes": shapes })),
            left_out: self.left_out,
        })
    }
}

/// The `deprecated` trait of a shape, a member or an operation, when there is one.
fn deprecated(of: &Object) -> Option<Value> {
    super::json::flag(of, "deprecated").then(|| match text(of, "deprecatedSince") {
        Some(since) => json!({ "since": since }),
        None => json!({}),
    })
}
