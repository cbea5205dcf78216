//! What a protocol fixes beside the codec of its bodies.
//!
//! The generated code of an operation imports a codec, such as [`json`](crate::json), and writes or
//! reads its members with it. The rest is the same for all operations of a service: a [`Protocol`],
//! which is a part of its [`ServiceInfo`](crate::operation::ServiceInfo).

mod aws_json;
mod foreign;

use bytes::Bytes;

use crate::error::{ConstructionError, ReadError};
use crate::operation::{OperationInfo, ResponseParts};

/// How a protocol maps operations to HTTP.
///
/// It consists of functions, so that a program contains the code of those protocols alone that it
/// uses.
#[derive(Clone, Copy, Debug)]
pub struct Protocol {
    content_type: &'static str,
    query_compatible: bool,
    head: fn(&OperationInfo, &mut http::Request<Bytes>) -> Result<(), ConstructionError>,
    error: fn(&Protocol, ResponseParts<'_>) -> ErrorSummary,
    read_leniently: fn(&[u8], ReadBody<'_>) -> bool,
    describe_foreign: fn(ResponseParts<'_>) -> Option<String>,
}

/// Reads a body, which may be a part of the one that arrived.
type ReadBody<'f> = &'f mut dyn FnMut(&[u8]) -> Result<(), ReadError>;

/// The parts of an error response that a protocol places itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorSummary {
    /// The name of the error's shape.
    pub name: Option<String>,
    /// The code that callers see: the name, unless the protocol has codes beside names.
    pub code: Option<String>,
    /// The message.
    pub message: Option<String>,
}

impl Protocol {
    /// Marks a service as `@awsQueryCompatible`: it names errors in a header, too.
    pub const fn query_compatible(mut self) -> Self {
        self.query_compatible = true;
        self
    }

    /// Sets request line and headers as far as they do not depend on the request's members. The URI
    /// becomes a path below the endpoint's.
    pub(crate) fn head(
        &self,
        info: &OperationInfo,
        request: &mut http::Request<Bytes>,
    ) -> Result<(), ConstructionError> {
        (self.head)(info, request)
    }

    /// Reads what all errors have in common.
    pub(crate) fn error(&self, response: ResponseParts<'_>) -> ErrorSummary {
        (self.error)(self, response)
    }

    /// Describes an error response that does not come from the service, such as a proxy's page.
    pub(crate) fn describe_foreign(&self, response: ResponseParts<'_>) -> Option<String> {
        (self.describe_foreign)(response)
    }

    /// Reads a body without the members that `read` rejects. Returns whether `read` succeeded in the
    /// end.
    ///
    /// This is for errors: callers must learn which error it is, even if a part of it cannot be read.
    pub(crate) fn read_leniently(
        &self,
        body: &[u8],
        read: &mut dyn FnMut(&[u8]) -> Result<(), ReadError>,
    ) -> bool {
        (self.read_leniently)(body, read)
    }
}
