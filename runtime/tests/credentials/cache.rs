//! The cache: what it keeps, for how long, and that many waiters cause one request.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, SystemTime};

use tinsmith_runtime::BoxFuture;
use tinsmith_runtime::credentials::{
    CachingProvider, Credentials, CredentialsError, CredentialsErrorKind, ProvideCredentials,
};

use crate::world::{FakeClock, block_on};

type Outcome = Result<Credentials, CredentialsError>;

/// A source that answers when the test says so.
#[derive(Debug, Default)]
struct Source {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    calls: usize,
    dropped: usize,
    outcomes: VecDeque<Outcome>,
    waker: Option<Waker>,
}

impl Source {
    fn answer(&self, outcome: Outcome) {
        let mut state = self.state.lock().unwrap();
        state.outcomes.push_back(outcome);
        if let Some(waker) = state.waker.take() {
            drop(state);
            waker.wake();
        }
    }

    fn calls(&self) -> usize {
        self.state.lock().unwrap().calls
    }
}

/// One call of the source; counts when it is dropped unfinished.
struct Call<'a> {
    source: &'a Source,
    finished: bool,
}

impl Future for Call<'_> {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        let mut state = self.source.state.lock().unwrap();
        let Some(outcome) = state.outcomes.pop_front() else {
            state.waker = Some(context.waker().clone());
            return Poll::Pending;
        };
        drop(state);
        self.finished = true;
        Poll::Ready(outcome)
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.source.state.lock().unwrap().dropped += 1;
        }
    }
}

impl ProvideCredentials for Source {
    fn provide(&self) -> BoxFuture<'_, Outcome> {
        self.state.lock().unwrap().calls += 1;
        Box::pin(Call {
            source: self,
            finished: false,
        })
    }
}

/// Credentials named `id` that expire at `seconds` after the epoch.
fn until(id: &str, seconds: u64) -> Credentials {
    let expiry = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    Credentials::new(id, "secret", "test").with_expiry(expiry)
}

fn failure() -> CredentialsError {
    CredentialsError::new(CredentialsErrorKind::Unavailable, "test", "down")
}

struct Fixture {
    source: Arc<Source>,
    clock: Arc<FakeClock>,
    cache: CachingProvider,
}

/// A cache at 1,000 s after the epoch.
fn fixture() -> Fixture {
    let (source, clock) = (Arc::new(Source::default()), FakeClock::at(1000));
    let cache = CachingProvider::new(Arc::clone(&source) as _, Arc::clone(&clock) as _);
    Fixture {
        source,
        clock,
        cache,
    }
}

impl Fixture {
    /// What a caller gets who would not wait.
    fn get(&self) -> Option<Result<String, CredentialsError>> {
        match poll(&mut self.cache.provide(), Waker::noop()) {
            Poll::Ready(outcome) => Some(outcome.map(|found| found.access_key_id().to_owned())),
            Poll::Pending => None,
        }
    }

    fn get_id(&self) -> String {
        self.get().expect("an answer at once").unwrap()
    }
}

fn poll(future: &mut BoxFuture<'_, Outcome>, waker: &Waker) -> Poll<Outcome> {
    future.as_mut().poll(&mut Context::from_waker(waker))
}

#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn kept_until_five_minutes_before_expiry() {
    let f = fixture();
    f.source.answer(Ok(until("a", 2000)));
    assert_eq!(f.get_id(), "a");
    f.clock.advance(699);
    assert_eq!((f.get_id().as_str(), f.source.calls()), ("a", 1));
    f.clock.advance(1);
    f.source.answer(Ok(until("b", 9000)));
    assert_eq!((f.get_id().as_str(), f.source.calls()), ("b", 2));
}

#[test]
fn kept_for_ever_without_expiry() {
    let f = fixture();
    f.source.answer(Ok(Credentials::new("a", "secret", "test")));
    assert_eq!(f.get_id(), "a");
    f.clock.advance(1 << 32);
    assert_eq!((f.get_id().as_str(), f.source.calls()), ("a", 1));
}

