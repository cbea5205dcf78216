//! Who signs, attempt by attempt.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tinsmith_client::BoxFuture;
use tinsmith_client::clock::{Clock as _, VirtualClock};
use tinsmith_client::credentials::{
    CachingProvider, Credentials, CredentialsError, CredentialsErrorKind, ProvideCredentials,
};
use tinsmith_client::environment::Environment;
use tinsmith_client::transport::mock::{MockResponse, MockTransport};
use tinsmith_kms::{Client, EncryptRequest, Error};

use super::{builder, clock, error, header, request};

/// Numbered credentials that live for ten minutes, until there are no more.
#[derive(Debug)]
struct Rotating {
    clock: VirtualClock,
    given: Arc<AtomicUsize>,
    failure: Mutex<Option<CredentialsErrorKind>>,
    failing_from: usize,
}

impl ProvideCredentials for Rotating {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        let failure = self.failure.lock().unwrap();
        let result = match *failure {
            Some(kind) if number >= self.failing_from => {
                Err(CredentialsError::new(kind, "Rotating", "nothing left"))
            }
            _ => Ok(
                Credentials::new(format!("AKID{number}"), "secret-key", "Rotating")
                    .with_session_token(format!("secret-token-{number}"))
                    .with_expiry(self.clock.now() + Duration::from_secs(600)),
            ),
        };
        Box::pin(std::future::ready(result))
    }
}

fn rotating(clock: &VirtualClock) -> (Rotating, Arc<AtomicUsize>) {
    let given = Arc::new(AtomicUsize::new(0));
    let provider = Rotating {
        clock: clock.clone(),
        given: given.clone(),
        failure: Mutex::new(None),
        failing_from: 0,
    };
    (provider, given)
}

/// The access key id of each request.
fn signers(mock: &MockTransport) -> Vec<String> {
    let requests = mock.requests();
    let signers = requests.iter().map(|request| {
        let (_, credential) = header(request, "authorization")
            .split_once("Credential=")
            .unwrap();
        credential.split('/').next().unwrap().to_owned()
    });
    signers.collect()
}

/// Credentials that come to their end between two attempts are replaced in the middle of the
/// call, and the token that goes with them.
#[tokio::test]
async fn credentials_are_refreshed_between_attempts() {
    let (mock, clock) = (MockTransport::new(), clock());
    let time = clock.clone();
    let mut responses = 0;
    mock.respond_with("Encrypt", move |_| {
        responses += 1;
        if responses == 2 {
            time.advance(Duration::from_secs(400));
        }
        match responses {
            1..=2 => MockResponse::error(500, "KMSInternalException", ""),
            _ => MockResponse::json("{}"),
        }
    });
    let (provider, given) = rotating(&clock);
    let provider = CachingProvider::new(Arc::new(provider), Arc::new(clock.clone()));
    let client = builder(&mock, &clock)
        .credentials_provider(provider)
        .build()
        .await
        .unwrap();
    assert_eq!(given.load(Ordering::Relaxed), 1);
    client.send(request()).await.unwrap();
    assert_eq!(signers(&mock), ["AKID0", "AKID0", "AKID1"]);
    let requests = mock.requests();
    let tokens = requests
        .iter()
        .map(|request| header(request, "x-amz-security-token"));
    let tokens: Vec<_> = tokens.collect();
    assert_eq!(
        tokens,
        ["secret-token-0", "secret-token-0", "secret-token-1"]
    );
}

const EXPIRED: &str = "The security token included in the request is expired";

/// Responds to the first `count` requests that the token is expired.
fn expired(mock: &MockTransport, status: u16, code: &'static str, count: usize) {
    let mut requests = 0;
    mock.respond_with("Encrypt", move |_| {
        requests += 1;
        match requests > count {
            true => MockResponse::json("{}"),
            false => MockResponse::error(status, code, EXPIRED),
        }
    });
}

