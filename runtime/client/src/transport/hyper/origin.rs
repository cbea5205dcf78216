//! The origin of a request: scheme, host and port.

use std::fmt;

use http::uri::Authority;
use http::{HeaderValue, Uri};

use super::unsupported;
use crate::transport::TransportError;

/// The origin of a request. Requests to equal origins share connections.
#[derive(Clone)]
pub(in crate::transport) struct Origin {
    /// Whether TLS is used.
    pub(in crate::transport) https: bool,
    /// The URI of the first request to this origin.
    pub(in crate::transport) uri: Uri,
}

impl Origin {
    /// Returns the origin of an absolute URI.
    pub(in crate::transport) fn of(uri: Uri) -> Result<Self, TransportError> {
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(unsupported("the URI is neither http:// nor https://")),
        };
        match uri.authority() {
            Some(authority) if authority.as_str().contains('@') => {
                Err(unsupported("the URI holds a user name"))
            }
            Some(authority) if !authority.host().is_empty() => Ok(Self { https, uri }),
            _ => Err(unsupported("the URI names no host")),
        }
    }

    /// Returns the host. IPv6 addresses have no brackets.
    pub(in crate::transport) fn host(&self) -> &str {
        let host = self.uri.host().unwrap_or_default();
        host.strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host)
    }

    /// Returns the port, explicit or default.
    pub(in crate::transport) fn port(&self) -> u16 {
        let usual = if self.https { 443 } else { 80 };
        self.uri.port_u16().unwrap_or(usual)
    }

    /// Returns path and query of the URI, as sent to a server that is not a proxy.
    pub(super) fn path(&self) -> Uri {
        match self.uri.path_and_query() {
            Some(path) if path != "/" => Uri::from(path.clone()),
            _ => Uri::default(),
        }
    }

    /// Returns the value of `Host`, without the default port.
    pub(super) fn host_header(&self) -> Result<HeaderValue, TransportError> {
        let host = self.uri.host().unwrap_or_default();
        let usual = if self.https { 443 } else { 80 };
        let value = if self.port() == usual {
            HeaderValue::from_str(host)
        } else {
            HeaderValue::try_from(format!("{host}:{}", self.port()))
        };
        value.map_err(unsupported)
    }
}

impl PartialEq for Origin {
    fn eq(&self, other: &Self) -> bool {
        let (one, two) = (self.uri.authority(), other.uri.authority());
        // A case-insensitive comparison takes ten times as long and is rarely needed.
        let same = one.map(Authority::as_str) == two.map(Authority::as_str);
        self.https == other.https && (same || one == two)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.https { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.uri.host().unwrap_or_default())?;
        match self.uri.port_u16() {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
