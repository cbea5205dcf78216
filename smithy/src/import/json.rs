//! Reading JSON whose form is not trusted: what is not of the asked type counts as missing.

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::read;
use crate::load::Source;

/// A JSON object, its keys in the order of the text.
pub(super) type Object = Map<String, Value>;

/// The object that a text holds; a fault names the line and the column.
pub(super) fn parse(source: Source<'_>) -> Result<Object, Diagnostics> {
    match read(source.name, source.text)? {
        Value::Object(object) => Ok(object),
        _ => Err(Diagnostic::file(source.name, "not a JSON object").into()),
    }
}

/// The string at `key`.
pub(super) fn text<'a>(object: &'a Object, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str()
}

/// The object at `key`.
pub(super) fn object<'a>(object: &'a Object, key: &str) -> Option<&'a Object> {
    object.get(key)?.as_object()
}

/// The elements of the array at `key`; none when there is no array.
pub(super) fn array<'a>(object: &'a Object, key: &str) -> &'a [Value] {
    object
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Whether `key` is there and `true`.
pub(super) fn flag(object: &Object, key: &str) -> bool {
    object.get(key) == Some(&Value::Bool(true))
}
