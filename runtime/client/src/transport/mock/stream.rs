//! Replies that arrive in parts, and the messages of a stream of events.

use std::collections::VecDeque;
use std::future::ready;

use bytes::Bytes;
use http::Response;

use super::{MockReply, told};
use crate::BoxFuture;
use crate::event_stream::{HeaderValue, encode};
use crate::transport::{BodyStream, ResponseBody, TransportError, TransportErrorKind};

/// How a body arrives.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    parts: VecDeque<Bytes>,
    /// Why it does not end after the last part.
    broken: Option<TransportErrorKind>,
}

impl MockReply {
    /// Answers a success whose body arrives in these parts. Parts need not be whole messages.
    pub fn stream(parts: impl IntoIterator<Item = impl Into<Bytes>>) -> Self {
        let parts: VecDeque<Bytes> = parts.into_iter().map(Into::into).collect();
        let whole: Vec<u8> = parts.iter().flatten().copied().collect();
        let mut reply = Self::new(Response::new(whole.into()));
        reply.parts = Some(Parts {
            parts,
            broken: None,
        });
        reply
    }

    /// The same answer, but after its last part the body breaks off in the given way.
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

    /// Whether the body breaks off.
    pub(super) fn breaks_off(&self) -> bool {
        let parts = self.parts.as_ref();
        parts.is_some_and(|parts| parts.broken.is_some())
    }

    /// The reply to a client that takes all of it at once.
    pub(super) fn whole(self) -> Result<Response<Bytes>, TransportError> {
        match self.parts.and_then(|parts| parts.broken) {
            Some(kind) => Err(told(kind)),
            None => self.result.map_err(told),
        }
    }

    /// The reply to a client that takes it part by part.
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

/// The message of the event `name` of a stream with this payload, which is JSON in most cases.
///
/// # Panics
///
/// When the message would be longer than the framing allows.
#[track_caller]
pub fn event(name: &str, payload: impl AsRef<[u8]>) -> Bytes {
    message("event", &[(":event-type", name)], payload.as_ref())
}

/// The message of the members of an output beside its stream.
///
/// # Panics
///
/// As for [`event`].
#[track_caller]
pub fn initial_response(json: impl AsRef<[u8]>) -> Bytes {
    event("initial-response", json)
}

/// The message of the modeled error `name` of a stream.
///
/// # Panics
///
/// As for [`event`].
#[track_caller]
pub fn exception(name: &str, json: impl AsRef<[u8]>) -> Bytes {
    message("exception", &[(":exception-type", name)], json.as_ref())
}

/// The message of an error of a stream that is not modeled.
///
/// # Panics
///
/// As for [`event`].
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
    // A closure would not know the caller.
    match encode(&headers, payload) {
        Ok(message) => message,
        Err(error) => panic!("no such message: {error}"),
    }
}
