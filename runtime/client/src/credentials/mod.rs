//! AWS credentials and credentials providers.
//!
//! [`ProvideCredentials`] is a source of credentials. `DefaultChain` (feature `default-chain`) asks
//! the sources that all AWS SDKs ask, in their order; [`CachingProvider`] keeps the credentials of a
//! source and replaces them before they expire.
//!
//! One rule holds for all of them: a source that is configured and fails ends the search with
//! its error. Falling through to the next would act as another identity than the one asked for.
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

/// A source of credentials.
pub trait ProvideCredentials: fmt::Debug + Send + Sync + 'static {
    /// Gets credentials. Dropping the future cancels what it was doing.
    ///
    /// # Errors
    ///
    /// A [`CredentialsError`]; its kind tells a source that is not configured from one that
    /// failed.
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>>;

    /// Tells the source that a service rejected credentials as expired or invalid. A source that
    /// keeps credentials drops these.
    ///
    /// Returns whether [`provide`](Self::provide) may return other ones now; the call is then
    /// retried with them. By default false.
    fn invalidate(&self, rejected: &Credentials) -> bool {
        let _ = rejected;
        false
    }
}

/// An access key with what belongs to it. Cheap to clone; the secrets are wiped from memory when
/// the last clone is dropped.
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
    /// Credentials that never expire. `provider` names where they came from, for people.
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

    /// The same with the session token that temporary credentials have. A blank one is none.
    #[must_use]
    pub fn with_session_token(mut self, token: impl Into<Option<String>>) -> Self {
        let token = token.into().filter(|token| is_not_blank(token));
        let token = token.map(Sensitive::new);
        Arc::make_mut(&mut self.inner).session_token = token;
        self
    }

    /// The same with the time from which on they are refused.
    #[must_use]
    pub fn with_expiry(mut self, expiry: impl Into<Option<SystemTime>>) -> Self {
        Arc::make_mut(&mut self.inner).expiry = expiry.into();
        self
    }

    /// The same with the id of the account that they belong to. A blank one is none.
    #[must_use]
    pub fn with_account_id(mut self, account_id: impl Into<Option<String>>) -> Self {
        let account_id = account_id.into().filter(|id| is_not_blank(id));
        Arc::make_mut(&mut self.inner).account_id = account_id;
        self
    }

    /// The access key id, which requests name in the clear.
    pub fn access_key_id(&self) -> &str {
        &self.inner.access_key_id
    }

    /// The secret access key.
    pub fn secret_access_key(&self) -> &str {
        &self.inner.secret_access_key
    }

    /// The session token of temporary credentials.
    pub fn session_token(&self) -> Option<&str> {
        let token = self.inner.session_token.as_ref()?;
        Some(token.as_str())
    }

    /// From when on they are refused; `None` for never.
    pub fn expiry(&self) -> Option<SystemTime> {
        self.inner.expiry
    }

    /// The id of the account that they belong to, where the source tells it.
    pub fn account_id(&self) -> Option<&str> {
        self.inner.account_id.as_deref()
    }

    /// Where they came from, such as `Environment` or `AssumeRole`.
    pub fn provider(&self) -> &'static str {
        self.inner.provider
    }

    /// Whether services see no difference: expiry and origin they do not know.
    pub(crate) fn is_same_key(&self, other: &Self) -> bool {
        self.access_key_id() == other.access_key_id()
            && self.secret_access_key() == other.secret_access_key()
            && self.session_token() == other.session_token()
    }

    /// Rejects credentials that had expired when their source returned them.
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
/// and `TokenRefreshRequired` are Amazon S3's; after the others, the official SDK of one language or
/// another asks for new credentials. `AuthFailure` is not here: in Amazon EC2 it can also mean that
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

/// Whether an error code means that the service rejects the credentials, so others may do.
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

/// Credentials that are given once and for all are their own source.
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
