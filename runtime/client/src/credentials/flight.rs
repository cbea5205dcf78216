//! A future shared by several waiters.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::task::{Context, Poll, Wake, Waker};

use crate::BoxFuture;

/// A waiter for a shared future. Each waiter drives the future and gets its output. A clone is
/// another waiter.
///
/// Any waiter that is polled drives the future, so waiters do not depend on each other: a waiter
/// may be dropped, or stay alive and never be polled again. The future is dropped with the last
/// waiter.
pub(super) struct Flight<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Clone for Flight<T> {
    fn clone(&self) -> Self {
        let shared = Arc::clone(&self.shared);
        Self { shared }
    }
}

struct Shared<T> {
    /// `None` once it is complete.
    future: Mutex<Option<BoxFuture<'static, T>>>,
    output: OnceLock<T>,
    /// Separate from the rest, because the future's wakers own it: the future must not keep itself
    /// alive.
    waiters: Arc<Waiters>,
}

#[derive(Default)]
struct Waiters(Mutex<Wakers>);

#[derive(Default)]
struct Wakers {
    list: Vec<Waker>,
    /// Whether the future was woken since its last poll began.
    woken: bool,
}

impl<T: Clone + Send + Sync + 'static> Flight<T> {
    pub(super) fn new(future: BoxFuture<'static, T>) -> Self {
        let shared = Arc::new(Shared {
            future: Mutex::new(Some(future)),
            output: OnceLock::new(),
            waiters: Arc::default(),
        });
        Self { shared }
    }

    /// Returns whether the future has completed or panicked.
    pub(super) fn is_over(&self) -> bool {
        self.shared.output.get().is_some() || self.shared.future.is_poisoned()
    }
}

impl<T: Clone + Send + Sync + 'static> Future for Flight<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let shared = &self.shared;
        // Registered first, so that later events wake this waiter.
        shared.waiters.register(context.waker());
        let mut future = match shared.future.try_lock() {
            Ok(future) => future,
            // Another waiter is polling.
            Err(TryLockError::WouldBlock) => return Poll::Pending,
            // A poll panicked. Polling again panics as well, which notifies this waiter.
            Err(TryLockError::Poisoned(error)) => error.into_inner(),
        };
        let output = shared.drive(&mut future);
        drop(future);
        // Waiters that were woken before found the future locked and went to sleep again. So this
        // must come after unlocking.
        if output.is_ready() || shared.waiters.lock().woken {
            shared.waiters.wake_all();
        }
        output
    }
}

impl<T> Drop for Flight<T> {
    fn drop(&mut self) {
        // This may run during unwinding of a poll that panicked. The future then wakes no waiter
        // any more, so the others must be woken here.
        self.shared.waiters.wake_all();
    }
}

impl<T: Clone> Shared<T> {
    fn drive(&self, slot: &mut Option<BoxFuture<'static, T>>) -> Poll<T> {
        let Some(future) = slot else {
            // The slot is emptied once there is an output.
            return self
                .output
                .get()
                .cloned()
                .map_or(Poll::Pending, Poll::Ready);
        };
        self.waiters.lock().woken = false;
        let waker = Waker::from(Arc::clone(&self.waiters));
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
        polled.map(|output| {
            *slot = None;
            self.output.get_or_init(|| output).clone()
        })
    }
}

impl Waiters {
    fn register(&self, waker: &Waker) {
        let mut wakers = self.lock();
        if !wakers.list.iter().any(|known| known.will_wake(waker)) {
            wakers.list.push(waker.clone());
        }
    }

    fn wake_all(&self) {
        let wakers = std::mem::take(&mut self.lock().list);
        wakers.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, Wakers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Waiters {
    fn wake(self: Arc<Self>) {
        self.lock().woken = true;
        self.wake_all();
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::thread::Thread;

    use super::*;

    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    fn block_on<T>(future: impl Future<Output = T>, mut polls: usize) -> Option<T> {
        let mut future = pin!(future);
        let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
        while polls > 0 {
            polls -= 1;
            match future.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(output) => return Some(output),
                Poll::Pending => std::thread::park(),
            }
        }
        None
    }

    /// Is pending `steps` times and wakes from another thread, or at once.
    async fn steps(steps: usize) -> usize {
        for step in 0..steps {
            let mut pending = true;
            std::future::poll_fn(|context| {
                if !std::mem::take(&mut pending) {
                    return Poll::Ready(());
                }
                let waker = context.waker().clone();
                match step % 50 {
                    0 => drop(std::thread::spawn(|| waker.wake())),
                    _ => waker.wake(),
                }
                Poll::Pending
            })
            .await;
        }
        steps
    }

    #[test]
    fn no_wake_is_lost_between_threads() {
        for _ in 0..20 {
            let first = Flight::new(Box::pin(steps(500)));
            let threads: Vec<_> = (0..8)
                .map(|thread| {
                    let flight = first.clone();
                    // Half of them give up along the way.
                    let polls = if thread % 2 == 0 { usize::MAX } else { thread };
                    std::thread::spawn(move || (thread, block_on(flight, polls)))
                })
                .collect();
            // Polled by nobody, and still there.
            let _idle = first;
            for thread in threads {
                let (thread, output) = thread.join().unwrap();
                assert!(
                    output == Some(500) || thread % 2 == 1,
                    "{thread}: {output:?}"
                );
            }
        }
    }

    #[test]
    fn a_waiter_that_came_during_a_poll_is_told_of_a_wake_in_it() {
        let (polling, is_polling) = std::sync::mpsc::channel();
        let (polled, was_polled) = std::sync::mpsc::channel();
        let mut first_poll = true;
        let first = Flight::new(Box::pin(std::future::poll_fn(move |context| {
            if !std::mem::take(&mut first_poll) {
                return Poll::Ready(1);
            }
            context.waker().wake_by_ref();
            polling.send(()).unwrap();
            was_polled.recv().unwrap();
            Poll::Pending
        })));
        let second = first.clone();
        let waiting = std::thread::spawn(move || {
            let mut second = pin!(second);
            let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
            is_polling.recv().unwrap();
            let during = second.as_mut().poll(&mut Context::from_waker(&waker));
            assert!(during.is_pending());
            polled.send(()).unwrap();
            std::thread::park();
            block_on(second, 1)
        });
        let mut first = pin!(first);
        // Polled once and kept.
        let polled = first.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending());
        assert_eq!(waiting.join().unwrap(), Some(1));
    }

    #[test]
    fn a_panic_reaches_every_waiter() {
        let mut pending = true;
        let panics = std::future::poll_fn(move |_| {
            assert!(std::mem::take(&mut pending), "expected");
            Poll::<()>::Pending
        });
        let first = Flight::new(Box::pin(panics));
        let second = first.clone();
        let (polled, was_polled) = std::sync::mpsc::channel();
        let waiting = std::thread::spawn(move || {
            let mut second = pin!(second);
            let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
            let first_poll = second.as_mut().poll(&mut Context::from_waker(&waker));
            assert!(first_poll.is_pending());
            polled.send(()).unwrap();
            // Nothing but the other's panic ends this.
            std::thread::park();
            block_on(second, 1)
        });
        was_polled.recv().unwrap();
        let third = first.clone();
        assert!(!third.is_over());
        assert!(std::thread::spawn(|| block_on(first, 1)).join().is_err());
        assert!(waiting.join().is_err());
        assert!(third.is_over());
    }
}
