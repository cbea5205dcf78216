//! Time as the client sees it: what the time is, and waiting.

#[cfg(feature = "hyper")]
mod system;
#[cfg(feature = "test-util")]
mod virtual_clock;

#[cfg(feature = "hyper")]
pub use system::SystemClock;
#[cfg(feature = "test-util")]
pub use virtual_clock::VirtualClock;

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::BoxFuture;

/// A source of time. Tests bring a virtual one, so that nothing really waits.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The wall clock's time, for signatures and expiry.
    fn now(&self) -> SystemTime;

    /// Time since some fixed start that never goes backwards, for measuring durations.
    fn monotonic(&self) -> Duration;

    /// Completes once `duration` has passed.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}
