//! Timestamps as models spell them (Smithy specification, "timestampFormat trait").

use serde_json::Value;

use crate::decimal::Decimal;
use crate::traits::TimestampFormat;

/// Seconds since the epoch, and nanoseconds after that.
pub(crate) type Time = (i64, u32);

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Reads a value in the format, or without one either seconds or a date-time.
///
/// # Errors
///
/// A text that says what is expected. So is a fraction that is finer than a nanosecond.
pub(crate) fn read(value: &Value, format: Option<TimestampFormat>) -> Result<Time, String> {
    let (time, form) = match (format, value) {
        (None | Some(TimestampFormat::EpochSeconds), Value::Number(number)) => {
            let time = epoch_seconds(&Decimal::from(number));
            (time, "seconds since 1970 with at most 9 fractional digits")
        }
        (None | Some(TimestampFormat::DateTime), Value::String(text)) => (
            date_time(text),
            "a date-time that exists, in UTC, such as `1985-04-12T23:20:50.52Z`",
        ),
        (Some(TimestampFormat::HttpDate), Value::String(text)) => (
            http_date(text),
            "an http-date that exists, such as `Tue, 29 Apr 2014 18:30:38 GMT`",
        ),
        (None, _) => (None, "a number of seconds or a date-time"),
        (Some(TimestampFormat::EpochSeconds), _) => (None, "a number of seconds since 1970"),
        (Some(TimestampFormat::DateTime), _) => (None, "a date-time, a string"),
        (Some(TimestampFormat::HttpDate), _) => (None, "an http-date, a string"),
    };
    time.ok_or_else(|| format!("expected {form}, found `{value}`"))
}

/// `1398796238.25`. None when it does not fit or is finer than a nanosecond.
fn epoch_seconds(seconds: &Decimal) -> Option<Time> {
    let nanos: i128 = seconds.clone().shifted(9).integer()?;
    let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
    let nanos = u32::try_from(nanos.rem_euclid(1_000_000_000)).ok()?;
    Some((seconds, nanos))
}

/// `1985-04-12T23:20:50.52Z`: RFC 3339 in UTC, which is the only offset that Smithy allows.
fn date_time(text: &str) -> Option<Time> {
    let text = text.to_ascii_uppercase();
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (year, rest) = date.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let days = days(digits(year, 4)?, digits(month, 2)?, digits(day, 2)?)?;
    let (time, nanos) = match time.split_once('.') {
        Some((time, fraction)) if (1..=9).contains(&fraction.len()) => {
            let fraction = format!("{fraction:0<9}");
            (time, u32::try_from(digits(&fraction, 9)?).ok()?)
        }
        Some(_) => return None,
        None => (time, 0),
    };
    Some((days * 86_400 + second_of_day(time)?, nanos))
}

/// `Tue, 29 Apr 2014 18:30:38 GMT`: the IMF-fixdate of RFC 9110.
fn http_date(text: &str) -> Option<Time> {
    let (weekday, rest) = text.strip_suffix(" GMT")?.split_once(", ")?;
    let (date, time) = rest.rsplit_once(' ')?;
    let (day, rest) = date.split_once(' ')?;
    let (month, year) = rest.split_once(' ')?;
    let month = MONTHS.iter().position(|name| *name == month)?;
    let month = i64::try_from(month).ok()? + 1;
    let days = days(digits(year, 4)?, month, digits(day, 2)?)?;
    // 1970-01-01 was a Thursday.
    let of_week = usize::try_from((days + 3).rem_euclid(7)).ok()?;
    (DAYS.get(of_week) == Some(&weekday)).then_some(())?;
    Some((days * 86_400 + second_of_day(time)?, 0))
}

/// `23:20:50`. A leap second, which only the last minute of a day has, counts as the second after.
fn second_of_day(time: &str) -> Option<i64> {
    let (hour, rest) = time.split_once(':')?;
    let (minute, second) = rest.split_once(':')?;
    let (hour, minute, second) = (digits(hour, 2)?, digits(minute, 2)?, digits(second, 2)?);
    let last = if (hour, minute) == (23, 59) { 60 } else { 59 };
    let is_time = hour < 24 && minute < 60 && second <= last;
    is_time.then_some(hour * 3600 + minute * 60 + second)
}

