//! What the protocol tests made by `cargo xtask conformance` call: Smithy's `httpRequestTests` and
//! `httpResponseTests` as values, and how they are held against a generated client.
//!
//! The checks panic where something differs, as tests do.

pub mod json;
mod request;
mod response;

pub use request::{Body, RequestTest, check_request};
pub use response::{ErrorExpectation, ResponseTest, check_error, check_output, check_output_text};
