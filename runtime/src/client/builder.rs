//! The configuration of a client, and building one from it.

use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use super::settings::{Settings, Sources};
use super::{Client, Inner, Timeouts, user_agent};
use crate::clock::Clock;
use crate::credentials::{
    CachingProvider, Credentials, CredentialsErrorKind, DefaultChain, ProvideCredentials,
    ProviderContext,
};
use crate::environment::Environment;
use crate::operation::ServiceInfo;
use crate::optional::IntoOption;
use crate::retry::TokenBucket;
use crate::sigv4::Signer;
use crate::skew::ClockSkew;
use crate::transport::Transport;

/// The configuration of a client.
///
/// What is not given here is read from the environment, then from the profile of the shared
/// config files, when [`build`](Self::build) is called.
#[must_use]
pub struct Builder<C> {
    service: &'static ServiceInfo,
    environment: Environment,
    profile: Option<String>,
    region: Option<String>,
    credentials: Identity,
    endpoint_url: Option<String>,
    use_fips: Option<bool>,
    use_dual_stack: Option<bool>,
    max_attempts: Option<NonZeroU32>,
    timeouts: Timeouts,
    #[cfg_attr(not(feature = "hyper"), allow(dead_code))]
    connection: Connection,
    app_id: Option<String>,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    client: PhantomData<fn() -> C>,
}

/// Who signs.
enum Identity {
    /// Whoever the default chain finds.
    Default,
    Given(Arc<dyn ProvideCredentials>),
    /// Nobody.
    Anonymous,
}

/// The settings of the transport that the builder makes.
#[derive(Default)]
struct Connection {
    connect_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
    ca_bundle: Option<std::path::PathBuf>,
}

/// Why a client could not be built: what is missing and how to give it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError(String);

impl BuildError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BuildError {}

impl<C: From<Client>> Builder<C> {
    pub(super) fn new(service: &'static ServiceInfo) -> Self {
        Self {
            service,
            environment: Environment::process(),
            profile: None,
            region: None,
            credentials: Identity::Default,
            endpoint_url: None,
            use_fips: None,
            use_dual_stack: None,
            max_attempts: None,
            timeouts: Timeouts::default(),
            connection: Connection::default(),
            app_id: None,
            transport: None,
            clock: None,
            client: PhantomData,
        }
    }

    /// The region, such as `eu-central-1`. Else `AWS_REGION`, `AWS_DEFAULT_REGION`, or `region`.
    pub fn region(mut self, region: impl IntoOption<String>) -> Self {
        self.region = region.into_option();
        self
    }

