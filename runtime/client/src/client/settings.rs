//! Reads settings from the builder, then the environment, then the profile.

use std::num::NonZeroU32;
use std::str::FromStr as _;

use super::{BuildError, Timeouts};
use crate::endpoint::{Endpoint, EndpointInput, EndpointQuery};
use crate::environment::Environment;
use crate::error::ConstructionError;
use crate::operation::ServiceInfo;
use crate::profile::{FileLocations, ProfileSet};
use crate::retry::{RetryMode, RetryPolicy};

/// The settings of the call loop.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) region: Option<String>,
    pub(super) use_fips: bool,
    pub(super) use_dual_stack: bool,
    pub(super) endpoint_url: Option<String>,
    pub(super) timeouts: Timeouts,
}

impl Settings {
    /// Resolves the endpoint with the model's rules.
    pub(super) fn resolve(
        &self,
        service: &ServiceInfo,
        inputs: &[(&'static str, EndpointInput)],
    ) -> Result<Endpoint, ConstructionError> {
        let mut query = EndpointQuery::default();
        query.region = self.region.as_deref();
        query.use_fips = self.use_fips;
        query.use_dual_stack = self.use_dual_stack;
        query.endpoint = self.endpoint_url.as_deref();
        query.inputs = inputs;
        let endpoint = match (service.endpoint_rules, &self.endpoint_url) {
            (Some(rules), _) => rules(&query),
            (None, Some(url)) => Endpoint::new(url),
            (None, None) => {
                return Err(ConstructionError::new(
                    "the model has no endpoint rules; set an endpoint URL",
                ));
            }
        };
        endpoint.map_err(|error| ConstructionError::new(format!("no endpoint: {error}")))
    }
}

/// A setting and its source, which is used in error messages.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub(super) value: String,
    /// The source, such as "AWS_REGION" or "`region` of profile `dev`".
    pub(super) source: String,
}

impl Setting {
    /// Creates a setting from a method of the builder.
    pub(super) fn given(method: &str, value: &Option<String>) -> Option<Self> {
        Some(Self {
            value: value.clone()?,
            source: format!("`.{method}(..)`"),
        })
    }

    /// Returns the error for an invalid value.
    pub(super) fn must_be(&self, what: &str) -> BuildError {
        let Self { value, source } = self;
        BuildError::new(format!("{source} must be {what}, found {value:?}"))
    }
}

/// The environment and the profile.
pub(super) struct Sources<'a> {
    environment: &'a Environment,
    profiles: ProfileSet,
    /// The service ID in upper case with `_`, as in environment variables.
    service_variable: String,
    /// The same in lower case, as in `services` sections.
    service_section: String,
}

impl<'a> Sources<'a> {
    /// Reads the shared config files. A selected profile must exist.
    pub(super) async fn read(
        environment: &'a Environment,
        profile: Option<&str>,
        service: &ServiceInfo,
    ) -> Result<Self, BuildError> {
        let profiles = ProfileSet::load_off_thread(environment, profile)
            .await
            .map_err(|error| BuildError::new(error.to_string()))?;
        for error in profiles.faults() {
            tracing::warn!(%error, "a shared config file is not used");
        }
        for section in profiles.ignored() {
            tracing::warn!(%section, "a section of a shared config file is not used");
        }
        if profiles.selected_explicitly() && profiles.selected().is_none() {
            let source = match profile {
                Some(_) => "`.profile(..)`",
                None => "AWS_PROFILE",
            };
            let files = FileLocations::new(environment);
            let files: Vec<String> = files.config.into_iter().chain(files.credentials).collect();
            return Err(BuildError::new(format!(
                "{source} names the profile `{}`, which is not in the shared files ({}){}",
                profiles.selected_name(),
                files.join(", "),
                profiles.why_missing(profiles.selected_name())
            )));
        }
        let id = service.sdk_id.replace([' ', '-'], "_");
        Ok(Self {
            environment,
            profiles,
            service_variable: id.to_ascii_uppercase(),
            service_section: id.to_ascii_lowercase(),
        })
    }

