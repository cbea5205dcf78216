//! Runs a refresh independent of the calls that wait for it.
//!
//! A refresh belongs to a cache and not to the call that started it. That call may be canceled, or
//! may run on a runtime that is dropped, blocked or no longer driven, while calls on other runtimes
//! wait for the same credentials. Timers and sockets work only while the runtime on which they were
//! created is driven. So a refresh is not part of a caller's future or a task on a caller's
//! runtime: it has a small runtime on a separate thread. This is rare, about once an hour. The Go
//! and Java SDKs detach refreshes as well.
//!
//! The first poll runs on the caller's thread, inside the new runtime. So a provider that does not
//! wait, such as environment variables, needs no thread, and tests with such providers are
//! deterministic.
//!
//! Without the feature `hyper` there is no runtime to use, and the callers poll the refresh.

use std::io;

#[cfg(feature = "hyper")]
use tokio::runtime::Runtime;

use crate::BoxFuture;

/// Runs `future` in the returned future, because there is no runtime.
#[cfg(not(feature = "hyper"))]
pub(super) async fn detach<T>(future: BoxFuture<'static, T>) -> io::Result<T> {
    Ok(future.await)
}

/// Runs `future` to completion once the returned future has been polled, even if it is not polled
/// again. Dropping the returned future cancels it.
///
/// # Errors
///
/// Fails if a runtime or thread cannot be created, or if `future` panics on the thread.
#[cfg(feature = "hyper")]
pub(super) async fn detach<T: Send + 'static>(mut future: BoxFuture<'static, T>) -> io::Result<T> {
    use std::task::{Context, Poll, Waker};

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let own = OwnRuntime(Some(runtime));
    let first = {
        let _inside = own.0.as_ref().map(Runtime::enter);
        // The thread polls again, so no wake of this poll can be lost.
        future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
    };
    if let Poll::Ready(output) = first {
        return Ok(output);
    }
    let (sender, receiver) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name("aws-credentials".into())
        .spawn(move || run(&own, future, sender))?;
    let panicked = |_| io::Error::other("the source panicked");
    receiver.await.map_err(panicked)
}

/// A runtime that does not wait on drop. Waiting inside another runtime panics, and helper threads
/// may hang in a name lookup.
#[cfg(feature = "hyper")]
struct OwnRuntime(Option<Runtime>);

#[cfg(feature = "hyper")]
impl Drop for OwnRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(feature = "hyper")]
fn run<T>(
    own: &OwnRuntime,
    mut future: BoxFuture<'static, T>,
    mut sender: tokio::sync::oneshot::Sender<T>,
) {
    use std::task::Poll;

    let Some(runtime) = &own.0 else {
        return;
    };
    let output = runtime.block_on(std::future::poll_fn(|context| {
        match sender.poll_closed(context) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => future.as_mut().poll(context).map(Some),
        }
    }));
    drop(future);
    if let Some(output) = output {
        // Fails if the returned future was dropped.
        let _ = sender.send(output);
    }
}

#[cfg(all(test, feature = "hyper"))]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::sync::mpsc;
    use std::task::{Context, Poll, Waker};
    use std::time::Duration;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn completes_ready_future_on_the_callers_thread() {
        let here = std::thread::current().id();
        let detached = pin!(detach(Box::pin(async move {
            std::thread::current().id() == here
        })));
        let Poll::Ready(output) = poll(detached) else {
            panic!("it is pending");
        };
        assert!(output.unwrap());
    }

    #[test]
    fn runs_to_the_end_on_its_own_thread_and_timer() {
        let (done, is_done) = mpsc::channel();
        let mut detached = pin!(detach(Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let thread = std::thread::current();
            done.send(thread.name().map(str::to_owned)).unwrap();
        })));
        // Polled once, outside any runtime.
        assert!(poll(detached.as_mut()).is_pending());
        let thread = is_done.recv_timeout(LONG).unwrap();
        assert_eq!(thread.as_deref(), Some("aws-credentials"));
    }

    #[test]
    fn can_start_and_end_within_another_runtime() {
        let outer = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let inner = async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            7
        };
        let output = outer.block_on(async {
            let ready = detach(Box::pin(async { 7 })).await.unwrap();
            (ready, detach(Box::pin(inner)).await.unwrap())
        });
        assert_eq!(output, (7, 7));
    }

    #[test]
    fn dropping_cancels() {
        struct Notice(mpsc::Sender<()>);
        impl Drop for Notice {
            fn drop(&mut self) {
                let _ = self.0.send(());
            }
        }
        let (dropped, is_dropped) = mpsc::channel();
        let notice = Notice(dropped);
        {
            let detached = pin!(detach(Box::pin(async move {
                let _notice = notice;
                std::future::pending::<()>().await;
            })));
            assert!(poll(detached).is_pending());
            assert!(is_dropped.try_recv().is_err());
        }
        is_dropped.recv_timeout(LONG).unwrap();
    }

    #[test]
    fn reports_a_panic() {
        let outer = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let panics = async {
            tokio::task::yield_now().await;
            panic!("expected");
        };
        let output: io::Result<()> = outer.block_on(detach(Box::pin(panics)));
        assert_eq!(output.unwrap_err().to_string(), "the source panicked");
    }
}
