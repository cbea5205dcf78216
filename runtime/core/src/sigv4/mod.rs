//! Signing requests with AWS Signature Version 4.
//!
//! The rules are those of "AWS Signature Version 4 for API requests" in the IAM User Guide. A
//! [`Signer`] is made once per client and shared: it remembers the key that it derived from the
//! secret, which changes once a day. All input is plain data and the time is given, so nothing
//! here waits or reads a clock.
//!
//! A header is signed unless proxies and HTTP libraries may change it on the way, such as
//! `user-agent`; see [`canonical`] for the list. The payload's SHA-256 is signed unless
//! [`Signer::sign_without_payload`] leaves it out.

pub mod canonical;
mod date;
mod key;

use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{AUTHORIZATION, HOST, HeaderMap, HeaderName, HeaderValue};
use http::uri::{PathAndQuery, Uri};
use sha2::{Digest, Sha256};

use crate::sensitive::header_value;

use canonical::{CanonicalRequest, Hex, RequestParts};
use date::AmzDate;
pub(crate) use date::can_sign;
use hmac::Mac as _;
use key::KeyCache;

use crate::error::debug_as_display;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";
const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");
const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// Who signs, for which service and when.
#[derive(Clone, Copy)]
pub struct SigningParams<'a> {
    /// The access key id, which the request names in the clear.
    pub access_key_id: &'a str,
    /// The secret that belongs to the access key id. It never leaves the machine.
    pub secret_access_key: &'a str,
    /// The session token of temporary credentials, which the request carries. An empty one is none.
    pub session_token: Option<&'a str>,
    /// The region to sign for, such as `eu-central-1`.
    pub region: &'a str,
    /// The service's signing name, such as `kms`.
    pub service: &'a str,
    /// The time of the request, already corrected for the clock's skew. Whole seconds count.
    pub time: SystemTime,
}

impl SigningParams<'_> {
    /// What the derived key is good for: `20150830/us-east-1/kms/aws4_request`.
    fn scope(&self, date: &AmzDate) -> String {
        let (region, service) = (self.region, self.service);
        [date.day(), "/", region, "/", service, "/aws4_request"].concat()
    }

    fn token(&self) -> Option<&str> {
        self.session_token.filter(|token| !token.is_empty())
    }
}

impl fmt::Debug for SigningParams<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningParams")
            .field("access_key_id", &self.access_key_id)
            .field("region", &self.region)
            .field("service", &self.service)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}

/// In what a service's signatures differ from another's. The default is right for all services
/// that speak awsJson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SigningOptions {
    /// Leave out of the signed path the segments that are empty or `.`, and each `..` with the
    /// segment before it. All services but S3 want this.
    pub normalize_path: bool,
    /// Percent-encode the path for signing once more than it already is. All services but S3 want
    /// this.
    pub encode_path_twice: bool,
    /// Send the payload's SHA-256 as `x-amz-content-sha256` too. S3 wants this. A presigned URL
    /// never carries it.
    pub payload_header: bool,
    /// Sign the session token. A few services want it added after signing instead.
    pub sign_session_token: bool,
}

impl Default for SigningOptions {
    fn default() -> Self {
        Self {
            normalize_path: true,
            encode_path_twice: true,
            payload_header: false,
            sign_session_token: true,
        }
    }
}

/// Signs requests and remembers the last derived key.
///
/// The remembered key is found again only for the same access key, secret, day, region and
/// service, and is wiped when another takes its place and when the signer is dropped.
#[derive(Debug, Default)]
pub struct Signer {
    options: SigningOptions,
    keys: KeyCache,
}

impl Signer {
    /// A signer with other than the default options.
    pub fn with_options(options: SigningOptions) -> Self {
        Self {
            options,
            keys: KeyCache::default(),
        }
    }

    /// Signs `request` by headers: sets `host` (unless present), `x-amz-date`,
    /// `x-amz-security-token` and `authorization`. What an earlier call set is replaced, so a
    /// retried request may be signed again as it is.
    ///
    /// # Errors
    ///
    /// A [`SignError`] when the input cannot be put into a request; the request may then already
    /// have new headers and must not be sent.
    pub fn sign(
        &self,
        params: &SigningParams<'_>,
        request: &mut http::Request<Bytes>,
    ) -> Result<(), SignError> {
        let payload = digest(request.body());
        self.sign_with(
            params,
            request,
            payload.as_str(),
            self.options.payload_header,
        )
    }

