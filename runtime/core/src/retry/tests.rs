use http::StatusCode;
use proptest::prelude::*;

use super::*;
use crate::transport::TransportErrorKind;

const TRANSIENT: AttemptFailure<'_> = AttemptFailure::Transport(TransportErrorKind::Io);

fn response(code: &str) -> FailedResponse<'_> {
    FailedResponse {
        status: StatusCode::BAD_REQUEST,
        code: Some(code),
        retryable: None,
        clock_skewed: false,
        retry_after: None,
    }
}

fn throttled(retry_after_millis: impl Into<Option<u64>>) -> AttemptFailure<'static> {
    AttemptFailure::Response(FailedResponse {
        retry_after: retry_after_millis.into().map(Duration::from_millis),
        ..response("ThrottlingException")
    })
}

fn policy(max_attempts: u32) -> RetryPolicy {
    RetryPolicy {
        max_attempts: NonZeroU32::new(max_attempts).unwrap(),
        ..RetryPolicy::default()
    }
}

fn bucket_with(tokens: u32) -> TokenBucket {
    TokenBucket(AtomicU32::new(tokens))
}

#[test]
fn delays_double_up_to_20_seconds() {
    for (failure, random, expected_millis) in [
        (
            TRANSIENT,
            1.0,
            [
                50, 100, 200, 400, 800, 1600, 3200, 6400, 12_800, 20_000, 20_000,
            ],
        ),
        (
            TRANSIENT,
            0.5,
            [25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000],
        ),
        (TRANSIENT, 0.0, [0; 11]),
        (
            throttled(None),
            1.0,
            [
                1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000, 20_000, 20_000, 20_000,
            ],
        ),
    ] {
        let bucket = TokenBucket::default();
        let mut attempts = policy(100).begin(&bucket);
        let delays = expected_millis.map(|_| attempts.next(&failure, random).unwrap().as_millis());
        assert_eq!(delays, expected_millis, "{failure:?}");
    }
}

#[test]
fn three_attempts_by_default() {
    let bucket = TokenBucket::default();
    let mut attempts = RetryPolicy::default().begin(&bucket);
    assert_eq!(
        (attempts.number(), attempts.request_header()),
        (1, "attempt=1; max=3".to_owned())
    );
    assert!(attempts.next(&TRANSIENT, 0.5).is_ok());
    assert_eq!(
        (attempts.number(), attempts.request_header()),
        (2, "attempt=2; max=3".to_owned())
    );
    assert!(attempts.next(&TRANSIENT, 0.5).is_ok());
    assert_eq!(attempts.next(&TRANSIENT, 0.5), Err(GiveUp::MaxAttempts));
    assert_eq!(attempts.number(), 3);
    assert_eq!(bucket.available(), 500 - 2 * 14);
}

#[test]
fn what_is_not_retryable_takes_no_token() {
    let bucket = TokenBucket::default();
    let failure = AttemptFailure::Response(response("NotFoundException"));
    let mut attempts = RetryPolicy::default().begin(&bucket);
    assert_eq!(attempts.next(&failure, 0.5), Err(GiveUp::NotRetryable));
    assert_eq!(bucket.available(), 500);
    assert_eq!(
        policy(1).begin(&bucket).next(&failure, 0.5),
        Err(GiveUp::NotRetryable)
    );
    assert_eq!(
        policy(1).begin(&bucket).next(&TRANSIENT, 0.5),
        Err(GiveUp::MaxAttempts)
    );
    assert_eq!(bucket.available(), 500);
}

#[test]
fn tokens_by_the_kind_of_failure() {
    let skewed = FailedResponse {
        clock_skewed: true,
        ..response("RequestTimeTooSkewed")
    };
    for (failure, cost) in [
        (TRANSIENT, 14),
        (AttemptFailure::Timeout, 14),
        (
            AttemptFailure::Transport(TransportErrorKind::ReadTimeout),
            14,
        ),
        (AttemptFailure::Response(skewed), 14),
        (throttled(None), 5),
    ] {
        let bucket = TokenBucket::default();
        let mut attempts = RetryPolicy::default().begin(&bucket);
        attempts.next(&failure, 0.5).unwrap();
        assert_eq!(bucket.available(), 500 - cost, "{failure:?}");
    }
}

