//! A transport for tests that returns queued responses.
//!
//! ```
//! # #[cfg(feature = "test-util")] {
//! use tinsmith_client::transport::TransportErrorKind;
//! use tinsmith_client::transport::mock::MockTransport;
//!
//! let mock = MockTransport::new();
//! mock.fail("Encrypt", TransportErrorKind::ConnectTimeout);
//! mock.respond("Encrypt", 200, &[("x-amzn-requestid", "r-1")], r#"{"KeyId":"k"}"#);
//! // A client with `mock.clone()` now fails to connect once; its second attempt succeeds.
//! # }
//! ```
//!
//! By request type, the mock checks that the operation can read the queued response:
//! `mock.on::<EncryptRequest>().json(r#"{"KeyId":"k"}"#)`; see [`OperationMock`].

mod stream;
mod typed;

pub use stream::{error_message, event, exception, initial_response};
pub use typed::OperationMock;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

use super::{ResponseBody, Transport, TransportError, TransportErrorKind};
use crate::BoxFuture;
use crate::clock::Clock;
use crate::operation::OperationInfo;

/// Matches all operations without a response of their own.
pub const ANY: &str = "*";

/// A transport for tests that returns the responses queued for an operation, in order, and records
/// all requests.
///
/// A client tells the mock the operation of a request by an extension of the request, its
/// [`OperationInfo`]. Of other requests the operation is the part of `X-Amz-Target` after the last
/// dot; without that header it is method and path, such as `PUT /latest/api/token`. Responses queued
/// for [`ANY`] are used where there is no other. A request without a response fails with
/// [`TransportErrorKind::Unsupported`], which no client retries, and a text that says what was
/// expected.
///
/// Clones share responses and requests.
#[derive(Clone, Default)]
pub struct MockTransport {
    state: Arc<Mutex<State>>,
    clock: Option<Arc<dyn Clock>>,
}

#[derive(Default)]
struct State {
    queued: BTreeMap<String, VecDeque<MockResponse>>,
    functions: BTreeMap<String, RespondFn>,
    requests: Vec<Request<Bytes>>,
}

type RespondFn = Box<dyn FnMut(&Request<Bytes>) -> MockResponse + Send>;

/// The response or failure of one request to a [`MockTransport`].
#[derive(Clone, Debug)]
pub struct MockResponse {
    result: Result<Response<Bytes>, TransportErrorKind>,
    delay: Duration,
    parts: Option<stream::Parts>,
}

impl MockResponse {
    /// Returns `response`.
    pub fn new(response: Response<Bytes>) -> Self {
        Self {
            result: Ok(response),
            delay: Duration::ZERO,
            parts: None,
        }
    }

    /// Fails with an error of the given kind.
    pub fn failure(kind: TransportErrorKind) -> Self {
        Self {
            result: Err(kind),
            delay: Duration::ZERO,
            parts: None,
        }
    }

    /// Waits until `delay` has passed on the transport's clock.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

impl MockTransport {
    /// Creates a transport without responses, which does not support delays.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a transport without responses, which uses `clock` for delays.
    pub fn with_clock(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock: Some(clock),
            ..Self::default()
        }
    }

    /// Queues a response for `operation`.
    ///
    /// # Panics
    ///
    /// Panics if the status or a header is not valid in HTTP.
    #[track_caller]
    pub fn respond(
        &self,
        operation: &str,
        status: u16,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) {
        let mut response = Response::builder().status(status);
        for &(name, value) in headers {
            response = response.header(name, value);
        }
        match response.body(body.into()) {
            Ok(response) => self.push(operation, MockResponse::new(response)),
            Err(error) => panic!("invalid HTTP response: {error}"),
        }
    }

    /// Queues a failure for `operation`.
    pub fn fail(&self, operation: &str, kind: TransportErrorKind) {
        self.push(operation, MockResponse::failure(kind));
    }

    /// Queues `response` for `operation`.
    pub fn push(&self, operation: &str, response: MockResponse) {
        let mut state = self.state();
        let queue = state.queued.entry(operation.to_owned()).or_default();
        queue.push_back(response);
    }

    /// Calls `response` for each request of `operation` that has no queued response. `response` must not
    /// use this transport.
    pub fn respond_with(
        &self,
        operation: &str,
        response: impl FnMut(&Request<Bytes>) -> MockResponse + Send + 'static,
    ) {
        let mut state = self.state();
        state
            .functions
            .insert(operation.to_owned(), Box::new(response));
    }