    /// Signs `request` as [`sign`](Self::sign) does, but for its payload: `x-amz-content-sha256`
    /// tells the service of it. For operations with `aws.auth#unsignedPayload`, over TLS only.
    ///
    /// # Errors
    ///
    /// As for [`sign`](Self::sign).
    pub fn sign_without_payload(
        &self,
        params: &SigningParams<'_>,
        request: &mut http::Request<Bytes>,
    ) -> Result<(), SignError> {
        self.sign_with(params, request, UNSIGNED_PAYLOAD, true)
    }

    /// `payload` stands for the payload, and is sent as a header, too, if `payload_header`.
    fn sign_with(
        &self,
        params: &SigningParams<'_>,
        request: &mut http::Request<Bytes>,
        payload: &str,
        payload_header: bool,
    ) -> Result<(), SignError> {
        let date = AmzDate::new(params.time).ok_or(SignError::Time)?;
        let scope = params.scope(&date);
        let token = token_header(params)?;
        set_host(request)?;

        let headers = request.headers_mut();
        headers.insert(X_AMZ_DATE, header(date.as_str(), X_AMZ_DATE)?);
        if payload_header {
            let value = header(payload, X_AMZ_CONTENT_SHA256)?;
            headers.insert(X_AMZ_CONTENT_SHA256, value);
        }
        let (signed_token, unsigned_token) = match self.options.sign_session_token {
            true => (token, None),
            false => (None, token),
        };
        headers.remove(X_AMZ_SECURITY_TOKEN);
        headers.extend(signed_token.map(|token| (X_AMZ_SECURITY_TOKEN, token)));

        let canonical = canonical_request(request, payload, self.options);
        let signature = self.signature_at(&date, &scope, params, &canonical);
        let mut authorization = header(
            [
                ALGORITHM,
                " Credential=",
                params.access_key_id,
                "/",
                &scope,
                ", SignedHeaders=",
                canonical.signed_headers(),
                ", Signature=",
                signature.as_str(),
            ]
            .concat(),
            AUTHORIZATION,
        )?;
        authorization.set_sensitive(true);

        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, authorization);
        headers.extend(unsigned_token.map(|token| (X_AMZ_SECURITY_TOKEN, token)));
        Ok(())
    }

    /// Signs `request` by its query string, so that its URI alone carries the right to send it
    /// until `expires` has passed (whole seconds; AWS accepts up to seven days).
    ///
    /// The URI must not be signed already. Headers other than `host` are signed as well: whoever
    /// sends the request must send the same ones.
    ///
    /// # Errors
    ///
    /// A [`SignError`] when the input cannot be put into a request.
    pub fn presign(
        &self,
        params: &SigningParams<'_>,
        request: &mut http::Request<Bytes>,
        expires: Duration,
    ) -> Result<(), SignError> {
        let date = AmzDate::new(params.time).ok_or(SignError::Time)?;
        let scope = params.scope(&date);
        let payload_sha256 = digest(request.body());
        clear_signature(request.headers_mut());
        set_host(request)?;

        let headers = canonical_request(request, payload_sha256.as_str(), self.options);
        let mut query = canonical::Query::new(request.uri().query());
        query.push("X-Amz-Algorithm", ALGORITHM);
        let credential = format!("{}/{scope}", params.access_key_id);
        query.push("X-Amz-Credential", &credential);
        query.push("X-Amz-Date", date.as_str());
        query.push("X-Amz-SignedHeaders", headers.signed_headers());
        query.push("X-Amz-Expires", &expires.as_secs().to_string());
        if let (Some(token), true) = (params.token(), self.options.sign_session_token) {
            query.push("X-Amz-Security-Token", token);
        }

        set_query(request, query.as_str())?;
        let canonical = canonical_request(request, payload_sha256.as_str(), self.options);
        let signature = self.signature_at(&date, &scope, params, &canonical);
        if let (Some(token), false) = (params.token(), self.options.sign_session_token) {
            query.push("X-Amz-Security-Token", token);
        }
        query.push("X-Amz-Signature", signature.as_str());
        set_query(request, query.as_str())
    }

    /// The signature over a canonical request in lower-case hexadecimal: the last step of
    /// [`Signer::sign`] by itself, for requests of another shape than [`http::Request`].
    ///
    /// # Errors
    ///
    /// [`SignError::Time`] when the time is out of range.
    pub fn signature(
        &self,
        params: &SigningParams<'_>,
        canonical: &CanonicalRequest,
    ) -> Result<String, SignError> {
        let date = AmzDate::new(params.time).ok_or(SignError::Time)?;
        let signature = self.signature_at(&date, &params.scope(&date), params, canonical);
        Ok(signature.as_str().to_owned())
    }

    fn signature_at(
        &self,
        date: &AmzDate,
        scope: &str,
        params: &SigningParams<'_>,
        canonical: &CanonicalRequest,
    ) -> Hex {
        let mut mac = self.keys.get(date, params);
        let hash = digest(canonical.as_bytes());
        for (index, line) in lines_to_sign(date, scope, &hash).iter().enumerate() {
            if index > 0 {
                mac.update(b"\n");
            }
            mac.update(line.as_bytes());
        }
        Hex::new(&mac.finalize().into_bytes().into())
    }
}

