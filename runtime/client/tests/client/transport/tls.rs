//! TLS: whom it trusts, what it speaks, how it fails.

use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};
use tinsmith_client::transport::TransportErrorKind;
use tinsmith_testing::server::{Server, ok, read_request};

use crate::transport::{builder, post};
use tinsmith_testing::chain;

/// A certificate authority made for one test.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        Self::named("an authority")
    }

    fn named(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    /// A file with its certificate, among what real bundles hold besides.
    pub(crate) fn bundle(&self) -> TempFile {
        TempFile::new(&format!("# A comment\n{}\n", self.pem))
    }

    /// A server with a certificate for `name`.
    pub(crate) fn server(&self, name: &str) -> Arc<ServerConfig> {
        self.server_with(name, 4000, rustls::ALL_VERSIONS)
    }

    fn server_with(
        &self,
        name: &str,
        last_year: i32,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Arc<ServerConfig> {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_after = date_time_ymd(last_year, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate: CertificateDer<'static> =
            params.signed_by(&key, &self.issuer).unwrap().into();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        Arc::new(config)
    }
}

fn provider() -> rustls::crypto::CryptoProvider {
    #[cfg(feature = "aws-lc-rs")]
    return rustls::crypto::aws_lc_rs::default_provider();
    #[cfg(not(feature = "aws-lc-rs"))]
    return rustls::crypto::ring::default_provider();
}

/// Speaks TLS and answers each request with what `answer` makes of it and of the connection.
pub(crate) fn serve(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    answer: impl Fn(&str, &ServerConnection) -> Vec<u8>,
) {
    let mut tls = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
    while let Some(request) = read_request(&mut tls) {
        let response = answer(&request, &tls.conn);
        tls.write_all(&response).unwrap();
        tls.flush().unwrap();
    }
}

/// A server that says which version of TLS it speaks and how keys were exchanged.
fn telling(config: Arc<ServerConfig>) -> Server {
    Server::new(move |stream| {
        serve(stream, config.clone(), |_, tls| {
            let version = tls.protocol_version().unwrap();
            let exchange = tls.negotiated_key_exchange_group().unwrap().name();
            ok(&format!("{version:?} {exchange:?}"))
        });
    })
}

/// A file that is removed in the end.
pub(crate) struct TempFile(PathBuf);

impl TempFile {
    pub(crate) fn new(text: &str) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let name = format!("tinsmith-transport-{}-{number}.pem", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, text).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn https(server: &Server, host: &str) -> String {
    format!("https://{host}:{}/", server.address.port())
}

#[tokio::test]
async fn tls_1_2_and_1_3() {
    let authority = Authority::new();
    let bundle = authority.bundle();
    let exchange = if cfg!(feature = "aws-lc-rs") {
        "X25519MLKEM768"
    } else {
        "X25519"
    };
    let cases = [
        (&rustls::version::TLS12, "TLSv1_2 X25519".to_owned()),
        (&rustls::version::TLS13, format!("TLSv1_3 {exchange}")),
    ];
    for (version, expected) in cases {
        let server = telling(authority.server_with("localhost", 4000, &[version]));
        let transport = builder().ca_bundle(bundle.path()).build().unwrap();
        for _ in 0..2 {
            let response = post(&transport, &https(&server, "localhost"), "{}")
                .await
                .unwrap();
            assert_eq!(response.body(), &expected);
        }
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn an_address_can_be_certified() {
    let authority = Authority::new();
    let server = telling(authority.server("127.0.0.1"));
    let transport = builder()
        .ca_bundle(authority.bundle().path())
        .build()
        .unwrap();
    let response = post(&transport, &https(&server, "127.0.0.1"), "{}")
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn certificates_that_are_refused() {
    let authority = Authority::new();
    let cases = [
        (authority.server("other.test"), "not valid for name"),
        (
            authority.server_with("localhost", 2000, rustls::ALL_VERSIONS),
            "expired",
        ),
        (
            Authority::named("another").server("localhost"),
            "UnknownIssuer",
        ),
    ];
    let transport = builder()
        .ca_bundle(authority.bundle().path())
        .build()
        .unwrap();
    for (config, reason) in cases {
        let server = Server::new(move |stream| {
            let mut tls = StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream);
            assert_eq!(read_request(&mut tls), None, "a request was sent");
        });
        let error = post(&transport, &https(&server, "localhost"), "{}")
            .await
            .unwrap_err();
        assert_eq!(
            error.kind(),
            TransportErrorKind::Connect,
            "{}",
            chain(&error)
        );
        assert!(chain(&error).contains(reason), "{}", chain(&error));
        assert!(chain(&error).contains("TLS handshake with https://localhost:"));
    }
}

#[tokio::test]
async fn servers_that_do_not_speak_tls() {
    let bundle = Authority::new().bundle();
    let transport = builder().ca_bundle(bundle.path()).build().unwrap();
    for bytes in ["HTTP/1.1 400 Bad Request\r\n\r\n", ""] {
        let server = Server::new(move |mut stream| {
            let _ = stream.write_all(bytes.as_bytes());
        });
        let error = post(&transport, &https(&server, "127.0.0.1"), "{}")
            .await
            .unwrap_err();
        assert_eq!(
            error.kind(),
            TransportErrorKind::Connect,
            "{}",
            chain(&error)
        );
    }
}

#[tokio::test]
async fn a_handshake_that_never_ends() {
    let server = Server::new(|mut stream| while read_request(&mut stream).is_some() {});
    let bundle = Authority::new().bundle();
    let transport = builder()
        .ca_bundle(bundle.path())
        .connect_timeout(Duration::from_millis(60))
        .build()
        .unwrap();
    let error = post(&transport, &https(&server, "127.0.0.1"), "{}")
        .await
        .unwrap_err();
    assert_eq!(
        error.kind(),
        TransportErrorKind::ConnectTimeout,
        "{}",
        chain(&error)
    );
}

/// A body cut short without the closing alert of TLS is not a whole body, even where HTTP/1.0
/// would end it so.
#[tokio::test]
async fn a_connection_cut_within_tls() {
    let authority = Authority::new();
    let config = authority.server("localhost");
    let server = Server::new(move |stream| {
        let mut tls = StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream);
        read_request(&mut tls);
        tls.write_all(b"HTTP/1.1 200 OK\r\n\r\n{\"half\":").unwrap();
        tls.flush().unwrap();
    });
    let transport = builder()
        .ca_bundle(authority.bundle().path())
        .build()
        .unwrap();
    let error = post(&transport, &https(&server, "localhost"), "{}")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Io, "{}", chain(&error));
}

#[cfg(unix)]
#[test]
fn bundles_that_are_refused() {
    let empty = TempFile::new("# no certificate\n");
    let broken = TempFile::new("-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n");
    let useless = TempFile::new("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    let missing = Path::new("missing/bundle.pem");
    for (path, reason) in [
        (empty.path(), "no certificate in it"),
        (broken.path(), "the block at line 1: not valid base64"),
        (useless.path(), "the block at line 1: not usable"),
        (missing, "No such file"),
        (Path::new("/dev/zero"), "not a regular file"),
    ] {
        let error = builder().ca_bundle(path).build().unwrap_err();
        let shown = error.to_string();
        let line = format!("CA bundle {}: ", path.display());
        assert!(
            shown.starts_with(&line) && shown.contains(reason),
            "{shown}"
        );
    }
}
