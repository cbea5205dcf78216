//! A cache of credentials that refreshes them before they expire.

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

/// The time before expiry at which a refresh starts, while calls use the cached credentials.
const REFRESH_BEFORE: Duration = Duration::from_secs(5 * 60);
/// The time before expiry from which calls wait for the refresh.
const WAIT_BEFORE: Duration = Duration::from_secs(60);
/// The timeout of a refresh with all its steps and attempts: twice that of `credential_process`.
const LIMIT: Duration = Duration::from_secs(2 * 60);
/// The minimum time until a failed refresh is repeated; up to twice as long, at random.
const BACKOFF: Duration = Duration::from_secs(5 * 60);
/// The time for which credentials are kept that are already due for a refresh when they arrive.
const PAUSE: Duration = Duration::from_secs(30);

const ERRORS: Errors = Errors("credentials");

type Outcome = Result<Credentials, CredentialsError>;

/// Caches the credentials of another provider. Cheap to clone; clones share the cache.
///
/// - Until five minutes before expiry, the provider is not called.
/// - Then one refresh runs, and calls use the cached credentials until one minute before expiry.
///   After that, or without cached credentials, calls wait for the refresh.
/// - A refresh is independent of the calls that wait for it, and takes two minutes at most. It runs
///   on a separate thread and Tokio runtime, unless the provider returns without waiting (feature
///   `hyper`; without it, the calls poll the refresh). It is canceled when the last clone of the
///   cache is dropped.
/// - If a refresh fails, the cached credentials stay in use, even after they expire, and the
///   provider is called again after 5 to 10 minutes. Without cached credentials, the calls fail,
///   and the next call starts a new refresh.
/// - Credentials that a service rejects as expired or invalid are discarded.
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
    /// The credentials that a service rejected last, and the time until which the provider is not
    /// called again if it still returns them. Uses the monotonic clock, because the wall clock may
    /// be set back.
    rejected: Option<(Credentials, Duration)>,
}

struct Cached {
    credentials: Credentials,
    /// The time of the next refresh; `None` for never.
    due: Option<SystemTime>,
}

impl CachingProvider {
    /// Creates an empty cache for `source`.
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
        // This starts the refresh, and completes it if the provider returns without waiting.
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
    /// Returns the running refresh, or a new one, which starts when it is polled.
    fn refresh(self: &Arc<Self>, state: &mut State) -> Flight<Outcome> {
        if let Some(running) = state.refresh.as_ref().filter(|flight| !flight.is_over()) {
            return running.clone();
        }
        // The state owns the refresh, so the refresh must not own the cache.
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

/// Calls the provider, which may hang or return expired credentials.
async fn ask(source: &dyn ProvideCredentials, clock: &dyn Clock) -> Outcome {
    let outcome = timeout(clock, LIMIT, source.provide()).await;
    let slow = || ERRORS.unavailable(format!("the source did not respond within {LIMIT:?}"));
    outcome.ok_or_else(slow)??.unexpired(clock.now())
}

/// Records the result of a refresh, and returns the result for its waiters.
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
    // Dropping the refresh wakes waiters, which may need the lock.
    drop(refresh);
    outcome
}

impl Cached {
    fn is_due(&self, now: SystemTime) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    /// Returns the credentials, unless they may expire during a call.
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
            // If the new credentials are already due for a refresh, the provider has no better
            // ones. The pause must not outlast them.
            due.max((now + PAUSE).min(expiry))
        });
        self.cached = Some(Cached {
            credentials: credentials.clone(),
            due,
        });
    }

    /// Keeps the old credentials if the refresh failed. A service may accept them longer; if not,
    /// it returns an error.
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

    /// Returns whether the next call gets other credentials, or at least calls the provider.
    fn drop_rejected(&mut self, rejected: &Credentials, now: Duration) -> bool {
        match &self.cached {
            Some(cached) if cached.credentials.is_same_key(rejected) => {}
            // Another call has already done so.
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