#[test]
fn a_failed_refresh_keeps_valid_credentials_and_no_others() {
    let f = fixture();
    f.source.answer(Ok(until("a", 2000)));
    f.get_id();
    f.clock.advance(700);
    f.source.answer(Err(failure()));
    assert_eq!((f.get_id().as_str(), f.source.calls()), ("a", 2));
    // Not asked again for half a minute.
    f.clock.advance(29);
    assert_eq!((f.get_id().as_str(), f.source.calls()), ("a", 2));
    f.clock.advance(1);
    f.source.answer(Err(failure()));
    assert_eq!((f.get_id().as_str(), f.source.calls()), ("a", 3));
    // At 2,000 s they expire.
    f.clock.advance(270);
    f.source.answer(Err(failure()));
    assert_eq!(f.get(), Some(Err(failure())));
    // An error is not kept.
    f.source.answer(Ok(until("b", 9000)));
    assert_eq!(f.get_id(), "b");
}

#[test]
fn credentials_near_their_end_do_not_cause_a_request_each() {
    let f = fixture();
    f.source.answer(Ok(until("a", 900)));
    assert_eq!(f.get_id(), "a");
    f.clock.advance(29);
    assert_eq!((f.get_id().as_str(), f.source.calls()), ("a", 1));
    f.clock.advance(1);
    f.source.answer(Ok(until("b", 1040)));
    assert_eq!(f.get_id(), "b");
    // A pause never reaches over the expiry of credentials that work.
    f.clock.advance(10);
    assert_eq!(f.get(), None);
    assert_eq!(f.source.calls(), 3);
}

#[test]
fn many_waiters_cause_one_request_and_share_its_outcome() {
    for outcome in [Ok(until("a", 9000)), Err(failure())] {
        let f = fixture();
        let joined = Arc::new(Barrier::new(17));
        let threads: Vec<_> = (0..16)
            .map(|_| {
                let (cache, joined) = (f.cache.clone(), Arc::clone(&joined));
                std::thread::spawn(move || {
                    let mut waiting = cache.provide();
                    assert!(poll(&mut waiting, Waker::noop()).is_pending());
                    joined.wait();
                    block_on(waiting)
                })
            })
            .collect();
        joined.wait();
        f.source.answer(outcome.clone());
        for thread in threads {
            assert_eq!(thread.join().unwrap(), outcome);
        }
        assert_eq!(f.source.calls(), 1);
    }
}

#[test]
fn a_dropped_waiter_does_not_stop_the_others() {
    let f = fixture();
    let (mut first, mut second) = (f.cache.provide(), f.cache.provide());
    let (count, other) = (Arc::new(Count::default()), Arc::new(Count::default()));
    assert!(poll(&mut first, &Waker::from(Arc::clone(&other))).is_pending());
    assert!(poll(&mut second, &Waker::from(Arc::clone(&count))).is_pending());
    // The first was woken and is dropped before it is polled.
    f.source.answer(Ok(until("a", 9000)));
    drop(first);
    assert!(count.0.load(Ordering::SeqCst) > 0, "nobody is told");
    let outcome = poll(&mut second, Waker::noop());
    assert_eq!(outcome, Poll::Ready(Ok(until("a", 9000))));
    assert_eq!(f.source.calls(), 1);
}

#[test]
fn a_waiter_that_is_never_polled_again_does_not_stop_the_others() {
    let f = fixture();
    let (mut first, mut second) = (f.cache.provide(), f.cache.provide());
    assert!(poll(&mut first, Waker::noop()).is_pending());
    assert!(poll(&mut second, Waker::noop()).is_pending());
    f.source.answer(Ok(until("a", 9000)));
    assert!(poll(&mut second, Waker::noop()).is_ready());
    drop(first);
}

#[test]
fn without_waiters_the_request_is_cancelled() {
    let f = fixture();
    let (mut first, mut second) = (f.cache.provide(), f.cache.provide());
    assert!(poll(&mut first, Waker::noop()).is_pending());
    assert!(poll(&mut second, Waker::noop()).is_pending());
    drop(first);
    assert_eq!(f.source.state.lock().unwrap().dropped, 0);
    drop(second);
    assert_eq!(f.source.state.lock().unwrap().dropped, 1);
    f.source.answer(Ok(until("a", 9000)));
    assert_eq!((f.get_id().as_str(), f.source.calls()), ("a", 2));
}
