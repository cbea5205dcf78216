//! What a model must keep to so that others can rely on it: every target exists and is of a right
//! kind, enums and defaults have valid values.
//!
//! The rules are those of Smithy's validators `Target`, `UnitType`, `EnumShape` and `DefaultTrait`,
//! and of the traits' definitions. Rules about style, or about traits that the generator does not read, are
//! left to Smithy itself.

use std::collections::{BTreeMap, BTreeSet};

use super::defaults;
use super::draft::{Finished, Version};
use super::prelude;
use super::report::Report;
use crate::ast::{Member, ShapeId, ShapeKind};
use crate::traits::{EnumValue, Traits, id};

/// Reports every fault of the shapes, mixins included.
pub(super) fn validate(shapes: &BTreeMap<ShapeId, Finished>, report: &mut Report) {
    for (id, own) in shapes {
        let mut shape = Validator {
            shapes,
            id,
            own,
            report,
        };
        shape.default(id, None, own);
        let kind = &own.shape.kind;
        for (name, member) in kind.members() {
            shape.member(name, member);
        }
        match kind {
            ShapeKind::Enum(_) | ShapeKind::IntEnum(_) => {
                shape.has_members();
                shape.enum_values();
            }
            ShapeKind::Union(_) => shape.has_members(),
            ShapeKind::Map { key, .. } => shape.map_key(&key.target),
            ShapeKind::Structure(_) => shape.payload(),
            _ => shape.bindings(),
        }
    }
}

struct Validator<'d, 'r> {
    shapes: &'d BTreeMap<ShapeId, Finished>,
    id: &'d ShapeId,
    own: &'d Finished,
    report: &'r mut Report,
}

