//! An operation without its transport: building the HTTP request, reading the HTTP response.
//!
//! Nothing here opens a socket or needs an async runtime; [`crate::client`] adds signing, retries
//! and the transport.

mod foreign;
mod info;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::uri::PathAndQuery;
use http::{HeaderName, HeaderValue, Method, Uri};

use crate::endpoint::{Endpoint, EndpointInput};
use crate::error::{ConstructionError, ErrorMetadata, OperationError, ResponseError, Unhandled};
use crate::event_stream::{self, Messages};
use crate::json::{ErrorFields, ReadError, Reader, Writer, read_leniently};

pub use info::{Auth, EndpointRules, OperationInfo, ServiceInfo};

const X_AMZ_TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const X_AMZN_QUERY_MODE: HeaderName = HeaderName::from_static("x-amzn-query-mode");
const X_AMZN_ERRORTYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
const X_AMZN_QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");
const X_AMZN_REQUESTID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const X_AMZ_REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");

/// One operation of a service, implemented by its request.
///
/// Generated crates implement it; users call the client's methods or [`build`] and [`read`].
pub trait Operation: Send + Sync {
    /// The response.
    type Output: Send;
    /// What the service may answer instead.
    type Error: OperationError;
    /// What is fixed about the operation.
    const INFO: &'static OperationInfo;

    /// Writes the request's body.
    fn write(&self, w: &mut Writer);

    /// Reads the response's body.
    ///
    /// # Errors
    ///
    /// When the body does not have the form that the model gives it.
    fn read(r: &mut Reader<'_>) -> Result<Self::Output, ReadError>;

    /// Gives the output the messages of its stream of events, if it has one.
    fn attach(output: &mut Self::Output, messages: Messages) {
        let _ = (output, messages);
    }

    /// Fills the member with `@idempotencyToken` from `token` if the caller left it out.
    fn fill_idempotency_token(&mut self, token: fn() -> String) {
        let _ = token;
    }

    /// What the request adds to the parameters of the endpoint's rules, by their name.
    fn endpoint_inputs(&self) -> Vec<(&'static str, EndpointInput)> {
        Vec::new()
    }

    /// What goes before the endpoint's host (`@endpoint`).
    ///
    /// # Errors
    ///
    /// When a member with `@hostLabel` is absent or no valid label.
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
/// When the endpoint, or the one that a member of the request holds, is no absolute URI, or the
/// request gives no valid host prefix.
pub fn build<O: Operation>(
    request: &O,
    endpoint: &Uri,
) -> Result<http::Request<Bytes>, ConstructionError> {
    let mut w = Writer::new();
    request.write(&mut w);
    let own = own_endpoint(request)?;
    let endpoint = own.as_ref().unwrap_or(endpoint);
    http_request(O::INFO, w.finish(), endpoint, request.host_prefix()?)
}

/// The endpoint that a member of the request holds.
pub fn own_endpoint<O: Operation>(request: &O) -> Result<Option<Uri>, ConstructionError> {
    let parse = |text: &str| match Endpoint::new(text) {
        Ok(endpoint) => Ok(endpoint.uri),
        Err(e) => Err(ConstructionError::new(format!(
            "the request's own endpoint: {e}"
        ))),
    };
    request.own_endpoint().map(parse).transpose()
}

/// The part of [`build`] that is the same for all operations.
pub fn http_request(
    info: &OperationInfo,
    body: Bytes,
    endpoint: &Uri,
    host_prefix: Option<String>,
) -> Result<http::Request<Bytes>, ConstructionError> {
    let mut request = http::Request::new(body);
    *request.method_mut() = Method::POST;
    *request.uri_mut() = target_uri(endpoint, host_prefix)?;
    #[cfg(feature = "compression")]
    if info.compression {
        crate::compression::compress(&mut request);
    }
    #[cfg(feature = "checksum")]
    if info.checksum {
        crate::checksum::add(&mut request);
    }
    let length = HeaderValue::from(request.body().len());
    let headers = request.headers_mut();
    // Room for these and for those that signing and sending add.
    headers.reserve(12);
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static(info.service.content_type),
    );
    headers.insert(CONTENT_LENGTH, length);
    let target = [info.service.target, ".", info.name].concat();
    let target = HeaderValue::try_from(target)
        .map_err(|_| ConstructionError::new("the operation's name may not stand in a header"))?;
    headers.insert(X_AMZ_TARGET, target);
    if info.service.query_compatible {
        headers.insert(X_AMZN_QUERY_MODE, HeaderValue::from_static("true"));
    }
    Ok(request)
}

fn target_uri(endpoint: &Uri, host_prefix: Option<String>) -> Result<Uri, ConstructionError> {
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
        "/" => Some(PathAndQuery::from_static("/")),
        path => format!("{}/", path.trim_end_matches('/')).parse().ok(),
    };
    Uri::from_parts(parts).map_err(|e| ConstructionError::new(format!("endpoint: {e}")))
}

