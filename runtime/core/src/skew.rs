//! Correcting for a wrong clock.
//!
//! A service refuses a signature whose time is more than five minutes from its own. Every response
//! tells the service's time in its `Date` header, so a client measures how far its clock is off
//! and signs for the service's time. The rules are the AWS SDKs' "clock skew correction":
//!
//! - The measure is `Date` less the middle between sending and receiving. Nothing is measured when
//!   the response came from a cache (it has an `Age` header) or took more than 15 minutes.
//! - Every measure is kept, of a success as of an error, so that a clock put right is noticed.
//! - A `Date` more than three days from the client's clock is ignored. It is more likely wrong than
//!   the clock, and one such response must not spoil the signatures of all later calls. For the
//!   same reason a client measures only responses with a request ID, which the service wrote and
//!   not a proxy on the way.
//! - A refused request is sent again when it was signed for a time more than four minutes off.
//!
//! ```
//! # use std::time::SystemTime;
//! # use tinsmith_core::skew::ClockSkew;
//! # let (now, headers) = (SystemTime::now, http::HeaderMap::new());
//! let skew = ClockSkew::default(); // one per client
//!
//! // One attempt:
//! let offset = skew.offset();
//! let sent = now();
//! let signing_time = offset.apply(sent);
//! // ... sign and send; then with the response's headers:
//! let measured = skew.measure(sent, now(), &headers);
//! let clock_skewed = measured.is_some_and(|measured| offset.is_far_from(measured));
//! # let _ = (signing_time, clock_skewed);
//! ```

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{AGE, DATE};

use crate::sigv4::can_sign;
use crate::timestamp::Timestamp;

/// The longest round trip that still tells when the service wrote its `Date`.
const MAX_ROUND_TRIP: Duration = Duration::from_secs(15 * 60);
/// The difference from which on a refused signature is put down to the clock.
const FAR_MILLIS: u64 = 4 * 60 * 1000;

/// The largest offset that is taken for a wrong clock.
const MAX_OFFSET_MILLIS: u64 = 3 * 24 * 60 * 60 * 1000;

/// A client's estimate of how far its clock is behind the service's. Shared by all its calls.
#[derive(Debug)]
pub struct ClockSkew {
    enabled: bool,
    millis: AtomicI64,
}

impl Default for ClockSkew {
    /// Takes the clock to be right until a response tells otherwise.
    fn default() -> Self {
        Self {
            enabled: true,
            millis: AtomicI64::new(0),
        }
    }
}

impl ClockSkew {
    /// Never corrects anything: for `AWS_DISABLE_CLOCK_SKEW_CORRECTION` and the profile's
    /// `disable_clock_skew_correction`.
    pub fn disabled() -> Self {
        Self {
            enabled: false,
            ..Self::default()
        }
    }

    /// The current estimate.
    pub fn offset(&self) -> Offset {
        Offset {
            millis: self.millis.load(Ordering::Relaxed),
        }
    }

    /// Measures the clock by one response and keeps the result for the calls to come.
    ///
    /// `sent` and `received` are uncorrected times of the client's own clock. Returns the measure,
    /// or nothing when the response does not allow one, is more than three days off, or correction
    /// is disabled.
    pub fn measure(
        &self,
        sent: SystemTime,
        received: SystemTime,
        headers: &HeaderMap,
    ) -> Option<Offset> {
        if !self.enabled || headers.contains_key(AGE) {
            return None;
        }
        // A clock that was put back meanwhile measures nothing.
        let round_trip = received.duration_since(sent).ok()?;
        if round_trip > MAX_ROUND_TRIP {
            return None;
        }
        let date = Timestamp::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
        let service_time = SystemTime::try_from(date).ok()?;
        let offset = Offset::between(sent.checked_add(round_trip / 2)?, service_time)?;
        if offset.millis.unsigned_abs() > MAX_OFFSET_MILLIS {
            tracing::debug!(%date, "ignored a response's date: too far from the clock");
            return None;
        }
        self.millis.store(offset.millis, Ordering::Relaxed);
        Some(offset)
    }
}

/// How far the service's clock is ahead of the client's; negative when it is behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offset {
    millis: i64,
}

impl Offset {
    /// In milliseconds.
    pub fn as_millis(self) -> i64 {
        self.millis
    }

    /// The service's time when the client's clock shows `now`; `now` itself when that time is
    /// outside the years 1970 to 9999, for which nothing can be signed.
    pub fn apply(self, now: SystemTime) -> SystemTime {
        let distance = Duration::from_millis(self.millis.unsigned_abs());
        let corrected = if self.millis < 0 {
            now.checked_sub(distance)
        } else {
            now.checked_add(distance)
        };
        // No correction can help where the result cannot be signed.
        corrected.filter(|&time| can_sign(time)).unwrap_or(now)
    }

    /// Whether a request signed with this offset was signed for a wrong time, given what its
    /// response `measured`: more than four minutes off.
    ///
    /// A request that was signed for the right time is not sent again however wrong the clock
    /// is: its `AccessDeniedException` has another cause.
    pub fn is_far_from(self, measured: Self) -> bool {
        self.millis.abs_diff(measured.millis) > FAR_MILLIS
    }

