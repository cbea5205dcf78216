//! Streams of events: which there are, and how each event is read.

use std::collections::BTreeMap;

use crate::ir::{
    Event, EventBinding, EventPlace, EventStream, EventStreamField, OperationError, Type,
};
use crate::names::{self, Scope};
use tinsmith_smithy::ast::{Member, Members, Model, Shape, ShapeId, ShapeKind};
use tinsmith_smithy::diagnostic::Diagnostic;

use super::definitions::{deprecated, variant_names};
use super::documentation::docs;
use super::operation::{ERROR_VARIANTS, variant_name};
use super::types::{Container, sensitive};
use super::{Lowering, RESPONSE};

/// The members of a union of events; `None` for any other shape.
pub(super) fn events(shape: &Shape) -> Option<&Members> {
    match &shape.kind {
        ShapeKind::Union(members) if shape.traits.streaming() => Some(members),
        _ => None,
    }
}

/// Whether an event has a document as its payload (Smithy specification, "Event message
/// serialization"): unless a member of its own is the payload, or all are headers.
pub(super) fn has_document(members: &Members) -> bool {
    let is_payload = members.values().any(|m| m.traits.event_payload());
    let all_headers = members.values().all(|m| m.traits.event_header());
    !is_payload && (members.is_empty() || !all_headers)
}

/// The members of the structure that a member of a stream targets.
pub(super) fn event_members<'m>(model: &'m Model, target: &ShapeId) -> Option<&'m Members> {
    match &model.shapes.get(target)?.kind {
        ShapeKind::Structure(members) => Some(members),
        _ => None,
    }
}

impl Lowering<'_, '_> {
    /// A union of events.
    pub(super) fn event_stream(
        &mut self,
        id: &ShapeId,
        name: String,
        shape: &Shape,
        members: &Members,
    ) -> EventStream {
        let mut names = variant_names(members);
        let mut errors = self.stream_error_variants(members);
        let mut stream = EventStream {
            module: names::module(&name),
            docs: docs(&shape.traits),
            deprecated: deprecated(&shape.traits),
            events: Vec::new(),
            error: OperationError {
                name: self
                    .known
                    .stream_errors
                    .get(id)
                    .cloned()
                    .unwrap_or_default(),
                variants: Vec::new(),
            },
            name,
        };
        for (wire_name, member) in members {
            if let Some((variant, type_name)) = errors.remove(wire_name.as_str()) {
                let variant = self.error_variant(&member.target, wire_name, variant, type_name);
                stream.error.variants.push(variant);
                continue;
            }
            let ty = self.member_type(id, wire_name, member);
            if !matches!(ty, Type::Structure(_) | Type::Unit) {
                let fault = "must target a structure, since it is an event of a stream";
                self.faults
                    .push(Diagnostic::shape(id.with_member(wire_name), fault));
            }
            let content = event_members(self.known.model, &member.target);
            stream.events.push(Event {
                name: names.remove(wire_name.as_str()).unwrap_or_default(),
                wire_name: wire_name.clone(),
                docs: self.member_docs(member),
                deprecated: deprecated(&member.traits),
                ty: match shape.traits.sensitive() {
                    true => sensitive(ty),
                    false => ty,
                },
                document: content.is_none_or(has_document),
                bindings: self.event_bindings(&member.target),
            });
        }
        let variants = &mut stream.error.variants;
        variants.sort_by(|a, b| a.variant.cmp(&b.variant));
        stream
    }

    /// The members of a stream that are errors: the names of variant and type. Two members can
    /// target one error.
    fn stream_error_variants<'n>(
        &self,
        members: &'n Members,
    ) -> BTreeMap<&'n str, (String, String)> {
        let mut scope = Scope::new(ERROR_VARIANTS, "Value");
        let sorted: BTreeMap<&str, &Member> =
            members.iter().map(|(name, m)| (name.as_str(), m)).collect();
        let variant = |(wire_name, member): (_, &Member)| {
            let type_name = self.known.error_names.get(&member.target)?;
            let variant = scope.take(variant_name(type_name));
            Some((wire_name, (variant, type_name.clone())))
        };
        sorted.into_iter().filter_map(variant).collect()
    }

    /// The members of an event that stand outside of a document.
    fn event_bindings(&mut self, id: &ShapeId) -> Vec<EventBinding> {
        let Some(members) = event_members(self.known.model, id) else {
            return Vec::new();
        };
        let structure = self.structure(id, String::new(), RESPONSE, Container::Other);
        let has_payload = members.values().any(|m| m.traits.event_payload());
        let mut bindings = Vec::new();
        for field in structure.fields {
            let traits = members.get(&field.wire_name).map(|member| &member.traits);
            let place = match traits {
                Some(traits) if traits.event_payload() => EventPlace::Payload,
                Some(traits) if traits.event_header() => EventPlace::Header,
                Some(_) if has_payload => {
                    let fault = "must have @eventHeader, since another member is the payload";
                    self.faults
                        .push(Diagnostic::shape(id.with_member(&field.wire_name), fault));
                    continue;
                }
                Some(_) | None => continue,
            };
            if !fits(place, &field.ty) {
                let fault = match place {
                    EventPlace::Header => "@eventHeader must be a number, text, bytes or a time",
                    EventPlace::Payload => {
                        "@eventPayload must be a blob, a string, a structure or a union"
                    }
                };
                self.faults
                    .push(Diagnostic::shape(id.with_member(&field.wire_name), fault));
            }
            bindings.push(EventBinding { place, field });
        }
        bindings
    }

    /// The member of an output that is a stream, if this is it.
    pub(super) fn stream_field(&self, name: &str, member: &Member) -> Option<EventStreamField> {
        events(self.known.model.shapes.get(&member.target)?)?;
        Some(EventStreamField {
            name: name.to_owned(),
            docs: self.member_docs(member),
            deprecated: deprecated(&member.traits),
            stream: self.known.type_names.get(&member.target).cloned()?,
        })
    }
}

/// Whether a member of an event can stand there.
fn fits(place: EventPlace, ty: &Type) -> bool {
    match ty {
        Type::Sensitive(inner) | Type::Boxed(inner) => fits(place, inner),
        Type::Blob | Type::String | Type::Enum(_) => true,
        Type::Structure(_) | Type::Union(_) => place == EventPlace::Payload,
        Type::Boolean
        | Type::Byte
        | Type::Short
        | Type::Integer
        | Type::Long
        | Type::Timestamp(_)
        | Type::IntEnum(_) => place == EventPlace::Header,
        Type::Float
        | Type::Double
        | Type::BigInteger
        | Type::BigDecimal
        | Type::Document
        | Type::Unit
        | Type::List { .. }
        | Type::Map { .. } => false,
    }
}
