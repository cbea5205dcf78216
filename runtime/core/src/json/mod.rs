//! The JSON codec of the awsJson protocols: a pull [`Reader`] over a body and a [`Writer`] into
//! one.
//!
//! Generated code calls both with a line per member and no trait in between, so that a shape costs
//! its own few calls and nothing else. What a member looks like on the wire follows Smithy's
//! [AWS JSON 1.0 and 1.1 protocols](https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html).

mod buffer;
mod collections;
mod document;
mod error;
mod lenient;
mod reader;
mod scalars;
mod strings;
mod writer;

pub use crate::error::ReadError;
pub use document::{Document, UnknownVariant};
pub use error::ErrorFields;
pub(crate) use lenient::read_leniently;
pub use reader::{MAX_DEPTH, Reader};
pub use writer::Writer;

/// Whether a body holds nothing but JSON's white space. An awsJson response without output may be
/// empty, which [`Reader`] would refuse.
#[must_use]
pub fn is_blank(body: &[u8]) -> bool {
    body.iter()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}
