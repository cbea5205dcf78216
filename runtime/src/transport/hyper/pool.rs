//! Connections that wait for their next request.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::SendRequest;

use super::Origin;

/// The sending half of a connection; its other half runs as a task.
pub(super) type Sender = SendRequest<Full<Bytes>>;

/// Idle connections, the one that became idle last at the end.
///
/// There are as many as there were calls at one time, and few origins, so that one list does.
#[derive(Debug)]
pub(super) struct Pool {
    idle: Mutex<Vec<Idle>>,
    idle_timeout: Duration,
}

#[derive(Debug)]
struct Idle {
    origin: Origin,
    since: Instant,
    sender: Sender,
}

impl Pool {
    /// A pool that drops a connection once it has been idle for `idle_timeout`.
    pub(super) fn new(idle_timeout: Duration) -> Self {
        Self {
            idle: Mutex::default(),
            idle_timeout,
        }
    }

    /// The connection to `origin` that was used last, if one is open.
    pub(super) fn take(&self, origin: &Origin) -> Option<Sender> {
        let mut idle = self.lock();
        drop_expired(&mut idle, self.idle_timeout);
        while let Some(at) = idle.iter().rposition(|idle| idle.origin == *origin) {
            let sender = idle.remove(at).sender;
            // It is not ready when the server has closed the connection meanwhile.
            if sender.is_ready() {
                return Some(sender);
            }
        }
        None
    }

    /// Keeps a connection whose exchange is over.
    pub(super) fn put(&self, origin: Origin, sender: Sender) {
        let since = Instant::now();
        self.lock().push(Idle {
            origin,
            since,
            sender,
        });
    }

    /// The list stays sound when a thread panicked while it held the lock.
    fn lock(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes what has been idle for too long, which is at the front, by dropping it. No timer does it:
/// a connection that nobody asks for again is closed by its server.
fn drop_expired(idle: &mut Vec<Idle>, idle_timeout: Duration) {
    let now = Instant::now();
    let expired = idle
        .iter()
        .take_while(|idle| now.saturating_duration_since(idle.since) >= idle_timeout)
        .count();
    idle.drain(..expired);
}
