//! Why there are no credentials.

use std::fmt;

use super::debug_as_display;

/// What kind of failure a [`CredentialsError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialsErrorKind {
    /// Nothing asks for this source, so the search goes on.
    NotConfigured,
    /// The configuration asks for this source in a way that cannot work.
    InvalidConfiguration,
    /// A shared config file exists and cannot be used, so what it asks for is unknown. The search
    /// goes on at the sources that variables ask for, and ends with this error if there are none.
    UnreadableConfiguration,
    /// The source could not be reached, or timed out.
    Unavailable,
    /// The source responded and refused.
    Refused,
    /// The source's response is not valid.
    InvalidResponse,
}

/// Why a source gave no credentials: what was tried, what is wrong and, where that is known, what
/// to do. Never holds a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct CredentialsError {
    kind: CredentialsErrorKind,
    provider: &'static str,
    message: String,
}

impl CredentialsError {
    /// An error of the given kind. `provider` names the source for people; `message` says what is
    /// wrong and must hold no secret.
    pub fn new(
        kind: CredentialsErrorKind,
        provider: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            provider,
            message: message.into(),
        }
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> CredentialsErrorKind {
        self.kind
    }

    /// The source that failed, such as `IMDS`.
    pub fn provider(&self) -> &'static str {
        self.provider
    }

    /// Whether the search for credentials may go on at the next source.
    pub fn is_not_configured(&self) -> bool {
        self.kind == CredentialsErrorKind::NotConfigured
    }

    /// The same failure of a source that was asked for by name, so that its absence is a mistake.
    #[must_use]
    pub fn required(mut self) -> Self {
        if self.is_not_configured() {
            self.kind = CredentialsErrorKind::InvalidConfiguration;
        }
        self
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.provider, self.message)
    }
}

debug_as_display!(CredentialsError);

impl std::error::Error for CredentialsError {}
