//! The error of a call and what is known of the call beside it.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

use super::{
    ConstructionError, CredentialsError, ErrorMetadata, ResponseError, WithCauses, debug_as_display,
};
use crate::operation::{OperationInfo, request_id};
use crate::transport::{TransportError, TransportErrorKind};

/// Why a call failed, by what the caller can do about it. `E` is the operation's error.
///
/// `Display` is one line: operation, what happened and why, HTTP status, request id, attempts. It
/// tells all causes, so `source` does not repeat them; [`CallError::cause`] gives the cause as a
/// value. `Debug` is the same line.
#[non_exhaustive]
pub enum Error<E> {
    /// The request could not be built; nothing was sent. Fix the request or the configuration.
    Construction(Box<CallError<ConstructionError>>),
    /// There are no credentials; nothing was sent in this attempt.
    Credentials(Box<CallError<CredentialsError>>),
    /// A limit on time was reached. The service may have carried out the request.
    Timeout(Box<CallError<TimeoutError>>),
    /// The connection failed. The service may have carried out the request unless it was never
    /// connected.
    Connection(Box<CallError<TransportError>>),
    /// The response does not have the form that the protocol and the model give it.
    Response(Box<CallError<ResponseError>>),
    /// The service returned an error.
    Service(Box<CallError<E>>),
}

impl<E> Error<E> {
    /// The operation's error, if the service returned one.
    pub fn service(&self) -> Option<&E> {
        match self {
            Self::Service(failed) => Some(failed.cause()),
            Self::Construction(_)
            | Self::Credentials(_)
            | Self::Timeout(_)
            | Self::Connection(_)
            | Self::Response(_) => None,
        }
    }

    /// The error's name as the service gives it, such as `ThrottlingException`, whether the model
    /// lists it or not.
    pub fn code(&self) -> Option<&str> {
        self.context().code.as_deref()
    }

    /// The HTTP status, if there was a response.
    pub fn status(&self) -> Option<StatusCode> {
        self.context().status
    }

    /// The request ID, needed by AWS Support.
    pub fn request_id(&self) -> Option<&str> {
        self.context().request_id.as_deref()
    }

    /// The number of attempts.
    pub fn attempts(&self) -> u32 {
        self.context().attempts
    }

    fn context(&self) -> &Context {
        match self {
            Self::Construction(failed) => &failed.context,
            Self::Credentials(failed) => &failed.context,
            Self::Timeout(failed) => &failed.context,
            Self::Connection(failed) => &failed.context,
            Self::Response(failed) => &failed.context,
            Self::Service(failed) => &failed.context,
        }
    }
}

impl<E: fmt::Display> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Construction(failed) => failed.fmt(f),
            Self::Credentials(failed) => failed.fmt(f),
            Self::Timeout(failed) => failed.fmt(f),
            Self::Connection(failed) => failed.fmt(f),
            Self::Response(failed) => failed.fmt(f),
            Self::Service(failed) => failed.fmt(f),
        }
    }
}

debug_as_display!(Error<E>);

impl<E: StdError + 'static> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        // The line of `Display` holds the cause's own, so its source comes next.
        match self {
            Self::Construction(failed) => failed.cause().source(),
            Self::Credentials(failed) => failed.cause().source(),
            Self::Timeout(failed) => failed.cause().source(),
            Self::Connection(failed) => failed.cause().source(),
            Self::Response(failed) => failed.cause().source(),
            Self::Service(failed) => failed.cause().source(),
        }
    }
}

/// A cause and the facts of the call.
pub struct CallError<C> {
    cause: C,
    context: Context,
}

struct Context {
    operation: &'static str,
    attempts: u32,
    /// Where the request went, if the transport failed.
    host: Option<String>,
    status: Option<StatusCode>,
    request_id: Option<String>,
    code: Option<String>,
}

impl<C> CallError<C> {
    /// A cause with the operation and the number of attempts.
    pub fn new(cause: C, info: &'static OperationInfo, attempts: u32) -> Self {
        Self {
            cause,
            context: Context {
                operation: info.name,
                attempts,
                host: None,
                status: None,
                request_id: None,
                code: None,
            },
        }
    }

    /// Adds the host that the request went to.
    #[must_use]
    pub fn with_host(mut self, host: Option<String>) -> Self {
        self.context.host = host;
        self
    }

    /// Adds what an error response says of itself.
    #[must_use]
    pub fn with_metadata(mut self, metadata: ErrorMetadata) -> Self {
        self.context.status = Some(metadata.status);
        self.context.request_id = metadata.request_id;
        self.context.code = metadata.code;
        self
    }

