//! The values of traits, read from their JSON form.
//!
//! Each `read` gives the value or says what is wrong with its form. Members that a trait does not
//! define are ignored: Smithy adds some over time.

use std::fmt;

use serde_json::{Map, Number, Value};

use crate::decimal::Decimal;
use crate::json::type_name;

/// A value or what is wrong with its form.
pub(super) type Read<T> = Result<T, String>;

/// `smithy.api#deprecated`: do not use this any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deprecated<'a> {
    /// Why, or what to use instead.
    pub message: Option<&'a str>,
    /// The date or version since when.
    pub since: Option<&'a str>,
}

/// `smithy.api#enumValue`: what a member of an enum is on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EnumValue<'a> {
    /// Of an `enum`.
    Text(&'a str),
    /// Of an `intEnum`.
    Number(i32),
}

/// `smithy.api#error`: who is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request.
    Client,
    /// The service.
    Server,
}

/// `smithy.api#retryable`: a client may send the request again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retryable {
    /// The service asks for fewer requests.
    pub throttling: bool,
}

/// `smithy.api#length`, both ends included. The unit depends on the shape: bytes of a blob, Unicode
/// scalar values of a string, entries of a list or map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// The least length.
    pub min: Option<u64>,
    /// The greatest length.
    pub max: Option<u64>,
}

/// `smithy.api#range`, both ends included. A [`Number`] displays as decimal text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range<'a> {
    /// The least value.
    pub min: Option<&'a Number>,
    /// The greatest value.
    pub max: Option<&'a Number>,
}

/// `smithy.api#paginated`. On a service the members are defaults for its operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paginated<'a> {
    /// The input's member that takes the token.
    pub input_token: Option<&'a str>,
    /// The path in the output to the next token: member names joined by dots.
    pub output_token: Option<&'a str>,
    /// The path in the output to the items: member names joined by dots.
    pub items: Option<&'a str>,
    /// The input's member that limits a page.
    pub page_size: Option<&'a str>,
}

/// `smithy.api#timestampFormat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimestampFormat {
    /// RFC 3339, in UTC.
    DateTime,
    /// Seconds since 1970, with a fraction.
    EpochSeconds,
    /// RFC 9110's IMF-fixdate.
    HttpDate,
}

/// One entry of `smithy.api#examples`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Example<'a> {
    /// What the example is about, in a few words.
    pub title: &'a str,
    /// More about it, in CommonMark.
    pub documentation: Option<&'a str>,
    /// The operation's input.
    pub input: Option<&'a Map<String, Value>>,
    /// The operation's output.
    pub output: Option<&'a Map<String, Value>>,
    /// The error that is answered instead of an output.
    pub error: Option<ExampleError<'a>>,
}

/// The error of an [`Example`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExampleError<'a> {
    /// The error's shape id.
    pub shape_id: &'a str,
    /// The error's members.
    pub content: Option<&'a Map<String, Value>>,
}

/// One entry of our own trait for a service's front page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject<'a> {
    /// What the operations deal with, in words.
    pub name: &'a str,
    /// Their names.
    pub operations: Vec<&'a str>,
}

/// `aws.api#service`: the service's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AwsService<'a> {
    /// The name in SDKs, such as `Secrets Manager`.
    pub sdk_id: &'a str,
    /// The identifier of its documentation, where it is not made of `sdkId` and version.
    pub doc_id: Option<&'a str>,
    /// The name in ARNs.
    pub arn_namespace: Option<&'a str>,
    /// The name in CloudFormation's resource types.
    pub cloud_formation_name: Option<&'a str>,
    /// The event source in CloudTrail, such as `kms.amazonaws.com`.
    pub cloud_trail_event_source: Option<&'a str>,
    /// The first label of the service's host names.
    pub endpoint_prefix: Option<&'a str>,
}

/// `aws.protocols#awsQueryError`: the error as the query protocol named it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AwsQueryError<'a> {
    /// The code.
    pub code: &'a str,
    /// The HTTP status.
    pub http_response_code: u16,
}

/// One entry of `smithy.rules#clientContextParams`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientContextParam<'a> {
    /// `boolean`, `string` or `stringArray`.
    pub kind: &'a str,
    /// What it does, in CommonMark.
    pub documentation: Option<&'a str>,
}

/// An object whose members are looked up by name.
#[derive(Clone, Copy)]
pub(super) struct Object<'a>(pub(super) &'a Map<String, Value>);

impl<'a> Object<'a> {
    pub(super) fn read(value: &'a Value) -> Read<Self> {
        value
            .as_object()
            .map(Self)
            .ok_or_else(|| expected("an object", value))
    }

