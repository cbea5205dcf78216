//! Missing credentials, for operations that need none.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::Clock;

/// The time until the provider chain is tried again. This can take seconds if the instance metadata
/// service does not respond.
const PAUSE: Duration = Duration::from_secs(60);

/// Records that no credentials provider is configured.
#[derive(Debug, Default)]
pub(super) struct Absence {
    /// The end of that time in milliseconds of the monotonic clock; 0 if credentials were found.
    until: AtomicU64,
}

impl Absence {
    /// Returns whether the chain recently found no credentials.
    pub(super) fn is_known(&self, clock: &dyn Clock) -> bool {
        // An outdated value only causes another search.
        millis(clock.monotonic()) < self.until.load(Ordering::Relaxed)
    }

    /// Records that there are no credentials.
    pub(super) fn note(&self, clock: &dyn Clock) {
        let until = millis(clock.monotonic().saturating_add(PAUSE));
        self.until.store(until, Ordering::Relaxed);
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
