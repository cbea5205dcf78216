//! What a client makes of a success: every kind of member there is.

use std::fmt::Debug;

use tinsmith_client::bytes::Bytes;
use tinsmith_client::http::{Response, StatusCode};
use tinsmith_client::json::{Reader, is_blank};
use tinsmith_client::operation::{Operation, ReadFailure, read};
use tinsmith_kitchen_sink as sink;

/// Reads a response as the output of each of some operations.
pub fn run(data: &[u8]) {
    let mut response = super::http::response(data);
    *response.status_mut() = StatusCode::OK;
    output::<sink::EchoChoiceRequest>(&response);
    output::<sink::EchoCollectionsRequest>(&response);
    output::<sink::EchoDocumentRequest>(&response);
    output::<sink::EchoEnumsRequest>(&response);
    output::<sink::EchoRequiredRequest>(&response);
    output::<sink::EchoScalarsRequest>(&response);
    output::<sink::EchoSecretsRequest>(&response);
    output::<sink::EchoTimesRequest>(&response);
    output::<sink::EchoTreeRequest>(&response);
    output::<sink::GetBowlRequest>(&response);
}

fn output<O: Operation>(response: &Response<Bytes>)
where
    O::Output: Debug,
    O::Error: Debug,
{
    let body = response.body();
    match read::<O>(response) {
        Ok(output) => {
            let _ = format!("{output:?}");
            let is_object = Reader::new(body).and_then(|mut r| r.object());
            assert!(is_blank(body) || is_object.is_ok(), "{output:?}");
        }
        Err(ReadFailure::Response(error)) => assert_eq!(error.status(), response.status()),
        Err(other) => panic!("a success is no error of the service: {other:?}"),
    }
}
