//! Credentials in environment variables.

use super::error::Errors;
use super::{Credentials, CredentialsError, ProvideCredentials};
use crate::BoxFuture;
use crate::environment::Environment;

const NAME: &str = "Environment";
const ERRORS: Errors = Errors(NAME);

/// Credentials from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` and
/// `AWS_ACCOUNT_ID`.
#[derive(Clone, Debug)]
pub struct EnvironmentProvider {
    environment: Environment,
}

impl EnvironmentProvider {
    /// A source that reads the variables of `environment` each time.
    pub fn new(environment: Environment) -> Self {
        Self { environment }
    }

    fn read(&self) -> Result<Credentials, CredentialsError> {
        let variable = |name| self.environment.var(name);
        let key = variable("AWS_ACCESS_KEY_ID");
        let secret = variable("AWS_SECRET_ACCESS_KEY");
        match (key, secret) {
            (Some(key), Some(secret)) => Ok(Credentials::new(key, secret, NAME)
                .with_session_token(variable("AWS_SESSION_TOKEN"))
                .with_account_id(variable("AWS_ACCOUNT_ID"))),
            (None, None) => Err(ERRORS.not_configured("AWS_ACCESS_KEY_ID is not set")),
            (Some(_), None) => Err(ERRORS.configuration(
                "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not; set both or neither",
            )),
            (None, Some(_)) => Err(ERRORS.configuration(
                "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not; set both or neither",
            )),
        }
    }
}

impl ProvideCredentials for EnvironmentProvider {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(self.read()))
    }
}
