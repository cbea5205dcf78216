//! Values of simple shapes, as JSON writes them in defaults, examples and parameters of tests.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use crate::ast::ShapeKind;
use crate::decimal::Decimal;
use crate::timestamp;
use crate::traits::TimestampFormat;

/// A value of a simple shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// Of a boolean.
    Boolean(bool),
    /// Of a byte, short, integer or long.
    Integer(i64),
    /// Of a float, as Rust's `Debug` prints it: a literal of Rust unless it is `NaN`, `inf` or
    /// `-inf`.
    Float(String),
    /// Of a double, in the same form.
    Double(String),
    /// The digits of a bigInteger.
    BigInteger(String),
    /// The digits of a bigDecimal, as JSON writes them.
    BigDecimal(String),
    /// Of a string.
    String(String),
    /// Of a blob.
    Blob(Vec<u8>),
    /// Of a timestamp: seconds and nanoseconds since the epoch.
    Timestamp(i64, u32),
}

/// How the string of a blob is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlobForm {
    /// As base64, with or without padding.
    Base64,
    /// As its bytes.
    Text,
    /// As base64 if that represents text, else as its bytes.
    Either,
}

/// Smithy's own reader does without padding, too.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl Scalar {
    /// Reads a value of this kind. Without a format, timestamps are seconds or date-times.
    ///
    /// # Errors
    ///
    /// A text that says what is expected and what is there.
    pub fn read(
        kind: &ShapeKind,
        blobs: BlobForm,
        format: Option<TimestampFormat>,
        value: &Value,
    ) -> Result<Self, String> {
        let (scalar, form) = match kind {
            ShapeKind::Boolean => (value.as_bool().map(Self::Boolean), "a boolean"),
            ShapeKind::Byte => return whole(value, i8::MIN.into(), i8::MAX.into()),
            ShapeKind::Short => return whole(value, i16::MIN.into(), i16::MAX.into()),
            ShapeKind::Integer => return whole(value, i32::MIN.into(), i32::MAX.into()),
            ShapeKind::Long => return whole(value, i64::MIN, i64::MAX),
            ShapeKind::Float => (
                float(value, single).map(Self::Float),
                "a number within the range of a 32-bit float",
            ),
            ShapeKind::Double => (
                float(value, double).map(Self::Double),
                "a number within the range of a 64-bit float",
            ),
            ShapeKind::BigInteger => {
                let digits = number(value).and_then(|number| number.whole());
                let form = "a whole number of at most 4096 digits";
                (digits.map(Self::BigInteger), form)
            }
            ShapeKind::BigDecimal => {
                let digits = value.as_number().map(ToString::to_string);
                (digits.map(Self::BigDecimal), "a number")
            }
            ShapeKind::String => {
                let text = value.as_str().map(str::to_owned);
                (text.map(Self::String), "a string")
            }
            ShapeKind::Blob => {
                let bytes = value.as_str().and_then(|text| blob(text, blobs));
                let form = match blobs {
                    BlobForm::Base64 => "a base64 string",
                    BlobForm::Text | BlobForm::Either => "a string",
                };
                (bytes.map(Self::Blob), form)
            }
            ShapeKind::Timestamp => {
                let (seconds, nanos) = timestamp::read(value, format)?;
                return Ok(Self::Timestamp(seconds, nanos));
            }
            _ => return Err(format!("a {} is not a simple value", kind.name())),
        };
        scalar.ok_or_else(|| expected(form, value))
    }

    /// Whether it is the zero value of its kind: false, 0, empty, the epoch.
    pub fn is_zero(&self) -> bool {
        match self {
            Self::Boolean(flag) => !flag,
            Self::Integer(number) => *number == 0,
            Self::Float(text) | Self::Double(text) => text == "0.0",
            // A zero of more digits is another bigDecimal.
            Self::BigInteger(digits) | Self::BigDecimal(digits) => digits == "0",
            Self::String(text) => text.is_empty(),
            Self::Blob(bytes) => bytes.is_empty(),
            Self::Timestamp(seconds, nanos) => (*seconds, *nanos) == (0, 0),
        }
    }
}

/// Reads the number of an intEnum.
///
/// # Errors
///
/// A text that says what is expected and what is there.
pub fn int_enum(value: &Value) -> Result<i32, String> {
    let number = number(value).and_then(|number| number.integer());
    number.ok_or_else(|| expected("a whole number of 32 bits", value))
}

