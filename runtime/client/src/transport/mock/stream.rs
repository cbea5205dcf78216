//! Responses that arrive in parts, and messages of event streams.

use std::collections::VecDeque;
use std::future::ready;

use bytes::Bytes;
use http::Response;

use super::{MockResponse, told};
use crate::BoxFuture;
use crate::event_stream::{HeaderValue, encode};
use crate::transport::{BodyStream, ResponseBody, TransportError, TransportErrorKind};

/// The way in which a body arrives.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    parts: VecDeque<Bytes>,
    /// The failure after the last part, if any.
    broken: Option<TransportErrorKind>,
}

impl MockResponse {
    /// Creates a successful response whose body arrives in these parts. Parts need not be complete
    /// messages.
    pub fn stream(parts: impl IntoIterator<Item = impl Into<Bytes>>) -> Self {
        let parts: VecDeque<Bytes> = parts.into_iter().map(Into::into).collect();
        let whole: Vec<u8> = parts.iter().flatten().copied().collect();
        let mut response = Self::new(Response::new(whole.into()));
        response.parts = Some(Parts {
            parts,
            broken: None,
        });
        response
    }

    /// Makes the body fail with the given kind of error after its last part.
    #[must_use]
    pub fn then_fail(mut self, kind: TransportErrorKind) -> Self {
        let whole = match &self.result {
            Ok(response) => response.body().clone(),
            Err(_) => return self,
        };
        let parts = self.parts.take().map(|parts| parts.parts);
        self.parts = Some(Parts {
            parts: parts.unwrap_or_else(|| VecDeque::from([whole])),
            broken: Some(kind),
        });
        self
    }

    /// Returns whether the body fails.
    pub(super) fn breaks_off(&self) -> bool {
        let parts = self.parts.as_ref();
        parts.is_some_and(|parts| parts.broken.is_some())
    }

    /// Returns the response with its whole body.
    pub(super) fn whole(self) -> Result<Response<Bytes>, TransportError> {
        match self.parts.and_then(|parts| parts.broken) {
            Some(kind) => Err(told(kind)),
            None => self.result.map_err(told),
        }
    }

    /// Returns the response with its body in parts.
    pub(super) fn streaming(self) -> Result<Response<ResponseBody>, TransportError> {
        let response = self.result.map_err(told)?;
        Ok(response.map(|whole| match self.parts {
            Some(parts) => ResponseBody::Stream(Box::new(parts)),
            None => ResponseBody::Whole(whole),
        }))
    }
}

impl BodyStream for Parts {
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Bytes, TransportError>>> {
        let part = self.parts.pop_front().map(Ok);
        Box::pin(ready(
            part.or_else(|| self.broken.map(|kind| Err(told(kind)))),
        ))
    }
}

/// Creates the message of an event with this payload, which is usually JSON.
///
/// # Panics
///
/// Panics if the message is too long for the framing.
#[track_caller]
pub fn event(name: &str, payload: impl AsRef<[u8]>) -> Bytes {
    message("event", &[(":event-type", name)], payload.as_ref())
}

/// Creates the initial response: the members of an output beside its event stream.
///
/// # Panics
///
/// Same as [`event`].
#[track_caller]
pub fn initial_response(json: impl AsRef<[u8]>) -> Bytes {
    event("initial-response", json)
}

/// Creates the message of a modeled error.
///
/// # Panics
///
/// Same as [`event`].
#[track_caller]
pub fn exception(name: &str, json: impl AsRef<[u8]>) -> Bytes {
    message("exception", &[(":exception-type", name)], json.as_ref())
}

/// Creates the message of an unmodeled error.
///
/// # Panics
///
/// Same as [`event`].
#[track_caller]
pub fn error_message(code: &str, text: &str) -> Bytes {
    message(
        "error",
        &[(":error-code", code), (":error-message", text)],
        b"",
    )
}

#[track_caller]
fn message(kind: &str, texts: &[(&str, &str)], payload: &[u8]) -> Bytes {
    let texts = [&[(":message-type", kind)], texts].concat();
    let headers: Vec<_> = texts
        .into_iter()
        .map(|(name, text)| (name, HeaderValue::String(text)))
        .collect();
    // `#[track_caller]` does not work through a closure.
    match encode(&headers, payload) {
        Ok(message) => message,
        Err(error) => panic!("invalid message: {error}"),
    }
}
