//! The machine's clock.

use std::time::{Duration, Instant, SystemTime};

use super::Clock;
use crate::BoxFuture;

/// The machine's clock; waits with tokio's timer, so its sleeps must run inside a tokio runtime
/// that has one.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// A clock whose monotonic time starts now.
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
        // tokio's sleep looks for the runtime when it is made; this way, when it is awaited.
        Box::pin(async move { tokio::time::sleep(duration).await })
    }
}
