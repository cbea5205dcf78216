//! A generated client against a mock and against servers on loopback that misbehave: the requests,
//! and the results of the caller.

mod bucket;
mod cancellation;
mod clients;
mod configuration;
mod connections;
mod credentials;
mod mistakes;
mod mock;
mod pages;
mod responses;
mod retries;
mod skew;
mod timeouts;

use std::error::Error;
use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use tinsmith_client::bytes::Bytes;
use tinsmith_client::clock::VirtualClock;
use tinsmith_client::credentials::Credentials;
use tinsmith_client::environment::Environment;
use tinsmith_client::http::Request;
use tinsmith_client::transport::mock::MockTransport;
use tinsmith_client::{Builder, Response};
use tinsmith_kms::{Client, EncryptError, EncryptRequest, EncryptResponse};
use tinsmith_testing::chain;

/// What a call of Encrypt gives.
type Encrypted = Result<Response<EncryptResponse>, tinsmith_kms::Error<EncryptError>>;

/// 2023-11-14T22:13:20Z
const START: Duration = Duration::from_secs(1_700_000_000);

/// A clock that moves by itself when somebody sleeps.
fn clock() -> VirtualClock {
    VirtualClock::new(SystemTime::UNIX_EPOCH + START)
}

/// A clock that somebody must move.
fn manual_clock() -> VirtualClock {
    VirtualClock::manual(SystemTime::UNIX_EPOCH + START)
}

/// A client in a world of its own: nothing of the machine counts.
fn builder(mock: &MockTransport, clock: &VirtualClock) -> Builder<Client> {
    Client::builder()
        .environment(Environment::empty())
        .region("eu-central-1".to_owned())
        .credentials(Credentials::new("AKID", "secret-key", "test"))
        .transport(mock.clone())
        .clock(clock.clone())
}

async fn client(mock: &MockTransport, clock: &VirtualClock) -> Client {
    builder(mock, clock).build().await.unwrap()
}

/// The request that most tests send.
fn request() -> EncryptRequest {
    EncryptRequest::new("alias/app", b"plaintext".to_vec())
}

/// A header of a request as text; empty when it is not there.
fn header<'a>(request: &'a Request<Bytes>, name: &str) -> &'a str {
    let value = request.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

/// Polls a future once.
fn poll<T>(future: &mut Pin<Box<impl Future<Output = T>>>) -> Poll<T> {
    future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
}

/// Moves the time on in steps until the future is done.
#[track_caller]
fn drive<T>(future: impl Future<Output = T>, clock: &VirtualClock, step: Duration) -> T {
    let mut future = Box::pin(future);
    for _ in 0..10_000 {
        match poll(&mut future) {
            Poll::Ready(output) => return output,
            Poll::Pending => clock.advance(step),
        }
    }
    panic!("the future never ends");
}

/// The error, which must show no secret.
#[track_caller]
fn error<T: Debug, E: Error>(result: Result<T, E>) -> E {
    let error = result.unwrap_err();
    let shown = format!("{error} {error:?} {}", chain(&error));
    for secret in ["secret-key", "secret-token", "plaintext", "cGxhaW50ZXh0"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(!error.to_string().contains('\n'), "{error}");
    // What a program prints that returns the error from `main`.
    assert_eq!(format!("{error:?}"), error.to_string());
    error
}
