//! Points in time, and the three forms in which Smithy's `timestampFormat` trait puts them on the
//! wire: epoch seconds, RFC 3339 date-times and HTTP dates.

mod format;
mod parse;

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use crate::error::debug_as_display;
use crate::number;
use crate::sensitive::Wipe;

const NANOS_PER_SECOND: u32 = 1_000_000_000;

/// A point in time with a precision of one nanosecond, counted from 1970-01-01T00:00:00Z without
/// leap seconds.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    /// Counted forward from `seconds`, also before the epoch; below `NANOS_PER_SECOND`.
    subsec_nanos: u32,
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self::from_secs(0);

    /// `seconds` since the epoch (negative: before it) and `subsec_nanos` nanoseconds later, of
    /// which there must be fewer than 1,000,000,000.
    #[must_use]
    pub const fn new(seconds: i64, subsec_nanos: u32) -> Option<Self> {
        if subsec_nanos < NANOS_PER_SECOND {
            Some(Self {
                seconds,
                subsec_nanos,
            })
        } else {
            None
        }
    }

    /// Whole seconds since the epoch; negative before it.
    #[must_use]
    pub const fn from_secs(seconds: i64) -> Self {
        Self {
            seconds,
            subsec_nanos: 0,
        }
    }

    /// Milliseconds since the epoch; negative before it.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self {
            seconds: millis.div_euclid(1000),
            subsec_nanos: millis.rem_euclid(1000) as u32 * 1_000_000,
        }
    }

    /// Nanoseconds since the epoch; negative before it. None when the seconds do not fit an `i64`.
    #[must_use]
    pub fn from_nanos(nanos: i128) -> Option<Self> {
        let per_second = i128::from(NANOS_PER_SECOND);
        let seconds = i64::try_from(nanos.div_euclid(per_second)).ok()?;
        let subsec_nanos = u32::try_from(nanos.rem_euclid(per_second)).ok()?;
        Some(Self {
            seconds,
            subsec_nanos,
        })
    }

    /// Whole seconds since the epoch, rounded down.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// The nanoseconds since [`seconds`](Self::seconds): 0 to 999,999,999.
    #[must_use]
    pub const fn subsec_nanos(self) -> u32 {
        self.subsec_nanos
    }

    /// Reads `epoch-seconds`: a JSON number of seconds since the epoch, fractions and exponents
    /// included, from its digits. What is finer than a nanosecond is cut off.
    ///
    /// # Errors
    ///
    /// If `text` is not such a number, or its seconds do not fit an `i64`.
    pub fn parse_epoch_seconds(text: &str) -> Result<Self, ParseTimestampError> {
        let error = ParseTimestampError {
            expected: "a number of seconds since the epoch",
        };
        if number::number_length(text.as_bytes()) != Ok(text.len()) {
            return Err(error);
        }
        number::scaled(text, 9)
            .and_then(|(nanos, _)| Self::from_nanos(nanos))
            .ok_or(error)
    }

    /// Reads `date-time`: RFC 3339, section 5.6, with any offset and any number of fractional
    /// digits. What is finer than a nanosecond is cut off, and a leap second counts as the
    /// following second.
    ///
    /// # Errors
    ///
    /// When `text` has another form, or names a day or time that does not exist.
    pub fn parse_date_time(text: &str) -> Result<Self, ParseTimestampError> {
        parse::date_time(text).ok_or(ParseTimestampError {
            expected: "an RFC 3339 date-time",
        })
    }

    /// Reads `http-date`: the IMF-fixdate of RFC 9110, section 5.6.7, as in `Tue, 29 Apr 2014
    /// 18:30:38 GMT`. Fractional seconds are accepted; the day of the week is not checked against
    /// the date.
    ///
    /// # Errors
    ///
    /// When `text` has another form, or names a day or time that does not exist.
    pub fn parse_http_date(text: &str) -> Result<Self, ParseTimestampError> {
        parse::http_date(text).ok_or(ParseTimestampError {
            expected: "an IMF-fixdate",
        })
    }

    /// The form of `epoch-seconds`, with as many fractional digits as needed: `1398796238.25`.
    #[must_use]
    pub fn epoch_seconds(self) -> impl fmt::Display {
        format::EpochSeconds(self)
    }

    /// The form of `date-time`, in UTC, with as many fractional digits as needed:
    /// `2014-04-29T18:30:38.25Z`. It is what `Display` prints, too.
    ///
    /// RFC 3339 knows the years 0000 to 9999 only; others are printed with a sign and as many
    /// digits as they have.
    #[must_use]
    pub fn date_time(self) -> impl fmt::Display {
        format::DateTime(self)
    }

    /// `20140429T183038Z`: what a signature calls its date. The year must have four digits, which
    /// the caller makes sure of; a fraction is cut off.
    pub(crate) fn basic_date_time(self) -> [u8; 16] {
        format::basic_date_time(self)
    }

    /// The form of `http-date`: `Tue, 29 Apr 2014 18:30:38 GMT`. It has whole seconds only (the
    /// Smithy specification asks readers to refuse fractions), so that a fraction is cut off.
    #[must_use]
    pub fn http_date(self) -> impl fmt::Display {
        format::HttpDate(self)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.date_time(), f)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.date_time(), f)
    }
}

impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    /// See [`parse_date_time`](Self::parse_date_time).
    fn from_str(text: &str) -> Result<Self, ParseTimestampError> {
        Self::parse_date_time(text)
    }
}

