//! The time of a signature in the form that it is signed in.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::timestamp::Timestamp;

/// 10000-01-01, as seconds since the epoch.
const YEAR_10000: i64 = 253_402_300_800;

/// Whether a signature can hold `time`: it is in the years 1970 to 9999.
pub(crate) fn can_sign(time: SystemTime) -> bool {
    signable_seconds(time).is_some()
}

fn signable_seconds(time: SystemTime) -> Option<i64> {
    let seconds = time.duration_since(UNIX_EPOCH).ok()?.as_secs();
    let seconds = i64::try_from(seconds).ok()?;
    (seconds < YEAR_10000).then_some(seconds)
}

/// A time as `20150830T123600Z`, in UTC.
#[derive(Clone, Copy)]
pub(super) struct AmzDate([u8; 16]);

impl AmzDate {
    /// Formats `time`. Returns `None` before 1970 and after 9999, which the format cannot hold.
    pub(super) fn new(time: SystemTime) -> Option<Self> {
        let seconds = signable_seconds(time)?;
        Some(Self(Timestamp::from_secs(seconds).basic_date_time()))
    }

    /// `20150830T123600Z`.
    pub(super) fn as_str(&self) -> &str {
        // Digits and letters are UTF-8.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// `20150830`.
    pub(super) fn day(&self) -> &str {
        self.as_str().get(..8).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn formats_dates() {
        for (seconds, expected) in [
            (0, Some("19700101T000000Z")),
            (951_782_400, Some("20000229T000000Z")),
            (1_440_938_160, Some("20150830T123600Z")),
            (253_402_300_799, Some("99991231T235959Z")),
            (253_402_300_800, None),
        ] {
            let time = UNIX_EPOCH + Duration::from_secs(seconds) + Duration::from_millis(999);
            let date = AmzDate::new(time);
            assert_eq!(date.as_ref().map(AmzDate::as_str), expected);
            assert_eq!(
                date.as_ref().map(AmzDate::day),
                expected.map(|text| &text[..8])
            );
        }
        assert!(AmzDate::new(UNIX_EPOCH - Duration::from_nanos(1)).is_none());
    }
}
