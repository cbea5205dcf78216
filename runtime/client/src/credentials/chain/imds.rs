//! Credentials of the role of an EC2 instance, from its metadata service in version 2.
//!
//! Source: "IMDS credential provider" in the AWS SDKs and Tools Reference Guide; "Use the Instance
//! Metadata Service" in the Amazon EC2 User Guide. Version 1, which needs no token, is never used.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, Uri};

use super::call::{Call, Policy, SecretResponse, is_busy, quote, request, status, token_header};
use super::context::ProviderContext;
use super::error::Errors;
use super::json::{Fields, not_json};
use super::{Credentials, CredentialsError, ProvideCredentials, time};
use crate::BoxFuture;
use crate::profile::ProfileSet;
use crate::transport::is_link_local;

const NAME: &str = "IMDS";
const ERRORS: Errors = Errors(NAME);
const TOKEN_PATH: &str = "/latest/api/token";
const ROLE_PATH: &str = "/latest/meta-data/iam/security-credentials/";
const TOKEN_HEADER: &str = "x-aws-ec2-metadata-token";
const TTL_HEADER: &str = "x-aws-ec2-metadata-token-ttl-seconds";
/// The lifetime of a token in seconds: the maximum that the service allows.
const TTL: &str = "21600";

const ATTEMPTS: u32 = 4;
const TIMEOUT: Duration = Duration::from_secs(1);

/// The IP version to use if no endpoint is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EndpointMode {
    /// `http://169.254.169.254`
    #[default]
    IpV4,
    /// `http://[fd00:ec2::254]`
    IpV6,
}

/// Credentials of the instance's role. Off when `AWS_EC2_METADATA_DISABLED` is `true`.
///
/// If the service cannot be reached, or is slow, it is tried again only if it is known to exist: a
/// profile or an endpoint setting requests it, it has responded before, or the settings contain the
/// number of attempts. Otherwise each attempt would take a second.
///
/// Expired credentials are returned with a later expiry. The service returns them if it cannot get
/// new ones, and other AWS services accept them in that case.
#[derive(Clone, Debug)]
pub struct ImdsProvider {
    context: ProviderContext,
    endpoint: Option<String>,
    mode: Option<EndpointMode>,
    /// Whether the service is known to exist. Shared by clones.
    known: Arc<AtomicBool>,
}

/// The settings of requests.
struct Settings {
    endpoint: String,
    policy: Policy,
}

impl ImdsProvider {
    /// Creates a provider that reads its settings from the environment and the shared files:
    /// `AWS_EC2_METADATA_SERVICE_ENDPOINT`, `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE`,
    /// `AWS_METADATA_SERVICE_TIMEOUT` (in seconds, for an attempt) and
    /// `AWS_METADATA_SERVICE_NUM_ATTEMPTS`, or in the profile: `ec2_metadata_service_endpoint`,
    /// `ec2_metadata_service_endpoint_mode`, `metadata_service_timeout`,
    /// `metadata_service_num_attempts`.
    pub fn new(context: ProviderContext) -> Self {
        Self {
            context,
            endpoint: None,
            mode: None,
            known: Arc::default(),
        }
    }

    /// Marks the service as known to exist.
    pub(super) fn known(self) -> Self {
        self.known.store(true, Ordering::Relaxed);
        self
    }

    /// Returns whether the service is known to exist.
    pub(super) fn is_known(&self) -> bool {
        self.known.load(Ordering::Relaxed)
    }

    /// Sets an endpoint, which wins over all settings.
    #[must_use]
    pub fn with_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// Sets a mode, which wins over the modes in the settings.
    #[must_use]
    pub fn with_endpoint_mode(mut self, mode: EndpointMode) -> Self {
        self.mode = Some(mode);
        self
    }

