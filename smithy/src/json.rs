//! JSON text to a value that names no key twice and loses no digit of a number.
//!
//! `serde_json` lets the last of two equal keys win, so a shape defined twice in one file would
//! silently lose one definition. RFC 8259 says names should be unique; here they must be.

use std::fmt;

use serde_core::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use crate::decimal::Decimal;
use crate::diagnostic::Diagnostic;

/// The only key of the map as which serde_json hands over a number that no integer of 64 bits is.
const NUMBER: &str = "$serde_json::private::Number";

/// Reads one JSON text. A fault names line and column. Nesting deeper than 128 is a fault.
///
/// A byte order mark at the beginning is skipped: RFC 8259 lets a reader do so, and some editors
/// write one.
pub(crate) fn read(name: &str, text: &str) -> Result<Value, Diagnostic> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match serde_json::from_str::<Unique>(text) {
        Ok(Unique(value)) => Ok(value),
        Err(error) => {
            // The text of the error repeats the position, which the diagnostic has in its own field.
            let message = error.to_string();
            let message = match message.rfind(" at line ") {
                Some(end) => message.get(..end).unwrap_or(&message),
                None => &message,
            };
            Err(Diagnostic {
                file: name.to_owned(),
                position: Some((error.line().max(1), error.column().max(1))),
                shape: None,
                message: format!("not valid JSON: {message}"),
            })
        }
    }
}

/// A value whose objects have unique keys.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Unique)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Unique(element)) = elements.next_element()? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if key == NUMBER {
                let text: String = entries.next_value()?;
                return number(&text).map(Value::Number).map_err(A::Error::custom);
            }
            match object.entry(key) {
                Entry::Occupied(entry) => {
                    let key = entry.key();
                    return Err(A::Error::custom(format_args!("duplicate key `{key}`")));
                }
                Entry::Vacant(place) => {
                    let Unique(value) = entries.next_value()?;
                    place.insert(value);
                }
            }
        }
        Ok(Value::Object(object))
    }
}

/// A number that no integer of 64 bits is. One that a double is exactly is written as serde_json
/// writes doubles, so that equal numbers have equal texts; any other keeps its digits.
fn number(text: &str) -> serde_json::Result<Number> {
    let exact: Number = text.parse()?;
    let double = exact.as_f64().and_then(Number::from_f64);
    let is_exact = |double: &Number| Decimal::from(double) == Decimal::new(text);
    Ok(double.filter(is_exact).unwrap_or(exact))
}

/// The name of a value's type, as Smithy's messages have it.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (Option<(usize, usize)>, String) {
        let fault = read("m.json", text).unwrap_err();
        assert_eq!(fault.file, "m.json");
        (fault.position, fault.message)
    }

    #[test]
    fn reads_every_kind_of_value_as_serde_json_does() {
        let text = r#"{"b":[1,-2,3.5,"s\n",true,false,null,{}],"a":18446744073709551615}"#;
        assert_eq!(
            read("m.json", text).unwrap(),
            serde_json::from_str::<Value>(text).unwrap()
        );
    }

    #[test]
    fn numbers_keep_their_digits() {
        for (text, expected) in [
            ("0", "0"),
            ("-0", "-0.0"),
            ("1.10", "1.1"),
            ("1E3", "1000.0"),
            ("18446744073709551615", "18446744073709551615"),
            ("18446744073709551616", "18446744073709551616"),
            ("9007199254740993.5", "9007199254740993.5"),
            ("-1e400", "-1e+400"),
            (
                "0.30000000000000000000000000001",
                "0.30000000000000000000000000001",
            ),
        ] {
            let value = read("m.json", &format!("[{text}]")).unwrap();
            assert_eq!(value.to_string(), format!("[{expected}]"), "{text}");
            assert!(value[0].is_number(), "{text}");
        }
        assert_eq!(read("m.json", "1.50").unwrap(), serde_json::json!(1.5));
    }

    #[test]
    fn a_key_of_serde_json_itself_is_no_way_out() {
        for text in [
            r#"{"$serde_json::private::Number": "a"}"#,
            r#"{"$serde_json::private::Number": {}}"#,
            r#"{"$serde_json::private::Number": "1", "a": 1}"#,
        ] {
            assert!(fault(text).1.starts_with("not valid JSON: "), "{text}");
        }
    }

    #[test]
    fn a_fault_has_line_and_column() {
        let (position, message) = fault("{\n  \"a\" 1}");
        assert_eq!(position, Some((2, 7)));
        assert_eq!(message, "not valid JSON: expected `:`");
        assert_eq!(fault("").0, Some((1, 1)));
    }

    #[test]
    fn skips_one_byte_order_mark() {
        assert_eq!(
            read("m.json", "\u{feff}[1]").unwrap(),
            serde_json::json!([1])
        );
        // It is not counted, as editors do not.
        assert_eq!(fault("\u{feff}[?]").0, Some((1, 2)));
        assert_eq!(fault("\u{feff}\u{feff}[1]").0, Some((1, 1)));
        assert_eq!(fault("[\u{feff}1]").0, Some((1, 2)));
    }

    #[test]
    fn a_key_given_twice_is_a_fault() {
        let (position, message) = fault("{\"a\": 1,\n \"b\": {\"c\": 1, \"c\": 2}}");
        assert_eq!(message, "not valid JSON: duplicate key `c`");
        assert_eq!(position.map(|(line, _)| line), Some(2));
    }

    #[test]
    fn deep_nesting_is_a_fault() {
        let text = "[".repeat(100_000);
        assert!(fault(&text).1.contains("recursion limit"));
    }
}
