//! The pull reader: scalars other than strings.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{ReadError, Reader};
use crate::number::{self, BigDecimal, BigInteger};
use crate::sensitive::Sensitive;
use crate::timestamp::{ParseTimestampError, Timestamp};

macro_rules! integers {
    ($($name:ident $type:ty, $expected:literal;)*) => {
        $(
            #[doc = concat!("Reads ", $expected, ".")]
            ///
            /// # Errors
            ///
            /// When the next value is not a number, not whole or out of range.
            pub fn $name(&mut self) -> Result<$type, ReadError> {
                let start = self.start();
                let value = self.whole($expected)?;
                <$type>::try_from(value).map_err(|_| ReadError::new($expected, start))
            }
        )*
    };
}

macro_rules! floats {
    ($($name:ident $type:ident, $expected:literal;)*) => {
        $(
            #[doc = concat!("Reads ", $expected, ": a number, or one of the strings `NaN`, `Infinity` and")]
            /// `-Infinity`.
            ///
            /// # Errors
            ///
            /// When the next value is neither, or too large.
            pub fn $name(&mut self) -> Result<$type, ReadError> {
                if self.at_string() {
                    let start = self.at;
                    return match &*self.str()? {
                        "NaN" => Ok($type::NAN),
                        "Infinity" => Ok($type::INFINITY),
                        "-Infinity" => Ok($type::NEG_INFINITY),
                        _ => Err(ReadError::new($expected, start)),
                    };
                }
                let start = self.start();
                let value = self.number($expected)?.parse().ok();
                value.filter(|value: &$type| value.is_finite()).ok_or(ReadError::new($expected, start))
            }
        )*
    };
}

impl<'a> Reader<'a> {
    /// Reads `true` or `false`.
    ///
    /// # Errors
    ///
    /// When the next value is not a boolean.
    pub fn boolean(&mut self) -> Result<bool, ReadError> {
        match self.peek() {
            Some(b't') => self.literal("true").map(|()| true),
            Some(b'f') => self.literal("false").map(|()| false),
            _ => Err(self.error("a boolean")),
        }
    }

    integers! {
        byte i8, "a whole number of 8 bits";
        short i16, "a whole number of 16 bits";
        integer i32, "a whole number of 32 bits";
        long i64, "a whole number of 64 bits";
    }

    floats! {
        float f32, "a number of single precision";
        double f64, "a number of double precision";
    }

    /// Reads a whole number of any size. Fractions and exponents are understood as long as the
    /// value fits 128 bits, so that a short text cannot ask for a number of a billion digits.
    ///
    /// # Errors
    ///
    /// When the next value is not a number or not whole.
    pub fn big_integer(&mut self) -> Result<BigInteger, ReadError> {
        const EXPECTED: &str = "a whole number";
        let start = self.start();
        let text = self.number(EXPECTED)?;
        text.parse().or_else(|_| {
            number::whole(text)
                .map(BigInteger::from)
                .ok_or(ReadError::new(EXPECTED, start))
        })
    }

    /// Reads a number of any size and precision, and keeps its text.
    ///
    /// # Errors
    ///
    /// When the next value is not a number.
    pub fn big_decimal(&mut self) -> Result<BigDecimal, ReadError> {
        let start = self.start();
        self.number("a number")?
            .parse()
            .map_err(|_| ReadError::new("a number", start))
    }

    /// Reads bytes: a string of base64 in the standard alphabet, padded (RFC 4648, section 4).
    ///
    /// # Errors
    ///
    /// When the next value is not such a string.
    pub fn blob(&mut self) -> Result<Vec<u8>, ReadError> {
        let start = self.start();
        match self.str()? {
            std::borrow::Cow::Borrowed(text) => decode(text),
            std::borrow::Cow::Owned(text) => decode(&Sensitive::new(text)),
        }
        .ok_or(ReadError::new("padded base64", start))
    }

    /// Reads a timestamp as a number of seconds since the epoch, from its digits; what is finer
    /// than a nanosecond is cut off.
    ///
    /// # Errors
    ///
    /// When the next value is not a number, or out of range.
    pub fn timestamp(&mut self) -> Result<Timestamp, ReadError> {
        const EXPECTED: &str = "a number of seconds since the epoch";
        let start = self.start();
        if let Some(seconds) = self.digits() {
            return Ok(Timestamp::from_secs(seconds));
        }
        let text = self.number(EXPECTED)?;
        Timestamp::parse_epoch_seconds(text).map_err(|_| ReadError::new(EXPECTED, start))
    }

    /// Reads a timestamp as an RFC 3339 date-time, with any offset and fraction.
    ///
    /// # Errors
    ///
    /// When the next value is not a string of this form.
    pub fn timestamp_date_time(&mut self) -> Result<Timestamp, ReadError> {
        self.timestamp_text(Timestamp::parse_date_time)
    }

    /// Reads a timestamp as an HTTP date (the IMF-fixdate of RFC 9110, section 5.6.7), with or
    /// without a fraction.
    ///
    /// # Errors
    ///
    /// When the next value is not a string of this form.
    pub fn timestamp_http_date(&mut self) -> Result<Timestamp, ReadError> {
        self.timestamp_text(Timestamp::parse_http_date)
    }

