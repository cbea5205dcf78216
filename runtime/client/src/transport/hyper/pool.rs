//! Idle connections.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::runtime::{Handle, Id};
use tokio::time::Instant;

use super::Origin;
use super::connection::Connection;

/// Idle connections. Each serves only the runtime on which it was opened, because its socket works
/// only while that runtime is driven.
#[derive(Debug)]
pub(super) struct Pool(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// One entry for each runtime that has a [`Reaper`]. There are few.
    runtimes: Mutex<Vec<Local>>,
    idle_timeout: Duration,
}

/// The idle connections of one runtime.
///
/// There are at most as many as there were concurrent calls, and few origins, so one list is
/// enough.
#[derive(Debug)]
struct Local {
    runtime: Id,
    /// The connection that became idle last is at the end.
    idle: Vec<Idle>,
}

#[derive(Debug)]
struct Idle {
    origin: Origin,
    since: Instant,
    connection: Connection,
}

impl Pool {
    /// Creates a pool that drops a connection once it has been idle for `idle_timeout`.
    pub(super) fn new(idle_timeout: Duration) -> Self {
        Self(Arc::new(Shared {
            runtimes: Mutex::default(),
            idle_timeout,
        }))
    }

    /// Returns the connection from `runtime` to `origin` that was used last, if one is open.
    pub(super) fn take(&self, runtime: Id, origin: &Origin) -> Option<Connection> {
        loop {
            let mut runtimes = self.0.lock();
            let local = runtimes.iter_mut().find(|local| local.runtime == runtime)?;
            let at = local.idle.iter().rposition(|idle| idle.origin == *origin)?;
            let Idle {
                since,
                mut connection,
                ..
            } = local.idle.remove(at);
            // Checking it needs a system call, which must not run under the lock.
            drop(runtimes);
            if since.elapsed() < self.0.idle_timeout && connection.is_still_ready() {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection of `runtime` after its exchange, unless it is closing or the call has
    /// moved to another runtime.
    pub(super) fn put(&self, runtime: Id, origin: Origin, mut connection: Connection) {
        let current = Handle::try_current().ok();
        let Some(current) = current.filter(|current| current.id() == runtime) else {
            return;
        };
        if !connection.rests() {
            return;
        }
        // Passed on only after the next call can find this connection.
        let _permit = connection.permit.take();
        let idle = Idle {
            origin,
            since: Instant::now(),
            connection,
        };
        let mut runtimes = self.0.lock();
        match runtimes.iter_mut().find(|local| local.runtime == runtime) {
            Some(local) => local.idle.push(idle),
            None => {
                let idle = vec![idle];
                runtimes.push(Local { runtime, idle });
                let pause = self.0.drop_expired(&mut runtimes);
                // A runtime that is shutting down drops the reaper at once, which takes the lock.
                drop(runtimes);
                let pool = Arc::downgrade(&self.0);
                current.spawn(Reaper { pool, runtime }.run(pause));
            }
        }
    }

    /// Closes idle connections to `origin` of all runtimes until at most `count` are left, starting
    /// with those that were idle longest.
    pub(super) fn shrink(&self, origin: &Origin, count: usize) {
        let mut runtimes = self.0.lock();
        let idle = |runtimes: &[Local]| {
            let idle = runtimes.iter().flat_map(|local| &local.idle);
            idle.filter(|idle| idle.origin == *origin).count()
        };
        for _ in count..idle(&runtimes) {
            let lists = runtimes.iter_mut().map(|local| &mut local.idle);
            let oldest = lists
                .filter_map(|list| {
                    let at = list.iter().position(|idle| idle.origin == *origin)?;
                    let since = list.get(at)?.since;
                    Some((since, list, at))
                })
                .min_by_key(|(since, ..)| *since);
            if let Some((_, list, at)) = oldest {
                list.remove(at);
            }
        }
    }
}

impl Shared {
    /// The list stays consistent even if a thread panicked while it held the lock.
    fn lock(&self) -> MutexGuard<'_, Vec<Local>> {
        self.runtimes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes the connections of all runtimes that were idle for too long, by dropping them.
    /// Returns the time until the next one expires, if any is left.
    fn drop_expired(&self, runtimes: &mut [Local]) -> Option<Duration> {
        let now = Instant::now();
        let left = |idle: &Idle| {
            let unused = now.saturating_duration_since(idle.since);
            self.idle_timeout.saturating_sub(unused)
        };
        for local in runtimes.iter_mut() {
            let expired = local.idle.iter().take_while(|idle| left(idle).is_zero());
            let expired = expired.count();
            local.idle.drain(..expired);
        }
        let longest_idle = runtimes.iter().filter_map(|local| local.idle.first());
        longest_idle.map(left).min()
    }
}

/// Closes expired connections until the pool is empty or dropped, so that no connection stays open
/// because there are no calls.
///
/// Each runtime with idle connections has a reaper, which also closes the connections of the other
/// runtimes, because a runtime may not be driven for a while. A reaper is dropped with its runtime
/// and drops the runtime's connections, whose sockets no longer work.
struct Reaper {
    pool: Weak<Shared>,
    runtime: Id,
}

impl Reaper {
    /// Sleeps first: a connection may be in use again before this runs.
    async fn run(mut self, mut pause: Option<Duration>) {
        while let Some(time) = pause {
            tokio::time::sleep(time).await;
            pause = self.reap();
        }
    }

    /// Closes expired connections. Returns the time until the next one expires.
    fn reap(&mut self) -> Option<Duration> {
        let pool = self.pool.upgrade()?;
        let mut runtimes = pool.lock();
        let pause = pool.drop_expired(&mut runtimes);
        if pause.is_none() {
            // Without the list, the next idle connection of this runtime starts a new reaper, whose
            // list this one must not drop.
            runtimes.retain(|local| local.runtime != self.runtime);
            self.pool = Weak::new();
        }
        pause
    }
}

impl Drop for Reaper {
    fn drop(&mut self) {
        let Some(pool) = self.pool.upgrade() else {
            return;
        };
        let mut runtimes = pool.lock();
        let at = runtimes
            .iter()
            .position(|local| local.runtime == self.runtime);
        let dead = at.map(|at| runtimes.swap_remove(at));
        drop(runtimes);
        drop(dead);
    }
}
