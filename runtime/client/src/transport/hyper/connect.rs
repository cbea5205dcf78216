//! Opens connections: name lookup, TCP, proxy and TLS.

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use super::connection::Connection;
use super::wire::{Io, Signals};
use super::{Origin, Socket};
use crate::transport::proxy::{Proxy, ProxySettings};
use crate::transport::tls::TlsConnector;
use crate::transport::{TransportError, TransportErrorKind};

/// Opens connections, directly or through a proxy.
pub(super) struct Connector {
    /// Looks names up and races IPv6 with IPv4.
    tcp: HttpConnector,
    tls: TlsConnector,
    proxies: ProxySettings,
    timeout: Duration,
}

/// The number of unacknowledged TCP keep-alive probes after which a connection is closed.
const PROBES: u32 = 4;

impl Connector {
    pub(super) fn new(
        tls: TlsConnector,
        proxies: ProxySettings,
        timeout: Duration,
        keepalive: Option<Duration>,
    ) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // Shared among the addresses of a name, so that an address that does not respond leaves
        // time for the next.
        tcp.set_connect_timeout(Some(timeout));
        if let Some(time) = keepalive {
            keep_alive(&mut tcp, time);
        }
        Self {
            tcp,
            tls,
            proxies,
            timeout,
        }
    }

    /// Returns the proxy that forwards plain HTTP requests to `origin`, if there is one.
    pub(super) fn forward_proxy(&self, origin: &Origin) -> Option<&Proxy> {
        if origin.https {
            None
        } else {
            self.proxies.proxy_for(origin)
        }
    }

    /// Connects: name lookup, TCP, the proxy's tunnel and TLS, all within the connect timeout.
    pub(super) async fn connect(&self, origin: &Origin) -> Result<Connection, TransportError> {
        match tokio::time::timeout(self.timeout, self.open(origin)).await {
            Ok(connected) => connected,
            Err(_) => Err(TransportError::new(
                TransportErrorKind::ConnectTimeout,
                format!("no connection to {origin} within {:?}", self.timeout),
            )),
        }
    }

    async fn open(&self, origin: &Origin) -> Result<Connection, TransportError> {
        let signals = Arc::default();
        if !origin.https {
            let server = self
                .forward_proxy(origin)
                .map_or(&origin.uri, |proxy| &proxy.uri);
            let tcp = Socket::new(self.tcp(server).await?, Arc::clone(&signals));
            return start(Box::new(tcp), signals, origin).await;
        }
        self.tls.check()?;
        let tcp = match self.proxies.proxy_for(origin) {
            Some(proxy) => self.tunnel(proxy, origin).await?,
            None => self.tcp(&origin.uri).await?,
        };
        let tls = self
            .tls
            .handshake(Socket::new(tcp, Arc::clone(&signals)), origin.host())
            .await
            .map_err(|error| failed(format!("TLS handshake with {origin}"), error))?;
        start(Box::new(tls), signals, origin).await
    }

    async fn tcp(&self, server: &Uri) -> Result<TcpStream, TransportError> {
        call(self.tcp.clone(), server)
            .await
            .map_err(|error| failed(format!("connection to {}", Server(server)), error))
    }

    /// Opens a tunnel through an HTTP proxy with CONNECT.
    async fn tunnel(&self, proxy: &Proxy, origin: &Origin) -> Result<TcpStream, TransportError> {
        let mut tunnel = Tunnel::new(proxy.uri.clone(), self.tcp.clone());
        if let Some(authorization) = proxy.authorization() {
            tunnel = tunnel.with_auth(authorization);
        }
        call(tunnel, &origin.uri).await.map_err(|error| {
            failed(
                format!("tunnel to {origin} by the proxy {}", Server(&proxy.uri)),
                error,
            )
        })
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector")
            .field("proxies", &self.proxies)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Enables TCP keep-alive, so that the operating system closes the connection about twice `time`
/// after the peer is gone.
fn keep_alive(tcp: &mut HttpConnector, time: Duration) {
    // Systems count in seconds, and this is the maximum of Linux.
    let time = Duration::from_secs(time.as_secs().clamp(1, 32_767));
    tcp.set_keepalive(Some(time));
    tcp.set_keepalive_interval(Some((time / PROBES).max(Duration::from_secs(1))));
    tcp.set_keepalive_retries(Some(PROBES));
    // No probes are sent while data is unacknowledged; without this limit Linux gives up after a
    // quarter of an hour.
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    tcp.set_tcp_user_timeout(Some(time * 2));
}

async fn call<S>(mut service: S, uri: &Uri) -> Result<TcpStream, S::Error>
where
    S: Service<Uri, Response = TokioIo<TcpStream>>,
{
    poll_fn(|cx| service.poll_ready(cx)).await?;
    Ok(service.call(uri.clone()).await?.into_inner())
}

/// Starts HTTP/1.1 over `io`.
async fn start(
    io: Box<dyn Io>,
    signals: Arc<Signals>,
    origin: &Origin,
) -> Result<Connection, TransportError> {
    Connection::over(io, signals)
        .await
        .map_err(|error| failed(format!("connection to {origin}"), error))
}

/// A step of connecting that failed. A TCP connection that timed out is a connect timeout, whether
/// the operating system or the timer detected it.
fn failed(step: String, error: impl Error + Send + Sync + 'static) -> TransportError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    let mut kind = TransportErrorKind::Connect;
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            if error.kind() == io::ErrorKind::TimedOut {
                kind = TransportErrorKind::ConnectTimeout;
            }
        }
        cause = error.source();
    }
    TransportError::new(
        kind,
        FailedStep {
            step,
            source: Box::new(error),
        },
    )
}

