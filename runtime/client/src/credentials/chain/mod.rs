//! The credentials providers of all AWS SDKs.

mod call;
mod container;
mod context;
mod endpoint;
mod imds;
mod json;
mod plan;
mod process;
mod profile;
mod sso;
mod sso_token;
mod sts;
mod time;
mod web_identity;
mod xml;

pub use container::ContainerProvider;
pub use context::ProviderContext;
pub use imds::{EndpointMode, ImdsProvider};
#[doc(hidden)]
pub use process::read_process_output;
pub use profile::ProfileProvider;
pub use web_identity::WebIdentityProvider;

use super::env::{self, EnvironmentProvider};
use super::error::{self, Errors};
use super::{Credentials, CredentialsError, CredentialsErrorKind, ProvideCredentials};
use crate::BoxFuture;

const ERRORS: Errors = Errors("credentials");

/// The default provider chain: environment variables, the profile, a web identity token, the
/// container's endpoint, the instance metadata service. The first configured provider is used, even
/// if it fails. Does not cache: wrap it in a [`super::CachingProvider`].
#[derive(Debug)]
pub struct DefaultChain {
    sources: Vec<Box<dyn ProvideCredentials>>,
    imds: ImdsProvider,
}

impl DefaultChain {
    /// Creates a chain for `context`. If the caller selected a profile, environment variables are
    /// ignored.
    pub fn new(context: ProviderContext) -> Self {
        let mut sources: Vec<Box<dyn ProvideCredentials>> = Vec::new();
        if context.profile.is_none() {
            sources.push(Box::new(EnvironmentProvider::new(
                context.environment.clone(),
            )));
        }
        sources.push(Box::new(ProfileProvider::new(context.clone())));
        sources.push(Box::new(WebIdentityProvider::new(context.clone())));
        sources.push(Box::new(ContainerProvider::new(context.clone())));
        let imds = ImdsProvider::new(context);
        Self { sources, imds }
    }

    async fn load(&self) -> Result<Credentials, CredentialsError> {
        let mut tried = String::new();
        let mut unreadable = None;
        for source in &self.sources {
            match source.provide().await {
                Err(error) if error.is_not_configured() => note(&mut tried, &error),
                Err(error) if error.kind() == CredentialsErrorKind::UnreadableConfiguration => {
                    unreadable = Some(error);
                }
                outcome => return outcome,
            }
        }
        // The metadata service is not configured, so it must not replace a provider that the file
        // may configure.
        if let Some(error) = unreadable {
            return Err(error);
        }
        match self.imds.provide().await {
            Err(error) if error.is_not_configured() => note(&mut tried, &error),
            // Unless the metadata service is known to exist, its absence is not an error.
            Err(error)
                if error.kind() == CredentialsErrorKind::Unavailable && !self.imds.is_known() =>
            {
                note(&mut tried, &error);
            }
            outcome => return outcome,
        }
        Err(ERRORS.not_configured(format!(
            "none found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile in \
             AWS_PROFILE. Tried: {tried}"
        )))
    }
}

/// Adds the error of a provider to the list of those tried.
fn note(tried: &mut String, error: &CredentialsError) {
    if !tried.is_empty() {
        tried.push_str("; ");
    }
    tried.push_str(&error.to_string());
}

impl ProvideCredentials for DefaultChain {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.load())
    }
}
