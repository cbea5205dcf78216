//! Which requests are signed, and what a client does without credentials.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use tinsmith_kitchen_sink::runtime::clock::VirtualClock;
use tinsmith_kitchen_sink::runtime::credentials::{
    Credentials, CredentialsError, CredentialsErrorKind, ProvideCredentials,
};
use tinsmith_kitchen_sink::runtime::environment::Environment;
use tinsmith_kitchen_sink::runtime::error::Error;
use tinsmith_kitchen_sink::runtime::transport::mock::MockTransport;
use tinsmith_kitchen_sink::runtime::{BoxFuture, Builder};
use tinsmith_kitchen_sink::{
    Client, ConfigRequest, GetNoticeRequest, PingRequest, PutUnsignedRequest,
};

/// No instance metadata: nothing but the mock's own operations is asked.
const NO_METADATA: (&str, &str) = ("AWS_EC2_METADATA_DISABLED", "true");

fn mock() -> MockTransport {
    let mock = MockTransport::new();
    for _ in 0..3 {
        mock.on::<PingRequest>().json("{}");
        mock.on::<GetNoticeRequest>().json("{}");
        mock.on::<ConfigRequest>().json("{}");
        mock.on::<PutUnsignedRequest>().json("{}");
    }
    mock
}

fn clock() -> VirtualClock {
    VirtualClock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000))
}

fn builder(mock: &MockTransport, variables: &[(&str, &str)]) -> Builder<Client> {
    let variables = [&[NO_METADATA], variables].concat();
    Client::builder()
        .environment(Environment::with_variables(variables))
        .transport(mock.clone())
        .clock(clock())
        .region("eu-central-1")
        .endpoint_url("https://kitchen.example.com")
}

/// Whether each request was signed.
fn signed(mock: &MockTransport) -> Vec<bool> {
    let requests = mock.requests();
    let signed = requests
        .iter()
        .map(|request| request.headers().contains_key("authorization"));
    signed.collect()
}

#[tokio::test]
async fn signs_what_must_and_what_can_be() {
    let mock = mock();
    let builder = builder(&mock, &[]).credentials(Credentials::new("AKID", "secret", "test"));
    let client = builder.build().await.unwrap();
    client.ping(PingRequest::new()).await.unwrap();
    client.get_notice(GetNoticeRequest::new()).await.unwrap();
    client.config_(ConfigRequest::new()).await.unwrap();
    assert_eq!(signed(&mock), [false, true, true]);
}

#[tokio::test]
async fn works_without_credentials_where_none_are_needed() {
    let mock = mock();
    let client = builder(&mock, &[]).build().await.unwrap();
    client.ping(PingRequest::new()).await.unwrap();
    client.get_notice(GetNoticeRequest::new()).await.unwrap();
    let error = client.config_(ConfigRequest::new()).await.unwrap_err();
    assert!(matches!(error, Error::Credentials(_)), "{error}");
    assert_eq!(signed(&mock), [false, false]);
}

/// A misconfigured identity must not turn into an anonymous one.
#[tokio::test]
async fn misconfigured_credentials_are_an_error() {
    let mock = mock();
    let variables = [("AWS_ACCESS_KEY_ID", "AKID")];
    let client = builder(&mock, &variables).build().await.unwrap();
    client.ping(PingRequest::new()).await.unwrap();
    let error = client
        .get_notice(GetNoticeRequest::new())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Credentials(_)), "{error}");
    assert_eq!(signed(&mock), [false]);
}

/// Counts how often it is asked, in vain.
#[derive(Clone, Debug)]
struct Empty {
    asked: Arc<AtomicU32>,
    kind: CredentialsErrorKind,
}

impl ProvideCredentials for Empty {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        // The first time is when the client is built.
        let count = self.asked.fetch_add(1, Ordering::Relaxed);
        let kind = self.kind;
        Box::pin(async move {
            match count {
                0 => Ok(Credentials::new("AKID", "secret", "test")),
                _ => Err(CredentialsError::new(kind, "test", "none")),
            }
        })
    }
}

#[tokio::test]
async fn looks_for_absent_credentials_once_a_minute() {
    let (mock, clock) = (mock(), clock());
    let provider = Empty {
        asked: Arc::default(),
        kind: CredentialsErrorKind::NotConfigured,
    };
    let asked = provider.asked.clone();
    let builder = builder(&mock, &[])
        .credentials_provider(provider)
        .clock(clock.clone());
    let client = builder.build().await.unwrap();
    let notice = || client.get_notice(GetNoticeRequest::new());
    notice().await.unwrap();
    notice().await.unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    clock.advance(Duration::from_secs(60));
    notice().await.unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 3);
    assert_eq!(signed(&mock), [false; 3]);
}

#[tokio::test]
async fn leaves_the_body_out_of_the_signature_over_tls_only() {
    for (endpoint, expected) in [
        ("https://kitchen.example.com", Some("UNSIGNED-PAYLOAD")),
        ("http://localhost:1", None),
    ] {
        let mock = mock();
        let client = builder(&mock, &[])
            .credentials(Credentials::new("AKID", "secret", "test"))
            .endpoint_url(endpoint)
            .build()
            .await
            .unwrap();
        client
            .put_unsigned(PutUnsignedRequest::new())
            .await
            .unwrap();
        let request = &mock.requests()[0];
        let headers = request.headers();
        let payload = headers.get("x-amz-content-sha256");
        assert_eq!(payload.map(|value| value.to_str().unwrap()), expected);
        let authorization = headers["authorization"].to_str().unwrap();
        let is_signed = authorization.contains(";x-amz-content-sha256;");
        assert_eq!(is_signed, expected.is_some(), "{authorization}");
    }
}
