//! Requests with credentials that everybody on the way can read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::Uri;
use http::uri::Scheme;

use super::address::address;

/// Warns once when requests with credentials are about to leave the machine without TLS. Clones
/// share whether that has happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlainHttp {
    is_silent: Arc<AtomicBool>,
}

impl PlainHttp {
    /// One that warns, unless `allowed`.
    pub(crate) fn new(allowed: bool) -> Self {
        Self {
            is_silent: Arc::new(AtomicBool::new(allowed)),
        }
    }

    /// Looks at where requests go.
    pub(crate) fn check(&self, uri: &Uri) {
        if uri.scheme() != Some(&Scheme::HTTP) {
            return;
        }
        let host = uri.host().unwrap_or_default();
        if !is_loopback(host) && !self.is_silent.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                %host,
                "requests with credentials go to a plain HTTP endpoint: others can read and change \
                 them; use https, or call `.allow_http(true)` if the network is private"
            );
        }
    }
}

/// Whether requests to the host, which may be an IPv6 address in brackets, stay on this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    match address(host) {
        // Servers for tests print the unspecified address, and connecting to it works.
        Some(address) => address.is_loopback() || address.is_unspecified(),
        // RFC 6761 keeps this name, and those below it, for the loopback address.
        None => {
            let name = host.trim_end_matches('.').to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_loopback_hosts() {
        for host in [
            "127.0.0.1",
            "127.1.2.3",
            "[::1]",
            "::1",
            "LOCALHOST.",
            "kms.localhost",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["", "10.0.0.1", "[::2]", "localhost.example", "notlocalhost"] {
            assert!(!is_loopback(host), "{host}");
        }
        for host in [
            "[::ffff:127.0.0.1]",
            "0.0.0.0",
            "[::]",
            "127.1",
            "0x7f000001",
        ] {
            assert!(is_loopback(host), "{host}");
        }
    }
}
