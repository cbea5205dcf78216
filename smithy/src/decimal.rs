//! Numbers of JSON by their digits, of any size and precision.

use std::cmp::Ordering;

use serde_json::Number;

/// More digits than any number that a model spells out; an exponent can ask for more.
const MOST_DIGITS: i64 = 4096;

/// A number of JSON, compared by its value: `1.0` equals `1`, `-0` equals `0`.
#[derive(Clone, Debug)]
pub(crate) struct Decimal {
    is_negative: bool,
    /// Without zeros at either end; empty for zero.
    digits: String,
    /// How many digits come before the decimal point: the value is `0.digits` times 10 to it.
    point: i64,
}

impl Decimal {
    /// The number that `text` is in JSON's grammar.
    pub(crate) fn new(text: &str) -> Self {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, saturating(exponent)),
            None => (text, 0),
        };
        let (is_negative, mantissa) = match mantissa.strip_prefix('-') {
            Some(magnitude) => (true, magnitude),
            None => (false, mantissa),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let zeros = length(&all) - length(digits);
        let digits = digits.trim_end_matches('0');
        let point = exponent.saturating_add(length(whole) - zeros);
        Self {
            is_negative: is_negative && !digits.is_empty(),
            point: if digits.is_empty() { 0 } else { point },
            digits: digits.to_owned(),
        }
    }

    /// Whether the number is zero.
    pub(crate) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// All digits of a whole number, after its sign; `None` when it is not whole or has thousands.
    pub(crate) fn whole(&self) -> Option<String> {
        if self.is_zero() {
            return Some("0".to_owned());
        }
        let zeros = self.point.saturating_sub(length(&self.digits));
        if self.point > MOST_DIGITS || zeros < 0 {
            return None;
        }
        let zeros = "0".repeat(usize::try_from(zeros).unwrap_or_default());
        let sign = if self.is_negative { "-" } else { "" };
        Some(format!("{sign}{}{zeros}", self.digits))
    }

    /// The whole number, if it is one and fits.
    pub(crate) fn integer<T: std::str::FromStr>(&self) -> Option<T> {
        self.whole()?.parse().ok()
    }

    /// The number times 10 to `power`.
    pub(crate) fn shifted(mut self, power: i64) -> Self {
        if !self.is_zero() {
            self.point = self.point.saturating_add(power);
        }
        self
    }

    fn magnitude(&self, other: &Self) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (false, false) => {}
            (is_zero, other_is_zero) => return other_is_zero.cmp(&is_zero),
        }
        // Without zeros in front, a number with more digits before the point is greater, and
        // otherwise the order is that of the digits.
        let by_point = self.point.cmp(&other.point);
        by_point.then_with(|| self.digits.cmp(&other.digits))
    }
}

impl From<&Number> for Decimal {
    fn from(number: &Number) -> Self {
        Self::new(&number.to_string())
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_negative, other.is_negative) {
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
            (is_negative, other_is_negative) => other_is_negative.cmp(&is_negative),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

fn length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

/// An exponent, as near to it as an `i64` comes.
fn saturating(exponent: &str) -> i64 {
    let limit = if exponent.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    };
    exponent.parse().unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_by_value() {
        let ascending = [
            "-1e999999999999999999999999",
            "-10",
            "-9.5",
            "-0.01",
            "0",
            "1e-400",
            "0.1",
            "1",
            "1.000000000000000000000000000001",
            "9",
            "10",
            "18446744073709551616",
            "18446744073709551617",
            "1e400",
        ];
        let numbers = ascending.map(Decimal::new);
        assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
        for (one, other) in [
            ("1", "1.0"),
            ("0", "-0.00e7"),
            ("1e3", "1000"),
            ("1200E-2", "12"),
            ("0.001e3", "1"),
            ("0e99999999999999999999", "0"),
        ] {
            assert_eq!(Decimal::new(one), Decimal::new(other));
        }
    }

    #[test]
    fn whole_numbers_have_all_their_digits() {
        for (text, expected) in [
            ("0", Some("0")),
            ("-0", Some("0")),
            ("1.0", Some("1")),
            ("-1.50e3", Some("-1500")),
            (
                "123456789012345678901234567890",
                Some("123456789012345678901234567890"),
            ),
            ("1.5", None),
            ("1e-1", None),
            ("1e999999999999999999999999", None),
            ("1e-999999999999999999999999", None),
        ] {
            assert_eq!(Decimal::new(text).whole().as_deref(), expected, "{text}");
        }
        assert_eq!(Decimal::new("127.0").integer(), Some(127_i8));
        assert_eq!(Decimal::new("128").integer::<i8>(), None);
    }

    #[test]
    fn shifting_moves_the_point() {
        let nanos = |text| Decimal::new(text).shifted(9).integer::<i128>();
        assert_eq!(nanos("-1.5"), Some(-1_500_000_000));
        assert_eq!(nanos("0.0"), Some(0));
        assert_eq!(nanos("1.9999999999"), None);
    }
}
