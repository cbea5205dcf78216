//! Streams of events.

use super::{Deprecated, Docs, Field, OperationError, Type};

/// A union with `@streaming`: one of its members at a time arrives as an event, or as the error
/// that ends the stream.
#[derive(Clone, Debug, PartialEq)]
pub struct EventStream {
    /// The Rust name of the enum of events.
    pub name: String,
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
    /// The member's name in the model, which is the event's on the wire.
    pub member: String,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// The type of the value, a structure; [`Type::Unit`] for none.
    pub ty: Type,
    /// Whether the payload is a document of those members that have no binding.
    pub document: bool,
    /// The members that are not part of a document.
    pub bound: Vec<Field>,
}

/// The member of an output that is a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct EventStreamField {
    /// The Rust name.
    pub name: String,
    /// The member's name in the model.
    pub member: String,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// The Rust name of the enum of events.
    pub stream: String,
}
