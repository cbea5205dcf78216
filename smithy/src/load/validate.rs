//! What a model must keep to so that the generator can rely on it: every target is there and of a
//! right kind, every trait that the generator uses has a value of the right form.
//!
//! The rules are those of Smithy's validators `Target`, `UnitType`, `EnumShape` and `DefaultTrait`,
//! and of the traits' definitions. Rules about style, or about traits that the generator does not read, are
//! left to Smithy itself.

use std::collections::BTreeSet;

use super::defaults;
use super::draft::{Draft, DraftKind, Drafts, Version};
use super::prelude;
use super::report::Report;
use crate::ast::{Member, ShapeId, ShapeKind, Traits};
use crate::traits::{self, EnumValue, TraitsExt, id};

/// Reports every fault of flattened and upgraded drafts.
pub(super) fn validate(drafts: &Drafts, report: &mut Report) {
    for (id, draft) in drafts {
        let mut shape = Validator {
            drafts,
            id,
            draft,
            report,
        };
        shape.traits(id, &draft.traits);
        shape.default(id, None, draft);
        for (name, member) in &draft.members {
            shape.member(name, member);
        }
        match &draft.kind {
            DraftKind::Enum | DraftKind::IntEnum => {
                shape.has_members();
                shape.enum_values();
            }
            DraftKind::Union => shape.has_members(),
            DraftKind::Map => shape.map_key(),
            DraftKind::Structure => shape.payload(),
            DraftKind::Service(_) | DraftKind::Resource(_) | DraftKind::Operation(_) => {
                shape.bindings();
            }
            DraftKind::Simple(_) | DraftKind::List => {}
        }
    }
}

struct Validator<'d, 'r> {
    drafts: &'d Drafts,
    id: &'d ShapeId,
    draft: &'d Draft,
    report: &'r mut Report,
}

