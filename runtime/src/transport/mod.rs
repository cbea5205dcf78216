//! Carrying one HTTP request to a server and its response back.
//!
//! [`Transport`] is all that a client asks of an HTTP implementation, so that a user can bring
//! another one. `HyperTransport` (feature `hyper`) is the one that clients use by default,
//! `mock::MockTransport` (feature `test-util`) the one for tests.

mod address;
mod body;
#[cfg(feature = "hyper")]
mod hyper;
#[cfg(any(test, feature = "test-util"))]
pub mod mock;
mod plain_http;
#[cfg(feature = "hyper")]
mod proxy;
#[cfg(feature = "hyper")]
mod tls;

use std::fmt;

use bytes::Bytes;

use crate::BoxFuture;
use crate::error_text::{WithCauses, debug_as_display};

#[cfg(feature = "default-chain")]
pub(crate) use self::address::is_link_local;
pub use self::body::{BodyStream, ResponseBody};
#[cfg(feature = "hyper")]
pub use self::hyper::{HyperTransport, HyperTransportBuilder};
pub(crate) use self::plain_http::PlainHttp;
#[cfg(feature = "hyper")]
pub use self::proxy::ProxySettings;

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

/// Why a transport could not be built: a CA bundle that cannot be read, a proxy address that makes
/// no sense. `Display` is one line that tells the cause, too.
pub struct TransportBuildError {
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl TransportBuildError {
    /// An error with a text that names the setting or file at fault.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    /// The same error with its cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for TransportBuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.source {
            Some(source) => write!(f, ": {}", WithCauses(&**source)),
            None => Ok(()),
        }
    }
}

debug_as_display!(TransportBuildError);

// `Display` has told the cause.
impl std::error::Error for TransportBuildError {}
