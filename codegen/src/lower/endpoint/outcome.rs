//! Endpoints, errors and their properties.

use serde_json::{Map, Value};

use super::checker::Checker;
use crate::ir::endpoint::{
    AuthSchemeTemplate, EndpointTemplate, Expr, Node, Outcome, Piece, PropertyTemplate, Type,
};

/// Reads the result of a rule that is not a tree; `None` when there is a fault.
pub(super) fn outcome(checker: &mut Checker, rule: &Value) -> Option<Outcome> {
    match rule.get("type").and_then(Value::as_str) {
        Some("endpoint") => {
            let endpoint = rule.get("endpoint").unwrap_or(&Value::Null);
            let endpoint = checker.within("endpoint", |checker| template(checker, endpoint))?;
            Some(Outcome::Endpoint(endpoint))
        }
        Some("error") => {
            let message = rule.get("error").unwrap_or(&Value::Null);
            let message = checker.within("error", |checker| checker.string(message))?;
            Some(Outcome::Error(message))
        }
        other => {
            let other = other.unwrap_or("");
            checker.fault(&format!(
                "`type` is {other:?}, which is not a rule type allowed here"
            ));
            None
        }
    }
}

fn template(checker: &mut Checker, value: &Value) -> Option<EndpointTemplate> {
    let url = value.get("url").unwrap_or(&Value::Null);
    let url = checker.within("url", |checker| checker.string(url));
    let headers = entries(checker, value, "headers");
    let headers = headers.and_then(|map| members(checker, &map, header_values));
    let mut auth_schemes = Some(Vec::new());
    let mut others = Map::new();
    if let Some(properties) = entries(checker, value, "properties") {
        others = properties;
        if others.contains_key("authSchemes") {
            let schemes = Value::Object(others.clone());
            auth_schemes = checker.within("properties", |checker| {
                checker.each(&schemes, "authSchemes", auth_scheme)
            });
            others.shift_remove("authSchemes");
        }
    }
    let properties = checker.within("properties", |checker| members(checker, &others, property));
    Some(EndpointTemplate {
        url: marked(url?),
        headers: headers?,
        auth_schemes: auth_schemes?,
        properties: properties?,
    })
}

/// The URL with the values marked that are in its host, where they must not end it.
fn marked(mut url: Expr) -> Expr {
    let Node::Template(pieces) = &mut url.node else {
        return url;
    };
    // A value counts as a letter here.
    let mut before = String::new();
    for piece in pieces {
        let value = match piece {
            Piece::Text(text) => {
                before.push_str(text);
                continue;
            }
            Piece::Value(value) | Piece::Host(value) => value,
        };
        let authority = before.split_once("://");
        let is_host = authority.is_some_and(|(_, authority)| !authority.contains('/'));
        before.push('x');
        let field = match &value.node {
            Node::Field(base, field) => Some((base.ty, field.name)),
            _ => None,
        };
        match field {
            // It was checked when its URL was parsed, and a path may follow it.
            Some((Type::Url, "authority")) if is_host => before.push('/'),
            Some((Type::Partition, _) | (Type::Url, "scheme")) => {}
            _ if is_host => *piece = Piece::Host(value.clone()),
            _ => {}
        }
    }
    url
}

/// The members of `value[key]`, none when it is absent.
fn entries(checker: &mut Checker, value: &Value, key: &str) -> Option<Map<String, Value>> {
    match value.get(key) {
        None | Some(Value::Null) => Some(Map::new()),
        Some(Value::Object(map)) => Some(map.clone()),
        Some(_) => {
            checker.fault(&format!("`{key}` is not an object"));
            None
        }
    }
}

/// Reads every member.
fn members<T>(
    checker: &mut Checker,
    map: &Map<String, Value>,
    read: fn(&mut Checker, &str, &Value) -> Option<T>,
) -> Option<Vec<(String, T)>> {
    let read = map.iter().map(|(name, value)| {
        let value = checker.within(name, |checker| read(checker, name, value));
        value.map(|value| (name.clone(), value))
    });
    let items: Vec<_> = read.collect();
    items.into_iter().collect()
}

fn header_values(checker: &mut Checker, name: &str, value: &Value) -> Option<Vec<Expr>> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        checker.fault("this is not the name of a header");
        return None;
    }
    let Some(values) = value.as_array() else {
        checker.fault("the values of a header are not an array");
        return None;
    };
    values.iter().map(|value| checker.string(value)).collect()
}

fn auth_scheme(checker: &mut Checker, value: &Value) -> Option<AuthSchemeTemplate> {
    let Some(Value::String(_)) = value.get("name") else {
        checker.fault("an authentication scheme has no `name`");
        return None;
    };
    let mut scheme = AuthSchemeTemplate {
        name: Expr::text(""),
        signing_name: None,
        signing_region: None,
        signing_region_set: Vec::new(),
        properties: Vec::new(),
    };
    for (key, value) in value.as_object()? {
        checker.within(key, |checker| {
            match &**key {
                "name" => scheme.name = checker.string(value)?,
                "signingName" => scheme.signing_name = Some(checker.string(value)?),
                "signingRegion" => scheme.signing_region = Some(checker.string(value)?),
                "signingRegionSet" => {
                    let Some(regions) = value.as_array() else {
                        checker.fault("this is not an array");
                        return None;
                    };
                    let regions = regions.iter().map(|region| checker.string(region));
                    scheme.signing_region_set = regions.collect::<Option<_>>()?;
                }
                _ => {
                    let value = property(checker, key, value)?;
                    scheme.properties.push((key.clone(), value));
                }
            }
            Some(())
        })?;
    }
    Some(scheme)
}

/// Reads a property. It may hold templates, but neither references nor calls.
fn property(checker: &mut Checker, _: &str, value: &Value) -> Option<PropertyTemplate> {
    if checker.too_deep() {
        return None;
    }
    match value {
        Value::String(_) => checker.string(value).map(PropertyTemplate::Text),
        Value::Bool(value) => Some(PropertyTemplate::Boolean(*value)),
        Value::Number(number) if number.is_i64() => number.as_i64().map(PropertyTemplate::Integer),
        Value::Array(items) => {
            let items = items
                .iter()
                .map(|item| checker.within("[]", |checker| property(checker, "", item)));
            items.collect::<Option<_>>().map(PropertyTemplate::List)
        }
        Value::Object(map) => members(checker, map, property).map(PropertyTemplate::Map),
        Value::Number(_) | Value::Null => {
            checker.fault("a property is a string, boolean, integer, array or object");
            None
        }
    }
}
