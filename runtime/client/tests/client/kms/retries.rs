//! Attempts: how many, when, and how each is signed.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::time::Duration;

use tinsmith_client::bytes::Bytes;
use tinsmith_client::http::{HeaderValue, Response, StatusCode};
use tinsmith_client::transport::TransportErrorKind;
use tinsmith_client::transport::mock::{MockResponse, MockTransport};
use tinsmith_kms::{EncryptError, EncryptRequest, Error};

use super::{builder, client, clock, error, header, request};

#[tokio::test]
async fn attempts_are_counted_under_one_id() {
    let (mock, clock) = (MockTransport::new(), clock());
    mock.on::<EncryptRequest>()
        .error(500, "KMSInternalException", "try again")
        .error(400, "ThrottlingException", "slow down")
        .respond(MockResponse::json(r#"{"KeyId":"k"}"#).header("x-amzn-requestid", "r-3"));
    let client = client(&mock, &clock).await;
    let response = client.send(request()).await.unwrap();
    assert_eq!(response.output.key_id.as_deref(), Some("k"));
    assert_eq!(response.request_id.as_deref(), Some("r-3"));
    assert_eq!(response.attempts, 3);

    let sent = mock.on::<EncryptRequest>().requests();
    let numbers: Vec<_> = sent
        .iter()
        .map(|sent| header(sent, "amz-sdk-request"))
        .collect();
    assert_eq!(
        numbers,
        ["attempt=1; max=3", "attempt=2; max=3", "attempt=3; max=3"]
    );
    let ids: BTreeSet<_> = sent
        .iter()
        .map(|sent| header(sent, "amz-sdk-invocation-id"))
        .collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(ids.first().unwrap().len(), 36);
    assert_eq!(mock.on::<EncryptRequest>().count(&request()), 3);

    // Every call has an id of its own.
    mock.on::<EncryptRequest>().json("{}");
    client.send(request()).await.unwrap();
    let later = mock.requests();
    assert!(!ids.contains(header(&later[3], "amz-sdk-invocation-id")));
}

#[tokio::test]
async fn each_attempt_has_the_date_and_signature_of_its_time() {
    let (mock, clock) = (MockTransport::new(), clock());
    let time = clock.clone();
    mock.respond_with("Encrypt", move |_| {
        time.advance(Duration::from_secs(60));
        MockResponse::error(503, "ServiceUnavailable", "")
    });
    let client = client(&mock, &clock).await;
    error(client.send(request()).await);
    let sent = mock.requests();
    let dates: Vec<_> = sent.iter().map(|sent| header(sent, "x-amz-date")).collect();
    assert_eq!(
        dates,
        ["20231114T221320Z", "20231114T221420Z", "20231114T221520Z"]
    );
    let signatures: BTreeSet<_> = sent
        .iter()
        .map(|sent| header(sent, "authorization"))
        .collect();
    assert_eq!(signatures.len(), 3);
}

#[tokio::test]
async fn delays_are_random_within_their_bounds() {
    let bounds = [
        (MockResponse::error(500, "Any", ""), [50, 100, 200]),
        (
            MockResponse::failure(TransportErrorKind::ConnectTimeout),
            [50, 100, 200],
        ),
        (MockResponse::error(429, "Any", ""), [1000, 2000, 4000]),
        (
            MockResponse::error(400, "ThrottlingException", ""),
            [1000, 2000, 4000],
        ),
    ];
    for (response, millis) in bounds {
        let mut distinct = BTreeSet::new();
        let mut longest = [Duration::ZERO; 3];
        for _ in 0..40 {
            let (mock, clock) = (MockTransport::new(), clock());
            let response = response.clone();
            mock.respond_with("Encrypt", move |_| response.clone());
            let builder = builder(&mock, &clock).max_attempts(NonZeroU32::new(4));
            error(builder.build().await.unwrap().send(request()).await);
            let sleeps = clock.sleeps();
            assert_eq!(sleeps.len(), 3);
            for ((sleep, longest), millis) in sleeps.iter().zip(&mut longest).zip(millis) {
                assert!(*sleep <= Duration::from_millis(millis), "{sleeps:?}");
                *longest = (*longest).max(*sleep);
                distinct.insert(*sleep);
            }
        }
        assert!(distinct.len() > 100, "{}", distinct.len());
        // One in 2^40 runs would have none above the half.
        for (longest, millis) in longest.iter().zip(millis) {
            assert!(*longest > Duration::from_millis(millis / 2), "{longest:?}");
        }
    }
}

#[tokio::test]
async fn a_service_may_ask_for_a_longer_pause() {
    for (asked, least, most) in [
        ("1500", 1500, 1500),
        ("0", 0, 50),
        // No more than five seconds above the computed delay.
        ("3600000", 5000, 5050),
        ("soon", 0, 50),
    ] {
        let (mock, clock) = (MockTransport::new(), clock());
        mock.on::<EncryptRequest>()
            .respond(MockResponse::error(503, "Any", "").header("x-amz-retry-after", asked))
            .json("{}");
        client(&mock, &clock).await.send(request()).await.unwrap();
        let [sleep] = clock.sleeps()[..] else {
            panic!("{:?}", clock.sleeps());
        };
        let millis = sleep.as_micros() as f64 / 1000.0;
        assert!(
            (f64::from(least)..=f64::from(most)).contains(&millis),
            "{asked}: {sleep:?}"
        );
    }
}

#[tokio::test]
async fn retries_transient_and_throttling_errors() {
    use TransportErrorKind::{Connect, ConnectTimeout, Io, ReadTimeout, TooLarge, Unsupported};
    let again = |response: MockResponse| (response, 3);
    let once = |response: MockResponse| (response, 1);
    let cases = [
        again(MockResponse::error(500, "KMSInternalException", "")),
        again(MockResponse::error(500, "KeyUnavailableException", "")),
        again(MockResponse::error(502, "", "")),
        again(MockResponse::error(503, "", "")),
        again(MockResponse::error(504, "", "")),
        again(MockResponse::error(429, "", "")),
        again(MockResponse::error(400, "RequestTimeoutException", "")),
        again(MockResponse::error(400, "LimitExceededException", "")),
        again(MockResponse::failure(Connect)),
        again(MockResponse::failure(ConnectTimeout)),
        again(MockResponse::failure(ReadTimeout)),
        again(MockResponse::failure(Io)),
        once(MockResponse::failure(TooLarge)),
        once(MockResponse::failure(Unsupported)),
        once(MockResponse::error(400, "NotFoundException", "")),
        once(MockResponse::error(400, "AccessDeniedException", "")),
        once(MockResponse::error(400, "ExpiredTokenException", "")),
        once(MockResponse::error(403, "InvalidSignatureException", "")),
        once(MockResponse::error(501, "", "")),
        once(MockResponse::error(307, "", "")),
    ];
    for (response, attempts) in cases {
        let (mock, clock) = (MockTransport::new(), clock());
        let shown = format!("{response:?}");
        mock.respond_with("Encrypt", move |_| response.clone());
        let error = error(client(&mock, &clock).await.send(request()).await);
        assert_eq!(error.attempts(), attempts, "{shown}");
        assert_eq!(mock.requests().len() as u32, attempts, "{shown}");
        assert_eq!(clock.sleeps().len() as u32, attempts - 1, "{shown}");
    }
}

/// A success with an invalid body was carried out: it is not sent again.
#[tokio::test]
async fn a_malformed_success_is_not_sent_again() {
    let (mock, clock) = (MockTransport::new(), clock());
    mock.respond("Encrypt", 200, &[], "<html>");
    let error = error(client(&mock, &clock).await.send(request()).await);
    assert!(matches!(error, Error::Response(_)), "{error:?}");
    assert_eq!(mock.requests().len(), 1);
}

#[tokio::test]
async fn the_last_error_is_the_one_that_is_told() {
    let (mock, clock) = (MockTransport::new(), clock());
    mock.on::<EncryptRequest>()
        .fail(TransportErrorKind::Io)
        .error(500, "KMSInternalException", "first")
        .respond(
            MockResponse::error(500, "DependencyTimeoutException", "second")
                .header("x-amzn-requestid", "r-3"),
        );
    let error = error(client(&mock, &clock).await.send(request()).await);
    assert_eq!(
        error.to_string(),
        "Encrypt: DependencyTimeoutException: second (HTTP 500, request id r-3, 3 attempts)"
    );
    assert!(matches!(
        error.service(),
        Some(EncryptError::DependencyTimeout(_))
    ));
}

#[tokio::test]
async fn retries_can_be_turned_off() {
    let (mock, clock) = (MockTransport::new(), clock());
    mock.on::<EncryptRequest>().fail(TransportErrorKind::Io);
    let client = builder(&mock, &clock).no_retries().build().await.unwrap();
    let error = error(client.encrypt(request()).await);
    assert_eq!(
        error.to_string(),
        "Encrypt: the connection failed: failure queued in the mock transport \
         (host kms.eu-central-1.amazonaws.com, 1 attempt)"
    );
    assert_eq!(
        header(&mock.requests()[0], "amz-sdk-request"),
        "attempt=1; max=1"
    );
}

/// A name that is empty, or a body that is broken, hides no throttling.
#[tokio::test]
async fn retries_throttling_however_it_is_told() {
    for (header, body) in [
        (Some(""), r#"{"__type":"ThrottlingException"}"#),
        (Some(" "), r#"{"code":"","__type":"a#ThrottlingException"}"#),
        (
            None,
            r#"{"__type":"ThrottlingException","message":"slow do"#,
        ),
        (None, r#"{"code":"ThrottlingException","message":"slow"}}"#),
    ] {
        let (mock, clock) = (MockTransport::new(), clock());
        let mut response = Response::new(Bytes::from_static(body.as_bytes()));
        *response.status_mut() = StatusCode::BAD_REQUEST;
        if let Some(header) = header {
            let value = HeaderValue::from_static(header);
            response.headers_mut().insert("x-amzn-errortype", value);
        }
        mock.on::<EncryptRequest>()
            .respond(MockResponse::new(response))
            .json("{}");
        let sent = client(&mock, &clock).await.send(request()).await.unwrap();
        assert_eq!(sent.attempts, 2, "{body}");
    }
}
