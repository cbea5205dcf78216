//! Structures, unions, enums and errors, one by one.

use crate::docs::paragraph;
use crate::ir::{
    Binding, Constraints, Constructor, Deprecated, EnumValue, Enumeration, ErrorShape, Fault,
    Field, PathStep, Presence, Repr, Structure, Type, TypeDef, Union, Usage, Variant,
};
use tinsmith_smithy::ast::{Members, Shape, ShapeId, ShapeKind};
use tinsmith_smithy::traits::{ErrorKind, Traits};

use super::documentation::docs;
use super::inputs::is_filled;
use super::naming::{field_names, variant_names};
use super::types::{Container, sensitive};
use super::{Lowering, constraints, protocol};

/// Names of members that hold an error's message for people.
const MESSAGE: &[&str] = &["message", "Message", "errorMessage"];

impl Lowering<'_, '_> {
    /// A shared shape.
    pub(super) fn type_def(&mut self, id: &ShapeId, usage: Usage) -> TypeDef {
        let model = self.known.model;
        let name = self.known.type_names.get(id).cloned().unwrap_or_default();
        // `closure` only collects these kinds, from shapes that exist.
        match model.shapes.get(id).map(|shape| (shape, &shape.kind)) {
            Some((shape, ShapeKind::Union(members))) if shape.traits.streaming() => {
                TypeDef::EventStream(self.event_stream(id, name, shape, members))
            }
            Some((shape, ShapeKind::Union(members))) => {
                TypeDef::Union(self.union(id, name, shape, members, usage))
            }
            Some((shape, ShapeKind::Enum(members))) => {
                TypeDef::Enum(enumeration(name, shape, Repr::String, members))
            }
            Some((shape, ShapeKind::IntEnum(members))) => {
                TypeDef::Enum(enumeration(name, shape, Repr::Integer, members))
            }
            _ => TypeDef::Structure(self.structure(id, name, usage, Container::Other)),
        }
    }

    /// A structure, by the id of its shape.
    pub(super) fn structure(
        &mut self,
        id: &ShapeId,
        name: String,
        usage: Usage,
        container: Container,
    ) -> Structure {
        let model = self.known.model;
        let mut structure = empty_structure(name, usage);
        let shape = model.shapes.get(id);
        let Some((shape, ShapeKind::Structure(members))) = shape.map(|shape| (shape, &shape.kind))
        else {
            return structure;
        };
        structure.docs = docs(&shape.traits);
        structure.deprecated = deprecated(&shape.traits);
        let mut names = field_names(members);
        for (name, member) in members {
            let field = names.remove(name.as_str()).unwrap_or_default();
            if container == Container::Output && structure.event_stream.is_none() {
                structure.event_stream = self.stream_field(&field, name, member);
                if structure.event_stream.is_some() {
                    continue;
                }
            }
            let ty = self.member_type(id, name, member);
            let presence = self.presence(id, name, member, &ty, container);
            let ty = if shape.traits.sensitive() {
                sensitive(ty)
            } else {
                ty
            };
            structure.fields.push(Field {
                name: field,
                member: name.clone(),
                wire: protocol::wire_name(self.known.protocol, name),
                aliases: Vec::new(),
                binding: Binding::Body,
                docs: self.member_docs(member),
                deprecated: deprecated(&member.traits),
                idempotency_token: container == Container::Input
                    && member.traits.idempotency_token()
                    && is_filled(&ty),
                ty,
                constraints: constraints::of(member, model),
                presence,
            });
        }
        structure
    }

    fn union(
        &mut self,
        id: &ShapeId,
        name: String,
        shape: &Shape,
        members: &Members,
        usage: Usage,
    ) -> Union {
        let mut names = variant_names(members);
        let mut variants = Vec::new();
        for (name, member) in members {
            let ty = self.member_type(id, name, member);
            variants.push(Variant {
                name: names.remove(name.as_str()).unwrap_or_default(),
                member: name.clone(),
                wire: protocol::wire_name(self.known.protocol, name),
                docs: self.member_docs(member),
                deprecated: deprecated(&member.traits),
                ty: if shape.traits.sensitive() {
                    sensitive(ty)
                } else {
                    ty
                },
                constraints: constraints::of(member, self.known.model),
            });
        }
        Union {
            name,
            docs: docs(&shape.traits),
            deprecated: deprecated(&shape.traits),
            variants,
            usage,
            default: false,
            wipe: false,
        }
    }