/// The days from 1970-01-01 to a date that exists.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=last).contains(&day) {
        return None;
    }
    // Years are counted from March, so that a leap day is the last of its year.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(365 * year + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468)
}

/// A number of exactly `length` digits.
fn digits(text: &str, length: usize) -> Option<i64> {
    let is_number = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use TimestampFormat::{DateTime, EpochSeconds, HttpDate};

    #[test]
    fn reads_each_format() {
        for (format, value, expected) in [
            (None, json!(1.5), (1, 500_000_000)),
            (
                None,
                json!("1985-04-12T23:20:50.52Z"),
                (482_196_050, 520_000_000),
            ),
            (Some(EpochSeconds), json!(-1.5), (-2, 500_000_000)),
            (Some(EpochSeconds), json!(1e9), (1_000_000_000, 0)),
            (Some(EpochSeconds), json!(1.999_999_999), (1, 999_999_999)),
            (
                Some(DateTime),
                json!("2014-04-29t18:30:38z"),
                (1_398_796_238, 0),
            ),
            (
                Some(DateTime),
                json!("0000-03-01T00:00:00Z"),
                (-62_162_035_200, 0),
            ),
            (
                Some(DateTime),
                json!("9999-12-31T23:59:60Z"),
                (253_402_300_800, 0),
            ),
            (
                Some(DateTime),
                json!("2024-02-29T00:00:00.000000001Z"),
                (1_709_164_800, 1),
            ),
            (
                Some(HttpDate),
                json!("Tue, 29 Apr 2014 18:30:38 GMT"),
                (1_398_796_238, 0),
            ),
            (
                Some(HttpDate),
                json!("Thu, 01 Jan 1970 00:00:00 GMT"),
                (0, 0),
            ),
        ] {
            assert_eq!(read(&value, format), Ok(expected), "{value}");
        }
    }

    #[test]
    fn names_what_is_no_time() {
        for text in [
            "2023-02-31T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2023-04-31T00:00:00Z",
            "2023-00-01T00:00:00Z",
            "2023-13-01T00:00:00Z",
            "2023-01-00T00:00:00Z",
            "2023-01-01T24:00:00Z",
            "2023-01-01T00:60:00Z",
            "2023-01-01T00:00:60Z",
            "2023-01-01T00:00:00.Z",
            "2023-01-01T00:00:00.1234567890Z",
            "2023-1-01T00:00:00Z",
            "+023-01-01T00:00:00Z",
            "2023-01-01T00:00:00+01:00",
            "2023-01-01T00:00:00",
            "2023-01-01 00:00:00Z",
            "2023-01-01",
            "",
        ] {
            assert_eq!(date_time(text), None, "{text}");
        }
        for text in [
            "Wed, 29 Apr 2014 18:30:38 GMT",
            "Tue, 29 Apr 2014 18:30:38 UTC",
            "Tue, 29 Apr 2014 18:30:38.5 GMT",
            "Tuesday, 29-Apr-14 18:30:38 GMT",
            "Mon, 31 Feb 2014 18:30:38 GMT",
            "2014-04-29T18:30:38Z",
        ] {
            assert_eq!(http_date(text), None, "{text}");
        }
        for (format, value) in [
            (None, json!(1.999_999_999_9)),
            (None, json!("Tue, 29 Apr 2014 18:30:38 GMT")),
            (None, json!(true)),
            (Some(EpochSeconds), json!("1985-04-12T23:20:50Z")),
            (Some(EpochSeconds), json!(1e300)),
            (Some(DateTime), json!(1)),
            (Some(HttpDate), json!(1)),
        ] {
            let fault = read(&value, format).unwrap_err();
            assert!(
                fault.starts_with("expected ") && fault.contains("found `"),
                "{fault}"
            );
        }
    }
}
