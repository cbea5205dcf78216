//! One JSON AST document to drafts of shapes (Smithy specification, "JSON AST").
//!
//! Every part that can be read is read, so that one run finds every fault.

use serde_json::{Map, Value};

use super::bindings;
use super::draft::{Draft, DraftKind, DraftMember, DraftMembers, DraftTraits, Version};

use super::prelude;
use super::report::{Report, SourceIndex};
use crate::ast::{ShapeId, is_identifier};
use crate::json::{self, type_name};
use crate::traits::id;

/// What one source holds.
#[derive(Default)]
pub(super) struct Document {
    pub(super) metadata: Map<String, Value>,
    pub(super) shapes: Vec<(ShapeId, Draft)>,
    pub(super) applies: Vec<Apply>,
}

/// An `apply` statement: traits for a shape or member that is defined elsewhere.
pub(super) struct Apply {
    pub(super) target: ShapeId,
    pub(super) traits: DraftTraits,
    pub(super) source: SourceIndex,
}

/// Reads one source. What is wrong goes to the report, what is right into the document.
pub(super) fn parse(source: usize, text: &str, report: &mut Report) -> Document {
    let source = Some(source);
    match json::read(report.name(source), text) {
        Ok(Value::Object(root)) => parse_root(source, root, report),
        Ok(other) => {
            let found = type_name(&other);
            let message = format!("Expected a Smithy model, a JSON object; found {found}");
            report.file_error(source, message);
            Document::default()
        }
        Err(fault) => {
            report.push(fault);
            Document::default()
        }
    }
}

fn parse_root(source: SourceIndex, mut root: Map<String, Value>, report: &mut Report) -> Document {
    let mut document = Document::default();
    let version = match root.swap_remove("smithy") {
        Some(Value::String(version)) => match version.as_str() {
            "1" | "1.0" => Version::V1,
            "2" | "2.0" => Version::V2,
            other => {
                // The rest may mean anything in another version.
                report.file_error(
                    source,
                    format!("Unsupported Smithy version number: {other}"),
                );
                return document;
            }
        },
        Some(other) => {
            let message = format!(
                "Expected `smithy` to be a string; found {}",
                type_name(&other)
            );
            report.file_error(source, message);
            return document;
        }
        None => {
            report.file_error(source, "Missing the `smithy` property, the model's version");
            return document;
        }
    };
    let mut parser = Parser {
        source,
        version,
        report,
    };
    document.metadata = parser.top_level(&mut root, "metadata");
    if let Some(validators) = document.metadata.get("validators") {
        if !validators.is_array() {
            let found = type_name(validators);
            let message = format!("validators must be an array. Found {found}.");
            parser.report.file_error(source, message);
        }
    }
    for (id, value) in parser.top_level(&mut root, "shapes") {
        parser.definition(id, value, &mut document);
    }
    if let Some(message) = additional(&root, &["metadata", "shapes", "smithy"]) {
        report.file_warning(source, message);
    }
    document
}

pub(super) struct Parser<'r> {
    source: SourceIndex,
    version: Version,
    report: &'r mut Report,
}

