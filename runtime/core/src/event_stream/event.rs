//! From messages to events.

use std::fmt;

use super::{EventError, HeaderValue, Message};
use crate::Timestamp;
use crate::error::OperationError;
use crate::json::{ReadError, Reader, is_blank};

/// The events of one stream, implemented by the union that the model gives them.
pub trait Event: Sized {
    /// The errors that may end the stream.
    type Error: OperationError;

    /// Reads the event `name` of the union; a name that the model does not list is not an error.
    ///
    /// # Errors
    ///
    /// When the message does not have the form that the model gives the event.
    fn read(name: &str, m: &Message) -> Result<Self, EventError>;
}

/// An event that this version of the crate does not know.
///
/// `Debug` shows no value of it.
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownEvent {
    name: String,
    message: Message,
}

impl UnknownEvent {
    /// The event `name` that came in `message`.
    pub fn new(name: &str, message: &Message) -> Self {
        Self {
            name: name.to_owned(),
            message: message.clone(),
        }
    }

    /// The name of the union's member.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The message that it came in.
    pub fn message(&self) -> &Message {
        &self.message
    }
}

impl fmt::Debug for UnknownEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnknownEvent").field(&self.name).finish()
    }
}

/// What generated code reads the members of an event with. A header that is absent is `None`, one
/// of another type than the model's an [`EventError::Header`].
impl Message {
    /// Reads the payload as JSON; an empty one is `{}`.
    ///
    /// # Errors
    ///
    /// When it is not what `read` takes.
    pub fn json<'m, T>(
        &'m self,
        read: impl FnOnce(&mut Reader<'m>) -> Result<T, ReadError>,
    ) -> Result<T, EventError> {
        let payload = self.payload();
        let mut r = Reader::new(if is_blank(payload) { b"{}" } else { payload })?;
        let value = read(&mut r)?;
        r.finish()?;
        Ok(value)
    }

    /// The payload as text.
    ///
    /// # Errors
    ///
    /// When it is not UTF-8.
    pub fn text(&self) -> Result<&str, EventError> {
        std::str::from_utf8(self.payload())
            .map_err(|error| ReadError::new("UTF-8", error.valid_up_to()).into())
    }
}

macro_rules! typed_headers {
    ($($(#[$doc:meta])* $name:ident, $expected:literal: $variant:ident($value:ident) => $type:ty, $make:expr;)*) => {
        impl Message {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                ///
                /// When it is of another type.
                pub fn $name(&self, name: &'static str) -> Result<Option<$type>, EventError> {
                    match self.header(name) {
                        None => Ok(None),
                        Some(HeaderValue::$variant($value)) => Ok(Some($make)),
                        Some(_) => Err(EventError::Header { name, expected: $expected }),
                    }
                }
            )*
        }
    };
}

typed_headers! {
    /// A boolean header.
    boolean, "a boolean": Boolean(v) => bool, v;
    /// A header of one byte.
    byte, "a byte": Byte(v) => i8, v;
    /// A header of 16 bits.
    short, "a short": Short(v) => i16, v;
    /// A header of 32 bits.
    integer, "an integer": Integer(v) => i32, v;
    /// A header of 64 bits.
    long, "a long": Long(v) => i64, v;
    /// A header of bytes.
    blob, "a byte array": ByteArray(v) => Vec<u8>, v.to_vec();
    /// A header of text.
    string, "a string": String(v) => &str, v;
    /// A header with a point in time.
    timestamp, "a timestamp": Timestamp(v) => Timestamp, Timestamp::from_millis(v);
}