    /// A member that may be missing.
    fn optional<T>(self, key: &str, read: impl FnOnce(&'a Value) -> Read<T>) -> Read<Option<T>> {
        match self.0.get(key) {
            None => Ok(None),
            Some(value) => read(value)
                .map(Some)
                .map_err(|fault| format!("`{key}`: {fault}")),
        }
    }

    /// A member that must be there.
    fn required<T>(self, key: &str, read: impl FnOnce(&'a Value) -> Read<T>) -> Read<T> {
        self.optional(key, read)?
            .ok_or_else(|| format!("`{key}` is missing"))
    }

    /// Every member, read the same way.
    pub(super) fn entries<T>(self, read: impl Fn(&'a Value) -> Read<T>) -> Read<Vec<(&'a str, T)>> {
        let entry = |(key, value): (&'a String, &'a Value)| match read(value) {
            Ok(value) => Ok((key.as_str(), value)),
            Err(fault) => Err(format!("`{key}`: {fault}")),
        };
        self.0.iter().map(entry).collect()
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

pub(super) fn string(value: &Value) -> Read<&str> {
    value.as_str().ok_or_else(|| expected("a string", value))
}

pub(super) fn array(value: &Value) -> Read<&[Value]> {
    value
        .as_array()
        .map(Vec::as_slice)
        .ok_or_else(|| expected("an array", value))
}

pub(super) fn strings(value: &Value) -> Read<Vec<&str>> {
    array(value)?.iter().map(string).collect()
}

fn boolean(value: &Value) -> Read<bool> {
    value.as_bool().ok_or_else(|| expected("a boolean", value))
}

fn map(value: &Value) -> Read<&Map<String, Value>> {
    Object::read(value).map(|object| object.0)
}

fn length_bound(value: &Value) -> Read<u64> {
    value
        .as_u64()
        .ok_or_else(|| expected("a whole number of at least 0", value))
}

fn number(value: &Value) -> Read<&Number> {
    value.as_number().ok_or_else(|| expected("a number", value))
}

/// An HTTP status code.
pub(super) fn status(value: &Value) -> Read<u16> {
    value
        .as_u64()
        .and_then(|code| u16::try_from(code).ok())
        .filter(|code| (100..=599).contains(code))
        .ok_or_else(|| expected("an HTTP status from 100 to 599", value))
}

/// The value of a trait that only stands there or not.
pub(super) fn annotation(value: &Value) -> Read<()> {
    Object::read(value).map(drop)
}

/// `smithy.api#endpoint`: the template of the host's prefix.
pub(super) fn host_prefix(value: &Value) -> Read<&str> {
    Object::read(value)?.required("hostPrefix", string)
}

/// `aws.auth#sigv4` and `smithy.rules#contextParam`: the name.
pub(super) fn name(value: &Value) -> Read<&str> {
    let name = |value| match string(value)? {
        "" => Err(expected("a name", value)),
        name => Ok(name),
    };
    Object::read(value)?.required("name", name)
}

/// `smithy.api#requestCompression`: the encodings, the preferred one first.
pub(super) fn encodings(value: &Value) -> Read<Vec<&str>> {
    Object::read(value)?.required("encodings", strings)
}

/// `smithy.api#enum`: the values.
pub(super) fn enum_trait_values(value: &Value) -> Read<Vec<&str>> {
    let value_of = |entry| Object::read(entry)?.required("value", string);
    array(value)?.iter().map(value_of).collect()
}

/// `smithy.rules#staticContextParams`: the constant of one parameter.
pub(super) fn context_value(value: &Value) -> Read<&Value> {
    Object::read(value)?.required("value", Ok)
}

/// `smithy.rules#operationContextParams`: the JMESPath expression of one parameter.
pub(super) fn context_path(value: &Value) -> Read<&str> {
    Object::read(value)?.required("path", string)
}

impl fmt::Display for EnumValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl<'a> EnumValue<'a> {
    pub(super) fn read(value: &'a Value) -> Read<Self> {
        let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
        match (value.as_str(), number) {
            (Some(text), _) => Ok(Self::Text(text)),
            (None, Some(number)) => Ok(Self::Number(number)),
            (None, None) => Err(expected("a string or a 32-bit whole number", value)),
        }
    }
}

impl<'a> Deprecated<'a> {
    pub(super) fn read(value: &'a Value) -> Read<Self> {
        let object = Object::read(value)?;
        Ok(Self {
            message: object.optional("message", string)?,
            since: object.optional("since", string)?,
        })
    }
}

impl ErrorKind {
    pub(super) fn read(value: &Value) -> Read<Self> {
        match value.as_str() {
            Some("client") => Ok(Self::Client),
            Some("server") => Ok(Self::Server),
            _ => Err(expected("`client` or `server`", value)),
        }
    }
}

impl Retryable {
    pub(super) fn read(value: &Value) -> Read<Self> {
        let throttling = Object::read(value)?.optional("throttling", boolean)?;
        Ok(Self {
            throttling: throttling.unwrap_or(false),
        })
    }
}

impl Length {
    pub(super) fn read(value: &Value) -> Read<Self> {
        let object = Object::read(value)?;
        let min = object.optional("min", length_bound)?;
        let max = object.optional("max", length_bound)?;
        match (min, max) {
            (None, None) => Err("`min` or `max` must be there".to_owned()),
            (Some(min), Some(max)) if min > max => {
                Err(format!("`min` {min} is greater than `max` {max}"))
            }
            (min, max) => Ok(Self { min, max }),
        }
    }
}

impl<'a> Range<'a> {
    pub(super) fn read(value: &'a Value) -> Read<Self> {
        let object = Object::read(value)?;
        let min = object.optional("min", number)?;
        let max = object.optional("max", number)?;
        match (min, max) {
            (None, None) => Err("`min` or `max` must be there".to_owned()),
            (Some(min), Some(max)) if Decimal::from(min) > Decimal::from(max) => {
                Err(format!("`min` {min} is greater than `max` {max}"))
            }
            (min, max) => Ok(Self { min, max }),
        }
    }
}

impl<'a> Paginated<'a> {
    pub(super) fn read(value: &'a Value) -> Read<Self> {
        let object = Object::read(value)?;
        Ok(Self {
            input_token: object.optional("inputToken", string)?,
            output_token: object.optional("outputToken", string)?,
            items: object.optional("items", string)?,
            page_size: object.optional("pageSize", string)?,
        })
    }
}

impl TimestampFormat {
    pub(super) fn read(value: &Value) -> Read<Self> {
        match value.as_str() {
            Some("date-time") => Ok(Self::DateTime),
            Some("epoch-seconds") => Ok(Self::EpochSeconds),
            Some("http-date") => Ok(Self::HttpDate),
            _ => Err(expected(
                "`date-time`, `epoch-seconds` or `http-date`",
                value,
            )),
        }
    }
}

impl<'a> Example<'a> {
    pub(super) fn read_all(value: &'a Value) -> Read<Vec<Self>> {
        array(value)?.iter().map(Self::read).collect()
    }

    fn read(value: &'a Value) -> Read<Self> {
        let object = Object::read(value)?;
        Ok(Self {
            title: object.required("title", string)?,
            documentation: object.optional("documentation", string)?,
            input: object.optional("input", map)?,
            output: object.optional("output", map)?,
            error: object.optional("error", ExampleError::read)?,
        })
    }
}

impl<'a> Subject<'a> {
    pub(super) fn read_all(value: &'a Value) -> Read<Vec<Self>> {
        array(value)?.iter().map(Self::read).collect()
    }

    fn read(value: &'a Value) -> Read<Self> {
        let object = Object::read(value)?;
        Ok(Self {
            name: object.required("name", string)?,
            operations: object.required("operations", strings)?,
        })
    }
}

impl<'a> ExampleError<'a> {
    fn read(value: &'a Value) -> Read<Self> {
        let object = Object::read(value)?;
        Ok(Self {
            shape_id: object.required("shapeId", string)?,
            content: object.optional("content", map)?,
        })
    }
}

impl<'a> AwsService<'a> {
    pub(super) fn read(value: &'a Value) -> Read<Self> {
        let object = Object::read(value)?;
        Ok(Self {
            sdk_id: object.required("sdkId", string)?,
            doc_id: object.optional("docId", string)?,
            arn_namespace: object.optional("arnNamespace", string)?,
            cloud_formation_name: object.optional("cloudFormationName", string)?,
            cloud_trail_event_source: object.optional("cloudTrailEventSource", string)?,
            endpoint_prefix: object.optional("endpointPrefix", string)?,
        })
    }
}

impl<'a> AwsQueryError<'a> {
    pub(super) fn read(value: &'a Value) -> Read<Self> {
        let object = Object::read(value)?;
        Ok(Self {
            code: object.required("code", string)?,
            http_response_code: object.required("httpResponseCode", status)?,
        })
    }
}

impl<'a> ClientContextParam<'a> {
    pub(super) fn read(value: &'a Value) -> Read<Self> {
        let object = Object::read(value)?;
        Ok(Self {
            kind: object.required("type", string)?,
            documentation: object.optional("documentation", string)?,
        })
    }
}
