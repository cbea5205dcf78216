//! The value of `@default`, typed by its member (Smithy specification, "default trait").

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use crate::ir::{Literal, Type};

/// Reads `value` as a default of type `ty`.
///
/// # Errors
///
/// A text that says which form the type asks for.
pub(super) fn literal(ty: &Type, value: &Value) -> Result<Literal, String> {
    let wrong = |form: &str| Err(format!("@default must be {form}, found `{value}`"));
    match ty {
        Type::Boolean => match value.as_bool() {
            Some(false) => Ok(Literal::Zero),
            Some(true) => Ok(Literal::Bool(true)),
            None => wrong("a boolean"),
        },
        Type::Byte => whole(value, i8::MIN.into(), i8::MAX.into()),
        Type::Short => whole(value, i16::MIN.into(), i16::MAX.into()),
        Type::Integer => whole(value, i32::MIN.into(), i32::MAX.into()),
        Type::Long => whole(value, i64::MIN, i64::MAX),
        // The type has no zero of its own, only values.
        Type::IntEnum(_) => match whole(value, i32::MIN.into(), i32::MAX.into())? {
            Literal::Zero => Ok(Literal::Integer(0)),
            other => Ok(other),
        },
        Type::Float | Type::Double => float(value),
        Type::BigInteger | Type::BigDecimal => match value {
            Value::Number(number) if number.as_f64() == Some(0.0) => Ok(Literal::Zero),
            Value::Number(number) => Ok(Literal::Text(number.to_string())),
            _ => wrong("a number"),
        },
        Type::String => match value.as_str() {
            Some("") => Ok(Literal::Zero),
            Some(text) => Ok(Literal::Text(text.to_owned())),
            None => wrong("a string"),
        },
        Type::Enum(_) => match value.as_str() {
            Some(text) => Ok(Literal::Text(text.to_owned())),
            None => wrong("a string"),
        },
        Type::Blob => match value.as_str().map(|text| BASE64_STANDARD.decode(text)) {
            Some(Ok(bytes)) if bytes.is_empty() => Ok(Literal::Zero),
            Some(Ok(bytes)) => Ok(Literal::Bytes(bytes)),
            _ => wrong("a base64 string"),
        },
        Type::Timestamp(_) => timestamp(value),
        Type::Document => Ok(Literal::Document(Box::new(document(value)?))),
        Type::List { .. } => match value {
            Value::Array(items) if items.is_empty() => Ok(Literal::Zero),
            _ => wrong("an empty list"),
        },
        Type::Map { .. } => match value {
            Value::Object(entries) if entries.is_empty() => Ok(Literal::Zero),
            _ => wrong("an empty map"),
        },
        Type::Sensitive(inner) | Type::Boxed(inner) => literal(inner, value),
        Type::Structure(_) | Type::Union(_) | Type::Unit => {
            Err("@default is not for structures and unions".to_owned())
        }
    }
}

fn whole(value: &Value, min: i64, max: i64) -> Result<Literal, String> {
    match value.as_i64() {
        Some(0) => Ok(Literal::Zero),
        Some(number) if (min..=max).contains(&number) => Ok(Literal::Integer(number)),
        _ => Err(format!(
            "@default must be a whole number from {min} to {max}, found `{value}`"
        )),
    }
}

fn float(value: &Value) -> Result<Literal, String> {
    let text = match value {
        Value::Number(number) if number.as_f64() == Some(0.0) => return Ok(Literal::Zero),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text == "NaN" => "nan".to_owned(),
        Value::String(text) if text == "Infinity" => "inf".to_owned(),
        Value::String(text) if text == "-Infinity" => "-inf".to_owned(),
        _ => return Err(format!("@default must be a number, found `{value}`")),
    };
    Ok(Literal::Float(text))
}

