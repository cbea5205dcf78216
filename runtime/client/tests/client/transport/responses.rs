//! Responses, whole and broken.

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use tinsmith_client::transport::{TransportError, TransportErrorKind};
use tinsmith_testing::server::{Server, ok, peek_request, read_request};

use crate::transport::{builder, post, transport};
use tinsmith_testing::chain;

#[track_caller]
fn assert_kind(error: &TransportError, kind: TransportErrorKind) {
    assert_eq!(error.kind(), kind, "{}", chain(error));
}

#[tokio::test]
async fn reads_whole_responses() {
    let transport = transport();
    let long = "y".repeat(300_000);
    let cases = [
        (ok(""), String::new()),
        (ok("x"), "x".to_owned()),
        (ok(&long), long.clone()),
        (
            b"HTTP/1.1 200 OK\r\n\r\nto the end".to_vec(),
            "to the end".to_owned(),
        ),
        (b"HTTP/1.0 200 OK\r\n\r\nold".to_vec(), "old".to_owned()),
        (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx".to_vec(),
            "x".to_owned(),
        ),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n4;ext=1\r\ndefg\r\n\
              0\r\ntrailer: t\r\n\r\n"
                .to_vec(),
            "abcdefg".to_owned(),
        ),
    ];
    for (bytes, body) in cases {
        let server = Server::sending(bytes);
        let response = post(&transport, &server.uri(), "{}").await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.body(), &body);
    }
}

#[tokio::test]
async fn status_and_headers() {
    let server = Server::sending(
        "HTTP/1.1 400 Bad Request\r\nx-a: 1\r\nx-a: 2\r\ncontent-length: 0\r\n\r\n",
    );
    let response = post(&transport(), &server.uri(), "{}").await.unwrap();
    assert_eq!(response.status(), 400);
    let values: Vec<_> = response.headers().get_all("x-a").iter().collect();
    assert_eq!(values, ["1", "2"]);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let server = Server::answering(|_| {
        b"HTTP/1.1 307 Temporary Redirect\r\nlocation: /other\r\ncontent-length: 0\r\n\r\n".to_vec()
    });
    let response = post(&transport(), &server.uri(), "{}").await.unwrap();
    assert_eq!(response.status(), 307);
    assert_eq!(response.headers()["location"], "/other");
}

#[tokio::test]
async fn connections_that_end_too_early() {
    let transport = transport();
    let cut: [&str; 6] = [
        "",
        "HTTP/1.1 20",
        "HTTP/1.1 200 OK\r\ncontent-le",
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n123456789",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ];
    for bytes in cut {
        let closing = Server::sending(bytes);
        let error = post(&transport, &closing.uri(), "{}").await.unwrap_err();
        assert_kind(&error, TransportErrorKind::Io);

        let resetting = Server::new(move |mut stream| {
            peek_request(&stream);
            let _ = stream.write_all(bytes.as_bytes());
        });
        let error = post(&transport, &resetting.uri(), "{}").await.unwrap_err();
        assert_kind(&error, TransportErrorKind::Io);
        assert_eq!(resetting.connections(), 1);
    }
}

#[tokio::test]
async fn what_is_not_http() {
    let transport = transport();
    let garbage: [&[u8]; 7] = [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x16\x03\x03\x00\x02\x02\x28",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 9999 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: ten\r\n\r\n0123456789",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n01",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    ];
    for bytes in garbage {
        let server = Server::sending(bytes);
        let error = post(&transport, &server.uri(), "{}").await.unwrap_err();
        assert_kind(&error, TransportErrorKind::Io);
    }
}

#[tokio::test]
async fn a_head_without_end() {
    let server = Server::new(|mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream.write_all(b"x-header: value\r\n").is_ok() {}
    });
    let error = post(&transport(), &server.uri(), "{}").await.unwrap_err();
    assert_kind(&error, TransportErrorKind::TooLarge);
}

#[tokio::test]
async fn names_the_limit_that_a_head_exceeds() {
    let long = format!("x-long: {}\r\n", "a".repeat(40_000));
    for headers in [long, "x: y\r\n".repeat(101)] {
        let head = format!("HTTP/1.1 200 OK\r\n{headers}");
        let server = Server::sending(format!("{head}content-length: 2\r\n\r\n{{}}"));
        let error = post(&transport(), &server.uri(), "{}").await.unwrap_err();
        assert_kind(&error, TransportErrorKind::TooLarge);
        let text = "the response is too large: its head is longer than 36864 bytes, has over 100";
        assert!(error.to_string().starts_with(text), "{error}");
    }
}

#[tokio::test]
async fn heads_may_be_as_long_as_load_balancers_allow() {
    let head = format!("HTTP/1.1 200 OK\r\nx-long: {}\r\n", "a".repeat(33_000));
    let server = Server::sending(format!("{head}content-length: 2\r\n\r\n{{}}"));
    let response = post(&transport(), &server.uri(), "{}").await.unwrap();
    assert_eq!(response.headers()["x-long"].len(), 33_000);
    assert_eq!(response.body(), "{}");
}

#[tokio::test]
async fn the_limit_on_bodies_is_exact() {
    let chunked = |body: &str| {
        let (one, two) = body.split_at(4);
        format!(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{one}\r\n{:x}\r\n{two}\r\n\
             0\r\n\r\n",
            two.len()
        )
        .into_bytes()
    };
    let until_the_end = |body: &str| format!("HTTP/1.1 200 OK\r\n\r\n{body}").into_bytes();
    let transport = builder().max_response_bytes(10).build().unwrap();
    for (body, fits) in [("0123456789", true), ("0123456789a", false)] {
        for bytes in [ok(body), chunked(body), until_the_end(body)] {
            let server = Server::sending(bytes);
            match post(&transport, &server.uri(), "{}").await {
                Ok(response) => assert!(fits && response.body() == body, "{body}"),
                Err(error) => {
                    assert!(!fits, "{body}: {}", chain(&error));
                    assert_kind(&error, TransportErrorKind::TooLarge);
                }
            }
        }
    }
}

/// A body of 100 MB is refused by the default settings, at once when its length is announced.
#[tokio::test]
async fn a_huge_body() {
    let announced =
        Server::sending("HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\nand no more");
    let error = post(&transport(), &announced.uri(), "{}")
        .await
        .unwrap_err();
    assert_kind(&error, TransportErrorKind::TooLarge);

    let chunked = Server::new(|mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        let chunk = [b"10000\r\n".as_slice(), &[b'x'; 65536], b"\r\n"].concat();
        for _ in 0..100_000_000 / 65536 {
            if stream.write_all(&chunk).is_err() {
                return;
            }
        }
    });
    let error = post(&transport(), &chunked.uri(), "{}").await.unwrap_err();
    assert_kind(&error, TransportErrorKind::TooLarge);
}

