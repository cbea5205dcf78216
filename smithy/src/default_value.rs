//! The value of `@default`, typed by the shape that its member targets (Smithy specification,
//! "default trait").

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use crate::ast::ShapeKind;
use crate::decimal::Decimal;
use crate::timestamp;
use crate::traits::TimestampFormat;

/// The value of `@default`, typed by its member.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// The zero value of the type: false, 0, empty, the epoch.
    Zero,
    /// A boolean.
    Bool(bool),
    /// A whole number for byte, short, integer, long and int enums.
    Integer(i64),
    /// A number for float and double as Rust's `Debug` prints it, which makes it a literal of Rust
    /// unless it is `NaN`, `inf` or `-inf`.
    Float(String),
    /// The digits of a big number, or of a number within a document, as JSON writes them.
    Number(String),
    /// The text of a string or an enum.
    Text(String),
    /// The bytes of a blob.
    Bytes(Vec<u8>),
    /// Seconds and nanoseconds since the epoch.
    Timestamp(i64, u32),
    /// A document with the value of one of the other kinds.
    Document(Box<Literal>),
    /// The empty list, within a document.
    EmptyList,
    /// The empty map, within a document.
    EmptyMap,
}

impl Literal {
    /// Whether the value says no more than its type: false, 0, empty.
    pub fn is_zero(&self) -> bool {
        match self {
            Self::Zero | Self::EmptyList | Self::EmptyMap => true,
            Self::Bool(value) => !value,
            Self::Integer(number) => *number == 0,
            Self::Float(text) | Self::Number(text) => text.parse() == Ok(0.0),
            Self::Text(text) => text.is_empty(),
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::Timestamp(..) => false,
            Self::Document(value) => value.is_zero(),
        }
    }
}

/// Smithy's own reader does without padding, too.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads a default of this kind, whose timestamps have the format.
///
/// # Errors
///
/// A text that says what is expected and what is there.
pub(crate) fn read(
    kind: &ShapeKind,
    format: Option<TimestampFormat>,
    value: &Value,
) -> Result<Literal, String> {
    let expected = |form: &str| expected(form, value);
    match kind {
        ShapeKind::Boolean => match value.as_bool() {
            Some(false) => Ok(Literal::Zero),
            Some(true) => Ok(Literal::Bool(true)),
            None => Err(expected("a boolean")),
        },
        ShapeKind::Byte => whole(value, i8::MIN.into(), i8::MAX.into()),
        ShapeKind::Short => whole(value, i16::MIN.into(), i16::MAX.into()),
        ShapeKind::Integer => whole(value, i32::MIN.into(), i32::MAX.into()),
        ShapeKind::Long => whole(value, i64::MIN, i64::MAX),
        ShapeKind::IntEnum(_) => int_enum(value).map(|number| Literal::Integer(number.into())),
        ShapeKind::Float => float(value, single, "32"),
        ShapeKind::Double => float(value, double, "64"),
        ShapeKind::BigInteger => {
            let number = value.as_number().map(Decimal::from);
            let digits = number.and_then(|number| number.whole());
            digits
                .map(|digits| unless(digits == "0", digits, Literal::Number))
                .ok_or_else(|| expected("a whole number of at most 4096 digits"))
        }
        ShapeKind::BigDecimal => {
            let number = value.as_number().ok_or_else(|| expected("a number"))?;
            let is_zero = number.to_string() == "0";
            Ok(unless(is_zero, number.to_string(), Literal::Number))
        }
        ShapeKind::String => {
            let text = value.as_str().ok_or_else(|| expected("a string"))?;
            Ok(unless(text.is_empty(), text.to_owned(), Literal::Text))
        }
        ShapeKind::Enum(_) => enum_text(value).map(|text| Literal::Text(text.to_owned())),
        ShapeKind::Blob => {
            let bytes = value.as_str().and_then(|text| BASE64.decode(text).ok());
            let bytes = bytes.ok_or_else(|| expected("a base64 string"))?;
            Ok(unless(bytes.is_empty(), bytes, Literal::Bytes))
        }
        ShapeKind::Timestamp => {
            let time = timestamp::read(value, format)?;
            let literal = |(seconds, nanos)| Literal::Timestamp(seconds, nanos);
            Ok(unless(time == (0, 0), time, literal))
        }
        ShapeKind::Document => document(value).map(|value| Literal::Document(Box::new(value))),
        ShapeKind::List(_) => empty_list(value),
        ShapeKind::Map { .. } => empty_map(value),
        ShapeKind::Structure(_)
        | ShapeKind::Union(_)
        | ShapeKind::Service(_)
        | ShapeKind::Resource(_)
        | ShapeKind::Operation(_) => Err(format!("a {} has no default", kind.name())),
    }
}