/// What a service answered when it was not a success.
#[derive(Debug)]
pub enum Failure<E> {
    /// An error of the service.
    Service(E, ErrorMetadata),
    /// An answer that the protocol does not allow.
    Response(ResponseError),
}

/// Reads the HTTP response of an operation. Where that is a stream of events, the body holds all of
/// it.
///
/// # Errors
///
/// [`Failure::Service`] when the service answered an error, [`Failure::Response`] when the answer
/// does not have the form that the protocol and the model give it.
pub fn read<O: Operation>(
    response: &http::Response<Bytes>,
) -> Result<O::Output, Failure<O::Error>> {
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
/// [`Failure::Response`] if the response does not have the form that the protocol and the model give
/// it.
pub fn read_output<O: Operation>(
    response: &http::Response<Bytes>,
) -> Result<O::Output, Failure<O::Error>> {
    if O::INFO.event_stream {
        return event_stream::read::<O>(response);
    }
    let output = reader(response).and_then(|mut r| {
        let output = O::read(&mut r)?;
        r.finish().map(|()| output)
    });
    output.map_err(|e| Failure::Response(ResponseError::body(response.status(), e)))
}

/// Reads the modeled members of an error response; see [`read`].
pub fn read_error<O: Operation>(
    response: &http::Response<Bytes>,
    error: ErrorResponse,
) -> Failure<O::Error> {
    let mut modeled = None;
    if let Some(name) = &error.name {
        read_leniently(response.body(), &mut |r| {
            modeled = O::Error::read(name, r)?;
            Ok(())
        });
    }
    let (unhandled, metadata) = error.into_parts(response);
    Failure::Service(modeled.unwrap_or_else(|| unhandled.into()), metadata)
}

/// An empty body reads as `{}`.
fn reader(response: &http::Response<Bytes>) -> Result<Reader<'_>, ReadError> {
    let body: &[u8] = response.body();
    Reader::new(if body.is_empty() { b"{}" } else { body })
}

/// The parts of an error response that all errors share.
#[derive(Debug)]
pub struct ErrorResponse {
    name: Option<String>,
    message: Option<String>,
    metadata: ErrorMetadata,
}

impl ErrorResponse {
    /// The name of the error's shape.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Reads them.
    ///
    /// The error's name is the first that is not empty in the order that the awsJson protocols
    /// give: header, `code`, `__type`.
    pub fn read(info: &OperationInfo, response: &http::Response<Bytes>) -> Self {
        let header = |name: &HeaderName| response.headers().get(name)?.to_str().ok();
        let fields = ErrorFields::read(response.body());
        let types = response.headers().get_all(&X_AMZN_ERRORTYPE).iter();
        let names = types
            .filter_map(|value| value.to_str().ok())
            .chain(fields.code.as_deref())
            .chain(fields.type_name.as_deref());
        let shape = first_name(names.map(shape_name));
        let query = header(&X_AMZN_QUERY_ERROR).filter(|_| info.service.query_compatible);
        let query_code = first_name(query.into_iter().map(query_code));
        let metadata = ErrorMetadata {
            code: query_code.or(shape).map(str::to_owned),
            status: response.status(),
            request_id: request_id(response),
        };
        Self {
            name: shape.map(str::to_owned),
            message: fields.message,
            metadata,
        }
    }

    /// The error if it is not modeled, and the metadata.
    fn into_parts(self, response: &http::Response<Bytes>) -> (Unhandled, ErrorMetadata) {
        let code = self.metadata.code.clone();
        let message = match code {
            None => self.message.or_else(|| foreign::describe(response)),
            Some(_) => self.message,
        };
        (Unhandled { code, message }, self.metadata)
    }
}

/// `aws.protocoltests#FooError:http://internal/` is `FooError`.
fn shape_name(name: &str) -> &str {
    let name = name.split(':').next().unwrap_or(name);
    name.split_once('#').map_or(name, |(_, name)| name).trim()
}

/// `NotFound;Sender` is `NotFound`.
fn query_code(query: &str) -> &str {
    query.split(';').next().unwrap_or_default().trim()
}

/// The first name that is not empty.
fn first_name<'n>(mut names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    names.find(|name| !name.is_empty())
}

/// The id that the service gave the request, for its logs.
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
            let error = target_uri(&endpoint, prefix.map(str::to_owned)).unwrap_err();
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
            let uri = target_uri(&endpoint, Some("data-".to_owned())).unwrap();
            assert_eq!(uri, expected);
        }
    }
}
