//! Refreshes that take their time: bound to no caller and to no caller's runtime, and not endless.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Waker};
use std::time::{Duration, SystemTime};

use tinsmith_client::BoxFuture;
use tinsmith_client::clock::{Clock, SystemClock, VirtualClock};
use tinsmith_client::credentials::{
    CachingProvider, Credentials, CredentialsError, CredentialsErrorKind, ProvideCredentials,
};
use tokio::runtime::{Builder, Runtime};

use crate::world::block_on;

type Outcome = Result<Credentials, CredentialsError>;

/// Waits before it responds, and counts how often it is asked.
#[derive(Debug)]
struct Slow {
    clock: Arc<dyn Clock>,
    delay: Duration,
    asked: AtomicUsize,
}

impl ProvideCredentials for Slow {
    fn provide(&self) -> BoxFuture<'_, Outcome> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(async {
            self.clock.sleep(self.delay).await;
            Ok(Credentials::new("AKID", "secret", "test"))
        })
    }
}

impl Slow {
    fn new(clock: impl Clock, delay: Duration) -> (Arc<Self>, CachingProvider) {
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let source = Arc::new(Self {
            clock: Arc::clone(&clock),
            delay,
            asked: AtomicUsize::new(0),
        });
        (Arc::clone(&source), CachingProvider::new(source, clock))
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Polls a call for credentials once on `runtime`, and leaves it there.
fn begin_on(runtime: &Runtime, cache: &CachingProvider) {
    let cache = cache.clone();
    runtime.spawn(async move { cache.provide().await });
    runtime.block_on(tokio::task::yield_now());
}

#[test]
fn refresh_does_not_need_the_runtime_of_its_first_waiter() {
    for dropped in [false, true] {
        let (source, cache) = Slow::new(SystemClock::new(), Duration::from_millis(20));
        let first = runtime();
        begin_on(&first, &cache);
        assert_eq!(source.asked(), 1);
        let parked = (!dropped).then_some(first);
        runtime().block_on(cache.provide()).unwrap();
        assert_eq!(source.asked(), 1);
        drop(parked);
    }
}

#[test]
fn refresh_needs_no_runtime_of_the_caller() {
    let (_, cache) = Slow::new(SystemClock::new(), Duration::from_millis(1));
    block_on(cache.provide()).unwrap();
}

/// Calls that give up one after another, each sooner than the source responds.
#[test]
fn impatient_callers_get_credentials_in_the_end() {
    let (source, cache) = Slow::new(SystemClock::new(), Duration::from_millis(50));
    let given_up = (0..).take_while(|_| {
        let call = async { tokio::time::timeout(Duration::from_millis(5), cache.provide()).await };
        runtime().block_on(call).is_err()
    });
    assert!(given_up.take(10_000).count() < 10_000);
    assert_eq!(source.asked(), 1);
}

#[test]
fn refresh_that_never_ends_is_given_up_after_two_minutes() {
    let clock = VirtualClock::manual(SystemTime::UNIX_EPOCH);
    let (source, cache) = Slow::new(clock.clone(), Duration::from_secs(600));
    begin_on(&runtime(), &cache);
    let mut waiting = cache.provide();
    let polled = waiting
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_pending());
    clock.advance(Duration::from_secs(120));
    let error = block_on(waiting).unwrap_err();
    assert_eq!(error.kind(), CredentialsErrorKind::Unavailable);
    assert_eq!(
        error.to_string(),
        "credentials: the source did not respond within 120s"
    );
    assert_eq!(source.asked(), 1);
    begin_on(&runtime(), &cache);
    assert_eq!(source.asked(), 2);
}

#[test]
fn refresh_ends_with_the_cache() {
    let clock = VirtualClock::manual(SystemTime::UNIX_EPOCH);
    let (source, cache) = Slow::new(clock, Duration::from_secs(600));
    begin_on(&runtime(), &cache);
    drop(cache);
    while Arc::strong_count(&source) > 1 {
        std::thread::yield_now();
    }
}
