//! Services, resources and operations: what they bind (Smithy specification, "Service types").

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::parse::Parser;
use crate::ast::{Operation, Resource, Service, ShapeId, UNIT};
use crate::json::type_name;

/// The properties of a service, sorted.
pub(super) const SERVICE: [&str; 8] = [
    "errors",
    "mixins",
    "operations",
    "rename",
    "resources",
    "traits",
    "type",
    "version",
];

/// The properties of a resource, sorted.
pub(super) const RESOURCE: [&str; 14] = [
    "collectionOperations",
    "create",
    "delete",
    "identifiers",
    "list",
    "mixins",
    "operations",
    "properties",
    "put",
    "read",
    "resources",
    "traits",
    "type",
    "update",
];

/// The properties of an operation, sorted.
pub(super) const OPERATION: [&str; 6] = ["errors", "input", "mixins", "output", "traits", "type"];

/// The lifecycle operations of a resource, in the specification's order.
const LIFECYCLE: [&str; 6] = ["create", "put", "read", "update", "delete", "list"];

impl Parser<'_> {
    pub(super) fn service(&mut self, id: &ShapeId, shape: &mut Map<String, Value>) -> Service {
        let version = match shape.swap_remove("version") {
            None => None,
            Some(Value::String(version)) => Some(version),
            Some(other) => {
                let found = type_name(&other);
                self.error(
                    id,
                    format!("Expected `version` to be a string; found {found}"),
                );
                None
            }
        };
        let mut service = Service {
            version,
            operations: self.references(id, shape, "operations"),
            resources: self.references(id, shape, "resources"),
            errors: self.references(id, shape, "errors"),
            ..Service::default()
        };
        for (from, to) in self.object(id, shape, "rename").unwrap_or_default() {
            match (ShapeId::new(from.as_str()), to) {
                (Some(from), Value::String(to)) => {
                    service.rename.insert(from, to);
                }
                (None, _) => self.error(id, format!("Invalid shape ID: {from}")),
                (_, other) => {
                    let found = type_name(&other);
                    let message =
                        format!("Expected `rename` of `{from}` to be a string; found {found}");
                    self.error(id, message);
                }
            }
        }
        service
    }

    pub(super) fn resource(&mut self, id: &ShapeId, shape: &mut Map<String, Value>) -> Resource {
        let mut lifecycle = IndexMap::new();
        for name in LIFECYCLE {
            let operation = self.optional_reference(id, shape, name);
            lifecycle.extend(operation.map(|operation| (name.to_owned(), operation)));
        }
        Resource {
            identifiers: self.named_references(id, shape, "identifiers"),
            properties: self.named_references(id, shape, "properties"),
            lifecycle,
            operations: self.references(id, shape, "operations"),
            collection_operations: self.references(id, shape, "collectionOperations"),
            resources: self.references(id, shape, "resources"),
        }
    }

    pub(super) fn operation(&mut self, id: &ShapeId, shape: &mut Map<String, Value>) -> Operation {
        let not_unit = |target: &ShapeId| target.as_str() != UNIT;
        Operation {
            input: self.optional_reference(id, shape, "input").filter(not_unit),
            output: self
                .optional_reference(id, shape, "output")
                .filter(not_unit),
            errors: self.references(id, shape, "errors"),
        }
    }

    fn named_references(
        &mut self,
        id: &ShapeId,
        shape: &mut Map<String, Value>,
        key: &str,
    ) -> IndexMap<String, ShapeId> {
        let references = self.object(id, shape, key).unwrap_or_default();
        let mut targets = IndexMap::new();
        for (name, reference) in references {
            let target = self.reference(id, reference);
            targets.extend(target.map(|target| (name, target)));
        }
        targets
    }
}
