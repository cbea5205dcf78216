//! Printing timestamps.

use std::fmt::{self, Display, Formatter};

use super::{NANOS_PER_SECOND, Timestamp};

pub(super) const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// From the epoch's Thursday on.
pub(super) const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

pub(super) const SECONDS_PER_DAY: i64 = 86_400;

/// A point in time as a calendar and a clock in UTC show it.
struct Civil {
    year: i64,
    /// 1 to 12.
    month: i64,
    /// 1 to 31.
    day: i64,
    /// From the epoch on.
    days: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

impl Civil {
    fn new(time: Timestamp) -> Self {
        let days = time.seconds().div_euclid(SECONDS_PER_DAY);
        let clock = time.seconds().rem_euclid(SECONDS_PER_DAY);

        // Years are counted from the first of March, so that the leap day is the last of its year
        // and the lengths of the months follow a line: 153 days for five of them. 400 years have
        // 146,097 days; 719,468 of them lie between 0000-03-01 and the epoch.
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };

        Self {
            year: era * 400 + year_of_era + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * from_march + 2) / 5 + 1,
            days,
            hour: clock / 3_600,
            minute: clock / 60 % 60,
            second: clock % 60,
        }
    }
}

pub(super) struct EpochSeconds(pub(super) Timestamp);

impl Display for EpochSeconds {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (seconds, nanos) = (self.0.seconds(), self.0.subsec_nanos());
        // The fields count forward from the second before, decimal notation away from zero.
        if seconds < 0 && nanos > 0 {
            write!(f, "-{}", (seconds + 1).unsigned_abs())?;
            fraction(f, NANOS_PER_SECOND - nanos)
        } else {
            write!(f, "{seconds}")?;
            fraction(f, nanos)
        }
    }
}

pub(super) struct DateTime(pub(super) Timestamp);

impl Display for DateTime {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
            ..
        } = Civil::new(self.0);
        if (0..=9999).contains(&year) {
            write!(f, "{year:04}")?;
        } else {
            write!(f, "{year:+05}")?;
        }
        write!(f, "-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        fraction(f, self.0.subsec_nanos())?;
        f.write_str("Z")
    }
}

/// `20150830T123600Z`, the basic form of ISO 8601, for a year of four digits.
pub(super) fn basic_date_time(time: Timestamp) -> [u8; 16] {
    let Civil {
        year,
        month,
        day,
        hour,
        minute,
        second,
        ..
    } = Civil::new(time);
    let [a, b] = two_digits(year / 100);
    let [c, d] = two_digits(year);
    let ([e, f], [g, h]) = (two_digits(month), two_digits(day));
    let ([i, j], [k, l]) = (two_digits(hour), two_digits(minute));
    let [m, n] = two_digits(second);
    [a, b, c, d, e, f, g, h, b'T', i, j, k, l, m, n, b'Z']
}

/// The last two digits of a number.
fn two_digits(number: i64) -> [u8; 2] {
    [number / 10 % 10, number % 10].map(|digit| b'0' + digit as u8)
}

pub(super) struct HttpDate(pub(super) Timestamp);

impl Display for HttpDate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Civil {
            year,
            month,
            day,
            days,
            hour,
            minute,
            second,
        } = Civil::new(self.0);
        let weekday = name(&WEEKDAYS, days.rem_euclid(7));
        let month = name(&MONTHS, month - 1);
        write!(
            f,
            "{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT"
        )
    }
}

fn name(names: &[&'static str], index: i64) -> &'static str {
    usize::try_from(index)
        .ok()
        .and_then(|index| names.get(index))
        .copied()
        .unwrap_or_default()
}

/// The fraction of a second, without trailing zeros; nothing at all when it is 0.
fn fraction(f: &mut Formatter<'_>, nanos: u32) -> fmt::Result {
    let (mut digits, mut width) = (nanos, 9);
    while width > 0 && digits % 10 == 0 {
        digits /= 10;
        width -= 1;
    }
    if width == 0 {
        Ok(())
    } else {
        write!(f, ".{digits:0width$}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_times_are_printed_short() {
        let table = [
            (0, 0, "1970-01-01T00:00:00Z"),
            (1_398_796_238, 250_000_000, "2014-04-29T18:30:38.25Z"),
            (1_398_796_238, 1, "2014-04-29T18:30:38.000000001Z"),
            (951_782_400, 0, "2000-02-29T00:00:00Z"),
            (-1, 999_000_000, "1969-12-31T23:59:59.999Z"),
            (-62_167_219_200, 0, "0000-01-01T00:00:00Z"),
            (-62_167_219_201, 0, "-0001-12-31T23:59:59Z"),
            (253_402_300_799, 0, "9999-12-31T23:59:59Z"),
            (253_402_300_800, 0, "+10000-01-01T00:00:00Z"),
            (
                i64::MAX,
                999_999_999,
                "+292277026596-12-04T15:30:07.999999999Z",
            ),
            (i64::MIN, 0, "-292277022657-01-27T08:29:52Z"),
        ];
        for (seconds, nanos, text) in table {
            let time = Timestamp::new(seconds, nanos).unwrap();
            assert_eq!(time.to_string(), text);
            assert_eq!(format!("{time:?}"), text);
        }
    }

    #[test]
    fn http_dates_have_whole_seconds() {
        let table = [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (1_398_796_238, "Tue, 29 Apr 2014 18:30:38 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        ];
        for (seconds, text) in table {
            assert_eq!(
                Timestamp::new(seconds, 999_999_999)
                    .unwrap()
                    .http_date()
                    .to_string(),
                text
            );
        }
    }
}