/// The source of these credentials has no others.
#[tokio::test]
async fn a_token_that_the_service_calls_expired() {
    let (mock, clock) = (MockTransport::new(), clock());
    expired(&mock, 400, "ExpiredTokenException", 1);
    let client = builder(&mock, &clock).build().await.unwrap();
    let error = error(client.send(request()).await);
    assert_eq!(
        error.to_string(),
        "Encrypt: ExpiredTokenException: The security token included in the request is expired \
         (HTTP 400, 1 attempt)"
    );
}

#[tokio::test]
async fn cached_credentials_are_replaced_when_the_service_rejects_them() {
    for (status, code) in [
        (400, "ExpiredTokenException"),
        (400, "UnrecognizedClientException"),
        (400, "ExpiredToken"),
        (400, "TokenRefreshRequired"),
        (401, "RequestExpired"),
        (403, "ExpiredTokenException"),
        (403, "InvalidAccessKeyId"),
        (403, "InvalidClientTokenId"),
        (403, "InvalidToken"),
    ] {
        let (mock, clock) = (MockTransport::new(), clock());
        expired(&mock, status, code, 1);
        let (provider, given) = rotating(&clock);
        let provider = CachingProvider::new(Arc::new(provider), Arc::new(clock.clone()));
        let client = builder(&mock, &clock)
            .credentials_provider(provider)
            .build()
            .await
            .unwrap();
        client.send(request()).await.unwrap();
        client.send(request()).await.unwrap();
        assert_eq!(signers(&mock), ["AKID0", "AKID1", "AKID1"], "{code}");
        assert_eq!(given.load(Ordering::Relaxed), 2);
    }
}

/// Without retries the call fails, and the next one asks the source.
#[tokio::test]
async fn rejected_credentials_are_dropped_without_a_retry() {
    let (mock, clock) = (MockTransport::new(), clock());
    expired(&mock, 400, "ExpiredToken", 1);
    let (provider, _) = rotating(&clock);
    let provider = CachingProvider::new(Arc::new(provider), Arc::new(clock.clone()));
    let client = builder(&mock, &clock)
        .credentials_provider(provider)
        .no_retries()
        .build()
        .await
        .unwrap();
    let error = error(client.send(request()).await);
    assert!(error.to_string().contains("ExpiredToken"), "{error}");
    client.send(request()).await.unwrap();
    assert_eq!(signers(&mock), ["AKID0", "AKID1"]);
}

/// Rejected credentials are not sent again when the source has no others, or none at all: the error
/// of the service tells more than that of the source.
#[tokio::test]
async fn rejected_credentials_are_not_sent_twice() {
    let keys = [
        ("AWS_ACCESS_KEY_ID", "ENV"),
        ("AWS_SECRET_ACCESS_KEY", "secret-key"),
        ("AWS_SESSION_TOKEN", "secret-token"),
    ];
    let (mock, clock) = (MockTransport::new(), clock());
    expired(&mock, 400, "ExpiredToken", 9);
    let same = Client::builder()
        .environment(Environment::with_variables(keys))
        .region("eu-central-1".to_owned())
        .transport(mock.clone())
        .clock(clock.clone());
    let (mut provider, _) = rotating(&clock);
    provider.failing_from = 1;
    provider.failure = Mutex::new(Some(CredentialsErrorKind::Unavailable));
    let provider = CachingProvider::new(Arc::new(provider), Arc::new(clock.clone()));
    let none = builder(&mock, &clock).credentials_provider(provider);
    for (builder, signer) in [(same, "ENV"), (none, "AKID0")] {
        let client = builder.build().await.unwrap();
        let before = mock.requests().len();
        let error = error(client.send(request()).await);
        assert!(error.to_string().contains("ExpiredToken"), "{error}");
        assert_eq!(signers(&mock)[before..], [signer]);
    }
}