/// Reads the text of an enum.
///
/// # Errors
///
/// A text that says what is expected and what is there.
pub fn enum_text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| expected("a string", value))
}

/// A message on a value of the wrong form.
pub fn expected(form: &str, found: &Value) -> String {
    format!("expected {form}, found `{found}`")
}

fn number(value: &Value) -> Option<Decimal> {
    value.as_number().map(Decimal::from)
}

/// A whole number may be written with a fraction of zero.
fn whole(value: &Value, min: i64, max: i64) -> Result<Scalar, String> {
    let whole = number(value).and_then(|number| number.integer());
    let whole = whole.filter(|number| (min..=max).contains(number));
    whole
        .map(Scalar::Integer)
        .ok_or_else(|| expected(&format!("a whole number from {min} to {max}"), value))
}

/// The nearest number of a type, in the shortest form that reads back as it. What is too large for
/// the type, or so small that it would become zero, is refused.
fn float(value: &Value, nearest: fn(&str) -> Option<String>) -> Option<String> {
    match value {
        Value::Number(number) => {
            let is_zero = Decimal::from(number).is_zero();
            nearest(&number.to_string())
                .filter(|text| is_zero || !matches!(text.as_str(), "0.0" | "-0.0"))
        }
        Value::String(text) => match text.as_str() {
            "NaN" => Some("NaN".to_owned()),
            "Infinity" => Some("inf".to_owned()),
            "-Infinity" => Some("-inf".to_owned()),
            _ => None,
        },
        _ => None,
    }
}

fn single(text: &str) -> Option<String> {
    let number: f32 = text.parse().ok()?;
    number.is_finite().then(|| format!("{number:?}"))
}

fn double(text: &str) -> Option<String> {
    let number: f64 = text.parse().ok()?;
    number.is_finite().then(|| format!("{number:?}"))
}

