//! Builds a client from its settings.

use std::sync::Arc;

use http::HeaderValue;

use super::{BuildError, Config, Identity};
use crate::BoxFuture;
use crate::client::absence::Absence;
use crate::client::settings::{Setting, Settings, Sources};
use crate::client::{Client, Inner, user_agent};
use crate::clock::Clock;
#[cfg(not(feature = "default-chain"))]
use crate::credentials::EnvironmentProvider;
use crate::credentials::{CachingProvider, ProvideCredentials};
#[cfg(feature = "default-chain")]
use crate::credentials::{DefaultChain, ProviderContext};
use crate::endpoint::{Endpoint, Region, is_global, partition};
#[cfg(not(feature = "default-chain"))]
use crate::environment::Environment;
use crate::retry::TokenBucket;
use crate::sigv4::Signer;
use crate::skew::ClockSkew;
use crate::transport::{PlainHttp, Transport};

impl Config {
    /// See [`Builder::build`](super::Builder::build). The future is boxed, so that it is compiled
    /// once.
    pub(super) fn build(self) -> BoxFuture<'static, Result<Client, BuildError>> {
        Box::pin(self.build_client())
    }

    async fn build_client(self) -> Result<Client, BuildError> {
        let environment = self.environment.clone();
        let profile = self.profile.as_deref();
        let sources = Sources::read(&environment, profile, self.service).await?;
        let region = Setting::given("region", &self.region).or_else(|| sources.region());
        let (settings, endpoint) = self.settings(&sources, region.as_ref())?;
        let mut policy = sources.retries()?;
        policy.max_attempts = self.max_attempts.unwrap_or(policy.max_attempts);
        let user_agent = self.user_agent(&sources);
        let skew = match sources.flag(
            "AWS_DISABLE_CLOCK_SKEW_CORRECTION",
            "disable_clock_skew_correction",
        )? {
            Some(true) => ClockSkew::disabled(),
            Some(false) | None => ClockSkew::default(),
        };
        let clock = self.time_source()?;
        let transport = self.transport(&sources, &endpoint).await?;
        // If some operations need no credentials, a client without them is useful.
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
                        .with_region(region.map(|region| region.value))
                        .allow_http(self.allow_http),
                );
                #[cfg(not(feature = "default-chain"))]
                let sources = variables(environment, self.profile)?;
                Some(Arc::new(CachingProvider::new(
                    Arc::new(sources),
                    clock.clone(),
                )))
            }
        };
        let plain_http = PlainHttp::new(self.allow_http || credentials.is_none());
        plain_http.check(&endpoint.uri);
        if let Some(provider) = credentials.as_ref().filter(|_| is_needed) {
            check_credentials(&**provider).await?;
        }
        Ok(Client {
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
                plain_http,
            }),
        })
    }

    /// Returns the endpoint parameters, and the endpoint of most requests.
    fn settings(
        &self,
        sources: &Sources<'_>,
        region: Option<&Setting>,
    ) -> Result<(Settings, Endpoint), BuildError> {
        let endpoint_url = match Setting::given("endpoint_url", &self.endpoint_url) {
            None => sources.endpoint_url()?,
            given => given,
        };
        let region = match region {
            Some(setting) => Some(
                Region::parse(&setting.value, endpoint_url.is_some())
                    .map_err(|what| setting.must_be(what))?,
            ),
            None if matches!(self.credentials, Identity::Anonymous) => None,
            None if self.service.signing_name.is_empty() => None,
            None => {
                return Err(sources.missing(
                    "no region: call `.region(\"...\")`, set AWS_REGION, or set `region` in the \
                     profile",
                ));
            }
        };
        let flag = |given: Option<bool>, variable, property| match given {
            Some(value) => Ok(value),
            None => Ok(sources.flag(variable, property)?.unwrap_or(false)),
        };
        let source = endpoint_url.as_ref().map(|url| url.source.clone());
        let settings = Settings {
            use_fips: flag(self.use_fips, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")?
                || region.as_ref().is_some_and(|region| region.fips),
            use_dual_stack: flag(
                self.use_dual_stack,
                "AWS_USE_DUALSTACK_ENDPOINT",
                "use_dualstack_endpoint",
            )?,
            region: region.map(|region| region.name),
            endpoint_url: endpoint_url.map(|url| url.value),
            timeouts: self.timeouts,
        };
        let endpoint = settings.resolve(self.service, &[]).map_err(|error| {
            BuildError::new(match source {
                Some(source) => format!("{error} (the endpoint URL comes from {source})"),
                None => error.to_string(),
            })
        })?;
        match &settings.region {
            Some(region) if is_global(region) && has_label(&endpoint, region) => {
                Err(BuildError::new(format!(
                    "no endpoint: {} has none for all regions, and `{region}` is not a region; use \
                     one such as `{}`",
                    self.service.sdk_id,
                    partition(region).implicit_global_region
                )))
            }
            _ => Ok((settings, endpoint)),
        }
    }

    fn user_agent(&self, sources: &Sources<'_>) -> HeaderValue {
        let app_id = Setting::given("app_id", &self.app_id)
            .or_else(|| sources.setting(&["AWS_SDK_UA_APP_ID"], "sdk_ua_app_id"))
            .filter(|id| !id.value.is_empty());
        if let Some(id) = &app_id {
            let length = id.value.chars().count();
            if length > user_agent::MAX_APP_ID {
                let source = &id.source;
                tracing::warn!(%source, length, "the application id has more than 50 characters");
            }
        }
        user_agent::user_agent(self.service, app_id.as_ref().map(|id| &*id.value))
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
    async fn transport(
        &self,
        sources: &Sources<'_>,
        endpoint: &Endpoint,
    ) -> Result<Arc<dyn Transport>, BuildError> {
        use crate::transport::{HyperTransport, ProxySettings};
        if let Some(transport) = &self.transport {
            return Ok(transport.clone());
        }
        let proxies = ProxySettings::from_vars(|name| self.environment.var(name))
            .map_err(|error| BuildError::new(error.to_string()))?;
        let mut builder = HyperTransport::builder()
            .proxies(proxies)
            .plain_http(endpoint.uri.scheme() == Some(&http::uri::Scheme::HTTP))
            .read_timeout(self.connection.read_timeout);
        if let Some(limit) = self.connection.connect_timeout {
            builder = builder.connect_timeout(limit);
        }
        let mut source = String::new();
        if let Some(path) = &self.connection.ca_bundle {
            builder = builder.ca_bundle(self.environment.expanded(path));
        } else if let Some(path) = sources.setting(&["AWS_CA_BUNDLE"], "ca_bundle") {
            builder = builder.ca_bundle(self.environment.expand_home(&path.value));
            source = format!("{}: ", path.source);
        }
        let transport = self
            .environment
            .off_thread(move |_| builder.clone().build())
            .await
            .map_err(|error| BuildError::new(format!("{source}{error}")))?;
        Ok(Arc::new(transport))
    }

    #[cfg(not(feature = "hyper"))]
    async fn transport(
        &self,
        _: &Sources<'_>,
        _: &Endpoint,
    ) -> Result<Arc<dyn Transport>, BuildError> {
        let missing = "no transport: call `.transport(...)`, or enable the feature `hyper`";
        self.transport
            .clone()
            .ok_or_else(|| BuildError::new(missing))
    }
}

/// Returns whether `label` is between two dots of the endpoint's host. This is not the case for
/// services with one endpoint for all regions.
fn has_label(endpoint: &Endpoint, label: &str) -> bool {
    let host = endpoint.uri.host().unwrap_or_default();
    host.split('.').any(|part| part == label)
}

/// Returns the credentials provider if the default chain is not compiled in.
#[cfg(not(feature = "default-chain"))]
fn variables(
    environment: Environment,
    profile: Option<String>,
) -> Result<EnvironmentProvider, BuildError> {
    match profile {
        Some(profile) => Err(BuildError::new(format!(
            "no credentials: the profile `{profile}` needs the feature `default-chain`"
        ))),
        None => Ok(EnvironmentProvider::new(environment)),
    }
}

/// Gets credentials once.
async fn check_credentials(provider: &dyn ProvideCredentials) -> Result<(), BuildError> {
    let usual = if cfg!(feature = "default-chain") {
        "configure a source of the default chain"
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
