//! What all sources of credentials work with.

use std::sync::Arc;

use super::error::{CredentialsError, Errors};
use crate::clock::Clock;
use crate::environment::Environment;
use crate::profile::ProfileSet;
use crate::skew::ClockSkew;
use crate::transport::Transport;

/// The environment, transport and clock that sources of credentials use, and what the caller
/// chose explicitly. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ProviderContext {
    pub(super) environment: Environment,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) profile: Option<String>,
    pub(super) region: Option<String>,
    /// How far the clock is off, by the responses of AWS's own services.
    pub(super) skew: Arc<ClockSkew>,
}

impl ProviderContext {
    /// A context where profile and region come from the environment and the shared files.
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
            skew: Arc::default(),
        }
    }

    /// The same with a profile that the caller chose. It then wins over credentials in
    /// environment variables.
    #[must_use]
    pub fn with_profile(mut self, name: impl Into<Option<String>>) -> Self {
        self.profile = name.into();
        self
    }

    /// The same with the region whose STS endpoint is to be used.
    #[must_use]
    pub fn with_region(mut self, region: impl Into<Option<String>>) -> Self {
        self.region = region.into();
        self
    }

    /// The clock's correction, unless the settings turn it off.
    pub(super) fn skew(&self, profiles: &ProfileSet) -> Option<&ClockSkew> {
        let disabled = self.flag(
            profiles,
            "AWS_DISABLE_CLOCK_SKEW_CORRECTION",
            "disable_clock_skew_correction",
        );
        (!disabled).then_some(&*self.skew)
    }

    /// Reads the shared files.
    pub(super) fn profiles(&self, errors: Errors) -> Result<ProfileSet, CredentialsError> {
        ProfileSet::load(&self.environment, self.profile.as_deref())
            .map_err(|error| errors.configuration(error.to_string()))
    }

    /// A setting that a variable, else the selected profile gives.
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

    /// A setting that is `true` or `false`, compared without case; false when it is not given.
    pub(super) fn flag(&self, profiles: &ProfileSet, variable: &str, property: &str) -> bool {
        self.setting(profiles, variable, property)
            .is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
    }
}