    /// Returns the requests so far, in the order in which they were sent, including those without a
    /// response.
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        self.state().requests.clone()
    }

    /// Returns the number of queued responses that were not used.
    pub fn unused(&self) -> usize {
        self.state().queued.values().map(VecDeque::len).sum()
    }

    /// Returns the response to a request after its delay.
    async fn exchange(&self, request: Request<Bytes>) -> Result<MockResponse, TransportError> {
        let response = self.state().next(request)?;
        if !response.delay.is_zero() {
            let Some(clock) = &self.clock else {
                return Err(TransportError::new(
                    TransportErrorKind::Unsupported,
                    "a delayed response needs a clock; create the transport with `MockTransport::with_clock`",
                ));
            };
            clock.sleep(response.delay).await;
        }
        Ok(response)
    }

    /// Each change of the state is complete, so it is consistent even if a thread panicked.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Records the request and selects its response.
    fn next(&mut self, request: Request<Bytes>) -> Result<MockResponse, TransportError> {
        let operation = operation(&request);
        let response = self
            .queued
            .get_mut(&operation)
            .and_then(VecDeque::pop_front)
            .or_else(|| Some(self.functions.get_mut(&operation)?(&request)))
            .or_else(|| self.queued.get_mut(ANY)?.pop_front())
            .or_else(|| Some(self.functions.get_mut(ANY)?(&request)));
        let response = response.ok_or_else(|| self.unexpected(&operation, &request));
        self.requests.push(request);
        response
    }

    fn unexpected(&self, operation: &str, request: &Request<Bytes>) -> TransportError {
        let mut waiting: Vec<String> = self
            .queued
            .iter()
            .filter(|(_, responses)| !responses.is_empty())
            .map(|(operation, responses)| format!("{operation} ({})", responses.len()))
            .collect();
        waiting.extend(
            self.functions
                .keys()
                .map(|name| format!("{name} (any number)")),
        );
        let waiting = match waiting.is_empty() {
            true => "nothing".to_owned(),
            false => waiting.join(", "),
        };
        TransportError::new(
            TransportErrorKind::Unsupported,
            format!(
                "the mock transport has no response for {operation} ({} {}://{}{}), request number \
                 {}; it has responses for: {waiting}",
                request.method(),
                request.uri().scheme_str().unwrap_or_default(),
                // User and query may be secret.
                request.uri().host().unwrap_or_default(),
                request.uri().path(),
                self.requests.len() + 1,
            ),
        )
    }
}

/// Returns the name by which responses are queued.
fn operation(request: &Request<Bytes>) -> String {
    if let Some(info) = request.extensions().get::<&'static OperationInfo>() {
        return info.name.to_owned();
    }
    let target = request.headers().get("x-amz-target");
    match target.and_then(|target| target.to_str().ok()) {
        Some(target) => target.rsplit('.').next().unwrap_or(target).to_owned(),
        None => format!("{} {}", request.method(), request.uri().path()),
    }
}

impl Transport for MockTransport {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async { self.exchange(request).await?.whole() })
    }

    fn send_streaming(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<ResponseBody>, TransportError>> {
        Box::pin(async { self.exchange(request).await?.streaming() })
    }
}

fn told(kind: TransportErrorKind) -> TransportError {
    TransportError::new(kind, "failure queued in the mock transport")
}