impl Parser<'_> {
    pub(super) fn error(&mut self, id: &ShapeId, message: impl Into<String>) {
        self.report.error(self.source, id, message);
    }

    fn warn_additional(&mut self, id: &ShapeId, rest: &Map<String, Value>, known: &[&str]) {
        if let Some(message) = additional(rest, known) {
            self.report.warning(self.source, id, message);
        }
    }

    /// Takes an object out of the document's root.
    fn top_level(&mut self, root: &mut Map<String, Value>, key: &str) -> Map<String, Value> {
        match root.swap_remove(key) {
            None => Map::new(),
            Some(Value::Object(object)) => object,
            Some(other) => {
                let message = not_an_object(key, &other);
                self.report.file_error(self.source, message);
                Map::new()
            }
        }
    }

    /// Takes an object out of a shape.
    pub(super) fn object(
        &mut self,
        id: &ShapeId,
        shape: &mut Map<String, Value>,
        key: &str,
    ) -> Option<Map<String, Value>> {
        match shape.swap_remove(key)? {
            Value::Object(object) => Some(object),
            other => {
                self.error(id, not_an_object(key, &other));
                None
            }
        }
    }

    /// Reads one entry of `shapes`: a shape or an `apply` statement.
    fn definition(&mut self, text: String, value: Value, document: &mut Document) {
        let Some(id) = ShapeId::new(text.as_str()) else {
            let message = format!("Invalid shape ID: {text}");
            self.report.file_error(self.source, message);
            return;
        };
        let Value::Object(mut shape) = value else {
            let found = type_name(&value);
            return self.error(
                &id,
                format!("Expected a shape to be an object; found {found}"),
            );
        };
        let kind = match shape.swap_remove("type") {
            Some(Value::String(kind)) => kind,
            Some(other) => {
                let found = type_name(&other);
                return self.error(
                    &id,
                    format!("Expected `type` to be a string; found {found}"),
                );
            }
            None => return self.error(&id, "Missing required property `type`"),
        };
        if kind == "apply" {
            if !shape.contains_key("traits") {
                self.error(&id, "Missing required property `traits`");
            }
            let traits = self.traits(&id, &mut shape);
            self.warn_additional(&id, &shape, &["traits", "type"]);
            let source = self.source;
            return document.applies.push(Apply {
                target: id,
                traits,
                source,
            });
        }
        if prelude::is_built_in(&id, &shape) {
            return;
        }
        if id.member().is_some() {
            let message = format!(
                "Shapes of type `{kind}` cannot contain a member in their shape ID. Found `{id}`"
            );
            return self.error(&id, message);
        }
        if let Some(draft) = self.shape(&id, &kind, shape) {
            document.shapes.push((id, draft));
        }
    }

    /// Reads a shape of the kind named `kind`.
    fn shape(&mut self, id: &ShapeId, kind: &str, mut shape: Map<String, Value>) -> Option<Draft> {
        self.check_version(id, kind, &shape);
        let mut traits = self.traits(id, &mut shape);
        let mixins = self.references(id, &mut shape, "mixins");
        let mut members = DraftMembers::new();
        let (kind, known): (_, &[&str]) = match kind {
            "list" | "set" => {
                self.single_members(id, &mut shape, &["member"], &mut members);
                if kind == "set" {
                    let annotation = Value::Object(Map::new());
                    traits.insert(id::UNIQUE_ITEMS.to_owned(), annotation);
                }
                (DraftKind::List, &["member", "mixins", "traits", "type"])
            }
            "map" => {
                self.single_members(id, &mut shape, &["key", "value"], &mut members);
                (
                    DraftKind::Map,
                    &["key", "mixins", "traits", "type", "value"],
                )
            }
            "structure" | "union" | "enum" | "intEnum" => {
                self.named_members(id, &mut shape, &mut members);
                let kind = match kind {
                    "structure" => DraftKind::Structure,
                    "union" => DraftKind::Union,
                    "enum" => DraftKind::Enum,
                    _ => DraftKind::IntEnum,
                };
                (kind, &["members", "mixins", "traits", "type"])
            }
            "service" => {
                let service = self.service(id, &mut shape);
                (DraftKind::Service(service), &bindings::SERVICE)
            }
            "resource" => {
                let resource = self.resource(id, &mut shape);
                (DraftKind::Resource(resource), &bindings::RESOURCE)
            }
            "operation" => {
                let operation = self.operation(id, &mut shape);
                (DraftKind::Operation(operation), &bindings::OPERATION)
            }
            other => match DraftKind::simple(other) {
                Some(kind) => (kind, &["mixins", "traits", "type"]),
                None => {
                    self.error(id, format!("Invalid shape `type`: {other}"));
                    return None;
                }
            },
        };
        self.warn_additional(id, &shape, known);
        Some(Draft {
            kind,
            members,
            traits,
            mixins,
            version: self.version,
            source: self.source,
        })
    }

    /// Reports what the other version of Smithy has.
    fn check_version(&mut self, id: &ShapeId, kind: &str, shape: &Map<String, Value>) {
        let version = match (self.version, kind) {
            (Version::V1, "enum" | "intEnum") => "1.0",
            (Version::V2, "set") => "2.0",
            _ => {
                if self.version == Version::V1 && shape.contains_key("mixins") {
                    self.error(id, "Mixins can only be used in Smithy 2.0 or later");
                }
                return;
            }
        };
        let message = format!("{kind} shapes cannot be used in Smithy version {version}");
        self.error(id, message);
    }

    fn named_members(
        &mut self,
        id: &ShapeId,
        shape: &mut Map<String, Value>,
        members: &mut DraftMembers,
    ) {
        for (name, value) in self.object(id, shape, "members").unwrap_or_default() {
            let member_id = id.with_member(&name);
            if !is_identifier(&name) {
                self.error(id, format!("Invalid shape ID: {member_id}"));
                continue;
            }
            members.extend(self.member(&member_id, value).map(|member| (name, member)));
        }
    }

    fn single_members(
        &mut self,
        id: &ShapeId,
        shape: &mut Map<String, Value>,
        names: &[&str],
        members: &mut DraftMembers,
    ) {
        for &name in names {
            if let Some(value) = shape.swap_remove(name) {
                let member = self.member(&id.with_member(name), value);
                members.extend(member.map(|member| (name.to_owned(), member)));
            }
        }
    }

    fn member(&mut self, id: &ShapeId, value: Value) -> Option<DraftMember> {
        let Value::Object(mut member) = value else {
            let found = type_name(&value);
            self.error(
                id,
                format!("Expected a member to be an object; found {found}"),
            );
            return None;
        };
        let target = self.target(id, &mut member);
        let traits = self.traits(id, &mut member);
        self.warn_additional(id, &member, &["target", "traits"]);
        Some(DraftMember {
            target: target?,
            traits,
        })
    }

    fn traits(&mut self, id: &ShapeId, shape: &mut Map<String, Value>) -> DraftTraits {
        let mut traits = DraftTraits::new();
        for (trait_id, value) in self.object(id, shape, "traits").unwrap_or_default() {
            if !ShapeId::is_valid(&trait_id) {
                self.error(id, format!("Invalid shape ID: {trait_id}"));
                continue;
            }
            let misplaced = match (self.version, trait_id.as_str()) {
                (Version::V1, id::MIXIN) => "Mixins can only be used in Smithy 2.0 or later",
                (Version::V1, id::DEFAULT) => {
                    "The @default trait can only be used in Smithy 2.0 or later"
                }
                (Version::V2, id::BOX) => "@box is not supported in Smithy IDL 2.0",
                _ => "",
            };
            if !misplaced.is_empty() {
                self.error(id, misplaced);
            }
            traits.insert(trait_id, value);
        }
        traits
    }

    /// The `target` of a member or of a reference.
    fn target(&mut self, id: &ShapeId, object: &mut Map<String, Value>) -> Option<ShapeId> {
        let message = match object.swap_remove("target") {
            Some(Value::String(target)) => match ShapeId::new(target.as_str()) {
                Some(target) => return Some(target),
                None => format!("Invalid shape ID: {target}"),
            },
            Some(other) => {
                format!(
                    "Expected `target` to be a string; found {}",
                    type_name(&other)
                )
            }
            None => "Missing required property `target`".to_owned(),
        };
        self.error(id, message);
        None
    }

    pub(super) fn reference(&mut self, id: &ShapeId, value: Value) -> Option<ShapeId> {
        let Value::Object(mut reference) = value else {
            let found = type_name(&value);
            self.error(id, format!("Expected object, but found {found}."));
            return None;
        };
        let target = self.target(id, &mut reference);
        self.warn_additional(id, &reference, &["target"]);
        target
    }

    pub(super) fn references(
        &mut self,
        id: &ShapeId,
        shape: &mut Map<String, Value>,
        key: &str,
    ) -> Vec<ShapeId> {
        match shape.swap_remove(key) {
            None => Vec::new(),
            Some(Value::Array(references)) => references
                .into_iter()
                .filter_map(|reference| self.reference(id, reference))
                .collect(),
            Some(other) => {
                let found = type_name(&other);
                self.error(
                    id,
                    format!("Expected `{key}` to be an array; found {found}"),
                );
                Vec::new()
            }
        }
    }

    pub(super) fn optional_reference(
        &mut self,
        id: &ShapeId,
        shape: &mut Map<String, Value>,
        key: &str,
    ) -> Option<ShapeId> {
        let reference = self.object(id, shape, key)?;
        self.reference(id, Value::Object(reference))
    }
}

fn not_an_object(key: &str, found: &Value) -> String {
    format!(
        "Expected `{key}` to be an object; found {}",
        type_name(found)
    )
}

/// The warning about properties that nothing has read; `known` is sorted.
fn additional(rest: &Map<String, Value>, known: &[&str]) -> Option<String> {
    if rest.is_empty() {
        return None;
    }
    let mut unknown: Vec<_> = rest.keys().map(String::as_str).collect();
    unknown.sort_unstable();
    Some(format!(
        "Expected an object with possible properties of `{}`, but found additional properties: `{}`",
        known.join("`, `"),
        unknown.join("`, `")
    ))
}
