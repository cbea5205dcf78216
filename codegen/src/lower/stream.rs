//! Streams of events: which there are, and how each event is read.

use std::collections::BTreeMap;

use crate::ir::{Binding, Event, EventStream, EventStreamField, Field, OperationError, Type};
use crate::names::Scope;
use tinsmith_smithy::ast::{Member, Members, Shape, ShapeId};
use tinsmith_smithy::diagnostic::Diagnostic;

use super::Lowering;
use super::closure::{self, event_members, has_document};
use super::definitions::deprecated;
use super::documentation::docs;
use super::naming::variant_names;
use super::operation::{ERROR_VARIANTS, variant_name};
use super::types::{Container, sensitive};

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
        for (name, member) in members {
            if let Some((variant, type_name)) = errors.remove(name.as_str()) {
                let variant = self.error_variant(&member.target, name, variant, type_name);
                stream.error.variants.push(variant);
                continue;
            }
            let ty = self.member_type(id, name, member);
            if !matches!(ty, Type::Structure(_) | Type::Unit) {
                let fault = "must target a structure, since it is an event of a stream";
                self.faults
                    .push(Diagnostic::shape(id.with_member(name), fault));
            }
            let content = event_members(self.known.model, &member.target);
            stream.events.push(Event {
                name: names.remove(name.as_str()).unwrap_or_default(),
                member: name.clone(),
                docs: self.member_docs(member),
                deprecated: deprecated(&member.traits),
                ty: match shape.traits.sensitive() {
                    true => sensitive(ty),
                    false => ty,
                },
                document: content.is_none_or(has_document),
                bound: self.event_bindings(&member.target),
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
        let variant = |(name, member): (_, &Member)| {
            let type_name = self.known.error_names.get(&member.target)?;
            let variant = scope.take(variant_name(type_name));
            Some((name, (variant, type_name.clone())))
        };
        sorted.into_iter().filter_map(variant).collect()
    }

    /// The members of an event that stand outside of a document.
    fn event_bindings(&mut self, id: &ShapeId) -> Vec<Field> {
        let Some(members) = event_members(self.known.model, id) else {
            return Vec::new();
        };
        let structure = self.structure(
            id,
            String::new(),
            self.known.role.output(),
            Container::Other,
        );
        let has_payload = members.values().any(|m| m.traits.event_payload());
        let mut bound = Vec::new();
        for field in structure.fields {
            let traits = members.get(&field.member).map(|member| &member.traits);
            let binding = match traits {
                Some(traits) if traits.event_payload() => Binding::Payload,
                Some(traits) if traits.event_header() => Binding::Header,
                Some(_) if has_payload => {
                    let fault = "must have @eventHeader, since another member is the payload";
                    self.faults
                        .push(Diagnostic::shape(id.with_member(&field.member), fault));
                    continue;
                }
                Some(_) | None => continue,
            };
            if !fits(binding, &field.ty) {
                let fault = if binding == Binding::Header {
                    "@eventHeader must be a number, text, bytes or a time"
                } else {
                    "@eventPayload must be a blob, a string, a structure or a union"
                };
                self.faults
                    .push(Diagnostic::shape(id.with_member(&field.member), fault));
            }
            bound.push(Field { binding, ..field });
        }
        bound
    }

    /// The member of an output that is a stream, if this is it.
    pub(super) fn stream_field(
        &self,
        field: &str,
        name: &str,
        member: &Member,
    ) -> Option<EventStreamField> {
        closure::events(self.known.model.shapes.get(&member.target)?)?;
        Some(EventStreamField {
            name: field.to_owned(),
            member: name.to_owned(),
            docs: self.member_docs(member),
            deprecated: deprecated(&member.traits),
            stream: self.known.type_names.get(&member.target).cloned()?,
        })
    }
}

/// Whether a member of an event can stand there.
fn fits(binding: Binding, ty: &Type) -> bool {
    match ty {
        Type::Sensitive(inner) | Type::Boxed(inner) => fits(binding, inner),
        Type::Blob | Type::String | Type::Enum(_) => true,
        Type::Structure(_) | Type::Union(_) => binding == Binding::Payload,
        Type::Boolean
        | Type::Byte
        | Type::Short
        | Type::Integer
        | Type::Long
        | Type::Timestamp(_)
        | Type::IntEnum(_) => binding == Binding::Header,
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
