//! A client over TLS: which servers it talks to.

use tinsmith_runtime::environment::Environment;
use tinsmith_runtime::error::Error;
use tinsmith_runtime::transport::TransportErrorKind;

use crate::operation::{builder, seal};
use crate::server::{Server, ok};
use crate::tls::{Authority, serve};

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
    let text = |bundle: &crate::tls::TempFile| bundle.path().to_str().unwrap().to_owned();
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
