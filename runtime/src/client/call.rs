//! The loop of one call: sign, send, decide, wait, again.

use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use tracing::Instrument as _;

use super::Inner;
use super::timeout::timeout;
use crate::credentials::CredentialsError;
use crate::endpoint::{Endpoint, EndpointInput};
use crate::error::{ConstructionError, Error, Failed, TimeoutError};
use crate::operation::{self, ErrorAnswer, OperationInfo};
use crate::retry::{self, Attempts, ErrorResponse, GiveUp, Retryable};
use crate::sigv4::SigningParams;
use crate::skew::Offset;
use crate::transport::TransportError;
use crate::uuid;

const INVOCATION_ID: HeaderName = HeaderName::from_static("amz-sdk-invocation-id");
const SDK_REQUEST: HeaderName = HeaderName::from_static("amz-sdk-request");
const X_AMZ_USER_AGENT: HeaderName = HeaderName::from_static("x-amz-user-agent");

/// One call, without the type of its operation.
pub(super) struct Call {
    pub(super) info: &'static OperationInfo,
    pub(super) body: Bytes,
    pub(super) host_prefix: Option<String>,
    pub(super) endpoint_inputs: Vec<(&'static str, EndpointInput)>,
    /// Where a member of the request sends it, instead of the client's endpoint.
    pub(super) own_endpoint: Option<http::Uri>,
    /// `@retryable` of the operation's errors, by their name.
    pub(super) retryable: fn(&str) -> Option<Retryable>,
}

/// The response to the last attempt, a success or not.
pub(super) struct Answer {
    pub(super) response: http::Response<Bytes>,
    pub(super) attempts: u32,
}

/// Why there is no response.
pub(super) struct CallFailure {
    cause: Cause,
    attempts: u32,
}

enum Cause {
    Construction(ConstructionError),
    Credentials(CredentialsError),
    Timeout(TimeoutError),
    Transport(TransportError),
}

impl CallFailure {
    /// The error that the caller sees.
    pub(super) fn into_error<E>(self, info: &'static OperationInfo) -> Error<E> {
        let attempts = self.attempts;
        match self.cause {
            Cause::Construction(cause) => {
                Error::Construction(Box::new(Failed::new(cause, info, attempts)))
            }
            Cause::Credentials(cause) => {
                Error::Credentials(Box::new(Failed::new(cause, info, attempts)))
            }
            Cause::Timeout(cause) => Error::Timeout(Box::new(Failed::new(cause, info, attempts))),
            Cause::Transport(cause) => match TimeoutError::of_transport(&cause) {
                Some(timeout) => {
                    let failed = Failed::new(timeout.because(cause), info, attempts);
                    Error::Timeout(Box::new(failed))
                }
                None => Error::Connection(Box::new(Failed::new(cause, info, attempts))),
            },
        }
    }
}

impl Inner {
    /// Carries out a call within the limit on the whole of it.
    pub(super) async fn call(self: Arc<Self>, call: Call) -> Result<Answer, CallFailure> {
        let span = tracing::info_span!(
            "aws_call",
            service = self.service.sdk_id,
            operation = call.info.name
        );
        let limit = self.settings.timeouts.operation;
        let begun = self.clock.monotonic();
        let mut sent = 0;
        let outcome = {
            let attempts = self.attempts(&call, &mut sent).instrument(span.clone());
            timeout(&*self.clock, limit, attempts).await
        };
        let elapsed = self.clock.monotonic().saturating_sub(begun).as_millis() as u64;
        let _entered = span.enter();
        let cause = match outcome {
            Ok(Ok(response)) => {
                let status = response.status().as_u16();
                let request_id = operation::request_id(&response);
                let request_id = request_id.as_deref().unwrap_or_default();
                tracing::debug!(
                    status,
                    request_id,
                    attempts = sent,
                    elapsed_ms = elapsed,
                    "done"
                );
                return Ok(Answer {
                    response,
                    attempts: sent,
                });
            }
            Ok(Err(cause)) => cause,
            Err(_) => Cause::Timeout(TimeoutError::operation(limit.unwrap_or_default())),
        };
        tracing::debug!(attempts = sent, elapsed_ms = elapsed, "failed");
        Err(CallFailure {
            cause,
            attempts: sent,
        })
    }

