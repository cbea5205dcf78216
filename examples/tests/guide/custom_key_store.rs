//! The example `custom_key_store` against a store that takes its time, or fails.

use std::time::Duration;

use tinsmith_kms::Client;
use tinsmith_kms::runtime::credentials::Credentials;
use tinsmith_kms::runtime::http::Response;
use tinsmith_kms::runtime::transport::mock::{MockResponse, MockTransport};

#[allow(dead_code, reason = "its `main` runs as a program")]
#[path = "../../src/bin/custom_key_store.rs"]
mod example;

/// KMS with a store that goes through `states`, one a look, and is deleted in the last only.
fn kms(states: &'static [&'static str]) -> MockTransport {
    let mock = MockTransport::new();
    let mut looks = states.iter();
    let mut left = states.len();
    mock.respond(
        "CreateCustomKeyStore",
        200,
        &[],
        r#"{"CustomKeyStoreId": "cks-1"}"#,
    );
    mock.respond("ConnectCustomKeyStore", 200, &[], "{}");
    mock.respond("DisconnectCustomKeyStore", 200, &[], "{}");
    let (seen, looked) = std::sync::mpsc::channel();
    mock.respond_with("DescribeCustomKeyStores", move |_| {
        let state = looks.next().unwrap_or(&"CONNECTING");
        let _ = seen.send(());
        let entry =
            format!(r#"{{"ConnectionState": "{state}", "ConnectionErrorCode": "USER_NOT_FOUND"}}"#);
        MockResponse::new(Response::new(
            format!(r#"{{"CustomKeyStores": [{entry}]}}"#).into(),
        ))
    });
    mock.respond_with("DeleteCustomKeyStore", move |_| {
        left -= looked.try_iter().count();
        match left {
            0 => MockResponse::json("{}"),
            _ => MockResponse::error(400, "CustomKeyStoreInvalidStateException", "DISCONNECTING"),
        }
    });
    mock
}

async fn run(states: &'static [&'static str], limit: Duration) -> Result<(), String> {
    let client = Client::builder()
        .region("eu-central-1")
        .credentials(Credentials::new("AKID", "secret", "test"))
        .transport(kms(states))
        .build()
        .await
        .unwrap();
    let pause = Duration::from_millis(1);
    let outcome = example::run(&client, example::Patience { pause, limit }).await;
    outcome.map_err(|error| error.to_string())
}

const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn deletes_the_store_once_it_is_disconnected() {
    let states = &[
        "CONNECTING",
        "CONNECTED",
        "DISCONNECTING",
        "DISCONNECTING",
        "DISCONNECTED",
    ];
    assert_eq!(run(states, LONG).await, Ok(()));
}

#[tokio::test]
async fn names_the_code_of_a_failed_connection() {
    let error = run(&["CONNECTING", "FAILED"], LONG).await.unwrap_err();
    assert!(
        error.contains("failed to connect (USER_NOT_FOUND)"),
        "{error}"
    );
}

#[tokio::test]
async fn gives_up_at_the_deadline() {
    let error = run(&[], Duration::from_millis(20)).await.unwrap_err();
    assert_eq!(error, "cks-1: not CONNECTED after 20ms");
}
