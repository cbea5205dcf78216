//! The official cases of clock skew correction: scripted operations of one client, each a
//! sequence of attempts with the client's times, through the retries.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

use std::num::NonZeroU32;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;
use tinsmith_core::retry::{AttemptFailure, FailedResponse, RetryPolicy, TokenBucket, retry_after};
use tinsmith_core::skew::ClockSkew;

#[test]
fn passes_official_cases() {
    let file = "conformance/retry/clock-skew-test-cases.json";
    let Some(file) = tinsmith_testing::shared(file) else {
        return;
    };
    let file: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let cases = file["tests"].as_array().unwrap();
    for case in cases {
        println!("{}", case["description"]);
        let operations = case["operations"].as_array().unwrap();
        let skew = client_with_skew(operations[0]["initialClientSkew"].as_i64().unwrap());
        let bucket = TokenBucket::default();
        for operation in operations {
            assert_skew(&skew, &operation["initialClientSkew"]);
            run(operation, &skew, &bucket);
            assert_skew(&skew, &operation["expectedClientSkew"]);
        }
    }
    assert_eq!(cases.len(), 10);
}

fn run(operation: &Value, skew: &ClockSkew, bucket: &TokenBucket) {
    let mut policy = RetryPolicy::default();
    if let Some(max) = operation["maxAttempts"].as_u64() {
        policy.max_attempts = NonZeroU32::new(max.try_into().unwrap()).unwrap();
    }
    let mut attempts = policy.begin(bucket);
    let mut script = operation["attempts"].as_array().unwrap().iter();
    let outcome = loop {
        let attempt = script.next().expect("one attempt too many");
        let sent = time(&attempt["clientTimeAtSend"]);
        let received = time(&attempt["clientTimeAtReceive"]);
        let offset = skew.offset();
        assert_eq!(offset.apply(sent), time(&attempt["expectedSigningTime"]));

        let response = &attempt["response"];
        let headers = headers(&response["headers"]);
        let measured = skew.measure(sent, received, &headers);
        let status = u16::try_from(response["statusCode"].as_u64().unwrap()).unwrap();
        if status == 200 {
            attempts.success();
            break "success";
        }
        let failure = AttemptFailure::Response(FailedResponse {
            status: StatusCode::from_u16(status).unwrap(),
            code: response["errorCode"].as_str(),
            retryable: None,
            clock_skewed: measured.is_some_and(|measured| offset.is_far_from(measured)),
            retry_after: retry_after(&headers),
        });
        if attempts.next(&failure, 0.5).is_err() {
            break "error";
        }
    };
    assert_eq!(outcome, operation["expectedOutcome"]);
    assert_eq!(script.next(), None, "one attempt too few");
}

/// A client that has measured its clock before.
fn client_with_skew(seconds: i64) -> ClockSkew {
    let skew = ClockSkew::default();
    let service = HeaderValue::from_static("Thu, 01 Jan 1970 01:00:00 GMT");
    let headers = HeaderMap::from_iter([(http::header::DATE, service)]);
    let client = UNIX_EPOCH + Duration::from_secs((3600 - seconds).try_into().unwrap());
    skew.measure(client, client, &headers).unwrap();
    skew
}

fn assert_skew(skew: &ClockSkew, seconds: &Value) {
    let seconds = seconds.as_i64().unwrap();
    assert_eq!(skew.offset().as_millis(), seconds * 1000);
}

fn headers(headers: &Value) -> HeaderMap {
    let header = |(name, value): (&String, &Value)| -> (HeaderName, HeaderValue) {
        (
            name.parse().unwrap(),
            value.as_str().unwrap().parse().unwrap(),
        )
    };
    headers.as_object().unwrap().iter().map(header).collect()
}

/// All cases are of the first day of 2026.
fn time(text: &Value) -> SystemTime {
    let time = text.as_str().unwrap().strip_prefix("2026-01-01T").unwrap();
    let parts: Vec<u64> = time
        .strip_suffix('Z')
        .unwrap()
        .split(':')
        .map(|part| part.parse().unwrap())
        .collect();
    let [hours, minutes, seconds] = parts[..] else {
        panic!("{text} is no time")
    };
    let day = Duration::from_secs(1_767_225_600);
    UNIX_EPOCH + day + Duration::from_secs((hours * 60 + minutes) * 60 + seconds)
}
