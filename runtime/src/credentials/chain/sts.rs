//! Assuming a role with AWS Security Token Service. The protocol is AWS Query: a form goes in,
//! XML comes back.
//!
//! Source: AssumeRole and AssumeRoleWithWebIdentity in the AWS STS API Reference.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Method, Request, Response};

use super::call::{Call, Policy, is_busy, percent_encode, quote, request, status};
use super::context::ProviderContext;
use super::error::Errors;
use super::plan::{Role, WebIdentity};
use super::{Credentials, CredentialsError, endpoint, time, xml};
use crate::profile::ProfileSet;
use crate::sensitive::Sensitive;
use crate::sigv4::{Signer, SigningParams};

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
    let call = Call {
        context,
        errors,
        policy: Policy::SERVICE,
        what: &what,
    };
    let build = || {
        let uri = format!("{url}/");
        let mut request = request(Method::POST, &uri, form.clone(), errors)?;
        let form_type = http::HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, form_type);
        if let Some(credentials) = signer {
            sign(
                credentials,
                &region,
                context.clock.now(),
                &mut request,
                errors,
            )?;
        }
        Ok(request)
    };
    let response = call.send(build, is_retryable).await?;
    read(&response, name, &what)
}

fn sign(
    credentials: &Credentials,
    region: &str,
    now: SystemTime,
    request: &mut Request<Bytes>,
    errors: Errors,
) -> Result<(), CredentialsError> {
    let params = SigningParams {
        access_key_id: credentials.access_key_id(),
        secret_access_key: credentials.secret_access_key(),
        session_token: credentials.session_token(),
        region,
        service: "sts",
        time: now,
    };
    Signer::default()
        .sign(&params, request)
        .map_err(|error| errors.configuration(error.to_string()))
}

fn read(
    response: &Response<Bytes>,
    name: &'static str,
    what: &str,
) -> Result<Credentials, CredentialsError> {
    let errors = Errors(name);
    let body = std::str::from_utf8(response.body()).unwrap_or_default();
    if !response.status().is_success() {
        return Err(errors.refused(format!("{what}: {}", refusal(response, body))));
    }
    let incomplete = || errors.response(format!("{what}: the answer holds no credentials"));
    // The same names occur elsewhere in the answer, so look in the element only.
    let found = xml::element(body, "Credentials").ok_or_else(incomplete)?;
    let text = |name| {
        let text = xml::text(found, name).filter(|text| !text.is_empty());
        text.map(|text| text.into_owned()).ok_or_else(incomplete)
    };
    let expiry = time::parse(&text("Expiration")?).ok_or_else(incomplete)?;
    let key = text("AccessKeyId")?;
    Ok(Credentials::new(key, text("SecretAccessKey")?, name)
        .with_session_token(text("SessionToken")?)
        .with_expiry(expiry)
        .with_account_id(account_id(body)))
}

/// The account in `arn:aws:sts::123456789012:assumed-role/...`.
fn account_id(body: &str) -> Option<String> {
    let arn = xml::text(xml::element(body, "AssumedRoleUser")?, "Arn")?;
    let account = arn.split(':').nth(4)?;
    (!account.is_empty()).then(|| account.to_owned())
}

fn refusal(response: &Response<Bytes>, body: &str) -> String {
    let text = |name| xml::text(body, name).map(|text| quote(&text));
    match (text("Code"), text("Message")) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code,
        _ => status(response.status()),
    }
}

/// Whether STS may answer otherwise when asked again. `IDPCommunicationError` is one of those, as
/// its documentation says.
fn is_retryable(response: &Response<Bytes>) -> bool {
    const CODES: [&str; 4] = [
        "IDPCommunicationError",
        "RequestLimitExceeded",
        "Throttling",
        "ThrottlingException",
    ];
    is_busy(response)
        || response.status().is_client_error()
            && std::str::from_utf8(response.body())
                .ok()
                .and_then(|body| xml::text(body, "Code"))
                .is_some_and(|code| CODES.contains(&&*code))
}

/// The name under which the session appears in CloudTrail.
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

/// A form whose memory is wiped, because it may hold a token.
fn form(fields: &[(&str, Option<&str>)]) -> Bytes {
    // The longest encoding, so that the text never grows and leaves a copy.
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

    fn response(status: u16, body: &'static str) -> Response<Bytes> {
        let body = Bytes::from_static(body.as_bytes());
        Response::builder().status(status).body(body).unwrap()
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
                "AssumeRole: x: the answer holds no credentials"
            );
        }
    }

    #[test]
    fn throttling_is_retried_and_refusal_is_not() {
        let code = |code| match code {
            "Throttling" => "<Error><Code>Throttling</Code></Error>",
            _ => "<Error><Code>AccessDenied</Code></Error>",
        };
        assert!(is_retryable(&response(400, code("Throttling"))));
        assert!(!is_retryable(&response(403, code("AccessDenied"))));
        assert!(is_retryable(&response(503, "")));
    }
}
