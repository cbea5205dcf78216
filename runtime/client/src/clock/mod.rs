//! Clocks: the current time and sleeping.

#[cfg(feature = "hyper")]
mod system;
#[cfg(feature = "test-util")]
mod virtual_clock;

#[cfg(feature = "hyper")]
pub use system::SystemClock;
#[cfg(feature = "test-util")]
pub use virtual_clock::VirtualClock;

use std::fmt;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, SystemTime};

use crate::BoxFuture;

/// A clock. Tests use a virtual one, so that sleeping takes no time.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Returns the current time, for signatures and expiry.
    fn now(&self) -> SystemTime;

    /// Returns the time since a fixed start, which never goes backwards, to measure durations.
    fn monotonic(&self) -> Duration;

    /// Completes once `duration` has passed.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// Returns the output of `future`, or `None` if `limit` passes first.
pub(crate) async fn timeout<T>(
    clock: &dyn Clock,
    limit: Duration,
    future: impl Future<Output = T>,
) -> Option<T> {
    let mut future = pin!(future);
    let mut sleep = clock.sleep(limit);
    std::future::poll_fn(move |context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => sleep.as_mut().poll(context).map(|()| None),
    })
    .await
}
