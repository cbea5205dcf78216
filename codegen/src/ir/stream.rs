//! Streams of events.

use super::{Deprecated, Docs, Field, OperationError, Type};

/// A union with `@streaming`: one of its members at a time arrives as an event, or as the error
/// that ends the stream.
#[derive(Clone, Debug, PartialEq)]
pub struct EventStream {
    /// The Rust name of the enum of events.
    pub name: String,
    /// The module under `types/`.
    pub module: String,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// The members that are no errors, in the model's order.
    pub events: Vec<Event>,
    /// The members that are errors.
    pub error: OperationError,
}

/// A member of a stream that is no error.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The Rust name of the variant.
    pub name: String,
    /// The name on the wire.
    pub wire_name: String,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// The type of the value, a structure; [`Type::Unit`] for none.
    pub ty: Type,
    /// Whether the payload is a document of those members that have no binding.
    pub document: bool,
    /// The members that stand elsewhere.
    pub bindings: Vec<EventBinding>,
}

/// A member of an event that stands in a header or is the payload.
#[derive(Clone, Debug, PartialEq)]
pub struct EventBinding {
    /// Where it stands.
    pub place: EventPlace,
    /// The field of the structure.
    pub field: Field,
}

/// Where a member of an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventPlace {
    /// `@eventHeader`.
    Header,
    /// `@eventPayload`.
    Payload,
}

/// The member of an output that is a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct EventStreamField {
    /// The Rust name.
    pub name: String,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// The Rust name of the enum of events.
    pub stream: String,
}
