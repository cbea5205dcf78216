//! From JSON to the values of traits.
//!
//! Members that a trait does not define are ignored: Smithy adds some over time.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use crate::json::type_name;

/// A value, or a message that says what is wrong with its form.
pub(super) type Read<T> = Result<T, String>;

/// A type that JSON can be read as.
pub(super) trait FromJson: Sized {
    fn from_json(value: &Value) -> Read<Self>;

    /// Returns the value of a member that is missing.
    fn missing(key: &str) -> Read<Self> {
        Err(format!("`{key}` is missing"))
    }
}

/// The value of a trait that is only present or absent.
pub(super) struct Annotation;

impl FromJson for Annotation {
    fn from_json(value: &Value) -> Read<Self> {
        object(value).map(|_| Self)
    }
}

impl FromJson for bool {
    fn from_json(value: &Value) -> Read<Self> {
        value.as_bool().ok_or_else(|| expected("a boolean", value))
    }
}

/// An HTTP status.
impl FromJson for u16 {
    fn from_json(value: &Value) -> Read<Self> {
        let status = value.as_u64().and_then(|code| Self::try_from(code).ok());
        let status = status.filter(|code| (100..=599).contains(code));
        status.ok_or_else(|| expected("an HTTP status from 100 to 599", value))
    }
}

impl FromJson for u64 {
    fn from_json(value: &Value) -> Read<Self> {
        let what = "a whole number of at least 0";
        value.as_u64().ok_or_else(|| expected(what, value))
    }
}

impl FromJson for Number {
    fn from_json(value: &Value) -> Read<Self> {
        let number = value.as_number().cloned();
        number.ok_or_else(|| expected("a number", value))
    }
}

impl FromJson for String {
    fn from_json(value: &Value) -> Read<Self> {
        let text = value.as_str().map(str::to_owned);
        text.ok_or_else(|| expected("a string", value))
    }
}

impl FromJson for Value {
    fn from_json(value: &Value) -> Read<Self> {
        Ok(value.clone())
    }
}

impl FromJson for Map<String, Value> {
    fn from_json(value: &Value) -> Read<Self> {
        object(value).cloned()
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: &Value) -> Read<Self> {
        T::from_json(value).map(Some)
    }

    fn missing(_: &str) -> Read<Self> {
        Ok(None)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: &Value) -> Read<Self> {
        let items = value.as_array();
        let items = items.ok_or_else(|| expected("an array", value))?;
        items.iter().map(T::from_json).collect()
    }
}

impl<T: FromJson> FromJson for BTreeMap<String, T> {
    fn from_json(value: &Value) -> Read<Self> {
        let entry = |(key, value): (&String, &Value)| Ok((key.clone(), of_key(key, value)?));
        object(value)?.iter().map(entry).collect()
    }
}

/// Reads the member `key` of an object.
pub(super) fn member<T: FromJson>(object: &Map<String, Value>, key: &str) -> Read<T> {
    match object.get(key) {
        None => T::missing(key),
        Some(value) => of_key(key, value),
    }
}

fn of_key<T: FromJson>(key: &str, value: &Value) -> Read<T> {
    T::from_json(value).map_err(|fault| format!("`{key}`: {fault}"))
}

pub(super) fn object(value: &Value) -> Read<&Map<String, Value>> {
    value
        .as_object()
        .ok_or_else(|| expected("an object", value))
}

/// Reads one of several strings.
pub(super) fn one_of<T: Copy>(value: &Value, known: &[(&str, T)]) -> Read<T> {
    let found = known.iter().find(|(text, _)| value.as_str() == Some(text));
    found.map(|&(_, found)| found).ok_or_else(|| {
        let known: Vec<String> = known.iter().map(|(text, _)| format!("`{text}`")).collect();
        expected(&known.join(" or "), value)
    })
}

/// Reads `min` and `max`. One of them must be present, and they must be in order.
pub(super) fn bounds<T, O>(value: &Value, order: impl Fn(&T) -> O) -> Read<(Option<T>, Option<T>)>
where
    T: FromJson + std::fmt::Display,
    O: PartialOrd,
{
    let object = object(value)?;
    let bounds = (member(object, "min")?, member(object, "max")?);
    match &bounds {
        (None, None) => Err("`min` or `max` must be there".to_owned()),
        (Some(min), Some(max)) if order(min) > order(max) => {
            Err(format!("`min` {min} is greater than `max` {max}"))
        }
        _ => Ok(bounds),
    }
}

pub(super) fn expected(what: &str, found: &Value) -> String {
    match found {
        Value::String(_) | Value::Number(_) | Value::Bool(_) => {
            format!("expected {what}, found {} {found}", type_name(found))
        }
        Value::Null | Value::Array(_) | Value::Object(_) => {
            format!("expected {what}, found {}", type_name(found))
        }
    }
}
