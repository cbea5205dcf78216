//! The parameters of the rules.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::checker::Checker;
use super::function::in_words;
use crate::ir::endpoint::{BuiltIn, Parameter, Type};
use crate::ir::{Scalar, Value};

/// Reads the member `parameters`, by name: the order of a model's keys must not show.
pub(super) fn parameters(checker: &mut Checker, value: &Json) {
    let Some(map) = value.get("parameters").and_then(Json::as_object) else {
        checker.fault("`parameters` is not an object");
        return;
    };
    let map: BTreeMap<&String, &Json> = map.iter().collect();
    for (name, value) in map {
        checker.within(&format!("parameters.{name}"), |checker| {
            if let Some(parameter) = parameter(checker, name, value) {
                checker.declare(parameter);
            }
        });
    }
}

fn parameter(checker: &mut Checker, name: &str, value: &Json) -> Option<Parameter> {
    if !is_identifier(name) {
        checker.fault("the name is not an identifier");
        return None;
    }
    let ty = value.get("type").and_then(Json::as_str).unwrap_or("");
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
    let default = match default.map(|default| parameter_value(default, ty)) {
        Some(None) => {
            checker.fault(&format!("`default` is not {}", in_words(ty)));
            return None;
        }
        default => default.flatten(),
    };
    let text = |key| value.get(key).and_then(Json::as_str);
    Some(Parameter {
        name: name.to_owned(),
        field: checker.local(name),
        ty,
        required: value.get("required") == Some(&Json::Bool(true)),
        default,
        built_in: text("builtIn").map(BuiltIn::named),
        documentation: text("documentation").map(str::to_owned),
    })
}

/// The value of a parameter of this type.
pub(in crate::lower) fn parameter_value(value: &Json, ty: Type) -> Option<Value> {
    let text = |value: &Json| Some(Value::Scalar(Scalar::String(value.as_str()?.to_owned())));
    match ty {
        Type::String => text(value),
        Type::Boolean => {
            let flag = value.as_bool().map(Scalar::Boolean);
            flag.map(Value::Scalar)
        }
        Type::Strings => {
            let items = value.as_array()?.iter().map(text);
            items.collect::<Option<_>>().map(Value::List)
        }
        Type::Integer | Type::Partition | Type::Arn | Type::Url => None,
    }
}

/// The names of parameters and variables: a letter or underscore, then letters, digits, underscores.
pub(super) fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.contains(|c: char| c.is_ascii_alphanumeric())
}
