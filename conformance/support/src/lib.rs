//! Smithy's `httpRequestTests` and `httpResponseTests` as values, and functions that compare a
//! generated client with them. The tests that `cargo xtask conformance` generates call these.
//!
//! The checks panic where something differs, as tests do.

pub mod json;
mod request;
mod response;

pub use request::{Body, RequestTest, check_request};
pub use response::{ErrorExpectation, ResponseTest, check_error, check_output, check_output_text};
