//! The errors of a call, by what the caller can do about them.
//!
//! `Display` of every error of this crate is one line that tells all its causes, too, without
//! secrets, and `source` does not repeat them. `Debug` is the same line, so that an error that
//! `main` returns reads like its text.

mod call;
mod credentials;
mod read;
mod text;

use std::error::Error as StdError;
use std::fmt::{self, Write as _};

use http::StatusCode;

use crate::event_stream::EventError;
use crate::operation::ErrorParts;

pub use self::call::{CallError, Error, TimeoutError};
pub use self::credentials::{CredentialsError, CredentialsErrorKind};
pub use self::read::ReadError;
pub use self::text::WithCauses;
#[doc(hidden)]
pub use crate::debug_as_display;
pub use crate::retry::Retryable;

/// The facts that the model gives of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorInfo {
    /// The name on the wire, such as `NotFoundException`.
    pub code: &'static str,
    /// Whether client or server is at fault.
    pub fault: Fault,
    /// The HTTP status that the model gives.
    pub status: u16,
    /// Whether another attempt may succeed (`@retryable`).
    pub retryable: Option<Retryable>,
}

impl ErrorInfo {
    /// An error that is the caller's fault.
    pub const fn client(code: &'static str, status: u16) -> Self {
        Self {
            code,
            fault: Fault::Client,
            status,
            retryable: None,
        }
    }

    /// An error that is the service's fault.
    pub const fn server(code: &'static str, status: u16) -> Self {
        Self {
            fault: Fault::Server,
            ..Self::client(code, status)
        }
    }

    /// Marks an error with `@retryable`.
    pub const fn retryable(mut self, retryable: Retryable) -> Self {
        self.retryable = Some(retryable);
        self
    }
}

/// Who is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The caller's.
    Client,
    /// The service's.
    Server,
}

/// An error shape of a model, or [`Unhandled`].
pub trait ModeledError: StdError + Send + Sync + 'static {
    /// The facts that the model gives; `None` for [`Unhandled`].
    fn info(&self) -> Option<&'static ErrorInfo>;

    /// The message of the service.
    fn message(&self) -> Option<&str>;

    /// Reads the error from a response.
    ///
    /// # Errors
    ///
    /// If the response does not have the form that the model gives it.
    fn read(error: ErrorParts<'_>) -> Result<Self, ReadError>
    where
        Self: Sized;
}

/// The error enum of one operation.
pub trait OperationError: StdError + From<Unhandled> + Send + Sync + 'static {
    /// Reads the modeled error `name` from a response; `None` if the operation has no such error.
    ///
    /// # Errors
    ///
    /// If the response does not have the form that the model gives the error.
    fn read(name: &str, error: ErrorParts<'_>) -> Result<Option<Self>, ReadError>;

    /// The error shape inside.
    fn shape(&self) -> &dyn ModeledError;

    /// `@retryable` of the modeled error `name`, if it has the trait.
    fn retryable(name: &str) -> Option<Retryable> {
        let _ = name;
        None
    }
}

/// An error that the model does not list for the operation, such as a throttled or denied request.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unhandled {
    /// The error's name, such as `AccessDeniedException`.
    pub code: Option<String>,
    /// The message of the service. For a response that does not come from the service, such as a
    /// proxy's page: its type and the beginning of its body, made harmless.
    pub message: Option<String>,
}

impl fmt::Display for Unhandled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display_code(
            f,
            self.code.as_deref().unwrap_or("unknown error"),
            self.message.as_deref(),
        )
    }
}

debug_as_display!(Unhandled);

impl StdError for Unhandled {}

impl ModeledError for Unhandled {
    fn info(&self) -> Option<&'static ErrorInfo> {
        None
    }

    fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    fn read(error: ErrorParts<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            code: None,
            message: error.message.map(str::to_owned),
        })
    }
}

/// `code: message`, as every service error displays, in one line.
#[doc(hidden)]
pub fn display_code(f: &mut fmt::Formatter<'_>, code: &str, message: Option<&str>) -> fmt::Result {
    display_line(f, code)?;
    match message {
        Some(message) if !message.is_empty() => {
            f.write_str(": ")?;
            display_line(f, message)
        }
        _ => Ok(()),
    }
}

/// Writes what a service says on one line: in a log it must not begin a line that looks like
/// another entry, nor fill it, nor steer the terminal that shows it.
pub(crate) fn display_line(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    const MAX_CHARS: usize = 4096;
    let mut chars = text.chars();
    for c in chars.by_ref().take(MAX_CHARS) {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            write!(f, "{}", c.escape_default())?;
        } else {
            f.write_char(c)?;
        }
    }
    match chars.next() {
        Some(_) => f.write_str("..."),
        None => Ok(()),
    }
}

