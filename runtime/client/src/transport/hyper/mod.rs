//! The default transport, based on hyper: HTTP/1.1 with a connection pool and TLS with rustls.
//!
//! It does not use the pool of hyper-util's legacy client: this pool needs a fraction of the time
//! for each request, and it distinguishes connecting from waiting, so that each timeout limits the
//! right phase.

mod builder;
mod connect;
mod connection;
mod limit;
mod origin;
mod pool;
mod received;
mod socket;
mod stream;
mod wire;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, Version, header};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use tokio::runtime::{Handle, Id};

pub use self::builder::HyperTransportBuilder;
use self::connect::Connector;
use self::connection::Connection;
use self::limit::Limit;
pub(super) use self::origin::Origin;
use self::pool::Pool;
use self::received::{Arriving, Received, detach_headers};
pub(super) use self::socket::Socket;
use self::wire::{READ_BUFFER, take_secrets};
use super::{
    ResponseBody, SensitiveResponse, Transport, TransportBuildError, TransportError,
    TransportErrorKind,
};
use crate::BoxFuture;

/// The maximum capacity reserved for a body in advance. A longer body is reallocated as it arrives.
const INITIAL_BODY: u64 = 64 * 1024;

/// A transport for HTTP/1.1 based on hyper, with a connection pool.
///
/// Requests need a Tokio runtime with I/O and time enabled. Several runtimes can share a transport;
/// each has its own connections. A connection is reused until it was idle for the idle timeout, or
/// the server closes it. Before reuse, the transport checks for data that has arrived meanwhile, so
/// that a closed connection or unsolicited bytes do not affect the next request. If the server
/// closes a connection at the same moment, the request is sent over another connection if, and only
/// if, nothing of it was written. Any other failure is returned.
///
/// Redirects are not followed, and bodies are not decompressed. The head of a response may be up to
/// 36 KiB long, which is more than AWS's load balancers allow, and have up to 100 headers.
pub struct HyperTransport {
    connector: Connector,
    pool: Pool,
    /// The maximum number of connections to each host.
    limit: Option<Limit>,
    read_timeout: Option<Duration>,
    max_response_bytes: usize,
}

impl HyperTransport {
    /// Creates a transport with default settings and the proxies of the environment.
    ///
    /// # Errors
    ///
    /// Returns an error if a proxy of the environment is invalid.
    pub fn new() -> Result<Self, TransportBuildError> {
        Self::builder().build()
    }

    /// Returns a builder for a transport with custom settings.
    pub fn builder() -> HyperTransportBuilder {
        HyperTransportBuilder::default()
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let runtime = current_runtime()?;
        let (origin, mut connection, response) = self.begin(runtime, request).await?;
        let response = self.read(&mut connection, response).await?;
        self.pool.put(runtime, origin, connection);
        Ok(response)
    }

    /// Sends a request and returns a successful response before its body arrives.
    async fn exchange_streaming(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let runtime = current_runtime()?;
        let (origin, mut connection, response) = self.begin(runtime, request).await?;
        if response.status().is_success() {
            let body = |body| stream::boxed(body, connection, self.read_timeout);
            return Ok(response.map(|incoming| ResponseBody::Stream(body(incoming))));
        }
        let response = self.read(&mut connection, response).await?;
        self.pool.put(runtime, origin, connection);
        Ok(response.map(ResponseBody::Whole))
    }

    /// Sends a request and waits for the head of its response.
    async fn begin(
        &self,
        runtime: Id,
        request: Request<Bytes>,
    ) -> Result<(Origin, Connection, Response<Incoming>), TransportError> {
        let secret = request.extensions().get::<SensitiveResponse>().is_some();
        let mut request = request.map(Full::new);
        let origin = Origin::of(std::mem::take(request.uri_mut()))?;
        self.prepare(&mut request, &origin)?;
        let mut secret_lines = take_secrets(request.headers_mut());
        let permit = match &self.limit {
            Some(limit) => Some(Box::pin(limit.permit(runtime, &origin)).await),
            None => None,
        };
        loop {
            let (mut connection, reused) = match self.pool.take(runtime, &origin) {
                Some(connection) => (connection, true),
                None => {
                    if let Some(permit) = &permit {
                        self.pool.shrink(&origin, permit.idle_allowed());
                    }
                    // Boxed, because the future of connecting is large and most requests do not
                    // need it.
                    (Box::pin(self.connector.connect(&origin)).await?, false)
                }
            };
            let sending = connection.send(request, secret_lines, secret);
            match timed(self.read_timeout, sending).await? {
                Ok(mut response) => {
                    if secret {
                        detach_headers(response.headers_mut());
                    }
                    connection.permit = permit;
                    return Ok((origin, connection, response));
                }
                Err(mut error) => match error.take_message() {
                    // The server had closed the idle connection, and nothing was written to it.
                    Some(unsent) if reused => {
                        request = unsent;
                        secret_lines = connection.unsent_lines();
                    }
                    _ => return Err(failed(error.into_error())),
                },
            }
        }
    }

