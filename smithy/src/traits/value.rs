//! The values of traits.

use std::fmt;

use serde_json::{Map, Number, Value};

use super::read::{FromJson, Read, bounds, expected, member, object, one_of};
use crate::decimal::Decimal;

/// Defines structs that are read from the members of an object.
macro_rules! objects {
    ($(
        $(#[$meta:meta])*
        $name:ident { $($(#[$doc:meta])* $field:ident: $type:ty = $key:literal,)* }
    )*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name { $($(#[$doc])* pub $field: $type,)* }

        impl FromJson for $name {
            fn from_json(value: &Value) -> Read<Self> {
                let object = object(value)?;
                Ok(Self { $($field: member(object, $key)?,)* })
            }
        }
    )*};
}

objects! {
    /// `smithy.api#deprecated`: do not use this any more.
    Deprecated {
        /// Why, or what to use instead.
        message: Option<String> = "message",
        /// The date or version since when.
        since: Option<String> = "since",
    }

    /// `smithy.api#paginated`. On a service the members are defaults for its operations.
    #[derive(Default)]
    Paginated {
        /// The input's member that takes the token.
        input_token: Option<String> = "inputToken",
        /// The path in the output to the next token: member names joined by dots.
        output_token: Option<String> = "outputToken",
        /// The path in the output to the items: member names joined by dots.
        items: Option<String> = "items",
    }

    /// One entry of `smithy.api#examples`.
    Example {
        /// What the example is about, in a few words.
        title: String = "title",
        /// More about it, in CommonMark.
        documentation: Option<String> = "documentation",
        /// The operation's input.
        input: Option<Map<String, Value>> = "input",
        /// The operation's output.
        output: Option<Map<String, Value>> = "output",
        /// The error that is returned instead of an output.
        error: Option<ExampleError> = "error",
    }

    /// The error of an [`Example`].
    ExampleError {
        /// The error's shape id.
        shape_id: String = "shapeId",
        /// The error's members.
        content: Option<Map<String, Value>> = "content",
    }

    /// One entry of `smithy.api#enum`.
    EnumEntry {
        /// The value.
        value: String = "value",
    }

    /// One entry of `smithy.rules#staticContextParams`.
    StaticContextParam {
        /// The constant.
        value: Value = "value",
    }

    /// `aws.api#service`: the service's names.
    AwsService {
        /// The name in SDKs, such as `Secrets Manager`.
        sdk_id: String = "sdkId",
        /// The identifier of its documentation, where it is not made of `sdkId` and version.
        doc_id: Option<String> = "docId",
    }

    /// One entry of our own trait for a service's front page.
    Subject {
        /// What the operations deal with, in words.
        name: String = "name",
        /// Their names.
        operations: Vec<String> = "operations",
    }
}

/// `smithy.api#enumValue`: the value of an enum's member on the wire.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EnumValue {
    /// Of an `enum`.
    Text(String),
    /// Of an `intEnum`.
    Number(i32),
}

impl fmt::Display for EnumValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl FromJson for EnumValue {
    fn from_json(value: &Value) -> Read<Self> {
        let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
        match (value.as_str(), number) {
            (Some(text), _) => Ok(Self::Text(text.to_owned())),
            (None, Some(number)) => Ok(Self::Number(number)),
            (None, None) => Err(expected("a string or a 32-bit whole number", value)),
        }
    }
}

/// `smithy.api#error`: who is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request.
    Client,
    /// The service.
    Server,
}

impl FromJson for ErrorKind {
    fn from_json(value: &Value) -> Read<Self> {
        one_of(value, &[("client", Self::Client), ("server", Self::Server)])
    }
}

/// `smithy.api#retryable`: a client may send the request again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retryable {
    /// The service asks for fewer requests.
    pub throttling: bool,
}

impl FromJson for Retryable {
    fn from_json(value: &Value) -> Read<Self> {
        let throttling: Option<bool> = member(object(value)?, "throttling")?;
        Ok(Self {
            throttling: throttling.unwrap_or(false),
        })
    }
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

impl FromJson for Length {
    fn from_json(value: &Value) -> Read<Self> {
        let (min, max) = bounds(value, |bound: &u64| *bound)?;
        Ok(Self { min, max })
    }
}

/// `smithy.api#range`, both ends included. A [`Number`] displays as decimal text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The least value.
    pub min: Option<Number>,
    /// The greatest value.
    pub max: Option<Number>,
}

impl FromJson for Range {
    fn from_json(value: &Value) -> Read<Self> {
        let (min, max) = bounds(value, |bound: &Number| Decimal::from(bound))?;
        Ok(Self { min, max })
    }
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

impl FromJson for TimestampFormat {
    fn from_json(value: &Value) -> Read<Self> {
        let known = [
            ("date-time", Self::DateTime),
            ("epoch-seconds", Self::EpochSeconds),
            ("http-date", Self::HttpDate),
        ];
        one_of(value, &known)
    }
}

/// A string that is not empty.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Name(String);

impl std::ops::Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl FromJson for Name {
    fn from_json(value: &Value) -> Read<Self> {
        match String::from_json(value)? {
            empty if empty.is_empty() => Err(expected("a name", value)),
            name => Ok(Self(name)),
        }
    }
}
