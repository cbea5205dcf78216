//! What can be wrong with a stream of events.

use std::error::Error as StdError;
use std::fmt;

use super::{MAX_HEADERS, MAX_PAYLOAD};
use crate::error::debug_as_display;
use crate::json::ReadError;

/// Bytes that are not a message of the [Amazon Event Stream
/// Specification](https://smithy.io/2.0/aws/amazon-eventstream.html), or a message that it does
/// not allow. It never repeats the bytes, which may hold secrets.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameError {
    /// The checksum of a message's lengths is wrong.
    PreludeChecksum,
    /// The checksum of a message is wrong.
    MessageChecksum,
    /// A message's length does not hold its own headers.
    Length,
    /// The headers take more than [`MAX_HEADERS`] bytes.
    HeadersTooLong,
    /// The payload takes more than [`MAX_PAYLOAD`] bytes.
    PayloadTooLong,
    /// The headers end within a header.
    HeaderCut,
    /// A header's name is empty, longer than 255 bytes or not UTF-8.
    HeaderName,
    /// The type of a header is none of the format's.
    HeaderType(u8),
    /// A header's text is not UTF-8, or its value is longer than 32,767 bytes.
    HeaderValue,
    /// A header occurs twice in a message.
    DuplicateHeader,
    /// The stream ends within a message.
    Truncated,
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PreludeChecksum => f.write_str("the checksum of a message's lengths is wrong"),
            Self::MessageChecksum => f.write_str("the checksum of a message is wrong"),
            Self::Length => f.write_str("a message is shorter than its own headers"),
            Self::HeadersTooLong => {
                write!(f, "a message has more than {MAX_HEADERS} bytes of headers")
            }
            Self::PayloadTooLong => {
                write!(f, "a message has more than {MAX_PAYLOAD} bytes of payload")
            }
            Self::HeaderCut => f.write_str("a message's headers end within a header"),
            Self::HeaderName => f.write_str("a header's name is no text of 1 to 255 bytes"),
            Self::HeaderType(number) => write!(f, "a header has the unknown type {number}"),
            Self::HeaderValue => f.write_str("a header's value is no text, or is too long"),
            Self::DuplicateHeader => f.write_str("duplicate header in a message"),
            Self::Truncated => f.write_str("the stream ends within a message"),
        }
    }
}

debug_as_display!(FrameError);

impl StdError for FrameError {}

/// A stream of events that is not what the protocol and the model say.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventError {
    /// The bytes are no message.
    Frame(FrameError),
    /// A header is missing or of another type.
    Header {
        /// The header's name.
        name: &'static str,
        /// What it should be, such as `a string`.
        expected: &'static str,
    },
    /// The payload does not have the form that the model gives it.
    Payload(ReadError),
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame(error) => error.fmt(f),
            Self::Header { name, expected } => {
                write!(f, "expected {expected} in the header `{name}` of an event")
            }
            Self::Payload(error) => write!(f, "{error} of an event's payload"),
        }
    }
}

debug_as_display!(EventError);

impl StdError for EventError {}

impl From<FrameError> for EventError {
    fn from(error: FrameError) -> Self {
        Self::Frame(error)
    }
}

impl From<ReadError> for EventError {
    fn from(error: ReadError) -> Self {
        Self::Payload(error)
    }
}
