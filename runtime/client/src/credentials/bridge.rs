//! Credentials from crates of the official SDK, such as the chain of `aws-config`.

use std::sync::Arc;

use aws_credential_types::provider::ProvideCredentials as ProvideSdkCredentials;
use aws_credential_types::provider::error::CredentialsError as SdkError;

use super::error::{CredentialsError, CredentialsErrorKind};
use super::{Credentials, ProvideCredentials};
use crate::BoxFuture;

/// Adapts a credentials provider of the official SDK (`aws_credential_types::provider`).
///
/// Not all official providers cache credentials. Wrap this in a
/// [`CachingProvider`](super::CachingProvider) unless yours does.
#[derive(Clone, Debug)]
pub struct SdkCredentialsProvider(Arc<dyn ProvideSdkCredentials>);

impl SdkCredentialsProvider {
    /// Wraps a provider such as `aws_config::load_defaults(..).await.credentials_provider()`.
    pub fn new(source: impl ProvideSdkCredentials + 'static) -> Self {
        Self(Arc::new(source))
    }
}

impl ProvideCredentials for SdkCredentialsProvider {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(async {
            let given = self.0.provide_credentials().await.map_err(error)?;
            let id = given.access_key_id();
            let credentials = Credentials::new(id, given.secret_access_key(), "official SDK")
                .with_session_token(given.session_token().map(str::to_owned))
                .with_expiry(given.expiry())
                .with_account_id(given.account_id().map(|id| id.as_str().to_owned()));
            Ok(credentials)
        })
    }
}

/// The causes of the official errors may contain secrets, so only their kind is used.
fn error(error: SdkError) -> CredentialsError {
    let (kind, message) = match error {
        SdkError::CredentialsNotLoaded(_) => (
            CredentialsErrorKind::NotConfigured,
            "there are no credentials",
        ),
        SdkError::ProviderTimedOut(_) => (CredentialsErrorKind::Unavailable, "timed out"),
        SdkError::InvalidConfiguration(_) => (
            CredentialsErrorKind::InvalidConfiguration,
            "the configuration is wrong",
        ),
        _ => (CredentialsErrorKind::Unavailable, "the provider failed"),
    };
    CredentialsError::new(kind, "official SDK", message)
}
