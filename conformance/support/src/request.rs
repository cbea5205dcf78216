//! `httpRequestTests`.

use bytes::Bytes;
use http::Uri;
use tinsmith_core::operation::{self, Operation};

use crate::json;

/// What a request must look like (Smithy specification, "httpRequestTests trait").
#[derive(Clone, Copy, Debug)]
pub struct RequestTest<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The path.
    pub uri: &'a str,
    /// The endpoint that the client is given, without its scheme.
    pub host: &'a str,
    /// Where the request goes.
    pub resolved_host: &'a str,
    /// Headers with their values.
    pub headers: &'a [(&'a str, &'a str)],
    /// Headers that must be there, whatever their values.
    pub require_headers: &'a [&'a str],
    /// Headers that must not be there.
    pub forbid_headers: &'a [&'a str],
    /// The body.
    pub body: Body<'a>,
}

/// The body of a request.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// It is not looked at.
    Any,
    /// A JSON value.
    Json(&'a str),
    /// Exactly this text.
    Text(&'a str),
}

/// The idempotency token that the tests expect.
fn token() -> String {
    tinsmith_core::uuid::from_bits(0)
}

/// Builds the request as a client does and holds it against the test.
///
/// # Panics
///
/// When it cannot be built, or is not what the test says.
pub fn check_request<O: Operation>(mut operation: O, test: &RequestTest<'_>) {
    operation.fill_idempotency_token(token);
    let endpoint: Uri = match format!("https://{}", test.host).parse() {
        Ok(endpoint) => endpoint,
        Err(e) => panic!("the test's host is none: {e}"),
    };
    let request = match operation::build(&operation, &endpoint) {
        Ok(request) => request,
        Err(e) => panic!("the request cannot be built: {e}"),
    };
    assert_eq!(request.method().as_str(), test.method, "method");
    let uri = request.uri();
    assert_eq!(uri.path(), test.uri, "path");
    assert_eq!(uri.query(), None, "query");
    let host = uri.authority().map(|authority| authority.as_str());
    assert_eq!(host, Some(test.resolved_host), "host");
    check_headers(&request, test);
    check_body(request.body(), test.body);
}

fn check_headers(request: &http::Request<Bytes>, test: &RequestTest<'_>) {
    let headers = request.headers();
    for (name, value) in test.headers {
        let all = headers.get_all(*name).iter();
        let all: Vec<_> = all
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        assert!(!all.is_empty(), "header {name} is missing");
        assert_eq!(all.join(", "), *value, "header {name}");
    }
    for name in test.require_headers {
        assert!(headers.contains_key(*name), "header {name} is missing");
    }
    for name in test.forbid_headers {
        assert!(!headers.contains_key(*name), "header {name} is forbidden");
    }
    // The tests only ask that it be there.
    let length = headers
        .get("content-length")
        .map(|length| length.as_bytes().to_vec());
    let expected = request.body().len().to_string();
    assert_eq!(length, Some(expected.into_bytes()), "Content-Length");
}

fn check_body(actual: &[u8], expected: Body<'_>) {
    let actual = || String::from_utf8_lossy(actual);
    match expected {
        Body::Any => {}
        Body::Json(expected) => {
            if let Err(difference) = json::compare(&actual(), expected) {
                panic!("body: {difference}\n  actual: {}", actual());
            }
        }
        Body::Text(expected) => assert_eq!(actual(), expected, "body"),
    }
}
