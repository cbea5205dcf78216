//! Reading timestamps.

use super::Timestamp;
use super::format::{MONTHS, SECONDS_PER_DAY, WEEKDAYS};

/// RFC 3339, section 5.6.
pub(super) fn date_time(text: &str) -> Option<Timestamp> {
    let mut text = Cursor(text.as_bytes());
    let year = text.number(4)?;
    text.one_of(b"-")?;
    let month = text.number(2)?;
    text.one_of(b"-")?;
    let day = text.number(2)?;
    text.one_of(b"Tt")?;
    let (clock, nanos) = text.clock()?;
    let offset = text.offset()?;
    text.end()?;
    let seconds = days_since_epoch(year, month, day)? * SECONDS_PER_DAY + clock - offset;
    Timestamp::new(seconds, nanos)
}

/// IMF-fixdate of RFC 9110, section 5.6.7, with a fraction of a second as an extension.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    let mut text = Cursor(text.as_bytes());
    text.name(&WEEKDAYS)?;
    text.one_of(b",")?;
    text.one_of(b" ")?;
    let day = text.number(2)?;
    text.one_of(b" ")?;
    let month = text.name(&MONTHS)? + 1;
    text.one_of(b" ")?;
    let year = text.number(4)?;
    text.one_of(b" ")?;
    let (clock, nanos) = text.clock()?;
    text.one_of(b" ")?;
    text.name(&["GMT"])?;
    text.end()?;
    Timestamp::new(
        days_since_epoch(year, month, day)? * SECONDS_PER_DAY + clock,
        nanos,
    )
}

/// None for a day that does not exist.
fn days_since_epoch(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    // As for printing, the year starts in March; 306 days lie between then and the end of December.
    let (year, from_march) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(year * 365 + leap_days + (153 * from_march + 2) / 5 + day - 1 - 719_468)
}