#[test]
fn a_success_gives_back_what_the_last_retry_took() {
    let bucket = bucket_with(100);
    policy(3).begin(&bucket).success();
    assert_eq!(bucket.available(), 101);

    let mut attempts = policy(3).begin(&bucket);
    attempts.next(&TRANSIENT, 0.5).unwrap();
    attempts.next(&throttled(None), 0.5).unwrap();
    assert_eq!(bucket.available(), 101 - 14 - 5);
    attempts.success();
    assert_eq!(bucket.available(), 101 - 14);
}

#[test]
fn the_bucket_holds_no_more_than_its_capacity() {
    let bucket = TokenBucket::default();
    policy(3).begin(&bucket).success();
    assert_eq!(bucket.available(), 500);
    let mut attempts = policy(3).begin(&bucket);
    attempts.next(&TRANSIENT, 0.5).unwrap();
    for _ in 0..10 {
        policy(3).begin(&bucket).success();
    }
    attempts.success();
    assert_eq!(bucket.available(), 500);
}

#[test]
fn an_empty_bucket_stops_retries() {
    let bucket = bucket_with(13);
    let mut attempts = policy(3).begin(&bucket);
    assert_eq!(attempts.next(&TRANSIENT, 0.5), Err(GiveUp::NoTokens));
    assert_eq!((attempts.number(), bucket.available()), (1, 13));
    // Throttling is cheaper.
    assert!(attempts.next(&throttled(None), 0.5).is_ok());
    assert!(attempts.next(&throttled(None), 0.5).is_ok());
    assert_eq!(bucket.available(), 3);
    assert_eq!(
        policy(3).begin(&bucket).next(&throttled(None), 0.5),
        Err(GiveUp::NoTokens)
    );
}

#[test]
fn an_outage_ends_in_single_attempts() {
    let bucket = TokenBucket::default();
    let mut sent = 0;
    for _ in 0..100 {
        let mut attempts = policy(3).begin(&bucket);
        while attempts.next(&TRANSIENT, 0.5).is_ok() {}
        sent += attempts.number();
    }
    // 500 / 14 retries in all.
    assert_eq!(sent, 100 + 35);
}

#[test]
fn the_service_may_ask_for_up_to_5_seconds_more() {
    for (asked, expected) in [
        (0, 500),
        (499, 500),
        (500, 500),
        (3000, 3000),
        (5500, 5500),
        (5501, 5500),
        (u64::MAX, 5500),
    ] {
        let bucket = TokenBucket::default();
        let mut attempts = policy(3).begin(&bucket);
        let delay = attempts.next(&throttled(asked), 0.5).unwrap();
        assert_eq!(delay.as_millis(), expected, "{asked}");
    }
}

#[test]
fn threads_share_a_bucket() {
    let bucket = TokenBucket::default();
    let retries: usize = std::thread::scope(|scope| {
        let work = || (0..100).filter(|_| bucket.take(5)).count();
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    assert_eq!((retries, bucket.available()), (100, 0));
}

#[test]
fn parses_modes() {
    for text in ["standard", "Standard", "adaptive", "legacy"] {
        assert_eq!(text.parse(), Ok(RetryMode::Standard));
    }
    for text in ["", "none", "standard "] {
        assert_eq!(text.parse::<RetryMode>(), Err(InvalidRetryMode));
    }
}

proptest! {
    #[test]
    fn any_history_keeps_to_the_bounds(
        max in 1..u32::MAX,
        steps in prop::collection::vec((any::<bool>(), any::<Option<u64>>(), any::<f64>()), 0..200),
    ) {
        let bucket = TokenBucket::default();
        let mut attempts = policy(max).begin(&bucket);
        let mut taken = 0;
        for (throttling, asked, random) in steps {
            let failure = if throttling { throttled(asked) } else { TRANSIENT };
            match attempts.next(&failure, random) {
                Ok(delay) => {
                    prop_assert!(delay <= MAX_BACKOFF + MAX_RETRY_AFTER);
                    taken += if throttling { 5 } else { 14 };
                }
                Err(GiveUp::MaxAttempts) => prop_assert_eq!(attempts.number(), max),
                Err(GiveUp::NoTokens) => prop_assert!(bucket.available() < 14),
                Err(GiveUp::NotRetryable) => prop_assert!(false),
            }
            prop_assert!(attempts.number() <= max);
            prop_assert_eq!(bucket.available() + taken, TokenBucket::CAPACITY);
        }
    }
}
