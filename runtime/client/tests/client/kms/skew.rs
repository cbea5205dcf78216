//! A machine whose clock is wrong.

use std::time::Duration;

use tinsmith_client::Timestamp;
use tinsmith_client::clock::{Clock as _, VirtualClock};
use tinsmith_client::environment::Environment;
use tinsmith_client::transport::mock::{MockResponse, MockTransport};
use tinsmith_kms::{EncryptRequest, Error};

use super::{builder, client, clock, error, header, request};

/// A service whose clock is `ahead` seconds ahead and which refuses signatures five minutes off.
fn service(mock: &MockTransport, clock: &VirtualClock, ahead: i64) {
    let clock = clock.clone();
    mock.respond_with("Encrypt", move |request| {
        let now = Timestamp::from(clock.now());
        let now = Timestamp::from_secs(now.seconds() + ahead);
        let signed = header(request, "x-amz-date");
        let is_near = (-300..=300).any(|off| {
            let near = Timestamp::from_secs(now.seconds() + off).to_string();
            near.replace(['-', ':'], "") == signed
        });
        let response = if is_near {
            MockResponse::json("{}")
        } else {
            MockResponse::error(403, "InvalidSignatureException", "Signature expired")
        };
        response
            .header("date", &now.http_date().to_string())
            .header("x-amzn-requestid", "r-1")
    });
}

#[tokio::test]
async fn the_second_attempt_is_signed_for_the_services_time() {
    for ahead in [3600, -3600] {
        let (mock, clock) = (MockTransport::new(), clock());
        service(&mock, &clock, ahead);
        let client = client(&mock, &clock).await;
        assert_eq!(client.send(request()).await.unwrap().attempts, 2);
        // What was measured is kept, and clones share it.
        assert_eq!(client.clone().send(request()).await.unwrap().attempts, 1);
        assert_eq!(client.send(request()).await.unwrap().attempts, 1);
    }
}

/// The measure of a success counts, too: a clock that is put right is noticed.
#[tokio::test]
async fn a_clock_that_jumps_is_followed() {
    let (mock, clock) = (MockTransport::new(), clock());
    service(&mock, &clock, 600);
    let client = client(&mock, &clock).await;
    assert_eq!(client.send(request()).await.unwrap().attempts, 2);
    service(&mock, &clock, 0);
    assert_eq!(client.send(request()).await.unwrap().attempts, 2);
    service(&mock, &clock, 120);
    assert_eq!(client.send(request()).await.unwrap().attempts, 1);
    service(&mock, &clock, 410);
    assert_eq!(client.send(request()).await.unwrap().attempts, 1);
}

#[tokio::test]
async fn a_right_clock_is_no_reason_to_try_again() {
    let (mock, clock) = (MockTransport::new(), clock());
    let date = "Tue, 14 Nov 2023 22:17:00 GMT";
    let response = MockResponse::error(400, "AccessDeniedException", "no")
        .header("date", date)
        .header("x-amzn-requestid", "r-1");
    mock.on::<EncryptRequest>().respond(response);
    let error = error(client(&mock, &clock).await.send(request()).await);
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.code(), Some("AccessDeniedException"));
}

#[tokio::test]
async fn a_response_from_a_cache_measures_nothing() {
    let (mock, clock) = (MockTransport::new(), clock());
    let response = MockResponse::error(403, "RequestTimeTooSkewed", "")
        .header("date", "Tue, 14 Nov 2023 12:00:00 GMT")
        .header("x-amzn-requestid", "r-1")
        .header("age", "1");
    mock.on::<EncryptRequest>().respond(response);
    let error = error(client(&mock, &clock).await.send(request()).await);
    assert_eq!(error.attempts(), 1);
}

/// A proxy's error page has the proxy's time and no request id.
#[tokio::test]
async fn measures_only_responses_with_a_request_id() {
    let (mock, clock) = (MockTransport::new(), clock());
    let response = MockResponse::error(403, "RequestTimeTooSkewed", "")
        .header("date", "Tue, 14 Nov 2023 12:00:00 GMT");
    mock.on::<EncryptRequest>().respond(response).json("{}");
    let client = client(&mock, &clock).await;
    assert_eq!(error(client.send(request()).await).attempts(), 1);
    client.send(request()).await.unwrap();
    let sent = mock.requests();
    assert_eq!(header(&sent[1], "x-amz-date"), "20231114T221320Z");
}

#[tokio::test]
async fn survives_a_response_with_an_absurd_date() {
    for date in [
        "Mon, 01 Jan 1900 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        let (mock, clock) = (MockTransport::new(), clock());
        let response = MockResponse::json("{}")
            .header("date", date)
            .header("x-amzn-requestid", "r-1");
        mock.on::<EncryptRequest>().respond(response).json("{}");
        let client = client(&mock, &clock).await;
        for _ in 0..2 {
            assert_eq!(client.send(request()).await.unwrap().attempts, 1);
        }
        let sent = mock.requests();
        assert_eq!(header(&sent[1], "x-amz-date"), "20231114T221320Z");
    }
}

#[tokio::test]
async fn correction_can_be_turned_off() {
    let (mock, clock) = (MockTransport::new(), clock());
    service(&mock, &clock, 3600);
    let variables = [("AWS_DISABLE_CLOCK_SKEW_CORRECTION", "true")];
    let client = builder(&mock, &clock)
        .environment(Environment::with_variables(variables))
        .build()
        .await
        .unwrap();
    for _ in 0..2 {
        let error = error(client.send(request()).await);
        assert!(matches!(error, Error::Service(_)));
        assert_eq!(error.attempts(), 1);
    }
    assert_eq!(clock.sleeps(), [] as [Duration; 0]);
}
