//! Keeping credentials until shortly before they expire.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::flight::{Flight, Joinable};
use super::{Credentials, CredentialsError, ProvideCredentials};
use crate::BoxFuture;
use crate::clock::Clock;

/// How long before they expire credentials are replaced.
const REFRESH_BEFORE: Duration = Duration::from_secs(5 * 60);
/// How long credentials are used that are due for replacement when there are no better ones.
const PAUSE: Duration = Duration::from_secs(30);

type Outcome = Result<Credentials, CredentialsError>;

/// Keeps the credentials of another source until five minutes before they expire. Cheap to clone;
/// clones share what they keep.
///
/// However many callers wait for new credentials, the source is asked once. When it fails while
/// the old ones are still valid, they are used on, and the source is asked again half a minute
/// later.
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
    refresh: Option<Joinable<Outcome>>,
}

struct Cached {
    credentials: Credentials,
    /// Until when the source need not be asked; `None` for ever.
    fresh_until: Option<SystemTime>,
}

impl CachingProvider {
    /// A cache, empty at first, for what `source` gives.
    pub fn new(source: Arc<dyn ProvideCredentials>, clock: Arc<dyn Clock>) -> Self {
        let shared = Arc::new(Shared {
            source,
            clock,
            state: Mutex::default(),
        });
        Self { shared }
    }

    async fn get(&self) -> Outcome {
        let flight = {
            let mut state = self.shared.lock();
            if let Some(credentials) = state.fresh(self.shared.clock.now()) {
                return Ok(credentials);
            }
            let running = state.refresh.as_ref().and_then(Joinable::join);
            running.unwrap_or_else(|| {
                let refresh = Arc::clone(&self.shared).refresh();
                let flight = Flight::new(Box::pin(refresh));
                state.refresh = Some(flight.joinable());
                flight
            })
        };
        flight.await
    }
}

impl ProvideCredentials for CachingProvider {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.get())
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
    async fn refresh(self: Arc<Self>) -> Outcome {
        let outcome = self.source.provide().await;
        let now = self.clock.now();
        let mut state = self.lock();
        // Whoever comes after this begins anew.
        state.refresh = None;
        match outcome {
            Ok(credentials) => {
                state.keep(credentials.clone(), now);
                Ok(credentials)
            }
            Err(error) => match state.valid(now) {
                Some(credentials) => {
                    tracing::warn!(%error, "credentials were not refreshed and are still valid");
                    state.keep(credentials.clone(), now);
                    Ok(credentials)
                }
                None => Err(error),
            },
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn fresh(&self, now: SystemTime) -> Option<Credentials> {
        let cached = self.cached.as_ref()?;
        let fresh = cached.fresh_until.is_none_or(|end| now < end);
        fresh.then(|| cached.credentials.clone())
    }

    fn valid(&self, now: SystemTime) -> Option<Credentials> {
        let credentials = &self.cached.as_ref()?.credentials;
        let valid = credentials.expiry().is_none_or(|expiry| now < expiry);
        valid.then(|| credentials.clone())
    }

    /// Credentials that are due for replacement at once are the best that the source has, as
    /// those of an instance whose metadata service lags behind: they are used for a pause.
    fn keep(&mut self, credentials: Credentials, now: SystemTime) {
        let fresh_until = credentials.expiry().map(|expiry| {
            let due = expiry.checked_sub(REFRESH_BEFORE).unwrap_or(now);
            let pause_end = now + PAUSE;
            // The pause must not outlast credentials that still work.
            let pause_end = if now < expiry {
                pause_end.min(expiry)
            } else {
                pause_end
            };
            due.max(pause_end)
        });
        self.cached = Some(Cached {
            credentials,
            fresh_until,
        });
    }
}
