//! `httpResponseTests`.

use std::fmt::Debug;

use bytes::Bytes;
use tinsmith_core::error::{ErrorMetadata, Fault, ModeledError, OperationError};
use tinsmith_core::operation::{self, Operation, ReadFailure};

/// A response (Smithy specification, "httpResponseTests trait").
#[derive(Clone, Copy, Debug)]
pub struct ResponseTest<'a> {
    /// The HTTP status.
    pub code: u16,
    /// Headers with their values.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body.
    pub body: &'a str,
}

/// What the client must know of an error besides its shape.
#[derive(Clone, Copy, Debug)]
pub struct ErrorExpectation<'a> {
    /// The name of the shape.
    pub shape: &'a str,
    /// The code that the user sees.
    pub code: &'a str,
    /// The message that the user sees.
    pub message: Option<&'a str>,
    /// Whose fault it is.
    pub fault: Fault,
}

impl ResponseTest<'_> {
    fn http(&self) -> http::Response<Bytes> {
        let mut response = http::Response::builder().status(self.code);
        for (name, value) in self.headers {
            response = response.header(*name, *value);
        }
        match response.body(Bytes::copy_from_slice(self.body.as_bytes())) {
            Ok(response) => response,
            Err(e) => panic!("the test's response is none: {e}"),
        }
    }

    /// The request ID of the headers must be the one that the error contains.
    fn check_request_id(&self, actual: Option<&str>) {
        let is_id = |name: &str| name.eq_ignore_ascii_case("x-amzn-requestid");
        let header = self.headers.iter().find(|(name, _)| is_id(name));
        assert_eq!(actual, header.map(|(_, value)| *value), "request id");
    }
}

/// Reads the response of an operation.
fn read_output<O: Operation>(test: &ResponseTest<'_>) -> O::Output {
    let response = test.http();
    test.check_request_id(operation::request_id(&response).as_deref());
    match operation::read::<O>(&response) {
        Ok(output) => output,
        Err(ReadFailure::Service(error, _)) => panic!("read as an error: {error:?}"),
        Err(ReadFailure::Response(error)) => {
            let source = std::error::Error::source(&error);
            panic!(
                "{error}: {}",
                source.map_or(String::new(), ToString::to_string)
            )
        }
    }
}

/// Reads the response of an operation and compares it.
///
/// # Panics
///
/// When it cannot be read, is an error, or is not `expected`.
pub fn check_output<O>(test: &ResponseTest<'_>, expected: &O::Output)
where
    O: Operation<Output: Debug + PartialEq>,
{
    let output = read_output::<O>(test);
    assert!(
        output == *expected,
        "output:\n  actual: {output:?}\nexpected: {expected:?}"
    );
}

/// The same by the texts of `Debug`, for what holds NaN, which is equal to nothing.
///
/// # Panics
///
/// When it cannot be read, is an error, or does not show as `expected` does.
pub fn check_output_text<O>(test: &ResponseTest<'_>, expected: &O::Output)
where
    O: Operation<Output: Debug>,
{
    let output = read_output::<O>(test);
    assert_eq!(format!("{output:?}"), format!("{expected:?}"), "output");
}

/// Reads the response of an operation as an error and compares it.
///
/// # Panics
///
/// When it is no error, or not `expected`.
pub fn check_error<O>(test: &ResponseTest<'_>, expected: &O::Error, known: &ErrorExpectation<'_>)
where
    O: Operation<Error: Debug + PartialEq>,
{
    let (error, metadata) = match operation::read::<O>(&test.http()) {
        Ok(_) => panic!("read as a success"),
        Err(ReadFailure::Service(error, metadata)) => (error, metadata),
        Err(failure) => panic!("{failure:?}"),
    };
    assert!(
        error == *expected,
        "error:\n  actual: {error:?}\nexpected: {expected:?}"
    );
    check_shape(error.shape(), known);
    check_metadata(test, &metadata, known);
    let text = error.to_string();
    let of_message = known.message.unwrap_or_default();
    assert!(
        text.starts_with(known.shape) && text.ends_with(of_message),
        "Display: {text}"
    );
}

fn check_shape(shape: &dyn ModeledError, known: &ErrorExpectation<'_>) {
    assert_eq!(shape.message(), known.message, "message");
    let info = shape.info().map(|info| (info.code, info.fault));
    assert_eq!(info, Some((known.shape, known.fault)), "code and fault");
}

fn check_metadata(test: &ResponseTest<'_>, metadata: &ErrorMetadata, known: &ErrorExpectation<'_>) {
    assert_eq!(metadata.code.as_deref(), Some(known.code), "code");
    assert_eq!(metadata.status.as_u16(), test.code, "status");
    test.check_request_id(metadata.request_id.as_deref());
}
