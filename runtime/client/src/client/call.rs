//! The loop of a call: sign, send, decide on a retry, wait.

use std::borrow::Cow;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::uri::Scheme;
use http::{HeaderName, HeaderValue};
use tracing::Instrument as _;

use super::Inner;
use super::timeout::{Elapsed, timeout};
use crate::BoxFuture;
use crate::credentials::{self, Credentials, CredentialsError, ProvideCredentials};
use crate::endpoint::{Endpoint, EndpointInput};
use crate::error::{CallError, ConstructionError, Error, TimeoutError};
use crate::event_stream;
use crate::operation::{self, Auth, ErrorResponse, Operation, OperationInfo, RequestParts};
use crate::retry::{self, Attempts, GiveUp, Retryable};
use crate::sigv4::{Signer, SigningParams};
use crate::skew::Offset;
use crate::transport::{SensitiveResponse, Transport, TransportError};
use crate::uuid;

const INVOCATION_ID: HeaderName = HeaderName::from_static("amz-sdk-invocation-id");
const SDK_REQUEST: HeaderName = HeaderName::from_static("amz-sdk-request");
const X_AMZ_USER_AGENT: HeaderName = HeaderName::from_static("x-amz-user-agent");

/// One call, without the type of its operation.
pub(super) struct Call {
    pub(super) info: &'static OperationInfo,
    pub(super) parts: RequestParts,
    pub(super) host_prefix: Option<String>,
    pub(super) endpoint_inputs: Vec<(&'static str, EndpointInput)>,
    /// An endpoint from a member of the request, which replaces the client's endpoint.
    pub(super) own_endpoint: Option<http::Uri>,
    /// The `@retryable` traits of the operation's errors, by name.
    pub(super) retryable: fn(&str) -> Option<Retryable>,
    pub(super) transmit: Transmit,
}

/// Sends the request of one attempt. A function pointer, so that a program without event streams
/// contains no code for them.
type Transmit = for<'a> fn(
    &'a dyn Transport,
    http::Request<Bytes>,
    &'static OperationInfo,
    u32,
) -> BoxFuture<'a, Result<http::Response<Bytes>, TransportError>>;

impl Call {
    /// Returns the function that sends the requests of `O`.
    pub(super) fn transmit<O: Operation>() -> Transmit {
        if const { O::INFO.event_stream } {
            |transport, request, info, attempt| {
                Box::pin(async move {
                    let response = transport.send_streaming(request).await?;
                    event_stream::open(response, info, attempt).await
                })
            }
        } else {
            |transport, request, _, _| transport.send(request)
        }
    }
}

/// The response of the last attempt, successful or not.
pub(super) struct Answer {
    pub(super) response: http::Response<Bytes>,
    /// `None` for a success.
    pub(super) error: Option<ErrorResponse>,
    pub(super) attempts: u32,
}

/// The last response, and the error that it contains, if any.
type LastResponse = (http::Response<Bytes>, Option<ErrorResponse>);

/// The reason why there is no response.
pub(super) struct CallFailure {
    cause: Cause,
    attempts: u32,
    /// The host of the request, if the transport failed.
    host: Option<String>,
}

enum Cause {
    Construction(ConstructionError),
    Credentials(CredentialsError),
    Timeout(TimeoutError),
    Transport(TransportError),
}

impl CallFailure {
    /// Returns the error for the caller.
    pub(super) fn into_error<E>(self, info: &'static OperationInfo) -> Error<E> {
        let attempts = self.attempts;
        match self.cause {
            Cause::Construction(cause) => {
                Error::Construction(Box::new(CallError::new(cause, info, attempts)))
            }
            Cause::Credentials(cause) => {
                Error::Credentials(Box::new(CallError::new(cause, info, attempts)))
            }
            Cause::Timeout(cause) => {
                Error::Timeout(Box::new(CallError::new(cause, info, attempts)))
            }
            Cause::Transport(cause) => match TimeoutError::of_transport(cause) {
                Ok(cause) => Error::Timeout(Box::new(
                    CallError::new(cause, info, attempts).with_host(self.host),
                )),
                Err(cause) => Error::Connection(Box::new(
                    CallError::new(cause, info, attempts).with_host(self.host),
                )),
            },
        }
    }
}

