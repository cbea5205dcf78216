//! HTTP transports.
//!
//! [`Transport`] is the trait for HTTP implementations. `HyperTransport` (feature `hyper`) is the
//! default, `mock::MockTransport` (feature `test-util`) is for tests.

mod address;
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

use crate::error::{WithCauses, debug_as_display};

#[cfg(feature = "default-chain")]
pub(crate) use self::address::is_link_local;
#[cfg(feature = "hyper")]
pub use self::hyper::{HyperTransport, HyperTransportBuilder};
pub(crate) use self::plain_http::PlainHttp;
#[cfg(feature = "hyper")]
pub use self::proxy::ProxySettings;
pub use tinsmith_core::transport::{
    BodyStream, ResponseBody, SensitiveResponse, Transport, TransportError, TransportErrorKind,
};

/// The error of building a transport, for example a CA bundle that cannot be read or an invalid
/// proxy address. `Display` prints one line that includes the cause.
pub struct TransportBuildError {
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl TransportBuildError {
    /// Creates an error with a message that names the setting or file.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
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

// `Display` includes the cause.
impl std::error::Error for TransportBuildError {}

#[cfg(test)]
mod tests {
    use std::error::Error as _;
    use std::io;

    use super::*;

    #[test]
    fn displays_build_error_with_its_cause_on_one_line() {
        let error =
            TransportBuildError::new("CA bundle ca.pem").with_source(io::Error::other("no PEM"));
        assert_eq!(error.to_string(), "CA bundle ca.pem: no PEM");
        assert_eq!(format!("{error:?}"), "CA bundle ca.pem: no PEM");
        assert!(error.source().is_none());
    }
}
