//! Clients: configuration, credentials, calls, and the log of each.
#![cfg(feature = "test-util")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in tests, but not in their helpers"
)]

#[cfg(all(feature = "default-chain", feature = "hyper"))]
mod blocking_reads;
#[cfg(feature = "default-chain")]
mod credentials;
#[cfg(feature = "hyper")]
mod kms;
mod log;
mod open;
mod operation;
mod own_endpoint;
#[cfg(all(feature = "default-chain", feature = "hyper"))]
mod slow_credentials;
#[cfg(feature = "hyper")]
mod transport;
#[cfg(feature = "default-chain")]
mod variables;
#[cfg(feature = "default-chain")]
mod warnings;
#[cfg(not(feature = "default-chain"))]
mod without_default_chain;
#[cfg(feature = "default-chain")]
mod world;

use std::time::SystemTime;

use tinsmith_client::clock::VirtualClock;
use tinsmith_client::environment::Environment;
use tinsmith_client::transport::TransportErrorKind;
use tinsmith_client::transport::mock::{MockResponse, MockTransport};
#[cfg(feature = "hyper")]
use tinsmith_testing::chain;
#[cfg(feature = "hyper")]
use tinsmith_testing::server::{Server, ok};

use log::Log;
use operation::{Seal, builder, seal};

#[tokio::test]
async fn logs_a_call() {
    let log = Log::begin();
    let mock = MockTransport::new();
    mock.on::<Seal>()
        .respond(
            // A pause that does not depend on chance.
            MockResponse::error(503, "SlowDown\u{1b}", "hidden")
                .header("x-amzn-requestid", "r-1")
                .header("x-amz-retry-after", "1000"),
        )
        .fail(TransportErrorKind::Io)
        .respond(MockResponse::json("{}").header("x-amzn-requestid", "r-3"));
    let client = builder("http://h")
        .transport(mock)
        .clock(VirtualClock::new(SystemTime::UNIX_EPOCH))
        .build()
        .await
        .unwrap();
    client.send(seal()).await.unwrap();
    let lines = log.lines();
    let mut lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    // Their delays are random.
    let retrying = lines.remove(3);
    let over = lines.pop().unwrap();
    assert_eq!(
        lines,
        [
            "DEBUG aws_call{service=Test operation=Seal}:attempt{number=1}: \
             response status=503 code=SlowDown\u{1b} request_id=r-1 elapsed_ms=0",
            "DEBUG aws_call{service=Test operation=Seal}:attempt{number=1}: \
             retrying delay_ms=1000",
            "DEBUG aws_call{service=Test operation=Seal}:attempt{number=2}: \
             no response error=Io elapsed_ms=0",
            "DEBUG aws_call{service=Test operation=Seal}:attempt{number=3}: \
             response status=200 request_id=r-3 elapsed_ms=0",
        ]
    );
    let line = "DEBUG aws_call{service=Test operation=Seal}:attempt{number=2}: retrying delay_ms=";
    assert!(retrying.starts_with(line), "{retrying}");
    let line = "DEBUG aws_call{service=Test operation=Seal}: \
                the call is over success=true attempts=3 elapsed_ms=10";
    assert!(over.starts_with(line), "{over}");
}

#[tokio::test]
async fn logs_a_failure() {
    for (response, expected) in [
        (
            MockResponse::error(400, &"N".repeat(1000), "hidden"),
            format!("response status=400 code={} elapsed_ms=0", "N".repeat(128)),
        ),
        (
            MockResponse::failure(TransportErrorKind::TooLarge),
            "no response error=TooLarge elapsed_ms=0".to_owned(),
        ),
    ] {
        let log = Log::begin();
        let mock = MockTransport::new();
        mock.on::<Seal>().respond(response);
        let client = builder("http://h")
            .transport(mock)
            .clock(VirtualClock::new(SystemTime::UNIX_EPOCH))
            .build()
            .await
            .unwrap();
        client.send(seal()).await.unwrap_err();
        let call = "DEBUG aws_call{service=Test operation=Seal}";
        assert_eq!(
            log.lines(),
            [
                format!("{call}:attempt{{number=1}}: {expected}"),
                format!("{call}:attempt{{number=1}}: not retrying why=not retryable"),
                format!("{call}: the call is over success=false attempts=1 elapsed_ms=0"),
            ]
        );
    }
}