/// Examples are in base64 only by the letter of the specification: what reads as text after
/// decoding was, and anything else is taken as written.
fn blob(text: &str, form: BlobForm) -> Option<Vec<u8>> {
    let decoded = BASE64.decode(text).ok();
    let is_text = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    let plain = || text.as_bytes().to_vec();
    match form {
        BlobForm::Base64 => decoded,
        BlobForm::Text => Some(plain()),
        BlobForm::Either => {
            let decoded = decoded.filter(|bytes| bytes.iter().all(is_text));
            Some(decoded.unwrap_or_else(plain))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ast::{Member, Members, ShapeId};

    fn read(kind: &ShapeKind, value: &Value) -> Result<Scalar, String> {
        Scalar::read(kind, BlobForm::Base64, None, value)
    }

    fn number(text: &str) -> Value {
        Value::Number(text.parse().unwrap())
    }

    #[test]
    fn reads_values_of_each_kind() {
        for (kind, value, expected) in [
            (ShapeKind::Boolean, json!(false), Scalar::Boolean(false)),
            (ShapeKind::Boolean, json!(true), Scalar::Boolean(true)),
            (ShapeKind::Byte, json!(-128), Scalar::Integer(-128)),
            (ShapeKind::Integer, json!(0.0), Scalar::Integer(0)),
            (ShapeKind::Integer, json!(1.0), Scalar::Integer(1)),
            (ShapeKind::Long, json!(1e3), Scalar::Integer(1000)),
            (ShapeKind::String, json!(""), Scalar::String(String::new())),
            (
                ShapeKind::String,
                json!("x"),
                Scalar::String("x".to_owned()),
            ),
            (ShapeKind::Blob, json!("YWI="), Scalar::Blob(b"ab".to_vec())),
            (ShapeKind::Blob, json!("YWI"), Scalar::Blob(b"ab".to_vec())),
            (ShapeKind::Timestamp, json!(0), Scalar::Timestamp(0, 0)),
            (
                ShapeKind::Timestamp,
                json!(1.5),
                Scalar::Timestamp(1, 500_000_000),
            ),
        ] {
            assert_eq!(read(&kind, &value), Ok(expected), "{kind:?} {value}");
        }
        assert_eq!(int_enum(&json!(0.0)), Ok(0));
        assert_eq!(enum_text(&json!("")), Ok(""));
    }

    #[test]
    fn numbers_keep_their_value() {
        let integer = |digits: &str| Scalar::BigInteger(digits.to_owned());
        let decimal = |digits: &str| Scalar::BigDecimal(digits.to_owned());
        let float = |text: &str| Scalar::Float(text.to_owned());
        let double = |text: &str| Scalar::Double(text.to_owned());
        for (kind, text, expected) in [
            (ShapeKind::BigInteger, "0", integer("0")),
            (
                ShapeKind::BigInteger,
                "18446744073709551616",
                integer("18446744073709551616"),
            ),
            (ShapeKind::BigInteger, "-1.20e3", integer("-1200")),
            (ShapeKind::BigDecimal, "0", decimal("0")),
            (ShapeKind::BigDecimal, "0.00", decimal("0.00")),
            (
                ShapeKind::BigDecimal,
                "9007199254740993.5",
                decimal("9007199254740993.5"),
            ),
            (ShapeKind::BigDecimal, "1e400", decimal("1e+400")),
            (ShapeKind::Double, "0.0", double("0.0")),
            (ShapeKind::Double, "-0.0", double("-0.0")),
            (ShapeKind::Double, "5e-324", double("5e-324")),
            (ShapeKind::Double, "1e300", double("1e300")),
            (ShapeKind::Float, "0.1", float("0.1")),
            (ShapeKind::Float, "16777217", float("16777216.0")),
            (ShapeKind::Float, "3.4028235e38", float("3.4028235e38")),
            // Halfway between two floats as a double, but a little more as written.
            (
                ShapeKind::Float,
                "1.000000059604644775390625000001",
                float("1.0000001"),
            ),
        ] {
            let read = read(&kind, &number(text));
            assert_eq!(read, Ok(expected), "{kind:?} {text}");
        }
    }

    #[test]
    fn tells_zeros_from_other_values() {
        for (kind, text, is_zero) in [
            (ShapeKind::Integer, "0.0", true),
            (ShapeKind::BigInteger, "0", true),
            (ShapeKind::BigDecimal, "0", true),
            (ShapeKind::BigDecimal, "0.00", false),
            (ShapeKind::Double, "0.0", true),
            (ShapeKind::Double, "-0.0", false),
            (ShapeKind::Timestamp, "0", true),
        ] {
            let value = read(&kind, &number(text)).unwrap();
            assert_eq!(value.is_zero(), is_zero, "{kind:?} {text}");
        }
        for (kind, value) in [
            (ShapeKind::Boolean, json!(false)),
            (ShapeKind::String, json!("")),
            (ShapeKind::Blob, json!("")),
        ] {
            assert!(read(&kind, &value).unwrap().is_zero(), "{kind:?}");
        }
    }

    #[test]
    fn reads_blobs_in_each_form() {
        for (form, text, expected) in [
            (BlobForm::Text, "YWI=", "YWI="),
            (BlobForm::Either, "YWI=", "ab"),
            (BlobForm::Either, "a b", "a b"),
            // Base64 of bytes that are not text.
            (BlobForm::Either, "AAEC", "AAEC"),
        ] {
            let read = Scalar::read(&ShapeKind::Blob, form, None, &json!(text));
            assert_eq!(read, Ok(Scalar::Blob(expected.into())), "{text}");
        }
    }

    #[test]
    fn refuses_wrong_forms() {
        let list = ShapeKind::List(Member {
            target: ShapeId::new("smithy.api#String").unwrap(),
            traits: Default::default(),
        });
        for (kind, value) in [
            (ShapeKind::Byte, json!(128)),
            (ShapeKind::Integer, json!(1.5)),
            (ShapeKind::Long, number("9223372036854775808")),
            (ShapeKind::Boolean, json!("true")),
            (ShapeKind::Float, json!(1e39)),
            (ShapeKind::Float, json!(-1e-46)),
            (ShapeKind::Double, number("1e400")),
            (ShapeKind::Double, number("1e-400")),
            (ShapeKind::Double, json!("1")),
            (ShapeKind::BigInteger, json!(0.5)),
            (ShapeKind::BigInteger, number("1e99999")),
            (ShapeKind::BigDecimal, json!("1")),
            (ShapeKind::Blob, json!("?")),
            (ShapeKind::Blob, json!("3q2-7w==")),
            (list, json!([])),
            (ShapeKind::Structure(Members::new()), json!({})),
        ] {
            assert!(read(&kind, &value).is_err(), "{kind:?} {value}");
        }
        assert!(int_enum(&json!(2_147_483_648_i64)).is_err());
    }
}
