//! What a client makes of an error response.

use serde_json::Value;
use tinsmith_client::error::OperationError as _;
use tinsmith_client::http::StatusCode;
use tinsmith_client::json::ErrorFields;
use tinsmith_client::operation::{ReadFailure, read, request_id};
use tinsmith_kms::EncryptRequest;

/// Reads a response that is no success, and checks what was found in its body against serde_json.
pub fn run(data: &[u8]) {
    let mut response = super::http::response(data);
    if response.status().is_success() {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    let failure = read::<EncryptRequest>(&response).expect_err("it is no success");
    let ReadFailure::Service(error, metadata) = failure else {
        panic!("every error response is an error of the service: {failure:?}");
    };
    assert_eq!(metadata.status, response.status());
    assert_eq!(metadata.request_id, request_id(&response));
    assert_ne!(metadata.code.as_deref(), Some(""));
    let shape = error.shape();
    // An error of the model is named by the response.
    if let (Some(info), Some(code)) = (shape.info(), &metadata.code) {
        assert_eq!(info.code, code);
    }
    // An error that the model lists is one of the model whatever its members are.
    if metadata.code.as_deref() == Some("NotFoundException") {
        assert!(shape.info().is_some(), "{error:?}");
    }
    let shown = format!("{error}");
    assert!(!shown.contains(char::is_control), "{shown:?}");
    let _ = format!("{error:?} {metadata:?}");
    fields(response.body());
}

fn fields(body: &[u8]) {
    let fields = ErrorFields::read(body);
    let Ok(Value::Object(members)) = serde_json::from_slice(body) else {
        // What comes before a fault counts, if it is an object at all.
        assert!(body.trim_ascii_start().starts_with(b"{") || fields == ErrorFields::default());
        return;
    };
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    assert_eq!(fields.code.as_deref(), text("code"));
    assert_eq!(fields.type_name.as_deref(), text("__type"));
    let mut messages = ["message", "Message", "errorMessage"].into_iter().map(text);
    assert_eq!(fields.message.as_deref(), messages.find_map(|text| text));
}