    fn between(client: SystemTime, service: SystemTime) -> Option<Self> {
        let millis = match service.duration_since(client) {
            Ok(ahead) => i64::try_from(ahead.as_millis()).ok()?,
            Err(behind) => i64::try_from(behind.duration().as_millis())
                .ok()?
                .checked_neg()?,
        };
        Some(Self { millis })
    }
}

/// Whether a service answers with this error code when a request is signed for a wrong time.
/// None of these codes means only that.
pub fn is_skew_error(code: &str) -> bool {
    matches!(
        code,
        "AccessDeniedException"
            | "AuthFailure"
            | "InvalidSignatureException"
            | "RequestTimeTooSkewed"
            | "SignatureDoesNotMatch"
    )
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use http::HeaderValue;

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn headers(date: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(DATE, HeaderValue::from_static(date))])
    }

    #[test]
    fn measures_from_the_middle_of_the_round_trip() {
        let date = "Thu, 01 Jan 1970 01:00:00 GMT";
        for (sent, received, expected) in [
            (3600, 3600, Some(0)),
            (3599, 3601, Some(0)),
            (3598, 3601, Some(500)),
            (3300, 3300, Some(300_000)),
            (4000, 4000, Some(-400_000)),
            (3600, 4500, Some(-450_000)),
            (3600, 4501, None),
            (3601, 3600, None),
        ] {
            let skew = ClockSkew::default();
            let measured = skew.measure(at(sent), at(received), &headers(date));
            assert_eq!(
                measured.map(Offset::as_millis),
                expected,
                "{sent} {received}"
            );
            assert_eq!(skew.offset(), measured.unwrap_or_default());
        }
    }

    #[test]
    fn a_response_without_a_fit_date_leaves_the_estimate() {
        let skew = ClockSkew::default();
        skew.measure(at(0), at(0), &headers("Thu, 01 Jan 1970 01:00:00 GMT"));
        let before = skew.offset();
        assert_eq!(before.as_millis(), 3_600_000);
        let mut cached = headers("Thu, 01 Jan 1970 02:00:00 GMT");
        cached.insert(AGE, HeaderValue::from_static("0"));
        for headers in [cached, headers("yesterday"), HeaderMap::new()] {
            assert_eq!(skew.measure(at(0), at(0), &headers), None);
            assert_eq!(skew.offset(), before);
        }
    }

    #[test]
    fn ignores_a_date_days_from_the_clock() {
        const DAY: u64 = 24 * 3600;
        let now = 1_700_000_000;
        let date = |seconds: u64| {
            let time = Timestamp::from_secs(i64::try_from(seconds).unwrap());
            let date = HeaderValue::try_from(time.http_date().to_string()).unwrap();
            HeaderMap::from_iter([(DATE, date)])
        };
        let skew = ClockSkew::default();
        let measure = |headers| skew.measure(at(now), at(now), &headers);
        let near = measure(date(now + DAY)).unwrap();
        for absurd in [
            headers("Mon, 01 Jan 1900 00:00:00 GMT"),
            headers("Fri, 31 Dec 9999 23:59:59 GMT"),
            headers("Thu, 01 Jan 1970 00:00:00 GMT"),
            date(now + 3 * DAY + 1),
            date(now - 3 * DAY - 1),
        ] {
            assert_eq!(measure(absurd), None);
            assert_eq!(skew.offset(), near);
        }
        for day in [now + 3 * DAY, now - 3 * DAY] {
            assert_eq!(measure(date(day)), Some(skew.offset()));
            assert_ne!(skew.offset(), near);
        }
    }

    #[test]
    fn disabled_means_never_corrected() {
        let skew = ClockSkew::disabled();
        let headers = headers("Thu, 01 Jan 1970 01:00:00 GMT");
        assert_eq!(skew.measure(at(0), at(0), &headers), None);
        assert_eq!(skew.offset().apply(at(7)), at(7));
    }

    #[test]
    fn far_is_more_than_four_minutes_in_the_signature() {
        for (signed, measured, far) in [
            (0, 240_000, false),
            (0, 240_001, true),
            (0, -240_000, false),
            (0, -240_001, true),
            (300_000, 300_000, false),
            (300_000, 0, true),
            (i64::MIN, i64::MAX, true),
        ] {
            let [signed, measured] = [signed, measured].map(|millis| Offset { millis });
            assert_eq!(signed.is_far_from(measured), far, "{signed:?} {measured:?}");
        }
    }

    #[test]
    fn offsets_apply_both_ways_and_never_panic() {
        for (millis, expected) in [(1500, 11_500), (-1500, 8500), (0, 10_000)] {
            let expected = UNIX_EPOCH + Duration::from_millis(expected);
            assert_eq!(Offset { millis }.apply(at(10)), expected);
        }
    }

    #[test]
    fn applies_no_offset_that_cannot_be_signed() {
        let last = at(253_402_300_799);
        for (millis, now) in [
            (i64::MIN, at(10)),
            (-10_001, at(10)),
            (i64::MAX, at(10)),
            (1000, last),
        ] {
            assert_eq!(Offset { millis }.apply(now), now, "{millis}");
        }
    }
}
