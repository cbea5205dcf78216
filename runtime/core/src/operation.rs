//! Operations without I/O: building the HTTP request, reading the HTTP response.
//!
//! `tinsmith-client` adds signatures, retries and the transport.

mod info;
mod parts;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderName, HeaderValue, StatusCode, Uri};

use crate::endpoint::{Endpoint, EndpointInput};
use crate::error::{
    ConstructionError, ErrorMetadata, OperationError, ReadError, ResponseError, Unhandled,
};
use crate::event_stream::{self, Messages};
use crate::protocol::ErrorSummary;

pub use info::{Auth, EndpointRules, OperationInfo, ServiceInfo};
pub use parts::{ErrorParts, RequestParts, ResponseParts};

const X_AMZN_REQUESTID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const X_AMZ_REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");

/// One operation of a service, implemented by its request.
///
/// Generated crates implement it; users call the client's methods or [`build`] and [`read`].
pub trait Operation: Send + Sync {
    /// The output.
    type Output: Send;
    /// The errors that the service models for this operation.
    type Error: OperationError;
    /// The facts of the model that do not depend on a request.
    const INFO: &'static OperationInfo;

    /// Writes the parts of the HTTP request that depend on the request's members.
    fn write_request(&self, request: &mut RequestParts);

    /// Reads the HTTP response of a call that succeeded.
    ///
    /// # Errors
    ///
    /// If the response does not have the form that the model gives it.
    fn read_response(response: ResponseParts<'_>) -> Result<Self::Output, ReadError>;

    /// Gives the output the messages of its event stream, if it has one.
    fn attach_events(output: &mut Self::Output, messages: Messages) {
        let _ = (output, messages);
    }

    /// Fills the member with `@idempotencyToken` from `token` if the caller left it out.
    fn fill_idempotency_token(&mut self, token: fn() -> String) {
        let _ = token;
    }

    /// Parameters of the endpoint rules that the request sets, by their name.
    fn endpoint_inputs(&self) -> Vec<(&'static str, EndpointInput)> {
        Vec::new()
    }

    /// The prefix of the endpoint's host (`@endpoint`).
    ///
    /// # Errors
    ///
    /// If a member with `@hostLabel` is absent or not a valid label.
    fn host_prefix(&self) -> Result<Option<String>, ConstructionError> {
        Ok(None)
    }

    /// The endpoint to use instead of the client's, where a member of the request holds one.
    fn own_endpoint(&self) -> Option<&str> {
        None
    }
}

/// Builds the unsigned HTTP request of an operation for the service at `endpoint`.
///
/// The endpoint is an absolute URI such as `https://kms.eu-central-1.amazonaws.com`; its path, if
/// any, is kept.
///
/// # Errors
///
/// If the endpoint, or the one that a member of the request holds, is not an absolute URI, or the
/// request's host prefix is not valid.
pub fn build<O: Operation>(
    request: &O,
    endpoint: &Uri,
) -> Result<http::Request<Bytes>, ConstructionError> {
    let mut parts = RequestParts::default();
    request.write_request(&mut parts);
    let own = own_endpoint(request)?;
    let endpoint = own.as_ref().unwrap_or(endpoint);
    http_request(O::INFO, &parts, endpoint, request.host_prefix()?)
}

/// Returns the endpoint that a member of the request holds.
///
/// # Errors
///
/// If it is not a URL.
pub fn own_endpoint<O: Operation>(request: &O) -> Result<Option<Uri>, ConstructionError> {
    let parse = |text: &str| match Endpoint::new(text) {
        Ok(endpoint) => Ok(endpoint.uri),
        Err(e) => Err(ConstructionError::new(format!(
            "the request's own endpoint: {e}"
        ))),
    };
    request.own_endpoint().map(parse).transpose()
}

/// Builds the unsigned HTTP request of an operation from the parts that
/// [`Operation::write_request`] wrote.
///
/// # Errors
///
/// See [`build`].
pub fn http_request(
    info: &OperationInfo,
    parts: &RequestParts,
    endpoint: &Uri,
    host_prefix: Option<String>,
) -> Result<http::Request<Bytes>, ConstructionError> {
    let mut request = http::Request::new(parts.body.clone());
    // Room for these headers and for those that signing and sending add.
    request.headers_mut().reserve(12);
    info.service.protocol.head(info, &mut request)?;
    *request.uri_mut() = target_uri(endpoint, request.uri(), host_prefix)?;
    #[cfg(feature = "compression")]
    if info.compression {
        crate::compression::compress(&mut request);
    }
    #[cfg(feature = "checksum")]
    if info.checksum {
        crate::checksum::add(&mut request);
    }
    let length = HeaderValue::from(request.body().len());
    request.headers_mut().insert(CONTENT_LENGTH, length);
    Ok(request)
}

/// The path of `target` below `endpoint`.
fn target_uri(
    endpoint: &Uri,
    target: &Uri,
    host_prefix: Option<String>,
) -> Result<Uri, ConstructionError> {
    let mut parts = endpoint.clone().into_parts();
    // The errors repeat neither user information nor a query, which may be secret.
    let (Some(_), Some(authority)) = (&parts.scheme, &parts.authority) else {
        let shown = endpoint.host().unwrap_or(endpoint.path());
        return Err(ConstructionError::new(format!(
            "the endpoint `{shown}` is not an absolute URI; give one such as https://host"
        )));
    };
    if let Some(prefix) = host_prefix {
        let authority = authority.as_str();
        let (user, host) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
        let authority = format!("{user}{prefix}{host}").parse();
        parts.authority = Some(authority.map_err(|_| {
            ConstructionError::new(format!("`{prefix}{host}` is not a valid host"))
        })?);
    }
    parts.path_and_query = match endpoint.path() {
        "/" => target.path_and_query().cloned(),
        path => format!("{}{target}", path.trim_end_matches('/'))
            .parse()
            .ok(),
    };
    Uri::from_parts(parts).map_err(|e| ConstructionError::new(format!("endpoint: {e}")))
}

/// Why [`read`] returns no output.
#[derive(Debug)]
pub enum ReadFailure<E> {
    /// An error of the service.
    Service(E, ErrorMetadata),
    /// A response that the protocol or the model does not allow.
    Response(ResponseError),
}

/// Reads the HTTP response of an operation. Where that is a stream of events, the body holds all of
/// it.
///
/// # Errors
///
/// [`ReadFailure::Service`] if the service returned an error, [`ReadFailure::Response`] if the
/// response does not have the form that the protocol and the model give it.
pub fn read<O: Operation>(
    response: &http::Response<Bytes>,
) -> Result<O::Output, ReadFailure<O::Error>> {
    if response.status().is_success() {
        return read_output::<O>(response);
    }
    let error = ErrorResponse::read(O::INFO, response);
    Err(read_error::<O>(response, error))
}

/// Reads the response of a call that succeeded; see [`read`].
///
/// # Errors
///
/// [`ReadFailure::Response`] if the response does not have the form that the protocol and the model
/// give it.
pub fn read_output<O: Operation>(
    response: &http::Response<Bytes>,
) -> Result<O::Output, ReadFailure<O::Error>> {
    if O::INFO.event_stream {
        return event_stream::read::<O>(response);
    }
    O::read_response(ResponseParts::of(response))
        .map_err(|e| ReadFailure::Response(ResponseError::body(response.status(), e)))
}

/// Reads the modeled members of an error response; see [`read`].
pub fn read_error<O: Operation>(
    response: &http::Response<Bytes>,
    error: ErrorResponse,
) -> ReadFailure<O::Error> {
    let parts = ResponseParts::of(response);
    let mut modeled = None;
    if let Some(name) = &error.summary.name {
        let message = error.summary.message.as_deref();
        let mut read = |body: &[u8]| {
            let response = ResponseParts { body, ..parts };
            modeled = O::Error::read(name, ErrorParts { response, message })?;
            Ok(())
        };
        O::INFO
            .service
            .protocol
            .read_leniently(parts.body, &mut read);
    }
    let (unhandled, metadata) = error.into_parts(O::INFO, parts);
    ReadFailure::Service(modeled.unwrap_or_else(|| unhandled.into()), metadata)
}

/// The parts of an error response that all errors share.
#[derive(Debug)]
pub struct ErrorResponse {
    summary: ErrorSummary,
    status: StatusCode,
    request_id: Option<String>,
}

impl ErrorResponse {
    /// Reads the response to a request of `info`.
    pub fn read(info: &OperationInfo, response: &http::Response<Bytes>) -> Self {
        Self {
            summary: info.service.protocol.error(ResponseParts::of(response)),
            status: response.status(),
            request_id: request_id(response),
        }
    }

