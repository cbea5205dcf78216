//! From the settings to the client: what is missing is looked for, what is wrong is refused.

use std::sync::Arc;

use http::HeaderValue;

use super::{BuildError, Builder, Identity};
use crate::client::absence::Absence;
use crate::client::settings::{Setting, Settings, Sources};
use crate::client::{Client, Inner, user_agent};
use crate::clock::Clock;
#[cfg(not(feature = "default-chain"))]
use crate::credentials::EnvironmentProvider;
use crate::credentials::{CachingProvider, ProvideCredentials};
#[cfg(feature = "default-chain")]
use crate::credentials::{DefaultChain, ProviderContext};
use crate::endpoint::Endpoint;
#[cfg(not(feature = "default-chain"))]
use crate::environment::Environment;
use crate::retry::TokenBucket;
use crate::sigv4::Signer;
use crate::skew::ClockSkew;
use crate::transport::Transport;

impl<C: From<Client>> Builder<C> {
    /// Reads the missing settings, resolves the endpoint, and gets credentials once, so that what
    /// is missing shows now and not with the first call. Where some operations of the service need
    /// no credentials, those of the environment are looked for with the first call that does.
    ///
    /// # Errors
    ///
    /// What is missing or wrong and how to give it: region, endpoint, credentials, a setting of
    /// the environment or profile, the CA bundle, the proxy.
    pub async fn build(self) -> Result<C, BuildError> {
        let environment = self.environment.clone();
        let sources = Sources::read(&environment, self.profile.as_deref(), self.service)?;
        let (settings, endpoint) = self.settings(&sources)?;
        let mut policy = sources.retries()?;
        policy.max_attempts = self.max_attempts.unwrap_or(policy.max_attempts);
        let user_agent = self.user_agent(&sources)?;
        let skew = match sources.flag(
            "AWS_DISABLE_CLOCK_SKEW_CORRECTION",
            "disable_clock_skew_correction",
        )? {
            Some(true) => ClockSkew::disabled(),
            Some(false) | None => ClockSkew::default(),
        };
        let clock = self.time_source()?;
        let transport = self.carrier(&sources)?;
        // Where some operations need none, a client is of use without credentials.
        let is_needed =
            !matches!(self.credentials, Identity::Default) || !self.service.optional_credentials;
        let credentials: Option<Arc<dyn ProvideCredentials>> = match self.credentials {
            _ if self.service.signing_name.is_empty() => None,
            Identity::Anonymous => None,
            Identity::Given(provider) => Some(provider),
            Identity::Default => {
                #[cfg(feature = "default-chain")]
                let sources = DefaultChain::new(
                    ProviderContext::new(environment, transport.clone(), clock.clone())
                        .with_profile(self.profile)
                        .with_region(settings.region.clone()),
                );
                #[cfg(not(feature = "default-chain"))]
                let sources = variables(environment, self.profile)?;
                Some(Arc::new(CachingProvider::new(
                    Arc::new(sources),
                    clock.clone(),
                )))
            }
        };
        if let Some(provider) = credentials.as_ref().filter(|_| is_needed) {
            check_credentials(&**provider).await?;
        }
        Ok(C::from(Client {
            inner: Arc::new(Inner {
                service: self.service,
                settings,
                endpoint,
                transport,
                credentials,
                absence: Absence::default(),
                clock,
                policy,
                bucket: TokenBucket::default(),
                skew,
                signer: Signer::default(),
                user_agent,
            }),
        }))
    }

