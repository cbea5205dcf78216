//! AWS credentials and credentials providers.
//!
//! [`ProvideCredentials`] is the trait of providers. `DefaultChain` (feature `default-chain`) tries
//! the providers of all AWS SDKs, in the same order. [`CachingProvider`] caches the credentials of
//! a provider and refreshes them before they expire.
//!
//! If a configured provider fails, the chain ends with its error. Trying the next provider could
//! use a different identity than the configured one.
//!
//! Sources: "Standardized credential providers" in the AWS SDKs and Tools Reference Guide.

#[cfg(feature = "aws-credential-types")]
mod bridge;
mod cache;
#[cfg(feature = "default-chain")]
mod chain;
mod detach;
mod env;
mod error;
mod flight;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

#[cfg(feature = "aws-credential-types")]
pub use bridge::SdkCredentialsProvider;
pub use cache::CachingProvider;
#[cfg(feature = "default-chain")]
#[doc(hidden)]
pub use chain::read_process_output;
#[cfg(feature = "default-chain")]
pub use chain::{
    ContainerProvider, DefaultChain, EndpointMode, ImdsProvider, ProfileProvider, ProviderContext,
    WebIdentityProvider,
};
pub use env::EnvironmentProvider;
pub use error::{CredentialsError, CredentialsErrorKind};

use crate::BoxFuture;
use crate::sensitive::Sensitive;
use crate::timestamp::Timestamp;

/// A credentials provider.
pub trait ProvideCredentials: fmt::Debug + Send + Sync + 'static {
    /// Gets credentials. Dropping the future cancels the operation.
    ///
    /// # Errors
    ///
    /// Returns a [`CredentialsError`]. Its kind distinguishes a provider that is not configured
    /// from one that failed.
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>>;

    /// Is called if a service rejects credentials as expired or invalid. A provider that caches
    /// credentials discards them.
    ///
    /// Returns whether [`provide`](Self::provide) may now return different credentials. If so, the
    /// call is retried with them. The default implementation returns false.
    fn invalidate(&self, rejected: &Credentials) -> bool {
        let _ = rejected;
        false
    }
}

/// An access key and its metadata. Cheap to clone. The secrets are wiped from memory when the last
/// clone is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    inner: Arc<Inner>,
}

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    access_key_id: String,
    secret_access_key: Sensitive<String>,
    session_token: Option<Sensitive<String>>,
    expiry: Option<SystemTime>,
    account_id: Option<String>,
    provider: &'static str,
}

