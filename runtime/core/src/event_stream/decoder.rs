//! From bytes to messages.

use std::fmt;

use super::FrameError;
use super::message::{Lengths, Message, PRELUDE};
use crate::Wipe;

/// What is set aside for a message that says it is long. A longer one grows as it arrives.
const INITIAL: usize = 64 * 1024;

/// Cuts a stream of bytes, which may arrive in parts of any length, into messages.
///
/// ```
/// use tinsmith_core::event_stream::{Decoder, FrameError, HeaderValue, encode};
///
/// let stream = encode(&[("n", HeaderValue::Byte(1))], b"one")?;
/// let mut decoder = Decoder::new();
/// let mut payloads = Vec::new();
/// for mut part in stream.chunks(7) {
///     while let Some(message) = decoder.decode(&mut part)? {
///         payloads.push(message.payload().to_vec());
///     }
/// }
/// decoder.finish()?;
/// assert_eq!(payloads, [b"one"]);
/// # Ok::<(), FrameError>(())
/// ```
#[derive(Default)]
pub struct Decoder {
    /// The message so far.
    frame: Vec<u8>,
    /// Known once the prelude is there.
    lengths: Option<Lengths>,
    /// What was wrong with the stream, after which nothing in it can be trusted.
    failed: Option<FrameError>,
}

impl Decoder {
    /// A decoder at the beginning of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes bytes off the front of `input` until a message is whole. Without one, `None`, all of
    /// `input` is taken.
    ///
    /// # Errors
    ///
    /// When the bytes are no message, or one beyond the limits [`MAX_HEADERS`](super::MAX_HEADERS)
    /// and [`MAX_PAYLOAD`](super::MAX_PAYLOAD); no memory is set aside for such a one. The same
    /// error follows from then on.
    pub fn decode(&mut self, input: &mut &[u8]) -> Result<Option<Message>, FrameError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.step(input).inspect_err(|&error| {
            self.failed = Some(error);
            self.frame.wipe();
        })
    }

    fn step(&mut self, input: &mut &[u8]) -> Result<Option<Message>, FrameError> {
        if self.lengths.is_none() {
            self.take(input, PRELUDE);
            let Some(prelude) = self.frame.first_chunk() else {
                return Ok(None);
            };
            self.lengths = Some(Lengths::read(prelude)?);
        }
        let Some(lengths) = self.lengths else {
            return Ok(None);
        };
        self.take(input, lengths.total);
        if self.frame.len() < lengths.total {
            return Ok(None);
        }
        self.lengths = None;
        Message::new(std::mem::take(&mut self.frame), lengths).map(Some)
    }

    /// Whether the stream may end here.
    ///
    /// # Errors
    ///
    /// [`FrameError::Truncated`] within a message, and the error of [`decode`](Self::decode) after
    /// one.
    pub fn finish(&self) -> Result<(), FrameError> {
        match self.failed {
            Some(error) => Err(error),
            None if self.frame.is_empty() => Ok(()),
            None => Err(FrameError::Truncated),
        }
    }

    /// Moves bytes to the frame until it has `length`.
    fn take(&mut self, input: &mut &[u8], length: usize) {
        let missing = length.saturating_sub(self.frame.len());
        let (taken, rest) = input.split_at(missing.min(input.len()));
        *input = rest;
        let needed = self.frame.len() + taken.len();
        if needed > self.frame.capacity() {
            let doubled = self.frame.capacity().saturating_mul(2);
            let capacity = doubled.max(INITIAL).min(length).max(needed);
            let mut grown = Vec::with_capacity(capacity);
            grown.extend_from_slice(&self.frame);
            // A vector that grows by itself leaves its content behind.
            self.frame.wipe();
            self.frame = grown;
        }
        self.frame.extend_from_slice(taken);
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        self.frame.wipe();
    }
}

impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder")
            .field("buffered", &self.frame.len())
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}
