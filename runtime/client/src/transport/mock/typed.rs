//! Responses of an operation, which are checked when they are queued.

use std::marker::PhantomData;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};

use super::{MockResponse, MockTransport, operation};
use crate::error::OperationError as _;
use crate::json::{ReadError, Reader, Writer};
use crate::operation::{
    self as wire, ErrorParts, Operation, ReadFailure, RequestParts, ResponseParts,
};
use crate::transport::TransportErrorKind;

/// The part of a [`MockTransport`] that belongs to operation `O`, from [`MockTransport::on`].
///
/// Generated crates read responses and do not write them, so a response is the JSON text that the
/// service would send. Queuing a response checks that the operation can read it, so that a test
/// with an invalid response fails at that line.
#[derive(Debug)]
pub struct OperationMock<'a, O> {
    transport: &'a MockTransport,
    operation: PhantomData<fn() -> O>,
}

impl MockResponse {
    /// Creates a successful response with the given JSON.
    pub fn json(text: impl Into<Bytes>) -> Self {
        Self::new(Response::new(text.into()))
    }

    /// Creates an error response of awsJson, with its code in `__type` and its text in `message`.
    ///
    /// # Panics
    ///
    /// Panics if the status is not valid in HTTP.
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
            Err(error) => panic!("invalid HTTP response: {error}"),
        }
        Self::new(response)
    }

    /// Adds a header, such as `x-amzn-requestid`. Has no effect on a failure.
    ///
    /// # Panics
    ///
    /// Panics if the header is not valid in HTTP.
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
            _ => panic!("invalid HTTP header: {name}: {value}"),
        }
        self
    }
}

impl MockTransport {
    /// Returns the responses and requests of operation `O`, for example
    /// `mock.on::<EncryptRequest>()`.
    pub fn on<O: Operation>(&self) -> OperationMock<'_, O> {
        OperationMock {
            transport: self,
            operation: PhantomData,
        }
    }
}

impl<O: Operation> OperationMock<'_, O> {
    /// Queues a successful response with the given JSON.
    ///
    /// # Panics
    ///
    /// Panics if the operation cannot read it.
    #[track_caller]
    pub fn json(self, text: impl Into<Bytes>) -> Self {
        self.respond(MockResponse::json(text))
    }

    /// Queues an error response, modeled or unmodeled.
    ///
    /// # Panics
    ///
    /// Panics if the status is not valid in HTTP.
    #[track_caller]
    pub fn error(self, status: u16, code: &str, message: &str) -> Self {
        self.respond(MockResponse::error(status, code, message))
    }

    /// Queues a response with an event stream of these messages, which are created by functions
    /// such as [`event`](super::event).
    ///
    /// # Panics
    ///
    /// Panics if the operation cannot read the initial response among them. Events are not checked.
    #[track_caller]
    pub fn messages(self, messages: impl IntoIterator<Item = Bytes>) -> Self {
        self.respond(MockResponse::stream(messages))
    }

    /// Queues a failure.
    pub fn fail(self, kind: TransportErrorKind) -> Self {
        self.respond(MockResponse::failure(kind))
    }

    /// Queues `response`. Use [`MockTransport::push`] for a response that the operation cannot read.
    ///
    /// # Panics
    ///
    /// Panics if the operation cannot read it.
    #[track_caller]
    pub fn respond(self, response: MockResponse) -> Self {
        if let (Ok(response), false) = (&response.result, response.breaks_off()) {
            check::<O>(response);
        }
        self.transport.push(O::INFO.name, response);
        self
    }

    /// Returns the requests of the operation so far, in the order in which they were sent.
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        let mut requests = self.transport.requests();
        requests.retain(|request| operation(request) == O::INFO.name);
        requests
    }

    /// Returns how often exactly this request was sent, by operation and body. A request with a
    /// generated idempotency token never matches.
    pub fn count(&self, request: &O) -> usize {
        let mut parts = RequestParts::default();
        request.write_request(&mut parts);
        let requests = self.requests();
        let sent = requests.iter();
        sent.filter(|sent| *sent.body() == parts.body).count()
    }
}

/// Panics if `O` cannot read the response.
#[track_caller]
fn check<O: Operation>(response: &Response<Bytes>) {
    let name = O::INFO.name;
    match wire::read::<O>(response) {
        Ok(_) => {}
        Err(ReadFailure::Response(error)) => {
            panic!("{name} cannot read this response: {}", error.get_ref());
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
