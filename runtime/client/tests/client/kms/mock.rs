//! The mock transport, which other people's tests rely on.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use tinsmith_client::transport::mock::{MockResponse, MockTransport, exception};
use tinsmith_kms::{
    DecryptRequest, DisableKeyRequest, EncryptRequest, Error, GenerateRandomRequest,
};

use super::{client, clock, request};

#[tokio::test]
async fn queues_responses_by_operation() {
    let (mock, clock) = (MockTransport::new(), clock());
    mock.on::<DecryptRequest>()
        .json(r#"{"KeyId":"k","Plaintext":"cGxhaW50ZXh0"}"#);
    mock.on::<DisableKeyRequest>()
        .error(404, "NotFoundException", "no such key")
        .json("");
    let client = client(&mock, &clock).await;
    let disable = DisableKeyRequest::new("k");
    let error = client.disable_key(disable.clone()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 404);
    let decrypt = DecryptRequest::new().ciphertext_blob(b"c".to_vec());
    let output = client.decrypt(decrypt.clone()).await.unwrap();
    assert_eq!(output.plaintext.unwrap().as_slice(), b"plaintext");
    client.disable_key(disable.clone()).await.unwrap();

    assert_eq!(mock.unused(), 0);
    assert_eq!(mock.on::<DisableKeyRequest>().count(&disable), 2);
    let other = DisableKeyRequest::new("other");
    assert_eq!(mock.on::<DisableKeyRequest>().count(&other), 0);
    let sent = mock.on::<DecryptRequest>().requests();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].body(), r#"{"CiphertextBlob":"Yw=="}"#);
}

/// A call that the test did not expect is told in the error, and is not tried again.
#[tokio::test]
async fn fails_call_without_a_response() {
    let (mock, clock) = (MockTransport::new(), clock());
    mock.on::<DecryptRequest>().json("{}");
    let client = client(&mock, &clock).await;
    let error = client.encrypt(request()).await.unwrap_err();
    assert!(matches!(error, Error::Connection(_)));
    let shown = error.to_string();
    assert!(
        shown.contains("no response for Encrypt") && shown.contains("Decrypt (1)"),
        "{shown}"
    );
    assert_eq!((mock.requests().len(), mock.unused()), (1, 1));
}

#[test]
#[should_panic(expected = "Encrypt cannot read this response: expected a string at byte 9")]
fn rejects_unreadable_response() {
    MockTransport::new()
        .on::<EncryptRequest>()
        .json(r#"{"KeyId":5}"#);
}

#[test]
#[should_panic(expected = "Encrypt cannot read this NotFoundException: expected a string")]
fn rejects_unreadable_error() {
    let response = tinsmith_client::http::Response::builder()
        .status(400)
        .body(r#"{"__type":"NotFoundException","message":[]}"#.into());
    MockTransport::new()
        .on::<EncryptRequest>()
        .respond(MockResponse::new(response.unwrap()));
}

#[test]
#[should_panic(expected = "invalid HTTP response")]
fn rejects_invalid_status() {
    let _ = MockResponse::error(10_000, "Any", "");
}

#[test]
#[should_panic(expected = "invalid HTTP header")]
fn rejects_invalid_header() {
    let _ = MockResponse::json("{}").header("a b", "c");
}

/// Where `wrong` panics.
fn panics_at<T>(wrong: impl FnOnce() -> T) -> (String, u32) {
    static HOOK: Once = Once::new();
    thread_local! {
        static PLACE: RefCell<Option<(String, u32)>> = const { RefCell::new(None) };
    }
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let place = info
                .location()
                .map(|place| (place.file().to_owned(), place.line()));
            PLACE.set(place);
            usual(info);
        }));
    });
    assert!(panic::catch_unwind(AssertUnwindSafe(wrong)).is_err());
    PLACE.take().unwrap()
}

/// A mistake in a test is reported at the test's own line.
#[test]
fn panics_at_the_line_of_the_mistake() {
    let mock = MockTransport::new();
    let encrypt = || mock.on::<EncryptRequest>();
    let line = line!();
    let found = [
        panics_at(|| mock.respond("Encrypt", 10_000, &[], "")),
        panics_at(|| MockResponse::error(10_000, "Any", "")),
        panics_at(|| MockResponse::json("{}").header("a b", "c")),
        panics_at(|| encrypt().json("[]")),
        panics_at(|| encrypt().error(10_000, "Any", "")),
        panics_at(|| encrypt().respond(MockResponse::json("[]"))),
        panics_at(|| encrypt().messages(["[]".into()])),
        panics_at(|| exception(&"x".repeat(40_000), "{}")),
    ];
    for (found, line) in found.into_iter().zip(line + 2..) {
        assert_eq!(found, (file!().to_owned(), line));
    }
}

/// Responses that no operation could read are laid out for its name.
#[tokio::test]
async fn anything_goes_by_name() {
    let (mock, clock) = (MockTransport::new(), clock());
    mock.push("GenerateRandom", MockResponse::json("garbage"));
    let client = client(&mock, &clock).await;
    let error = client.generate_random(GenerateRandomRequest::new()).await;
    assert!(matches!(error, Err(Error::Response(_))));
}
