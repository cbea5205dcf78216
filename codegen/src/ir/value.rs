//! Values that a model spells out: in a default, an example or a test of its own.

use std::collections::BTreeMap;

pub use tinsmith_smithy::scalar::Scalar;

use super::{Constructor, WireValue};

/// A value whose kind says its type, so that nothing else is needed to write it as Rust.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // The names are Smithy's.
pub enum Value {
    Scalar(Scalar),
    Document(Document),
    /// A value of a string enum or an integer enum.
    Enum {
        /// The enum's Rust name.
        name: String,
        /// The value.
        value: EnumChoice,
    },
    Structure(StructureValue),
    Union {
        /// The union's Rust name.
        name: String,
        /// The variant's Rust name.
        variant: String,
        /// What the variant holds, if it holds anything.
        value: Option<Box<Value>>,
    },
    List(Vec<Value>),
    Map(Vec<(Value, Value)>),
    /// What is there of a sparse list or map.
    Present(Box<Value>),
    /// What is not there of a sparse list or map.
    Absent,
    Boxed(Box<Value>),
    Sensitive(Box<Value>),
    /// The zero value of the type that is asked for.
    Zero,
}

/// JSON without a type.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // The names are those of JSON.
pub enum Document {
    Null,
    Boolean(bool),
    /// The digits, as JSON writes them.
    Number(String),
    String(String),
    Array(Vec<Document>),
    Object(BTreeMap<String, Document>),
}

/// Which value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnumChoice {
    /// The variant with this Rust name.
    Known(String),
    /// One that the model does not list.
    Unknown(WireValue),
}

/// A structure with its members.
#[derive(Clone, Debug, PartialEq)]
pub struct StructureValue {
    /// The Rust name.
    pub name: String,
    /// How it is made.
    pub constructor: Constructor,
    /// Whether it has setters; one that is only read has its fields assigned.
    pub has_setters: bool,
    /// The arguments of `new`, in order.
    pub arguments: Vec<Value>,
    /// The members given beyond those.
    pub members: Vec<MemberValue>,
}

/// A member of a structure.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberValue {
    /// The field and its setter.
    pub field: String,
    /// Whether the field is an `Option`.
    pub optional: bool,
    /// Whether the field holds a `Box`, which its setter makes.
    pub boxed: bool,
    /// What is given.
    pub value: Value,
}

impl Value {
    /// Whether it is the zero value of its type.
    pub(crate) fn is_zero(&self) -> bool {
        match self {
            Self::Scalar(scalar) => scalar.is_zero(),
            Self::List(items) => items.is_empty(),
            Self::Map(entries) => entries.is_empty(),
            Self::Present(inner) | Self::Boxed(inner) | Self::Sensitive(inner) => inner.is_zero(),
            Self::Zero => true,
            Self::Document(_)
            | Self::Enum { .. }
            | Self::Structure(_)
            | Self::Union { .. }
            | Self::Absent => false,
        }
    }

    /// Calls `visit` with this value and every value inside.
    pub fn walk<'v>(&'v self, visit: &mut dyn FnMut(&'v Self)) {
        visit(self);
        match self {
            Self::Scalar(_) | Self::Document(_) | Self::Enum { .. } | Self::Absent | Self::Zero => {
            }
            Self::Structure(structure) => structure.walk(visit),
            Self::Union { value, .. } => value.iter().for_each(|value| value.walk(visit)),
            Self::List(items) => items.iter().for_each(|item| item.walk(visit)),
            Self::Map(entries) => entries.iter().for_each(|(key, value)| {
                key.walk(visit);
                value.walk(visit);
            }),
            Self::Present(inner) | Self::Boxed(inner) | Self::Sensitive(inner) => inner.walk(visit),
        }
    }
}

impl StructureValue {
    /// Calls `visit` with every value inside.
    pub fn walk<'v>(&'v self, visit: &mut dyn FnMut(&'v Value)) {
        self.arguments.iter().for_each(|value| value.walk(visit));
        let members = self.members.iter();
        members.for_each(|member| member.value.walk(visit));
    }
}