impl Inner {
    /// Runs a call within the operation timeout. The future is boxed, so that it is compiled once
    /// and not for each operation.
    pub(super) fn call(
        self: Arc<Self>,
        call: Call,
    ) -> BoxFuture<'static, Result<Answer, CallFailure>> {
        Box::pin(self.call_within_limit(call))
    }

    async fn call_within_limit(self: Arc<Self>, call: Call) -> Result<Answer, CallFailure> {
        let span = tracing::info_span!(
            "aws_call",
            service = self.service.sdk_id,
            operation = call.info.name
        );
        let limit = self.settings.timeouts.operation;
        let begun = self.clock.monotonic();
        let mut attempts = 0;
        let outcome = {
            // Pinned in place, because moving a future copies it.
            let work = pin!(self.attempts(&call, &mut attempts));
            timeout(&*self.clock, limit, work.instrument(span.clone())).await
        };
        let outcome = outcome
            .unwrap_or_else(|Elapsed(limit)| Err(Cause::Timeout(TimeoutError::operation(limit))));
        span.in_scope(|| {
            tracing::debug!(
                success = matches!(&outcome, Ok((_, None))),
                attempts,
                elapsed_ms = self.millis_since(begun),
                "the call is over"
            );
        });
        match outcome {
            Ok((response, error)) => Ok(Answer {
                response,
                error,
                attempts,
            }),
            Err(cause) => {
                let host = match &cause {
                    Cause::Transport(_) => self.host(&call),
                    Cause::Construction(_) | Cause::Credentials(_) | Cause::Timeout(_) => None,
                };
                Err(CallFailure {
                    cause,
                    attempts,
                    host,
                })
            }
        }
    }

    /// Returns the host of a call, with its port unless it is the default port.
    fn host(&self, call: &Call) -> Option<String> {
        let endpoint = self.endpoint_for(&call.endpoint_inputs).ok()?;
        let uri = call.own_endpoint.as_ref().unwrap_or(&endpoint.uri);
        let prefix = call.host_prefix.as_deref().unwrap_or_default();
        // Endpoints have no user name.
        Some([prefix, uri.authority()?.as_str()].concat())
    }

    /// Runs the attempts. `sent` counts them, so that the caller knows their number even after a
    /// timeout.
    async fn attempts(&self, call: &Call, sent: &mut u32) -> Result<LastResponse, Cause> {
        let constant = self.constant(call).map_err(Cause::Construction)?;
        let mut attempts = self.policy.begin(&self.bucket);
        loop {
            let span = tracing::debug_span!("attempt", number = attempts.number());
            let begun = self.clock.monotonic();
            let attempt = pin!(self.attempt(call, &constant, attempts.request_header(), sent));
            let result = attempt.instrument(span.clone()).await;
            let elapsed = || self.millis_since(begun);
            let failed = match result {
                Ok(received) if received.response.status().is_success() => {
                    span.in_scope(|| log_response(&received.response, None, elapsed));
                    attempts.success();
                    return Ok((received.response, None));
                }
                failed => failed,
            };
            let error = match &failed {
                Ok(received) => Some(ErrorResponse::read(call.info, &received.response)),
                Err(_) => None,
            };
            let name = error.as_ref().and_then(ErrorResponse::name);
            let rejected = self.drop_rejected(name, &failed);
            let renew = rejected.is_some();
            let next = span.in_scope(|| decide(call, &failed, name, renew, elapsed, &mut attempts));
            let Ok(delay) = next else {
                return failed.map(|received| (received.response, error));
            };
            self.clock.sleep(delay).await;
            // The service accepts the request only with other credentials.
            if let Some((provider, rejected)) = rejected {
                let limit = self.settings.timeouts.attempt;
                let fresh = timeout(&*self.clock, limit, provider.provide()).await;
                if !matches!(fresh, Ok(Ok(fresh)) if !fresh.is_same_key(rejected)) {
                    return failed.map(|received| (received.response, error));
                }
            }
        }
    }

    /// Invalidates the credentials if the service rejected them. Returns both if the provider may
    /// have others.
    fn drop_rejected<'a>(
        &'a self,
        error_name: Option<&str>,
        failed: &'a Result<Received, Cause>,
    ) -> Option<(&'a dyn ProvideCredentials, &'a Credentials)> {
        let received = failed.as_ref().ok()?;
        if !received.response.status().is_client_error() {
            return None;
        }
        let provider = self.credentials.as_deref()?;
        let credentials = received.credentials.as_ref()?;
        let rejected = error_name.is_some_and(credentials::is_rejection);
        (rejected && provider.invalidate(credentials)).then_some((provider, credentials))
    }

    /// Runs one attempt, from credentials to the end of the response.
    async fn attempt(
        &self,
        call: &Call,
        constant: &Constant<'_>,
        number: String,
        sent: &mut u32,
    ) -> Result<Received, Cause> {
        let attempt = pin!(async {
            let mut request = self
                .unsigned_request(call, constant, number)
                .map_err(Cause::Construction)?;
            let offset = self.skew.offset();
            let credentials = self
                .sign(call, &constant.endpoint, &mut request, offset)
                .await?;
            *sent += 1;
            let begun = self.clock.now();
            let response = (call.transmit)(&*self.transport, request, call.info, *sent).await;
            let response = response.map_err(Cause::Transport)?;
            // A response without a request ID may come from a proxy, whose clock is not that of the
            // service.
            let measured = match operation::has_request_id(&response) {
                true => self
                    .skew
                    .measure(begun, self.clock.now(), response.headers()),
                false => None,
            };
            Ok(Received {
                clock_skewed: measured.is_some_and(|measured| offset.is_far_from(measured)),
                credentials,
                response,
            })
        });
        timeout(&*self.clock, self.settings.timeouts.attempt, attempt)
            .await
            .unwrap_or_else(|Elapsed(limit)| Err(Cause::Timeout(TimeoutError::attempt(limit))))
    }

    fn millis_since(&self, begun: Duration) -> u64 {
        self.clock.monotonic().saturating_sub(begun).as_millis() as u64
    }

    /// Returns the values shared by all attempts.
    fn constant(&self, call: &Call) -> Result<Constant<'_>, ConstructionError> {
        let mut endpoint = self.endpoint_for(&call.endpoint_inputs)?;
        if let Some(own) = &call.own_endpoint {
            endpoint.to_mut().uri = own.clone();
        }
        // The client's endpoint was checked when the client was built.
        if matches!(endpoint, Cow::Owned(_)) && !matches!(call.info.auth, Auth::None) {
            self.plain_http.check(&endpoint.uri);
        }
        Ok(Constant {
            endpoint,
            invocation_id: HeaderValue::try_from(uuid::v4()).ok(),
        })
    }

    /// Builds the unsigned request of an attempt. It is built for each attempt, because keeping a
    /// copy would cost time in calls that succeed in the first attempt.
    fn unsigned_request(
        &self,
        call: &Call,
        constant: &Constant<'_>,
        number: String,
    ) -> Result<http::Request<Bytes>, ConstructionError> {
        let endpoint = &constant.endpoint;
        let prefix = call.host_prefix.clone();
        let mut request = operation::http_request(call.info, &call.parts, &endpoint.uri, prefix)?;
        #[cfg(feature = "test-util")]
        request.extensions_mut().insert(call.info);
        if call.info.sensitive_output {
            request.extensions_mut().insert(SensitiveResponse);
        }
        let headers = request.headers_mut();
        if !endpoint.headers.is_empty() {
            headers.extend(endpoint.headers.clone());
        }
        headers.insert(http::header::USER_AGENT, self.user_agent.clone());
        headers.insert(X_AMZ_USER_AGENT, self.user_agent.clone());
        if let Some(id) = &constant.invocation_id {
            headers.insert(INVOCATION_ID, id.clone());
        }
        if let Ok(number) = HeaderValue::try_from(number) {
            headers.insert(SDK_REQUEST, number);
        }
        Ok(request)
    }

    /// Signs a request with the current credentials and returns them.
    async fn sign(
        &self,
        call: &Call,
        endpoint: &Endpoint,
        request: &mut http::Request<Bytes>,
        offset: Offset,
    ) -> Result<Option<Credentials>, Cause> {
        let Some(provider) = &self.credentials else {
            return Ok(None);
        };
        let is_optional = match call.info.auth {
            Auth::None => return Ok(None),
            Auth::Optional => true,
            Auth::SigV4 => false,
        };
        if is_optional && self.absence.is_known(&*self.clock) {
            return Ok(None);
        }
        let credentials = match provider.provide().await {
            Ok(credentials) => credentials,
            Err(error) if is_optional && error.is_not_configured() => {
                self.absence.note(&*self.clock);
                return Ok(None);
            }
            Err(error) => return Err(Cause::Credentials(error)),
        };
        let scheme = endpoint.signing("sigv4");
        let region = scheme.and_then(|scheme| scheme.signing_region.as_deref());
        let service = scheme.and_then(|scheme| scheme.signing_name.as_deref());
        let time = offset.apply(self.clock.now());
        let params = SigningParams {
            access_key_id: credentials.access_key_id(),
            secret_access_key: credentials.secret_access_key(),
            session_token: credentials.session_token(),
            region: region
                .or(self.settings.region.as_deref())
                .unwrap_or_default(),
            service: service.unwrap_or(self.service.signing_name),
            time,
        };
        // Without TLS, only the signature protects the body.
        let is_https = request.uri().scheme() == Some(&Scheme::HTTPS);
        let sign = match call.info.unsigned_payload && is_https {
            true => Signer::sign_without_payload,
            false => Signer::sign,
        };
        sign(&self.signer, &params, request)
            .map_err(|error| Cause::Construction(ConstructionError::new(error.to_string())))?;
        Ok(Some(credentials))
    }
}