/// The text that is still to be read. Each method takes its part from the front, or gives None.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn one_of(&mut self, allowed: &[u8]) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        allowed.contains(&byte).then_some(byte)
    }

    fn digit(&mut self) -> Option<u32> {
        self.one_of(b"0123456789")
            .map(|byte| u32::from(byte - b'0'))
    }

    /// Exactly `digits` digits.
    fn number(&mut self, digits: usize) -> Option<i64> {
        let mut value = 0;
        for _ in 0..digits {
            value = value * 10 + i64::from(self.digit()?);
        }
        Some(value)
    }

    /// The index of the one of `names` that follows.
    fn name(&mut self, names: &[&str]) -> Option<i64> {
        let index = names
            .iter()
            .position(|name| self.0.starts_with(name.as_bytes()))?;
        self.0 = self.0.get(names.get(index)?.len()..)?;
        i64::try_from(index).ok()
    }

    /// `18:30:38.25` as seconds since midnight and nanoseconds. A leap second is allowed wherever
    /// it may stand with an offset: at the end of any minute.
    fn clock(&mut self) -> Option<(i64, u32)> {
        let hour = self.number(2)?;
        self.one_of(b":")?;
        let minute = self.number(2)?;
        self.one_of(b":")?;
        let second = self.number(2)?;
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        Some((hour * 3_600 + minute * 60 + second, self.fraction()?))
    }

    /// An optional `.` with at least one digit, as nanoseconds.
    fn fraction(&mut self) -> Option<u32> {
        let Some(rest) = self.0.strip_prefix(b".") else {
            return Some(0);
        };
        self.0 = rest;
        let mut nanos = self.digit()? * 100_000_000;
        let mut unit = 10_000_000;
        while self.0.first().is_some_and(u8::is_ascii_digit) {
            nanos += self.digit()? * unit;
            unit /= 10;
        }
        Some(nanos)
    }

    /// `Z`, or `+01:00`: how many seconds the clock is ahead of UTC.
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(0),
        };
        let hour = self.number(2)?;
        self.one_of(b":")?;
        let minute = self.number(2)?;
        (hour <= 23 && minute <= 59).then_some(sign * (hour * 3_600 + minute * 60))
    }

    fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_date_times() {
        let table = [
            ("1970-01-01T00:00:00Z", 0, 0),
            ("2014-04-29T18:30:38Z", 1_398_796_238, 0),
            ("2014-04-29t18:30:38.25z", 1_398_796_238, 250_000_000),
            ("2019-12-16T22:48:18-01:00", 1_576_540_098, 0),
            ("2019-12-17T00:48:18+01:00", 1_576_540_098, 0),
            ("2000-01-02T20:34:56.123Z", 946_845_296, 123_000_000),
            (
                "2000-02-29T00:00:00.1234567899+00:00",
                951_782_400,
                123_456_789,
            ),
            ("1969-12-31T23:59:59.5Z", -1, 500_000_000),
            ("2016-12-31T23:59:60Z", 1_483_228_800, 0),
            ("0000-01-01T00:00:00+23:59", -62_167_305_540, 0),
            (
                "9999-12-31T23:59:59.999999999Z",
                253_402_300_799,
                999_999_999,
            ),
        ];
        for (text, seconds, nanos) in table {
            assert_eq!(date_time(text), Timestamp::new(seconds, nanos), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_time() {
        let texts = [
            "",
            "1996-12-19T16:39:57",
            "1996-12-19T16:39:57+00",
            "1996-12-19T16:39:57+00Z",
            "19961219T163957Z",
            "1996-12-19 16:39:57Z",
            "1996-12-19T16:39Z",
            "2011-12-03T10:15:30+01:00[Europe/Paris]",
            "1900-02-29T00:00:00Z",
            "2001-02-29T00:00:00Z",
            "2000-00-01T00:00:00Z",
            "2000-13-01T00:00:00Z",
            "2000-04-31T00:00:00Z",
            "2000-01-00T00:00:00Z",
            "2000-01-01T24:00:00Z",
            "2000-01-01T00:60:00Z",
            "2000-01-01T00:00:61Z",
            "2000-01-01T00:00:00.Z",
            "2000-01-01T00:00:00,5Z",
            "2000-01-01T00:00:00+24:00",
            "2000-01-01T00:00:00+01:60",
            "+2000-01-01T00:00:00Z",
            "20000-01-01T00:00:00Z",
            "2000-1-1T0:0:0Z",
            "Tue, 29 Apr 2014 18:30:38 GMT",
            "1515531081",
            "2000-01-01T00:00:00Z ",
            "２000-01-01T00:00:00Z",
        ];
        for text in texts {
            assert_eq!(date_time(text), None, "{text}");
        }
    }

    #[test]
    fn parses_http_dates() {
        let table = [
            ("Tue, 29 Apr 2014 18:30:38 GMT", 1_398_796_238, 0),
            ("Sun, 02 Jan 2000 20:34:56.000 GMT", 946_845_296, 0),
            (
                "Sun, 02 Jan 2000 20:34:56.456 GMT",
                946_845_296,
                456_000_000,
            ),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777, 0),
        ];
        for (text, seconds, nanos) in table {
            assert_eq!(http_date(text), Timestamp::new(seconds, nanos), "{text}");
        }
        let wrong = [
            "",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "sun, 06 nov 1994 08:49:37 gmt",
            "Sun, 31 Nov 1994 08:49:37 GMT",
            "1985-04-12T23:20:50Z",
            "Sun, 06 Nov 1994 08:49:37 GMT+1",
        ];
        for text in wrong {
            assert_eq!(http_date(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_printed_reads_back() {
        // A prime number of seconds walks through years, months, days and hours alike.
        for step in -4_000..4_000 {
            let time = Timestamp::new(step * 15_485_863, 1_000).unwrap();
            assert_eq!(date_time(&time.date_time().to_string()), Some(time));
            let whole = Timestamp::from_secs(time.seconds());
            assert_eq!(http_date(&time.http_date().to_string()), Some(whole));
        }
    }
}
