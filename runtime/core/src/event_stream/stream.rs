//! The events of one response, as callers read them.

use std::fmt;
use std::marker::PhantomData;

use http::HeaderMap;

use super::messages::{CallContext, Lost, is_initial};
use super::{Event, EventError, Message, Messages};
use crate::error::{
    CallError, Error, ErrorMetadata, OperationError, ResponseError, TimeoutError, Unhandled,
};
use crate::operation::{ErrorParts, ResponseParts};
use crate::transport::TransportError;

/// The events that a service sends while the connection lasts, read one by one with
/// [`next`](Self::next).
///
/// It buffers no more than the event that is being received, so that a slow reader slows the
/// service down. Dropping it closes the connection. `Default` gives one that has ended.
pub struct EventStream<T> {
    /// `None` once it has ended.
    messages: Option<Messages>,
    event: PhantomData<fn() -> T>,
}

/// Why a stream ends before its time.
enum Fault<E> {
    Service(E, Option<String>),
    Event(EventError),
    Transport(TransportError),
}

impl<T: Event> EventStream<T> {
    /// The events in `messages`.
    pub fn new(messages: Messages) -> Self {
        Self {
            messages: Some(messages),
            event: PhantomData,
        }
    }

    /// Waits for the next event; `None` when the service has ended the stream.
    ///
    /// Dropping the future loses no event, so that it can stand in a `select!`. Of the client's
    /// limits on time only the read timeout applies: to the wait for the next bytes.
    ///
    /// # Errors
    ///
    /// [`Error::Service`] when the service reports an error, modeled or not; [`Error::Response`]
    /// when what it sends cannot be read, a stream that ends within an event included;
    /// [`Error::Connection`] and [`Error::Timeout`] as for a call. The stream ends with an error;
    /// whether to call the operation again is the caller's to decide.
    pub async fn next(&mut self) -> Option<Result<T, Error<T::Error>>> {
        loop {
            let messages = self.messages.as_mut()?;
            let event = match messages.next().await {
                Ok(Some(message)) if is_initial(&message) => continue,
                Ok(Some(message)) => read(&message, &messages.call),
                Ok(None) => {
                    self.messages = None;
                    return None;
                }
                Err(Lost::Frame(error)) => Err(Fault::Event(error.into())),
                Err(Lost::Transport(error)) => Err(Fault::Transport(error)),
            };
            let event = event.map_err(|fault| into_error(fault, &messages.call));
            if event.is_err() {
                self.messages = None;
            }
            return Some(event);
        }
    }
}

/// Reads an event or error by the semantics of the specification, "Amazon Event Semantics".
fn read<T: Event>(message: &Message, call: &CallContext) -> Result<T, Fault<T::Error>> {
    match header(message, ":message-type")? {
        "event" => {
            let name = header(message, ":event-type")?;
            T::read(name, message).map_err(Fault::Event)
        }
        "exception" => {
            let name = header(message, ":exception-type")?;
            Err(Fault::Service(
                exception(name, message, call),
                Some(name.to_owned()),
            ))
        }
        "error" => {
            let code = message.string(":error-code").ok().flatten();
            let text = message.string(":error-message").ok().flatten();
            let error = unhandled(code, text.map(str::to_owned));
            Err(Fault::Service(error, code.map(str::to_owned)))
        }
        _ => Err(Fault::Event(EventError::Header {
            name: ":message-type",
            expected: "event, exception or error",
        })),
    }
}

/// Reads the error `name`, which is not modeled if `E` does not have it.
fn exception<E: OperationError>(name: &str, message: &Message, call: &CallContext) -> E {
    let protocol = &call.info.service.protocol;
    let headers = HeaderMap::new();
    let parts = call.parts(&headers, message.payload());
    let text = protocol.error(parts).message;
    let mut modeled = None;
    protocol.read_leniently(parts.body, &mut |body| {
        let response = ResponseParts { body, ..parts };
        modeled = E::read(name, ErrorParts::new(response, text.as_deref()))?;
        Ok(())
    });
    modeled.unwrap_or_else(|| unhandled(Some(name), text))
}

/// A header that must be there.
fn header<'m, E>(message: &'m Message, name: &'static str) -> Result<&'m str, Fault<E>> {
    let value = message.string(name).map_err(Fault::Event)?;
    value.ok_or(Fault::Event(EventError::Header {
        name,
        expected: "a string",
    }))
}

fn unhandled<E: OperationError>(code: Option<&str>, message: Option<String>) -> E {
    E::from(Unhandled {
        code: code.map(str::to_owned),
        message,
    })
}

/// The error that the caller sees.
fn into_error<E>(fault: Fault<E>, call: &CallContext) -> Error<E> {
    match fault {
        Fault::Service(error, code) => Error::Service(failed(error, code, call)),
        Fault::Event(error) => {
            let error = ResponseError::event(call.status, error);
            Error::Response(failed(error, None, call))
        }
        Fault::Transport(error) => match TimeoutError::of_transport(error) {
            Ok(error) => Error::Timeout(failed(error, None, call)),
            Err(error) => Error::Connection(failed(error, None, call)),
        },
    }
}

fn failed<C>(cause: C, code: Option<String>, call: &CallContext) -> Box<CallError<C>> {
    let failed = CallError::new(cause, call.info, call.attempts);
    Box::new(failed.with_metadata(ErrorMetadata {
        code,
        status: call.status,
        request_id: call.request_id.clone(),
    }))
}

impl<T> Default for EventStream<T> {
    fn default() -> Self {
        Self {
            messages: None,
            event: PhantomData,
        }
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("ended", &self.messages.is_none())
            .finish_non_exhaustive()
    }
}
