//! The interface between a client and an HTTP implementation.
//!
//! [`Transport`] is all that a client needs of one. The implementations are in `tinsmith-client`.

mod body;

use std::fmt;

use bytes::Bytes;

use crate::BoxFuture;
use crate::error::{WithCauses, debug_as_display};

pub use self::body::{BodyStream, ResponseBody};

/// Something that carries one HTTP request and returns the response.
///
/// A transport neither retries nor follows redirects. Dropping the future cancels the exchange.
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends `request`, whose URI is absolute, and reads the whole response.
    ///
    /// # Errors
    ///
    /// A [`TransportError`] when no complete response arrived.
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>>;

    /// Sends `request`, whose URI is absolute, and gives the response as soon as its head is there.
    /// The body of a success arrives in parts; that of any other status may be read whole.
    ///
    /// Only operations with a stream of events need it. A transport that does not implement it
    /// cannot carry those.
    ///
    /// # Errors
    ///
    /// A [`TransportError`] when no response arrived, as it is without this method:
    /// [`TransportErrorKind::Unsupported`].
    fn send_streaming(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportError>> {
        drop(request);
        Box::pin(std::future::ready(Err(TransportError::new(
            TransportErrorKind::Unsupported,
            "it does not implement `Transport::send_streaming`",
        ))))
    }
}

/// Marks a request, as one of its extensions, whose response may hold secrets. A transport that heeds
/// it leaves no copy of the response in memory that it can wipe.
#[derive(Clone, Copy, Debug)]
pub struct SensitiveResponse;

/// Where in the exchange a transport failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection was made: name lookup, refused, TLS handshake, proxy.
    Connect,
    /// Connecting took longer than the connect timeout.
    ConnectTimeout,
    /// The response did not arrive within the read timeout.
    ReadTimeout,
    /// The connection failed after the request was begun: reset, cut short, not HTTP.
    Io,
    /// The response is longer than the transport allows.
    TooLarge,
    /// The request cannot be sent by this transport at all, such as HTTPS without TLS.
    Unsupported,
}

/// Why a response did not arrive. `Display` is one line that tells the cause, too.
pub struct TransportError {
    kind: TransportErrorKind,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl TransportError {
    /// An error of the given kind with its cause, which may be a text.
    pub fn new(
        kind: TransportErrorKind,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            kind,
            source: source.into(),
        }
    }

    /// Where in the exchange the transport failed.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// The cause, for example an error of hyper.
    pub fn get_ref(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        &*self.source
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Connect => "could not connect",
            TransportErrorKind::ConnectTimeout => "connecting timed out",
            TransportErrorKind::ReadTimeout => "no response within the read timeout",
            TransportErrorKind::Io => "the connection failed",
            TransportErrorKind::TooLarge => "the response is too large",
            TransportErrorKind::Unsupported => "the transport cannot send this request",
        })?;
        write!(f, ": {}", WithCauses(&*self.source))
    }
}

debug_as_display!(TransportError);

// `Display` has told the cause.
impl std::error::Error for TransportError {}