    async fn load(&self) -> Result<Credentials, CredentialsError> {
        let disabled = self.context.environment.var("AWS_EC2_METADATA_DISABLED");
        if disabled.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Err(ERRORS.not_configured("switched off by AWS_EC2_METADATA_DISABLED"));
        }
        let settings = self.settings(&self.context.profiles(ERRORS).await?)?;
        let token = self.token(&settings).await?;
        self.known.store(true, Ordering::Relaxed);
        let role = self.role(&settings, &token).await?;
        let endpoint = &settings.endpoint;
        let what = format!("getting credentials of the role {role} from {endpoint}");
        let url = format!("{endpoint}{ROLE_PATH}{role}");
        let response = self.get(&settings, &url, &token, &what).await?;
        if !response.status().is_success() {
            return Err(refused(&response, &what));
        }
        read(&response, &what).map(|credentials| extended(credentials, self.context.clock.now()))
    }

    async fn token(&self, settings: &Settings) -> Result<HeaderValue, CredentialsError> {
        let endpoint = &settings.endpoint;
        let what = format!("getting a token from {endpoint}");
        let url = format!("{endpoint}{TOKEN_PATH}");
        let build = || {
            let mut request = request(Method::PUT, &url, Bytes::new(), ERRORS)?;
            let headers = request.headers_mut();
            headers.insert(TTL_HEADER, HeaderValue::from_static(TTL));
            Ok(request)
        };
        let response = self.call(settings, &what).send(build, is_busy).await?;
        if response.status() == StatusCode::FORBIDDEN {
            return Err(ERRORS.refused(format!("{what}: IMDS is disabled (HTTP status 403)")));
        }
        if !response.status().is_success() {
            return Err(refused(&response, &what));
        }
        token_header(response.body())
            .ok_or_else(|| ERRORS.response(format!("{what}: the response is not a token")))
    }

    async fn role(
        &self,
        settings: &Settings,
        token: &HeaderValue,
    ) -> Result<String, CredentialsError> {
        let endpoint = &settings.endpoint;
        let what = format!("looking up the instance's role at {endpoint}");
        let url = format!("{endpoint}{ROLE_PATH}");
        let response = self.get(settings, &url, token, &what).await?;
        if response.status() == StatusCode::NOT_FOUND {
            return Err(ERRORS.not_configured("the instance has no IAM role"));
        }
        if !response.status().is_success() {
            return Err(refused(&response, &what));
        }
        let text = std::str::from_utf8(response.body()).unwrap_or_default();
        let role = text.lines().next().unwrap_or_default().trim();
        // The name becomes part of a URL. IAM allows only these characters.
        let valid = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
        if role.is_empty() || role.len() > 128 || !role.bytes().all(valid) {
            return Err(ERRORS.response(format!("{what}: the response is not the name of a role")));
        }
        Ok(role.to_owned())
    }

    async fn get(
        &self,
        settings: &Settings,
        url: &str,
        token: &HeaderValue,
        what: &str,
    ) -> Result<SecretResponse, CredentialsError> {
        let build = || {
            let mut request = request(Method::GET, url, Bytes::new(), ERRORS)?;
            request.headers_mut().insert(TOKEN_HEADER, token.clone());
            Ok(request)
        };
        self.call(settings, what).send(build, is_busy).await
    }

    fn call<'a>(&'a self, settings: &Settings, what: &'a str) -> Call<'a> {
        Call {
            context: &self.context,
            errors: ERRORS,
            policy: settings.policy,
            skew: None,
            what,
        }
    }

    fn settings(&self, profiles: &ProfileSet) -> Result<Settings, CredentialsError> {
        let setting = |variable, property| self.number(profiles, variable, property);
        let timeout = setting("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout")?;
        let attempts = setting(
            "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
            "metadata_service_num_attempts",
        )?;
        let configured = self.endpoint.clone().or_else(|| {
            self.context.setting(
                profiles,
                "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                "ec2_metadata_service_endpoint",
            )
        });
        if configured.is_some() {
            self.known.store(true, Ordering::Relaxed);
        }
        Ok(Settings {
            policy: Policy {
                attempts: attempts.unwrap_or(ATTEMPTS),
                timeout: timeout.map_or(TIMEOUT, |seconds| Duration::from_secs(seconds.into())),
                retry_unreachable: self.is_known() || attempts.is_some(),
            },
            endpoint: self.endpoint(configured, profiles)?,
        })
    }

    /// Returns a setting that is a whole number greater than 0.
    fn number(
        &self,
        profiles: &ProfileSet,
        variable: &str,
        property: &str,
    ) -> Result<Option<u32>, CredentialsError> {
        let Some(text) = self.context.setting(profiles, variable, property) else {
            return Ok(None);
        };
        let number = text.trim().parse().ok().filter(|number| *number > 0);
        let invalid = || {
            let text = quote(&text);
            ERRORS.configuration(format!(
                "`{variable}` (`{property}` in a profile) must be a whole number above 0, not \
                 `{text}`"
            ))
        };
        number.ok_or_else(invalid).map(Some)
    }

    /// Returns the URL of the service, without a slash at the end. An endpoint wins over a mode,
    /// and the caller's setting over the environment and the profile.
    fn endpoint(
        &self,
        configured: Option<String>,
        profiles: &ProfileSet,
    ) -> Result<String, CredentialsError> {
        let Some(endpoint) = configured else {
            return Ok(match self.mode(profiles)? {
                EndpointMode::IpV4 => "http://169.254.169.254".to_owned(),
                EndpointMode::IpV6 => "http://[fd00:ec2::254]".to_owned(),
            });
        };
        let invalid = |why: &str| {
            let message = format!("`{}` is not a valid endpoint: {why}", quote(&endpoint));
            Err(ERRORS.configuration(message))
        };
        match endpoint.parse::<Uri>() {
            Err(error) => invalid(&error.to_string()),
            Ok(uri) => match uri.scheme_str() {
                Some("http" | "https") => {
                    if !is_link_local(uri.host().unwrap_or_default()) {
                        self.context.plain_http.check(&uri);
                    }
                    Ok(endpoint.trim_end_matches('/').to_owned())
                }
                _ => invalid("it must begin with http:// or https://"),
            },
        }
    }

    fn mode(&self, profiles: &ProfileSet) -> Result<EndpointMode, CredentialsError> {
        if let Some(mode) = self.mode {
            return Ok(mode);
        }
        let configured = self.context.setting(
            profiles,
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
            "ec2_metadata_service_endpoint_mode",
        );
        match configured {
            None => Ok(EndpointMode::IpV4),
            Some(mode) if mode.eq_ignore_ascii_case("IPv4") => Ok(EndpointMode::IpV4),
            Some(mode) if mode.eq_ignore_ascii_case("IPv6") => Ok(EndpointMode::IpV6),
            Some(mode) => Err(ERRORS.configuration(format!(
                "`{}` is not a valid endpoint mode; it must be IPv4 or IPv6",
                quote(&mode)
            ))),
        }
    }
}

