//! A shape while it is being loaded: its members may still come from mixins.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::Value;

use super::prelude;
use super::report::{Report, SourceIndex};
use crate::ast::{Member, Operation, Resource, Service, Shape, ShapeId, ShapeKind};
use crate::traits::{self, Traits};

/// Every shape of every source, by id.
pub(super) type Drafts = BTreeMap<ShapeId, Draft>;

/// Traits as a source has them, by id.
pub(super) type DraftTraits = BTreeMap<String, Value>;

/// Members by name, in the model's order.
pub(super) type DraftMembers = IndexMap<String, DraftMember>;

/// A member as a source has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DraftMember {
    pub(super) target: ShapeId,
    pub(super) traits: DraftTraits,
}

/// A shape of the model, with what validation needs of its origin.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) shape: Shape,
    pub(super) version: Version,
    pub(super) source: SourceIndex,
}

/// The version of the specification that a source declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    V1,
    V2,
}

/// A shape as a source defines it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Draft {
    /// The kind without its members.
    pub(super) kind: DraftKind,
    /// The members of every kind that has any: of a list `member`, of a map `key` and `value`.
    pub(super) members: DraftMembers,
    /// The traits of the shape itself.
    pub(super) traits: DraftTraits,
    /// What the shape takes members and traits from.
    pub(super) mixins: Vec<ShapeId>,
    /// The version of the source that defines the shape.
    pub(super) version: Version,
    /// The source that defines the shape.
    pub(super) source: SourceIndex,
}

/// The kind of a shape, its members aside.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum DraftKind {
    /// A kind without members or bindings, as the model will have it.
    Simple(ShapeKind),
    List,
    Map,
    Structure,
    Union,
    Enum,
    IntEnum,
    Service(Service),
    Resource(Resource),
    Operation(Operation),
}

impl DraftKind {
    /// The simple kind of this name.
    pub(super) fn simple(name: &str) -> Option<Self> {
        Some(Self::Simple(match name {
            "blob" => ShapeKind::Blob,
            "boolean" => ShapeKind::Boolean,
            "string" => ShapeKind::String,
            "byte" => ShapeKind::Byte,
            "short" => ShapeKind::Short,
            "integer" => ShapeKind::Integer,
            "long" => ShapeKind::Long,
            "float" => ShapeKind::Float,
            "double" => ShapeKind::Double,
            "bigInteger" => ShapeKind::BigInteger,
            "bigDecimal" => ShapeKind::BigDecimal,
            "timestamp" => ShapeKind::Timestamp,
            "document" => ShapeKind::Document,
            _ => return None,
        }))
    }

    /// The kind as the JSON AST spells it in `type`.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Simple(kind) => kind.name(),
            Self::List => "list",
            Self::Map => "map",
            Self::Structure => "structure",
            Self::Union => "union",
            Self::Enum => "enum",
            Self::IntEnum => "intEnum",
            Self::Service(_) => "service",
            Self::Resource(_) => "resource",
            Self::Operation(_) => "operation",
        }
    }

    /// The value that Smithy 1.0 gave to a value left out, for the kinds that had one.
    pub(super) fn zero(&self) -> Option<Value> {
        let Self::Simple(kind) = self else {
            return matches!(self, Self::IntEnum).then(|| Value::from(0));
        };
        match kind {
            ShapeKind::Boolean => Some(Value::Bool(false)),
            ShapeKind::Byte
            | ShapeKind::Short
            | ShapeKind::Integer
            | ShapeKind::Long
            | ShapeKind::Float
            | ShapeKind::Double => Some(Value::from(0)),
            _ => None,
        }
    }
}

impl Draft {
    /// A draft that has only a kind.
    pub(super) fn new(kind: DraftKind, version: Version, source: SourceIndex) -> Self {
        Self {
            kind,
            members: DraftMembers::new(),
            traits: DraftTraits::new(),
            mixins: Vec::new(),
            version,
            source,
        }
    }

    /// Whether `other` defines the same shape, traits aside: those merge.
    pub(super) fn defines_the_same_as(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.mixins == other.mixins
            && self.members.len() == other.members.len()
            && self.members.iter().all(|(name, member)| {
                other
                    .members
                    .get(name)
                    .is_some_and(|others| others.target == member.target)
            })
    }

    /// Returns the shape with typed traits, once mixins are flattened. Members that are missing in a
    /// list or map are faults if mixins could be flattened, and so are traits of the wrong form.
    pub(super) fn finish(self, id: &ShapeId, is_flat: bool, report: &mut Report) -> Finished {
        let source = self.source;
        let traits = typed(id, self.traits, source, report);
        let members = self.members.into_iter().map(|(name, member)| {
            let id = id.with_member(&name);
            let traits = typed(&id, member.traits, source, report);
            let target = member.target;
            (name, Member { target, traits })
        });
        let mut members: IndexMap<String, Member> = members.collect();
        let missing: Vec<&str> = match &self.kind {
            DraftKind::List => vec!["member"],
            DraftKind::Map => vec!["key", "value"],
            _ => Vec::new(),
        };
        let missing = missing
            .into_iter()
            .filter(|name| !members.contains_key(*name));
        let missing: Vec<&str> = missing.collect();
        if !missing.is_empty() && is_flat {
            let plural = if missing.len() == 1 {
                "member"
            } else {
                "members"
            };
            let missing = missing.join(", ");
            let message = format!("Missing required {plural} of shape `{id}`: {missing}");
            report.error(source, id, message);
        }
        let mut take = |name: &str| {
            // In place of a member that is missing, one that gives no further fault.
            let placeholder = || Member {
                target: prelude::string(),
                traits: Traits::default(),
            };
            members.swap_remove(name).unwrap_or_else(placeholder)
        };
        let kind = match self.kind {
            DraftKind::Simple(kind) => kind,
            DraftKind::List => ShapeKind::List(take("member")),
            DraftKind::Map => ShapeKind::Map {
                key: take("key"),
                value: take("value"),
            },
            DraftKind::Structure => ShapeKind::Structure(members),
            DraftKind::Union => ShapeKind::Union(members),
            DraftKind::Enum => ShapeKind::Enum(members),
            DraftKind::IntEnum => ShapeKind::IntEnum(members),
            DraftKind::Service(service) => ShapeKind::Service(service),
            DraftKind::Resource(resource) => ShapeKind::Resource(resource),
            DraftKind::Operation(operation) => ShapeKind::Operation(operation),
        };
        Finished {
            shape: Shape { kind, traits },
            version: self.version,
            source,
        }
    }
}

/// Returns the traits with typed values.
fn typed(id: &ShapeId, traits: DraftTraits, source: SourceIndex, report: &mut Report) -> Traits {
    let mut typed = Traits::default();
    for (trait_id, value) in traits {
        if let Err(fault) = typed.insert(&trait_id, value) {
            let name = traits::idiomatic_name(&trait_id);
            report.error(
                source,
                id,
                format!("Error creating trait `{name}`: {fault}"),
            );
        }
    }
    typed
}
