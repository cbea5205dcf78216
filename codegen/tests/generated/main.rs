//! What the generated code must do, stated by hand; no socket and no async runtime is needed.
#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in tests, but not in their helpers"
)]
#![allow(deprecated, reason = "what the model deprecates is tested, too")]

mod authentication;
mod constructors;
mod errors;
mod requests;
mod responses;
mod secrets;
mod streams;

use tinsmith_kitchen_sink::runtime::bytes::Bytes;
use tinsmith_kitchen_sink::runtime::error::{ErrorMetadata, ResponseError};
use tinsmith_kitchen_sink::runtime::http;
use tinsmith_kitchen_sink::runtime::operation::{self, Operation, ReadFailure};

/// The request of an operation for a made-up endpoint.
fn request<O: Operation>(operation: &O) -> http::Request<Bytes> {
    let endpoint = http::Uri::from_static("https://kitchen.example.com");
    operation::build(operation, &endpoint).unwrap()
}

/// The body that an operation sends.
fn body<O: Operation>(operation: &O) -> String {
    String::from_utf8(request(operation).into_body().to_vec()).unwrap()
}

/// What an operation makes of an answer.
fn read<O: Operation>(
    status: u16,
    headers: &[(&'static str, &str)],
    body: &str,
) -> Result<O::Output, ReadFailure<O::Error>> {
    let mut response = http::Response::new(Bytes::from(body.to_owned()));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    for &(name, value) in headers {
        let value = http::HeaderValue::from_str(value).unwrap();
        response.headers_mut().insert(name, value);
    }
    operation::read::<O>(&response)
}

/// The output that an operation reads from a body.
#[track_caller]
fn output<O: Operation>(body: &str) -> O::Output {
    match read::<O>(200, &[], body) {
        Ok(output) => output,
        Err(ReadFailure::Response(e)) => panic!("{e}: {:?}", std::error::Error::source(&e)),
        Err(_) => panic!("an error of the service"),
    }
}

/// Why an operation does not take a body.
#[track_caller]
fn malformed<O: Operation>(body: &str) -> ResponseError {
    match read::<O>(200, &[], body) {
        Err(ReadFailure::Response(e)) => e,
        _ => panic!("{body} was read"),
    }
}

/// The error that an operation reads from an answer.
#[track_caller]
fn failure<O: Operation>(
    status: u16,
    headers: &[(&'static str, &str)],
    body: &str,
) -> (O::Error, ErrorMetadata) {
    match read::<O>(status, headers, body) {
        Err(ReadFailure::Service(error, metadata)) => (error, metadata),
        _ => panic!("{body} is no error"),
    }
}
