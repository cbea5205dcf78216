//! Keeping credentials, and replacing them before they expire.

use std::fmt;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use tracing::instrument::WithSubscriber as _;

use super::detach::detach;
use super::error::Errors;
use super::flight::Flight;
use super::{Credentials, CredentialsError, ProvideCredentials};
use crate::BoxFuture;
use crate::clock::{Clock, timeout};

/// How long before their expiry credentials are replaced, while calls go on with them.
const REFRESH_BEFORE: Duration = Duration::from_secs(5 * 60);
/// How long before their expiry calls wait for the new ones.
const WAIT_BEFORE: Duration = Duration::from_secs(60);
/// How long a source has for one refresh, with all its steps and attempts: twice as long as
/// `credential_process` may take.
const LIMIT: Duration = Duration::from_secs(2 * 60);
/// When a source that failed is asked again at the earliest; up to twice as much, at random.
const BACKOFF: Duration = Duration::from_secs(5 * 60);
/// How long credentials are kept that are due for replacement as soon as they arrive.
const PAUSE: Duration = Duration::from_secs(30);

const ERRORS: Errors = Errors("credentials");

type Outcome = Result<Credentials, CredentialsError>;

/// Keeps the credentials of another source. Cheap to clone; clones share the credentials.
///
/// - Until five minutes before the credentials expire, the source is not asked.
/// - Then one refresh runs, and calls use the credentials at hand until a minute before they
///   expire. After that, as without any credentials, calls wait for the refresh.
/// - A refresh does not end with the calls that wait for it, and takes two minutes at most. It
///   runs on a thread and Tokio runtime of its own, unless the source responds without waiting
///   (feature `hyper`; without it, the calls poll the refresh). It is canceled when the last clone
///   of the cache is dropped.
/// - If a refresh fails, the credentials stay in use, even after they expire, and the source is
///   asked again after 5 to 10 minutes. Without any, the calls fail, and the next one asks again.
/// - Credentials that a service rejects as expired or invalid are dropped.
#[derive(Clone)]
pub struct CachingProvider {
    shared: Arc<Shared>,
}

struct Shared {
    source: Arc<dyn ProvideCredentials>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    cached: Option<Cached>,
    refresh: Option<Flight<Outcome>>,
    /// The credentials that a service rejected last, and until when the source is not asked again
    /// if they are the best it has. By the monotonic clock: a wall clock that is put back would
    /// make that a long time.
    rejected: Option<(Credentials, Duration)>,
}

struct Cached {
    credentials: Credentials,
    /// From when on the source is asked; `None` for never.
    due: Option<SystemTime>,
}

impl CachingProvider {
    /// Creates an empty cache for the credentials of `source`.
    pub fn new(source: Arc<dyn ProvideCredentials>, clock: Arc<dyn Clock>) -> Self {
        let shared = Arc::new(Shared {
            source,
            clock,
            state: Mutex::default(),
        });
        Self { shared }
    }

    async fn get(&self) -> Outcome {
        let now = self.shared.clock.now();
        let (refresh, in_hand) = {
            let mut state = self.shared.lock();
            let in_hand = match &state.cached {
                Some(cached) if !cached.is_due(now) => return Ok(cached.credentials.clone()),
                Some(cached) => cached.usable_until_refreshed(now),
                None => None,
            };
            (self.shared.refresh(&mut state), in_hand)
        };
        let Some(credentials) = in_hand else {
            return refresh.await;
        };
        // This starts it, and completes it if the source responds at once.
        let polled = pin!(refresh).poll(&mut Context::from_waker(Waker::noop()));
        match polled {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => Ok(credentials),
        }
    }
}

impl ProvideCredentials for CachingProvider {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.get())
    }

    fn invalidate(&self, rejected: &Credentials) -> bool {
        self.shared
            .lock()
            .drop_rejected(rejected, self.shared.clock.monotonic())
    }
}

impl fmt::Debug for CachingProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CachingProvider")
            .field(&self.shared.source)
            .finish()
    }
}

