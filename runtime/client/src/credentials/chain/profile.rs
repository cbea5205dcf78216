//! Credentials of a profile in the shared files.

use super::container::ContainerProvider;
use super::context::ProviderContext;
use super::env::EnvironmentProvider;
use super::error::Errors;
use super::imds::ImdsProvider;
use super::plan::{self, Base, Source};
use super::{
    Credentials, CredentialsError, CredentialsErrorKind, ProvideCredentials, process, sso, sts,
    web_identity,
};
use crate::BoxFuture;
use crate::profile::ProfileSet;

const ERRORS: Errors = Errors(plan::NAME);

/// Credentials of the selected profile: static keys, a program (`credential_process`), IAM Identity
/// Center, a web identity token, or a role assumed with any of them, also through several profiles.
/// The files are read each time.
#[derive(Clone, Debug)]
pub struct ProfileProvider {
    context: ProviderContext,
}

impl ProfileProvider {
    /// Creates a provider for the profile that `context` selects.
    pub fn new(context: ProviderContext) -> Self {
        Self { context }
    }

    async fn load(&self) -> Result<Credentials, CredentialsError> {
        let profiles = self.context.profiles(ERRORS).await?;
        if let Some(fault) = profiles.faults().first() {
            let kind = CredentialsErrorKind::UnreadableConfiguration;
            return Err(CredentialsError::new(kind, plan::NAME, fault.to_string()));
        }
        let plan = plan::plan(&profiles)?;
        let mut credentials = self.base(plan.base, &profiles).await?;
        for role in &plan.roles {
            credentials = sts::assume_role(&self.context, &profiles, &credentials, role).await?;
        }
        Ok(credentials)
    }

    async fn base(
        &self,
        base: Base,
        profiles: &ProfileSet,
    ) -> Result<Credentials, CredentialsError> {
        match base {
            Base::Keys(credentials) => Ok(credentials),
            Base::Named(source) => self.named(source).await,
            Base::Process(process) => process::provide(&self.context, process).await,
            Base::Sso(sso) => sso::provide(&self.context, profiles, &sso).await,
            Base::WebIdentity(identity) => {
                web_identity::provide(&self.context, profiles, &identity).await
            }
        }
    }

    async fn named(&self, source: Source) -> Result<Credentials, CredentialsError> {
        let context = self.context.clone();
        let result = match source {
            Source::Environment => {
                let provider = EnvironmentProvider::new(context.environment);
                provider.provide().await
            }
            Source::Ec2InstanceMetadata => ImdsProvider::new(context).known().provide().await,
            Source::EcsContainer => ContainerProvider::new(context).provide().await,
        };
        // The profile requests this source, so it is an error if it is not configured.
        result.map_err(CredentialsError::required)
    }
}

impl ProvideCredentials for ProfileProvider {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.load())
    }
}
