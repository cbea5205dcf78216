//! Reads and refreshes the access token of IAM Identity Center in the cache of `aws sso login`.
//!
//! Source: "IAM Identity Center credential provider" in the AWS SDKs and Tools Reference Guide;
//! CreateToken in the IAM Identity Center OIDC API Reference.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method};
use sha1::{Digest, Sha1};

use super::call::{Call, Policy, is_busy, quote, request, status};
use super::context::ProviderContext;
use super::error::Errors;
use super::json::Fields;
use super::plan::Sso;
use super::{CredentialsError, endpoint, sso, time};
use crate::profile::ProfileSet;
use crate::sensitive::Sensitive;

const ERRORS: Errors = Errors(sso::NAME);
/// The time before its expiry at which a token is refreshed.
const RENEW_BEFORE: Duration = Duration::from_secs(5 * 60);

/// Returns the token for `sso`. Refreshes it if it is about to expire and can be refreshed.
pub(super) async fn access_token(
    context: &ProviderContext,
    profiles: &ProfileSet,
    sso: &Sso,
) -> Result<Sensitive<String>, CredentialsError> {
    let mut cached = Cached::read(context, profiles, sso).await?;
    let now = context.clock.now();
    if cached.expiry > now + RENEW_BEFORE {
        return Ok(cached.token());
    }
    let expired = || {
        let message = format!("the access token in {} has expired", cached.path);
        ERRORS.configuration(format!("{message}; {}", login(profiles, sso)))
    };
    let valid = cached.expiry > now;
    if !cached.can_renew(sso, now) {
        return if valid {
            Ok(cached.token())
        } else {
            Err(expired())
        };
    }
    match renew(context, profiles, sso, &cached.fields).await {
        Ok(answer) => {
            cached.update(context, &answer).await?;
            Ok(cached.token())
        }
        Err(error) if valid => {
            tracing::warn!(%error, "the SSO token was not renewed and is still valid");
            Ok(cached.token())
        }
        Err(error) => Err(CredentialsError::new(
            error.kind(),
            sso::NAME,
            format!("{error}; {}", login(profiles, sso)),
        )),
    }
}

/// Returns the advice to get a new token.
pub(super) fn login(profiles: &ProfileSet, sso: &Sso) -> String {
    match &sso.session {
        Some(session) => format!("run `aws sso login --sso-session {session}`"),
        None => format!("run `aws sso login --profile {}`", profiles.selected_name()),
    }
}

/// A token file: an object of strings. Unknown members are kept.
struct Cached {
    path: String,
    fields: Fields,
    expiry: SystemTime,
}

impl Cached {
    async fn read(
        context: &ProviderContext,
        profiles: &ProfileSet,
        sso: &Sso,
    ) -> Result<Self, CredentialsError> {
        let name = file_name(sso.session.as_deref().unwrap_or(&sso.start_url));
        let path = context
            .environment
            .home_path(&[".aws", "sso", "cache", &name])
            .ok_or_else(|| ERRORS.configuration("HOME is not set, so there is no token cache"))?;
        let unusable = |why: String| {
            let login = login(profiles, sso);
            ERRORS.configuration(format!("failed to read `{path}`: {why}; {login}"))
        };
        let content = context.read(&path).await;
        let content = content.map_err(|error| unusable(error.to_string()))?;
        let fields = Fields::parse(&content).map_err(|error| unusable(error.to_string()))?;
        let missing = |name: &str| unusable(format!("{name} is missing"));
        if fields.get("accessToken").is_none_or(str::is_empty) {
            return Err(missing("accessToken"));
        }
        let expiry = fields.get("expiresAt").and_then(parse_time);
        let expiry = expiry.ok_or_else(|| missing("expiresAt"))?;
        Ok(Self {
            path,
            fields,
            expiry,
        })
    }

    fn token(&self) -> Sensitive<String> {
        Sensitive::from(self.fields.get("accessToken").unwrap_or_default())
    }

