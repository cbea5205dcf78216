//! One HTTP/1.1 connection, driven by the call that waits for it.

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

/// A connection of hyper: the half that accepts requests, and the half that reads and writes.
///
/// The second half is usually a separate task. Here the call that waits for a response polls it:
/// incoming data wakes that call directly, where a task would have to wake it in turn, often on
/// another thread. An idle connection therefore does nothing, and detects that its server has
/// closed it when it is checked the next time.
pub(super) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    /// `None` once the connection has ended.
    work: Option<Box<Work>>,
    bell: Arc<Bell>,
    signals: Arc<Signals>,
    /// The permit for the connection, if connections are limited. This is the last field because
    /// the next call may connect once the permit is dropped.
    pub(super) permit: Option<Permit>,
}

impl Connection {
    /// Starts HTTP/1.1 over `io`, whose [`Socket`](super::Socket) uses the same signals.
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

    /// Returns whether the connection accepts another request, as far as the runtime's driver
    /// knows. The last response has been read, and its bytes in hyper's buffer are wiped if it may
    /// contain secrets.
    pub(super) fn rests(&mut self) -> bool {
        // A server may respond to a request before it has all of it.
        let ready = self.is_ready() && !self.signals.hides();
        self.signals.secret.store(false, Ordering::Relaxed);
        ready
    }

    /// Asks the kernel whether the connection still accepts a request after it was idle. If the
    /// server closed the connection or sent a byte of HTTP, the connection is ended. TLS handles
    /// other records itself, such as session tickets and new keys.
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

    /// Whether the response may contain secrets.
    pub(super) fn is_secret(&self) -> bool {
        self.signals.secret.load(Ordering::Relaxed)
    }

    /// Sends a request with the header lines `secret_lines`, and waits for the head of its
    /// response. If nothing was written, the error contains the request, and
    /// [`unsent_lines`](Self::unsent_lines) returns its secret lines.
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

    /// Returns the secret lines of a request that was not sent.
    pub(super) fn unsent_lines(&self) -> Buffer {
        self.signals.unhide()
    }

    /// Drives the connection until `part`, which depends on nothing else, is ready.
    pub(super) async fn drive<T>(&mut self, part: impl Future<Output = T>) -> T {
        // If Tokio's budget suspended it, it would wait for a waker that does nothing.
        let mut part = pin!(unconstrained(part));
        poll_fn(|cx| {
            self.advance();
            // It needs no waker: only the connection makes progress, and it was polled just now.
            let part = part.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            if part.is_pending() {
                self.bell.wait(cx);
            }
            part
        })
        .await
    }

    /// Reads and writes without blocking.
    fn advance(&mut self) {
        let Some(work) = &mut self.work else {
            return;
        };
        *self.bell.lock() = Call::Running;
        let waker = Waker::from(Arc::clone(&self.bell));
        if let Poll::Ready(end) = Pin::new(&mut **work).poll(&mut Context::from_waker(&waker)) {
            self.close();
            // A request in flight fails with the same error.
            if let Err(error) = end {
                tracing::trace!(%error, "a connection failed");
            }
        }
    }

    /// Ends the connection, and wipes the rest of a response that may contain secrets.
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

/// Wakes the call that waits for a connection. While that call runs, the two halves of the
/// connection wake each other constantly, which must not schedule the call again.
#[derive(Default)]
struct Bell(Mutex<Call>);

#[derive(Default)]
enum Call {
    #[default]
    Running,
    /// The call is running or scheduled.
    Woken,
    Waiting(Waker),
}

impl Bell {
    fn lock(&self) -> MutexGuard<'_, Call> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the task of `cx` from now on.
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