    /// The name of the error's shape.
    pub fn name(&self) -> Option<&str> {
        self.summary.name.as_deref()
    }

    /// The error if it is not modeled, and the metadata.
    fn into_parts(
        self,
        info: &OperationInfo,
        response: ResponseParts<'_>,
    ) -> (Unhandled, ErrorMetadata) {
        let ErrorSummary { code, message, .. } = self.summary;
        let describe = || info.service.protocol.describe_foreign(response);
        let unhandled = Unhandled {
            message: match code {
                None => message.or_else(describe),
                Some(_) => message,
            },
            code: code.clone(),
        };
        let metadata = ErrorMetadata {
            code,
            status: self.status,
            request_id: self.request_id,
        };
        (unhandled, metadata)
    }
}

/// Returns the request ID, which AWS Support asks for.
pub fn request_id(response: &http::Response<Bytes>) -> Option<String> {
    let headers = response.headers();
    let value = headers
        .get(X_AMZN_REQUESTID)
        .or_else(|| headers.get(X_AMZ_REQUEST_ID))?;
    Some(value.to_str().ok()?.to_owned())
}

/// Whether the response carries a request ID, as all responses of the service itself do.
pub fn has_request_id<B>(response: &http::Response<B>) -> bool {
    let headers = response.headers();
    // Responses have few headers, and comparing their names costs less than computing a hash.
    headers
        .keys()
        .any(|name| *name == X_AMZN_REQUESTID || *name == X_AMZ_REQUEST_ID)
}

/// Checks the value of a `@hostLabel` member: it becomes part of the host's name.
///
/// # Errors
///
/// When the value is not 1 to 63 letters, digits and hyphens that start with a letter or digit.
#[doc(hidden)]
pub fn host_label<'v>(member: &str, value: &'v str) -> Result<&'v str, ConstructionError> {
    let valid = (1..=63).contains(&value.len())
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !value.starts_with('-');
    if valid {
        return Ok(value);
    }
    Err(ConstructionError::new(format!(
        "`{member}` is part of the host's name: give 1 to 63 letters, digits and hyphens"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_about_endpoints_hold_no_user_information() {
        for (endpoint, prefix, expected) in [
            (
                "me:hidden@host.example:443",
                None,
                "the endpoint `host.example` is not an absolute URI; give one such as https://host",
            ),
            (
                "/path?hidden",
                None,
                "the endpoint `/path` is not an absolute URI; give one such as https://host",
            ),
            (
                "https://me:hidden@host.example:443",
                Some("a b."),
                "`a b.host.example:443` is not a valid host",
            ),
        ] {
            let endpoint = endpoint.parse().unwrap();
            let error =
                target_uri(&endpoint, &Uri::default(), prefix.map(str::to_owned)).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn host_prefix_is_before_the_host() {
        for (endpoint, expected) in [
            ("https://host.example", "https://data-host.example/"),
            (
                "https://me@host.example:1/a",
                "https://me@data-host.example:1/a/",
            ),
        ] {
            let endpoint = endpoint.parse().unwrap();
            let uri = target_uri(&endpoint, &Uri::default(), Some("data-".to_owned())).unwrap();
            assert_eq!(uri, expected);
        }
    }
}
