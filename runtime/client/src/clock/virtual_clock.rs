//! A clock for tests, whose time is under the control of the test.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use super::Clock;
use crate::BoxFuture;

/// A clock for tests. Clones share the time and the record of sleeps.
///
/// It has two modes:
///
/// - [`VirtualClock::new`]: a sleep moves the time forward to its end and completes immediately.
///   For code that waits for one thing at a time, such as retries. A timeout that is polled while
///   its future is pending expires.
/// - [`VirtualClock::manual`]: a sleep waits until [`VirtualClock::advance`] reaches its end. For
///   tests of timeouts.
///
/// ```
/// # fn block_on(future: impl Future<Output = ()>) {
/// #     let mut context = std::task::Context::from_waker(std::task::Waker::noop());
/// #     assert!(std::pin::pin!(future).poll(&mut context).is_ready());
/// # }
/// use std::time::{Duration, UNIX_EPOCH};
/// use tinsmith_client::clock::{Clock, VirtualClock};
///
/// let clock = VirtualClock::new(UNIX_EPOCH);
/// block_on(clock.sleep(Duration::from_secs(7)));
/// assert_eq!(clock.now(), UNIX_EPOCH + Duration::from_secs(7));
/// assert_eq!(clock.sleeps(), [Duration::from_secs(7)]);
/// ```
#[derive(Clone, Debug)]
pub struct VirtualClock {
    start: SystemTime,
    moves_by_itself: bool,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// The time since the start.
    elapsed: Duration,
    /// The completed sleeps, in the order of completion.
    ended: Vec<Duration>,
    /// The waiting sleeps, by end and number.
    waiting: BTreeMap<(Duration, u64), Waker>,
    /// The number of sleeps so far.
    count: u64,
}

impl VirtualClock {
    /// Creates a clock that starts at `start` and skips every sleep.
    pub fn new(start: SystemTime) -> Self {
        Self {
            start,
            moves_by_itself: true,
            state: Arc::default(),
        }
    }

    /// Creates a clock that starts at `start` and moves only by [`VirtualClock::advance`].
    pub fn manual(start: SystemTime) -> Self {
        Self {
            moves_by_itself: false,
            ..Self::new(start)
        }
    }

    /// Moves the time forward and completes all sleeps that end by then.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.state();
        state.elapsed = state.elapsed.saturating_add(duration);
        let elapsed = state.elapsed;
        let later = state.waiting.split_off(&(elapsed, u64::MAX));
        let due = std::mem::replace(&mut state.waiting, later);
        // A waker may poll, which needs the lock.
        drop(state);
        due.into_values().for_each(Waker::wake);
    }

    /// Returns the durations of the completed sleeps, in order of completion. Sleeps dropped before
    /// are not included.
    pub fn sleeps(&self) -> Vec<Duration> {
        self.state().ended.clone()
    }

    /// Returns the number of waiting sleeps.
    pub fn waiting(&self) -> usize {
        self.state().waiting.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> SystemTime {
        self.start + self.state().elapsed
    }

    fn monotonic(&self) -> Duration {
        self.state().elapsed
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut state = self.state();
        state.count += 1;
        Box::pin(Sleep {
            duration,
            key: (state.elapsed.saturating_add(duration), state.count),
            clock: self.clone(),
        })
    }
}

struct Sleep {
    duration: Duration,
    /// The end of the sleep, and its number.
    key: (Duration, u64),
    clock: VirtualClock,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let (end, _) = self.key;
        let mut state = self.clock.state();
        if self.clock.moves_by_itself {
            state.elapsed = state.elapsed.max(end);
        }
        if state.elapsed < end {
            state.waiting.insert(self.key, context.waker().clone());
            return Poll::Pending;
        }
        state.ended.push(self.duration);
        Poll::Ready(())
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.clock.state().waiting.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::Wake;
    use std::time::UNIX_EPOCH;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[derive(Default)]
    struct Wakes(AtomicU32);

    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    impl Wakes {
        fn poll(self: &Arc<Self>, future: &mut BoxFuture<'static, ()>) -> bool {
            let waker = Waker::from(Arc::clone(self));
            let mut context = Context::from_waker(&waker);
            future.as_mut().poll(&mut context).is_ready()
        }

        fn count(&self) -> u32 {
            self.0.load(Ordering::Relaxed)
        }
    }

    #[test]
    fn sleeping_moves_the_time() {
        let clock = VirtualClock::new(UNIX_EPOCH + SECOND);
        let wakes = Arc::new(Wakes::default());
        assert!(wakes.poll(&mut clock.sleep(2 * SECOND)));
        assert!(wakes.poll(&mut clock.sleep(Duration::ZERO)));
        // Side by side, the longest counts.
        let [mut one, mut two] = [clock.sleep(4 * SECOND), clock.sleep(3 * SECOND)];
        assert!(wakes.poll(&mut one) && wakes.poll(&mut two));
        assert_eq!(clock.monotonic(), 6 * SECOND);
        assert_eq!(clock.now(), UNIX_EPOCH + 7 * SECOND);
        assert_eq!(clock.sleeps(), [2, 0, 4, 3].map(|seconds| seconds * SECOND));
    }

    #[test]
    fn many_wait_until_the_time_is_moved() {
        let clock = VirtualClock::manual(UNIX_EPOCH);
        let mut sleeps: Vec<_> = (1..=3)
            .map(|seconds| clock.sleep(seconds * SECOND))
            .collect();
        let wakes: Vec<_> = sleeps.iter().map(|_| Arc::new(Wakes::default())).collect();
        let poll = |sleeps: &mut Vec<BoxFuture<'static, ()>>| -> Vec<bool> {
            sleeps
                .iter_mut()
                .zip(&wakes)
                .map(|(sleep, wakes)| wakes.poll(sleep))
                .collect()
        };
        let woken = || wakes.iter().map(|wakes| wakes.count()).collect::<Vec<_>>();

        // Polling twice is waiting once.
        for _ in 0..2 {
            assert_eq!(poll(&mut sleeps), [false, false, false]);
        }
        assert_eq!(clock.waiting(), 3);
        clock.advance(SECOND / 2);
        assert_eq!(woken(), [0, 0, 0]);
        clock.clone().advance(3 * SECOND / 2);
        assert_eq!((woken(), clock.waiting()), (vec![1, 1, 0], 1));
        assert_eq!(poll(&mut sleeps), [true, true, false]);
        drop(sleeps);
        assert_eq!(clock.waiting(), 0);
        clock.advance(9 * SECOND);
        assert_eq!(woken(), [1, 1, 0]);
        assert_eq!(clock.sleeps(), [SECOND, 2 * SECOND]);
        assert_eq!(clock.monotonic(), 11 * SECOND);
    }
}