/// Implements what error shapes have whose only member is an optional message: [`ModeledError`] with
/// whose fault each is, its status and, if it is another than the type's, its name on the wire,
/// `Display` and `Error`.
#[macro_export]
#[doc(hidden)]
macro_rules! message_errors {
    (@code $name:ident) => { ::std::stringify!($name) };
    (@code $name:ident $code:literal) => { $code };
    ($($name:ident = $fault:ident $status:literal $($code:literal)?),* $(,)?) => {$(
        impl $crate::error::ModeledError for $name {
            fn info(&self) -> ::std::option::Option<&'static $crate::error::ErrorInfo> {
                ::std::option::Option::Some(&const {
                    let code = $crate::message_errors!(@code $name $($code)?);
                    $crate::error::ErrorInfo::$fault(code, $status)
                })
            }

            fn message(&self) -> ::std::option::Option<&str> {
                self.message.as_deref()
            }

            fn read(
                error: $crate::operation::ErrorParts<'_>,
            ) -> ::std::result::Result<Self, $crate::error::ReadError> {
                let message = error.message.map(::std::borrow::ToOwned::to_owned);
                ::std::result::Result::Ok(Self { message })
            }
        }

        $crate::error_shape!($name);
    )*};
}

/// Implements `Display` and `Error` for a generated error shape.
#[macro_export]
#[doc(hidden)]
macro_rules! error_shape {
    ($name:ident) => {
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let code = $crate::error::ModeledError::info(self).map_or("", |info| info.code);
                $crate::error::display_code(f, code, $crate::error::ModeledError::message(self))
            }
        }

        impl ::std::error::Error for $name {}
    };
}

/// Implements what the error enums of operations have in common: [`OperationError`], `Display`,
/// `Debug`, `Error` and `From<Unhandled>`. Each variant but `Unhandled` is listed with its name on
/// the wire and, as an attribute, `@retryable`.
#[macro_export]
#[doc(hidden)]
macro_rules! operation_error {
    ($name:ident: $($(#[retryable($kind:ident)])? $variant:ident = $code:literal),* $(,)?) => {
        impl $crate::error::OperationError for $name {
            fn read(
                name: &str,
                error: $crate::operation::ErrorParts<'_>,
            ) -> ::std::result::Result<::std::option::Option<Self>, $crate::error::ReadError> {
                let _ = error;
                ::std::result::Result::Ok(match name {
                    $($code => {
                        let error = $crate::error::ModeledError::read(error)?;
                        ::std::option::Option::Some(Self::$variant(error))
                    })*
                    _ => ::std::option::Option::None,
                })
            }

            fn shape(&self) -> &dyn $crate::error::ModeledError {
                match self {
                    $(Self::$variant(error) => error,)*
                    Self::Unhandled(error) => error,
                }
            }

            fn retryable(name: &str) -> ::std::option::Option<$crate::error::Retryable> {
                match name {
                    $($($code => ::std::option::Option::Some($crate::error::Retryable::$kind),)?)*
                    _ => ::std::option::Option::None,
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt($crate::error::OperationError::shape(self), f)
            }
        }

        // As for the errors of the runtime: `main` prints an error by its `Debug`.
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(self, f)
            }
        }

        impl ::std::error::Error for $name {}

        impl ::std::convert::From<$crate::error::Unhandled> for $name {
            fn from(error: $crate::error::Unhandled) -> Self {
                Self::Unhandled(error)
            }
        }
    };
}

/// Error metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorMetadata {
    /// The error's name; for a query-compatible service its query code.
    pub code: Option<String>,
    /// The HTTP status.
    pub status: StatusCode,
    /// The request ID, needed by AWS Support.
    pub request_id: Option<String>,
}

/// Why a request could not be built.
#[derive(Clone, PartialEq, Eq)]
pub struct ConstructionError(String);

impl ConstructionError {
    /// An error with the text that the user sees.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for ConstructionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

debug_as_display!(ConstructionError);

impl StdError for ConstructionError {}

/// Why a response could not be read. `Display` leaves the status to the error around it.
#[derive(Clone)]
pub struct ResponseError {
    status: StatusCode,
    source: Malformed,
}

/// What is malformed.
#[derive(Clone, Debug)]
enum Malformed {
    Body(ReadError),
    Event(EventError),
}

impl ResponseError {
    /// A body that is not what the model says.
    pub(crate) fn body(status: StatusCode, source: ReadError) -> Self {
        Self {
            status,
            source: Malformed::Body(source),
        }
    }

    /// A stream of events that is not what the protocol and the model say.
    pub(crate) fn event(status: StatusCode, source: EventError) -> Self {
        Self {
            status,
            source: Malformed::Event(source),
        }
    }

    /// The HTTP status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What is malformed: a [`ReadError`] or an [`EventError`].
    pub fn get_ref(&self) -> &(dyn StdError + Send + Sync + 'static) {
        match &self.source {
            Malformed::Body(source) => source,
            Malformed::Event(source) => source,
        }
    }
}

impl fmt::Display for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "malformed response: {}", self.get_ref())
    }
}

debug_as_display!(ResponseError);

// `Display` has told the cause.
impl StdError for ResponseError {}
