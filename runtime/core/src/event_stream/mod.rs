//! Streams of events: what an operation answers whose output has an event stream.
//!
//! [`EventStream`] is what callers read. Below it stands the framing of the [Amazon Event Stream
//! Specification](https://smithy.io/2.0/aws/amazon-eventstream.html), media type
//! `application/vnd.amazon.eventstream`, which needs neither socket nor async runtime: a
//! [`Decoder`] takes bytes and gives [`Message`]s, [`encode`] makes one.
//!
//! With the awsJson protocols the members of the output beside the stream come in a message of
//! their own, `initial-response`, and the payload of an event is JSON.

mod crc32;
mod decoder;
mod error;
mod event;
mod header;
mod message;
mod messages;
mod stream;

pub use decoder::Decoder;
pub use error::{EventError, FrameError};
pub use event::{Event, UnknownEvent};
pub use header::{HeaderValue, Headers};
pub use message::{Message, encode};
pub use messages::{Messages, open};
pub use stream::EventStream;

pub(crate) use messages::read;

/// The most bytes that the headers of a message may take.
///
/// The specification has services enforce this limit and the next. A client that trusts no length
/// needs a limit as well.
pub const MAX_HEADERS: usize = 128 * 1024;

/// The most bytes that the payload of a message may take.
pub const MAX_PAYLOAD: usize = 24 * 1024 * 1024;
