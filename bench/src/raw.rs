//! hyper alone, sending the bytes that the generated client sends.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::Result;
use crate::call::Caller;
use crate::server::{Server, split};

/// A connection and the one request that it sends.
pub struct Raw {
    sender: SendRequest<Full<Bytes>>,
    request: Request<Full<Bytes>>,
}

impl Raw {
    /// Connects to a server, to send it `request`.
    pub async fn to(server: &Server, request: &[u8]) -> Result<Self> {
        let stream = TcpStream::connect(server.address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self {
            sender,
            request: parsed(request).ok_or("the recorded request is no HTTP")?,
        })
    }
}

/// A recorded request as hyper takes one.
fn parsed(request: &[u8]) -> Option<Request<Full<Bytes>>> {
    let (head, body) = split(request)?;
    let mut builder = Request::builder().method(Method::POST).uri("/");
    for line in head.lines().skip(1).filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(": ")?;
        builder = builder.header(name, value);
    }
    builder.body(Full::new(Bytes::copy_from_slice(body))).ok()
}

impl Caller for Raw {
    fn name(&self) -> &'static str {
        "hyper alone, same bytes"
    }

    fn calls(&mut self, count: usize) -> Pin<Box<dyn Future<Output = Result<()>> + '_>> {
        Box::pin(async move {
            for _ in 0..count {
                self.sender.ready().await?;
                let response = self.sender.send_request(self.request.clone()).await?;
                let body = response.into_body().collect().await?.to_bytes();
                assert!(!body.is_empty());
            }
            Ok(())
        })
    }
}
