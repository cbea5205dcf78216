//! One HTTP/1.1 connection, which whoever waits for it keeps going.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::unconstrained;

type Work = Pin<Box<dyn Future<Output = Result<(), hyper::Error>> + Send>>;

/// A connection of hyper's: the half that takes requests, and the half that reads and writes.
///
/// The second one is usually a task of its own. Here the call that waits for a response runs it:
/// what arrives wakes that call and nothing else, where a task would have to wake it in turn, on
/// another thread as often as not. So a connection that nobody uses does nothing, and finds out
/// that its server has closed it when it is next looked at.
pub(super) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    /// None once the connection is over.
    work: Option<Work>,
}

impl Connection {
    /// Speaks HTTP/1.1 over `io`.
    pub(super) async fn over<T>(io: T) -> Result<Self, hyper::Error>
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let (sender, work) = http1::handshake(TokioIo::new(io)).await?;
        Ok(Self {
            sender,
            work: Some(Box::pin(work)),
        })
    }

    /// Whether it takes a request now, after a look at what its server did meanwhile.
    pub(super) fn is_ready(&mut self) -> bool {
        self.advance(&mut Context::from_waker(Waker::noop()));
        self.sender.is_ready()
    }

    /// Sends a request and waits for the head of its response. An error holds the request if
    /// nothing of it was written.
    pub(super) async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, TrySendError<Request<Full<Bytes>>>> {
        let response = self.sender.try_send_request(request);
        self.drive(response).await
    }

    /// Keeps the connection going until `part`, which waits for nothing else, is there.
    pub(super) async fn drive<T>(&mut self, part: impl Future<Output = T>) -> T {
        // Put off for having used up Tokio's budget, it would wait for a waker that does nothing.
        let mut part = pin!(unconstrained(part));
        poll_fn(|cx| {
            self.advance(cx);
            // It need not wake anybody: only the connection can, and that has just run.
            part.as_mut().poll(&mut Context::from_waker(Waker::noop()))
        })
        .await
    }

    /// Reads and writes what can be read and written.
    fn advance(&mut self, cx: &mut Context<'_>) {
        let Some(work) = &mut self.work else {
            return;
        };
        if let Poll::Ready(end) = work.as_mut().poll(cx) {
            self.work = None;
            // A request in flight is told of the same error.
            if let Err(error) = end {
                tracing::trace!(%error, "a connection failed");
            }
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("open", &self.work.is_some())
            .finish_non_exhaustive()
    }
}
