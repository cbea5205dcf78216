//! The system clock.

use std::time::{Duration, Instant, SystemTime};

use super::Clock;
use crate::BoxFuture;

/// The system clock. It sleeps with Tokio's timer, so its sleeps must run in a Tokio runtime with
/// time enabled.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// Creates a clock whose monotonic time starts now.
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        // Tokio's sleep needs the runtime when it is created; this defers it until it is awaited.
        Box::pin(async move { tokio::time::sleep(duration).await })
    }
}
