//! The context of credentials providers.

use std::io;
use std::sync::Arc;

use super::error::{CredentialsError, Errors};
use crate::clock::Clock;
use crate::environment::Environment;
use crate::profile::ProfileSet;
use crate::sensitive::Sensitive;
use crate::skew::ClockSkew;
use crate::transport::{PlainHttp, Transport};

/// The environment, transport and clock that credentials providers use, and the settings of the
/// caller. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ProviderContext {
    pub(super) environment: Environment,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) profile: Option<String>,
    pub(super) region: Option<String>,
    pub(super) plain_http: PlainHttp,
    /// The clock skew, measured from responses of AWS services.
    pub(super) skew: Arc<ClockSkew>,
}

impl ProviderContext {
    /// Creates a context that reads profile and region from the environment and the shared files.
    pub fn new(
        environment: Environment,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            environment,
            transport,
            clock,
            profile: None,
            region: None,
            plain_http: PlainHttp::default(),
            skew: Arc::default(),
        }
    }

    /// Selects a profile. It then wins over credentials in environment variables.
    #[must_use]
    pub fn with_profile(mut self, name: impl Into<Option<String>>) -> Self {
        self.profile = name.into();
        self
    }

    /// Sets the region of the STS endpoint.
    #[must_use]
    pub fn with_region(mut self, region: impl Into<Option<String>>) -> Self {
        self.region = region.into();
        self
    }

    /// Turns off the warning event for requests to STS, IAM Identity Center or an instance metadata
    /// service over plain HTTP on another machine, which return credentials unencrypted.
    #[must_use]
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.plain_http = PlainHttp::new(allow);
        self
    }

    /// Returns the clock skew, unless the settings turn its correction off.
    pub(super) fn skew(&self, profiles: &ProfileSet) -> Option<&ClockSkew> {
        let disabled = self.flag(
            profiles,
            "AWS_DISABLE_CLOCK_SKEW_CORRECTION",
            "disable_clock_skew_correction",
        );
        (!disabled).then_some(&*self.skew)
    }

    /// Reads the shared files.
    pub(super) async fn profiles(&self, errors: Errors) -> Result<ProfileSet, CredentialsError> {
        ProfileSet::load_off_thread(&self.environment, self.profile.as_deref())
            .await
            .map_err(|error| errors.configuration(error.to_string()))
    }

    /// Reads a file.
    pub(super) async fn read(&self, path: &str) -> io::Result<Sensitive<Vec<u8>>> {
        let path = path.to_owned();
        let environment = &self.environment;
        environment
            .off_thread(move |environment| environment.read(&path))
            .await
    }

    /// Returns a setting from a variable, or else from the selected profile.
    pub(super) fn setting(
        &self,
        profiles: &ProfileSet,
        variable: &str,
        property: &str,
    ) -> Option<String> {
        let profile = || {
            let value = profiles.get(property)?;
            (!value.is_empty()).then(|| value.to_owned())
        };
        self.environment.var(variable).or_else(profile)
    }

    /// Returns a Boolean setting, `true` or `false` in any case; false by default.
    pub(super) fn flag(&self, profiles: &ProfileSet, variable: &str, property: &str) -> bool {
        self.setting(profiles, variable, property)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}
