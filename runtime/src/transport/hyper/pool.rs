//! Connections that wait for their next request.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

use super::Origin;
use super::connection::Connection;

/// Idle connections.
///
/// There are as many as there were calls at one time, and few origins, so that one list does.
#[derive(Debug)]
pub(super) struct Pool(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    idle_timeout: Duration,
}

#[derive(Debug, Default)]
struct State {
    /// The one that became idle last is at the end.
    idle: Vec<Idle>,
    /// Closes what was idle for too long. Runs while something is idle.
    reaper: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Idle {
    origin: Origin,
    since: Instant,
    connection: Connection,
}

impl Pool {
    /// A pool that drops a connection once it has been idle for `idle_timeout`.
    pub(super) fn new(idle_timeout: Duration) -> Self {
        Self(Arc::new(Shared {
            state: Mutex::default(),
            idle_timeout,
        }))
    }

    /// The connection to `origin` that was used last, if one is open.
    pub(super) fn take(&self, origin: &Origin) -> Option<Connection> {
        loop {
            let mut state = self.0.lock();
            self.0.drop_expired(&mut state);
            let at = state.idle.iter().rposition(|idle| idle.origin == *origin)?;
            let mut connection = state.idle.remove(at).connection;
            // Looking at it takes a system call.
            drop(state);
            if connection.is_still_ready() {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection whose exchange is over, unless it is closing. Runs inside Tokio.
    pub(super) fn put(&self, origin: Origin, mut connection: Connection) {
        if !connection.is_ready() {
            return;
        }
        let since = Instant::now();
        let mut state = self.0.lock();
        state.idle.push(Idle {
            origin,
            since,
            connection,
        });
        // It has ended, too, when the runtime it was started in has.
        if state.reaper.as_ref().is_none_or(JoinHandle::is_finished) {
            let shared = Arc::downgrade(&self.0);
            state.reaper = Some(tokio::spawn(reap(shared, self.0.idle_timeout)));
        }
    }
}

impl Shared {
    /// The list stays sound when a thread panicked while it held the lock.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes, by dropping it, what has been idle for too long, which is at the front.
    fn drop_expired(&self, state: &mut State) {
        let now = Instant::now();
        let expired = state
            .idle
            .iter()
            .take_while(|idle| now.saturating_duration_since(idle.since) >= self.idle_timeout)
            .count();
        state.idle.drain(..expired);
    }
}

/// Looks after the pool until it is empty or gone, so that no connection stays open for want of
/// calls.
async fn reap(pool: Weak<Shared>, idle_timeout: Duration) {
    loop {
        tokio::time::sleep(idle_timeout).await;
        let Some(pool) = pool.upgrade() else {
            return;
        };
        let mut state = pool.lock();
        pool.drop_expired(&mut state);
        if state.idle.is_empty() {
            state.reaper = None;
            return;
        }
    }
}