impl Shared {
    /// The refresh that is running, or a new one, which begins when it is polled.
    fn refresh(self: &Arc<Self>, state: &mut State) -> Flight<Outcome> {
        if let Some(running) = state.refresh.as_ref().filter(|flight| !flight.is_over()) {
            return running.clone();
        }
        // Owned by the state, the refresh must not own the cache.
        let cache = Arc::downgrade(self);
        let (source, clock) = (Arc::clone(&self.source), Arc::clone(&self.clock));
        let kept_in = Weak::clone(&cache);
        let work = async move {
            let outcome = ask(&*source, &*clock).await;
            finish(&kept_in, outcome)
        };
        let work = Box::pin(work.with_current_subscriber());
        let flight = Flight::new(Box::pin(async move {
            detach(work).await.unwrap_or_else(|error| {
                finish(
                    &cache,
                    Err(ERRORS.unavailable(format!("the refresh failed: {error}"))),
                )
            })
        }));
        state.refresh = Some(flight.clone());
        flight
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks the source, which may hang or have nothing but expired credentials.
async fn ask(source: &dyn ProvideCredentials, clock: &dyn Clock) -> Outcome {
    let outcome = timeout(clock, LIMIT, source.provide()).await;
    let slow = || ERRORS.unavailable(format!("the source did not respond within {LIMIT:?}"));
    outcome.ok_or_else(slow)??.unexpired(clock.now())
}

/// Records how a refresh ended, and returns what its waiters get.
fn finish(cache: &Weak<Shared>, outcome: Outcome) -> Outcome {
    let Some(shared) = cache.upgrade() else {
        return outcome;
    };
    let now = shared.clock.now();
    let mut state = shared.lock();
    let refresh = state.refresh.take();
    let outcome = match outcome {
        Ok(credentials) => {
            state.keep(&credentials, now);
            Ok(credentials)
        }
        Err(error) => state.keep_old(error, now),
    };
    drop(state);
    // Dropping it wakes waiters, which may need the lock.
    drop(refresh);
    outcome
}

impl Cached {
    fn is_due(&self, now: SystemTime) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    /// The credentials, unless they may expire before a call with them is over.
    fn usable_until_refreshed(&self, now: SystemTime) -> Option<Credentials> {
        let expiry = self.credentials.expiry();
        let usable = expiry.is_none_or(|expiry| now + WAIT_BEFORE < expiry);
        usable.then(|| self.credentials.clone())
    }
}

impl State {
    fn keep(&mut self, credentials: &Credentials, now: SystemTime) {
        if self
            .rejected
            .as_ref()
            .is_some_and(|(old, _)| !old.is_same_key(credentials))
        {
            self.rejected = None;
        }
        let due = credentials.expiry().map(|expiry| {
            let due = expiry.checked_sub(REFRESH_BEFORE).unwrap_or(now);
            // Credentials that are due at once are the best that the source has. The pause must
            // not outlast them.
            due.max((now + PAUSE).min(expiry))
        });
        self.cached = Some(Cached {
            credentials: credentials.clone(),
            due,
        });
    }

    /// Keeps the credentials at hand when there are no new ones. A service may accept them for
    /// longer, as it does when the source of new ones is down; if not, its error says so.
    fn keep_old(&mut self, error: CredentialsError, now: SystemTime) -> Outcome {
        let Some(cached) = &mut self.cached else {
            return Err(error);
        };
        let pause = BACKOFF.mul_f64(1.0 + fastrand::f64());
        cached.due = Some(now + pause);
        tracing::warn!(
            %error,
            again_in_s = pause.as_secs(),
            "credentials were not refreshed; the old ones stay in use"
        );
        Ok(cached.credentials.clone())
    }

    /// Returns whether the next call gets other credentials, or at least asks the source for them.
    fn drop_rejected(&mut self, rejected: &Credentials, now: Duration) -> bool {
        match &self.cached {
            Some(cached) if cached.credentials.is_same_key(rejected) => {}
            // Another call was faster.
            _ => return true,
        }
        if let Some((again, end)) = &self.rejected {
            if again.is_same_key(rejected) && now < *end {
                return false;
            }
        }
        self.rejected = Some((rejected.clone(), now + PAUSE));
        self.cached = None;
        true
    }
}