impl Wipe for Timestamp {
    fn wipe(&mut self) {
        self.seconds.wipe();
        self.subsec_nanos.wipe();
    }
}

impl From<SystemTime> for Timestamp {
    /// Every `SystemTime` of the supported platforms fits; one that did not would become the first
    /// or last timestamp.
    fn from(time: SystemTime) -> Self {
        let nanos = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => signed_nanos(after),
            Err(before) => -signed_nanos(before.duration()),
        };
        let limit = if nanos < 0 { i64::MIN } else { i64::MAX };
        Self::from_nanos(nanos).unwrap_or(Self::from_secs(limit))
    }
}

/// A duration has at most 2^64 seconds: less than 2^94 nanoseconds.
fn signed_nanos(duration: Duration) -> i128 {
    i128::from(duration.as_secs()) * i128::from(NANOS_PER_SECOND)
        + i128::from(duration.subsec_nanos())
}

impl TryFrom<Timestamp> for SystemTime {
    type Error = TimestampRangeError;

    fn try_from(time: Timestamp) -> Result<Self, TimestampRangeError> {
        let whole = Duration::from_secs(time.seconds.unsigned_abs());
        let seconds = if time.seconds < 0 {
            Self::UNIX_EPOCH.checked_sub(whole)
        } else {
            Self::UNIX_EPOCH.checked_add(whole)
        };
        seconds
            .and_then(|seconds| seconds.checked_add(Duration::from_nanos(time.subsec_nanos.into())))
            .ok_or(TimestampRangeError)
    }
}

/// A text is not a timestamp in the wanted form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ParseTimestampError {
    expected: &'static str,
}

impl ParseTimestampError {
    /// The form that was wanted, such as `an RFC 3339 date-time`.
    #[must_use]
    pub const fn expected(self) -> &'static str {
        self.expected
    }
}

impl fmt::Display for ParseTimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not {}", self.expected)
    }
}

debug_as_display!(ParseTimestampError);

impl std::error::Error for ParseTimestampError {}

/// A [`Timestamp`] lies outside what the platform's [`SystemTime`] can hold.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimestampRangeError;

impl fmt::Display for TimestampRangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the timestamp lies outside the range of the system's time")
    }
}

debug_as_display!(TimestampRangeError);

impl std::error::Error for TimestampRangeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epoch_seconds_are_read_from_digits() {
        let table = [
            ("0", 0, 0),
            ("-0", 0, 0),
            ("1398796238", 1_398_796_238, 0),
            ("1398796238.25", 1_398_796_238, 250_000_000),
            ("1.39879623825E9", 1_398_796_238, 250_000_000),
            ("1398796238e0", 1_398_796_238, 0),
            ("1.7e9", 1_700_000_000, 0),
            ("1e-9", 0, 1),
            ("-1e-9", -1, 999_999_999),
            ("-0.5", -1, 500_000_000),
            ("-1.25", -2, 750_000_000),
            ("0.1234567899", 0, 123_456_789),
            ("1700000000.123456789", 1_700_000_000, 123_456_789),
            ("9223372036854775807.999999999", i64::MAX, 999_999_999),
            ("-9223372036854775808", i64::MIN, 0),
        ];
        for (text, seconds, nanos) in table {
            let time = Timestamp::parse_epoch_seconds(text).unwrap();
            assert_eq!(
                (time.seconds(), time.subsec_nanos()),
                (seconds, nanos),
                "{text}"
            );
            let printed = time.epoch_seconds().to_string();
            assert_eq!(
                Timestamp::parse_epoch_seconds(&printed),
                Ok(time),
                "{text} -> {printed}"
            );
        }
        for text in [
            "",
            "1.",
            "NaN",
            " 1",
            "9223372036854775808",
            "1e19",
            "-1e99999999999",
        ] {
            assert!(Timestamp::parse_epoch_seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn epoch_seconds_are_printed_short() {
        let printed = |seconds, nanos| {
            Timestamp::new(seconds, nanos)
                .unwrap()
                .epoch_seconds()
                .to_string()
        };
        assert_eq!(printed(0, 0), "0");
        assert_eq!(printed(1_398_796_238, 250_000_000), "1398796238.25");
        assert_eq!(printed(1, 1), "1.000000001");
        assert_eq!(printed(-1, 500_000_000), "-0.5");
        assert_eq!(printed(-2, 750_000_000), "-1.25");
        assert_eq!(printed(-2, 0), "-2");
        assert_eq!(printed(i64::MIN, 1), "-9223372036854775807.999999999");
    }

    #[test]
    fn system_time_converts_both_ways() {
        for time in [
            Timestamp::UNIX_EPOCH,
            Timestamp::from_millis(1_398_796_238_250),
            Timestamp::from_millis(-1),
            Timestamp::new(-5, 100).unwrap(),
        ] {
            assert_eq!(Timestamp::from(SystemTime::try_from(time).unwrap()), time);
        }
    }

    #[test]
    fn construction_and_order() {
        assert_eq!(Timestamp::new(0, NANOS_PER_SECOND), None);
        assert_eq!(
            Timestamp::from_millis(-1),
            Timestamp::new(-1, 999_000_000).unwrap()
        );
        assert!(Timestamp::from_millis(-1) < Timestamp::default());
        assert_eq!(Timestamp::from_nanos(i128::MAX), None);
        let mut time = Timestamp::from_millis(1500);
        time.wipe();
        assert_eq!(time, Timestamp::UNIX_EPOCH);
    }
}
