//! One HTTP/1.1 connection, which whoever waits for it keeps going.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::task::unconstrained;

use super::limit::Permit;
use super::wire::{Io, READ_BUFFER, Signals, Wire};
use crate::sensitive::{Buffer, wipe_last};

type Work = http1::Connection<TokioIo<Wire>, Full<Bytes>>;

/// A connection of hyper's: the half that takes requests, and the half that reads and writes.
///
/// The second one is usually a task of its own. Here the call that waits for a response runs it:
/// what arrives wakes that call and nothing else, where a task would have to wake it in turn, on
/// another thread as often as not. So a connection that nobody uses does nothing, and finds out
/// that its server has closed it when it is next looked at.
pub(super) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    /// None once the connection is over.
    work: Option<Box<Work>>,
    bell: Arc<Bell>,
    signals: Arc<Signals>,
    /// What entitles the call to the connection, if connections are limited. The last field, since
    /// the next call may connect once it is dropped.
    pub(super) permit: Option<Permit>,
}

impl Connection {
    /// Speaks HTTP/1.1 over `io`, where a [`Socket`](super::Socket) heeds the same signals.
    pub(super) async fn over(io: Box<dyn Io>, signals: Arc<Signals>) -> Result<Self, hyper::Error> {
        let wire = TokioIo::new(Wire::new(io, Arc::clone(&signals)));
        let mut builder = http1::Builder::new();
        let builder = builder.read_buf_exact_size(Some(READ_BUFFER)).writev(true);
        let (sender, work) = builder.handshake(wire).await?;
        Ok(Self {
            sender,
            work: Some(Box::new(work)),
            bell: Arc::default(),
            signals,
            permit: None,
        })
    }

    /// Whether it takes another request, as far as the runtime's driver knows. The last response has
    /// been read, and what it left in hyper's memory is wiped if it may have been secret.
    pub(super) fn rests(&mut self) -> bool {
        // A server may respond to a request before it has all of it.
        let ready = self.is_ready() && !self.signals.hides();
        self.signals.secret.store(false, Ordering::Relaxed);
        ready
    }

    /// Whether it takes a request after it was idle, by what the kernel knows. The end of the
    /// connection and any byte of HTTP are found and make an end of it; TLS keeps for itself what
    /// is not for HTTP, such as session tickets and new keys.
    pub(super) fn is_still_ready(&mut self) -> bool {
        self.signals.ask_kernel.store(true, Ordering::Relaxed);
        let ready = self.is_ready();
        self.signals.ask_kernel.store(false, Ordering::Relaxed);
        ready
    }

    fn is_ready(&mut self) -> bool {
        self.advance();
        self.sender.is_ready()
    }

    /// Whether the response may hold secrets.
    pub(super) fn is_secret(&self) -> bool {
        self.signals.secret.load(Ordering::Relaxed)
    }

    /// Sends a request, to whose headers belong `secret_lines`, and waits for the head of its
    /// response. An error holds the request if nothing of it was written, and
    /// [`unsent_lines`](Self::unsent_lines) are the others then.
    pub(super) async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
        secret_lines: Buffer,
        secret_response: bool,
    ) -> Result<Response<Incoming>, TrySendError<Request<Full<Bytes>>>> {
        self.signals
            .secret
            .store(secret_response, Ordering::Relaxed);
        self.signals.hide(secret_lines);
        let response = self.sender.try_send_request(request);
        self.drive(response).await
    }

    /// The lines of a request that was not sent.
    pub(super) fn unsent_lines(&self) -> Buffer {
        self.signals.unhide()
    }

    /// Keeps the connection going until `part`, which waits for nothing else, is there.
    pub(super) async fn drive<T>(&mut self, part: impl Future<Output = T>) -> T {
        // Put off for having used up Tokio's budget, it would wait for a waker that does nothing.
        let mut part = pin!(unconstrained(part));
        poll_fn(|cx| {
            self.advance();
            // It need not wake anybody: only the connection can, and that has just run.
            let part = part.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            if part.is_pending() {
                self.bell.wait(cx);
            }
            part
        })
        .await
    }

    /// Reads and writes what can be read and written.
    fn advance(&mut self) {
        let Some(work) = &mut self.work else {
            return;
        };
        *self.bell.lock() = Call::Running;
        let waker = Waker::from(Arc::clone(&self.bell));
        if let Poll::Ready(end) = Pin::new(&mut **work).poll(&mut Context::from_waker(&waker)) {
            self.close();
            // A request in flight is told of the same error.
            if let Err(error) = end {
                tracing::trace!(%error, "a connection failed");
            }
        }
    }

    /// Ends the connection, and wipes what is left of a response that may be secret.
    fn close(&mut self) {
        if let Some(work) = self.work.take() {
            if self.is_secret() {
                wipe_last(work.into_parts().read_buf);
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.close();
    }
}

/// Wakes the call that waits for a connection. While that call runs, the two halves of a connection
/// wake each other all the time, which should not have it run again.
#[derive(Default)]
struct Bell(Mutex<Call>);

#[derive(Default)]
enum Call {
    #[default]
    Running,
    /// It runs, or is about to.
    Woken,
    Waiting(Waker),
}

impl Bell {
    fn lock(&self) -> MutexGuard<'_, Call> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the task of `cx` woken from now on.
    fn wait(&self, cx: &Context<'_>) {
        let mut call = self.lock();
        if !matches!(*call, Call::Woken) {
            *call = Call::Waiting(cx.waker().clone());
            return;
        }
        drop(call);
        cx.waker().wake_by_ref();
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let call = std::mem::replace(&mut *self.lock(), Call::Woken);
        if let Call::Waiting(waker) = call {
            waker.wake();
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
