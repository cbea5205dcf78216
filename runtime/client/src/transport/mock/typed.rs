//! Replies that belong to an operation and are checked against it when they are laid out.

use std::marker::PhantomData;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};

use super::{MockReply, MockTransport, operation};
use crate::error::OperationError as _;
use crate::json::{ReadError, Reader, Writer};
use crate::operation::{
    self as wire, ErrorParts, Operation, ReadFailure, RequestParts, ResponseParts,
};
use crate::transport::TransportErrorKind;

/// The part of a [`MockTransport`] that belongs to operation `O`, from [`MockTransport::on`].
///
/// Generated crates read responses and do not write them, so a reply is the JSON text that the
/// service would send. That the operation can read it is checked at once, so that a test with a
/// wrong reply fails at the reply.
#[derive(Debug)]
pub struct OperationMock<'a, O> {
    transport: &'a MockTransport,
    operation: PhantomData<fn() -> O>,
}

impl MockReply {
    /// Answers a success with the given JSON.
    pub fn json(text: impl Into<Bytes>) -> Self {
        Self::new(Response::new(text.into()))
    }

    /// Answers an error as services of awsJson do: its name in `__type`, its text in `message`.
    ///
    /// # Panics
    ///
    /// When the status is not possible in HTTP.
    #[track_caller]
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let mut w = Writer::new();
        w.object();
        w.key("__type").string(code);
        w.key("message").string(message);
        w.end_object();
        let mut response = Response::new(w.finish());
        match StatusCode::from_u16(status) {
            Ok(status) => *response.status_mut() = status,
            Err(error) => panic!("no such reply in HTTP: {error}"),
        }
        Self::new(response)
    }

    /// The same answer with one more header, such as `x-amzn-requestid`. A failure has none.
    ///
    /// # Panics
    ///
    /// When the header is not possible in HTTP.
    #[must_use]
    #[track_caller]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let header = (
            HeaderName::try_from(name.to_owned()),
            HeaderValue::from_str(value),
        );
        match (header, &mut self.result) {
            ((Ok(name), Ok(value)), Ok(response)) => {
                response.headers_mut().append(name, value);
            }
            ((Ok(_), Ok(_)), Err(_)) => {}
            _ => panic!("no such header in HTTP: {name}: {value}"),
        }
        self
    }
}

impl MockTransport {
    /// The replies and requests of operation `O`, such as `mock.on::<EncryptRequest>()`.
    pub fn on<O: Operation>(&self) -> OperationMock<'_, O> {
        OperationMock {
            transport: self,
            operation: PhantomData,
        }
    }
}

impl<O: Operation> OperationMock<'_, O> {
    /// Answers the next request that has no reply yet with the given JSON.
    ///
    /// # Panics
    ///
    /// When the operation cannot read it.
    #[track_caller]
    pub fn json(self, text: impl Into<Bytes>) -> Self {
        self.reply(MockReply::json(text))
    }

    /// Answers the next request that has no reply yet with an error, modeled or not.
    ///
    /// # Panics
    ///
    /// When the status is not possible in HTTP.
    #[track_caller]
    pub fn error(self, status: u16, code: &str, message: &str) -> Self {
        self.reply(MockReply::error(status, code, message))
    }

    /// Answers the next request that has no reply yet with a stream of these messages, such as
    /// [`event`](super::event) makes them.
    ///
    /// # Panics
    ///
    /// When the operation cannot read the initial response among them; it reads the events only
    /// when it is asked for them.
    #[track_caller]
    pub fn messages(self, messages: impl IntoIterator<Item = Bytes>) -> Self {
        self.reply(MockReply::stream(messages))
    }

    /// Fails the next request that has no reply yet.
    pub fn fail(self, kind: TransportErrorKind) -> Self {
        self.reply(MockReply::failure(kind))
    }

    /// Does with the next request that has no reply yet what `reply` says. What the operation
    /// cannot read goes through [`MockTransport::push`].
    ///
    /// # Panics
    ///
    /// When the operation cannot read it.
    #[track_caller]
    pub fn reply(self, reply: MockReply) -> Self {
        if let (Ok(response), false) = (&reply.result, reply.breaks_off()) {
            check::<O>(response);
        }
        self.transport.push(O::INFO.name, reply);
        self
    }

    /// The requests of the operation so far, in the order in which they were sent.
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        let mut requests = self.transport.requests();
        requests.retain(|request| operation(request) == O::INFO.name);
        requests
    }

    /// How often exactly `request` was sent, by operation and body. One whose idempotency token
    /// was left to the client is never the same.
    pub fn count(&self, request: &O) -> usize {
        let mut parts = RequestParts::default();
        request.write_request(&mut parts);
        let requests = self.requests();
        let sent = requests.iter();
        sent.filter(|sent| *sent.body() == parts.body).count()
    }
}

/// Panics when `O` cannot read the response.
#[track_caller]
fn check<O: Operation>(response: &Response<Bytes>) {
    let name = O::INFO.name;
    match wire::read::<O>(response) {
        Ok(_) => {}
        Err(ReadFailure::Response(error)) => {
            panic!("{name} cannot read this reply: {}", error.get_ref());
        }
        Err(ReadFailure::Service(_, metadata)) => {
            let Some(code) = metadata.code else { return };
            let error = ErrorParts::new(ResponseParts::of(response), None);
            let read = O::Error::read(&code, error).and_then(|modeled| match modeled {
                Some(_) => message(response.body()),
                None => Ok(()),
            });
            if let Err(error) = read {
                panic!("{name} cannot read this {code}: {error}");
            }
        }
    }
}

/// Checks that the message of an error is a string.
fn message(body: &[u8]) -> Result<(), ReadError> {
    let mut r = Reader::begin(body)?;
    while let Some(key) = r.member()? {
        match &*key {
            "message" | "Message" | "errorMessage" => drop(r.string()?),
            _ => r.skip()?,
        }
    }
    r.finish()
}
