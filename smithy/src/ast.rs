//! The Smithy JSON AST (Smithy specification, "JSON AST"), loaded and made uniform.
//!
//! A loaded [`Model`] is always of Smithy 2.0: a 1.0 file is upgraded, several files are merged,
//! `apply` statements are applied, mixins are flattened (the mixin shapes themselves are gone), and
//! the prelude's shapes are present.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;

use indexmap::IndexMap;
use serde_json::Value;

use crate::traits::Traits;

/// The id of the shape that has no meaningful value: the target of members of enums, and what an
/// operation without input or output targets.
pub const UNIT: &str = "smithy.api#Unit";

/// Members by name, in the model's order.
pub type Members = IndexMap<String, Member>;

/// The id of a shape or of a member: `namespace#Name` or `namespace#Name$member`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShapeId(String);

impl ShapeId {
    /// Takes an absolute id; `None` when the text is not one (Smithy specification, "Shape ID ABNF").
    pub fn new(id: impl Into<String>) -> Option<Self> {
        let id = id.into();
        Self::is_valid(&id).then_some(Self(id))
    }

    /// Returns the id of a shape of Smithy's prelude.
    pub(crate) fn of_prelude(name: &str) -> Self {
        Self(format!("smithy.api#{name}"))
    }

    /// Whether the text is an absolute id, of a shape or of a member.
    pub fn is_valid(id: &str) -> bool {
        let Some((namespace, rest)) = id.split_once('#') else {
            return false;
        };
        let (name, member) = match rest.split_once('$') {
            Some((name, member)) => (name, Some(member)),
            None => (rest, None),
        };
        namespace.split('.').all(is_identifier)
            && is_identifier(name)
            && member.is_none_or(is_identifier)
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before `#`.
    pub fn namespace(&self) -> &str {
        self.0
            .split_once('#')
            .map_or("", |(namespace, _)| namespace)
    }

    /// What stands between `#` and `$`.
    pub fn name(&self) -> &str {
        let rest = self.0.split_once('#').map_or("", |(_, rest)| rest);
        rest.split_once('$').map_or(rest, |(name, _)| name)
    }

    /// What stands after `$`; `None` when the id is not one of a member.
    pub fn member(&self) -> Option<&str> {
        self.0.split_once('$').map(|(_, member)| member)
    }

    /// The id without `$member`.
    pub fn root(&self) -> Self {
        Self(
            self.0
                .split_once('$')
                .map_or(self.0.as_str(), |(root, _)| root)
                .to_owned(),
        )
    }

    /// The id of a member of this shape.
    pub fn with_member(&self, member: &str) -> Self {
        Self(format!("{}${member}", self.0))
    }
}

impl fmt::Display for ShapeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ShapeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for ShapeId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Smithy's `identifier` rule: underscores, then a letter, then letters, digits and underscores;
/// or underscores followed by a digit.
pub(crate) fn is_identifier(text: &str) -> bool {
    let rest = text.trim_start_matches('_');
    let starts_well = match rest.bytes().next() {
        Some(c) if c.is_ascii_alphabetic() => true,
        Some(c) => c.is_ascii_digit() && rest.len() < text.len(),
        None => false,
    };
    starts_well && rest.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
}

/// A loaded model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// The model's metadata, by key.
    pub metadata: BTreeMap<String, Value>,
    /// Every shape, those of Smithy's prelude included, by id.
    pub shapes: BTreeMap<ShapeId, Shape>,
}

/// One shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// What kind of shape it is, with what only that kind has.
    pub kind: ShapeKind,
    /// The traits applied to the shape itself.
    pub traits: Traits,
}

/// The kinds of shape (Smithy specification, "Shape types"). A 1.0 `set` is a list with
/// `uniqueItems`, a string with `@enum` an enum.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // The names are Smithy's own.
pub enum ShapeKind {
    Blob,
    Boolean,
    String,
    Byte,
    Short,
    Integer,
    Long,
    Float,
    Double,
    BigInteger,
    BigDecimal,
    Timestamp,
    Document,
    /// The members carry `smithy.api#enumValue`, a string.
    Enum(Members),
    /// The members carry `smithy.api#enumValue`, a whole number.
    IntEnum(Members),
    List(Member),
    Map {
        key: Member,
        value: Member,
    },
    Structure(Members),
    Union(Members),
    Service(Service),
    Resource(Resource),
    Operation(Operation),
}

impl ShapeKind {
    /// The kind as the JSON AST spells it in `type`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Boolean => "boolean",
            Self::String => "string",
            Self::Byte => "byte",
            Self::Short => "short",
            Self::Integer => "integer",
            Self::Long => "long",
            Self::Float => "float",
            Self::Double => "double",
            Self::BigInteger => "bigInteger",
            Self::BigDecimal => "bigDecimal",
            Self::Timestamp => "timestamp",
            Self::Document => "document",
            Self::Enum(_) => "enum",
            Self::IntEnum(_) => "intEnum",
            Self::List(_) => "list",
            Self::Map { .. } => "map",
            Self::Structure(_) => "structure",
            Self::Union(_) => "union",
            Self::Service(_) => "service",
            Self::Resource(_) => "resource",
            Self::Operation(_) => "operation",
        }
    }
}

impl ShapeKind {
    /// Returns the members with their names: of a list `member`, of a map `key` and `value`.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Member)> {
        let (single, named) = match self {
            Self::List(member) => (vec![("member", member)], None),
            Self::Map { key, value } => (vec![("key", key), ("value", value)], None),
            Self::Enum(members)
            | Self::IntEnum(members)
            | Self::Structure(members)
            | Self::Union(members) => (Vec::new(), Some(members)),
            _ => (Vec::new(), None),
        };
        let named = named.into_iter().flatten();
        let named = named.map(|(name, member)| (name.as_str(), member));
        single.into_iter().chain(named)
    }
}

/// A member of an aggregate shape or of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The shape of the member's value; `smithy.api#Unit` for members of enums.
    pub target: ShapeId,
    /// The traits applied to the member.
    pub traits: Traits,
}

/// What a service binds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Service {
    /// The version of the API, such as `2014-11-01`.
    pub version: Option<String>,
    /// The operations bound to the service itself.
    pub operations: Vec<ShapeId>,
    /// The resources bound to the service; their operations belong to the service too.
    pub resources: Vec<ShapeId>,
    /// Errors that every operation may answer.
    pub errors: Vec<ShapeId>,
    /// Other names for shapes of the closure.
    pub rename: BTreeMap<ShapeId, String>,
}

/// What a resource binds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resource {
    /// Identifier name to the shape of its value.
    pub identifiers: IndexMap<String, ShapeId>,
    /// Property name to the shape of its value.
    pub properties: IndexMap<String, ShapeId>,
    /// The lifecycle operations present: (`create`, `put`, `read`, `update`, `delete`, `list`) to operation.
    pub lifecycle: IndexMap<String, ShapeId>,
    /// Instance operations.
    pub operations: Vec<ShapeId>,
    /// Operations on the collection.
    pub collection_operations: Vec<ShapeId>,
    /// Child resources.
    pub resources: Vec<ShapeId>,
}

/// What an operation takes and gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Operation {
    /// `None` is the same as `smithy.api#Unit`.
    pub input: Option<ShapeId>,
    /// `None` is the same as `smithy.api#Unit`.
    pub output: Option<ShapeId>,
    /// The modelled errors.
    pub errors: Vec<ShapeId>,
}