/// The values shared by all attempts of a call.
struct Constant<'a> {
    endpoint: Cow<'a, Endpoint>,
    invocation_id: Option<HeaderValue>,
}

/// A response, and the signature of its request.
struct Received {
    response: http::Response<Bytes>,
    /// Whether the response shows that the signing time was wrong.
    clock_skewed: bool,
    /// `None` for an unsigned request.
    credentials: Option<Credentials>,
}

/// Decides whether to retry after a failed attempt, and how long to wait. `renew` is true if the
/// credentials were rejected and there may be others.
fn decide(
    call: &Call,
    failed: &Result<Received, Cause>,
    code: Option<&str>,
    renew: bool,
    elapsed: impl Fn() -> u64,
    attempts: &mut Attempts<'_>,
) -> Result<Duration, GiveUp> {
    let random = fastrand::f64();
    let next = match failed {
        Ok(received) => {
            let response = &received.response;
            log_response(response, code, elapsed);
            let failure = retry::AttemptFailure::Response(retry::FailedResponse {
                status: response.status(),
                code,
                retryable: match renew {
                    true => Some(Retryable::TRANSIENT),
                    false => code.and_then(call.retryable),
                },
                clock_skewed: received.clock_skewed,
                retry_after: retry::retry_after(response.headers()),
            });
            attempts.next(&failure, random)
        }
        Err(Cause::Transport(error)) => {
            tracing::debug!(error = ?error.kind(), elapsed_ms = elapsed(), "no response");
            attempts.next(&retry::AttemptFailure::Transport(error.kind()), random)
        }
        Err(Cause::Timeout(error)) => {
            tracing::debug!(%error, elapsed_ms = elapsed(), "no response");
            attempts.next(&retry::AttemptFailure::Timeout, random)
        }
        Err(Cause::Construction(_) | Cause::Credentials(_)) => Err(GiveUp::NotRetryable),
    };
    match &next {
        Ok(delay) => tracing::debug!(delay_ms = delay.as_millis() as u64, "retrying"),
        Err(why) => tracing::debug!(%why, "not retrying"),
    }
    next
}

/// Logs a response, with its text shortened to one line.
fn log_response(response: &http::Response<Bytes>, code: Option<&str>, elapsed: impl Fn() -> u64) {
    tracing::debug!(
        status = response.status().as_u16(),
        code = code.map(short),
        request_id = operation::request_id(response).as_deref().map(short),
        elapsed_ms = elapsed(),
        "response"
    );
}

/// Returns the first 128 characters.
fn short(text: &str) -> &str {
    let end = text.char_indices().nth(128).map(|(at, _)| at);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}
