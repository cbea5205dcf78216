//! The settings of a transport.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use super::HyperTransport;
use super::connect::Connector;
use super::limit::Limit;
use super::pool::Pool;
use crate::transport::TransportBuildError;
use crate::transport::proxy::ProxySettings;
use crate::transport::tls::TlsConnector;

/// A builder for a [`HyperTransport`], returned by [`HyperTransport::builder`].
#[derive(Clone, Debug)]
pub struct HyperTransportBuilder {
    connect_timeout: Duration,
    read_timeout: Option<Duration>,
    idle_timeout: Duration,
    tcp_keepalive: Option<Duration>,
    max_connections: Option<NonZeroUsize>,
    max_response_bytes: usize,
    ca_bundle: Option<PathBuf>,
    proxies: Option<ProxySettings>,
    plain_http: bool,
}

impl Default for HyperTransportBuilder {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_millis(3100),
            read_timeout: None,
            idle_timeout: Duration::from_secs(20),
            tcp_keepalive: Some(Duration::from_secs(60)),
            max_connections: None,
            max_response_bytes: 64 * 1024 * 1024,
            ca_bundle: None,
            proxies: None,
            plain_http: false,
        }
    }
}

impl HyperTransportBuilder {
    /// Sets the timeout of connecting: name lookup, TCP, the proxy's tunnel and TLS together.
    /// Default: 3.1 seconds.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the timeout of waiting for the next part of a response: from passing the request to the
    /// connection until the head arrives, then between two parts of the body. Default: no limit. It
    /// does not limit the whole response; the client's attempt timeout does.
    #[must_use]
    pub fn read_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.read_timeout = timeout.into();
        self
    }

    /// Sets how long an idle connection is kept for another request. Default: 20 seconds, which is
    /// less than the servers and load balancers of AWS allow.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// Sets the idle time after which the operating system sends TCP keep-alive probes. If there is
    /// no response after twice that time, a call that waits on the connection fails instead of
    /// waiting forever. Default: 60 seconds; `None` turns it off. The value is rounded to whole
    /// seconds, at least one.
    #[must_use]
    pub fn tcp_keepalive(mut self, time: impl Into<Option<Duration>>) -> Self {
        self.tcp_keepalive = time.into();
        self
    }

    /// Sets the maximum number of connections to each host, including idle ones. Default: no limit.
    /// Further calls wait for a connection, in order for each Tokio runtime, as long as the
    /// client's attempt and operation timeouts allow. Connect and read timeout do not apply while
    /// they wait. A call uses its connection until its future completes or is dropped, even if it
    /// is not polled, and an event stream until it is dropped.
    #[must_use]
    pub fn max_connections(mut self, count: impl Into<Option<NonZeroUsize>>) -> Self {
        self.max_connections = count.into();
        self
    }

    /// Sets the maximum length of a response body in bytes. Default: 64 MiB. Event streams may be
    /// longer, because they are not kept in memory.
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Sets a PEM file of certificates to trust instead of those of the system, like
    /// `AWS_CA_BUNDLE`. A leading `~/` is the home directory. [`build`](Self::build) reads the
    /// file, unless there is no TLS. Certificates that cannot be used are skipped with a warning
    /// event.
    #[must_use]
    pub fn ca_bundle(mut self, file: impl Into<PathBuf>) -> Self {
        self.ca_bundle = Some(file.into());
        self
    }

    /// Sets the proxies to use instead of those of the environment.
    #[must_use]
    pub fn proxies(mut self, proxies: ProxySettings) -> Self {
        self.proxies = Some(proxies);
        self
    }

    /// Sets whether no HTTPS request is expected. If so, an unusable CA bundle is an error of the
    /// first HTTPS request.
    #[must_use]
    pub(crate) fn plain_http(mut self, plain_http: bool) -> Self {
        self.plain_http = plain_http;
        self
    }

    /// Builds the transport without opening connections.
    ///
    /// # Errors
    ///
    /// Returns an error if the CA bundle cannot be read or contains no certificate, or if a proxy
    /// of the environment is invalid.
    pub fn build(self) -> Result<HyperTransport, TransportBuildError> {
        let tls = match TlsConnector::new(self.ca_bundle.as_deref()) {
            Err(error) if self.plain_http => {
                tracing::warn!(%error, "HTTPS cannot be used");
                TlsConnector::unusable(error.to_string())
            }
            tls => tls?,
        };
        let proxies = match self.proxies {
            Some(proxies) => proxies,
            None => ProxySettings::from_env()?,
        };
        Ok(HyperTransport {
            connector: Connector::new(tls, proxies, self.connect_timeout, self.tcp_keepalive),
            pool: Pool::new(self.idle_timeout),
            limit: self.max_connections.map(Limit::new),
            read_timeout: self.read_timeout,
            max_response_bytes: self.max_response_bytes,
        })
    }
}