#[derive(Debug)]
struct FailedStep {
    step: String,
    source: Box<dyn Error + Send + Sync>,
}

impl fmt::Display for FailedStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed", self.step)
    }
}

impl Error for FailedStep {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

/// Returns host and port of a URI, without the parts that may be secret.
struct Server<'a>(&'a Uri);

impl fmt::Display for Server<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.host().unwrap_or_default())?;
        match self.0.port_u16() {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::net::TcpListener;

    use socket2::SockRef;

    use super::*;
    use crate::transport::{HyperTransport, HyperTransportBuilder};

    /// The keep-alive time, interval, number of probes and user timeout of a connection.
    async fn options(
        builder: HyperTransportBuilder,
    ) -> Option<(Duration, Duration, u32, Duration)> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = format!("http://{}", listener.local_addr().unwrap());
        let transport = builder.proxies(ProxySettings::none()).build().unwrap();
        let tcp = transport.connector.tcp(&server.parse().unwrap()).await;
        let tcp = tcp.unwrap();
        let socket = SockRef::from(&tcp);
        socket.keepalive().unwrap().then(|| {
            let time = socket.tcp_keepalive_time().unwrap();
            let interval = socket.tcp_keepalive_interval().unwrap();
            let probes = socket.tcp_keepalive_retries().unwrap();
            let user_timeout = socket.tcp_user_timeout().unwrap().unwrap();
            (time, interval, probes, user_timeout)
        })
    }

    #[tokio::test]
    async fn keeps_connections_alive_by_default() {
        let seconds = Duration::from_secs;
        assert_eq!(
            options(HyperTransport::builder()).await,
            Some((seconds(60), seconds(15), 4, seconds(120)))
        );
    }

    #[tokio::test]
    async fn keep_alive_can_be_set_to_any_time_and_turned_off() {
        let seconds = Duration::from_secs;
        for (time, set, interval) in [
            (seconds(10), 10, 2),
            (Duration::from_millis(1), 1, 1),
            (Duration::MAX, 32_767, 8_191),
        ] {
            assert_eq!(
                options(HyperTransport::builder().tcp_keepalive(time)).await,
                Some((seconds(set), seconds(interval), 4, seconds(2 * set)))
            );
        }
        let off = HyperTransport::builder().tcp_keepalive(None);
        assert_eq!(options(off).await, None);
    }
}
