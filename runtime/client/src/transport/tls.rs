//! TLS with rustls: trust roots, the crypto provider, the handshake.
//!
//! Without the features `aws-lc-rs` and `ring`, the same items exist, but every handshake fails.

#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod pem;

pub(super) use imp::TlsConnector;

#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod imp {
    use std::io;
    use std::path::Path;
    use std::sync::Arc;

    use rustls::pki_types::ServerName;
    use rustls::{ClientConfig, RootCertStore};
    use tokio_rustls::client::TlsStream;

    use super::pem;
    use crate::environment::Environment;
    use crate::transport::hyper::Socket;
    use crate::transport::{TransportBuildError, TransportError, TransportErrorKind};

    const NO_ROOTS: &str = "no trusted certificates were found on this system: install its CA \
                            certificates or name a CA bundle";

    /// Opens TLS connections to servers with trusted certificates.
    pub(in crate::transport) struct TlsConnector {
        /// The error if the system has no trust roots, or the CA bundle cannot be used. It is
        /// returned by the first HTTPS request, because plain HTTP needs no trust roots.
        inner: Result<tokio_rustls::TlsConnector, String>,
    }

    impl TlsConnector {
        /// Reads the trust roots of `ca_bundle`, or those of the system.
        pub(in crate::transport) fn new(
            ca_bundle: Option<&Path>,
        ) -> Result<Self, TransportBuildError> {
            let roots = match ca_bundle {
                Some(path) => bundle_roots(path)?,
                None => match system_roots() {
                    Ok(roots) => roots,
                    Err(reason) => return Ok(Self { inner: Err(reason) }),
                },
            };
            // The provider is set explicitly, because rustls panics if two are compiled in.
            let config = ClientConfig::builder_with_provider(Arc::new(provider()))
                .with_safe_default_protocol_versions()
                .map_err(|error| {
                    TransportBuildError::new("TLS cannot be set up").with_source(error)
                })?
                .with_root_certificates(roots)
                .with_no_client_auth();
            Ok(Self {
                inner: Ok(Arc::new(config).into()),
            })
        }

        /// Creates a connector that fails every HTTPS request with the error of [`new`](Self::new).
        pub(in crate::transport) fn unusable(reason: String) -> Self {
            Self { inner: Err(reason) }
        }

        /// Returns an error with advice if HTTPS requests cannot work.
        pub(in crate::transport) fn check(&self) -> Result<(), TransportError> {
            match &self.inner {
                Ok(_) => Ok(()),
                Err(reason) => Err(TransportError::new(
                    TransportErrorKind::Unsupported,
                    reason.clone(),
                )),
            }
        }

        /// Performs the handshake over `tcp` and checks that the server's certificate is for
        /// `host`, a name or an address without brackets.
        pub(in crate::transport) async fn handshake(
            &self,
            tcp: Socket,
            host: &str,
        ) -> io::Result<TlsStream<Socket>> {
            let connector = self
                .inner
                .as_ref()
                .map_err(|reason| io::Error::other(reason.clone()))?;
            let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
            connector.connect(name, tcp).await
        }
    }

    /// The crypto provider. aws-lc-rs comes first, because it prefers post-quantum key exchange,
    /// which KMS supports.
    fn provider() -> rustls::crypto::CryptoProvider {
        #[cfg(feature = "aws-lc-rs")]
        return rustls::crypto::aws_lc_rs::default_provider();
        #[cfg(not(feature = "aws-lc-rs"))]
        return rustls::crypto::ring::default_provider();
    }

    /// Reads the certificates of a PEM file. Certificates that cannot be a trust root are skipped
    /// with a warning. It is an error if none is left.
    fn bundle_roots(path: &Path) -> Result<RootCertStore, TransportBuildError> {
        let failed = || TransportBuildError::new(format!("CA bundle {}", path.display()));
        let content = Environment::process().read(path);
        let content = content.map_err(|error| failed().with_source(error))?;
        let (roots, faults) =
            pem::roots(&content).map_err(|reason| failed().with_source(reason))?;
        for fault in faults {
            let file = path.display();
            tracing::warn!(%file, %fault, "a certificate of the CA bundle is not used");
        }
        Ok(roots)
    }

    /// Reads the certificates that the operating system trusts, or those of `SSL_CERT_FILE` and
    /// `SSL_CERT_DIR`. Certificates that cannot be read are skipped.
    fn system_roots() -> Result<RootCertStore, String> {
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::debug!(%error, "a trusted certificate of the system cannot be read");
        }
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(found.certs);
        if !roots.is_empty() {
            return Ok(roots);
        }
        Err(match found.errors.first() {
            Some(error) => format!("{NO_ROOTS} ({error})"),
            None => NO_ROOTS.to_owned(),
        })
    }

    #[cfg(test)]
    mod tests {
        use super::provider;

        #[test]
        #[cfg(feature = "aws-lc-rs")]
        fn post_quantum_key_exchange_goes_first() {
            let first = provider().kx_groups.first().map(|group| group.name());
            assert_eq!(first, Some(rustls::NamedGroup::X25519MLKEM768));
        }

        #[test]
        #[cfg(not(feature = "aws-lc-rs"))]
        fn ring_is_used_alone() {
            let first = provider().kx_groups.first().map(|group| group.name());
            assert_eq!(first, Some(rustls::NamedGroup::X25519));
        }
    }
}

#[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
mod imp {
    use std::io;
    use std::path::Path;

    use crate::transport::hyper::Socket;
    use crate::transport::{TransportBuildError, TransportError, TransportErrorKind};

    const MISSING: &str =
        "HTTPS needs feature `aws-lc-rs` or `ring` of tinsmith-client, and neither is enabled";

    /// Replaces TLS.
    pub(in crate::transport) struct TlsConnector;

    impl TlsConnector {
        /// Does not read the CA bundle: `AWS_CA_BUNDLE` may be set for all programs of a machine,
        /// and a program that uses plain HTTP does not need it.
        #[allow(clippy::unnecessary_wraps, reason = "reading certificates can fail")]
        pub(in crate::transport) fn new(
            _ca_bundle: Option<&Path>,
        ) -> Result<Self, TransportBuildError> {
            Ok(Self)
        }

        pub(in crate::transport) fn unusable(_reason: String) -> Self {
            Self
        }

        pub(in crate::transport) fn check(&self) -> Result<(), TransportError> {
            Err(TransportError::new(
                TransportErrorKind::Unsupported,
                MISSING,
            ))
        }

        pub(in crate::transport) async fn handshake(
            &self,
            _tcp: Socket,
            _host: &str,
        ) -> io::Result<Socket> {
            Err(io::Error::other(MISSING))
        }
    }
}