impl ProvideCredentials for ImdsProvider {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.load())
    }
}

fn refused(response: &SecretResponse, what: &str) -> CredentialsError {
    ERRORS.refused(format!("{what}: {}", status(response.status())))
}

/// Extends the expiry of expired credentials, so that they are refreshed after 5 to 10 minutes:
/// [`CachingProvider`](crate::credentials::CachingProvider) does so five minutes before they
/// expire.
fn extended(credentials: Credentials, now: SystemTime) -> Credentials {
    if credentials.expiry().is_none_or(|expiry| now < expiry) {
        return credentials;
    }
    tracing::warn!("the instance's metadata service returned expired credentials; using them");
    let minutes = 10.0 + 5.0 * fastrand::f64();
    credentials.with_expiry(now + Duration::from_secs(60).mul_f64(minutes))
}

fn read(response: &SecretResponse, what: &str) -> Result<Credentials, CredentialsError> {
    let invalid = |why: String| ERRORS.response(format!("{what}: {why}"));
    let fields = Fields::parse(response.body()).map_err(|error| invalid(not_json(&error)))?;
    match fields.get("Code") {
        None | Some("Success") => {}
        Some(code) => {
            let message = fields.get("Message").unwrap_or_default();
            let reason = format!("{what}: {}: {}", quote(code), quote(message));
            return Err(ERRORS.refused(reason));
        }
    }
    let credentials = fields.credentials(["AccessKeyId", "SecretAccessKey"], NAME, invalid)?;
    let missing = |name: &str| invalid(format!("`{name}` is missing"));
    let token = fields.owned("Token").ok_or_else(|| missing("Token"))?;
    let expiry = fields.time("Expiration", time::parse, invalid)?;
    Ok(credentials
        .with_session_token(token)
        .with_expiry(expiry.ok_or_else(|| missing("Expiration"))?)
        .with_account_id(fields.owned("AccountId")))
}
