//! Sends the requests of credentials providers: attempts, timeouts, percent-encoding.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::USER_AGENT;
use http::{HeaderValue, Method, Request, Response, StatusCode};

use super::context::ProviderContext;
use super::error::{CredentialsError, Errors};
use crate::clock::timeout;
use crate::operation::has_request_id;
use crate::sensitive::header_value;
use crate::skew::{ClockSkew, Offset};
use crate::transport::{SensitiveResponse, TransportError, TransportErrorKind};

/// The maximum length of a foreign text in an error, in characters.
const MAX_QUOTE: usize = 300;
/// The backoff before the first retry is a random part of this; it doubles with each retry.
const BASE_DELAY: Duration = Duration::from_millis(50);

/// The attempts and timeouts of a provider.
#[derive(Clone, Copy, Debug)]
pub(super) struct Policy {
    /// The maximum number of attempts.
    pub(super) attempts: u32,
    /// The timeout of one attempt.
    pub(super) timeout: Duration,
    /// Whether to retry if the server cannot be reached. False for link-local addresses, where
    /// outside the cloud there is no server.
    pub(super) retry_unreachable: bool,
}

impl Policy {
    /// For services on the network.
    pub(super) const SERVICE: Self = Self {
        attempts: 3,
        timeout: Duration::from_secs(10),
        retry_unreachable: true,
    };
}

/// One kind of request to one server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    pub(super) context: &'a ProviderContext,
    pub(super) errors: Errors,
    pub(super) policy: Policy,
    /// The clock skew, measured from responses if the server's clock can be trusted.
    pub(super) skew: Option<&'a ClockSkew>,
    /// The description for errors, such as `AssumeRole at https://...`.
    pub(super) what: &'a str,
}

/// A response. Its body may contain credentials and is wiped on drop.
pub(super) struct SecretResponse {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
    /// The measured skew of the server's clock, if any.
    pub(super) clock: Offset,
    /// Whether the signing time of the request differs too much from the server's clock.
    pub(super) clock_skewed: bool,
}

impl SecretResponse {
    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }
}

impl Drop for SecretResponse {
    fn drop(&mut self) {
        crate::sensitive::wipe_last(std::mem::take(&mut self.body));
    }
}

impl Call<'_> {
    /// Sends the requests built by `build`, one for each attempt, until there is a response that
    /// `busy` does not classify as transient, or no attempt is left.
    pub(super) async fn send(
        self,
        build: impl Fn() -> Result<Request<Bytes>, CredentialsError>,
        busy: fn(&SecretResponse) -> bool,
    ) -> Result<SecretResponse, CredentialsError> {
        let clock = &*self.context.clock;
        let mut attempt = 1;
        loop {
            let signed_for = self.skew.map(ClockSkew::offset).unwrap_or_default();
            let sent = clock.now();
            let mut request = build()?;
            request.extensions_mut().insert(SensitiveResponse);
            let sending = self.context.transport.send(request);
            let result = timeout(clock, self.policy.timeout, sending).await;
            let result = result
                .map(|result| result.map(|response| self.measured(response, sent, signed_for)));
            let again = match &result {
                None => self.policy.retry_unreachable,
                Some(Err(error)) => {
                    error.kind() == TransportErrorKind::Io
                        || self.policy.retry_unreachable && is_transient(error)
                }
                Some(Ok(response)) => busy(response),
            };
            if !again || attempt >= self.policy.attempts {
                return match result {
                    Some(Ok(response)) => Ok(response),
                    Some(Err(error)) => Err(self.unreachable(&error)),
                    None => Err(self.errors.unavailable(format!(
                        "{}: no response within {:?}",
                        self.what, self.policy.timeout
                    ))),
                };
            }
            let longest = BASE_DELAY * 2_u32.saturating_pow(attempt - 1).min(400);
            clock.sleep(longest.mul_f64(fastrand::f64())).await;
            attempt += 1;
        }
    }

    fn measured(
        &self,
        response: Response<Bytes>,
        sent: SystemTime,
        signed_for: Offset,
    ) -> SecretResponse {
        let received = self.context.clock.now();
        // Without a request id it may come from a proxy, whose clock is not the service's.
        let skew = self.skew.filter(|_| has_request_id(&response));
        let measured = skew.and_then(|skew| skew.measure(sent, received, response.headers()));
        SecretResponse {
            status: response.status(),
            clock: measured.unwrap_or_default(),
            clock_skewed: measured.is_some_and(|measured| signed_for.is_far_from(measured)),
            body: response.into_body(),
        }
    }

    fn unreachable(&self, error: &TransportError) -> CredentialsError {
        let error = quote(&error.to_string());
        self.errors.unavailable(format!("{}: {error}", self.what))
    }
}

/// Creates a request with the common headers, for a response that may contain secrets.
pub(super) fn request(
    method: Method,
    uri: &str,
    body: Bytes,
    errors: Errors,
) -> Result<Request<Bytes>, CredentialsError> {
    const AGENT: &str = concat!("tinsmith/", env!("CARGO_PKG_VERSION"));
    Request::builder()
        .method(method)
        .uri(uri)
        .header(USER_AGENT, AGENT)
        .extension(SensitiveResponse)
        .body(body)
        .map_err(|error| errors.configuration(format!("invalid URL: {error}")))
}

/// Returns the header value for a token, or `None` if the token is empty or not a valid header
/// value.
pub(super) fn token_header(token: &[u8]) -> Option<HeaderValue> {
    let token = token.trim_ascii();
    header_value(&[token]).ok().filter(|_| !token.is_empty())
}

/// Returns whether a response is a transient error of the server.
pub(super) fn is_busy(response: &SecretResponse) -> bool {
    matches!(response.status().as_u16(), 429 | 500 | 502 | 503 | 504)
}

fn is_transient(error: &TransportError) -> bool {
    use TransportErrorKind::{Connect, ConnectTimeout, Io, ReadTimeout};
    matches!(error.kind(), Connect | ConnectTimeout | Io | ReadTimeout)
}

/// Returns the first line of a foreign text, shortened and without control characters, for an
/// error.
pub(super) fn quote(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default().trim_end();
    let printable = line.chars().filter(|character| !character.is_control());
    printable.take(MAX_QUOTE).collect()
}

/// Returns a status such as `503 Service Unavailable`, for an error.
pub(super) fn status(status: StatusCode) -> String {
    format!("HTTP status {status}")
}

/// Appends `text` to `output` with all but the unreserved characters of RFC 3986 encoded.
pub(super) fn percent_encode(text: &str, output: &mut String) {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            output.push(char::from(byte));
        } else {
            output.push('%');
            output.push(HEX[usize::from(byte >> 4)]);
            output.push(HEX[usize::from(byte & 15)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_all_but_unreserved_characters() {
        let mut output = String::new();
        percent_encode("arn:aws:iam::1:role/a b~é", &mut output);
        assert_eq!(output, "arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa%20b~%C3%A9");
    }

    #[test]
    fn quotes_one_short_line() {
        assert_eq!(quote("\n a\u{7}b \nsecond"), "ab");
        assert_eq!(quote(&"x".repeat(1000)).len(), MAX_QUOTE);
    }
}
