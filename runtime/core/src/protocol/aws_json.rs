//! The protocols awsJson 1.0 and 1.1.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method};

use super::{ErrorSummary, Protocol, foreign};
use crate::error::ConstructionError;
use crate::json::{ErrorFields, read_leniently};
use crate::operation::{OperationInfo, ResponseParts};

const X_AMZ_TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const X_AMZN_QUERY_MODE: HeaderName = HeaderName::from_static("x-amzn-query-mode");
const X_AMZN_ERRORTYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
const X_AMZN_QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");

impl Protocol {
    /// awsJson 1.0.
    pub const fn aws_json_1_0() -> Self {
        Self::aws_json("application/x-amz-json-1.0")
    }

    /// awsJson 1.1.
    pub const fn aws_json_1_1() -> Self {
        Self::aws_json("application/x-amz-json-1.1")
    }

    const fn aws_json(content_type: &'static str) -> Self {
        Self {
            content_type,
            query_compatible: false,
            head,
            error,
            read_leniently,
            describe_foreign: foreign::describe,
        }
    }
}

/// Every request is `POST /`; a header names the operation.
fn head(info: &OperationInfo, request: &mut http::Request<Bytes>) -> Result<(), ConstructionError> {
    *request.method_mut() = Method::POST;
    let protocol = &info.service.protocol;
    let headers = request.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static(protocol.content_type),
    );
    let target = [info.service.shape, ".", info.name].concat();
    let target = HeaderValue::try_from(target)
        .map_err(|_| ConstructionError::new("the operation's name is not allowed in a header"))?;
    headers.insert(X_AMZ_TARGET, target);
    if protocol.query_compatible {
        headers.insert(X_AMZN_QUERY_MODE, HeaderValue::from_static("true"));
    }
    Ok(())
}

/// The name is the first that is not empty in the order of the specification: header, `code`,
/// `__type`.
fn error(protocol: &Protocol, response: ResponseParts<'_>) -> ErrorSummary {
    let fields = ErrorFields::read(response.body);
    let types = response.headers.get_all(&X_AMZN_ERRORTYPE).iter();
    let names = types
        .filter_map(|value| value.to_str().ok())
        .chain(fields.code.as_deref())
        .chain(fields.type_name.as_deref());
    let name = first_name(names.map(shape_name));
    let query = match protocol.query_compatible {
        true => response.headers.get(&X_AMZN_QUERY_ERROR),
        false => None,
    };
    let query = query.and_then(|value| value.to_str().ok());
    let code = first_name(query.into_iter().map(query_code)).or(name);
    ErrorSummary {
        name: name.map(str::to_owned),
        code: code.map(str::to_owned),
        message: fields.message,
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
