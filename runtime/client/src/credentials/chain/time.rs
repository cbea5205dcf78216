//! Times as sources write them.

use std::time::{Duration, SystemTime};

use crate::skew::Offset;
use crate::timestamp::Timestamp;

/// An RFC 3339 time; `None` when it is none or out of range. Two common departures are read, too: a
/// space for the `T`, and an offset without a colon, which `strftime` gives.
pub(super) fn parse(text: &str) -> Option<SystemTime> {
    let mut text = text.trim().replacen(' ', "T", 1);
    if let Some((start, offset)) = text.rsplit_once(['+', '-']) {
        if start.contains(':') && offset.len() == 4 && offset.is_ascii() {
            text.insert(text.len() - 2, ':');
        }
    }
    let time = Timestamp::parse_date_time(&text).ok()?;
    SystemTime::try_from(time).ok()
}

/// Milliseconds since the epoch.
pub(super) fn parse_millis(text: &str) -> Option<SystemTime> {
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(text.parse().ok()?))
}

/// What a wrong clock shows at `time`, given how far the clock is behind. Smaller differences are
/// left alone.
pub(super) fn local(time: SystemTime, clock: Offset) -> SystemTime {
    if !clock.is_far_from(Offset::default()) {
        return time;
    }
    let distance = Duration::from_millis(clock.as_millis().unsigned_abs());
    let local = match clock.as_millis() < 0 {
        true => time.checked_add(distance),
        false => time.checked_sub(distance),
    };
    local.unwrap_or(time)
}

/// In whole seconds, as `aws sso login` writes times.
pub(super) fn format(time: SystemTime) -> String {
    let seconds = Timestamp::from(time).seconds();
    Timestamp::from_secs(seconds).date_time().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_sources_write() {
        let expected = SystemTime::UNIX_EPOCH + Duration::from_secs(1_651_516_560);
        assert_eq!(parse("2022-05-02T18:36:00Z"), Some(expected));
        for text in [
            "2022-05-02T18:36:00+00:00",
            "2022-05-02T18:36:00+0000",
            "2022-05-02 18:36:00Z\n",
            "2022-05-02 11:36:00-0700",
        ] {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
        for text in [
            "2022-05-02",
            "2022-05-02T18:36:00",
            "2022-05-02 18:36:00 +0000",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse_millis("1651516560000"), Some(expected));
        assert_eq!(format(expected), "2022-05-02T18:36:00Z");
        assert_eq!(parse("soon"), None);
        assert_eq!(parse_millis("-1"), None);
    }
}