impl<'d> Validator<'d, '_> {
    fn error(&mut self, id: &ShapeId, message: impl Into<String>) {
        self.report.error(self.own.source, id, message);
    }

    fn member(&mut self, name: &str, member: &Member) {
        let id = self.id.with_member(name);
        let Some(target) = self.shapes.get(&member.target) else {
            if self.is_of_a_trait() && prelude::is_reserved(member.target.namespace()) {
                return;
            }
            let message = format!(
                "member shape targets an unresolved shape `{}`",
                member.target
            );
            return self.error(&id, message);
        };
        self.not_a_mixin(&id, "member", &member.target, target);
        let (kind, is_unit) = (&self.own.shape.kind, target.shape.traits.unit_type());
        match (kind, &target.shape.kind) {
            (_, ShapeKind::Service(_) | ShapeKind::Resource(_) | ShapeKind::Operation(_)) => {
                let (kind, target) = (target.shape.kind.name(), &member.target);
                let message = format!("Members cannot target {kind} shapes, but found `{target}`");
                self.error(&id, message);
            }
            (ShapeKind::Enum(_) | ShapeKind::IntEnum(_), _) if !is_unit => {
                let message = format!(
                    "{} members may only target `smithy.api#Unit`, but found `{}`",
                    kind.name(),
                    member.target
                );
                self.error(&id, message);
            }
            (ShapeKind::Structure(_) | ShapeKind::List(_) | ShapeKind::Map { .. }, _)
                if is_unit =>
            {
                let message = format!(
                    "Only members of a union can reference `{}`, but this is a member of a {}",
                    member.target,
                    kind.name()
                );
                self.error(&id, message);
            }
            _ => {
                self.default(&id, Some(&member.traits), target);
                self.inherited_default(&id, member, target);
            }
        }
    }

    /// Whether the shape only has a part in the definition of a trait. Such a shape may refer to
    /// definitions that are skipped, or are in no model at all.
    fn is_of_a_trait(&self) -> bool {
        self.own.shape.traits.of_id(id::TRAIT).is_some()
            || prelude::is_reserved(self.id.namespace())
    }

    /// A structure's member says itself which default it has. The members of 1.0 models do, once
    /// upgraded, unless their target is of 2.0.
    fn inherited_default(&mut self, id: &ShapeId, member: &Member, target: &Finished) {
        let is_checked = matches!(self.own.shape.kind, ShapeKind::Structure(_))
            && self.own.version == Version::V2
            && target.version == Version::V2;
        let default = target.shape.traits.default_value();
        let Some(default) = default.filter(|_| is_checked) else {
            return;
        };
        if let Err(fault) = defaults::repeats(member.traits.default_value(), default) {
            self.error(id, format!("Error validating trait `default`: {fault}"));
        }
    }

    /// A mixin is only there to be mixed in, it is not part of the finished model.
    fn not_a_mixin(
        &mut self,
        id: &ShapeId,
        relation: &str,
        target_id: &ShapeId,
        target: &Finished,
    ) {
        if target.shape.traits.of_id(id::MIXIN).is_some() {
            let message = format!(
                "Illegal {relation} reference to mixin `{target_id}`; shapes marked with the mixin \
                 trait can only be referenced to apply them as a mixin."
            );
            self.error(id, message);
        }
    }

    /// The default of a member, or of the shape itself.
    fn default(&mut self, id: &ShapeId, member: Option<&Traits>, target: &Finished) {
        let traits = member.unwrap_or(&target.shape.traits);
        let Some(value) = traits.default_value() else {
            return;
        };
        // In 1.0 no model gives one.
        let implied = self.own.version == Version::V1;
        if let Err(fault) = defaults::check(value, &target.shape, member, implied) {
            self.error(id, format!("Error validating trait `default`: {fault}"));
        }
    }

    fn map_key(&mut self, target_id: &ShapeId) {
        let kind = self.shapes.get(target_id).map(|target| &target.shape.kind);
        match kind {
            None | Some(ShapeKind::Enum(_) | ShapeKind::String) => {}
            Some(kind) => {
                let message = format!(
                    "Map key member targets {} shape `{target_id}`, but is expected to target a \
                     string",
                    kind.name()
                );
                self.error(self.id, message);
            }
        }
    }

    /// Only one member of an event is its payload.
    fn payload(&mut self) {
        let members = self.own.shape.kind.members();
        let payloads = members.filter(|(_, member)| member.traits.event_payload());
        let found: Vec<_> = payloads.map(|(name, _)| format!("`{name}`")).collect();
        if found.len() > 1 {
            let message = format!(
                "The `eventPayload` trait can be applied to only a single member of a structure, \
                 but it was found on the following members: {}",
                found.join(", ")
            );
            self.error(self.id, message);
        }
    }

    /// A value of an enum or a union is one of its members, so there are some. A mixin may leave
    /// them to where it is mixed in.
    fn has_members(&mut self) {
        let shape = &self.own.shape;
        if shape.kind.members().next().is_none() && shape.traits.of_id(id::MIXIN).is_none() {
            let message = format!("{} shapes must have at least one member", shape.kind.name());
            self.error(self.id, message);
        }
    }

    /// The members of an enum have different values of the enum's type.
    fn enum_values(&mut self) {
        let mut seen = BTreeSet::new();
        for (name, member) in self.own.shape.kind.members() {
            let message = match (&self.own.shape.kind, member.traits.enum_value()) {
                (ShapeKind::Enum(_), Some(EnumValue::Text(text))) if text.is_empty() => {
                    "enum values must not be empty".to_owned()
                }
                (ShapeKind::Enum(_), Some(value @ EnumValue::Text(_)))
                | (ShapeKind::IntEnum(_), Some(value @ EnumValue::Number(_))) => {
                    if seen.insert(value) {
                        continue;
                    }
                    format!("Multiple enum members found with duplicate value `{value}`")
                }
                (ShapeKind::Enum(_), Some(_)) => {
                    "enum members must have a string as enumValue".to_owned()
                }
                // What is there and cannot be read has been reported.
                (_, None) if member.traits.of_id(id::ENUM_VALUE).is_some() => continue,
                (_, _) => "intEnum members must have a whole number as enumValue".to_owned(),
            };
            self.error(&self.id.with_member(name), message);
        }
    }

    /// What services, resources and operations refer to.
    fn bindings(&mut self) {
        match &self.own.shape.kind {
            ShapeKind::Service(service) => {
                self.each("operation", "operation", &service.operations);
                self.each("resource", "resource", &service.resources);
                self.each("error", "structure", &service.errors);
            }
            ShapeKind::Resource(resource) => {
                for target in resource.identifiers.values() {
                    self.refers("identifier", "string", target);
                }
                for target in resource.properties.values() {
                    self.refers("property", "", target);
                }
                for (name, target) in &resource.lifecycle {
                    self.refers(name, "operation", target);
                }
                self.each("operation", "operation", &resource.operations);
                self.each(
                    "collection operation",
                    "operation",
                    &resource.collection_operations,
                );
                self.each("resource", "resource", &resource.resources);
            }
            ShapeKind::Operation(operation) => {
                for (relation, target) in
                    [("input", &operation.input), ("output", &operation.output)]
                {
                    if let Some(target) = target {
                        self.refers(relation, "structure", target);
                    }
                }
                self.each("error", "structure", &operation.errors);
            }
            _ => {}
        }
    }

    fn each(&mut self, relation: &str, kind: &str, targets: &[ShapeId]) {
        for target in targets {
            self.refers(relation, kind, target);
        }
    }

    /// The target must be there and of this kind; any kind will do when `kind` is empty.
    fn refers(&mut self, relation: &str, kind: &str, target_id: &ShapeId) {
        let own = self.own.shape.kind.name();
        let Some(target) = self.shapes.get(target_id) else {
            let article = if relation.starts_with(['a', 'e', 'i', 'o', 'u']) {
                "an"
            } else {
                "a"
            };
            let message = format!(
                "{own} shape has {article} `{relation}` relationship to an unresolved shape `{target_id}`"
            );
            return self.error(self.id, message);
        };
        self.not_a_mixin(self.id, relation, target_id, target);
        let found = target.shape.kind.name();
        // A string with named `@enum` entries was a string when the identifier was written.
        let is_right = kind.is_empty() || found == kind || (kind == "string" && found == "enum");
        if !is_right {
            let message = format!(
                "{own} shape `{relation}` relationships must target a {kind} shape, but found {found} \
                 shape `{target_id}`"
            );
            return self.error(self.id, message);
        }
        let is_error = target.shape.traits.of_id(id::ERROR).is_some();
        let message = match relation {
            "error" if !is_error => format!(
                "`{target_id}` cannot be bound as an error because it is not marked with the `error` \
                 trait."
            ),
            "input" | "output" if is_error => format!(
                "Operation {relation} targets an invalid structure `{target_id}` that is marked with \
                 the `error` trait."
            ),
            _ => return,
        };
        self.error(self.id, message);
    }
}
