//! The cache: what it keeps, for how long, and that many waiters cause one request.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use tinsmith_client::BoxFuture;
use tinsmith_client::credentials::{
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

/// One call of the source.
struct Call<'a>(&'a Source);

impl Future for Call<'_> {
    type Output = Outcome;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        let mut state = self.0.state.lock().unwrap();
        match state.outcomes.pop_front() {
            Some(outcome) => Poll::Ready(outcome),
            None => {
                state.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl ProvideCredentials for Source {
    fn provide(&self) -> BoxFuture<'_, Outcome> {
        self.state.lock().unwrap().calls += 1;
        Box::pin(Call(self))
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
fn failed_refresh_keeps_old_credentials_even_expired_ones() {
    let f = fixture();
    f.source.answer(Ok(until("a", 2000)));
    f.get_id();
    f.clock.advance(700);
    for (advance, calls) in [(0, 2), (299, 2), (301, 3), (600, 4), (299, 4)] {
        f.clock.advance(advance);
        if f.source.calls() < calls {
            f.source.answer(Err(failure()));
        }
        // At 2,000 s they expire, which the service has to judge.
        assert_eq!((f.get_id().as_str(), f.source.calls()), ("a", calls));
    }
    f.clock.advance(301);
    f.source.answer(Ok(until("b", 9000)));
    assert_eq!((f.get_id().as_str(), f.source.calls()), ("b", 5));
}

#[test]
fn first_failure_is_an_error_and_not_kept() {
    let f = fixture();
    f.source.answer(Err(failure()));
    assert_eq!(f.get(), Some(Err(failure())));
    f.source.answer(Ok(until("a", 9000)));
    assert_eq!(f.get_id(), "a");
}

#[test]
fn expired_credentials_of_a_source_are_an_error() {
    let f = fixture();
    f.source.answer(Ok(until("a", 1000)));
    let error = f.get().unwrap().unwrap_err();
    assert_eq!(error.kind(), CredentialsErrorKind::InvalidResponse);
    assert_eq!(
        error.to_string(),
        "test: the source returned credentials that expired at 1970-01-01T00:16:40Z; renew them \
         there, and check this machine's clock"
    );
    // Those at hand are better.
    f.source.answer(Ok(until("b", 1300)));
    assert_eq!(f.get_id(), "b");
    f.clock.advance(100);
    f.source.answer(Ok(until("c", 1100)));
    assert_eq!((f.get_id().as_str(), f.source.calls()), ("b", 3));
}

#[test]
fn credentials_near_their_end_do_not_cause_a_request_each() {
    let f = fixture();
    f.source.answer(Ok(until("a", 1200)));
    assert_eq!(f.get_id(), "a");
    f.clock.advance(29);
    assert_eq!((f.get_id().as_str(), f.source.calls()), ("a", 1));
    f.clock.advance(1);
    f.source.answer(Ok(until("b", 1040)));
    assert_eq!(f.get_id(), "b");
    // A pause never reaches over the expiry of credentials.
    f.clock.advance(10);
    assert_eq!(f.get(), None);
    assert_eq!(f.source.calls(), 3);
}

#[test]
fn slow_refresh_delays_calls_in_the_last_minute_only() {
    let f = fixture();
    f.source.answer(Ok(until("a", 2000)));
    f.get_id();
    f.clock.advance(700);
    for advance in [0, 0, 239] {
        f.clock.advance(advance);
        assert_eq!((f.get_id().as_str(), f.source.calls()), ("a", 2));
    }
    f.clock.advance(1);
    assert_eq!((f.get(), f.source.calls()), (None, 2));
    let waiting = f.cache.provide();
    f.source.answer(Ok(until("b", 9000)));
    assert_eq!(block_on(waiting).unwrap().access_key_id(), "b");
    assert_eq!((f.get_id().as_str(), f.source.calls()), ("b", 2));
}

#[test]
fn rejected_credentials_are_dropped_and_asked_for_once() {
    let f = fixture();
    f.source.answer(Ok(until("a", 9000)));
    f.get_id();
    assert!(f.cache.invalidate(&until("a", 9000)));
    // Another call with the same credentials was rejected, too.
    assert!(f.cache.invalidate(&until("a", 9000)));
    f.source.answer(Ok(until("b", 9000)));
    assert_eq!((f.get_id().as_str(), f.source.calls()), ("b", 2));
    assert!(f.cache.invalidate(&until("a", 9000)));
    assert_eq!((f.get_id().as_str(), f.source.calls()), ("b", 2));
}

#[test]
fn source_without_better_credentials_is_not_asked_for_each_rejection() {
    let f = fixture();
    let only = Credentials::new("a", "secret", "test");
    f.source.answer(Ok(only.clone()));
    f.get_id();
    assert!(f.cache.invalidate(&only));
    f.source.answer(Ok(only.clone()));
    assert_eq!((f.get_id().as_str(), f.source.calls()), ("a", 2));
    f.clock.advance(29);
    assert!(!f.cache.invalidate(&only));
    assert_eq!((f.get_id().as_str(), f.source.calls()), ("a", 2));
    f.clock.advance(1);
    assert!(f.cache.invalidate(&only));
    // A source that is down has nothing to fall back on then.
    f.source.answer(Err(failure()));
    assert_eq!(f.get(), Some(Err(failure())));
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
    assert!(poll(&mut first, Waker::noop()).is_pending());
    assert!(poll(&mut second, Waker::noop()).is_pending());
    f.source.answer(Ok(until("a", 9000)));
    drop(first);
    assert_eq!(block_on(second), Ok(until("a", 9000)));
    assert_eq!(f.source.calls(), 1);
}

#[test]
fn a_waiter_that_is_never_polled_again_does_not_stop_the_others() {
    let f = fixture();
    let (mut first, mut second) = (f.cache.provide(), f.cache.provide());
    assert!(poll(&mut first, Waker::noop()).is_pending());
    assert!(poll(&mut second, Waker::noop()).is_pending());
    f.source.answer(Ok(until("a", 9000)));
    assert_eq!(block_on(second), Ok(until("a", 9000)));
    drop(first);
}

#[test]
fn a_refresh_outlives_its_waiters() {
    let f = fixture();
    let (mut first, mut second) = (f.cache.provide(), f.cache.provide());
    assert!(poll(&mut first, Waker::noop()).is_pending());
    assert!(poll(&mut second, Waker::noop()).is_pending());
    drop((first, second));
    f.source.answer(Ok(until("a", 9000)));
    assert_eq!(block_on(f.cache.provide()), Ok(until("a", 9000)));
    assert_eq!(f.source.calls(), 1);
}

#[test]
fn a_source_that_panics_is_asked_again() {
    #[derive(Debug, Default)]
    struct Panics(AtomicBool);
    impl ProvideCredentials for Panics {
        fn provide(&self) -> BoxFuture<'_, Outcome> {
            assert!(self.0.swap(true, Ordering::SeqCst), "expected");
            Box::pin(std::future::ready(Ok(until("a", 9000))))
        }
    }
    let cache = CachingProvider::new(Arc::new(Panics::default()), FakeClock::at(0));
    let again = cache.clone();
    assert!(
        std::thread::spawn(move || block_on(cache.provide()))
            .join()
            .is_err()
    );
    assert_eq!(block_on(again.provide()), Ok(until("a", 9000)));
}
