//! Assumes a role with AWS Security Token Service. The protocol is AWS Query: the request is a
//! form, the response is XML.
//!
//! Source: AssumeRole and AssumeRoleWithWebIdentity in the AWS STS API Reference.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Method, Request};

use super::call::{Call, Policy, SecretResponse, is_busy, percent_encode, quote, request, status};
use super::context::ProviderContext;
use super::error::Errors;
use super::plan::{Role, WebIdentity};
use super::{Credentials, CredentialsError, endpoint, time, xml};
use crate::profile::ProfileSet;
use crate::sensitive::Sensitive;
use crate::sigv4::{Signer, SigningParams};
use crate::skew::{self, ClockSkew};

const ASSUME_ROLE: &str = "AssumeRole";
const WEB_IDENTITY: &str = "WebIdentity";

/// Assumes `role` with the credentials `base`.
pub(super) async fn assume_role(
    context: &ProviderContext,
    profiles: &ProfileSet,
    base: &Credentials,
    role: &Role,
) -> Result<Credentials, CredentialsError> {
    let session_name = session_name(context, role.session_name.as_deref());
    let duration = role.duration_seconds.map(|seconds| seconds.to_string());
    let form = form(&[
        ("Action", Some("AssumeRole")),
        ("Version", Some("2011-06-15")),
        ("RoleArn", Some(&role.role_arn)),
        ("RoleSessionName", Some(&session_name)),
        ("ExternalId", role.external_id.as_deref()),
        ("DurationSeconds", duration.as_deref()),
    ]);
    call(
        context,
        profiles,
        ASSUME_ROLE,
        &role.role_arn,
        form,
        Some(base),
    )
    .await
}

/// Assumes the role of `identity` with a token of another identity provider; needs no signature.
pub(super) async fn assume_role_with_web_identity(
    context: &ProviderContext,
    profiles: &ProfileSet,
    identity: &WebIdentity,
    token: &str,
) -> Result<Credentials, CredentialsError> {
    let session_name = session_name(context, identity.session_name.as_deref());
    let form = form(&[
        ("Action", Some("AssumeRoleWithWebIdentity")),
        ("Version", Some("2011-06-15")),
        ("RoleArn", Some(&identity.role_arn)),
        ("RoleSessionName", Some(&session_name)),
        ("WebIdentityToken", Some(token)),
    ]);
    call(
        context,
        profiles,
        WEB_IDENTITY,
        &identity.role_arn,
        form,
        None,
    )
    .await
}

async fn call(
    context: &ProviderContext,
    profiles: &ProfileSet,
    name: &'static str,
    role_arn: &str,
    form: Bytes,
    signer: Option<&Credentials>,
) -> Result<Credentials, CredentialsError> {
    let errors = Errors(name);
    let (url, region) = endpoint::sts(context, profiles, errors)?;
    let what = format!("assuming the role {role_arn} at {url}");
    let skew = context.skew(profiles);
    let call = Call {
        context,
        errors,
        policy: Policy::SERVICE,
        skew,
        what: &what,
    };
    let build = || {
        let uri = format!("{url}/");
        let mut request = request(Method::POST, &uri, form.clone(), errors)?;
        let form_type = http::HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, form_type);
        if let Some(credentials) = signer {
            let offset = skew.map(ClockSkew::offset).unwrap_or_default();
            let time = offset.apply(context.clock.now());
            sign(credentials, &region, time, &mut request, errors)?;
        }
        Ok(request)
    };
    let response = call.send(build, is_retryable).await?;
    read(&response, name, &what)?.unexpired(context.clock.now())
}

fn sign(
    credentials: &Credentials,
    region: &str,
    time: SystemTime,
    request: &mut Request<Bytes>,
    errors: Errors,
) -> Result<(), CredentialsError> {
    let params = SigningParams {
        access_key_id: credentials.access_key_id(),
        secret_access_key: credentials.secret_access_key(),
        session_token: credentials.session_token(),
        region,
        service: "sts",
        time,
    };
    Signer::default()
        .sign(&params, request)
        .map_err(|error| errors.configuration(error.to_string()))
}

fn read(
    response: &SecretResponse,
    name: &'static str,
    what: &str,
) -> Result<Credentials, CredentialsError> {
    let errors = Errors(name);
    let body = std::str::from_utf8(response.body()).unwrap_or_default();
    if !response.status().is_success() {
        return Err(errors.refused(format!("{what}: {}", refusal(response, body))));
    }
    let incomplete = || errors.response(format!("{what}: the response has no credentials"));
    // The same names occur elsewhere in the response, so only this element is searched.
    let found = xml::element(body, "Credentials").ok_or_else(incomplete)?;
    let text = |name| {
        let text = xml::text(found, name);
        text.map(Cow::into_owned).ok_or_else(incomplete)
    };
    let required = |name| {
        text(name).and_then(|text| match text.is_empty() {
            true => Err(incomplete()),
            false => Ok(text),
        })
    };
    let expiry = time::parse(&text("Expiration")?).ok_or_else(incomplete)?;
    let key = required("AccessKeyId")?;
    Ok(Credentials::new(key, required("SecretAccessKey")?, name)
        .with_session_token(text("SessionToken")?)
        .with_expiry(time::local(expiry, response.clock))
        .with_account_id(account_id(body)))
}