    /// Returns the error for a missing setting. It names the files that may contain the setting but
    /// cannot be used.
    pub(super) fn missing(&self, message: &str) -> BuildError {
        let mut message = message.to_owned();
        for error in self.profiles.faults() {
            message.push_str(&format!(" ({error})"));
        }
        BuildError::new(message)
    }

    /// Returns the first of the variables that is set.
    fn variable(&self, names: &[&str]) -> Option<Setting> {
        names.iter().find_map(|name| {
            Some(Setting {
                value: self.environment.var(name)?,
                source: (*name).to_owned(),
            })
        })
    }

    /// Returns a property of the profile. An empty one counts as unset, like an empty variable.
    fn property(&self, name: &str) -> Option<Setting> {
        let value = self.profiles.get(name)?;
        (!value.trim().is_empty()).then(|| Setting {
            value: value.to_owned(),
            source: format!("`{name}` of profile `{}`", self.profiles.selected_name()),
        })
    }

    /// Returns a variable, or else a property of the profile.
    pub(super) fn setting(&self, variables: &[&str], property: &str) -> Option<Setting> {
        self.variable(variables).or_else(|| self.property(property))
    }

    pub(super) fn region(&self) -> Option<Setting> {
        self.setting(&["AWS_REGION", "AWS_DEFAULT_REGION"], "region")
    }

    /// Returns the endpoint URL of the service ("Service-specific endpoints" in the AWS SDKs and
    /// Tools Reference Guide).
    pub(super) fn endpoint_url(&self) -> Result<Option<Setting>, BuildError> {
        let ignore = self.flag(
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "ignore_configured_endpoint_urls",
        )?;
        if ignore == Some(true) {
            return Ok(None);
        }
        let own = format!("AWS_ENDPOINT_URL_{}", self.service_variable);
        if let Some(url) = self.variable(&[&own, "AWS_ENDPOINT_URL"]) {
            return Ok(Some(url));
        }
        let of_service = self.service_endpoint_url()?;
        Ok(of_service.or_else(|| self.property("endpoint_url")))
    }

    /// Returns a setting of the `services` section that the profile names. A missing section is an
    /// error, because requests for another endpoint would be sent to AWS.
    fn service_endpoint_url(&self) -> Result<Option<Setting>, BuildError> {
        let Some(section) = self.property("services") else {
            return Ok(None);
        };
        let name = &section.value;
        let Some(services) = self.profiles.services(name) else {
            return Err(BuildError::new(format!(
                "{} names the section `[services {name}]`, which does not exist",
                section.source
            )));
        };
        let service = &self.service_section;
        let url = services.get_nested(service, "endpoint_url");
        let url = url.filter(|url| !url.is_empty());
        Ok(url.map(|url| Setting {
            value: url.to_owned(),
            source: format!("`endpoint_url` of `{service}` in `[services {name}]`"),
        }))
    }

    /// Returns a Boolean setting.
    pub(super) fn flag(&self, variable: &str, property: &str) -> Result<Option<bool>, BuildError> {
        let Some(setting) = self.setting(&[variable], property) else {
            return Ok(None);
        };
        match setting.value.to_ascii_lowercase().as_str() {
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            _ => Err(setting.must_be("true or false")),
        }
    }

    /// Returns the retry policy.
    pub(super) fn retries(&self) -> Result<RetryPolicy, BuildError> {
        let mut policy = RetryPolicy::default();
        if let Some(mode) = self.setting(&["AWS_RETRY_MODE"], "retry_mode") {
            policy.mode = RetryMode::from_str(&mode.value)
                .map_err(|_| mode.must_be("one of standard, adaptive, legacy"))?;
        }
        if let Some(attempts) = self.setting(&["AWS_MAX_ATTEMPTS"], "max_attempts") {
            policy.max_attempts = NonZeroU32::from_str(&attempts.value)
                .map_err(|_| attempts.must_be("a whole number from 1"))?;
        }
        Ok(policy)
    }
}