/// A number is seconds since the epoch, a string is an RFC 3339 date-time in UTC.
fn timestamp(value: &Value) -> Result<Literal, String> {
    let wrong = || format!("@default must be epoch seconds or a UTC date-time, found `{value}`");
    let (seconds, nanos) = match value {
        Value::Number(number) => {
            let seconds = number.as_f64().ok_or_else(wrong)?;
            let whole = seconds.floor();
            (whole as i64, ((seconds - whole) * 1e9).round() as u32)
        }
        Value::String(text) => date_time(text).ok_or_else(wrong)?,
        _ => return Err(wrong()),
    };
    Ok(match (seconds, nanos) {
        (0, 0) => Literal::Zero,
        (seconds, nanos) => Literal::Timestamp(seconds, nanos),
    })
}

/// `1985-04-12T23:20:50.52Z` as seconds and nanoseconds since the epoch.
pub(super) fn date_time(text: &str) -> Option<(i64, u32)> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut parts = date
        .split('-')
        .chain(time.split(':'))
        .map(str::parse::<i64>);
    let mut next = || parts.next()?.ok();
    let (year, month, day) = (next()?, next()?, next()?);
    let (hour, minute, second) = (next()?, next()?, next()?);
    let is_time =
        (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
    if !(0..=9999).contains(&year)
        || !(1..=12).contains(&month)
        || !(1..=31).contains(&day)
        || !is_time
    {
        return None;
    }
    let nanos: u32 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    // Days from civil, counting years from March.
    let (y, m) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days =
        365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day
            - 1
            - 719_468;
    Some((days * 86_400 + hour * 3600 + minute * 60 + second, nanos))
}

/// Only what Smithy allows: true, false, a string, a number, an empty list or map.
fn document(value: &Value) -> Result<Literal, String> {
    match value {
        Value::Bool(value) => Ok(Literal::Bool(*value)),
        Value::String(text) => Ok(Literal::Text(text.clone())),
        Value::Number(number) => Ok(match number.as_i64() {
            Some(number) => Literal::Integer(number),
            None => Literal::Float(number.to_string()),
        }),
        Value::Array(items) if items.is_empty() => Ok(Literal::EmptyList),
        Value::Object(entries) if entries.is_empty() => Ok(Literal::EmptyMap),
        _ => Err(format!("@default of a document cannot be `{value}`")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ir::TimestampFormat;

    #[test]
    fn values_of_each_type() {
        let timestamp = Type::Timestamp(TimestampFormat::EpochSeconds);
        for (ty, value, expected) in [
            (Type::Boolean, json!(false), Literal::Zero),
            (Type::Boolean, json!(true), Literal::Bool(true)),
            (Type::Byte, json!(-128), Literal::Integer(-128)),
            (Type::Double, json!(0.0), Literal::Zero),
            (Type::Double, json!("NaN"), Literal::Float("nan".into())),
            (
                Type::Enum("E".into()),
                json!(""),
                Literal::Text(String::new()),
            ),
            (Type::Blob, json!("YWI="), Literal::Bytes(b"ab".to_vec())),
            (timestamp.clone(), json!(0), Literal::Zero),
            (
                timestamp.clone(),
                json!(1.5),
                Literal::Timestamp(1, 500_000_000),
            ),
            (
                timestamp,
                json!("1985-04-12T23:20:50.52Z"),
                Literal::Timestamp(482_196_050, 520_000_000),
            ),
            (
                Type::Sensitive(Box::new(Type::String)),
                json!("x"),
                Literal::Text("x".into()),
            ),
        ] {
            assert_eq!(literal(&ty, &value), Ok(expected), "{ty:?} {value}");
        }
    }

    #[test]
    fn wrong_forms() {
        let list = Type::List {
            item: Box::new(Type::String),
            sparse: false,
        };
        for (ty, value) in [
            (Type::Byte, json!(128)),
            (Type::Boolean, json!("true")),
            (Type::Blob, json!("?")),
            (list, json!(["a"])),
            (Type::Structure("S".into()), json!({})),
        ] {
            assert!(literal(&ty, &value).is_err(), "{ty:?} {value}");
        }
    }
}