/// Returns the account in `arn:aws:sts::123456789012:assumed-role/...`.
fn account_id(body: &str) -> Option<String> {
    let arn = xml::text(xml::element(body, "AssumedRoleUser")?, "Arn")?;
    let account = arn.split(':').nth(4)?;
    (!account.is_empty()).then(|| account.to_owned())
}

fn refusal(response: &SecretResponse, body: &str) -> String {
    let text = |name| xml::text(body, name).map(|text| quote(&text));
    match (text("Code"), text("Message")) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code,
        _ => status(response.status()),
    }
}

/// Returns whether an error of STS is transient. `IDPCommunicationError` is, according to its
/// documentation. `InvalidIdentityToken` is transient if STS could not reach the identity provider,
/// which can be seen only in the message.
fn is_retryable(response: &SecretResponse) -> bool {
    if !response.status().is_client_error() {
        return is_busy(response);
    }
    let body = std::str::from_utf8(response.body()).unwrap_or_default();
    let text = |name| xml::text(body, name).unwrap_or_default();
    match &*text("Code") {
        "IDPCommunicationError" | "RequestLimitExceeded" | "Throttling" | "ThrottlingException" => {
            true
        }
        "InvalidIdentityToken" => text("Message").contains("retrieve verification key"),
        code => is_busy(response) || response.clock_skewed && skew::is_skew_error(code),
    }
}

/// Returns the session name, which appears in CloudTrail.
fn session_name(context: &ProviderContext, configured: Option<&str>) -> String {
    if let Some(name) = configured {
        return name.to_owned();
    }
    if let Some(name) = context.environment.var("AWS_ROLE_SESSION_NAME") {
        return name;
    }
    let since_epoch = context.clock.now().duration_since(SystemTime::UNIX_EPOCH);
    let millis = since_epoch.unwrap_or(Duration::ZERO).as_millis();
    format!("tinsmith-{millis}")
}

/// Returns a form that is wiped on drop, because it may contain a token.
fn form(fields: &[(&str, Option<&str>)]) -> Bytes {
    // Reserves the maximum length, so that the text is never reallocated, which would leave a copy.
    let longest = |&(name, value): &(&str, Option<&str>)| {
        value.map_or(0, |value| name.len() + 2 + 3 * value.len())
    };
    let mut form = String::with_capacity(fields.iter().map(longest).sum());
    for (name, value) in fields {
        let Some(value) = value else { continue };
        if !form.is_empty() {
            form.push('&');
        }
        form.push_str(name);
        form.push('=');
        percent_encode(value, &mut form);
    }
    Bytes::from_owner(Sensitive::new(form.into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::skew::Offset;

    fn response(status: u16, body: &'static str) -> SecretResponse {
        SecretResponse {
            status: http::StatusCode::from_u16(status).unwrap(),
            body: Bytes::from_static(body.as_bytes()),
            clock: Offset::default(),
            clock_skewed: false,
        }
    }

    #[test]
    fn forms_leave_out_what_is_not_given() {
        let form = form(&[("A", Some("x/y")), ("B", None), ("C", Some("1"))]);
        assert_eq!(form, "A=x%2Fy&C=1");
    }

    #[test]
    fn answers_without_credentials_are_errors() {
        for body in [
            "",
            "<Credentials></Credentials>",
            "<Credentials><AccessKeyId>A</AccessKeyId></Credentials>",
            "<Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>S</SecretAccessKey>\
             <SessionToken>T</SessionToken><Expiration>soon</Expiration></Credentials>",
        ] {
            let error = read(&response(200, body), ASSUME_ROLE, "x").unwrap_err();
            assert_eq!(
                error.to_string(),
                "AssumeRole: x: the response has no credentials"
            );
        }
    }

    #[test]
    fn retries_what_may_pass() {
        for (status, body, expected) in [
            (503, "", true),
            (429, "", true),
            (400, "", false),
            (400, "<Error><Code>Throttling</Code></Error>", true),
            (403, "<Error><Code>AccessDenied</Code></Error>", false),
            (
                400,
                "<Error><Code>IDPCommunicationError</Code></Error>",
                true,
            ),
            (
                400,
                "<Error><Code>InvalidIdentityToken</Code><Message>Couldn&apos;t retrieve \
                 verification key from your identity provider</Message></Error>",
                true,
            ),
            (
                400,
                "<Error><Code>InvalidIdentityToken</Code><Message>No OpenIDConnect provider found \
                 in your account</Message></Error>",
                false,
            ),
        ] {
            assert_eq!(is_retryable(&response(status, body)), expected, "{body}");
        }
    }

    #[test]
    fn a_wrong_clock_is_a_reason_for_a_retry() {
        let body = "<Error><Code>SignatureDoesNotMatch</Code></Error>";
        let mut response = response(403, body);
        assert!(!is_retryable(&response));
        response.clock_skewed = true;
        assert!(is_retryable(&response));
    }
}
