//! From the target of a member to a Rust type, its presence and its default.

use crate::ir::{Presence, TimestampFormat, Type, TypeIndex};
use tinsmith_smithy::ast::{Member, ShapeId, ShapeKind, UNIT};
use tinsmith_smithy::diagnostic::Diagnostic;
use tinsmith_smithy::traits::Traits;

use super::Lowering;
use super::inputs::is_filled;
use super::value::{Reading, Values};

/// The most lists and maps around a type. Whatever walks a type, here and in rustc, needs more stack
/// with each.
const MOST_NESTED: usize = 32;

/// Whose members are lowered; the rules of presence differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    /// The request of an operation.
    Input,
    /// The response of an operation, which may hold a stream of events.
    Output,
    /// Any other structure.
    Other,
}

impl Lowering<'_, '_> {
    /// The type of a member's value.
    pub(super) fn member_type(&mut self, owner: &ShapeId, name: &str, member: &Member) -> Type {
        let mut path = Vec::new();
        let ty = self.target_type(&member.target, &member.traits, &mut path);
        let ty = ty.unwrap_or_else(|fault| {
            self.faults
                .push(Diagnostic::shape(owner.with_member(name), fault));
            Type::Unit
        });
        if self.known.boxed.contains(&(owner.as_str(), name)) {
            Type::Boxed(Box::new(ty))
        } else {
            ty
        }
    }

    /// `path` holds the lists and maps on the way, since those can hold each other only through a
    /// structure or a union.
    fn target_type(
        &self,
        target: &ShapeId,
        member: &Traits,
        path: &mut Vec<ShapeId>,
    ) -> Result<Type, String> {
        // A loaded model has the target of each member, and it is data.
        let Some(shape) = self.known.model.shapes.get(target) else {
            return Ok(Type::Unit);
        };
        if path.contains(target) {
            return Err(format!(
                "`{target}` holds itself with no structure or union between"
            ));
        }
        if path.len() > MOST_NESTED {
            return Err(format!(
                "`{target}` is in more than {MOST_NESTED} lists and maps, with no structure or \
                 union between"
            ));
        }
        let nested = |this: &Self, member: &Member, path: &mut Vec<ShapeId>| {
            path.push(target.clone());
            let ty = this.target_type(&member.target, &member.traits, path);
            path.pop();
            ty.map(Box::new)
        };
        let name = || {
            self.known
                .type_names
                .get(target)
                .cloned()
                .unwrap_or_default()
        };
        let ty = match &shape.kind {
            ShapeKind::Blob => Type::Blob,
            ShapeKind::Boolean => Type::Boolean,
            ShapeKind::String => Type::String,
            ShapeKind::Byte => Type::Byte,
            ShapeKind::Short => Type::Short,
            ShapeKind::Integer => Type::Integer,
            ShapeKind::Long => Type::Long,
            ShapeKind::Float => Type::Float,
            ShapeKind::Double => Type::Double,
            ShapeKind::BigInteger => Type::BigInteger,
            ShapeKind::BigDecimal => Type::BigDecimal,
            ShapeKind::Timestamp => Type::Timestamp(timestamp_format(member, &shape.traits)),
            ShapeKind::Document => Type::Document,
            ShapeKind::Enum(_) => Type::Enum(name()),
            ShapeKind::IntEnum(_) => Type::IntEnum(name()),
            ShapeKind::List(item) => Type::List {
                item: nested(self, item, path)?,
                sparse: shape.traits.sparse(),
            },
            ShapeKind::Map { key, value } => Type::Map {
                key: nested(self, key, path)?,
                value: nested(self, value, path)?,
                sparse: shape.traits.sparse(),
            },
            ShapeKind::Structure(_) if target.as_str() == UNIT => Type::Unit,
            ShapeKind::Structure(_) => return Ok(Type::Structure(name())),
            ShapeKind::Union(_) if shape.traits.streaming() => {
                return Err(format!(
                    "targets `{target}`, a stream of events, which only the output of an operation \
                     may hold, and only one"
                ));
            }
            ShapeKind::Union(_) => return Ok(Type::Union(name())),
            ShapeKind::Service(_) | ShapeKind::Resource(_) | ShapeKind::Operation(_) => Type::Unit,
        };
        // A sensitive structure or union passes it on to its members instead.
        Ok(if shape.traits.sensitive() {
            sensitive(ty)
        } else {
            ty
        })
    }

    /// Whether a member can be absent (Smithy specification, "Structure member optionality").
    ///
    /// Smithy lets a client treat the members of every input as optional, so that a service may
    /// drop `@required` later. Here a required member is an argument of `new`: a caller who forgets
    /// it is told by the compiler, and one who regenerates after such a change as well.
    pub(super) fn presence(
        &self,
        owner: &ShapeId,
        name: &str,
        member: &Member,
        ty: &Type,
        container: Container,
    ) -> Presence {
        let traits = &member.traits;
        let required = traits.required();
        if traits.client_optional() {
            return Presence::Optional;
        }
        if container == Container::Input {
            let filled = traits.idempotency_token() && is_filled(ty);
            return if required && !filled {
                Presence::Required
            } else {
                Presence::Optional
            };
        }
        if self.known.demoted.contains(&(owner.as_str(), name)) {
            return Presence::Optional;
        }
        match traits.default_value() {
            Some(json) if !json.is_null() && !traits.added_default() => {
                let values = Values::new(TypeIndex::new(), Reading::Default);
                // The loader has checked that it fits.
                let value = values.value(ty, json);
                value.map_or(Presence::Optional, Presence::Default)
            }
            _ if required => Presence::Required,
            _ => Presence::Optional,
        }
    }
}

/// Wraps a type unless it is wrapped already.
pub(super) fn sensitive(ty: Type) -> Type {
    match ty {
        Type::Sensitive(_) | Type::Unit => ty,
        Type::Boxed(inner) => Type::Boxed(Box::new(sensitive(*inner))),
        other => Type::Sensitive(Box::new(other)),
    }
}

fn timestamp_format(member: &Traits, target: &Traits) -> TimestampFormat {
    let format = member.timestamp_format();
    let format = format.or_else(|| target.timestamp_format());
    format.unwrap_or(TimestampFormat::EpochSeconds)
}