/// Nothing is allocated on the word of a `Content-Length`.
#[tokio::test]
async fn an_announced_length_is_not_believed() {
    let transport = builder().max_response_bytes(usize::MAX).build().unwrap();
    for (length, kind) in [
        ("999999999999999999", TransportErrorKind::Io),
        ("18446744073709551614", TransportErrorKind::TooLarge),
        ("99999999999999999999", TransportErrorKind::Io),
    ] {
        let server = Server::sending(format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\nx"
        ));
        let error = post(&transport, &server.uri(), "{}").await.unwrap_err();
        assert_kind(&error, kind);
    }
}

#[tokio::test]
async fn responses_that_never_come() {
    let transport = builder()
        .read_timeout(Duration::from_millis(60))
        .build()
        .unwrap();
    for bytes in [
        "",
        "HTTP/1.1 200 OK\r\nx-",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n123",
    ] {
        let server = Server::new(move |mut stream| {
            read_request(&mut stream);
            let _ = stream.write_all(bytes.as_bytes());
            read_request(&mut stream); // Until the client closes.
        });
        let start = Instant::now();
        let error = post(&transport, &server.uri(), "{}").await.unwrap_err();
        assert_kind(&error, TransportErrorKind::ReadTimeout);
        assert!(start.elapsed() < Duration::from_millis(400));
    }
}

/// The read timeout bounds the wait for each part of a body, not for all of it.
#[tokio::test]
async fn a_dripping_body() {
    let dripping = |pause| {
        Server::new(move |mut stream| {
            read_request(&mut stream);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n");
            for _ in 0..5 {
                thread::sleep(Duration::from_millis(pause));
                let _ = stream.write_all(b"x");
            }
        })
    };
    let transport = builder()
        .read_timeout(Duration::from_millis(100))
        .build()
        .unwrap();
    let server = dripping(30);
    assert_eq!(
        post(&transport, &server.uri(), "{}").await.unwrap().body(),
        "xxxxx"
    );
    let server = dripping(200);
    let error = post(&transport, &server.uri(), "{}").await.unwrap_err();
    assert_kind(&error, TransportErrorKind::ReadTimeout);
}

/// The server answers without having read a long request, and keeps the connection open: the
/// answer counts, and the connection is not used again.
#[tokio::test]
async fn an_answer_before_the_request_was_read() {
    let server = Server::new(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 413 Too Long\r\ncontent-length: 0\r\n\r\n");
        thread::sleep(Duration::from_millis(300));
    });
    let transport = transport();
    for expected in 1..=2 {
        match post(&transport, &server.uri(), vec![b'x'; 20_000_000]).await {
            Ok(response) => assert_eq!(response.status(), 413),
            Err(error) => assert_kind(&error, TransportErrorKind::Io),
        }
        assert_eq!(server.connections(), expected);
    }
}