#[tokio::test]
async fn application_id_of_any_form_builds_a_client() {
    for (id, expected, warned) in [
        ("my app#1".to_owned(), "my-app-1".to_owned(), false),
        ("\u{e9}".repeat(50), "-".repeat(50), false),
        ("x".repeat(51), "x".repeat(51), true),
    ] {
        let log = Log::begin();
        let environment = Environment::fake([("AWS_SDK_UA_APP_ID", id.as_str())], [("", "")]);
        let mock = MockTransport::new();
        mock.on::<Seal>().respond(MockResponse::json("{}"));
        let client = builder("http://h")
            .environment(environment)
            .clock(VirtualClock::new(SystemTime::UNIX_EPOCH))
            .transport(mock.clone());
        client.build().await.unwrap().send(seal()).await.unwrap();
        let request = mock.requests().remove(0);
        let agent = request.headers()["user-agent"].to_str().unwrap();
        assert!(agent.ends_with(&format!(" app/{expected}")), "{agent}");
        let lines = log.lines();
        let is_warning =
            |line: &String| line.starts_with("WARN") && line.contains("AWS_SDK_UA_APP_ID");
        assert_eq!(lines.iter().any(is_warning), warned, "{lines:?}");
    }
}

#[tokio::test]
async fn plain_http_endpoint_causes_one_warning() {
    for (endpoint, expected) in [
        ("http://10.0.0.1:5000", 1),
        ("http://moto", 1),
        ("http://localhost:5000", 0),
        ("http://127.0.0.1", 0),
        ("http://[::1]", 0),
        ("https://moto", 0),
    ] {
        for (allowed, anonymous) in [(false, false), (true, false), (false, true)] {
            let log = Log::begin();
            let mock = MockTransport::new();
            mock.on::<Seal>()
                .respond(MockResponse::json("{}"))
                .respond(MockResponse::json("{}"));
            let mut builder = builder(endpoint)
                .allow_http(allowed)
                .clock(VirtualClock::new(SystemTime::UNIX_EPOCH))
                .transport(mock);
            if anonymous {
                builder = builder.anonymous();
            }
            let client = builder.build().await.unwrap();
            for client in [&client, &client.clone()] {
                client.send(seal()).await.unwrap();
            }
            let lines = log.lines();
            let warnings = lines.iter().filter(|line| line.starts_with("WARN")).count();
            let expected = if allowed || anonymous { 0 } else { expected };
            assert_eq!(warnings, expected, "{endpoint}: {lines:?}");
        }
    }
}

/// Over a socket, with the events of all crates: successes, errors, broken connections and malformed
/// responses.
#[cfg(feature = "hyper")]
#[tokio::test]
async fn no_secret_is_logged() {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    let log = Log::begin();
    let requests: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = requests.clone();
    let server = Server::answering(move |request| {
        let mut kept = kept.lock().unwrap();
        kept.push(request.to_owned());
        match kept.len() {
            1 => ok(r#"{"Sealed":"hidden answer"}"#),
            2 => b"HTTP/1.1 500 No\r\ncontent-length: 28\r\n\r\n{\"message\":\"hidden message\"}"
                .into(),
            3 => b"hidden garbage\r\n\r\n".into(),
            4 => ok(r#"{"Sealed":["hidden answer"]}"#),
            _ => Vec::new(),
        }
    });
    let client = builder(&server.uri())
        .read_timeout(Duration::from_millis(50))
        .build()
        .await
        .unwrap();
    let sealed = client.send(seal()).await.unwrap();
    assert_eq!(sealed.output.as_str(), "hidden answer");
    let malformed = client.send(seal()).await.unwrap_err();
    let late = client.send(seal()).await.unwrap_err();
    let mut shown = log.lines();
    assert!(shown.len() > 12, "{shown:?}");
    shown.push(format!("{client:?} {:?} {sealed:?}", seal()));
    for error in [malformed, late] {
        shown.push(format!("{} {error:?}", chain(&error)));
    }
    let shown = shown.join("\n");

    assert!(!shown.contains("hidden"), "{shown}");
    let requests = requests.lock().unwrap();
    assert_eq!(requests.len(), 7);
    for request in requests.iter() {
        let (_, signature) = request.split_once("Signature=").unwrap();
        assert!(!shown.contains(&signature[..64]), "{shown}");
        let (_, body) = request.split_once("\r\n\r\n").unwrap();
        assert_eq!(body, r#"{"Plaintext":"aGlkZGVuIHBsYWludGV4dA=="}"#);
        assert!(!shown.contains("aGlkZGVu"), "{shown}");
    }
}
