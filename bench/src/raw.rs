//! hyper alone, sending the bytes that the generated client sends.

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

use crate::Result;
use crate::call::{Called, Caller};
use crate::server::{Server, split};

/// A connection and the one request that it sends: less than any client can do.
pub struct Connection {
    sender: Mutex<SendRequest<Full<Bytes>>>,
    request: Request<Full<Bytes>>,
}

impl Connection {
    /// Connects to a server, to send it `request`.
    pub async fn to(server: &Server, request: &[u8]) -> Result<Self> {
        let stream = TcpStream::connect(server.address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self {
            sender: Mutex::new(sender),
            request: parsed(request, "/").ok_or("the recorded request is no HTTP")?,
        })
    }
}

impl Caller for Connection {
    fn name(&self) -> &'static str {
        "one connection of hyper's"
    }

    fn call(&self) -> Called<'_> {
        Box::pin(async move {
            let mut sender = self.sender.lock().await;
            sender.ready().await?;
            read(sender.send_request(self.request.clone()).await?).await
        })
    }
}

/// hyper's client with its pool, as hyper-util has it.
pub struct Pooled {
    client: Client<HttpConnector, Full<Bytes>>,
    request: Request<Full<Bytes>>,
}

impl Pooled {
    /// A client that sends `request` to a server.
    pub fn to(server: &Server, request: &[u8]) -> Result<Self> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            request: parsed(request, &server.url()).ok_or("the recorded request is no HTTP")?,
        })
    }
}

impl Caller for Pooled {
    fn name(&self) -> &'static str {
        "hyper's client"
    }

    fn call(&self) -> Called<'_> {
        Box::pin(async move { read(self.client.request(self.request.clone()).await?).await })
    }
}

async fn read(response: Response<Incoming>) -> Result<()> {
    let body = response.into_body().collect().await?.to_bytes();
    assert!(!body.is_empty());
    Ok(())
}

/// A recorded request as hyper takes one.
fn parsed(request: &[u8], uri: &str) -> Option<Request<Full<Bytes>>> {
    let (head, body) = split(request)?;
    let mut builder = Request::builder().method(Method::POST).uri(uri);
    for line in head.lines().skip(1).filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(": ")?;
        builder = builder.header(name, value);
    }
    builder.body(Full::new(Bytes::copy_from_slice(body))).ok()
}