    /// Prepares the request for writing: HTTP/1.1, `Host`, and the path, or the whole URI for a
    /// proxy that forwards.
    fn prepare(
        &self,
        request: &mut Request<Full<Bytes>>,
        origin: &Origin,
    ) -> Result<(), TransportError> {
        *request.version_mut() = Version::HTTP_11;
        *request.uri_mut() = origin.path();
        // hyper omits the length of an empty body, but some servers reject a POST without it.
        let empty = request.body().size_hint().exact() == Some(0);
        let has_body = matches!(
            *request.method(),
            Method::POST | Method::PUT | Method::PATCH
        );
        let headers = request.headers_mut();
        if !headers.contains_key(header::HOST) {
            headers.insert(header::HOST, origin.host_header()?);
        }
        if empty && has_body && !headers.contains_key(header::CONTENT_LENGTH) {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        if let Some(proxy) = self.connector.forward_proxy(origin) {
            if let Some(authorization) = proxy.authorization() {
                headers.insert(header::PROXY_AUTHORIZATION, authorization);
            }
            *request.uri_mut() = origin.uri.clone();
        }
        Ok(())
    }

    /// Reads the body. Its length may differ from `Content-Length`.
    async fn read(
        &self,
        connection: &mut Connection,
        response: Response<Incoming>,
    ) -> Result<Response<Bytes>, TransportError> {
        let (head, body) = response.into_parts();
        let announced = body.size_hint().lower();
        let secret = connection.is_secret();
        let mut arriving = Arriving { body, secret };
        if announced > self.max_response_bytes as u64 {
            return Err(self.too_large());
        }
        let capacity = announced.min(INITIAL_BODY) as usize;
        let mut received = Received::new(secret, capacity);
        loop {
            let frame = connection.drive(arriving.body.frame());
            let Some(frame) = timed(self.read_timeout, frame).await? else {
                return Ok(Response::from_parts(head, received.into_bytes()));
            };
            let Ok(data) = frame.map_err(failed)?.into_data() else {
                continue; // Trailers.
            };
            let fits = data.len() <= self.max_response_bytes - received.len();
            received.push(data, capacity);
            if !fits {
                return Err(self.too_large());
            }
        }
    }

    fn too_large(&self) -> TransportError {
        TransportError::new(
            TransportErrorKind::TooLarge,
            format!("it is longer than {} bytes", self.max_response_bytes),
        )
    }
}

impl Transport for HyperTransport {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(self.exchange(request))
    }

    fn send_streaming(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<ResponseBody>, TransportError>> {
        Box::pin(self.exchange_streaming(request))
    }
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransport")
            .field("connector", &self.connector)
            .field("read_timeout", &self.read_timeout)
            .field("max_response_bytes", &self.max_response_bytes)
            .finish_non_exhaustive()
    }
}

/// Returns the current runtime.
fn current_runtime() -> Result<Id, TransportError> {
    match Handle::try_current() {
        Ok(runtime) => Ok(runtime.id()),
        Err(_) => Err(unsupported(
            "the transport over hyper needs a Tokio runtime",
        )),
    }
}

/// Waits for one part of a response for at most `limit`.
async fn timed<T>(
    limit: Option<Duration>,
    part: impl Future<Output = T>,
) -> Result<T, TransportError> {
    let Some(limit) = limit else {
        return Ok(part.await);
    };
    tokio::time::timeout(limit, part).await.map_err(|_| {
        TransportError::new(
            TransportErrorKind::ReadTimeout,
            format!("nothing arrived within {limit:?}"),
        )
    })
}

fn failed(error: hyper::Error) -> TransportError {
    // hyper has a method for this only in servers.
    if error.is_parse() && error.to_string() == "message head is too large" {
        let text = format!(
            "its head is longer than {READ_BUFFER} bytes, has over 100 headers, \
             or announces an impossible length"
        );
        return TransportError::new(TransportErrorKind::TooLarge, text);
    }
    TransportError::new(TransportErrorKind::Io, error)
}

fn unsupported(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> TransportError {
    TransportError::new(TransportErrorKind::Unsupported, reason)
}