impl Credentials {
    /// Creates credentials that never expire. `provider` is the name of the source, for messages.
    pub fn new(
        access_key_id: impl Into<String>,
        secret_access_key: impl Into<String>,
        provider: &'static str,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                access_key_id: access_key_id.into(),
                secret_access_key: Sensitive::new(secret_access_key.into()),
                session_token: None,
                expiry: None,
                account_id: None,
                provider,
            }),
        }
    }

    /// Sets the session token of temporary credentials. An empty token counts as none.
    #[must_use]
    pub fn with_session_token(mut self, token: impl Into<Option<String>>) -> Self {
        let token = token.into().filter(|token| is_not_blank(token));
        let token = token.map(Sensitive::new);
        Arc::make_mut(&mut self.inner).session_token = token;
        self
    }

    /// Sets the expiry.
    #[must_use]
    pub fn with_expiry(mut self, expiry: impl Into<Option<SystemTime>>) -> Self {
        Arc::make_mut(&mut self.inner).expiry = expiry.into();
        self
    }

    /// Sets the account ID. An empty ID counts as none.
    #[must_use]
    pub fn with_account_id(mut self, account_id: impl Into<Option<String>>) -> Self {
        let account_id = account_id.into().filter(|id| is_not_blank(id));
        Arc::make_mut(&mut self.inner).account_id = account_id;
        self
    }

    /// Returns the access key ID, which is not secret.
    pub fn access_key_id(&self) -> &str {
        &self.inner.access_key_id
    }

    /// Returns the secret access key.
    pub fn secret_access_key(&self) -> &str {
        &self.inner.secret_access_key
    }

    /// Returns the session token of temporary credentials.
    pub fn session_token(&self) -> Option<&str> {
        let token = self.inner.session_token.as_ref()?;
        Some(token.as_str())
    }

    /// Returns the expiry, or `None` if the credentials never expire.
    pub fn expiry(&self) -> Option<SystemTime> {
        self.inner.expiry
    }

    /// Returns the account ID, if the source provides it.
    pub fn account_id(&self) -> Option<&str> {
        self.inner.account_id.as_deref()
    }

    /// Returns the name of the source, such as `Environment` or `AssumeRole`.
    pub fn provider(&self) -> &'static str {
        self.inner.provider
    }

    /// Returns whether two credentials are the same to services, which do not know expiry and
    /// source.
    pub(crate) fn is_same_key(&self, other: &Self) -> bool {
        self.access_key_id() == other.access_key_id()
            && self.secret_access_key() == other.secret_access_key()
            && self.session_token() == other.session_token()
    }

    /// Rejects credentials that were already expired when the provider returned them.
    fn unexpired(self, now: SystemTime) -> Result<Self, CredentialsError> {
        let Some(expiry) = self.expiry().filter(|expiry| *expiry <= now) else {
            return Ok(self);
        };
        let message = format!(
            "the source returned credentials that expired at {}; renew them there, and check this \
             machine's clock",
            Timestamp::from(expiry).date_time()
        );
        let kind = CredentialsErrorKind::InvalidResponse;
        Err(CredentialsError::new(kind, self.provider(), message))
    }
}

/// Error codes by which services reject credentials as expired or invalid, sorted. `InvalidToken`
/// and `TokenRefreshRequired` are codes of Amazon S3; for the others, at least one official SDK
/// gets new credentials. `AuthFailure` is not included, because in Amazon EC2 it can also mean that
/// a permission is missing.
const REJECTIONS: [&str; 8] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidToken",
    "RequestExpired",
    "TokenRefreshRequired",
    "UnrecognizedClientException",
];

/// Returns whether an error code means that the service rejects the credentials.
pub(crate) fn is_rejection(code: &str) -> bool {
    REJECTIONS.binary_search(&code).is_ok()
}

fn is_not_blank(text: &str) -> bool {
    !text.trim().is_empty()
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let redacted = "** redacted **";
        f.debug_struct("Credentials")
            .field("access_key_id", &self.inner.access_key_id)
            .field("secret_access_key", &redacted)
            .field("session_token", &self.session_token().map(|_| redacted))
            .field("expiry", &self.inner.expiry)
            .field("account_id", &self.inner.account_id)
            .field("provider", &self.inner.provider)
            .finish()
    }
}

/// Static credentials are their own provider.
impl ProvideCredentials for Credentials {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_tokens_and_account_ids_are_none() {
        for blank in ["", " \n"] {
            let credentials = Credentials::new("AKID", "secret", "test")
                .with_session_token(blank.to_owned())
                .with_account_id(blank.to_owned());
            assert_eq!(credentials.session_token(), None);
            assert_eq!(credentials.account_id(), None);
        }
    }

    #[test]
    fn rejections_are_sorted() {
        assert!(REJECTIONS.is_sorted());
        assert!(REJECTIONS.into_iter().all(is_rejection));
        assert!(!is_rejection("AccessDeniedException"));
    }

    #[test]
    fn debug_shows_no_secret() {
        let credentials = Credentials::new("AKID", "hidden-key", "test")
            .with_session_token("hidden-token".to_owned());
        let shown = format!("{credentials:?}");
        assert!(
            shown.contains("AKID") && !shown.contains("hidden"),
            "{shown}"
        );
    }
}
