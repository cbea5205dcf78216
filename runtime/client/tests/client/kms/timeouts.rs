//! Limits on time, on a clock that somebody moves.

use std::time::Duration;

use tinsmith_client::transport::TransportErrorKind;
use tinsmith_client::transport::mock::{MockResponse, MockTransport};
use tinsmith_kms::{EncryptRequest, Error};

use super::{builder, drive, error, manual_clock, request};
use tinsmith_testing::chain;

const SECOND: Duration = Duration::from_secs(1);
const MILLI: Duration = Duration::from_millis(1);

#[test]
fn a_late_attempt_is_given_up_and_sent_again() {
    let clock = manual_clock();
    let mock = MockTransport::with_clock(std::sync::Arc::new(clock.clone()));
    mock.on::<EncryptRequest>()
        .respond(MockResponse::json("{}").after(3 * SECOND))
        .respond(MockResponse::json("{}").after(SECOND));
    let builder = builder(&mock, &clock).attempt_timeout(2 * SECOND);
    let client = drive(builder.build(), &clock, MILLI).unwrap();
    let response = drive(client.send(request()), &clock, MILLI).unwrap();
    assert_eq!(response.attempts, 2);
    let elapsed = tinsmith_client::clock::Clock::monotonic(&clock);
    assert!((3 * SECOND..=3 * SECOND + 60 * MILLI).contains(&elapsed));
    assert_eq!(clock.waiting(), 0);
}

#[test]
fn gives_up_after_late_attempts() {
    let clock = manual_clock();
    let mock = MockTransport::with_clock(std::sync::Arc::new(clock.clone()));
    mock.respond_with("Encrypt", |_| MockResponse::json("{}").after(3600 * SECOND));
    let builder = builder(&mock, &clock).attempt_timeout(2 * SECOND);
    let client = drive(builder.build(), &clock, MILLI).unwrap();
    let error = error(drive(client.send(request()), &clock, MILLI));
    assert!(matches!(error, Error::Timeout(_)));
    assert_eq!(
        error.to_string(),
        "Encrypt: attempt timeout of 2s reached (3 attempts)"
    );
    assert_eq!(clock.waiting(), 0);
}

#[test]
fn a_late_call_ends_in_its_attempt_or_in_its_pause() {
    for (delay, status, attempts) in [(3600, 200, 1), (0, 429, 2)] {
        let clock = manual_clock();
        let mock = MockTransport::with_clock(std::sync::Arc::new(clock.clone()));
        mock.respond_with("Encrypt", move |_| {
            // A pause that is longer than the whole call may take.
            MockResponse::error(status, "Any", "")
                .header("x-amz-retry-after", if attempts > 1 { "1500" } else { "0" })
                .after(delay * SECOND)
        });
        let builder = builder(&mock, &clock).operation_timeout(2 * SECOND);
        let client = drive(builder.build(), &clock, MILLI).unwrap();
        let error = error(drive(client.send(request()), &clock, MILLI));
        assert!(matches!(error, Error::Timeout(_)));
        let plural = if attempts == 1 { "" } else { "s" };
        assert_eq!(
            error.to_string(),
            format!("Encrypt: operation timeout of 2s reached ({attempts} attempt{plural})")
        );
        // Nothing goes on behind the caller's back.
        clock.advance(3600 * SECOND);
        assert_eq!(mock.requests().len() as u32, attempts);
        assert_eq!(clock.waiting(), 0);
    }
}

#[test]
fn what_is_ready_at_the_limit_counts() {
    let clock = manual_clock();
    let mock = MockTransport::with_clock(std::sync::Arc::new(clock.clone()));
    mock.on::<EncryptRequest>()
        .respond(MockResponse::json("{}").after(2 * SECOND));
    let builder = builder(&mock, &clock)
        .attempt_timeout(2 * SECOND)
        .operation_timeout(2 * SECOND);
    let client = drive(builder.build(), &clock, SECOND).unwrap();
    assert!(drive(client.send(request()), &clock, SECOND).is_ok());
}

#[test]
fn reports_timeouts_of_the_transport() {
    for (kind, text) in [
        (
            TransportErrorKind::ConnectTimeout,
            "Encrypt: connect timeout reached: ",
        ),
        (
            TransportErrorKind::ReadTimeout,
            "Encrypt: read timeout reached: ",
        ),
    ] {
        let clock = manual_clock();
        let mock = MockTransport::new();
        mock.fail("Encrypt", kind);
        let builder = builder(&mock, &clock).no_retries();
        let client = drive(builder.build(), &clock, MILLI).unwrap();
        let error = error(drive(client.send(request()), &clock, MILLI));
        assert!(matches!(error, Error::Timeout(_)));
        let expected = format!(
            "{text}failure queued in the mock transport (host kms.eu-central-1.amazonaws.com, 1 attempt)"
        );
        assert_eq!(chain(&error), expected);
    }
}