    /// What decides where requests go, and where most of them go.
    fn settings(&self, sources: &Sources<'_>) -> Result<(Settings, Endpoint), BuildError> {
        let region = Setting::given("region", &self.region).or_else(|| sources.region());
        let endpoint_url = match Setting::given("endpoint_url", &self.endpoint_url) {
            None => sources.endpoint_url()?,
            given => given,
        };
        match &region {
            Some(region) => check_region(region)?,
            None if matches!(self.credentials, Identity::Anonymous) => {}
            None if self.service.signing_name.is_empty() => {}
            None => {
                return Err(BuildError::new(
                    "no region: call `.region(\"...\")`, set AWS_REGION, or give `region` in the \
                     profile",
                ));
            }
        }
        let flag = |given: Option<bool>, variable, property| match given {
            Some(value) => Ok(value),
            None => Ok(sources.flag(variable, property)?.unwrap_or(false)),
        };
        let source = endpoint_url.as_ref().map(|url| url.source.clone());
        let settings = Settings {
            use_fips: flag(self.use_fips, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")?,
            use_dual_stack: flag(
                self.use_dual_stack,
                "AWS_USE_DUALSTACK_ENDPOINT",
                "use_dualstack_endpoint",
            )?,
            region: region.map(|region| region.value),
            endpoint_url: endpoint_url.map(|url| url.value),
            timeouts: self.timeouts,
        };
        let endpoint = settings.resolve(self.service, &[]).map_err(|error| {
            BuildError::new(match source {
                Some(source) => format!("{error} (the endpoint URL comes from {source})"),
                None => error.to_string(),
            })
        })?;
        Ok((settings, endpoint))
    }

    fn user_agent(&self, sources: &Sources<'_>) -> Result<HeaderValue, BuildError> {
        let app_id = Setting::given("app_id", &self.app_id)
            .or_else(|| sources.setting(&["AWS_SDK_UA_APP_ID"], "sdk_ua_app_id"));
        let checked = app_id.map(|id| match user_agent::is_app_id(&id.value) {
            true => Ok(id.value),
            false => Err(id.must_be("1 to 50 letters, digits and characters of !$%&'*+-.^_`|~")),
        });
        let app_id = checked.transpose()?;
        Ok(user_agent::user_agent(self.service, app_id.as_deref()))
    }

    #[cfg(feature = "hyper")]
    fn time_source(&self) -> Result<Arc<dyn Clock>, BuildError> {
        let given = self.clock.clone();
        Ok(given.unwrap_or_else(|| Arc::new(crate::clock::SystemClock::new())))
    }

    #[cfg(not(feature = "hyper"))]
    fn time_source(&self) -> Result<Arc<dyn Clock>, BuildError> {
        let missing = "no clock: call `.clock(...)`, or enable the feature `hyper`";
        self.clock.clone().ok_or_else(|| BuildError::new(missing))
    }

    #[cfg(feature = "hyper")]
    fn carrier(&self, sources: &Sources<'_>) -> Result<Arc<dyn Transport>, BuildError> {
        use crate::transport::{HyperTransport, ProxySettings};
        if let Some(transport) = &self.transport {
            return Ok(transport.clone());
        }
        let proxies = ProxySettings::from_vars(|name| self.environment.var(name))
            .map_err(|error| BuildError::new(chain(&error)))?;
        let mut builder = HyperTransport::builder()
            .proxies(proxies)
            .read_timeout(self.connection.read_timeout);
        if let Some(limit) = self.connection.connect_timeout {
            builder = builder.connect_timeout(limit);
        }
        let mut source = String::new();
        if let Some(path) = &self.connection.ca_bundle {
            builder = builder.ca_bundle(path);
        } else if let Some(path) = sources.setting(&["AWS_CA_BUNDLE"], "ca_bundle") {
            builder = builder.ca_bundle(path.value);
            source = format!("{}: ", path.source);
        }
        let transport = builder
            .build()
            .map_err(|error| BuildError::new(source + &chain(&error)))?;
        Ok(Arc::new(transport))
    }

    #[cfg(not(feature = "hyper"))]
    fn carrier(&self, _: &Sources<'_>) -> Result<Arc<dyn Transport>, BuildError> {
        let missing = "no transport: call `.transport(...)`, or enable the feature `hyper`";
        self.transport
            .clone()
            .ok_or_else(|| BuildError::new(missing))
    }
}

/// A region becomes part of a host name and of a header.
fn check_region(region: &Setting) -> Result<(), BuildError> {
    let valid = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    if (1..=63).contains(&region.value.len()) && region.value.bytes().all(valid) {
        return Ok(());
    }
    Err(region.must_be("a region of letters, digits and hyphens, such as eu-central-1"))
}

/// The source of credentials without the default chain.
#[cfg(not(feature = "default-chain"))]
fn variables(
    environment: Environment,
    profile: Option<String>,
) -> Result<EnvironmentProvider, BuildError> {
    match profile {
        Some(profile) => Err(BuildError::new(format!(
            "no credentials: those of the profile `{profile}` need the feature `default-chain`"
        ))),
        None => Ok(EnvironmentProvider::new(environment)),
    }
}

/// Asks for credentials once.
async fn check_credentials(provider: &dyn ProvideCredentials) -> Result<(), BuildError> {
    let usual = if cfg!(feature = "default-chain") {
        "let the usual sources have them"
    } else {
        "set them in the environment (other sources need the feature `default-chain`)"
    };
    match provider.provide().await {
        Ok(_) => Ok(()),
        Err(error) if error.is_not_configured() => Err(BuildError::new(format!(
            "no credentials: call `.credentials(...)`, or {usual}: {error}"
        ))),
        Err(error) => Err(BuildError::new(format!("no credentials: {error}"))),
    }
}

/// An error with its causes in one line.
#[cfg(feature = "hyper")]
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
