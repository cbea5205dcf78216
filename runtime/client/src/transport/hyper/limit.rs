//! A limit on the connections to each host.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};

use tokio::runtime::Id;

use super::Origin;

/// Limits the number of connections to an origin; further calls wait. A call passes on its permit
/// instead of its connection, which may not work on the runtime of the next call.
#[derive(Debug)]
pub(super) struct Limit {
    connections: usize,
    /// The origins with current calls.
    origins: Mutex<Vec<(Origin, Weak<Permits>)>>,
}

impl Limit {
    pub(super) fn new(connections: NonZeroUsize) -> Self {
        Self {
            connections: connections.get(),
            origins: Mutex::default(),
        }
    }

    /// Waits for a permit for a connection from `runtime` to `origin`.
    pub(super) async fn permit(&self, runtime: Id, origin: &Origin) -> Permit {
        let permits = self.permits(origin);
        let number = permits.lock().next_number();
        let place = Place {
            runtime,
            number,
            permits,
        };
        poll_fn(|cx| place.poll(cx)).await
    }

    fn permits(&self, origin: &Origin) -> Arc<Permits> {
        let mut origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        // Without a call that has or awaits a permit, all permits are free, as in a new entry.
        origins.retain(|(_, permits)| permits.strong_count() > 0);
        let known = origins.iter().find(|(known, _)| known == origin);
        if let Some(permits) = known.and_then(|(_, permits)| permits.upgrade()) {
            return permits;
        }
        let permits = Arc::new(Permits(Mutex::new(Queue {
            free: self.connections,
            lines: Vec::new(),
            numbers: 0,
        })));
        origins.push((origin.clone(), Arc::downgrade(&permits)));
        permits
    }
}

/// The permits for one origin.
#[derive(Debug)]
struct Permits(Mutex<Queue>);

/// Each runtime has its own queue. A free permit is not assigned to a call in advance: a semaphore
/// would assign it to the call that waited longest, and if that call's runtime is not driven, all
/// others would wait as well.
#[derive(Debug)]
struct Queue {
    free: usize,
    /// The calls that wait on each runtime, in the order of their numbers.
    lines: Vec<(Id, VecDeque<(u64, Waker)>)>,
    /// The last number that was assigned.
    numbers: u64,
}

impl Permits {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a change, then wakes the first call of each queue if a permit is free.
    fn change(&self, change: impl FnOnce(&mut Queue)) {
        let mut queue = self.lock();
        change(&mut queue);
        let lines = queue.lines.iter().filter(|_| queue.free > 0);
        let first = lines.filter_map(|(_, line)| line.front());
        let wakers: Vec<_> = first.map(|(_, waker)| waker.clone()).collect();
        // Waking a task may drop it, and that takes the lock.
        drop(queue);
        wakers.into_iter().for_each(Waker::wake);
    }
}

impl Queue {
    fn next_number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    fn line(&mut self, runtime: Id) -> &mut VecDeque<(u64, Waker)> {
        let known = self.lines.iter().position(|(known, _)| *known == runtime);
        let at = known.unwrap_or_else(|| {
            self.lines.push((runtime, VecDeque::new()));
            self.lines.len() - 1
        });
        &mut self.lines[at].1
    }
}

/// A call's place in its queue, which it leaves with or without a permit.
struct Place {
    runtime: Id,
    number: u64,
    permits: Arc<Permits>,
}

impl Place {
    fn poll(&self, cx: &Context<'_>) -> Poll<Permit> {
        let mut queue = self.permits.lock();
        let line = queue.line(self.runtime);
        let waker = cx.waker().clone();
        match line.binary_search_by_key(&self.number, |(number, _)| *number) {
            Ok(at) => line[at].1 = waker,
            Err(at) => line.insert(at, (self.number, waker)),
        }
        let is_first = line.front().map(|(number, _)| *number) == Some(self.number);
        if !is_first || queue.free == 0 {
            return Poll::Pending;
        }
        queue.free -= 1;
        Poll::Ready(Permit(Arc::clone(&self.permits)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.permits.change(|queue| {
            let line = queue.line(self.runtime);
            if let Ok(at) = line.binary_search_by_key(&self.number, |(number, _)| *number) {
                line.remove(at);
            }
            queue.lines.retain(|(_, line)| !line.is_empty());
        });
    }
}

/// The permit for a connection.
#[derive(Debug)]
pub(super) struct Permit(Arc<Permits>);

impl Permit {
    /// Returns the number of connections that may exist in addition to those with a permit.
    pub(super) fn idle_allowed(&self) -> usize {
        self.0.lock().free
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.change(|queue| queue.free += 1);
    }
}
