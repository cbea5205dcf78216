//! Requests by way of an HTTP proxy.

use tinsmith_client::transport::{ProxySettings, TransportErrorKind};
use tinsmith_testing::server::{Server, ok};

use crate::transport::{builder, post};
use tinsmith_testing::chain;

const ALADDIN: &str = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";

/// Settings for a proxy on loopback with a user name and password.
fn proxy(server: &Server) -> ProxySettings {
    ProxySettings::all(&format!("http://Aladdin:open%20sesame@{}", server.address)).unwrap()
}

#[tokio::test]
async fn plain_http_is_forwarded() {
    let server = Server::answering(ok);
    let transport = builder().proxies(proxy(&server)).build().unwrap();
    for _ in 0..2 {
        let response = post(&transport, "http://kms.test:81/a?b=c", "{}")
            .await
            .unwrap();
        assert_eq!(
            response.body(),
            &format!(
                "POST http://kms.test:81/a?b=c HTTP/1.1\r\nx-amz-target: TrentService.Encrypt\r\n\
                 host: kms.test:81\r\ncontent-length: 2\r\nproxy-authorization: {ALADDIN}\r\n\r\n{{}}"
            )
        );
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn exceptions_are_reached_directly() {
    let proxy_server = Server::answering(|_| ok("proxy"));
    let server = Server::answering(|_| ok("direct"));
    let transport = builder()
        .proxies(proxy(&proxy_server).except("127.0.0.1"))
        .build()
        .unwrap();
    assert_eq!(
        post(&transport, &server.uri(), "").await.unwrap().body(),
        "direct"
    );
    assert_eq!(
        post(&transport, "http://kms.test/", "")
            .await
            .unwrap()
            .body(),
        "proxy"
    );

    // The proxies of the environment leave loopback alone.
    let from_env = ProxySettings::from_vars(|name| {
        (name == "ALL_PROXY").then(|| proxy_server.address.to_string())
    });
    let transport = builder().proxies(from_env.unwrap()).build().unwrap();
    assert_eq!(
        post(&transport, &server.uri(), "").await.unwrap().body(),
        "direct"
    );
    assert_eq!(
        post(&transport, "http://kms.test/", "")
            .await
            .unwrap()
            .body(),
        "proxy"
    );
}

#[tokio::test]
async fn a_proxy_that_is_not_there() {
    let server = Server::answering(|_| ok("x"));
    let settings = proxy(&server);
    let address = server.address;
    drop(server);
    let transport = builder().proxies(settings).build().unwrap();
    let error = post(&transport, "http://kms.test/", "").await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    assert!(
        chain(&error).contains(&address.to_string()),
        "{}",
        chain(&error)
    );
    let shown = format!("{error:?} {} {transport:?}", chain(&error));
    assert!(
        !shown.contains("sesame") && !shown.contains(ALADDIN),
        "{shown}"
    );
}

#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod tunnels {
    use std::io::Write;
    use std::time::Duration;

    use tinsmith_testing::server::read_request;

    use super::*;
    use crate::transport::tls::{Authority, serve};

    /// A proxy that plays the server as well: it opens every tunnel, notes what it was asked, and
    /// speaks TLS for kms.test in it.
    #[tokio::test]
    async fn https_goes_through_a_tunnel() {
        let authority = Authority::new();
        let config = authority.server("kms.test");
        let server = Server::new(move |mut stream| {
            let connect = read_request(&mut stream).unwrap();
            stream
                .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
                .unwrap();
            serve(stream, config.clone(), |request, _| {
                ok(&format!("{connect}{request}"))
            });
        });
        let settings = proxy(&server);
        let bundle = authority.bundle();
        let transport = builder()
            .proxies(settings)
            .ca_bundle(bundle.path())
            .build()
            .unwrap();
        for _ in 0..2 {
            let response = post(&transport, "https://kms.test/a", "{}").await.unwrap();
            assert_eq!(
                response.body(),
                &format!(
                    "CONNECT kms.test:443 HTTP/1.1\r\nHost: kms.test:443\r\n\
                     Proxy-Authorization: {ALADDIN}\r\n\r\n\
                     POST /a HTTP/1.1\r\nx-amz-target: TrentService.Encrypt\r\nhost: kms.test\r\n\
                     content-length: 2\r\n\r\n{{}}"
                )
            );
        }
        assert_eq!(server.connections(), 1);
    }

    #[tokio::test]
    async fn tunnels_that_do_not_open() {
        let bundle = Authority::new().bundle();
        let answers = [
            (
                "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
                "authorization required",
            ),
            ("HTTP/1.1 502 Bad Gateway\r\n\r\n", "unsuccessful"),
            ("SSH-2.0-OpenSSH_9.6\r\n", "unsuccessful"),
            ("HTTP/1.1 200", "unexpected end of file"),
            (
                "HTTP/1.1 200 OK\r\n\r\n",
                "TLS handshake with https://kms.test",
            ),
        ];
        for (answer, reason) in answers {
            let server = Server::sending(answer);
            let transport = builder()
                .proxies(proxy(&server))
                .ca_bundle(bundle.path())
                .build()
                .unwrap();
            let error = post(&transport, "https://kms.test/", "").await.unwrap_err();
            assert_eq!(
                error.kind(),
                TransportErrorKind::Connect,
                "{}",
                chain(&error)
            );
            assert!(chain(&error).contains(reason), "{}", chain(&error));
            let shown = format!("{error:?} {}", chain(&error));
            assert!(
                !shown.contains("sesame") && !shown.contains(ALADDIN),
                "{shown}"
            );
        }
    }

    #[tokio::test]
    async fn a_proxy_that_never_answers() {
        let server = Server::new(|mut stream| while read_request(&mut stream).is_some() {});
        let transport = builder()
            .proxies(proxy(&server))
            .connect_timeout(Duration::from_millis(60))
            .build()
            .unwrap();
        let error = post(&transport, "https://kms.test/", "").await.unwrap_err();
        assert_eq!(
            error.kind(),
            TransportErrorKind::ConnectTimeout,
            "{}",
            chain(&error)
        );
    }
}
