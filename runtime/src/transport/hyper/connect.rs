//! From an origin to a connection that is ready for a request.

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use super::connection::{Connection, Io};
use super::{Origin, Socket};
use crate::transport::proxy::{Proxy, ProxySettings};
use crate::transport::tls::TlsConnector;
use crate::transport::{TransportError, TransportErrorKind};

/// Opens connections, directly or by a proxy.
pub(super) struct Connector {
    /// Looks names up and races IPv6 with IPv4.
    tcp: HttpConnector,
    tls: TlsConnector,
    proxies: ProxySettings,
    timeout: Duration,
}

impl Connector {
    pub(super) fn new(tls: TlsConnector, proxies: ProxySettings, timeout: Duration) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // Shared among the addresses of a name, so that one that does not answer leaves time for
        // the next.
        tcp.set_connect_timeout(Some(timeout));
        Self {
            tcp,
            tls,
            proxies,
            timeout,
        }
    }

    /// The proxy that takes requests to `origin` in plain text, if one does.
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
        let ask_kernel = Arc::default();
        if !origin.https {
            let server = self
                .forward_proxy(origin)
                .map_or(&origin.uri, |proxy| &proxy.uri);
            let tcp = Socket::new(self.tcp(server).await?, Arc::clone(&ask_kernel));
            return start(Box::new(tcp), ask_kernel, origin).await;
        }
        self.tls.check()?;
        let tcp = match self.proxies.proxy_for(origin) {
            Some(proxy) => self.tunnel(proxy, origin).await?,
            None => self.tcp(&origin.uri).await?,
        };
        let tls = self
            .tls
            .handshake(Socket::new(tcp, Arc::clone(&ask_kernel)), origin.host())
            .await
            .map_err(|error| failed(format!("TLS handshake with {origin}"), error))?;
        start(Box::new(tls), ask_kernel, origin).await
    }

    async fn tcp(&self, server: &Uri) -> Result<TcpStream, TransportError> {
        call(self.tcp.clone(), server)
            .await
            .map_err(|error| failed(format!("connection to {}", Server(server)), error))
    }

    /// Asks an HTTP proxy for a tunnel by CONNECT.
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

async fn call<S>(mut service: S, uri: &Uri) -> Result<TcpStream, S::Error>
where
    S: Service<Uri, Response = TokioIo<TcpStream>>,
{
    poll_fn(|cx| service.poll_ready(cx)).await?;
    Ok(service.call(uri.clone()).await?.into_inner())
}

/// Speaks HTTP/1.1 over `io`.
async fn start(
    io: Box<dyn Io>,
    ask_kernel: Arc<AtomicBool>,
    origin: &Origin,
) -> Result<Connection, TransportError> {
    Connection::over(io, ask_kernel)
        .await
        .map_err(|error| failed(format!("connection to {origin}"), error))
}

/// A step of connecting that failed. A TCP connection that timed out counts as a connect timeout,
/// whoever noticed.
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

/// Host and port of a URI, without anything that could be secret.
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