    /// Adds status and request ID of a response.
    #[must_use]
    pub fn with_response(mut self, response: &http::Response<Bytes>) -> Self {
        self.context.status = Some(response.status());
        self.context.request_id = request_id(response);
        self
    }

    /// The cause.
    pub fn cause(&self) -> &C {
        &self.cause
    }

    /// The cause, owned.
    pub fn into_cause(self) -> C {
        self.cause
    }
}

impl<C: fmt::Display> fmt::Display for CallError<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let context = &self.context;
        let cause = self.cause.to_string();
        write!(f, "{}: {cause}", context.operation)?;
        let mut separator = " (";
        if let Some(host) = context.host.as_ref().filter(|host| !names(&cause, host)) {
            write!(f, "{separator}host {host}")?;
            separator = ", ";
        }
        if let Some(status) = context.status {
            write!(f, "{separator}HTTP {}", status.as_u16())?;
            separator = ", ";
        }
        if let Some(request_id) = &context.request_id {
            // Nobody's id is longer; the service decides what stands here.
            write!(f, "{separator}request id {request_id:.128}")?;
            separator = ", ";
        }
        match context.attempts {
            0 => write!(f, "{separator}not sent)"),
            1 => write!(f, "{separator}1 attempt)"),
            many => write!(f, "{separator}{many} attempts)"),
        }
    }
}

debug_as_display!(CallError<C>);

/// Whether a text names the host, and not another one or a word that contains its name.
fn names(text: &str, host: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let parts: Vec<&str> = text.split(host).collect();
    parts.windows(2).any(|around| match around {
        [before, after] => !before.ends_with(is_part) && !after.starts_with(is_part),
        _ => false,
    })
}

/// A timeout that was reached.
pub struct TimeoutError {
    limit: &'static str,
    /// `None` for the limits of the transport.
    duration: Option<Duration>,
    source: Option<TransportError>,
}

impl TimeoutError {
    /// The limit on the whole call was reached.
    pub fn operation(duration: Duration) -> Self {
        Self {
            limit: "operation timeout",
            duration: Some(duration),
            source: None,
        }
    }

    /// The limit on one attempt was reached.
    pub fn attempt(duration: Duration) -> Self {
        Self {
            limit: "attempt timeout",
            ..Self::operation(duration)
        }
    }

    /// Returns the timeout that a transport reports.
    ///
    /// # Errors
    ///
    /// The error itself if it is not a timeout.
    pub fn of_transport(error: TransportError) -> Result<Self, TransportError> {
        let limit = match error.kind() {
            TransportErrorKind::ConnectTimeout => "connect timeout",
            TransportErrorKind::ReadTimeout => "read timeout",
            TransportErrorKind::Connect
            | TransportErrorKind::Io
            | TransportErrorKind::TooLarge
            | TransportErrorKind::Unsupported => return Err(error),
        };
        Ok(Self {
            limit,
            duration: None,
            source: Some(error),
        })
    }
}

impl fmt::Display for TimeoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.limit)?;
        if let Some(duration) = self.duration {
            write!(f, " of {duration:?}")?;
        }
        f.write_str(" reached")?;
        match &self.source {
            Some(source) => write!(f, ": {}", WithCauses(source.get_ref())),
            None => Ok(()),
        }
    }
}

debug_as_display!(TimeoutError);

// `Display` has told the cause.
impl StdError for TimeoutError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::ServiceInfo;
    use crate::protocol::Protocol;

    static SERVICE: ServiceInfo =
        ServiceInfo::new(Protocol::aws_json_1_1(), "Test", "2020-01-01", "Test");
    static INFO: OperationInfo = SERVICE.operation("Seal");

    #[test]
    fn names_the_host_unless_the_cause_does() {
        for (host, cause, suffix) in [
            ("moto", "connection to moto failed", ""),
            ("moto:5000", "connection to http://moto:5000: reset", ""),
            ("[::1]:5000", "connection to [::1]:5000 failed", ""),
            ("h", "the peer is gone", "host h, "),
            (
                "b.example",
                "tunnel to a.b.example failed",
                "host b.example, ",
            ),
            ("10.0.0.1", "tunnel by 10.0.0.10 failed", "host 10.0.0.1, "),
        ] {
            let cause = TransportError::new(TransportErrorKind::Io, cause);
            let expected = format!("Seal: {cause} ({suffix}1 attempt)");
            let failed = CallError::new(cause, &INFO, 1).with_host(Some(host.to_owned()));
            assert_eq!(failed.to_string(), expected);
        }
    }
}
