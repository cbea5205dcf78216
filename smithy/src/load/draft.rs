//! A shape while it is being loaded: its members may still come from mixins.

use std::collections::BTreeMap;

use serde_json::Value;

use super::report::{Report, SourceIndex};
use crate::ast::{
    Member, Members, Operation, Resource, Service, Shape, ShapeId, ShapeKind, Traits,
};

/// Every shape of every source, by id.
pub(super) type Drafts = BTreeMap<ShapeId, Draft>;

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
    pub(super) members: Members,
    /// The traits of the shape itself.
    pub(super) traits: Traits,
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
            members: Members::new(),
            traits: Traits::new(),
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

    /// The shape, once mixins are flattened. A list or map without its members is a fault.
    pub(super) fn finish(mut self, id: &ShapeId, report: &mut Report) -> Option<Shape> {
        let kind = match self.kind {
            DraftKind::Simple(kind) => kind,
            DraftKind::List => {
                let [member] = self.take_members(id, ["member"], report)?;
                ShapeKind::List(member)
            }
            DraftKind::Map => {
                let [key, value] = self.take_members(id, ["key", "value"], report)?;
                ShapeKind::Map { key, value }
            }
            DraftKind::Structure => ShapeKind::Structure(self.members),
            DraftKind::Union => ShapeKind::Union(self.members),
            DraftKind::Enum => ShapeKind::Enum(self.members),
            DraftKind::IntEnum => ShapeKind::IntEnum(self.members),
            DraftKind::Service(service) => ShapeKind::Service(service),
            DraftKind::Resource(resource) => ShapeKind::Resource(resource),
            DraftKind::Operation(operation) => ShapeKind::Operation(operation),
        };
        Some(Shape {
            kind,
            traits: self.traits,
            mixins: Vec::new(),
        })
    }

    fn take_members<const N: usize>(
        &mut self,
        id: &ShapeId,
        names: [&str; N],
        report: &mut Report,
    ) -> Option<[Member; N]> {
        let missing: Vec<_> = names
            .into_iter()
            .filter(|name| !self.members.contains_key(*name))
            .collect();
        let plural = match missing.len() {
            0 => "",
            1 => "member",
            _ => "members",
        };
        if !plural.is_empty() {
            let missing = missing.join(", ");
            let message = format!("Missing required {plural} of shape `{id}`: {missing}");
            report.error(self.source, id, message);
            return None;
        }
        let members: Vec<_> = names
            .into_iter()
            .filter_map(|name| self.members.swap_remove(name))
            .collect();
        members.try_into().ok()
    }
}
