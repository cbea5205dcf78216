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
/// What is not given here is read from the environment, then from the profile of the shared
/// config files, when [`build`](Self::build) is called.
#[must_use]
pub struct Builder<C> {
    config: Config,
    client: PhantomData<fn() -> C>,
}

/// The settings of a [`Builder`], without the type of its client, so that building one is compiled
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
    ca_bundle: Option<PathBuf>,
}

/// Why a client could not be built: what is missing and how to give it.
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

    /// The region, such as `eu-central-1`. Else `AWS_REGION`, `AWS_DEFAULT_REGION`, or `region`.
    pub fn region(mut self, region: impl IntoOption<String>) -> Self {
        self.config.region = region.into_option();
        self
    }

    /// Credentials that never change.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.config.credentials = Identity::Given(Arc::new(credentials));
        self
    }

    /// A source of credentials, asked before each attempt. Wrap it in
    /// [`CachingProvider`](crate::credentials::CachingProvider) if it does not keep them itself.
    pub fn credentials_provider(mut self, provider: impl ProvideCredentials) -> Self {
        self.config.credentials = Identity::Given(Arc::new(provider));
        self
    }

    /// Requests go out unsigned, for the few operations that allow it.
    pub fn anonymous(mut self) -> Self {
        self.config.credentials = Identity::Anonymous;
        self
    }

    /// Where requests go instead of the service's own endpoint, such as `http://localhost:5000`.
    /// Else `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, or `endpoint_url`.
    pub fn endpoint_url(mut self, url: impl IntoOption<String>) -> Self {
        self.config.endpoint_url = url.into_option();
        self
    }

    /// Whether requests with credentials may go to a plain HTTP endpoint on another machine without
    /// a warning event. A request over HTTP can be read and changed by everybody on the way.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.config.allow_http = allow;
        self
    }

    /// Whether to use the FIPS endpoint. Else `AWS_USE_FIPS_ENDPOINT` or `use_fips_endpoint`.
    pub fn use_fips(mut self, use_fips: impl IntoOption<bool>) -> Self {
        self.config.use_fips = use_fips.into_option();
        self
    }

    /// Whether to use the dual-stack endpoint. Else `AWS_USE_DUALSTACK_ENDPOINT` or
    /// `use_dualstack_endpoint`.
    pub fn use_dual_stack(mut self, use_dual_stack: impl IntoOption<bool>) -> Self {
        self.config.use_dual_stack = use_dual_stack.into_option();
        self
    }

    /// How often a request is sent at most, the first time included; 1 turns retries off. Else
    /// `AWS_MAX_ATTEMPTS`, `max_attempts`, or 3.
    pub fn max_attempts(mut self, attempts: impl IntoOption<NonZeroU32>) -> Self {
        self.config.max_attempts = attempts.into_option();
        self
    }

    /// Sends every request once.
    pub fn no_retries(self) -> Self {
        self.max_attempts(NonZeroU32::MIN)
    }

    /// How long connecting may take; 3.1 s unless given.
    pub fn connect_timeout(mut self, limit: impl IntoOption<Duration>) -> Self {
        self.config.connection.connect_timeout = limit.into_option();
        self
    }

    /// How long the transport waits for the response, and for each further part of it; no limit
    /// unless given.
    pub fn read_timeout(mut self, limit: impl IntoOption<Duration>) -> Self {
        self.config.connection.read_timeout = limit.into_option();
        self
    }

    /// How long one attempt may take; no limit unless given.
    pub fn attempt_timeout(mut self, limit: impl IntoOption<Duration>) -> Self {
        self.config.timeouts.attempt = limit.into_option();
        self
    }

    /// How long a call may take with all its attempts; no limit unless given.
    pub fn operation_timeout(mut self, limit: impl IntoOption<Duration>) -> Self {
        self.config.timeouts.operation = limit.into_option();
        self
    }

    /// A file of PEM certificates to trust instead of the system's. Else `AWS_CA_BUNDLE` or
    /// `ca_bundle`.
    pub fn ca_bundle(mut self, path: impl Into<PathBuf>) -> Self {
        self.config.connection.ca_bundle = Some(path.into());
        self
    }

    /// The application's name in the user agent. Else `AWS_SDK_UA_APP_ID` or `sdk_ua_app_id`.
    /// Characters that no HTTP token has become `-`; more than 50 cause a warning event.
    pub fn app_id(mut self, id: impl IntoOption<String>) -> Self {
        self.config.app_id = id.into_option();
        self
    }

    /// The profile of the shared config files. Else `AWS_PROFILE` or `default`.
    pub fn profile(mut self, name: impl IntoOption<String>) -> Self {
        self.config.profile = name.into_option();
        self
    }

    /// The environment to read instead of the process' own.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.config.environment = environment;
        self
    }

    /// Another transport than hyper's. Timeouts of connections, proxies and CA bundles are its own
    /// affair.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.config.transport = Some(Arc::new(transport));
        self
    }

    /// Another source of time than the machine's.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.config.clock = Some(Arc::new(clock));
        self
    }

    /// Reads the missing settings, resolves the endpoint, and gets credentials once, so that what
    /// is missing shows now and not with the first call. Where some operations of the service need
    /// no credentials, those of the environment are looked for with the first call that does.
    ///
    /// # Errors
    ///
    /// What is missing or wrong and how to give it: region, endpoint, credentials, a setting of
    /// the environment or profile, the CA bundle, the proxy.
    pub async fn build(self) -> Result<C, BuildError> {
        self.config.build().await.map(C::from)
    }
}

impl<C> fmt::Debug for Builder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the endpoint URL: one that will be refused can hold a password.
        f.debug_struct("Builder")
            .field("service", &self.config.service.sdk_id)
            .field("region", &self.config.region)
            .field("profile", &self.config.profile)
            .finish_non_exhaustive()
    }
}
