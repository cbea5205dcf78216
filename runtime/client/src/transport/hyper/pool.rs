//! Connections that wait for their next request.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::runtime::{Handle, Id};
use tokio::time::Instant;

use super::Origin;
use super::connection::Connection;

/// Idle connections, each of which serves the runtime that it was made on and no other: its socket
/// works only as long as that runtime is driven.
#[derive(Debug)]
pub(super) struct Pool(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// One for each runtime that has a [`Reaper`]. There are few of them.
    runtimes: Mutex<Vec<Local>>,
    idle_timeout: Duration,
}

/// The idle connections of one runtime.
///
/// There are as many as there were calls at one time, and few origins, so that one list does.
#[derive(Debug)]
struct Local {
    runtime: Id,
    /// The one that became idle last is at the end.
    idle: Vec<Idle>,
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
            runtimes: Mutex::default(),
            idle_timeout,
        }))
    }

    /// The connection from `runtime` to `origin` that was used last, if one is open.
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
            // Looking at it takes a system call.
            drop(runtimes);
            if since.elapsed() < self.0.idle_timeout && connection.is_still_ready() {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection of `runtime` whose exchange is over, unless it is closing, or the call has
    /// moved to another runtime.
    pub(super) fn put(&self, runtime: Id, origin: Origin, mut connection: Connection) {
        let current = Handle::try_current().ok();
        let Some(current) = current.filter(|current| current.id() == runtime) else {
            return;
        };
        if !connection.rests() {
            return;
        }
        // Given to the next call after this connection can be found.
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
                // A runtime that is ending drops the reaper at once, and that takes the lock.
                drop(runtimes);
                let pool = Arc::downgrade(&self.0);
                current.spawn(Reaper { pool, runtime }.run(pause));
            }
        }
    }

    /// Closes idle connections to `origin`, of whatever runtime, until no more than `count` are
    /// left. Those that were idle longest go first.
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
    /// The list stays sound when a thread panicked while it held the lock.
    fn lock(&self) -> MutexGuard<'_, Vec<Local>> {
        self.runtimes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes, by dropping it, what has been idle for too long, whichever runtime it belongs to.
    /// Returns how long until the next one has been, if any is left.
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

/// Looks after the pool until it is empty or gone, so that no connection stays open for want of
/// calls.
///
/// Each runtime that has idle connections has one, since a runtime may not be driven for a while,
/// and closes the connections of every other. The reaper is dropped with its runtime, and takes the
/// runtime's connections with it: their sockets are dead.
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

    /// Closes what has been idle for too long. Returns how long until there is more to close.
    fn reap(&mut self) -> Option<Duration> {
        let pool = self.pool.upgrade()?;
        let mut runtimes = pool.lock();
        let pause = pool.drop_expired(&mut runtimes);
        if pause.is_none() {
            // Without the list, the next idle connection of this runtime starts a reaper of its own,
            // whose list is not this one's to drop.
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
