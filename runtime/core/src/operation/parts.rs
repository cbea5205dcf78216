//! The parts of requests and responses that an operation itself writes and reads.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// The parts of a request that depend on its members.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct RequestParts {
    /// The body.
    pub body: Bytes,
}

/// A response, or a message of an event stream.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ResponseParts<'a> {
    /// The status.
    pub status: StatusCode,
    /// The headers; none for a message.
    pub headers: &'a HeaderMap,
    /// The body.
    pub body: &'a [u8],
}

impl<'a> ResponseParts<'a> {
    /// The parts of a response.
    pub fn of(response: &'a http::Response<Bytes>) -> Self {
        Self {
            status: response.status(),
            headers: response.headers(),
            body: response.body(),
        }
    }
}

/// An error response, or an error that ends an event stream.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ErrorParts<'a> {
    /// The response.
    pub response: ResponseParts<'a>,
    /// The message, wherever the protocol places it.
    pub message: Option<&'a str>,
}

impl<'a> ErrorParts<'a> {
    /// An error response and its message.
    pub fn new(response: ResponseParts<'a>, message: Option<&'a str>) -> Self {
        Self { response, message }
    }
}
