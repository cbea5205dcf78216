//! Credentials from the agent of a container platform over HTTP: Amazon ECS, EKS Pod Identity,
//! Greengrass.
//!
//! Source: "Container credential provider" in the AWS SDKs and Tools Reference Guide.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderValue, Method, Request, Uri};

use super::call::{Call, Policy, SecretResponse, is_busy, quote, request, status, token_header};
use super::context::ProviderContext;
use super::error::Errors;
use super::json::{Fields, not_json};
use super::{Credentials, CredentialsError, ProvideCredentials, time};
use crate::BoxFuture;
use crate::environment::Environment;
use crate::sensitive::Sensitive;

const NAME: &str = "Container";
const ERRORS: Errors = Errors(NAME);
const RELATIVE_URI: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL_URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

const POLICY: Policy = Policy {
    attempts: 3,
    timeout: Duration::from_secs(2),
    retry_unreachable: true,
};

/// Credentials from the address in `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or
/// `AWS_CONTAINER_CREDENTIALS_FULL_URI`.
#[derive(Clone, Debug)]
pub struct ContainerProvider {
    context: ProviderContext,
}

impl ContainerProvider {
    /// Creates a provider that reads the variables of `context` each time.
    pub fn new(context: ProviderContext) -> Self {
        Self { context }
    }

    async fn load(&self) -> Result<Credentials, CredentialsError> {
        let uri = uri(&self.context.environment)?;
        let host = uri.host().unwrap_or_default();
        let what = format!("getting credentials from {host}");
        let call = Call {
            context: &self.context,
            errors: ERRORS,
            policy: POLICY,
            skew: None,
            what: &what,
        };
        let uri = uri.to_string();
        let token = authorization(&self.context).await?;
        let build = || request_for(&uri, token.clone());
        let response = call.send(build, is_busy).await?;
        read(&response, &what)?.unexpired(self.context.clock.now())
    }
}

impl ProvideCredentials for ContainerProvider {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.load())
    }
}

fn uri(environment: &Environment) -> Result<Uri, CredentialsError> {
    let invalid =
        |variable: &str, why: &str| Err(ERRORS.configuration(format!("{variable}: {why}")));
    if let Some(path) = environment.var(RELATIVE_URI) {
        // Without the slash, the path would become part of the host name.
        if !path.starts_with('/') {
            return invalid(RELATIVE_URI, "the path must begin with `/`");
        }
        return match format!("http://169.254.170.2{path}").parse() {
            Ok(uri) => Ok(uri),
            Err(error) => invalid(RELATIVE_URI, &format!("not a URI: {error}")),
        };
    }
    let Some(text) = environment.var(FULL_URI) else {
        return Err(ERRORS.not_configured(format!("neither {RELATIVE_URI} nor {FULL_URI} is set")));
    };
    let uri: Uri = match text.parse() {
        Ok(uri) => uri,
        Err(error) => return invalid(FULL_URI, &format!("not a URI: {error}")),
    };
    match (uri.scheme_str(), uri.host()) {
        (_, None) => invalid(FULL_URI, "the URI did not specify a host"),
        (Some("https"), Some(_)) => Ok(uri),
        (Some("http"), Some(host)) if is_trusted(host) => Ok(uri),
        _ => invalid(
            FULL_URI,
            "must be https, or http to a loopback, Amazon ECS or Amazon EKS address",
        ),
    }
}

/// Returns whether TLS is not required for a host, because traffic to it does not leave the
/// machine.
fn is_trusted(host: &str) -> bool {
    const AGENTS: [&str; 3] = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"];
    let host = host.trim_start_matches('[').trim_end_matches(']');
    // RFC 6761 reserves this name for the loopback address.
    if host.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let Ok(address) = host.parse::<IpAddr>() else {
        return false;
    };
    address.is_loopback() || AGENTS.iter().any(|agent| agent.parse() == Ok(address))
}

fn request_for(uri: &str, token: Option<HeaderValue>) -> Result<Request<Bytes>, CredentialsError> {
    let mut request = request(Method::GET, uri, Bytes::new(), ERRORS)?;
    let headers = request.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(token) = token {
        headers.insert(AUTHORIZATION, token);
    }
    Ok(request)
}

async fn authorization(context: &ProviderContext) -> Result<Option<HeaderValue>, CredentialsError> {
    let header = |token: &[u8], variable: &str| {
        let value = token_header(token).ok_or_else(|| {
            ERRORS.configuration(format!("the token in {variable} is not one line of text"))
        })?;
        Ok(Some(value))
    };
    if let Some(path) = context.environment.var(TOKEN_FILE) {
        // Read each time, because the file is updated.
        let token = context.read(&path).await.map_err(|error| {
            ERRORS.configuration(format!(
                "could not read {path}, named by {TOKEN_FILE}: {error}"
            ))
        })?;
        return header(&token, TOKEN_FILE);
    }
    match context.environment.var(TOKEN) {
        Some(token) => header(Sensitive::new(token).as_bytes(), TOKEN),
        None => Ok(None),
    }
}

fn read(response: &SecretResponse, what: &str) -> Result<Credentials, CredentialsError> {
    let fields = Fields::parse(response.body());
    if !response.status().is_success() {
        let mut message = format!("{what}: {}", status(response.status()));
        if let Some(reason) = fields
            .as_ref()
            .ok()
            .and_then(|fields| fields.get("message"))
        {
            message.push_str(": ");
            message.push_str(&quote(reason));
        }
        return Err(ERRORS.refused(message));
    }
    let invalid = |why: String| ERRORS.response(format!("{what}: {why}"));
    let fields = fields.map_err(|error| invalid(not_json(&error)))?;
    let expiry = fields.time("Expiration", time::parse, invalid)?;
    let credentials = fields.credentials(["AccessKeyId", "SecretAccessKey"], NAME, invalid)?;
    Ok(credentials
        .with_session_token(fields.owned("Token"))
        .with_expiry(expiry)
        .with_account_id(fields.owned("AccountId")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri_for(name: &str, value: &str) -> Result<Uri, CredentialsError> {
        let none: [(&str, &str); 0] = [];
        uri(&Environment::fake([(name, value)], none))
    }

    #[test]
    fn tokens_go_to_trusted_hosts_only() {
        for trusted in [
            "http://127.0.0.1/",
            "http://127.9.9.9:1/",
            "http://[::1]/",
            "http://LOCALHOST/",
        ] {
            assert!(uri_for(FULL_URI, trusted).is_ok(), "{trusted}");
        }
        for other in [
            "http://169.254.169.254/",
            "http://example.com/",
            "http://localhost.example.com/",
            "ftp://127.0.0.1/",
            "http://127.0.0.1.example.com/",
            "http://[fd00:ec2::24]/",
            "http://127.0.0.1@example.com/",
        ] {
            assert!(uri_for(FULL_URI, other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_relative_uri_cannot_change_the_host() {
        for path in ["@example.com/", ".example.com/", "x"] {
            assert!(uri_for(RELATIVE_URI, path).is_err(), "{path}");
        }
    }
}
