//! Requests that say themselves where they go.

use std::time::SystemTime;

use tinsmith_client::clock::VirtualClock;
use tinsmith_client::error::Error;
use tinsmith_client::json::{ReadError, Reader, Writer};
use tinsmith_client::operation::{Operation, OperationInfo, RequestParts, ResponseParts};
use tinsmith_client::transport::mock::{MockResponse, MockTransport};

use crate::log::Log;
use crate::operation::{SERVICE, SealError, builder};

/// An operation whose request holds an endpoint.
struct Predict(Option<&'static str>);

impl Operation for Predict {
    type Output = ();
    type Error = SealError;
    const INFO: &'static OperationInfo = &SERVICE.operation("Predict");

    fn write_request(&self, request: &mut RequestParts) {
        request.body = Writer::begin().end();
    }

    fn read_response(response: ResponseParts<'_>) -> Result<(), ReadError> {
        Reader::ignore(response.body)
    }

    fn own_endpoint(&self) -> Option<&str> {
        self.0
    }
}

/// Sends a request twice, by a client whose endpoint is `http://localhost`.
async fn send(endpoint: Option<&'static str>) -> Result<http::Request<bytes::Bytes>, String> {
    let mock = MockTransport::new();
    mock.on::<Predict>()
        .respond(MockResponse::json("{}"))
        .respond(MockResponse::json("{}"));
    let client = builder("http://localhost")
        .allow_http(false)
        .transport(mock.clone())
        .clock(VirtualClock::new(SystemTime::UNIX_EPOCH))
        .build()
        .await
        .unwrap();
    let outcomes = [
        client.send(Predict(endpoint)).await,
        client.send(Predict(endpoint)).await,
    ];
    let [_, outcome] = outcomes;
    match outcome {
        Ok(_) => Ok(mock.requests().remove(0)),
        Err(Error::Construction(failed)) => Err(failed.to_string()),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn the_request_goes_where_it_says_and_is_signed_for_there() {
    let request = send(Some("https://own.example/path")).await.unwrap();
    assert_eq!(request.uri(), "https://own.example/path/");
    assert!(request.headers().contains_key("authorization"));
    let request = send(None).await.unwrap();
    assert_eq!(request.uri(), "http://localhost/");
}

#[tokio::test]
async fn an_endpoint_that_is_none_is_refused_before_anything_is_sent() {
    for endpoint in ["own.example", "/path", "https://[", ""] {
        let fault = send(Some(endpoint)).await.unwrap_err();
        assert!(fault.contains("endpoint"), "{fault}");
    }
}

#[tokio::test]
async fn plain_http_endpoint_of_requests_causes_one_warning() {
    for (endpoint, expected) in [("http://own.example", 1), ("https://own.example", 0)] {
        let log = Log::begin();
        send(Some(endpoint)).await.unwrap();
        let warnings = log.lines();
        let warnings = warnings.iter().filter(|line| line.starts_with("WARN"));
        assert_eq!(warnings.count(), expected);
    }
}
