//! Whether two JSON texts have the same value.
//!
//! The texts are taken apart by serde_json and not by the runtime, whose writer is under test.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// Says where two texts differ first.
///
/// The order of members does not count, nor how a number is written: `1`, `1.0` and `10e-1` are
/// one value, at any size.
///
/// # Errors
///
/// The place and both values; or the text that is no JSON.
pub fn compare(actual: &str, expected: &str) -> Result<(), String> {
    let read = |text| {
        serde_json::from_str::<&RawValue>(text).map_err(|e| format!("no JSON: {e} in `{text}`"))
    };
    values(read(actual)?, read(expected)?, "$")
}

fn values(actual: &RawValue, expected: &RawValue, place: &str) -> Result<(), String> {
    let (left, right) = (actual.get(), expected.get());
    let differ = || Err(format!("at {place}: `{left}`, expected `{right}`"));
    match (left.as_bytes().first(), right.as_bytes().first()) {
        (Some(b'{'), Some(b'{')) => objects(left, right, place),
        (Some(b'['), Some(b'[')) => arrays(left, right, place),
        (Some(b'"'), Some(b'"')) => {
            let text = |raw| serde_json::from_str::<String>(raw).ok();
            if text(left) == text(right) {
                Ok(())
            } else {
                differ()
            }
        }
        (Some(b'-' | b'0'..=b'9'), Some(b'-' | b'0'..=b'9')) => {
            if number(left) == number(right) {
                Ok(())
            } else {
                differ()
            }
        }
        // true, false and null.
        _ if left == right => Ok(()),
        _ => differ(),
    }
}

fn objects(actual: &str, expected: &str, place: &str) -> Result<(), String> {
    let read = |text| {
        serde_json::from_str::<BTreeMap<String, &RawValue>>(text)
            .map_err(|e| format!("at {place}: {e}"))
    };
    let (actual, expected) = (read(actual)?, read(expected)?);
    for (key, expected) in &expected {
        let place = format!("{place}.{key}");
        match actual.get(key) {
            Some(actual) => values(actual, expected, &place)?,
            None => return Err(format!("at {place}: nothing, expected `{expected}`")),
        }
    }
    match actual.keys().find(|key| !expected.contains_key(*key)) {
        Some(key) => Err(format!("at {place}: an unexpected member `{key}`")),
        None => Ok(()),
    }
}

fn arrays(actual: &str, expected: &str, place: &str) -> Result<(), String> {
    let read =
        |text| serde_json::from_str::<Vec<&RawValue>>(text).map_err(|e| format!("at {place}: {e}"));
    let (actual, expected) = (read(actual)?, read(expected)?);
    if actual.len() != expected.len() {
        let (actual, expected) = (actual.len(), expected.len());
        return Err(format!(
            "at {place}: {actual} elements, expected {expected}"
        ));
    }
    for (i, (actual, expected)) in actual.iter().zip(&expected).enumerate() {
        values(actual, expected, &format!("{place}[{i}]"))?;
    }
    Ok(())
}

/// Sign, digits without zeros at either end, and the power of ten of the last digit.
fn number(text: &str) -> (bool, String, i64) {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (is_negative, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return (false, String::new(), 0);
    }
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    let exponent: i64 = exponent.parse().unwrap_or(i64::MAX / 2);
    let power = exponent + zeros as i64 - fraction.len() as i64;
    (is_negative, significant.to_owned(), power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_equal_values() {
        for (left, right) in [
            (
                r#"{"a":1,"b":[true,null]}"#,
                r#" { "b" : [ true, null ], "a" : 1 } "#,
            ),
            (r#""\u00e9""#, "\"é\""),
            ("[1, 100, 0.5, -2]", "[1.0, 1e2, 50E-2, -20e-1]"),
            ("0", "-0.0"),
            (
                "123456789012345678901234567890",
                "1.2345678901234567890123456789e29",
            ),
        ] {
            assert_eq!(compare(left, right), Ok(()), "{left} {right}");
            assert_eq!(compare(right, left), Ok(()), "{right} {left}");
        }
    }

    #[test]
    fn names_place_of_difference() {
        for (left, right, place) in [
            (r#"{"a":{"b":1}}"#, r#"{"a":{"b":2}}"#, "$.a.b"),
            (r#"{"a":1}"#, "{}", "$"),
            ("{}", r#"{"a":null}"#, "$.a"),
            ("[1,2]", "[1]", "$"),
            ("[1,2]", "[1,3]", "$[1]"),
            ("1", "\"1\"", "$"),
            ("null", "false", "$"),
            ("1", "-1", "$"),
            ("1", "10", "$"),
            (
                "123456789012345678901234567890",
                "123456789012345678901234567891",
                "$",
            ),
        ] {
            let difference = compare(left, right).unwrap_err();
            assert!(
                difference.starts_with(&format!("at {place}: ")),
                "{difference}"
            );
            assert!(compare(right, left).is_err(), "{right} {left}");
        }
    }

    #[test]
    fn rejects_invalid_json() {
        assert!(compare("{", "{}").is_err());
        assert!(compare("{}", "").is_err());
    }
}
