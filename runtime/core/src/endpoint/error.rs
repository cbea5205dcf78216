use std::borrow::Cow;
use std::fmt;

use crate::error::debug_as_display;

/// Why no endpoint could be found.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndpointError {
    /// The rules refuse this configuration; the message is the model's.
    Rule(Cow<'static, str>),
    /// A parameter that the rules require was not given; its name is the model's.
    MissingParameter(&'static str),
    /// The rules know nothing about these parameters.
    NoMatch,
    /// The URL that was configured or put together is not one that requests may go to. The URL
    /// itself is not repeated: it can hold a password.
    InvalidUrl(&'static str),
    /// A value that would stand in the host name has characters that no host name has.
    InvalidHost(String),
    /// A header of this name, or one of its values, has characters that no header has.
    InvalidHeader(String),
}

/// The error that a rule states.
impl From<&'static str> for EndpointError {
    fn from(message: &'static str) -> Self {
        Self::Rule(message.into())
    }
}

/// The error that a rule states.
impl From<String> for EndpointError {
    fn from(message: String) -> Self {
        Self::Rule(message.into())
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(message) => f.write_str(message),
            Self::MissingParameter(name) => write!(f, "the endpoint parameter {name} is not set"),
            Self::NoMatch => f.write_str("no endpoint rule matches this configuration"),
            Self::InvalidUrl(why) => write!(f, "the endpoint is not a usable URL: {why}"),
            Self::InvalidHost(value) => {
                write!(f, "{value:?} cannot be a part of an endpoint's host name")
            }
            Self::InvalidHeader(name) => {
                write!(
                    f,
                    "the endpoint rules give the header {name:?} an invalid value"
                )
            }
        }
    }
}

debug_as_display!(EndpointError);

impl std::error::Error for EndpointError {}
