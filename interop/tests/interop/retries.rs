//! A service that is throttled or broken: what the client sends again, and when it stops.

use std::collections::BTreeSet;

use serde_json::json;
use tinsmith_interop::recorder::{CannedResponse, Recorded, Recorder};
use tinsmith_kms::runtime::error::OperationError as _;
use tinsmith_kms::{DescribeKeyRequest, ListKeysRequest};

use crate::client;

fn values(requests: &[Recorded], name: &str) -> Vec<String> {
    let values = requests.iter().map(|request| request.header(name));
    values.map(Option::unwrap).collect()
}

/// Every attempt is the same request with a new number and signature.
fn assert_attempts(requests: &[Recorded], count: usize) {
    assert_eq!(requests.len(), count);
    let expected: Vec<_> = (1..=count).map(|n| format!("attempt={n}; max=3")).collect();
    assert_eq!(values(requests, "amz-sdk-request"), expected);
    let ids: BTreeSet<_> = values(requests, "amz-sdk-invocation-id")
        .into_iter()
        .collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    let bodies: BTreeSet<_> = requests.iter().map(|request| &request.body).collect();
    assert_eq!(bodies.len(), 1);
    // The attempt's number is signed, so each signature is another one.
    let signatures: BTreeSet<_> = values(requests, "authorization").into_iter().collect();
    assert_eq!(signatures.len(), count);
}

#[tokio::test]
async fn throttling_is_given_up_after_three_attempts() {
    let recorder = Recorder::start().unwrap();
    let kms = client(&recorder.url(), "eu-central-1").await;
    let body = json!({"__type": "ThrottlingException", "message": "Rate exceeded"});
    recorder.respond([CannedResponse::new(400, body).header("x-amzn-requestid", "r-1")]);
    let error = kms
        .describe_key(DescribeKeyRequest::new("k"))
        .await
        .unwrap_err();
    assert_attempts(&recorder.take(), 3);
    assert_eq!(
        (error.code(), error.attempts()),
        (Some("ThrottlingException"), 3)
    );
    assert_eq!(
        error.to_string(),
        "DescribeKey: ThrottlingException: Rate exceeded (HTTP 400, request id r-1, 3 attempts)"
    );
    assert!(
        error.service().unwrap().shape().info().is_none(),
        "not modeled"
    );
}

#[tokio::test]
async fn a_status_alone_is_retried() {
    for status in [429, 500, 502, 503, 504] {
        let recorder = Recorder::start().unwrap();
        let kms = client(&recorder.url(), "eu-central-1").await;
        // The response of a proxy.
        let page = "<html>\nsorry\n</html>";
        recorder.respond([CannedResponse::new(status, page).header("content-type", "text/html")]);
        let error = kms.list_keys(ListKeysRequest::new()).await.unwrap_err();
        assert_attempts(&recorder.take(), 3);
        assert_eq!(
            error.to_string(),
            format!(
                "ListKeys: unknown error: the response is text/html, not JSON: <html> sorry \
                 </html> (HTTP {status}, 3 attempts)"
            )
        );
    }
}

#[tokio::test]
async fn a_success_after_failures() {
    let recorder = Recorder::start().unwrap();
    let kms = client(&recorder.url(), "eu-central-1").await;
    let keys = json!({"Keys": [{"KeyId": "k"}], "Truncated": false});
    recorder.respond([
        CannedResponse::new(503, ""),
        CannedResponse::new(500, "{}"),
        CannedResponse::ok(&keys),
    ]);
    let response = kms.send(ListKeysRequest::new()).await.unwrap();
    assert_eq!(response.attempts, 3);
    assert_eq!(
        response.output.keys.unwrap()[0].key_id.as_deref(),
        Some("k")
    );
    assert_attempts(&recorder.take(), 3);
}

#[tokio::test]
async fn a_callers_fault_is_not_retried() {
    let recorder = Recorder::start().unwrap();
    let kms = client(&recorder.url(), "eu-central-1").await;
    recorder.respond([CannedResponse::new(
        400,
        json!({"__type": "ValidationException"}),
    )]);
    let error = kms.list_keys(ListKeysRequest::new()).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_attempts(&recorder.take(), 1);
}

/// A client has 500 tokens and a retry takes 14: after 35 retries each call is sent once, so that
/// a broken service does not get three times its load.
#[tokio::test]
async fn a_storm_ends_when_the_tokens_are_used_up() {
    let recorder = Recorder::start().unwrap();
    let kms = client(&recorder.url(), "eu-central-1").await;
    recorder.respond([CannedResponse::new(503, "")]);
    let mut attempts = Vec::new();
    for _ in 0..20 {
        // Clones share the tokens.
        let kms = kms.clone();
        let error = kms.list_keys(ListKeysRequest::new()).await.unwrap_err();
        attempts.push(error.attempts());
    }
    assert_eq!(attempts[..17], [3; 17]);
    assert_eq!(attempts[17..], [2, 1, 1]);
    assert_eq!(recorder.take().len(), 20 + 35);
}