    /// An error of the service.
    pub(super) fn error_shape(&mut self, id: &ShapeId) -> ErrorShape {
        let name = self.known.error_names.get(id).cloned().unwrap_or_default();
        let mut structure = self.structure(id, name, self.known.role.output(), Container::Other);
        let none = Traits::default();
        let shape = self.known.model.shapes.get(id);
        let traits = shape.map_or(&none, |shape| &shape.traits);
        let fault = match traits.error() {
            Some(ErrorKind::Client) | None => Fault::Client,
            Some(ErrorKind::Server) => Fault::Server,
        };
        let message = message(&mut structure);
        ErrorShape {
            is_message_only: traits.retryable().is_none() && is_message_only(&structure),
            structure,
            wire_name: id.name().to_owned(),
            message,
            fault,
            status: status(traits),
            retryable: traits.retryable(),
            query_code: traits.aws_query_error().map(str::to_owned),
        }
    }
}

fn enumeration(name: String, shape: &Shape, repr: Repr, members: &Members) -> Enumeration {
    let mut names = variant_names(members);
    let values = members.iter().filter_map(|(name, member)| {
        Some(EnumValue {
            variant: names.remove(name.as_str()).unwrap_or_default(),
            value: member.traits.enum_value()?.clone(),
            docs: docs(&member.traits),
            deprecated: deprecated(&member.traits),
        })
    });
    Enumeration {
        name,
        docs: docs(&shape.traits),
        deprecated: deprecated(&shape.traits),
        repr,
        values: values.collect(),
        default: false,
        wipe: false,
    }
}

/// `@httpError`, or what the fault makes of it.
pub(super) fn status(traits: &Traits) -> u16 {
    let by_fault = || match traits.error() {
        Some(ErrorKind::Server) => 500,
        Some(ErrorKind::Client) | None => 400,
    };
    traits.http_error().unwrap_or_else(by_fault)
}

/// The member that holds the message for people. Services send one, and spell it in three ways,
/// whatever the model says. A sensitive one never shows in an error's text.
fn message(structure: &mut Structure) -> Option<PathStep> {
    let is_message = |field: &Field| MESSAGE.contains(&&*field.wire);
    let is_named = |field: &Field| field.name == "message";
    if !structure
        .fields
        .iter()
        .any(|f| is_message(f) || is_named(f))
    {
        structure.fields.push(unmodeled_message());
    }
    let only = structure
        .fields
        .iter()
        .filter(|field| is_message(field))
        .count()
        == 1;
    let field = structure
        .fields
        .iter_mut()
        .find(|field| is_message(field))?;
    if field.docs.is_empty() {
        field.docs.push(paragraph("The message of the service."));
    }
    if only {
        let others = MESSAGE.iter().filter(|name| **name != field.wire);
        field.aliases = others.map(|&name| name.to_owned()).collect();
    }
    (field.ty == Type::String).then(|| PathStep {
        field: field.name.clone(),
        optional: field.presence == Presence::Optional,
    })
}

fn unmodeled_message() -> Field {
    Field {
        name: "message".to_owned(),
        member: "message".to_owned(),
        wire: "message".to_owned(),
        aliases: Vec::new(),
        binding: Binding::Body,
        docs: Vec::new(),
        deprecated: None,
        ty: Type::String,
        constraints: Constraints::default(),
        presence: Presence::Optional,
        idempotency_token: false,
    }
}

fn is_message_only(structure: &Structure) -> bool {
    let [field] = structure.fields.as_slice() else {
        return false;
    };
    let is_text = field.ty == Type::String && field.presence == Presence::Optional;
    is_text && field.name == "message" && field.aliases.len() == MESSAGE.len() - 1
}

/// A structure without members or documentation.
pub(super) fn empty_structure(name: String, usage: Usage) -> Structure {
    Structure {
        name,
        docs: Vec::new(),
        deprecated: None,
        fields: Vec::new(),
        event_stream: None,
        usage,
        constructor: Constructor::DeriveDefault,
        wipe: false,
    }
}

/// `@deprecated`, if it is there.
pub(super) fn deprecated(traits: &Traits) -> Option<Deprecated> {
    traits.deprecated().map(|deprecated| Deprecated {
        message: deprecated
            .message
            .as_deref()
            .or_else(|| traits.replacement())
            .map(str::to_owned),
        since: deprecated.since.clone(),
    })
}