impl<'d> Validator<'d, '_> {
    fn error(&mut self, id: &ShapeId, message: impl Into<String>) {
        self.report.error(self.draft.source, id, message);
    }

    /// The form of each trait's value.
    fn traits(&mut self, id: &ShapeId, traits: &Traits) {
        for (trait_id, value) in traits {
            if let Err(fault) = traits::check(trait_id, value) {
                let name = traits::idiomatic_name(trait_id);
                self.error(id, format!("Error creating trait `{name}`: {fault}"));
            }
        }
    }

    fn member(&mut self, name: &str, member: &Member) {
        let id = self.id.with_member(name);
        self.traits(&id, &member.traits);
        let Some(target) = self.drafts.get(&member.target) else {
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
        match (&self.draft.kind, &target.kind) {
            (_, DraftKind::Service(_) | DraftKind::Resource(_) | DraftKind::Operation(_)) => {
                let (kind, target) = (target.kind.name(), &member.target);
                let message = format!("Members cannot target {kind} shapes, but found `{target}`");
                self.error(&id, message);
            }
            (DraftKind::Enum | DraftKind::IntEnum, _)
                if !target.traits.contains_key(id::UNIT_TYPE) =>
            {
                let kind = self.draft.kind.name();
                let message = format!(
                    "{kind} members may only target `smithy.api#Unit`, but found `{}`",
                    member.target
                );
                self.error(&id, message);
            }
            (DraftKind::Structure | DraftKind::List | DraftKind::Map, _)
                if target.traits.contains_key(id::UNIT_TYPE) =>
            {
                let kind = self.draft.kind.name();
                let message = format!(
                    "Only members of a union can reference `{}`, but this is a member of a {kind}",
                    member.target
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
        self.draft.traits.contains_key(id::TRAIT) || prelude::is_reserved(self.id.namespace())
    }

    /// A structure's member says itself which default it has. The members of 1.0 models do, once
    /// upgraded, unless their target is of 2.0.
    fn inherited_default(&mut self, id: &ShapeId, member: &Member, target: &Draft) {
        let is_checked = self.draft.kind == DraftKind::Structure
            && self.draft.version == Version::V2
            && target.version == Version::V2;
        let Some(default) = target.traits.get(id::DEFAULT).filter(|_| is_checked) else {
            return;
        };
        if let Err(fault) = defaults::repeats(member.traits.get(id::DEFAULT), default) {
            self.error(id, format!("Error validating trait `default`: {fault}"));
        }
    }

    /// A mixin is only there to be mixed in, it is not part of the finished model.
    fn not_a_mixin(&mut self, id: &ShapeId, relation: &str, target_id: &ShapeId, target: &Draft) {
        if target.traits.contains_key(id::MIXIN) {
            let message = format!(
                "Illegal {relation} reference to mixin `{target_id}`; shapes marked with the mixin \
                 trait can only be referenced to apply them as a mixin."
            );
            self.error(id, message);
        }
    }

    /// The default of a member, or of the shape itself.
    fn default(&mut self, id: &ShapeId, member: Option<&Traits>, target: &Draft) {
        let Some(value) = member.unwrap_or(&target.traits).get(id::DEFAULT) else {
            return;
        };
        // In 1.0 no model gives one.
        let implied = self.draft.version == Version::V1;
        if let Err(fault) = defaults::check(value, target, member, implied) {
            self.error(id, format!("Error validating trait `default`: {fault}"));
        }
    }

    fn map_key(&mut self) {
        let target = self.draft.members.get("key").map(|key| &key.target);
        let kind = target
            .and_then(|target| self.drafts.get(target))
            .map(|target| &target.kind);
        match (target, kind) {
            (_, None | Some(DraftKind::Enum | DraftKind::Simple(ShapeKind::String))) => {}
            (target, Some(kind)) => {
                let target = target.map_or("", ShapeId::as_str);
                let message = format!(
                    "Map key member targets {} shape `{target}`, but is expected to target a string",
                    kind.name()
                );
                self.error(self.id, message);
            }
        }
    }

    /// Only one member of an event is its payload.
    fn payload(&mut self) {
        let members = self.draft.members.iter();
        let found: Vec<_> = members
            .filter(|(_, member)| member.traits.event_payload())
            .map(|(name, _)| format!("`{name}`"))
            .collect();
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
        if self.draft.members.is_empty() && !self.draft.traits.contains_key(id::MIXIN) {
            let kind = self.draft.kind.name();
            self.error(
                self.id,
                format!("{kind} shapes must have at least one member"),
            );
        }
    }

    /// The members of an enum have different values of the enum's type.
    fn enum_values(&mut self) {
        let mut seen = BTreeSet::new();
        for (name, member) in &self.draft.members {
            let message = match (&self.draft.kind, member.traits.enum_value()) {
                (DraftKind::Enum, Some(EnumValue::Text(""))) => {
                    "enum values must not be empty".to_owned()
                }
                (DraftKind::Enum, Some(value @ EnumValue::Text(_)))
                | (DraftKind::IntEnum, Some(value @ EnumValue::Number(_))) => {
                    if seen.insert(value) {
                        continue;
                    }
                    format!("Multiple enum members found with duplicate value `{value}`")
                }
                (DraftKind::Enum, Some(_)) => {
                    "enum members must have a string as enumValue".to_owned()
                }
                // What is there and cannot be read has been reported.
                (_, None) if member.traits.contains_key(id::ENUM_VALUE) => continue,
                (_, _) => "intEnum members must have a whole number as enumValue".to_owned(),
            };
            self.error(&self.id.with_member(name), message);
        }
    }

    /// What services, resources and operations refer to.
    fn bindings(&mut self) {
        match &self.draft.kind {
            DraftKind::Service(service) => {
                self.each("operation", "operation", &service.operations);
                self.each("resource", "resource", &service.resources);
                self.each("error", "structure", &service.errors);
            }
            DraftKind::Resource(resource) => {
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
            DraftKind::Operation(operation) => {
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
        let own = self.draft.kind.name();
        let Some(target) = self.drafts.get(target_id) else {
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
        let found = target.kind.name();
        // A string with named `@enum` entries was a string when the identifier was written.
        let is_right = kind.is_empty() || found == kind || (kind == "string" && found == "enum");
        if !is_right {
            let message = format!(
                "{own} shape `{relation}` relationships must target a {kind} shape, but found {found} \
                 shape `{target_id}`"
            );
            return self.error(self.id, message);
        }
        let is_error = target.traits.contains_key(id::ERROR);
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
