//! Absent credentials, for operations that can be called without.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::Clock;

/// The pause until credentials are looked for again. The search can take seconds if the instance
/// metadata service does not answer.
const PAUSE: Duration = Duration::from_secs(60);

/// Remembers that no source of credentials is configured.
#[derive(Debug, Default)]
pub(super) struct Absence {
    /// The end of the pause, in milliseconds of the monotonic clock; 0 for none.
    until: AtomicU64,
}

impl Absence {
    /// Whether a recent search found no credentials.
    pub(super) fn is_known(&self, clock: &dyn Clock) -> bool {
        // An old value only causes another search.
        millis(clock.monotonic()) < self.until.load(Ordering::Relaxed)
    }

    /// Notes that there are no credentials now.
    pub(super) fn note(&self, clock: &dyn Clock) {
        let until = millis(clock.monotonic().saturating_add(PAUSE));
        self.until.store(until, Ordering::Relaxed);
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
