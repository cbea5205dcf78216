//! A client over TLS: which servers it talks to.

use tinsmith_client::Client;
use tinsmith_client::environment::Environment;
use tinsmith_client::error::Error;
use tinsmith_client::transport::TransportErrorKind;
#[cfg(feature = "default-chain")]
use tinsmith_testing::server::{Server, ok};

#[cfg(feature = "default-chain")]
use crate::operation::SERVICE;
use crate::operation::{builder, seal};
use crate::transport::tls::{Authority, TempFile, serve};

/// A server whose certificate `authority` gave it for `name`.
fn server(authority: &Authority, name: &str) -> (Server, String) {
    let config = authority.server(name);
    let server = Server::new(move |stream| {
        serve(stream, config.clone(), |_, _| ok(r#"{"Sealed":"it is"}"#));
    });
    let uri = format!("https://localhost:{}", server.address.port());
    (server, uri)
}

#[tokio::test]
async fn the_bundle_of_the_environment_is_trusted_unless_another_is_given() {
    let (right, wrong) = (Authority::new(), Authority::new());
    let (right_bundle, wrong_bundle) = (right.bundle(), wrong.bundle());
    let (_server, uri) = server(&right, "localhost");
    let text = |bundle: &TempFile| bundle.path().to_str().unwrap().to_owned();
    let trusting = |bundle| {
        let variables = [("AWS_CA_BUNDLE", bundle)];
        builder(&uri).environment(Environment::fake(variables, [("", "")]))
    };
    for (builder, trusted) in [
        (trusting(text(&right_bundle)), true),
        (trusting(text(&wrong_bundle)), false),
        (
            trusting(text(&wrong_bundle)).ca_bundle(right_bundle.path()),
            true,
        ),
        (
            trusting(text(&right_bundle)).ca_bundle(wrong_bundle.path()),
            false,
        ),
    ] {
        let client = builder.no_retries().build().await.unwrap();
        assert_eq!(client.send(seal()).await.is_ok(), trusted);
    }
}

/// Nothing of the request reaches a server that is another than the one asked for.
#[tokio::test]
async fn a_server_of_another_name_gets_nothing() {
    let authority = Authority::new();
    let (server, uri) = server(&authority, "elsewhere.example");
    let client = builder(&uri)
        .ca_bundle(authority.bundle().path())
        .build()
        .await
        .unwrap();
    let error = client.send(seal()).await.unwrap_err();
    let shown = error.to_string();
    let line = format!("Seal: could not connect: TLS handshake with {uri} failed: ");
    assert!(shown.starts_with(&line), "{shown}");
    assert!(shown.contains("not valid for name"), "{shown}");
    assert!(shown.ends_with(" (3 attempts)"), "{shown}");
    let Error::Connection(failed) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(failed.cause().kind(), TransportErrorKind::Connect);
    assert_eq!(server.connections(), 3);
}

/// The system's certificates do not replace those that somebody asked for.
#[cfg(feature = "default-chain")]
#[tokio::test]
async fn https_with_an_unusable_bundle_is_refused() {
    let broken = TempFile::new("no certificate");
    let path = broken.path().to_str().unwrap();
    let variables = [
        ("AWS_CA_BUNDLE", path),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ROLE_ARN", "r"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "token"),
    ];
    let error = Client::builder::<Client>(&SERVICE)
        .environment(Environment::fake(variables, [("token", "jwt")]))
        .endpoint_url("http://localhost".to_owned())
        .build()
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("https://sts.eu-west-1.amazonaws.com"),
        "{error}"
    );
    assert!(
        error.contains(&format!("CA bundle {path}: no certificate in it")),
        "{error}"
    );
}

/// An unusable bundle of the environment matters to HTTPS alone.
#[tokio::test]
async fn a_plain_http_endpoint_needs_no_bundle() {
    let server = Server::answering(|_| ok(r#"{"Sealed":"it is"}"#));
    let broken = TempFile::new("no certificate");
    let path = broken.path().to_str().unwrap();
    let environment = || Environment::fake([("AWS_CA_BUNDLE", path)], [("", "")]);
    let client = builder(&server.uri())
        .environment(environment())
        .build()
        .await
        .unwrap();
    assert!(client.send(seal()).await.is_ok());

    let error = builder("https://localhost")
        .environment(environment())
        .build()
        .await
        .unwrap_err();
    let start = format!("AWS_CA_BUNDLE: CA bundle {path}: no certificate in it");
    assert!(error.to_string().starts_with(&start), "{error}");
}

#[tokio::test]
async fn a_tilde_in_the_path_of_a_bundle_is_the_home_directory() {
    let authority = Authority::new();
    let (_server, uri) = server(&authority, "localhost");
    let bundle = authority.bundle();
    let (home, name) = (
        bundle.path().parent().unwrap(),
        bundle.path().file_name().unwrap(),
    );
    let (home, path) = (
        home.to_str().unwrap(),
        format!("~/{}", name.to_str().unwrap()),
    );
    let config = format!("[default]\nca_bundle = {path}");
    let variables = [("HOME", home), ("AWS_CONFIG_FILE", "c")];
    let environment = |more: &[(&'static str, &str)]| {
        let variables = variables.iter().chain(more);
        let variables = variables.map(|(name, value)| (*name, (*value).to_owned()));
        Environment::fake(variables, [("c", config.as_str())])
    };
    for builder in [
        builder(&uri).environment(environment(&[("AWS_CA_BUNDLE", &path)])),
        builder(&uri).environment(environment(&[])),
        builder(&uri).environment(environment(&[])).ca_bundle(&path),
    ] {
        let client = builder.build().await.unwrap();
        assert!(client.send(seal()).await.is_ok());
    }
}
