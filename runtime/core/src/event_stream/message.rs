//! One message: what it is made of, and how it is written.

use std::fmt;

use bytes::Bytes;

use super::crc32::checksum;
use super::header::{self, HeaderValue, Headers};
use super::{FrameError, MAX_HEADERS, MAX_PAYLOAD};
use crate::Wipe;

/// Two lengths and their checksum, of four bytes each.
pub(super) const PRELUDE: usize = 12;

/// The checksum at the end of a message.
pub(super) const CHECKSUM: usize = 4;

/// A message of a stream, its checksums and headers checked.
///
/// `Debug` shows names of headers and the length of the payload. The message's memory is wiped when
/// it is dropped, as the payload may hold secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// All of it, from the prelude to the last checksum.
    frame: Vec<u8>,
    /// Where the headers end and the payload begins.
    headers_end: usize,
}

impl Message {
    /// A message whose lengths the prelude gave and [`Lengths::read`] checked.
    pub(super) fn new(frame: Vec<u8>, lengths: Lengths) -> Result<Self, FrameError> {
        let message = Self {
            frame,
            headers_end: PRELUDE + lengths.headers,
        };
        let Some((content, stated)) = message.frame.split_last_chunk() else {
            return Err(FrameError::Length);
        };
        if checksum(content) != u32::from_be_bytes(*stated) {
            return Err(FrameError::MessageChecksum);
        }
        header::check(message.header_block())?;
        Ok(message)
    }

    /// The headers, in the order of the message.
    pub fn headers(&self) -> Headers<'_> {
        Headers::new(self.header_block())
    }

    /// The value of the header `name`.
    pub fn header(&self, name: &str) -> Option<HeaderValue<'_>> {
        let mut headers = self.headers();
        headers.find_map(|(found, value)| (found == name).then_some(value))
    }

    /// The payload.
    pub fn payload(&self) -> &[u8] {
        let end = self.frame.len().saturating_sub(CHECKSUM);
        self.frame.get(self.headers_end..end).unwrap_or_default()
    }

    fn header_block(&self) -> &[u8] {
        self.frame
            .get(PRELUDE..self.headers_end)
            .unwrap_or_default()
    }
}

impl Drop for Message {
    fn drop(&mut self) {
        self.frame.wipe();
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("headers", &self.headers())
            .field("payload_length", &self.payload().len())
            .finish_non_exhaustive()
    }
}

/// The lengths in the prelude of a message, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lengths {
    pub(super) total: usize,
    headers: usize,
}

impl Lengths {
    /// Reads the prelude and holds it against the limits.
    pub(super) fn read(prelude: &[u8; PRELUDE]) -> Result<Self, FrameError> {
        let [t0, t1, t2, t3, h0, h1, h2, h3, stated @ ..] = *prelude;
        let lengths = [t0, t1, t2, t3, h0, h1, h2, h3];
        if checksum(&lengths) != u32::from_be_bytes(stated) {
            return Err(FrameError::PreludeChecksum);
        }
        let total = u32::from_be_bytes([t0, t1, t2, t3]) as usize;
        let headers = u32::from_be_bytes([h0, h1, h2, h3]) as usize;
        if headers > MAX_HEADERS {
            return Err(FrameError::HeadersTooLong);
        }
        match total.checked_sub(PRELUDE + headers + CHECKSUM) {
            None => Err(FrameError::Length),
            Some(payload) if payload > MAX_PAYLOAD => Err(FrameError::PayloadTooLong),
            Some(_) => Ok(Self { total, headers }),
        }
    }
}

/// Writes a message, as a server or a test of a client does.
///
/// ```
/// use tinsmith_core::event_stream::{HeaderValue, encode};
///
/// let headers = [
///     (":message-type", HeaderValue::String("event")),
///     (":event-type", HeaderValue::String("sessionStart")),
/// ];
/// let message = encode(&headers, br#"{"sessionId":"s-1"}"#)?;
/// assert_eq!(message.len(), 84);
/// # Ok::<(), tinsmith_core::event_stream::FrameError>(())
/// ```
///
/// # Errors
///
/// When a name, a value or the whole is longer than the format allows, or a name stands twice.
pub fn encode(headers: &[(&str, HeaderValue<'_>)], payload: &[u8]) -> Result<Bytes, FrameError> {
    let mut frame = vec![0; PRELUDE];
    for (name, value) in headers {
        header::write(&mut frame, name, value)?;
    }
    let block = frame.get(PRELUDE..).unwrap_or_default();
    if block.len() > MAX_HEADERS {
        return Err(FrameError::HeadersTooLong);
    }
    if payload.len() > MAX_PAYLOAD {
        return Err(FrameError::PayloadTooLong);
    }
    header::check(block)?;
    let total = (frame.len() + payload.len() + CHECKSUM) as u32;
    let lengths = [total.to_be_bytes(), (block.len() as u32).to_be_bytes()].concat();
    let prelude = [&*lengths, &checksum(&lengths).to_be_bytes()].concat();
    frame.splice(..PRELUDE, prelude);
    frame.extend_from_slice(payload);
    frame.extend_from_slice(&checksum(&frame).to_be_bytes());
    Ok(Bytes::from(frame))
}