fn canonical_request(
    request: &http::Request<Bytes>,
    payload_sha256: &str,
    options: SigningOptions,
) -> CanonicalRequest {
    let parts = RequestParts {
        method: request.method().as_str(),
        path: request.uri().path(),
        query: request.uri().query().unwrap_or_default(),
        headers: request
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect(),
        payload_sha256,
    };
    CanonicalRequest::new(parts, options)
}

/// The text whose HMAC is the signature, to compare with the one in a service's
/// `SignatureDoesNotMatch` message. It holds no secret.
///
/// # Errors
///
/// [`SignError::Time`] when the time is out of range.
pub fn string_to_sign(
    params: &SigningParams<'_>,
    canonical: &CanonicalRequest,
) -> Result<String, SignError> {
    let date = AmzDate::new(params.time).ok_or(SignError::Time)?;
    let hash = digest(canonical.as_bytes());
    Ok(lines_to_sign(&date, &params.scope(&date), &hash).join("\n"))
}

fn lines_to_sign<'a>(date: &'a AmzDate, scope: &'a str, hash: &'a Hex) -> [&'a str; 4] {
    [ALGORITHM, date.as_str(), scope, hash.as_str()]
}

/// The SHA-256 of `data` in lower-case hexadecimal, as a signature wants the payload's.
pub fn sha256_hex(data: &[u8]) -> String {
    digest(data).as_str().to_owned()
}

fn digest(data: &[u8]) -> Hex {
    Hex::new(&Sha256::digest(data).into())
}

/// Removes what an earlier signature left: credentials may have changed since.
fn clear_signature(headers: &mut HeaderMap) {
    headers.remove(AUTHORIZATION);
    headers.remove(X_AMZ_DATE);
    headers.remove(X_AMZ_SECURITY_TOKEN);
}

/// Sets `host` from the URI, with a port other than the scheme's own, unless it is set.
fn set_host(request: &mut http::Request<Bytes>) -> Result<(), SignError> {
    if request.headers().contains_key(HOST) {
        return Ok(());
    }
    let uri = request.uri();
    let host = uri.host().ok_or(SignError::Host)?;
    let default_port = match uri.scheme_str() {
        Some("http") => Some(80),
        Some("https") => Some(443),
        _ => None,
    };
    let mut host = match uri.port_u16().filter(|&port| Some(port) != default_port) {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    host.make_ascii_lowercase();
    let host = header(host, HOST)?;
    request.headers_mut().insert(HOST, host);
    Ok(())
}

fn set_query(request: &mut http::Request<Bytes>, query: &str) -> Result<(), SignError> {
    let mut parts = request.uri().clone().into_parts();
    let path_and_query = format!("{}?{query}", request.uri().path());
    let path_and_query = PathAndQuery::try_from(path_and_query).map_err(|_| SignError::Uri)?;
    parts.path_and_query = Some(path_and_query);
    *request.uri_mut() = Uri::from_parts(parts).map_err(|_| SignError::Uri)?;
    Ok(())
}

fn token_header(params: &SigningParams<'_>) -> Result<Option<HeaderValue>, SignError> {
    let Some(token) = params.token() else {
        return Ok(None);
    };
    let value = header_value(&[token]).map_err(|_| SignError::Header(X_AMZ_SECURITY_TOKEN))?;
    Ok(Some(value))
}

fn header(value: impl TryInto<HeaderValue>, name: HeaderName) -> Result<HeaderValue, SignError> {
    value.try_into().map_err(|_| SignError::Header(name))
}

/// Why a request could not be signed. Holds no secret.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The request's URI names no host and there is no `host` header.
    Host,
    /// The time is before 1970 or after 9999.
    Time,
    /// The value for this header has a character that no header can carry: a credential with a
    /// line break, for example.
    Header(HeaderName),
    /// The presigned URI is longer than a URI can be.
    Uri,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host => f.write_str("the request to sign has neither a host header nor a host"),
            Self::Time => f.write_str("the time to sign for is outside the years 1970 to 9999"),
            Self::Header(name) => write!(
                f,
                "cannot sign: the value of the header {name} has a character not allowed there \
                 (are the credentials and the region free of spaces and line breaks?)"
            ),
            Self::Uri => f.write_str("the presigned URI is too long"),
        }
    }
}

debug_as_display!(SignError);

impl std::error::Error for SignError {}

#[cfg(test)]
mod tests;
