//! Shapes and their members.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::json::{Object, array, flag, object, text};
use super::{Importer, deprecated, enumeration};
use crate::ast::is_identifier;

impl<'a> Importer<'a> {
    /// Puts every shape into the model.
    pub(super) fn shapes(&mut self) {
        for (name, shape) in self.shapes {
            match shape.as_object() {
                Some(shape) => self.shape(name, shape),
                None => drop(self.fault(name, "not an object")),
            }
        }
    }

    fn shape(&mut self, name: &str, shape: &'a Object) {
        let Some(kind) = text(shape, "type") else {
            self.fault(name, "has no type");
            return;
        };
        let mut smithy = json!({ "traits": self.shape_traits(name, kind, shape) });
        smithy["type"] = match kind {
            "blob" | "boolean" | "double" | "float" | "integer" | "long" | "timestamp" => {
                kind.into()
            }
            "string" | "character" => match self.enum_values(name, shape).as_slice() {
                [] => "string".into(),
                values => {
                    smithy["members"] = enumeration::members(values);
                    "enum".into()
                }
            },
            "list" => {
                smithy["member"] = self.part(name, shape, "member");
                "list".into()
            }
            "map" => {
                smithy["key"] = self.part(name, shape, "key");
                smithy["value"] = self.part(name, shape, "value");
                "map".into()
            }
            "structure" if flag(shape, "document") => "document".into(),
            "structure" => {
                let is_union = flag(shape, "union") || flag(shape, "eventstream");
                smithy["members"] = self.members(name, shape, is_union);
                if is_union { "union" } else { "structure" }.into()
            }
            unknown => self.fault(name, format!("unknown type of shape `{unknown}`")),
        };
        self.add(name, smithy);
    }

