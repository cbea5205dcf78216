//! The configuration of a client.

mod build;

use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{Client, Timeouts};
use crate::clock::Clock;
use crate::credentials::{Credentials, ProvideCredentials};
use crate::environment::Environment;
use crate::error::debug_as_display;
use crate::operation::ServiceInfo;
use crate::optional::IntoOption;
use crate::transport::Transport;

/// The configuration of a client.
///
/// [`build`](Self::build) reads settings that are not set here from the environment, then from the
/// profile of the shared config files.
#[must_use]
pub struct Builder<C> {
    config: Config,
    client: PhantomData<fn() -> C>,
}

/// The settings of a [`Builder`], without the type of its client, so that this code is compiled
/// once.
struct Config {
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
    allow_http: bool,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
}

/// The source of credentials.
enum Identity {
    /// The default provider chain.
    Default,
    Given(Arc<dyn ProvideCredentials>),
    /// No credentials; requests are not signed.
    Anonymous,
}

/// The settings of the default transport.
#[derive(Default)]
struct Connection {
    connect_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
    ca_bundle: Option<PathBuf>,
}

/// The error of building a client. The message names the missing setting and explains how to set
/// it.
#[derive(Clone, PartialEq, Eq)]
pub struct BuildError(String);

impl BuildError {
    pub(in crate::client) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

debug_as_display!(BuildError);

impl std::error::Error for BuildError {}

impl<C: From<Client>> Builder<C> {
    pub(super) fn new(service: &'static ServiceInfo) -> Self {
        Self {
            config: Config {
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
                allow_http: false,
                transport: None,
                clock: None,
            },
            client: PhantomData,
        }
    }

    /// Sets the region, such as `eu-central-1`. Default: `AWS_REGION`, `AWS_DEFAULT_REGION`, or
    /// `region`.
    pub fn region(mut self, region: impl IntoOption<String>) -> Self {
        self.config.region = region.into_option();
        self
    }

    /// Sets static credentials.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.config.credentials = Identity::Given(Arc::new(credentials));
        self
    }

    /// Sets a credentials provider, which is called before each attempt. Wrap it in a
    /// [`CachingProvider`](crate::credentials::CachingProvider) unless it caches credentials
    /// itself.
    pub fn credentials_provider(mut self, provider: impl ProvideCredentials) -> Self {
        self.config.credentials = Identity::Given(Arc::new(provider));
        self
    }

    /// Sends requests unsigned, for the few operations that allow it.
    pub fn anonymous(mut self) -> Self {
        self.config.credentials = Identity::Anonymous;
        self
    }

    /// Sets the URL to use instead of the service's endpoint, such as `http://localhost:5000`.
    /// Default: `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, or `endpoint_url`.
    pub fn endpoint_url(mut self, url: impl IntoOption<String>) -> Self {
        self.config.endpoint_url = url.into_option();
        self
    }

    /// Turns off the warning event for requests with credentials to a plain HTTP endpoint on
    /// another machine. Anyone on the network path can read and change a request over HTTP.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.config.allow_http = allow;
        self
    }

    /// Sets whether to use the FIPS endpoint. Default: `AWS_USE_FIPS_ENDPOINT` or
    /// `use_fips_endpoint`.
    pub fn use_fips(mut self, use_fips: impl IntoOption<bool>) -> Self {
        self.config.use_fips = use_fips.into_option();
        self
    }

    /// Sets whether to use the dual-stack endpoint. Default: `AWS_USE_DUALSTACK_ENDPOINT` or
    /// `use_dualstack_endpoint`.
    pub fn use_dual_stack(mut self, use_dual_stack: impl IntoOption<bool>) -> Self {
        self.config.use_dual_stack = use_dual_stack.into_option();
        self
    }

    /// Sets the maximum number of attempts, including the first; 1 turns retries off. Default:
    /// `AWS_MAX_ATTEMPTS`, `max_attempts`, or 3.
    pub fn max_attempts(mut self, attempts: impl IntoOption<NonZeroU32>) -> Self {
        self.config.max_attempts = attempts.into_option();
        self
    }

    /// Turns retries off.
    pub fn no_retries(self) -> Self {
        self.max_attempts(NonZeroU32::MIN)
    }

    /// Sets the timeout of connecting. Default: 3.1 s.
    pub fn connect_timeout(mut self, limit: impl IntoOption<Duration>) -> Self {
        self.config.connection.connect_timeout = limit.into_option();
        self
    }

    /// Sets the timeout of waiting for the response, and for each further part of it. Default: no
    /// limit.
    pub fn read_timeout(mut self, limit: impl IntoOption<Duration>) -> Self {
        self.config.connection.read_timeout = limit.into_option();
        self
    }

    /// Sets the timeout of one attempt. Default: no limit.
    pub fn attempt_timeout(mut self, limit: impl IntoOption<Duration>) -> Self {
        self.config.timeouts.attempt = limit.into_option();
        self
    }

    /// Sets the timeout of a call with all its attempts. Default: no limit.
    pub fn operation_timeout(mut self, limit: impl IntoOption<Duration>) -> Self {
        self.config.timeouts.operation = limit.into_option();
        self
    }

    /// Sets a PEM file of certificates to trust instead of the system's. Default: `AWS_CA_BUNDLE`
    /// or `ca_bundle`.
    pub fn ca_bundle(mut self, path: impl Into<PathBuf>) -> Self {
        self.config.connection.ca_bundle = Some(path.into());
        self
    }

    /// Sets the application's name in the user agent. Default: `AWS_SDK_UA_APP_ID` or
    /// `sdk_ua_app_id`. Characters that are not valid in an HTTP token become `-`. A name of more
    /// than 50 characters causes a warning event.
    pub fn app_id(mut self, id: impl IntoOption<String>) -> Self {
        self.config.app_id = id.into_option();
        self
    }

    /// Sets the profile of the shared config files. Default: `AWS_PROFILE` or `default`.
    pub fn profile(mut self, name: impl IntoOption<String>) -> Self {
        self.config.profile = name.into_option();
        self
    }

    /// Sets the environment to read instead of that of the process.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.config.environment = environment;
        self
    }

    /// Sets a custom transport. Connect and read timeouts, proxies and CA bundles are up to this
    /// transport.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.config.transport = Some(Arc::new(transport));
        self
    }

    /// Sets a custom clock.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.config.clock = Some(Arc::new(clock));
        self
    }

    /// Builds the client. Reads the remaining settings, resolves the endpoint, and gets credentials
    /// once, so that missing settings are reported now and not by the first call. If some
    /// operations of the service need no credentials, the first call that needs credentials gets
    /// them instead.
    ///
    /// # Errors
    ///
    /// Returns an error if a setting is missing or invalid: region, endpoint, credentials, a
    /// setting of the environment or profile, the CA bundle, the proxy.
    pub async fn build(self) -> Result<C, BuildError> {
        self.config.build().await.map(C::from)
    }
}

impl<C> fmt::Debug for Builder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An invalid endpoint URL may contain a password, so it is not shown.
        f.debug_struct("Builder")
            .field("service", &self.config.service.sdk_id)
            .field("region", &self.config.region)
            .field("profile", &self.config.profile)
            .finish_non_exhaustive()
    }
}