/// The default of an enum.
fn enum_text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| expected("a string", value))
}

/// The default of an intEnum.
fn int_enum(value: &Value) -> Result<i32, String> {
    let number = value.as_number().map(Decimal::from);
    let number = number.and_then(|number| number.integer());
    number.ok_or_else(|| expected("a whole number of 32 bits", value))
}

fn empty_list(value: &Value) -> Result<Literal, String> {
    match value {
        Value::Array(items) if items.is_empty() => Ok(Literal::Zero),
        _ => Err(expected("an empty list", value)),
    }
}

fn empty_map(value: &Value) -> Result<Literal, String> {
    match value {
        Value::Object(entries) if entries.is_empty() => Ok(Literal::Zero),
        _ => Err(expected("an empty map", value)),
    }
}

/// Only what Smithy allows: true, false, a string, a number, an empty list or map.
fn document(value: &Value) -> Result<Literal, String> {
    match value {
        Value::Bool(value) => Ok(Literal::Bool(*value)),
        Value::String(text) => Ok(Literal::Text(text.clone())),
        Value::Number(number) => Ok(Literal::Number(number.to_string())),
        Value::Array(items) if items.is_empty() => Ok(Literal::EmptyList),
        Value::Object(entries) if entries.is_empty() => Ok(Literal::EmptyMap),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(expected(
            "a boolean, a string, a number, or an empty list or map",
            value,
        )),
    }
}

fn expected(form: &str, found: &Value) -> String {
    format!("expected {form}, found `{found}`")
}

fn unless<T>(is_zero: bool, value: T, literal: impl FnOnce(T) -> Literal) -> Literal {
    if is_zero {
        Literal::Zero
    } else {
        literal(value)
    }
}

/// A whole number may be written with a fraction of zero.
fn whole(value: &Value, min: i64, max: i64) -> Result<Literal, String> {
    let number = value.as_number().map(Decimal::from);
    let number = number.and_then(|number| number.integer());
    match number.filter(|number| (min..=max).contains(number)) {
        Some(number) => Ok(unless(number == 0, number, Literal::Integer)),
        None => Err(expected(
            &format!("a whole number from {min} to {max}"),
            value,
        )),
    }
}

/// The nearest number of a type, in the shortest form that reads back as it. What is too large for
/// the type, or so small that it would become zero, is refused.
fn float(
    value: &Value,
    nearest: fn(&str) -> Option<String>,
    bits: &str,
) -> Result<Literal, String> {
    let text = match value {
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
    };
    let form = || format!("a number within the range of a {bits}-bit float");
    let text = text.ok_or_else(|| expected(&form(), value))?;
    Ok(unless(text == "0.0", text, Literal::Float))
}

fn single(text: &str) -> Option<String> {
    let number: f32 = text.parse().ok()?;
    number.is_finite().then(|| format!("{number:?}"))
}

