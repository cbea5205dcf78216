//! What kind of failure an attempt met with.

use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::skew;
use crate::transport::TransportErrorKind;

/// How an attempt failed.
#[derive(Clone, Copy, Debug)]
pub enum AttemptFailure<'a> {
    /// No complete response came.
    Transport(TransportErrorKind),
    /// The attempt as a whole took longer than it may.
    Timeout,
    /// The service returned an error.
    Response(FailedResponse<'a>),
}

/// The parts of an error response that decide about a retry.
#[derive(Clone, Copy, Debug)]
pub struct FailedResponse<'a> {
    /// The response's status.
    pub status: StatusCode,
    /// The error's name in the model, such as `ThrottlingException`; not an `awsQueryError` code.
    pub code: Option<&'a str>,
    /// The model's `@retryable` trait on that error.
    pub retryable: Option<Retryable>,
    /// Whether the request was signed for a time far from the service's; see
    /// [`skew::Offset::is_far_from`].
    pub clock_skewed: bool,
    /// How long the service asks to wait; see [`retry_after`].
    pub retry_after: Option<Duration>,
}

/// The `smithy.api#retryable` trait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retryable {
    /// Whether the error means that the client sends too much.
    pub throttling: bool,
}

impl Retryable {
    /// Another attempt may succeed.
    pub const TRANSIENT: Self = Self { throttling: false };
    /// Another attempt may succeed after a longer pause.
    pub const THROTTLING: Self = Self { throttling: true };
}

/// The kinds of failure that retries distinguish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Classification {
    /// Will likely go away by itself.
    Transient,
    /// The client sends too much.
    Throttling,
    /// The clock was wrong; the next attempt is signed for the service's time.
    ClockSkew,
    /// Another attempt would fail like this one.
    None,
}

/// Error codes that mean throttling, sorted. The official list; see the module's documentation
/// for `LimitExceededException`.
const THROTTLING: [&str; 14] = [
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
];

impl AttemptFailure<'_> {
    /// The kind of this failure. The model decides first, then the error code, then the status.
    pub fn classify(&self) -> Classification {
        match self {
            Self::Transport(kind) => classify_transport(*kind),
            Self::Timeout => Classification::Transient,
            Self::Response(response) => response.classify(),
        }
    }

    /// How long the service asks to wait.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Response(response) => response.retry_after,
            Self::Transport(_) | Self::Timeout => None,
        }
    }
}

fn classify_transport(kind: TransportErrorKind) -> Classification {
    match kind {
        TransportErrorKind::Connect
        | TransportErrorKind::ConnectTimeout
        | TransportErrorKind::ReadTimeout
        | TransportErrorKind::Io => Classification::Transient,
        TransportErrorKind::TooLarge | TransportErrorKind::Unsupported => Classification::None,
    }
}

impl FailedResponse<'_> {
    fn classify(&self) -> Classification {
        if let Some(retryable) = self.retryable {
            return match retryable.throttling {
                true => Classification::Throttling,
                false => Classification::Transient,
            };
        }
        let code = self.code.unwrap_or_default();
        if self.clock_skewed && skew::is_skew_error(code) {
            return Classification::ClockSkew;
        }
        if THROTTLING.binary_search(&code).is_ok() {
            return Classification::Throttling;
        }
        if matches!(code, "RequestTimeout" | "RequestTimeoutException") {
            return Classification::Transient;
        }
        match self.status.as_u16() {
            429 => Classification::Throttling,
            500 | 502 | 503 | 504 => Classification::Transient,
            _ => Classification::None,
        }
    }
}

/// How long the service asks to wait before the next attempt: the header `x-amz-retry-after`, a
/// whole number of milliseconds. Anything else there is ignored.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get("x-amz-retry-after")?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn response<'a>(status: u16, code: impl Into<Option<&'a str>>) -> FailedResponse<'a> {
        FailedResponse {
            status: StatusCode::from_u16(status).unwrap(),
            code: code.into(),
            retryable: None,
            clock_skewed: false,
            retry_after: None,
        }
    }

    #[test]
    fn classifies_responses() {
        use Classification::{None as Not, Throttling, Transient};
        for (status, code, expected) in [
            (500, None, Transient),
            (502, None, Transient),
            (503, None, Transient),
            (504, None, Transient),
            (500, Some("KMSInternalException"), Transient),
            (429, None, Throttling),
            (429, Some("Whatever"), Throttling),
            (501, None, Not),
            (505, None, Not),
            (400, None, Not),
            (400, Some(""), Not),
            (400, Some("NotFoundException"), Not),
            (200, Some("NotFoundException"), Not),
            (400, Some("RequestTimeout"), Transient),
            (400, Some("RequestTimeoutException"), Transient),
            (503, Some("SlowDown"), Throttling),
            (400, Some("LimitExceededException"), Throttling),
            // The `awsQueryError` code of that error, which is not its name.
            (400, Some("LimitExceeded"), Not),
            (400, Some("throttling"), Not),
            (403, Some("AccessDeniedException"), Not),
            (400, Some("InvalidSignatureException"), Not),
        ] {
            let failure = AttemptFailure::Response(response(status, code));
            assert_eq!(failure.classify(), expected, "{status} {code:?}");
        }
        for code in THROTTLING {
            assert_eq!(response(400, code).classify(), Throttling, "{code}");
            assert_eq!(response(503, code).classify(), Throttling, "{code}");
        }
        assert!(THROTTLING.is_sorted());
    }

    #[test]
    fn the_model_decides_first() {
        for (code, throttling, expected) in [
            ("KeyUnavailableException", false, Classification::Transient),
            ("KeyUnavailableException", true, Classification::Throttling),
            ("ThrottlingException", false, Classification::Transient),
            ("RequestTimeout", true, Classification::Throttling),
        ] {
            let response = FailedResponse {
                retryable: Some(Retryable { throttling }),
                ..response(400, code)
            };
            assert_eq!(response.classify(), expected, "{code}");
        }
    }

    #[test]
    fn a_wrong_clock_counts_for_errors_it_can_cause() {
        for (code, expected) in [
            ("InvalidSignatureException", Classification::ClockSkew),
            ("AccessDeniedException", Classification::ClockSkew),
            ("NotFoundException", Classification::None),
            ("ThrottlingException", Classification::Throttling),
        ] {
            let response = FailedResponse {
                clock_skewed: true,
                ..response(400, code)
            };
            assert_eq!(response.classify(), expected, "{code}");
        }
    }

    #[test]
    fn without_a_response() {
        use TransportErrorKind::{Connect, ConnectTimeout, Io, ReadTimeout, TooLarge, Unsupported};
        for kind in [Connect, ConnectTimeout, ReadTimeout, Io] {
            assert_eq!(
                AttemptFailure::Transport(kind).classify(),
                Classification::Transient
            );
        }
        for kind in [TooLarge, Unsupported] {
            assert_eq!(
                AttemptFailure::Transport(kind).classify(),
                Classification::None
            );
        }
        assert_eq!(
            AttemptFailure::Timeout.classify(),
            Classification::Transient
        );
    }

    #[test]
    fn retry_after_headers() {
        for (value, expected) in [
            ("0", Some(Duration::ZERO)),
            ("1500", Some(Duration::from_millis(1500))),
            (" 20 ", Some(Duration::from_millis(20))),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
            ("99999999999999999999", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-amz-retry-after", HeaderValue::from_str(value).unwrap());
            assert_eq!(retry_after(&headers), expected, "{value:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