    /// The values of an enum that Smithy can have; generated enums take any other value as well.
    fn enum_values(&mut self, name: &str, shape: &'a Object) -> Vec<&'a str> {
        let mut values = Vec::new();
        for value in array(shape, "enum") {
            let Some(value) = value.as_str() else {
                self.fault(name, format!("the enum value {value} is not a string"));
                continue;
            };
            if value.is_empty() {
                self.leave_out(name, "the enum value \"\": Smithy allows no empty one");
            } else if values.contains(&value) {
                self.leave_out(name, format!("the duplicate enum value {value:?}"));
            } else {
                values.push(value);
            }
        }
        values
    }

    /// Traits of a shape itself. Every key is looked at, so that a new one is reported.
    fn shape_traits(&mut self, name: &str, kind: &str, shape: &Object) -> Object {
        let mut traits = Object::new();
        for (key, value) in shape {
            let (id, value) = match key.as_str() {
                "sensitive" | "sparse" | "streaming" if value == &Value::Bool(true) => {
                    (format!("smithy.api#{key}"), json!({}))
                }
                "eventstream" => ("smithy.api#streaming".to_owned(), json!({})),
                "pattern" => ("smithy.api#pattern".to_owned(), pattern(value)),
                "timestampFormat" => match timestamp_format(value) {
                    Some(format) => ("smithy.api#timestampFormat".to_owned(), format),
                    None => {
                        self.fault(name, format!("unknown timestamp format {value}"));
                        continue;
                    }
                },
                // Read together, below.
                "min" | "max" | "deprecated" | "deprecatedMessage" | "deprecatedSince" => continue,
                "exception" | "fault" | "error" | "retryable" => continue,
                // Read with the type and the members.
                "type" | "enum" | "members" | "required" | "member" | "key" | "value" => continue,
                "box" | "document" | "union" | "event" => continue,
                // Prose, and what concerns XML.
                "documentation" | "flattened" | "locationName" | "xmlNamespace" => continue,
                "xmlOrder" | "wrapper" | "synthetic" => continue,
                _ => {
                    self.leave_out(name, format!("`{key}` has no counterpart in Smithy"));
                    continue;
                }
            };
            traits.insert(id, value);
        }
        traits.extend(limits(kind, shape));
        traits.extend(error_traits(shape));
        if let Some(value) = deprecated(shape) {
            traits.insert("smithy.api#deprecated".to_owned(), value);
        }
        if let Some(zero) = self.default_of(name) {
            traits.insert("smithy.api#default".to_owned(), zero);
        }
        traits
    }

    /// The member of a list, or the key or the value of a map.
    fn part(&mut self, name: &str, shape: &Object, key: &str) -> Value {
        match shape.get(key) {
            Some(part) => self.target(name, part),
            None => self.fault(name, format!("has no `{key}`")),
        }
    }

    /// The members of a structure or a union, in the order of the source.
    fn members(&mut self, name: &str, shape: &'a Object, is_union: bool) -> Value {
        let required = array(shape, "required");
        let mut members = Object::new();
        let Some(of_source) = object(shape, "members") else {
            return self.fault(name, "has no `members`");
        };
        for (member, of) in of_source {
            let owner = format!("{name}${member}");
            if !is_identifier(member) {
                self.fault(&owner, "not a name that Smithy allows");
                continue;
            }
            let mut smithy = self.target(&owner, of);
            let mut traits = self.member_traits(&owner, of);
            // Of a union exactly one member is there, which needs no saying.
            if !is_union && required.iter().any(|name| name == member) {
                traits.insert("smithy.api#required".to_owned(), json!({}));
            }
            if !is_union {
                if let Some(default) = self.default_of_member(of) {
                    traits.insert("smithy.api#default".to_owned(), default);
                }
            }
            if let Value::Object(smithy) = &mut smithy {
                smithy.insert("traits".to_owned(), traits.into());
            }
            members.insert(member.clone(), smithy);
        }
        members.into()
    }

    /// Traits of a member, without `required` and `default`.
    fn member_traits(&mut self, owner: &str, member: &Value) -> Object {
        let mut traits = Object::new();
        let Some(member) = member.as_object() else {
            return traits;
        };
        for (key, value) in member {
            let (id, value) = match (key.as_str(), value) {
                ("idempotencyToken" | "hostLabel" | "sensitive", Value::Bool(true)) => {
                    (format!("smithy.api#{key}"), json!({}))
                }
                ("eventpayload", Value::Bool(true)) => {
                    ("smithy.api#eventPayload".to_owned(), json!({}))
                }
                ("eventheader", Value::Bool(true)) => {
                    ("smithy.api#eventHeader".to_owned(), json!({}))
                }
                ("endpointdiscoveryid", Value::Bool(true)) => {
                    ("aws.api#clientEndpointDiscoveryId".to_owned(), json!({}))
                }
                ("contextParam", _) => ("smithy.rules#contextParam".to_owned(), value.clone()),
                ("timestampFormat", _) => match timestamp_format(value) {
                    Some(format) => ("smithy.api#timestampFormat".to_owned(), format),
                    None => {
                        self.fault(owner, format!("unknown timestamp format {value}"));
                        continue;
                    }
                },
                // The name on the wire is the member's own: Smithy's awsJson knows no other.
                ("locationName", Value::String(name)) if !owner.ends_with(&format!("${name}")) => {
                    self.fault(
                        owner,
                        format!("is called `{name}` on the wire, which awsJson cannot say"),
                    );
                    continue;
                }
                ("shape" | "documentation" | "box" | "flattened" | "locationName", _) => continue,
                // Said by the shape, in `json_texts`.
                ("jsonvalue", _) => continue,
                ("deprecated" | "deprecatedMessage" | "deprecatedSince", _) => continue,
                ("xmlNamespace" | "xmlAttribute", _) => continue,
                _ => {
                    self.leave_out(owner, format!("`{key}` has no counterpart in Smithy"));
                    continue;
                }
            };
            traits.insert(id, value);
        }
        if let Some(value) = deprecated(member) {
            traits.insert("smithy.api#deprecated".to_owned(), value);
        }
        traits
    }
}

impl<'a> Importer<'a> {
    /// Marks the strings that hold JSON. botocore says so at the members, Smithy at the shape:
    /// that is the same where every member of the shape says so.
    pub(super) fn json_texts(&mut self) {
        let mut uses: BTreeMap<&'a str, (usize, usize)> = BTreeMap::new();
        let members = self
            .shapes
            .values()
            .filter_map(|shape| object(shape.as_object()?, "members"));
        for member in members
            .flat_map(Object::values)
            .filter_map(Value::as_object)
        {
            let (json, all) = uses
                .entry(text(member, "shape").unwrap_or_default())
                .or_default();
            *json += usize::from(flag(member, "jsonvalue"));
            *all += 1;
        }
        for (name, (json, all)) in uses {
            if json == all {
                self.apply(name, "smithy.api#mediaType", "application/json".into());
            } else if json > 0 {
                self.leave_out(name, "`jsonvalue`: not every member of this shape has it");
            }
        }
    }
}

/// `min` and `max` as the trait that fits the type.
fn limits(kind: &str, shape: &Object) -> Option<(String, Value)> {
    let limits: Object = ["min", "max"]
        .into_iter()
        .filter_map(|key| Some((key.to_owned(), shape.get(key)?.clone())))
        .collect();
    let id = match kind {
        "double" | "float" | "integer" | "long" => "smithy.api#range",
        _ => "smithy.api#length",
    };
    (!limits.is_empty()).then(|| (id.to_owned(), limits.into()))
}

/// The traits that make a structure an error.
///
/// The side at fault is in `fault` or in the HTTP status; neither means the client's.
fn error_traits(shape: &Object) -> Object {
    let mut traits = Object::new();
    if !flag(shape, "exception") {
        return traits;
    }
    let error = object(shape, "error");
    let status = error.and_then(|error| error.get("httpStatusCode")?.as_u64());
    let is_server = flag(shape, "fault") || status.is_some_and(|status| status >= 500);
    let kind = if is_server { "server" } else { "client" };
    traits.insert("smithy.api#error".to_owned(), kind.into());
    if let Some(status) = status {
        traits.insert("smithy.api#httpError".to_owned(), status.into());
    }
    if let Some(code) = error.and_then(|error| text(error, "code")) {
        let status = status.unwrap_or(if is_server { 500 } else { 400 });
        let value = json!({ "code": code, "httpResponseCode": status });
        traits.insert("aws.protocols#awsQueryError".to_owned(), value);
    }
    if let Some(retryable) = object(shape, "retryable") {
        let throttling = flag(retryable, "throttling");
        let value = if throttling {
            json!({ "throttling": true })
        } else {
            json!({})
        };
        traits.insert("smithy.api#retryable".to_owned(), value);
    }
    traits
}

/// A pattern that is looked for anywhere in the value, as Smithy's are, out of one that the whole
/// value has to match, as botocore's do: with anchors, or without the `.*` that undoes one.
fn pattern(value: &Value) -> Value {
    let Some(pattern) = value.as_str() else {
        return value.clone();
    };
    let open_end = pattern
        .strip_suffix(".*")
        .filter(|body| !body.ends_with('\\'));
    let (body, end) = match open_end {
        Some(body) => (body, ""),
        None if pattern.ends_with('$') => (pattern, ""),
        None => (pattern, "$"),
    };
    let (start, body) = match body.strip_prefix(".*") {
        Some(body) => ("", body),
        None if body.starts_with('^') => ("", body),
        None => ("^", body),
    };
    match body {
        "" | "^" => "^.*$".into(),
        body => format!("{start}{body}{end}").into(),
    }
}

/// Smithy's name of a timestamp format (Smithy specification, `timestampFormat` trait).
fn timestamp_format(value: &Value) -> Option<Value> {
    match value.as_str()? {
        "iso8601" => Some("date-time".into()),
        "rfc822" => Some("http-date".into()),
        "unixTimestamp" => Some("epoch-seconds".into()),
        _ => None,
    }
}