/// Nothing is sent without credentials, in the first attempt or a later one.
#[tokio::test]
async fn credentials_that_fail_end_the_call() {
    for (failing_from, attempts, text) in [
        (1, 0, "Encrypt: Rotating: nothing left (not sent)"),
        (2, 1, "Encrypt: Rotating: nothing left (1 attempt)"),
    ] {
        let (mock, clock) = (MockTransport::new(), clock());
        mock.respond_with("Encrypt", |_| MockResponse::error(500, "Any", ""));
        let (mut provider, _) = rotating(&clock);
        provider.failing_from = failing_from;
        provider.failure = Mutex::new(Some(CredentialsErrorKind::Unavailable));
        let client = builder(&mock, &clock)
            .credentials_provider(provider)
            .build()
            .await
            .unwrap();
        let error = error(client.send(request()).await);
        let Error::Credentials(failed) = &error else {
            panic!("{error:?}");
        };
        assert_eq!(failed.cause().kind(), CredentialsErrorKind::Unavailable);
        assert_eq!(error.to_string(), text);
        assert_eq!(mock.requests().len(), attempts);
    }
}

#[tokio::test]
async fn a_client_without_credentials_is_not_built() {
    let (mock, clock) = (MockTransport::new(), clock());
    let build = |environment| {
        Client::builder()
            .environment(environment)
            .region("eu-central-1".to_owned())
            .transport(mock.clone())
            .clock(clock.clone())
            .build()
    };
    let nothing = Environment::with_variables([("AWS_EC2_METADATA_DISABLED", "true")]);
    let text = error(build(nothing).await).to_string();
    assert!(
        text.starts_with("no credentials: call `.credentials(...)`, or "),
        "{text}"
    );
    for named in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"] {
        assert!(text.contains(named), "{text}");
    }

    let half = Environment::with_variables([("AWS_ACCESS_KEY_ID", "AKID")]);
    assert_eq!(
        error(build(half).await).to_string(),
        "no credentials: Environment: AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not; \
         set both or neither"
    );
    assert!(mock.requests().is_empty());
}

/// Explicit credentials come first, then the environment's, then the profile's; a profile that
/// the caller names in code comes before the environment.
#[tokio::test]
async fn sources_of_credentials() {
    let files = [(
        "/aws/credentials",
        "[default]\naws_access_key_id = FILE\naws_secret_access_key = secret-key\n\
         [dev]\naws_access_key_id = DEV\naws_secret_access_key = secret-key\n",
    )];
    let shared = ("AWS_SHARED_CREDENTIALS_FILE", "/aws/credentials");
    let keys = [
        ("AWS_ACCESS_KEY_ID", "ENV"),
        ("AWS_SECRET_ACCESS_KEY", "secret-key"),
        ("AWS_SESSION_TOKEN", "secret-token"),
    ];
    let with = |more: &[(&'static str, &'static str)]| {
        Environment::fake([&[shared], more].concat(), files)
    };
    let (mock, clock) = (MockTransport::new(), clock());
    mock.respond_with("Encrypt", |_| MockResponse::json("{}"));
    let client = |environment| {
        Client::builder()
            .environment(environment)
            .region("eu-central-1".to_owned())
            .transport(mock.clone())
            .clock(clock.clone())
    };
    for (builder, expected) in [
        (
            client(with(&keys)).credentials(Credentials::new("CODE", "secret-key", "test")),
            "CODE",
        ),
        (client(with(&keys)), "ENV"),
        (client(with(&[])), "FILE"),
        (client(with(&[("AWS_PROFILE", "dev")])), "DEV"),
        (client(with(&keys)).profile("dev".to_owned()), "DEV"),
    ] {
        let client = builder.build().await.unwrap();
        client.send(request()).await.unwrap();
        assert_eq!(signers(&mock).last().unwrap(), expected);
    }
    assert_eq!(
        header(&mock.requests()[1], "x-amz-security-token"),
        "secret-token"
    );
}

#[tokio::test]
async fn an_anonymous_client_signs_nothing() {
    let (mock, clock) = (MockTransport::new(), clock());
    mock.on::<EncryptRequest>().json("{}");
    let client = builder(&mock, &clock).anonymous().build().await.unwrap();
    client.send(request()).await.unwrap();
    let request = &mock.requests()[0];
    for name in ["authorization", "x-amz-date", "x-amz-security-token"] {
        assert_eq!(header(request, name), "");
    }
    assert_eq!(header(request, "amz-sdk-request"), "attempt=1; max=3");
    // The time is not asked for before it is needed.
    assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + super::START);
}