fn double(text: &str) -> Option<String> {
    let number: f64 = text.parse().ok()?;
    number.is_finite().then(|| format!("{number:?}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ast::{Member, Members, ShapeId};

    fn number(text: &str) -> Value {
        Value::Number(text.parse().unwrap())
    }

    fn digits(text: &str) -> Literal {
        Literal::Number(text.to_owned())
    }

    fn float(text: &str) -> Literal {
        Literal::Float(text.to_owned())
    }

    #[test]
    fn reads_values_of_each_kind() {
        for (kind, value, expected) in [
            (ShapeKind::Boolean, json!(false), Literal::Zero),
            (ShapeKind::Boolean, json!(true), Literal::Bool(true)),
            (ShapeKind::Byte, json!(-128), Literal::Integer(-128)),
            (ShapeKind::Integer, json!(0.0), Literal::Zero),
            (ShapeKind::Integer, json!(1.0), Literal::Integer(1)),
            (ShapeKind::Long, json!(1e3), Literal::Integer(1000)),
            (
                ShapeKind::IntEnum(Members::new()),
                json!(0),
                Literal::Integer(0),
            ),
            (
                ShapeKind::Enum(Members::new()),
                json!(""),
                Literal::Text(String::new()),
            ),
            (ShapeKind::String, json!(""), Literal::Zero),
            (ShapeKind::String, json!("x"), Literal::Text("x".to_owned())),
            (
                ShapeKind::Blob,
                json!("YWI="),
                Literal::Bytes(b"ab".to_vec()),
            ),
            (
                ShapeKind::Blob,
                json!("YWI"),
                Literal::Bytes(b"ab".to_vec()),
            ),
            (ShapeKind::Timestamp, json!(0), Literal::Zero),
            (
                ShapeKind::Timestamp,
                json!(1.5),
                Literal::Timestamp(1, 500_000_000),
            ),
        ] {
            assert_eq!(read(&kind, None, &value), Ok(expected), "{kind:?} {value}");
        }
    }

    #[test]
    fn numbers_keep_their_value() {
        for (kind, text, expected) in [
            (ShapeKind::BigInteger, "0", Literal::Zero),
            (
                ShapeKind::BigInteger,
                "18446744073709551616",
                digits("18446744073709551616"),
            ),
            (ShapeKind::BigInteger, "-1.20e3", digits("-1200")),
            (ShapeKind::BigDecimal, "0", Literal::Zero),
            (ShapeKind::BigDecimal, "0.00", digits("0.00")),
            (
                ShapeKind::BigDecimal,
                "9007199254740993.5",
                digits("9007199254740993.5"),
            ),
            (ShapeKind::BigDecimal, "1e400", digits("1e+400")),
            (ShapeKind::Double, "0.0", Literal::Zero),
            (ShapeKind::Double, "-0.0", float("-0.0")),
            (ShapeKind::Double, "5e-324", float("5e-324")),
            (ShapeKind::Double, "1e300", float("1e300")),
            (ShapeKind::Float, "0.1", float("0.1")),
            (ShapeKind::Float, "16777217", float("16777216.0")),
            (ShapeKind::Float, "3.4028235e38", float("3.4028235e38")),
            // Halfway between two floats as a double, but a little more as it stands.
            (
                ShapeKind::Float,
                "1.000000059604644775390625000001",
                float("1.0000001"),
            ),
        ] {
            assert_eq!(
                read(&kind, None, &number(text)),
                Ok(expected),
                "{kind:?} {text}"
            );
        }
        for (value, expected) in [
            (
                number("18446744073709551615"),
                digits("18446744073709551615"),
            ),
            (number("1.5"), digits("1.5")),
            (json!([]), Literal::EmptyList),
        ] {
            let expected = Literal::Document(Box::new(expected));
            assert_eq!(
                read(&ShapeKind::Document, None, &value),
                Ok(expected),
                "{value}"
            );
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
            (ShapeKind::Document, json!({"a": 1})),
            (list, json!(["a"])),
            (ShapeKind::Structure(Members::new()), json!({})),
        ] {
            assert!(read(&kind, None, &value).is_err(), "{kind:?} {value}");
        }
    }
}
