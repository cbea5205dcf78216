//! Errors in all forms that services and the machines before them give.

use serde_json::{Value, json};
use tinsmith_interop::boto3::Boto3;
use tinsmith_interop::python;
use tinsmith_interop::recorder::{CannedResponse, Recorder};
use tinsmith_kms::runtime::error::Unhandled;
use tinsmith_kms::{
    ConnectCustomKeyStoreError, ConnectCustomKeyStoreRequest, DescribeKeyError, DescribeKeyRequest,
    Error,
};

use crate::client;

/// Returns the error of DescribeKey for a response.
async fn describe_key(canned: CannedResponse) -> Error<DescribeKeyError> {
    let recorder = Recorder::start().unwrap();
    let kms = client(&recorder.url(), "eu-central-1").await;
    recorder.respond([canned.header("x-amzn-requestid", "r-1")]);
    kms.describe_key(DescribeKeyRequest::new("k"))
        .await
        .unwrap_err()
}

/// The code of an error in the three places where it may be.
fn forms(name: &str, body: &Value) -> [CannedResponse; 4] {
    let with = |key: &str, value: &str| {
        let mut body = body.clone();
        body[key] = value.into();
        CannedResponse::new(400, body)
    };
    [
        with("__type", name),
        with("__type", &format!("com.amazonaws.kms#{name}")),
        with("code", name),
        CannedResponse::new(400, body)
            .header("X-Amzn-ErrorType", &format!("{name}:http://internal/")),
    ]
}

#[tokio::test]
async fn a_modelled_error() {
    for canned in forms(
        "NotFoundException",
        &json!({"message": "Key 'k' does not exist"}),
    ) {
        let error = describe_key(canned.clone()).await;
        assert!(
            matches!(error.service(), Some(DescribeKeyError::NotFound(e))
                if e.message.as_deref() == Some("Key 'k' does not exist")),
            "{canned:?}: {error:?}"
        );
        assert_eq!(error.code(), Some("NotFoundException"));
        assert_eq!(error.request_id(), Some("r-1"));
        assert_eq!(
            error.to_string(),
            "DescribeKey: NotFoundException: Key 'k' does not exist (HTTP 400, request id r-1, 1 attempt)"
        );
    }
}

#[tokio::test]
async fn an_error_that_the_model_lacks() {
    for code in ["AccessDeniedException", "ValidationException"] {
        for canned in forms(code, &json!({"Message": "no"})) {
            let error = describe_key(canned.clone()).await;
            let Some(DescribeKeyError::Unhandled(unhandled)) = error.service() else {
                panic!("{canned:?}: {error:?}")
            };
            assert_eq!(unhandled.code.as_deref(), Some(code));
            assert_eq!(unhandled.message.as_deref(), Some("no"));
            assert_eq!(
                error.to_string(),
                format!("DescribeKey: {code}: no (HTTP 400, request id r-1, 1 attempt)")
            );
        }
    }
}

/// The model contains the error, but for a different operation.
#[tokio::test]
async fn an_error_of_another_operation() {
    let [canned, ..] = forms("IncorrectTrustAnchorException", &json!({}));
    let error = describe_key(canned).await;
    let expected = DescribeKeyError::Unhandled({
        let mut unhandled = Unhandled::default();
        unhandled.code = Some("IncorrectTrustAnchorException".to_owned());
        unhandled
    });
    assert_eq!(error.service(), Some(&expected));
}

/// KMS names this one otherwise in AWS Query, which it does not speak here.
#[tokio::test]
async fn an_error_of_custom_key_stores() {
    let recorder = Recorder::start().unwrap();
    let kms = client(&recorder.url(), "eu-central-1").await;
    let body = json!({"__type": "CustomKeyStoreNotFoundException"});
    recorder.respond([CannedResponse::new(400, body)]);
    let request = ConnectCustomKeyStoreRequest::new("cks-1");
    let error = kms.connect_custom_key_store(request).await.unwrap_err();
    let service = error.service();
    assert!(
        matches!(
            service,
            Some(ConnectCustomKeyStoreError::CustomKeyStoreNotFound(_))
        ),
        "{error:?}"
    );
    assert_eq!(
        error.to_string(),
        "ConnectCustomKeyStore: CustomKeyStoreNotFoundException (HTTP 400, 1 attempt)"
    );
}

/// Logs are read by line: what a service says may not begin a new one.
#[tokio::test]
async fn display_is_one_line_whatever_the_service_says() {
    for text in ["a\nb", "a\r\nb", "a\u{1b}[2Jb", "a\u{85}b", "a\u{2028}b"] {
        for canned in forms("NotFoundException", &json!({"message": text})) {
            let shown = describe_key(canned).await.to_string();
            assert!(one_line(&shown), "{shown:?}");
        }
        let body = json!({"__type": text, "message": text});
        let shown = describe_key(CannedResponse::new(400, body))
            .await
            .to_string();
        assert!(one_line(&shown), "{shown:?}");
    }
}

fn one_line(text: &str) -> bool {
    !text.contains(|c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}')
}

/// A success that is none: the form of the body is wrong.
#[tokio::test]
async fn a_malformed_success() {
    let recorder = Recorder::start().unwrap();
    let kms = client(&recorder.url(), "eu-central-1").await;
    for body in [
        "<html>",
        "{",
        "[]",
        r#"{"KeyMetadata": {"KeyId": 1}}"#,
        "{}x",
    ] {
        recorder.respond([CannedResponse::new(200, body)]);
        let error = kms
            .describe_key(DescribeKeyRequest::new("k"))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Response(_)), "{body}: {error:?}");
        let shown = error.to_string();
        assert!(
            shown.starts_with("DescribeKey: malformed response: expected "),
            "{shown}"
        );
        assert!(shown.ends_with(" (HTTP 200, 1 attempt)"), "{shown}");
    }
}

/// boto3 looks for the name in `__type` only.
#[tokio::test]
async fn boto3_reads_the_same() {
    let Some(python) = python::find() else { return };
    let mut boto3 = Boto3::start(&python).unwrap();
    let recorder = Recorder::start().unwrap();
    let bodies = [
        json!({"__type": "com.amazonaws.kms#NotFoundException", "message": "größer"}),
        json!({"__type": "NotFoundException:http://internal/", "Message": "no"}),
        json!({"__type": "AccessDeniedException", "Message": "no"}),
        json!({"__type": "a.b#ValidationException", "message": ""}),
    ];
    for body in bodies {
        recorder.respond([CannedResponse::new(400, &body)]);
        let theirs = boto3
            .call(
                &recorder.url(),
                "kms",
                "DescribeKey",
                &json!({"KeyId": "k"}),
            )
            .unwrap();
        let ours = describe_key(CannedResponse::new(400, &body)).await;
        let status = ours.status().map(|status| status.as_u16().into());
        assert_eq!(status, theirs["status"].as_u64(), "{body}");
        assert_eq!(ours.code(), theirs["error"]["Code"].as_str(), "{body}");
        let message = theirs["error"]["Message"].as_str().unwrap();
        assert!(ours.to_string().contains(message), "{body}: {ours}");
    }
}
