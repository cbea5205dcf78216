//! A role assumed with a token that another identity provider wrote to a file, as Kubernetes does.

use super::context::ProviderContext;
use super::error::Errors;
use super::plan::WebIdentity;
use super::{Credentials, CredentialsError, ProvideCredentials, sts};
use crate::BoxFuture;
use crate::profile::ProfileSet;

const ERRORS: Errors = Errors("WebIdentity");

/// Credentials of the role in `AWS_ROLE_ARN` for the token in the file that
/// `AWS_WEB_IDENTITY_TOKEN_FILE` names. The file is read each time, because it is updated.
#[derive(Clone, Debug)]
pub struct WebIdentityProvider {
    context: ProviderContext,
}

impl WebIdentityProvider {
    /// Creates a provider that reads the variables of `context` each time.
    pub fn new(context: ProviderContext) -> Self {
        Self { context }
    }

    async fn load(&self) -> Result<Credentials, CredentialsError> {
        let variable = |name| self.context.environment.var(name);
        let token_file = variable("AWS_WEB_IDENTITY_TOKEN_FILE")
            .ok_or_else(|| ERRORS.not_configured("AWS_WEB_IDENTITY_TOKEN_FILE is not set"))?;
        let role_arn = variable("AWS_ROLE_ARN").ok_or_else(|| {
            ERRORS.configuration("AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not")
        })?;
        let identity = WebIdentity {
            role_arn,
            token_file,
            session_name: variable("AWS_ROLE_SESSION_NAME"),
        };
        let profiles = self.context.profiles(ERRORS).await?;
        provide(&self.context, &profiles, &identity).await
    }
}

impl ProvideCredentials for WebIdentityProvider {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.load())
    }
}

/// Exchanges the token for credentials of the role.
pub(super) async fn provide(
    context: &ProviderContext,
    profiles: &ProfileSet,
    identity: &WebIdentity,
) -> Result<Credentials, CredentialsError> {
    let path = &identity.token_file;
    let content = context.read(path).await.map_err(|error| {
        ERRORS.configuration(format!("could not read the token file {path}: {error}"))
    })?;
    let token = std::str::from_utf8(&content)
        .map_err(|_| ERRORS.configuration(format!("the token file {path} is not text")))?;
    let token = token.trim();
    if token.is_empty() {
        return Err(ERRORS.configuration(format!("the token file {path} is empty")));
    }
    sts::assume_role_with_web_identity(context, profiles, identity, token).await
}