    /// Attempt after attempt. `sent` counts them for the caller, even when it stops waiting.
    async fn attempts(&self, call: &Call, sent: &mut u32) -> Result<http::Response<Bytes>, Cause> {
        let unsigned = self.unsigned_request(call).map_err(Cause::Construction)?;
        let mut attempts = self.policy.begin(&self.bucket);
        loop {
            let offset = self.skew.offset();
            let begun = self.clock.monotonic();
            let result = self.attempt(call, &unsigned, &attempts, offset, sent).await;
            let elapsed = self.clock.monotonic().saturating_sub(begun).as_millis() as u64;
            let next = match &result {
                Ok(received) if received.response.status().is_success() => {
                    attempts.success();
                    return result.map(|received| received.response);
                }
                Ok(received) => self.after_error(call, received, offset, &mut attempts, elapsed),
                Err(Cause::Transport(error)) => {
                    tracing::debug!(attempt = *sent, error = ?error.kind(), elapsed_ms = elapsed, "attempt failed");
                    attempts.next(&retry::Failure::Transport(error.kind()), fastrand::f64())
                }
                Err(Cause::Timeout(_)) => {
                    tracing::debug!(attempt = *sent, elapsed_ms = elapsed, "attempt timed out");
                    attempts.next(&retry::Failure::Timeout, fastrand::f64())
                }
                Err(Cause::Construction(_) | Cause::Credentials(_)) => {
                    return result.map(|received| received.response);
                }
            };
            match next {
                Ok(delay) => {
                    tracing::debug!(delay_ms = delay.as_millis() as u64, "retrying");
                    self.clock.sleep(delay).await;
                }
                Err(_) => return result.map(|received| received.response),
            }
        }
    }

    /// Decides about a response that is no success.
    fn after_error(
        &self,
        call: &Call,
        received: &Received,
        offset: Offset,
        attempts: &mut Attempts<'_>,
        elapsed: u64,
    ) -> Result<std::time::Duration, GiveUp> {
        let response = &received.response;
        let answer = ErrorAnswer::read(call.info, response);
        let code = answer.shape.as_deref();
        tracing::debug!(
            attempt = attempts.number(),
            status = response.status().as_u16(),
            code = code.unwrap_or_default(),
            request_id = answer.metadata.request_id.as_deref().unwrap_or_default(),
            elapsed_ms = elapsed,
            "attempt answered an error"
        );
        let failure = retry::Failure::Response(ErrorResponse {
            status: response.status(),
            code,
            retryable: code.and_then(call.retryable),
            clock_skewed: received
                .measured
                .is_some_and(|measured| offset.is_far_from(measured)),
            retry_after: retry::retry_after(response.headers()),
        });
        attempts.next(&failure, fastrand::f64())
    }

    /// One attempt, from credentials to the end of the response.
    async fn attempt(
        &self,
        call: &Call,
        unsigned: &Unsigned,
        attempts: &Attempts<'_>,
        offset: Offset,
        sent: &mut u32,
    ) -> Result<Received, Cause> {
        let limit = self.settings.timeouts.attempt;
        let attempt = async {
            let mut request = unsigned.request.clone();
            let number = HeaderValue::from_str(&attempts.request_header());
            request
                .headers_mut()
                .extend(number.ok().map(|number| (SDK_REQUEST, number)));
            self.sign(call, &unsigned.endpoint, &mut request, offset)
                .await?;
            *sent = attempts.number();
            let begun = self.clock.now();
            let response = self
                .transport
                .send(request)
                .await
                .map_err(Cause::Transport)?;
            let measured = self
                .skew
                .measure(begun, self.clock.now(), response.headers());
            Ok(Received { response, measured })
        };
        match timeout(&*self.clock, limit, attempt).await {
            Ok(result) => result,
            Err(_) => Err(Cause::Timeout(TimeoutError::attempt(
                limit.unwrap_or_default(),
            ))),
        }
    }

    /// What all attempts have in common.
    fn unsigned_request(&self, call: &Call) -> Result<Unsigned, ConstructionError> {
        let mut endpoint = self.endpoint_for(&call.endpoint_inputs)?;
        if let Some(own) = &call.own_endpoint {
            endpoint.uri = own.clone();
        }
        let body = call.body.clone();
        let prefix = call.host_prefix.clone();
        let mut request = operation::assemble(call.info, body, &endpoint.uri, prefix)?;
        let headers = request.headers_mut();
        headers.extend(endpoint.headers.clone());
        headers.insert(http::header::USER_AGENT, self.user_agent.clone());
        headers.insert(X_AMZ_USER_AGENT, self.user_agent.clone());
        if let Ok(id) = HeaderValue::from_str(&uuid::v4()) {
            headers.insert(INVOCATION_ID, id);
        }
        Ok(Unsigned { request, endpoint })
    }

    /// Signs a request with the credentials of the moment.
    async fn sign(
        &self,
        call: &Call,
        endpoint: &Endpoint,
        request: &mut http::Request<Bytes>,
        offset: Offset,
    ) -> Result<(), Cause> {
        let Some(provider) = self.credentials.as_ref().filter(|_| !call.info.unsigned) else {
            return Ok(());
        };
        let credentials = provider.provide().await.map_err(Cause::Credentials)?;
        let scheme = endpoint.signing("sigv4");
        let region = scheme.and_then(|scheme| scheme.signing_region.as_deref());
        let service = scheme.and_then(|scheme| scheme.signing_name.as_deref());
        let time: SystemTime = offset.apply(self.clock.now());
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
        self.signer
            .sign(&params, request)
            .map_err(|error| Cause::Construction(ConstructionError::new(error.to_string())))
    }
}

/// A request as it is before each signature.
struct Unsigned {
    request: http::Request<Bytes>,
    endpoint: Endpoint,
}

/// A response and the clock's error that it shows.
struct Received {
    response: http::Response<Bytes>,
    measured: Option<Offset>,
}