    /// Returns whether the token can be refreshed: it must belong to an `[sso-session]`, and its
    /// client must be registered.
    fn can_renew(&self, sso: &Sso, now: SystemTime) -> bool {
        let present = |name: &&str| self.fields.get(name).is_some();
        let registered = self
            .fields
            .get("registrationExpiresAt")
            .and_then(parse_time);
        sso.session.is_some()
            && registered.is_some_and(|end| end > now)
            && ["clientId", "clientSecret", "refreshToken"]
                .iter()
                .all(present)
    }

    async fn update(
        &mut self,
        context: &ProviderContext,
        answer: &Fields,
    ) -> Result<(), CredentialsError> {
        let token = answer.get("accessToken");
        let lifetime = answer.get("expiresIn").and_then(|text| text.parse().ok());
        let (Some(token), Some(lifetime)) = (token, lifetime) else {
            return Err(ERRORS.response("the response to CreateToken has no token"));
        };
        let expiry = context
            .clock
            .now()
            .checked_add(Duration::from_secs(lifetime));
        self.expiry = expiry.unwrap_or(self.expiry);
        self.fields.set("accessToken", token);
        self.fields.set("expiresAt", &time::format(self.expiry));
        // Without a new refresh token, the old one is still valid.
        if let Some(refresh) = answer.get("refreshToken") {
            self.fields.set("refreshToken", refresh);
        }
        let (path, content) = (self.path.clone(), self.fields.write());
        let written = context
            .environment
            .off_thread(move |environment| environment.replace_private(&path, &content));
        if let Err(error) = written.await {
            // The token is valid nevertheless; the next process refreshes it again.
            tracing::warn!(path = %self.path, %error, "the renewed SSO token was not saved");
        }
        Ok(())
    }
}

async fn renew(
    context: &ProviderContext,
    profiles: &ProfileSet,
    sso: &Sso,
    cached: &Fields,
) -> Result<Fields, CredentialsError> {
    let base = endpoint::url(context, profiles, endpoint::SSO_OIDC, &sso.region, ERRORS)?;
    let url = format!("{base}/token");
    let what = format!("renewing the access token at {base}");
    let mut body = Fields::default();
    body.set("grantType", "refresh_token");
    for name in ["clientId", "clientSecret", "refreshToken"] {
        body.set(name, cached.get(name).unwrap_or_default());
    }
    let body = body.write();
    let build = || {
        let mut request = request(Method::POST, &url, body.clone(), ERRORS)?;
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        Ok(request)
    };
    let call = Call {
        context,
        errors: ERRORS,
        policy: Policy::SERVICE,
        skew: None,
        what: &what,
    };
    let response = call.send(build, is_busy).await?;
    let fields = Fields::parse(response.body());
    if response.status().is_success() {
        return fields.map_err(|error| ERRORS.response(format!("{what}: {error}")));
    }
    let fields = fields.unwrap_or_default();
    let reason = match fields.get("error_description").or(fields.get("error")) {
        Some(reason) => quote(reason),
        None => status(response.status()),
    };
    Err(ERRORS.refused(format!("{what}: {reason}")))
}

fn file_name(key: &str) -> String {
    let mut name = String::with_capacity(45);
    for byte in Sha1::digest(key.as_bytes()) {
        // Writing to a `String` does not fail.
        let _ = write!(name, "{byte:02x}");
    }
    name + ".json"
}

/// A time in the file. Old versions of the AWS CLI wrote `UTC` instead of `Z`.
fn parse_time(text: &str) -> Option<SystemTime> {
    match text.strip_suffix("UTC") {
        Some(start) => time::parse(&format!("{start}Z")),
        None => time::parse(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_by_the_hash_of_the_session() {
        assert_eq!(
            file_name("dev"),
            "34c6fceca75e456f25e7e99531e2425c6c1de443.json"
        );
    }

    #[test]
    fn times_of_old_files_are_read() {
        assert_eq!(
            parse_time("2022-05-02T18:36:00UTC"),
            parse_time("2022-05-02T18:36:00Z")
        );
    }
}
