//! Constructors for the errors of the sources.

pub use tinsmith_core::error::{CredentialsError, CredentialsErrorKind};

/// Constructors for one source's errors.
#[derive(Clone, Copy, Debug)]
pub(super) struct Errors(pub(super) &'static str);

impl Errors {
    pub(super) fn not_configured(self, message: impl Into<String>) -> CredentialsError {
        CredentialsError::new(CredentialsErrorKind::NotConfigured, self.0, message)
    }

    pub(super) fn configuration(self, message: impl Into<String>) -> CredentialsError {
        CredentialsError::new(CredentialsErrorKind::InvalidConfiguration, self.0, message)
    }

    pub(super) fn unavailable(self, message: impl Into<String>) -> CredentialsError {
        CredentialsError::new(CredentialsErrorKind::Unavailable, self.0, message)
    }
}

#[cfg(feature = "default-chain")]
impl Errors {
    pub(super) fn refused(self, message: impl Into<String>) -> CredentialsError {
        CredentialsError::new(CredentialsErrorKind::Refused, self.0, message)
    }

    pub(super) fn response(self, message: impl Into<String>) -> CredentialsError {
        CredentialsError::new(CredentialsErrorKind::InvalidResponse, self.0, message)
    }
}
