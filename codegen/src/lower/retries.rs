//! The errors that a client retries, for the documentation.

/// Error codes that every AWS client retries, sorted: the list of the runtime's module `retry`, of
/// throttling and of requests that took too long.
const CODES: [&str; 16] = [
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
];

/// Whether an error without `@retryable` is retried by its name or status.
pub(super) fn is_retried(name: &str, status: u16) -> bool {
    CODES.binary_search(&name).is_ok() || matches!(status, 429 | 500 | 502 | 503 | 504)
}

#[cfg(test)]
mod tests {
    use tinsmith_core::http::StatusCode;
    use tinsmith_core::retry::{AttemptFailure, Classification, FailedResponse};

    use super::*;

    fn runtime_retries(name: &str, status: u16) -> bool {
        let failure = AttemptFailure::Response(FailedResponse {
            status: StatusCode::from_u16(status).unwrap(),
            code: Some(name),
            retryable: None,
            clock_skewed: false,
            retry_after: None,
        });
        failure.classify() != Classification::None
    }

    /// Every name that the runtime's rules spell, and every status.
    #[test]
    fn as_the_runtime_has_it() {
        let rules = include_str!("../../../runtime/core/src/retry/classify.rs");
        let names: Vec<&str> = rules.split('"').skip(1).step_by(2).collect();
        assert!(CODES.iter().all(|code| names.contains(code)));
        for name in names.iter().filter(|name| !name.contains(' ')) {
            assert_eq!(is_retried(name, 400), runtime_retries(name, 400), "{name}");
        }
        for status in 400..600 {
            assert_eq!(
                is_retried("", status),
                runtime_retries("", status),
                "{status}"
            );
        }
        assert!(CODES.is_sorted());
    }
}
