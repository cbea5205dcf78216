//! What a client is, and what goes out in every request.

use std::mem::size_of_val;

use tinsmith_client::bytes::Bytes;
use tinsmith_client::error::{ModeledError, OperationError, Unhandled};
use tinsmith_client::http::Method;
use tinsmith_client::json::{ReadError, Reader};
use tinsmith_client::operation::{
    ErrorParts, Operation, OperationInfo, RequestParts, ResponseParts, ServiceInfo,
};
use tinsmith_client::protocol::Protocol;
use tinsmith_client::transport::mock::MockTransport;
use tinsmith_client::{Sensitive, client::BuildError};
use tinsmith_kms::{Client, EncryptError, EncryptRequest, Error, ListKeysRequest};

use super::{client, clock, error, header, request};

fn is_shared<T: Clone + Send + Sync + 'static>(_: &T) {}
fn is_sent<T: Send>(value: T) -> T {
    value
}

#[tokio::test]
async fn clients_are_cheap_to_share_and_futures_are_small() {
    let (mock, clock) = (MockTransport::new(), clock());
    let client = client(&mock, &clock).await;
    is_shared(&client);
    assert_eq!(size_of_val(&client), size_of::<usize>());
    let encrypt = is_sent(client.encrypt(request()));
    let send = is_sent(client.send(request()));
    let mut pages = client.list_keys_pages(ListKeysRequest::new());
    let next = is_sent(pages.next());
    for size in [
        size_of_val(&encrypt),
        size_of_val(&send),
        size_of_val(&next),
    ] {
        assert!(size < 1024, "{size}");
    }
    let build = is_sent(Client::builder().build());
    assert!(size_of_val(&build) < 4096, "{}", size_of_val(&build));
    assert!(size_of::<Error<EncryptError>>() <= 16);
}

#[test]
fn errors_go_anywhere() {
    fn is_error<T: std::error::Error + Send + Sync + 'static>() {}
    is_error::<Error<EncryptError>>();
    is_error::<BuildError>();
}

#[tokio::test]
async fn sends_headers_with_every_request() {
    let (mock, clock) = (MockTransport::new(), clock());
    mock.on::<EncryptRequest>().json("{}");
    client(&mock, &clock)
        .await
        .encrypt(request())
        .await
        .unwrap();
    let [sent] = &mock.requests()[..] else {
        panic!("one request");
    };
    assert_eq!(sent.method(), Method::POST);
    assert_eq!(sent.uri(), "https://kms.eu-central-1.amazonaws.com/");
    assert_eq!(header(sent, "content-type"), "application/x-amz-json-1.1");
    assert_eq!(header(sent, "x-amz-target"), "TrentService.Encrypt");
    assert_eq!(
        header(sent, "content-length"),
        sent.body().len().to_string()
    );
    assert_eq!(header(sent, "x-amz-date"), "20231114T221320Z");
    let scope = "AWS4-HMAC-SHA256 Credential=AKID/20231114/eu-central-1/kms/aws4_request, ";
    let authorization = header(sent, "authorization");
    assert!(authorization.starts_with(scope), "{authorization}");
    for signed in ["host", "x-amz-date", "x-amz-target"] {
        assert!(authorization.contains(signed), "{authorization}");
    }
    let agent = header(sent, "user-agent");
    assert!(
        agent.starts_with("tinsmith/0.1.0 ua/2.1 api/kms#0.1.0 os/"),
        "{agent}"
    );
    assert_eq!(header(sent, "x-amz-user-agent"), agent);
    assert_eq!(
        sent.body(),
        r#"{"KeyId":"alias/app","Plaintext":"cGxhaW50ZXh0"}"#
    );
}

/// Whatever is printed, no secret is in it.
#[tokio::test]
async fn nothing_secret_is_shown() {
    let (mock, clock) = (MockTransport::new(), clock());
    mock.on::<EncryptRequest>()
        .error(400, "DisabledException", "off");
    let builder = super::builder(&mock, &clock).endpoint_url("http://u:pass-word@h/".to_owned());
    let shown = format!("{builder:?}");
    assert!(shown.starts_with("Builder { service: \"KMS\""), "{shown}");
    let client = client(&mock, &clock).await;
    let request = request();
    let failed = client.send(request.clone()).await.unwrap_err();
    let shown = format!("{shown} {client:?} {request:?} {failed:?} {failed} {mock:?}");
    for secret in [
        "plaintext\"",
        "112, 108",
        "cGxhaW50ZXh0",
        "secret-key",
        "pass-word",
    ] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    let sent = format!("{:?}", mock.requests()[0].headers());
    assert!(!sent.contains("Signature="), "{sent}");
}

/// An operation of another service.
#[derive(Debug)]
struct Stranger;

static OTHER: ServiceInfo =
    ServiceInfo::new(Protocol::aws_json_1_0(), "Other", "2020-01-01", "Other");

#[derive(Debug)]
struct StrangerError(Unhandled);

impl Operation for Stranger {
    type Output = ();
    type Error = StrangerError;
    const INFO: &'static OperationInfo = &OTHER.operation("Do");

    fn write_request(&self, request: &mut RequestParts) {
        request.body = Bytes::from_static(b"a secret that is not to leave");
    }

    fn read_response(response: ResponseParts<'_>) -> Result<(), ReadError> {
        Reader::ignore(response.body)
    }
}

impl OperationError for StrangerError {
    fn read(_: &str, _: ErrorParts<'_>) -> Result<Option<Self>, ReadError> {
        Ok(None)
    }

    fn shape(&self) -> &dyn ModeledError {
        &self.0
    }
}

impl std::fmt::Display for StrangerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for StrangerError {}

impl From<Unhandled> for StrangerError {
    fn from(error: Unhandled) -> Self {
        Self(error)
    }
}

#[tokio::test]
async fn a_request_of_another_service_is_refused() {
    let (mock, clock) = (MockTransport::new(), clock());
    let error = error(client(&mock, &clock).await.send(Stranger).await);
    assert!(matches!(error, Error::Construction(_)));
    assert_eq!(
        error.to_string(),
        "Do: the request is one of Other, the client is one of KMS (not sent)"
    );
    assert_eq!((error.attempts(), error.status()), (0, None));
    assert!(mock.requests().is_empty());
}

#[test]
fn secrets_come_in_plain() {
    let wrapped = EncryptRequest::new("k", Sensitive::new(b"plaintext".to_vec()));
    assert_eq!(wrapped, EncryptRequest::new("k", b"plaintext".to_vec()));
}
