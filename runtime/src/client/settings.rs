//! Where each setting comes from: what the caller gave, then the environment, then the profile.

use std::num::NonZeroU32;
use std::str::FromStr as _;

use super::{BuildError, Timeouts};
use crate::endpoint::{Endpoint, EndpointInput, EndpointQuery};
use crate::environment::Environment;
use crate::error::ConstructionError;
use crate::operation::ServiceInfo;
use crate::profile::ProfileSet;
use crate::retry::{RetryMode, RetryPolicy};

/// What the loop of a call needs to know.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) region: Option<String>,
    pub(super) use_fips: bool,
    pub(super) use_dual_stack: bool,
    pub(super) endpoint_url: Option<String>,
    pub(super) timeouts: Timeouts,
}

impl Settings {
    /// Asks the model's rules for the endpoint.
    pub(super) fn resolve(
        &self,
        service: &ServiceInfo,
        inputs: &[(&'static str, EndpointInput)],
    ) -> Result<Endpoint, ConstructionError> {
        let query = EndpointQuery {
            region: self.region.as_deref(),
            use_fips: self.use_fips,
            use_dual_stack: self.use_dual_stack,
            endpoint: self.endpoint_url.as_deref(),
            inputs,
        };
        let endpoint = match (service.endpoint_rules, &self.endpoint_url) {
            (Some(rules), _) => rules(&query),
            (None, Some(url)) => Endpoint::new(url),
            (None, None) => {
                return Err(ConstructionError::new(
                    "the model has no endpoint rules; give an endpoint URL",
                ));
            }
        };
        endpoint.map_err(|error| ConstructionError::new(format!("no endpoint: {error}")))
    }
}

/// The environment and the profile, read once.
pub(super) struct Sources<'a> {
    environment: &'a Environment,
    profiles: ProfileSet,
    /// The service id in capitals with `_`, as environment variables have it.
    service_variable: String,
    /// The same in lower case, as `services` sections have it.
    service_section: String,
}

impl<'a> Sources<'a> {
    pub(super) fn read(
        environment: &'a Environment,
        profile: Option<&str>,
        service: &ServiceInfo,
    ) -> Result<Self, BuildError> {
        let profiles = ProfileSet::load(environment, profile)
            .map_err(|error| BuildError::new(error.to_string()))?;
        let id = service.sdk_id.replace([' ', '-'], "_");
        Ok(Self {
            environment,
            profiles,
            service_variable: id.to_uppercase(),
            service_section: id.to_lowercase(),
        })
    }

    /// The first of the variables that is set and not empty.
    pub(super) fn variable(&self, names: &[&str]) -> Option<String> {
        names
            .iter()
            .filter_map(|name| self.environment.var(name))
            .find(|value| !value.is_empty())
    }

    /// A variable, else a property of the profile.
    pub(super) fn setting(&self, variables: &[&str], property: &str) -> Option<String> {
        self.variable(variables)
            .or_else(|| Some(self.profiles.get(property)?.to_owned()))
    }

    pub(super) fn region(&self) -> Option<String> {
        self.setting(&["AWS_REGION", "AWS_DEFAULT_REGION"], "region")
    }

    /// The endpoint URL of the service ("Service-specific endpoints" in the AWS SDKs and Tools
    /// Reference Guide).
    pub(super) fn endpoint_url(&self) -> Result<Option<String>, BuildError> {
        let ignore = self.flag(
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "ignore_configured_endpoint_urls",
        )?;
        if ignore == Some(true) {
            return Ok(None);
        }
        let own = format!("AWS_ENDPOINT_URL_{}", self.service_variable);
        let section = || {
            self.profiles
                .service_setting(&self.service_section, "endpoint_url")
        };
        Ok(self
            .variable(&[&own, "AWS_ENDPOINT_URL"])
            .or_else(|| section().map(str::to_owned))
            .or_else(|| self.profiles.get("endpoint_url").map(str::to_owned)))
    }

    /// A setting that is true or false.
    pub(super) fn flag(&self, variable: &str, property: &str) -> Result<Option<bool>, BuildError> {
        let Some(value) = self.setting(&[variable], property) else {
            return Ok(None);
        };
        match value.to_ascii_lowercase().as_str() {
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            _ => Err(BuildError::new(format!(
                "{variable} or `{property}` of the profile must be true or false, found `{value}`"
            ))),
        }
    }

    /// The retry policy.
    pub(super) fn retries(&self) -> Result<RetryPolicy, BuildError> {
        let mut policy = RetryPolicy::default();
        if let Some(mode) = self.setting(&["AWS_RETRY_MODE"], "retry_mode") {
            policy.mode = RetryMode::from_str(&mode).map_err(|error| {
                BuildError::new(format!(
                    "AWS_RETRY_MODE or `retry_mode`: {error}, found `{mode}`"
                ))
            })?;
        }
        if let Some(attempts) = self.setting(&["AWS_MAX_ATTEMPTS"], "max_attempts") {
            policy.max_attempts = NonZeroU32::from_str(&attempts).map_err(|_| {
                BuildError::new(format!(
                    "AWS_MAX_ATTEMPTS or `max_attempts` must be a whole number from 1, found `{attempts}`"
                ))
            })?;
        }
        Ok(policy)
    }
}
