//! Credentials of a role in IAM Identity Center, using the token stored by `aws sso login`.
//!
//! Source: "IAM Identity Center credential provider" in the AWS SDKs and Tools Reference Guide;
//! GetRoleCredentials in the IAM Identity Center Portal API Reference.

use bytes::Bytes;
use http::{Method, StatusCode};

use super::call::{
    Call, Policy, SecretResponse, is_busy, percent_encode, quote, request, status, token_header,
};
use super::context::ProviderContext;
use super::error::Errors;
use super::json::{Fields, not_json};
use super::plan::Sso;
use super::{Credentials, CredentialsError, endpoint, sso_token, time};
use crate::profile::ProfileSet;

pub(super) const NAME: &str = "SSO";
const ERRORS: Errors = Errors(NAME);

/// Exchanges the cached token for credentials of the profile's role.
pub(super) async fn provide(
    context: &ProviderContext,
    profiles: &ProfileSet,
    sso: &Sso,
) -> Result<Credentials, CredentialsError> {
    let Some((account, role)) = &sso.role else {
        return Err(ERRORS.configuration(
            "the selected profile will resolve an access token instead of credentials; \
             set sso_account_id and sso_role_name in it",
        ));
    };
    let token = sso_token::access_token(context, profiles, sso).await?;
    let token = token_header(token.as_bytes())
        .ok_or_else(|| ERRORS.configuration("the cached access token is not one line of text"))?;

    let base = endpoint::url(context, profiles, endpoint::SSO, &sso.region, ERRORS)?;
    let mut url = format!("{base}/federation/credentials?role_name=");
    percent_encode(role, &mut url);
    url.push_str("&account_id=");
    percent_encode(account, &mut url);
    let what = format!("getting credentials of the role {role} in account {account} from {base}");
    let call = Call {
        context,
        errors: ERRORS,
        policy: Policy::SERVICE,
        skew: context.skew(profiles),
        what: &what,
    };
    let build = || {
        let mut request = request(Method::GET, &url, Bytes::new(), ERRORS)?;
        let headers = request.headers_mut();
        headers.insert("x-amz-sso_bearer_token", token.clone());
        Ok(request)
    };
    let response = call.send(build, is_busy).await?;
    if !response.status().is_success() {
        return Err(refused(&response, &what, &sso_token::login(profiles, sso)));
    }
    read(&response, &what)?
        .with_account_id(account.clone())
        .unexpired(context.clock.now())
}

fn refused(response: &SecretResponse, what: &str, login: &str) -> CredentialsError {
    let fields = Fields::parse(response.body()).unwrap_or_default();
    let mut message = format!("{what}: {}", status(response.status()));
    if let Some(reason) = fields.get("message") {
        message.push_str(": ");
        message.push_str(&quote(reason));
    }
    if response.status() == StatusCode::UNAUTHORIZED {
        message.push_str("; ");
        message.push_str(login);
    }
    ERRORS.refused(message)
}

fn read(response: &SecretResponse, what: &str) -> Result<Credentials, CredentialsError> {
    let invalid = |why: String| ERRORS.response(format!("{what}: {why}"));
    let fields = Fields::parse_member(response.body(), "roleCredentials")
        .map_err(|error| invalid(not_json(&error)))?;
    let credentials = fields.credentials(["accessKeyId", "secretAccessKey"], NAME, invalid)?;
    let missing = |name: &str| invalid(format!("`{name}` is missing"));
    let token = fields.owned("sessionToken");
    let credentials = credentials.with_session_token(token.ok_or_else(|| missing("sessionToken"))?);
    let expiry = fields.time("expiration", time::parse_millis, invalid)?;
    let expiry = expiry.ok_or_else(|| missing("expiration"))?;
    Ok(credentials.with_expiry(time::local(expiry, response.clock)))
}
