//! Carrying one HTTP request to a server and its response back.
//!
//! [`Transport`] is all that a client asks of an HTTP implementation, so that a user can bring
//! another one.

use std::fmt;

use bytes::Bytes;

use crate::BoxFuture;

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
}

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
    /// The response's body is longer than the transport allows.
    TooLarge,
    /// The request cannot be sent by this transport at all, such as HTTPS without TLS.
    Unsupported,
}

/// Why a response did not arrive.
#[derive(Debug)]
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
        })
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}