impl fmt::Debug for MockTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Requests and responses may contain secrets.
        let requests = self.state().requests.len();
        let unused = self.unused();
        f.debug_struct("MockTransport")
            .field("requests", &requests)
            .field("unused", &unused)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;
    use std::task::{Context, Poll, Waker};
    use std::time::SystemTime;

    use http::Uri;

    use super::*;
    use crate::operation::ServiceInfo;
    use crate::protocol::Protocol;

    fn request(target: &str) -> Request<Bytes> {
        Request::post("https://kms.us-east-1.amazonaws.com/")
            .header("X-Amz-Target", target)
            .body(Bytes::from_static(b"{}"))
            .unwrap()
    }

    /// Sends a request whose response has no delay.
    fn send(
        mock: &MockTransport,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, TransportError> {
        match mock
            .send(request)
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(result) => result,
            Poll::Pending => panic!("the mock waits"),
        }
    }

    #[test]
    fn responses_by_operation_in_order() {
        let mock = MockTransport::new();
        mock.respond("Encrypt", 200, &[("x-amzn-requestid", "1")], "first");
        mock.respond("Decrypt", 400, &[], "other");
        mock.respond("Encrypt", 500, &[], "second");
        let decrypted = send(&mock, request("TrentService.Decrypt")).unwrap();
        assert_eq!(
            (decrypted.status().as_u16(), &decrypted.body()[..]),
            (400, &b"other"[..])
        );
        let first = send(&mock, request("TrentService.Encrypt")).unwrap();
        assert_eq!(first.headers()["x-amzn-requestid"], "1");
        assert_eq!(first.body(), "first");
        assert_eq!(mock.unused(), 1);
        assert_eq!(
            send(&mock, request("TrentService.Encrypt")).unwrap().body(),
            "second"
        );
        assert_eq!(mock.requests().len(), 3);
        assert_eq!(
            mock.requests()[0].headers()["x-amz-target"],
            "TrentService.Decrypt"
        );
        assert_eq!(mock.requests()[0].body(), "{}");
    }

    #[test]
    fn functions_answer_when_the_queue_is_empty() {
        let mock = MockTransport::new();
        let mut calls = 0;
        mock.respond_with("Encrypt", move |request| {
            calls += 1;
            MockResponse::new(Response::new(
                format!("{calls} {}", request.method()).into(),
            ))
        });
        mock.respond(ANY, 200, &[], "any");
        mock.fail("Encrypt", TransportErrorKind::Io);
        let failed = send(&mock, request("TrentService.Encrypt")).unwrap_err();
        assert_eq!(failed.kind(), TransportErrorKind::Io);
        assert_eq!(
            send(&mock, request("TrentService.Encrypt")).unwrap().body(),
            "1 POST"
        );
        assert_eq!(
            send(&mock, request("TrentService.Encrypt")).unwrap().body(),
            "2 POST"
        );
        assert_eq!(
            send(&mock, request("TrentService.Decrypt")).unwrap().body(),
            "any"
        );
    }

    #[test]
    fn finds_operation_by_the_extension_of_a_client() {
        static SERVICE: ServiceInfo =
            ServiceInfo::new(Protocol::aws_json_1_1(), "Test", "2020-01-01", "Test");
        static INFO: OperationInfo = SERVICE.operation("Encrypt");
        let mock = MockTransport::new();
        mock.respond("Encrypt", 200, &[], "encrypted");
        let mut request = Request::get("https://h/keys/1").body(Bytes::new()).unwrap();
        request.extensions_mut().insert(&INFO);
        assert_eq!(send(&mock, request).unwrap().body(), "encrypted");
    }

    #[test]
    fn a_request_without_target_goes_by_method_and_path() {
        let mock = MockTransport::new();
        mock.respond("PUT /latest/api/token", 200, &[], "token");
        let request = Request::put("http://169.254.169.254/latest/api/token?x=y");
        let response = send(&mock, request.body(Bytes::new()).unwrap()).unwrap();
        assert_eq!(response.body(), "token");
    }

    #[test]
    fn an_unexpected_request_says_what_was_expected() {
        let mock = MockTransport::new();
        mock.respond("Decrypt", 200, &[], "");
        let mut request = request("TrentService.Encrypt");
        *request.uri_mut() = Uri::from_static("https://me:hidden@host.example/path?hidden=1");
        let error = send(&mock, request).unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Unsupported);
        assert_eq!(
            error.to_string(),
            "the transport cannot send this request: the mock transport has no response for Encrypt \
             (POST https://host.example/path), request number 1; it has responses for: Decrypt (1)"
        );
        assert_eq!(mock.requests().len(), 1);
    }

    #[derive(Debug, Default)]
    struct Slept(Mutex<Vec<Duration>>);

    impl Clock for Slept {
        fn now(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH
        }

        fn monotonic(&self) -> Duration {
            Duration::ZERO
        }

        fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
            self.0.lock().unwrap().push(duration);
            Box::pin(ready(()))
        }
    }

    #[test]
    fn delays_pass_on_the_clock() {
        let clock = Arc::new(Slept::default());
        let mock = MockTransport::with_clock(clock.clone());
        let response = MockResponse::new(Response::new("late".into()));
        mock.push("Encrypt", response.clone().after(Duration::from_secs(3600)));
        assert_eq!(
            send(&mock, request("TrentService.Encrypt")).unwrap().body(),
            "late"
        );
        assert_eq!(*clock.0.lock().unwrap(), [Duration::from_secs(3600)]);

        let mock = MockTransport::new();
        mock.push("Encrypt", response.after(Duration::from_secs(1)));
        let error = send(&mock, request("TrentService.Encrypt")).unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Unsupported);
    }

    #[test]
    fn debug_tells_no_bodies() {
        let mock = MockTransport::new();
        mock.respond("Encrypt", 200, &[], "secret");
        assert_eq!(
            format!("{mock:?}"),
            "MockTransport { requests: 0, unused: 1, .. }"
        );
    }
}
