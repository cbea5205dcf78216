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

/// The settings of a [`HyperTransport`], from [`HyperTransport::builder`].
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
    /// How long connecting may take: name lookup, TCP, the proxy's tunnel and TLS together.
    /// 3.1 seconds unless set.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long to wait for the next part of a response: from handing the request to the
    /// connection until the head has arrived, then between two parts of the body. No limit unless
    /// set. It does not bound the whole response; the client's attempt timeout does.
    #[must_use]
    pub fn read_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.read_timeout = timeout.into();
        self
    }

    /// How long a connection may lie unused and be used again. 20 seconds unless set, which is
    /// less than the servers and load balancers of AWS allow.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// How long nothing may arrive on a connection before the operating system probes whether the
    /// other side is still there. After twice that time without a sign of life, a call that waits
    /// on the connection fails instead of waiting for ever. 60 seconds unless set, `None` turns it
    /// off. Counted in whole seconds, at least one.
    #[must_use]
    pub fn tcp_keepalive(mut self, time: impl Into<Option<Duration>>) -> Self {
        self.tcp_keepalive = time.into();
        self
    }

    /// How many connections there may be to each host at a time, idle ones included. No limit
    /// unless set. Further calls wait for their turn, those of each Tokio runtime in order, for as
    /// long as the client's attempt and operation timeouts allow; connect and read timeout do not
    /// count while they wait. A call keeps its connection until its future is done or dropped,
    /// although nobody polls it, and a stream of events until it is dropped.
    #[must_use]
    pub fn max_connections(mut self, count: impl Into<Option<NonZeroUsize>>) -> Self {
        self.max_connections = count.into();
        self
    }

    /// The longest response body that is accepted, in bytes. 64 MiB unless set. A stream of events
    /// may be longer, since it is not kept.
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// A PEM file of the certificates to trust instead of those of the system, as `AWS_CA_BUNDLE`
    /// names one; a leading `~/` is the home directory. It is read by [`build`](Self::build), and
    /// not at all without TLS. A certificate that cannot be used is skipped with a warning event.
    #[must_use]
    pub fn ca_bundle(mut self, file: impl Into<PathBuf>) -> Self {
        self.ca_bundle = Some(file.into());
        self
    }

    /// The proxies to use, instead of those of the environment.
    #[must_use]
    pub fn proxies(mut self, proxies: ProxySettings) -> Self {
        self.proxies = Some(proxies);
        self
    }

    /// Whether no HTTPS request is expected. A CA bundle that cannot be used is then an error of
    /// the first one.
    #[must_use]
    pub(crate) fn plain_http(mut self, plain_http: bool) -> Self {
        self.plain_http = plain_http;
        self
    }

    /// Builds the transport, which opens no connection yet.
    ///
    /// # Errors
    ///
    /// When the CA bundle cannot be read or holds no certificate, or when the environment names a
    /// proxy that cannot be used.
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
