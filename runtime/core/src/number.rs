//! Numbers of any size, kept as the decimal text that stands on the wire.

use std::fmt;
use std::str::FromStr;

use crate::error::debug_as_display;
use crate::sensitive::Wipe;

/// A text is not a number of the wanted kind.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseNumberError;

impl fmt::Display for ParseNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a decimal number as JSON writes it")
    }
}

debug_as_display!(ParseNumberError);

impl std::error::Error for ParseNumberError {}

macro_rules! decimal_text {
    ($name:ident) => {
        impl $name {
            /// Takes a number that the generator read in a model, so that it needs no check.
            #[doc(hidden)]
            #[must_use]
            pub fn from_digits(text: &'static str) -> Self {
                Self { text: text.to_owned() }
            }

            /// The number as it is written on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.text
            }

            /// The value, when it is whole and in range.
            #[must_use]
            pub fn as_i64(&self) -> Option<i64> {
                whole(&self.text)?.try_into().ok()
            }

            /// The value, when it is whole and in range.
            #[must_use]
            pub fn as_u64(&self) -> Option<u64> {
                whole(&self.text)?.try_into().ok()
            }

            /// The nearest double, unless that is infinite.
            #[must_use]
            pub fn as_f64(&self) -> Option<f64> {
                self.text.parse().ok().filter(|value: &f64| value.is_finite())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self { text: "0".to_owned() }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.text)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.text)
            }
        }

        impl Wipe for $name {
            fn wipe(&mut self) {
                self.text.wipe();
                self.text.push('0');
            }
        }

        decimal_text!(@from $name, i8 i16 i32 i64 i128 u8 u16 u32 u64 u128);
    };
    (@from $name:ident, $($integer:ty)*) => {
        $(
            impl From<$integer> for $name {
                fn from(value: $integer) -> Self {
                    Self { text: value.to_string() }
                }
            }
        )*
    };
}

/// Smithy's `bigInteger`: a whole number of any size, kept as decimal text.
///
/// It does no arithmetic; [`as_str`](Self::as_str) and [`FromStr`] lead to the big number crate of
/// your choice. Two are equal when their texts are.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BigInteger {
    text: String,
}

decimal_text!(BigInteger);

impl FromStr for BigInteger {
    type Err = ParseNumberError;

    /// Reads an optional `-` and digits without leading zeros: a JSON number (RFC 8259, section 6)
    /// that has neither fraction nor exponent.
    fn from_str(text: &str) -> Result<Self, ParseNumberError> {
        if !is_number(text) || text.contains(['.', 'e', 'E']) {
            return Err(ParseNumberError);
        }
        Ok(Self {
            text: text.to_owned(),
        })
    }
}

/// Smithy's `bigDecimal`: a decimal number of any size and precision, kept as text.
///
/// It does no arithmetic; [`as_str`](Self::as_str) and [`FromStr`] lead to the big number crate of
/// your choice. Two are equal when their texts are: `1.0` differs from `1`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BigDecimal {
    text: String,
}

decimal_text!(BigDecimal);

impl FromStr for BigDecimal {
    type Err = ParseNumberError;

    /// Reads a JSON number (RFC 8259, section 6).
    fn from_str(text: &str) -> Result<Self, ParseNumberError> {
        if !is_number(text) {
            return Err(ParseNumberError);
        }
        Ok(Self {
            text: text.to_owned(),
        })
    }
}

impl From<BigInteger> for BigDecimal {
    fn from(value: BigInteger) -> Self {
        Self { text: value.text }
    }
}

impl TryFrom<f64> for BigDecimal {
    type Error = ParseNumberError;

    /// The shortest decimal text that reads back as `value`, which must be finite.
    fn try_from(value: f64) -> Result<Self, ParseNumberError> {
        if !value.is_finite() {
            return Err(ParseNumberError);
        }
        let mut text = String::new();
        write_float(&mut text, value, value.abs()).map_err(|_| ParseNumberError)?;
        Ok(Self { text })
    }
}

/// Writes a finite `value` as the shortest JSON number that reads back as the same float, with an
/// exponent where the digits would otherwise be mostly zeros. `magnitude` is its absolute value.
pub(crate) fn write_float<T: fmt::Display + fmt::LowerExp>(
    out: &mut dyn fmt::Write,
    value: T,
    magnitude: f64,
) -> fmt::Result {
    if magnitude == 0.0 || (1e-5..1e16).contains(&magnitude) {
        write!(out, "{value}")
    } else {
        write!(out, "{value:e}")
    }
}

/// Whether `text` is a JSON number (RFC 8259, section 6) and nothing else.
fn is_number(text: &str) -> bool {
    number_length(text.as_bytes()) == Ok(text.len())
}

/// The length of the JSON number at the start of `text`; if there is none, the offset at which a
/// digit is missing.
pub(crate) fn number_length(text: &[u8]) -> Result<usize, usize> {
    let mut at = usize::from(text.first() == Some(&b'-'));
    at = match text.get(at) {
        Some(b'0') => at + 1,
        _ => digits(text, at)?,
    };
    if text.get(at) == Some(&b'.') {
        at = digits(text, at + 1)?;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        at += 1;
        at += usize::from(matches!(text.get(at), Some(b'+' | b'-')));
        at = digits(text, at)?;
    }
    Ok(at)
}

/// The end of the run of digits that starts at `from`; `from` as an error if there is no digit.
fn digits(text: &[u8], from: usize) -> Result<usize, usize> {
    let mut at = from;
    while text.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    if at > from { Ok(at) } else { Err(from) }
}

/// The value of a JSON number that is whole (`12`, `1.0`, `1e3`) and fits.
pub(crate) fn whole(text: &str) -> Option<i128> {
    match scaled(text, 0)? {
        (value, true) => Some(value),
        (_, false) => None,
    }
}

