use serde_json::{Map, Value};

use super::Rule;
use super::checker::Checker;
use super::expression::Expr;

/// What follows when a rule's conditions hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// This endpoint.
    Endpoint(EndpointTemplate),
    /// This error, of type string.
    Error(Expr),
    /// The first of these rules that holds; the last one has no conditions.
    Tree(Vec<Rule>),
    /// The error that no rule matches.
    NoMatch,
}

/// How to make an endpoint (Smithy specification, "Endpoint object").
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointTemplate {
    /// The URL, of type string.
    pub url: Expr,
    /// Headers: name and values, of type string.
    pub headers: Vec<(String, Vec<Expr>)>,
    /// The property `authSchemes`.
    pub auth_schemes: Vec<AuthSchemeTemplate>,
    /// The other properties, by name.
    pub properties: Vec<(String, PropertyTemplate)>,
}

/// One entry of `authSchemes`.
#[derive(Clone, Debug, PartialEq)]
pub struct AuthSchemeTemplate {
    /// The scheme.
    pub name: Expr,
    /// `signingName`.
    pub signing_name: Option<Expr>,
    /// `signingRegion`.
    pub signing_region: Option<Expr>,
    /// `signingRegionSet`.
    pub signing_region_set: Vec<Expr>,
    /// The other members, by name.
    pub properties: Vec<(String, PropertyTemplate)>,
}

impl Outcome {
    /// How often the variable of this number is used.
    pub fn uses(&self, variable: usize) -> usize {
        match self {
            Self::Endpoint(endpoint) => endpoint.exprs().iter().map(|e| e.uses(variable)).sum(),
            Self::Error(message) => message.uses(variable),
            Self::Tree(rules) => rules.iter().map(|rule| rule.uses(variable)).sum(),
            Self::NoMatch => 0,
        }
    }
}

impl EndpointTemplate {
    /// Every expression in it.
    fn exprs(&self) -> Vec<&Expr> {
        let mut exprs = vec![&self.url];
        exprs.extend(self.headers.iter().flat_map(|(_, values)| values));
        for scheme in &self.auth_schemes {
            exprs.push(&scheme.name);
            exprs.extend(&scheme.signing_name);
            exprs.extend(&scheme.signing_region);
            exprs.extend(&scheme.signing_region_set);
            scheme
                .properties
                .iter()
                .for_each(|(_, p)| p.collect(&mut exprs));
        }
        self.properties
            .iter()
            .for_each(|(_, p)| p.collect(&mut exprs));
        exprs
    }
}

impl PropertyTemplate {
    /// The text, when it is one.
    pub fn text(&self) -> Option<&Expr> {
        match self {
            Self::Text(text) => Some(text),
            Self::Boolean(_) | Self::Integer(_) | Self::List(_) | Self::Map(_) => None,
        }
    }

    fn collect<'a>(&'a self, exprs: &mut Vec<&'a Expr>) {
        match self {
            Self::Text(text) => exprs.push(text),
            Self::Boolean(_) | Self::Integer(_) => {}
            Self::List(items) => items.iter().for_each(|item| item.collect(exprs)),
            Self::Map(entries) => entries.iter().for_each(|(_, item)| item.collect(exprs)),
        }
    }
}

/// How to make a property.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // The names are those of JSON.
pub enum PropertyTemplate {
    Text(Expr),
    Boolean(bool),
    Integer(i64),
    List(Vec<PropertyTemplate>),
    Map(Vec<(String, PropertyTemplate)>),
}

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
                "`type` is {other:?}, which is no type of rule here"
            ));
            None
        }
    }
}

fn template(checker: &mut Checker, value: &Value) -> Option<EndpointTemplate> {
    let url = value.get("url").unwrap_or(&Value::Null);
    let url = checker.within("url", |checker| checker.string(url));
    let headers = object(checker, value, "headers", header_values);
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
    let properties = properties(checker, &others);
    Some(EndpointTemplate {
        url: url?,
        headers: headers?,
        auth_schemes: auth_schemes?,
        properties: properties?,
    })
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

/// Reads every member of `value[key]`, none when it is absent.
fn object<T>(
    checker: &mut Checker,
    value: &Value,
    key: &str,
    read: fn(&mut Checker, &str, &Value) -> Option<T>,
) -> Option<Vec<(String, T)>> {
    let map = entries(checker, value, key)?;
    members(checker, &map, read)
}

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
                    let value = property(checker, value)?;
                    scheme.properties.push((key.clone(), value));
                }
            }
            Some(())
        })?;
    }
    Some(scheme)
}

fn properties(
    checker: &mut Checker,
    map: &Map<String, Value>,
) -> Option<Vec<(String, PropertyTemplate)>> {
    checker.within("properties", |checker| {
        members(checker, map, |checker, _, value| property(checker, value))
    })
}

/// Reads a property. It may hold templates, but neither references nor calls.
fn property(checker: &mut Checker, value: &Value) -> Option<PropertyTemplate> {
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
                .map(|item| checker.within("[]", |checker| property(checker, item)));
            items.collect::<Option<_>>().map(PropertyTemplate::List)
        }
        Value::Object(map) => members(checker, map, |checker, _, value| property(checker, value))
            .map(PropertyTemplate::Map),
        Value::Number(_) | Value::Null => {
            checker.fault("a property is a string, boolean, integer, array or object");
            None
        }
    }
}
