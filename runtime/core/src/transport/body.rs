//! Bodies that arrive in parts.

use std::fmt;

use bytes::Bytes;

use super::TransportError;
use crate::BoxFuture;

/// The body of a response that arrives in parts. Dropping it cancels the exchange.
pub trait BodyStream: Send {
    /// Waits for the next part; `None` at the end. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// A [`TransportError`] when the body breaks off, or the next part does not come in time.
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Bytes, TransportError>>>;
}

/// What [`Transport::send_streaming`](super::Transport::send_streaming) gives of a body.
pub enum ResponseBody {
    /// All of it.
    Whole(Bytes),
    /// What is yet to arrive.
    Stream(Box<dyn BodyStream>),
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(body) => write!(f, "Whole({} bytes)", body.len()),
            Self::Stream(_) => f.write_str("Stream(..)"),
        }
    }
}
