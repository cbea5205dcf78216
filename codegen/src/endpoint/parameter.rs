use std::collections::BTreeMap;

use serde_json::Value;

use super::checker::Checker;
use super::expression::Type;

/// A value that the rules are asked with (Smithy specification, "Parameter object").
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The model's name.
    pub name: String,
    /// The field of the emitted structure, without `r#`.
    pub field: String,
    /// String, boolean, or string array.
    pub ty: Type,
    /// Whether the rules refuse to run without it. One with a default is always there.
    pub required: bool,
    /// What it is when it is not set.
    pub default: Option<Value>,
    /// Where its value comes from when the model says so.
    pub built_in: Option<BuiltIn>,
    /// The model's description.
    pub documentation: Option<String>,
}

/// A value that the client's configuration supplies (Smithy specification, "Rules engine parameters"
/// and "AWS rules engine built-ins").
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuiltIn {
    /// `AWS::Region`.
    Region,
    /// `AWS::UseFIPS`.
    UseFips,
    /// `AWS::UseDualStack`.
    UseDualStack,
    /// `SDK::Endpoint`.
    Endpoint,
    /// `AWS::Auth::AccountId`.
    AccountId,
    /// `AWS::Auth::AccountIdEndpointMode`.
    AccountIdEndpointMode,
    /// Any other, by its name.
    Other(String),
}

impl BuiltIn {
    /// The one of this name in a model.
    pub fn named(name: &str) -> Self {
        match name {
            "AWS::Region" => Self::Region,
            "AWS::UseFIPS" => Self::UseFips,
            "AWS::UseDualStack" => Self::UseDualStack,
            "SDK::Endpoint" => Self::Endpoint,
            "AWS::Auth::AccountId" => Self::AccountId,
            "AWS::Auth::AccountIdEndpointMode" => Self::AccountIdEndpointMode,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl Parameter {
    /// Whether the emitted field is an `Option`: nothing stands in for a value that is not set.
    pub fn is_option(&self) -> bool {
        self.default.is_none()
    }
}

/// Reads the member `parameters`, by name: the order of a model's keys must not show.
pub(super) fn parameters(checker: &mut Checker, value: &Value) {
    let Some(map) = value.get("parameters").and_then(Value::as_object) else {
        checker.fault("`parameters` is not an object");
        return;
    };
    let map: BTreeMap<&String, &Value> = map.iter().collect();
    for (name, value) in map {
        checker.within(&format!("parameters.{name}"), |checker| {
            if let Some(parameter) = parameter(checker, name, value) {
                checker.declare(parameter);
            }
        });
    }
}

fn parameter(checker: &mut Checker, name: &str, value: &Value) -> Option<Parameter> {
    if !is_identifier(name) {
        checker.fault("the name is not an identifier");
        return None;
    }
    let ty = value.get("type").and_then(Value::as_str).unwrap_or("");
    // Older models capitalize the types.
    let ty = match ty {
        "string" | "String" => Type::String,
        "boolean" | "Boolean" => Type::Boolean,
        "stringArray" | "StringArray" => Type::Strings,
        _ => {
            checker.fault(&format!(
                "`type` is {ty:?}, not string, boolean or stringArray"
            ));
            return None;
        }
    };
    let default = value.get("default").filter(|default| !default.is_null());
    if default.is_some_and(|default| !fits(default, ty)) {
        checker.fault(&format!("`default` is not {}", ty.spoken()));
        return None;
    }
    let text = |key| value.get(key).and_then(Value::as_str);
    Some(Parameter {
        name: name.to_owned(),
        field: checker.names.local(name),
        ty,
        required: value.get("required") == Some(&Value::Bool(true)),
        default: default.cloned(),
        built_in: text("builtIn").map(BuiltIn::named),
        documentation: text("documentation").map(str::to_owned),
    })
}

fn fits(default: &Value, ty: Type) -> bool {
    match ty {
        Type::String => default.is_string(),
        Type::Boolean => default.is_boolean(),
        Type::Strings => default
            .as_array()
            .is_some_and(|list| list.iter().all(Value::is_string)),
        Type::Integer | Type::Partition | Type::Arn | Type::Url => false,
    }
}

/// The names of parameters and variables: a letter or underscore, then letters, digits, underscores.
pub(super) fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.contains(|c: char| c.is_ascii_alphanumeric())
}