    fn timestamp_text(
        &mut self,
        parse: fn(&str) -> Result<Timestamp, ParseTimestampError>,
    ) -> Result<Timestamp, ReadError> {
        let start = self.start();
        parse(&self.str()?).map_err(|error| ReadError::new(error.expected(), start))
    }

    /// Reads a string as an open enumeration.
    ///
    /// # Errors
    ///
    /// When the next value is not a string.
    pub fn enumeration<T: for<'s> From<&'s str>>(&mut self) -> Result<T, ReadError> {
        Ok(T::from(&self.str()?))
    }

    /// Reads a whole number of 32 bits as an open enumeration.
    ///
    /// # Errors
    ///
    /// As for [`integer`](Self::integer).
    pub fn int_enum<T: From<i32>>(&mut self) -> Result<T, ReadError> {
        self.integer().map(T::from)
    }

    /// Where the next value begins.
    fn start(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// The text of a number.
    pub(super) fn number(&mut self, expected: &'static str) -> Result<&'a str, ReadError> {
        let start = self.start();
        match number::number_length(self.bytes_from(start)) {
            Ok(length) => {
                self.at += length;
                self.slice(start, self.at)
            }
            // What does not begin like a number is something else; otherwise a digit is missing.
            Err(0) => Err(self.error(expected)),
            Err(at) => Err(ReadError::new("a digit", start + at)),
        }
    }

    /// A number that must be whole.
    fn whole(&mut self, expected: &'static str) -> Result<i64, ReadError> {
        let start = self.start();
        if let Some(value) = self.digits() {
            return Ok(value);
        }
        let value = number::whole(self.number(expected)?);
        value
            .and_then(|value| i64::try_from(value).ok())
            .ok_or(ReadError::new(expected, start))
    }

    /// The usual form of a whole number: up to 18 digits and nothing else. Otherwise nothing is
    /// consumed.
    fn digits(&mut self) -> Option<i64> {
        let text = self.bytes_from(self.at);
        let (negative, digits) = match text {
            [b'-', digits @ ..] => (true, digits),
            digits => (false, digits),
        };
        let mut value = 0;
        let mut length = 0;
        while let Some(digit @ b'0'..=b'9') = digits.get(length) {
            if length == 18 {
                return None;
            }
            value = value * 10 + i64::from(digit - b'0');
            length += 1;
        }
        let leading_zero = length > 1 && digits.first() == Some(&b'0');
        if length == 0 || leading_zero || matches!(digits.get(length), Some(b'.' | b'e' | b'E')) {
            return None;
        }
        self.at += usize::from(negative) + length;
        Some(if negative { -value } else { value })
    }
}

/// The bytes may be a secret: they are decoded into their final place, and wiped on failure.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Sensitive::new(vec![0; base64::decoded_len_estimate(text.len())]);
    let length = STANDARD.decode_slice(text, &mut bytes).ok()?;
    bytes.truncate(length);
    Some(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<'a, T>(text: &'a str, read: fn(&mut Reader<'a>) -> Result<T, ReadError>) -> Option<T> {
        let mut r = Reader::from_text(text);
        let value = read(&mut r).ok()?;
        r.finish().ok().map(|()| value)
    }

    #[test]
    fn reads_whole_numbers() {
        assert_eq!(read("127", Reader::byte), Some(127));
        assert_eq!(read("-128", Reader::byte), Some(-128));
        assert_eq!(read("128", Reader::byte), None);
        assert_eq!(read("32768", Reader::short), None);
        assert_eq!(read("-32768", Reader::short), Some(i16::MIN));
        assert_eq!(read("2147483647", Reader::integer), Some(i32::MAX));
        assert_eq!(read("2147483648", Reader::integer), None);
        assert_eq!(read("-9223372036854775808", Reader::long), Some(i64::MIN));
        assert_eq!(read("9223372036854775807", Reader::long), Some(i64::MAX));
        assert_eq!(read("9223372036854775808", Reader::long), None);
        assert_eq!(
            read("999999999999999999", Reader::long),
            Some(999_999_999_999_999_999)
        );
        assert_eq!(
            read("1000000000000000000", Reader::long),
            Some(1_000_000_000_000_000_000)
        );
        for (text, value) in [
            ("0", 0),
            ("-0", 0),
            ("1.0", 1),
            ("1e3", 1000),
            ("12.50E1", 125),
            ("-5000e-3", -5),
        ] {
            assert_eq!(read(text, Reader::integer), Some(value), "{text}");
        }
        let texts = r#"
            1.5 1e-1 1e400 1e-400 01 - 1. .5 +1 0x1 "1" true null NaN
            123000000000000000000000 -01 1e --1 2ABC Infinity
        "#;
        for text in texts.split_whitespace() {
            assert_eq!(read(text, Reader::integer), None, "{text}");
            assert_eq!(read(text, Reader::long), None, "{text}");
        }
    }

    #[test]
    fn reads_floats() {
        assert_eq!(read("1", Reader::double), Some(1.0));
        assert_eq!(
            read("-0.0", Reader::double).map(f64::is_sign_negative),
            Some(true)
        );
        assert_eq!(read("5e-324", Reader::double), Some(5e-324));
        assert_eq!(read("1e-400", Reader::double), Some(0.0));
        assert_eq!(read("0.1", Reader::float), Some(0.1));
        // Through a double this would round twice, and to the wrong side.
        assert_eq!(
            read("1.00000017881393432617187499", Reader::float),
            Some(1.000_000_1)
        );
        assert_eq!(read("\"Infinity\"", Reader::float), Some(f32::INFINITY));
        assert_eq!(
            read("\"-Infinity\"", Reader::double),
            Some(f64::NEG_INFINITY)
        );
        assert!(read("\"NaN\"", Reader::double).unwrap().is_nan());
        let texts = r#"
            1e400 NaN Infinity "1" "nan" "inf" "+Infinity" true 1. 01
        "#;
        for text in texts.split_whitespace() {
            assert_eq!(read(text, Reader::double), None, "{text}");
        }
        assert_eq!(read("1e39", Reader::float), None);
    }

    #[test]
    fn reads_big_numbers() {
        let digits = "9".repeat(1000);
        assert_eq!(read(&digits, Reader::big_integer).unwrap().as_str(), digits);
        assert_eq!(read("1.50e2", Reader::big_integer).unwrap().as_str(), "150");
        assert_eq!(read("1e999999999", Reader::big_integer), None);
        assert_eq!(read("0.5", Reader::big_integer), None);
        let text = "-0.100000000000000000000001e-9999999999";
        assert_eq!(read(text, Reader::big_decimal).unwrap().as_str(), text);
        assert_eq!(read("\"1\"", Reader::big_decimal), None);
    }

    #[test]
    fn reads_blobs() {
        let table: &[(&str, &[u8])] = &[
            ("", b""),
            ("Zg==", b"f"),
            ("Zm8=", b"fo"),
            ("Zm9v", b"foo"),
            ("+/+/", b"\xfb\xff\xbf"),
            (r"+\/+\/", b"\xfb\xff\xbf"),
            (r"\u005am9v", b"foo"),
        ];
        for (text, bytes) in table {
            assert_eq!(
                read(&format!("\"{text}\""), Reader::blob).as_deref(),
                Some(*bytes),
                "{text}"
            );
        }
        for text in [
            "\"xyz\"",
            "\"YmxvYg=\"",
            "\"YmxvYg\"",
            "\"YmxvYg===\"",
            "\"-_==\"",
            "\"Zh==\"",
            "\"Zm9v\\n\"",
            "\"Zm 9v\"",
            "[98]",
            "981",
            "true",
            "\"é\"",
            "\"=\"",
        ] {
            assert_eq!(read(text, Reader::blob), None, "{text}");
        }
    }

    #[test]
    fn reads_timestamps() {
        let expected = Timestamp::new(1_398_796_238, 250_000_000);
        assert_eq!(read("1398796238.25", Reader::timestamp), expected);
        assert_eq!(read("1.39879623825E9", Reader::timestamp), expected);
        assert_eq!(
            read("-1", Reader::timestamp),
            Some(Timestamp::from_secs(-1))
        );
        assert_eq!(
            read("-0.5", Reader::timestamp),
            Timestamp::new(-1, 500_000_000)
        );
        assert_eq!(
            read("\"2014-04-29T18:30:38.25Z\"", Reader::timestamp_date_time),
            expected
        );
        assert_eq!(
            read(
                "\"Tue, 29 Apr 2014 18:30:38.25 GMT\"",
                Reader::timestamp_http_date
            ),
            expected
        );
        for text in [
            "true",
            "1515531081ABC",
            "0x42",
            "1515531081.123.456",
            "Infinity",
            "\"Infinity\"",
            "NaN",
            "\"NaN\"",
            "\"1515531081\"",
            "\"1985-04-12T23:20:50.52Z\"",
            "\"Tue, 29 Apr 2014 18:30:38 GMT\"",
            "1e30",
            "01",
            "-",
        ] {
            assert_eq!(read(text, Reader::timestamp), None, "{text}");
        }
        for text in [
            "1515531081",
            "\"1515531081\"",
            "\"Tue, 29 Apr 2014 18:30:38 GMT\"",
            "\"\"",
        ] {
            assert_eq!(read(text, Reader::timestamp_date_time), None, "{text}");
        }
        for text in ["1515531081", "\"1985-04-12T23:20:50Z\"", "\"\""] {
            assert_eq!(read(text, Reader::timestamp_http_date), None, "{text}");
        }
    }

    #[test]
    fn booleans_and_enumerations() {
        assert_eq!(read("true", Reader::boolean), Some(true));
        assert_eq!(read(" false ", Reader::boolean), Some(false));
        for text in ["\"true\"", "1", "null", "tru", "truefalse"] {
            assert_eq!(read(text, Reader::boolean), None, "{text}");
        }
        assert_eq!(
            read("\"A\"", Reader::enumeration::<String>),
            Some("A".to_owned())
        );
        assert_eq!(read("7", Reader::int_enum::<i64>), Some(7));
    }
}
