//! Makes a model of this project out of AWS's: facts only, in one fixed form.
//!
//! Two sources are read: AWS's own Smithy JSON ([`from_smithy`]) and the service model inside the
//! Python package botocore ([`from_botocore`]). Both give a JSON AST that went through
//! [`normalize`], so that the same facts are the same bytes. Pure: texts in, values out.

mod botocore;
mod json;
mod normalize;

use serde_json::Value;

pub use self::normalize::{normalize, to_text};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::load::{Source, load};

/// The files of one service in botocore's `data/NAME/VERSION`.
#[derive(Clone, Copy, Debug)]
pub struct BotocoreFiles<'a> {
    /// The service's name there, such as `kms`; the namespace is made of it.
    pub name: &'a str,
    /// `service-2.json`: operations and shapes.
    pub service: Source<'a>,
    /// `paginators-1.json`.
    pub paginators: Option<Source<'a>>,
    /// `waiters-2.json`.
    pub waiters: Option<Source<'a>>,
    /// `endpoint-rule-set-1.json`.
    pub endpoint_rules: Option<Source<'a>>,
    /// `examples-1.json`.
    pub examples: Option<Source<'a>>,
}

/// An imported model.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The JSON AST, normalized.
    pub model: Value,
    /// Facts of the source that the model lacks because Smithy has no way to say them.
    pub left_out: Vec<Diagnostic>,
}

impl Import {
    /// The version of the API, such as `2014-11-01`; empty when the model has no service or its
    /// service no version.
    pub fn api_version(&self) -> &str {
        let shapes = self.model.get("shapes").and_then(Value::as_object);
        shapes
            .into_iter()
            .flat_map(|shapes| shapes.values())
            .find(|shape| shape.get("type").and_then(Value::as_str) == Some("service"))
            .and_then(|service| service.get("version")?.as_str())
            .unwrap_or_default()
    }
}

/// Reads a service of the awsJson 1.0 or 1.1 protocol as botocore ships it.
///
/// The model has the namespace `com.amazonaws.NAME` and is of Smithy 2.0.
///
/// # Errors
///
/// A text that is not JSON (with line and column), a protocol without awsJson, and shapes that are
/// missing, of unknown type or of a name that Smithy does not allow; and what [`load`] would say of
/// the model.
pub fn from_botocore(files: &BotocoreFiles<'_>) -> Result<Import, Diagnostics> {
    valid(botocore::import(files)?, files.service.name)
}

/// Reads AWS's Smithy JSON, of any Smithy version, which the model keeps.
///
/// # Errors
///
/// A text that is not JSON (with line and column) or not a Smithy JSON AST, and the faults of the
/// model.
pub fn from_smithy(source: Source<'_>) -> Result<Import, Diagnostics> {
    let model = json::parse(source)?;
    let is_object = |key| model.get(key).is_some_and(Value::is_object);
    if !model.get("smithy").is_some_and(Value::is_string) || !is_object("shapes") {
        let message = "not a Smithy model: a JSON AST has `smithy`, its version, and `shapes`";
        return Err(Diagnostic::file(source.name, message).into());
    }
    let import = Import {
        model: normalize(Value::Object(model)),
        left_out: Vec::new(),
    };
    valid(import, source.name)
}

/// The import, if its model loads: a fault is of more use now than when code is to be generated.
fn valid(import: Import, name: &str) -> Result<Import, Diagnostics> {
    let text = &to_text(&import.model);
    load(&[Source { name, text }])?;
    Ok(import)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smithy(text: &str) -> Result<Import, String> {
        let name = "m.json";
        from_smithy(Source { name, text }).map_err(|faults| faults.to_string())
    }

    #[test]
    fn text_that_is_not_json_is_named_with_its_place() {
        let fault = smithy("{\n  \"smithy\": 2.0,\n  oops\n}").unwrap_err();
        assert_eq!(fault, "m.json:3:3: not valid JSON: key must be a string");
        assert_eq!(
            smithy("").unwrap_err(),
            "m.json:1:1: not valid JSON: EOF while parsing a value"
        );
    }

    #[test]
    fn json_that_is_not_a_model_is_an_error() {
        for text in [
            "[]",
            "{}",
            r#"{"smithy": "2.0"}"#,
            r#"{"smithy": "2.0", "shapes": []}"#,
        ] {
            let fault = smithy(text).unwrap_err();
            assert!(fault.starts_with("m.json: not a "), "{text}: {fault}");
        }
    }

    #[test]
    fn a_model_that_does_not_load_is_an_error() {
        let model = r#"{"smithy": "2.0", "shapes": {
            "a#E": {"type": "enum", "members": {
                "A": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": ""}}}}}}"#;
        let fault = smithy(model).unwrap_err();
        assert_eq!(fault, "m.json: a#E$A: enum values must not be empty");
    }

    #[test]
    fn the_version_is_the_services() {
        let model = r#"{"smithy": "1.0", "shapes": {
            "a#S": {"type": "string"}, "a#T": {"type": "service", "version": "2020-01-01"}}}"#;
        let import = smithy(model).unwrap();
        assert_eq!(import.api_version(), "2020-01-01");
        assert_eq!(import.model["smithy"], "1.0");
    }
}
