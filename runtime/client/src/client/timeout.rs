//! Timeouts of futures.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use crate::clock::Clock;

/// The timeout expired.
#[derive(Debug)]
pub(super) struct Elapsed(pub(super) Duration);

/// Runs `future` for at most `limit`. An output that is ready at the limit is returned.
pub(super) async fn timeout<T>(
    clock: &dyn Clock,
    limit: Option<Duration>,
    future: impl Future<Output = T>,
) -> Result<T, Elapsed> {
    let Some(limit) = limit else {
        return Ok(future.await);
    };
    let mut future = pin!(future);
    let mut sleep = clock.sleep(limit);
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Ok(output)),
        Poll::Pending => sleep.as_mut().poll(cx).map(|()| Err(Elapsed(limit))),
    })
    .await
}