    /// Credentials that never change.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Identity::Given(Arc::new(credentials));
        self
    }

    /// A source of credentials, asked before each attempt. Wrap it in [`CachingProvider`] if it
    /// does not keep them itself.
    pub fn credentials_provider(mut self, provider: impl ProvideCredentials) -> Self {
        self.credentials = Identity::Given(Arc::new(provider));
        self
    }

    /// Requests go out unsigned, for the few operations that allow it.
    pub fn anonymous(mut self) -> Self {
        self.credentials = Identity::Anonymous;
        self
    }

    /// Where requests go instead of the service's own endpoint, such as `http://localhost:5000`.
    /// Else `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, or `endpoint_url`.
    pub fn endpoint_url(mut self, url: impl IntoOption<String>) -> Self {
        self.endpoint_url = url.into_option();
        self
    }

    /// Whether to use the FIPS endpoint. Else `AWS_USE_FIPS_ENDPOINT` or `use_fips_endpoint`.
    pub fn use_fips(mut self, use_fips: impl IntoOption<bool>) -> Self {
        self.use_fips = use_fips.into_option();
        self
    }

    /// Whether to use the dual-stack endpoint. Else `AWS_USE_DUALSTACK_ENDPOINT` or
    /// `use_dualstack_endpoint`.
    pub fn use_dual_stack(mut self, use_dual_stack: impl IntoOption<bool>) -> Self {
        self.use_dual_stack = use_dual_stack.into_option();
        self
    }

    /// How often a request is sent at most, the first time included; 1 turns retries off. Else
    /// `AWS_MAX_ATTEMPTS`, `max_attempts`, or 3.
    pub fn max_attempts(mut self, attempts: impl IntoOption<NonZeroU32>) -> Self {
        self.max_attempts = attempts.into_option();
        self
    }

    /// Sends every request once.
    pub fn no_retries(self) -> Self {
        self.max_attempts(NonZeroU32::MIN)
    }

    /// How long connecting may take; 3.1 s unless given.
    pub fn connect_timeout(mut self, limit: impl IntoOption<Duration>) -> Self {
        self.connection.connect_timeout = limit.into_option();
        self
    }

    /// How long the transport waits for the response; no limit unless given.
    pub fn read_timeout(mut self, limit: impl IntoOption<Duration>) -> Self {
        self.connection.read_timeout = limit.into_option();
        self
    }

    /// How long one attempt may take; no limit unless given.
    pub fn attempt_timeout(mut self, limit: impl IntoOption<Duration>) -> Self {
        self.timeouts.attempt = limit.into_option();
        self
    }

    /// How long a call may take with all its attempts; no limit unless given.
    pub fn operation_timeout(mut self, limit: impl IntoOption<Duration>) -> Self {
        self.timeouts.operation = limit.into_option();
        self
    }

    /// A file of PEM certificates to trust instead of the system's. Else `AWS_CA_BUNDLE` or
    /// `ca_bundle`.
    pub fn ca_bundle(mut self, path: impl Into<std::path::PathBuf>) -> Self {
        self.connection.ca_bundle = Some(path.into());
        self
    }

    /// The application's name in the user agent, at most 50 characters. Else `AWS_SDK_UA_APP_ID`
    /// or `sdk_ua_app_id`.
    pub fn app_id(mut self, id: impl IntoOption<String>) -> Self {
        self.app_id = id.into_option();
        self
    }

    /// The profile of the shared config files. Else `AWS_PROFILE` or `default`.
    pub fn profile(mut self, name: impl IntoOption<String>) -> Self {
        self.profile = name.into_option();
        self
    }

    /// The environment to read instead of the process' own.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Another transport than hyper's. Timeouts of connections, proxies and CA bundles are its own
    /// affair.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Another source of time than the machine's.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Reads the missing settings, resolves the endpoint, and gets credentials once, so that what
    /// is missing shows now and not with the first call.
    ///
    /// # Errors
    ///
    /// What is missing or wrong and how to give it: region, endpoint, credentials, a setting of
    /// the environment or profile, the CA bundle, the proxy.
    pub async fn build(self) -> Result<C, BuildError> {
        let environment = self.environment.clone();
        let sources = Sources::read(&environment, self.profile.as_deref(), self.service)?;
        let settings = self.settings(&sources)?;
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
        let endpoint = settings
            .resolve(self.service, &[])
            .map_err(|error| BuildError::new(error.to_string()))?;
        let clock = self.time_source()?;
        let transport = self.carrier(&sources)?;
        let context = ProviderContext::new(environment, transport.clone(), clock.clone())
            .with_profile(self.profile)
            .with_region(settings.region.clone());
        let credentials = credentials(self.credentials, context, clock.clone()).await?;
        Ok(C::from(Client {
            inner: Arc::new(Inner {
                service: self.service,
                settings,
                endpoint,
                transport,
                credentials,
                clock,
                policy,
                bucket: TokenBucket::default(),
                skew,
                signer: Signer::default(),
                user_agent,
            }),
        }))
    }

    fn settings(&self, sources: &Sources<'_>) -> Result<Settings, BuildError> {
        let region = self.region.clone().or_else(|| sources.region());
        let endpoint_url = match &self.endpoint_url {
            Some(url) => Some(url.clone()),
            None => sources.endpoint_url()?,
        };
        if region.is_none() && !matches!(self.credentials, Identity::Anonymous) {
            return Err(BuildError::new(
                "no region: call `.region(\"...\")`, set AWS_REGION, or give `region` in the profile",
            ));
        }
        if let Some(region) = &region {
            check_region(region)?;
        }
        let flag = |given: Option<bool>, variable, property| match given {
            Some(value) => Ok(value),
            None => Ok(sources.flag(variable, property)?.unwrap_or(false)),
        };
        Ok(Settings {
            use_fips: flag(self.use_fips, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")?,
            use_dual_stack: flag(
                self.use_dual_stack,
                "AWS_USE_DUALSTACK_ENDPOINT",
                "use_dualstack_endpoint",
            )?,
            region,
            endpoint_url,
            timeouts: self.timeouts,
        })
    }

    fn user_agent(&self, sources: &Sources<'_>) -> Result<http::HeaderValue, BuildError> {
        let app_id = match &self.app_id {
            Some(id) => Some(id.clone()),
            None => sources.setting(&["AWS_SDK_UA_APP_ID"], "sdk_ua_app_id"),
        };
        let wrong = || {
            BuildError::new(
                "the app id must be 1 to 50 letters, digits and characters of !$%&'*+-.^_`|~",
            )
        };
        if app_id
            .as_deref()
            .is_some_and(|id| !user_agent::is_app_id(id))
        {
            return Err(wrong());
        }
        user_agent::user_agent(self.service, app_id.as_deref()).ok_or_else(wrong)
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
        let wrong = |error: crate::transport::TransportBuildError| BuildError::new(chain(&error));
        let proxies = ProxySettings::from_vars(|name| self.environment.var(name)).map_err(wrong)?;
        let mut builder = HyperTransport::builder()
            .proxies(proxies)
            .read_timeout(self.connection.read_timeout);
        if let Some(limit) = self.connection.connect_timeout {
            builder = builder.connect_timeout(limit);
        }
        let ca_bundle = self.connection.ca_bundle.clone();
        let configured = || {
            sources
                .setting(&["AWS_CA_BUNDLE"], "ca_bundle")
                .map(Into::into)
        };
        if let Some(path) = ca_bundle.or_else(configured) {
            builder = builder.ca_bundle(path);
        }
        Ok(Arc::new(builder.build().map_err(wrong)?))
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
fn check_region(region: &str) -> Result<(), BuildError> {
    let valid = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    if (1..=63).contains(&region.len()) && region.bytes().all(valid) {
        return Ok(());
    }
    Err(BuildError::new(format!(
        "{region:?} is no region: give letters, digits and hyphens, such as eu-central-1"
    )))
}

/// Makes the provider and asks it once.
async fn credentials(
    identity: Identity,
    context: ProviderContext,
    clock: Arc<dyn Clock>,
) -> Result<Option<Arc<dyn ProvideCredentials>>, BuildError> {
    let provider: Arc<dyn ProvideCredentials> = match identity {
        Identity::Anonymous => return Ok(None),
        Identity::Given(provider) => provider,
        Identity::Default => Arc::new(CachingProvider::new(
            Arc::new(DefaultChain::new(context)),
            clock,
        )),
    };
    match provider.provide().await {
        Ok(_) => Ok(Some(provider)),
        Err(error) if error.kind() == CredentialsErrorKind::NotConfigured => {
            Err(BuildError::new(format!(
                "no credentials: {error}; call `.credentials(...)`, set AWS_ACCESS_KEY_ID and \
                 AWS_SECRET_ACCESS_KEY, or give a profile"
            )))
        }
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
