//! Reading JSON whose form is not trusted: what is not of the asked type counts as missing.

use serde_json::{Map, Value};

use super::Source;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// A JSON object, its keys in the order of the text.
pub(super) type Object = Map<String, Value>;

/// The object that a text holds; a fault names the line and the column.
pub(super) fn parse(source: Source<'_>) -> Result<Object, Diagnostics> {
    match serde_json::from_str(source.text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Diagnostic::file(source.file, "not a JSON object").into()),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            // The message ends with the place, which the diagnostic says already.
            let text = error.to_string();
            let place = format!(" at line {line} column {column}");
            let reason = text.strip_suffix(&place).unwrap_or(&text);
            let mut fault = Diagnostic::file(source.file, format!("not JSON: {reason}"));
            fault.position = Some((line, column.max(1)));
            Err(fault.into())
        }
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
