//! Structures, unions, enums and errors.

pub use tinsmith_smithy::traits::{EnumValue as WireValue, Retryable};

use super::{Constraints, Deprecated, Docs, EventStream, EventStreamField, PathStep, Type, Value};

/// A shape that several operations may share: a file of its own under `types/`.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeDef {
    /// A structure.
    Structure(Structure),
    /// A union.
    Union(Union),
    /// A union of events.
    EventStream(EventStream),
    /// An enum.
    Enum(Enumeration),
}

impl TypeDef {
    /// The Rust name.
    pub fn name(&self) -> &str {
        match self {
            Self::Structure(x) => &x.name,
            Self::Union(x) => &x.name,
            Self::EventStream(x) => &x.name,
            Self::Enum(x) => &x.name,
        }
    }
}

/// What generated code does with the values of a shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Users make them, and the crate writes them.
    pub written: bool,
    /// The crate reads them.
    pub read: bool,
    /// It is an event whose members stand in headers or are the payload, so it is put together.
    pub event: bool,
}

/// A structure: an input, an output, an error, or shared.
#[derive(Clone, Debug, PartialEq)]
pub struct Structure {
    /// The Rust name.
    pub name: String,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// In the model's order.
    pub fields: Vec<Field>,
    /// The stream of events of an output, which is not among the fields.
    pub event_stream: Option<EventStreamField>,
    /// Where it travels.
    pub usage: Usage,
    /// How a value is made.
    pub constructor: Constructor,
    /// Whether it needs `Wipe`, because something sensitive holds it.
    pub wipe: bool,
}

impl Structure {
    /// Whether callers can make a value with `new`.
    pub fn has_new(&self) -> bool {
        self.usage.written || self.constructor == Constructor::New
    }
}

/// How a structure is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constructor {
    /// `derive(Default)` gives the right value.
    DeriveDefault,
    /// `Default` written out, since a field has a default that is not its type's.
    ImplDefault,
    /// `new` with the required members; no `Default`.
    New,
}

/// A member of a structure.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The Rust name, a raw identifier where it must be one.
    pub name: String,
    /// The member's name in the model.
    pub member: String,
    /// The member's name on the wire.
    pub wire: String,
    /// Other names that are read as well: those of an error's message.
    pub aliases: Vec<String>,
    /// Where the member travels.
    pub binding: Binding,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// The type, without the `Option` of its presence.
    pub ty: Type,
    /// The constraints, which the service checks.
    pub constraints: Constraints,
    /// Whether it can be absent, and what stands in then.
    pub presence: Presence,
    /// Whether the client fills it with a UUID if the caller leaves it out: `@idempotencyToken`.
    pub idempotency_token: bool,
}

/// Where a member travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// In the document that is the body of a message.
    Body,
    /// In a header of an event: `@eventHeader`.
    Header,
    /// As the whole body of an event: `@eventPayload`.
    Payload,
}

/// Whether a member can be absent.
#[derive(Clone, Debug, PartialEq)]
pub enum Presence {
    /// Always there: an argument of `new`, the zero value where a service leaves it out.
    Required,
    /// An `Option`.
    Optional,
    /// Always there, with this value unless another is given.
    Default(Value),
}

/// A union: exactly one of its members.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// The Rust name.
    pub name: String,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// In the model's order.
    pub variants: Vec<Variant>,
    /// Where it travels.
    pub usage: Usage,
    /// Whether a required member that is read has this type, so that it needs `Default`.
    pub default: bool,
    /// Whether it needs `Wipe`.
    pub wipe: bool,
}

/// A member of a union.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// The Rust name.
    pub name: String,
    /// The member's name in the model.
    pub member: String,
    /// The member's name on the wire.
    pub wire: String,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// The type of the value; [`Type::Unit`] for none.
    pub ty: Type,
    /// The constraints, which the service checks.
    pub constraints: Constraints,
}

/// An enum, open to values that the model does not know yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Enumeration {
    /// The Rust name.
    pub name: String,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// Texts or numbers.
    pub repr: Repr,
    /// In the model's order.
    pub values: Vec<EnumValue>,
    /// Whether a required member that is read has this type, so that it needs `Default`.
    pub default: bool,
    /// Whether it needs `Wipe`.
    pub wipe: bool,
}

/// The values of an enum on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repr {
    /// Texts: an `enum`.
    String,
    /// Whole numbers: an `intEnum`.
    Integer,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue {
    /// The Rust name of the variant.
    pub variant: String,
    /// The value on the wire.
    pub value: WireValue,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
}

/// A structure with `@error`.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorShape {
    /// Its members, and `message` even where the model lacks it.
    pub structure: Structure,
    /// The name on the wire.
    pub wire_name: String,
    /// Whether an optional string called `message` is all that it has.
    pub is_message_only: bool,
    /// The field that holds the message for people, if it may be shown, and whether it is an `Option`.
    pub message: Option<PathStep>,
    /// Whose fault it is.
    pub fault: Fault,
    /// `@httpError`, or 400 and 500 by the fault.
    pub status: u16,
    /// `@retryable`.
    pub retryable: Option<Retryable>,
    /// The code of `@awsQueryError`, for services that are query compatible.
    pub query_code: Option<String>,
}

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The caller's.
    Client,
    /// The service's.
    Server,
}
