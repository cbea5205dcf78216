//! The client used by all generated clients: endpoint, credentials, signing, retries, transport.

mod absence;
mod builder;
mod call;
mod settings;
mod timeout;
mod user_agent;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;

use crate::clock::Clock;
use crate::credentials::ProvideCredentials;
use crate::endpoint::{Endpoint, EndpointInput};
use crate::error::{CallError, ConstructionError, Error, OperationError};
use crate::operation::{self, Operation, RequestParts, ServiceInfo};
use crate::retry::{RetryPolicy, TokenBucket};
use crate::sensitive::wipe_last;
use crate::sigv4::Signer;
use crate::skew::ClockSkew;
use crate::transport::{PlainHttp, Transport};
use crate::uuid;

pub use builder::{BuildError, Builder};

use absence::Absence;
use call::{Answer, Call};

/// A client of one service. Cheap to clone; clones share connections, credentials, retry tokens
/// and the measured clock skew.
///
/// The default transport needs a Tokio runtime with I/O and time enabled, as with `#[tokio::main]`
/// or `Builder::enable_all`. Without time, calls panic.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

/// The state shared by all clones of a client.
struct Inner {
    service: &'static ServiceInfo,
    settings: settings::Settings,
    /// The endpoint of operations without endpoint parameters of their own.
    endpoint: Endpoint,
    transport: Arc<dyn Transport>,
    /// `None` if requests are not signed.
    credentials: Option<Arc<dyn ProvideCredentials>>,
    absence: Absence,
    clock: Arc<dyn Clock>,
    policy: RetryPolicy,
    bucket: TokenBucket,
    skew: ClockSkew,
    signer: Signer,
    user_agent: HeaderValue,
    plain_http: PlainHttp,
}

/// The timeouts of a call. `None` means no limit.
///
/// A call with an event stream ends when the stream begins; the events are subject only to the
/// transport's read timeout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// One attempt, from credentials to the end of the response.
    pub attempt: Option<Duration>,
    /// The whole call, including all attempts and backoff.
    pub operation: Option<Duration>,
}

/// The output of an operation and the facts of the call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Response<T> {
    /// The operation's output.
    pub output: T,
    /// The request ID, needed by AWS Support.
    pub request_id: Option<String>,
    /// The number of attempts.
    pub attempts: u32,
}

impl Client {
    /// Returns a builder for a client of `service`. `C` is the generated client.
    pub fn builder<C: From<Self>>(service: &'static ServiceInfo) -> Builder<C> {
        Builder::new(service)
    }

    /// Returns the region of signatures, unless the endpoint rules set another.
    pub fn region(&self) -> Option<&str> {
        self.inner.settings.region.as_deref()
    }

    /// Returns the endpoint, unless members of an operation change it.
    pub fn endpoint(&self) -> &http::Uri {
        &self.inner.endpoint.uri
    }

    /// Sends a request and reads the response.
    ///
    /// Dropping the future cancels the call. The service may still complete the operation.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn send<O: Operation>(
        &self,
        mut request: O,
    ) -> Result<Response<O::Output>, Error<O::Error>> {
        request.fill_idempotency_token(uuid::v4);
        let inner = Arc::clone(&self.inner);
        let call = match inner.call_of(&request) {
            Ok(call) => call,
            Err(error) => {
                let failed = CallError::new(error, O::INFO, 0);
                return Err(Error::Construction(Box::new(failed)));
            }
        };
        // The request is dropped before waiting; its body is wiped after the last attempt.
        drop(request);
        match inner.call(call).await {
            Ok(answer) => read::<O>(answer),
            Err(failure) => Err(failure.into_error(O::INFO)),
        }
    }
}

/// Reads the response of the last attempt.
fn read<O: Operation>(answer: Answer) -> Result<Response<O::Output>, Error<O::Error>> {
    let Answer {
        response,
        error,
        attempts,
    } = answer;
    let read = match error {
        None => operation::read_output::<O>(&response),
        Some(error) => Err(operation::read_error::<O>(&response, error)),
    };
    let result = match read {
        Ok(output) => Ok(Response {
            output,
            request_id: operation::request_id(&response),
            attempts,
        }),
        Err(operation::ReadFailure::Service(error, metadata)) => {
            let failed = CallError::new(error, O::INFO, attempts).with_metadata(metadata);
            Err(Error::Service(Box::new(failed)))
        }
        Err(operation::ReadFailure::Response(error)) => {
            let failed = CallError::new(error, O::INFO, attempts).with_response(&response);
            Err(Error::Response(Box::new(failed)))
        }
    };
    if O::INFO.sensitive_output {
        wipe_last(response.into_body());
    }
    result
}

impl Inner {
    /// The parts of a request that the loop needs.
    fn call_of<O: Operation>(&self, request: &O) -> Result<Call, ConstructionError> {
        if !std::ptr::eq(self.service, O::INFO.service) {
            return Err(ConstructionError::new(format!(
                "the request belongs to {}, but the client to {}",
                O::INFO.service.sdk_id,
                self.service.sdk_id
            )));
        }
        let mut parts = RequestParts::default();
        request.write_request(&mut parts);
        Ok(Call {
            info: O::INFO,
            parts,
            host_prefix: request.host_prefix()?,
            endpoint_inputs: request.endpoint_inputs(),
            own_endpoint: operation::own_endpoint(request)?,
            retryable: O::Error::retryable,
            transmit: Call::transmit::<O>(),
        })
    }

    /// Returns the endpoint of a request.
    fn endpoint_for(
        &self,
        inputs: &[(&'static str, EndpointInput)],
    ) -> Result<Cow<'_, Endpoint>, ConstructionError> {
        if inputs.is_empty() {
            return Ok(Cow::Borrowed(&self.endpoint));
        }
        self.settings.resolve(self.service, inputs).map(Cow::Owned)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("service", &self.inner.service.sdk_id)
            .field("region", &self.inner.settings.region)
            .field("endpoint", &self.inner.endpoint.uri)
            .finish_non_exhaustive()
    }
}