/// A JSON number times 10^`scale`, cut towards zero, and whether that is exact. None when it does
/// not fit. The work is bounded by the length of the text, whatever its exponent says.
pub(crate) fn scaled(text: &str, scale: i64) -> Option<(i128, bool)> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, saturating_integer(exponent)),
        None => (text, 0),
    };
    let (sign, magnitude) = match mantissa.strip_prefix('-') {
        Some(magnitude) => (-1, magnitude),
        None => (1, mantissa),
    };
    let (integer, fraction) = magnitude.split_once('.').unwrap_or((magnitude, ""));

    // How many digits stand before the decimal point once it has moved.
    let mut kept = exponent
        .saturating_add(scale)
        .saturating_add(integer.len() as i64);
    let mut value: i128 = 0;
    let mut exact = true;
    for digit in integer
        .bytes()
        .chain(fraction.bytes())
        .map(|byte| byte.wrapping_sub(b'0'))
    {
        if kept > 0 {
            value = value.checked_mul(10)?.checked_add(digit.into())?;
        } else {
            exact &= digit == 0;
        }
        kept = kept.saturating_sub(1);
    }
    // Zeros that only the exponent spells out; a value other than 0 soon overflows.
    while kept > 0 && value != 0 {
        value = value.checked_mul(10)?;
        kept -= 1;
    }
    Some((sign * value, exact))
}

/// The exponent of a JSON number, as near to it as an `i64` can come.
fn saturating_integer(text: &str) -> i64 {
    let (negative, digits) = match text.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let magnitude = digits.iter().fold(0_i64, |value, byte| {
        value
            .saturating_mul(10)
            .saturating_add(byte.wrapping_sub(b'0').into())
    });
    if negative { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_is_that_of_json() {
        let good = [
            "0",
            "-0",
            "7",
            "-12",
            "10",
            "1.0",
            "0.5",
            "-0.001",
            "1e3",
            "1E+3",
            "1e-3",
            "1.5e10",
            "123456789012345678901234567890.123",
        ];
        for text in good {
            assert_eq!(text.parse::<BigDecimal>().unwrap().as_str(), text);
        }
        let bad = [
            "",
            "-",
            "+1",
            "01",
            "-01",
            "00",
            "1.",
            ".5",
            "1.e3",
            "1e",
            "1e+",
            "1e1.5",
            "0x10",
            " 1",
            "1 ",
            "1_000",
            "NaN",
            "Infinity",
            "-Infinity",
            "١",
        ];
        for text in bad {
            assert_eq!(
                text.parse::<BigDecimal>(),
                Err(ParseNumberError),
                "{text:?}"
            );
            assert_eq!(
                text.parse::<BigInteger>(),
                Err(ParseNumberError),
                "{text:?}"
            );
        }
        for text in ["1.0", "1e3", "1E3"] {
            assert_eq!(
                text.parse::<BigInteger>(),
                Err(ParseNumberError),
                "{text:?}"
            );
        }
    }

    #[test]
    fn reads_whole_numbers() {
        let table: &[(&str, Option<i128>)] = &[
            ("0", Some(0)),
            ("-0", Some(0)),
            ("-0.0e5", Some(0)),
            ("1.0", Some(1)),
            ("1e3", Some(1000)),
            ("1.25e2", Some(125)),
            ("-1200e-2", Some(-12)),
            ("0.001e3", Some(1)),
            ("1.5", None),
            ("1e-1", None),
            ("0e999999999999999999999999", Some(0)),
            ("0.0e-999999999999999999999999", Some(0)),
            ("1e999999999999999999999999", None),
            ("1e-999999999999999999999999", None),
            ("170141183460469231731687303715884105727", Some(i128::MAX)),
            ("170141183460469231731687303715884105728", None),
            ("1e38", Some(10_i128.pow(38))),
            ("1e39", None),
        ];
        for &(text, value) in table {
            assert_eq!(whole(text), value, "{text}");
        }
    }

    #[test]
    fn scaling_cuts_towards_zero() {
        assert_eq!(scaled("1.9999", 3), Some((1999, false)));
        assert_eq!(scaled("-1.9999", 3), Some((-1999, false)));
        assert_eq!(scaled("1.25", 3), Some((1250, true)));
        assert_eq!(scaled("125e-5", 3), Some((1, false)));
    }

    #[test]
    fn converts_numbers() {
        let big: BigInteger = "-340282366920938463463374607431768211456".parse().unwrap();
        assert_eq!(big.as_i64(), None);
        assert_eq!(big.to_string(), "-340282366920938463463374607431768211456");
        assert_eq!(BigInteger::from(u64::MAX).as_u64(), Some(u64::MAX));
        assert_eq!(BigInteger::from(i64::MIN).as_i64(), Some(i64::MIN));
        assert_eq!(BigInteger::from(-1).as_u64(), None);
        assert_eq!(BigInteger::default().as_str(), "0");
        assert_eq!(BigDecimal::from(BigInteger::from(5)).as_f64(), Some(5.0));
        assert_eq!(BigDecimal::try_from(1e300).unwrap().as_str(), "1e300");
        assert_eq!(BigDecimal::try_from(0.1).unwrap().as_str(), "0.1");
        assert_eq!(BigDecimal::try_from(f64::NAN), Err(ParseNumberError));
        assert_eq!("1e400".parse::<BigDecimal>().unwrap().as_f64(), None);
        assert_eq!("1e3".parse::<BigDecimal>().unwrap().as_i64(), Some(1000));
    }

    #[test]
    fn wiped_numbers_are_zero() {
        let mut number: BigDecimal = "12.5".parse().unwrap();
        number.wipe();
        assert_eq!(number, BigDecimal::default());
    }
}
