//! Servers on loopback that misbehave, and what the caller sees of it. Time is real here, and
//! short.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tinsmith_client::Builder;
use tinsmith_client::credentials::Credentials;
use tinsmith_client::environment::Environment;
use tinsmith_client::transport::TransportErrorKind;
use tinsmith_kms::{Client, EncryptError, Error};

use super::{Encrypted, error, request};
use tinsmith_testing::chain;
use tinsmith_testing::server::{Server, ok, peek_request, read_request};

const MILLI: Duration = Duration::from_millis(1);

/// A client of the server at `uri`, over hyper and with the machine's clock.
fn to(uri: &str) -> Builder<Client> {
    Client::builder()
        .environment(Environment::empty())
        .region("eu-central-1".to_owned())
        .credentials(Credentials::new("AKID", "secret-key", "test"))
        .endpoint_url(uri.to_owned())
        .connect_timeout(1000 * MILLI)
        .read_timeout(1000 * MILLI)
}

/// Calls once, without retries.
async fn once(uri: &str) -> Encrypted {
    let client = to(uri).no_retries().build().await.unwrap();
    client.send(request()).await
}

#[track_caller]
fn kind<E: std::error::Error + 'static>(error: &Error<E>) -> TransportErrorKind {
    match error {
        Error::Connection(failed) => failed.cause().kind(),
        _ => panic!("no error of the connection: {}", chain(error)),
    }
}

/// A server that keeps what it is sent and then does what `then` says.
fn recording(
    then: impl Fn(&mut TcpStream, usize) -> bool + Send + Sync + 'static,
) -> (Server, Arc<Mutex<Vec<String>>>) {
    let requests: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = requests.clone();
    let server = Server::new(move |mut stream| {
        while let Some(request) = read_request(&mut stream) {
            let number = {
                let mut kept = kept.lock().unwrap();
                kept.push(request);
                kept.len()
            };
            if !then(&mut stream, number) {
                return;
            }
        }
    });
    (server, requests)
}

fn sent_header(request: &str, name: &str) -> String {
    let lines = request.lines();
    let mut values = lines.filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    values.next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn calls_over_a_socket() {
    let (server, requests) =
        recording(|stream, _| stream.write_all(&ok(r#"{"KeyId":"k"}"#)).is_ok());
    let client = to(&server.uri()).build().await.unwrap();
    for _ in 0..3 {
        let response = client.send(request()).await.unwrap();
        assert_eq!(response.output.key_id.as_deref(), Some("k"));
    }
    // One connection does for all of them.
    assert_eq!(server.connections(), 1);
    let requests = requests.lock().unwrap();
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST / HTTP/1.1\r\n"), "{head}");
    assert_eq!(sent_header(head, "host"), server.address.to_string());
    assert_eq!(body, r#"{"KeyId":"alias/app","Plaintext":"cGxhaW50ZXh0"}"#);
}

#[tokio::test]
async fn a_refused_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let uri = format!("http://{address}/");
    let client = to(&uri).build().await.unwrap();
    let error = error(client.encrypt(request()).await);
    assert_eq!(kind(&error), TransportErrorKind::Connect);
    let shown = chain(&error);
    let line = format!("Encrypt: could not connect: connection to {address} failed: ");
    assert!(shown.starts_with(&line), "{shown}");
    assert!(shown.contains("refused"), "{shown}");
    assert!(shown.ends_with(" (3 attempts)"), "{shown}");
}

/// Reset before, within and after the head, and a body that ends too early: the connection
/// failed, and each time one request was sent.
#[tokio::test]
async fn connections_that_break() {
    let full = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n";
    let part = format!("{full}{{\"KeyId");
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n";
    for bytes in [
        "",
        "HTTP/1.1 20",
        "HTTP/1.1 200 OK\r\ncont",
        full,
        &part,
        chunked,
    ] {
        for reset in [true, false] {
            let bytes = bytes.to_owned();
            let server = Server::new(move |mut stream| {
                // What is not read before the end makes it a reset.
                if reset {
                    peek_request(&stream);
                } else {
                    read_request(&mut stream);
                }
                let _ = stream.write_all(bytes.as_bytes());
            });
            let error = error(once(&server.uri()).await);
            assert_eq!(kind(&error), TransportErrorKind::Io, "{}", chain(&error));
            let shown = error.to_string();
            assert!(
                shown.starts_with("Encrypt: the connection failed: "),
                "{shown}"
            );
            assert!(
                shown.ends_with(&format!(" (host {}, 1 attempt)", server.address)),
                "{shown}"
            );
            assert!(std::error::Error::source(&error).is_none());
            assert_eq!(server.connections(), 1);
        }
    }
}

#[tokio::test]
async fn what_is_not_http() {
    for bytes in [
        &b"SSH-2.0-OpenSSH_9.6\r\n"[..],
        b"\x15\x03\x01\x00\x02\x02\x50",
        b"<html>hello</html>",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}",
    ] {
        let server = Server::sending(bytes);
        let error = error(once(&server.uri()).await);
        assert_eq!(kind(&error), TransportErrorKind::Io, "{}", chain(&error));
    }
}

#[tokio::test]
async fn answers_that_are_not_the_services() {
    let page = "<html>Sign in to the hotel's network</html>";
    let html = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n{page}",
        page.len()
    );
    let server = Server::sending(html);
    let error = error(once(&server.uri()).await);
    assert_eq!(
        chain(&error),
        "Encrypt: malformed response: expected an object at byte 0 (HTTP 200, 1 attempt)"
    );

    let server = Server::sending("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let response = once(&server.uri()).await.unwrap();
    assert_eq!(response.output.key_id, None);
}

/// 100 MB are refused, at once when they are announced, and not asked for again.
#[tokio::test]
async fn a_huge_body() {
    let announced = Server::sending("HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n{");
    let chunked = Server::new(|mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 500 Oh\r\ntransfer-encoding: chunked\r\n\r\n");
        let chunk = [b"100000\r\n".as_slice(), &[b'x'; 0x10_0000], b"\r\n"].concat();
        for _ in 0..96 {
            if stream.write_all(&chunk).is_err() {
                return;
            }
        }
    });
    for server in [announced, chunked] {
        let client = to(&server.uri()).build().await.unwrap();
        let error = error(client.encrypt(request()).await);
        assert_eq!(kind(&error), TransportErrorKind::TooLarge);
        assert_eq!(
            error.to_string(),
            format!(
                "Encrypt: the response is too large: it is longer than 67108864 bytes \
                 (host {}, 1 attempt)",
                server.address
            )
        );
        assert_eq!(server.connections(), 1);
    }
}

/// A server that takes the request and never answers, and one that drips a byte a second.
#[tokio::test]
async fn servers_without_end() {
    let silent = || {
        Server::new(|mut stream| {
            read_request(&mut stream);
            read_request(&mut stream);
        })
    };
    let dripping = || {
        Server::new(|mut stream| {
            read_request(&mut stream);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n");
            while stream.write_all(b" ").is_ok() {
                thread::sleep(1000 * MILLI);
            }
        })
    };
    let limit = 80 * MILLI;
    for server in [silent(), dripping()] {
        let uri = server.uri();
        for (builder, expected) in [
            (
                to(&uri).read_timeout(limit),
                &*format!(
                    "read timeout reached: nothing arrived within 80ms (host {}, 1 attempt)",
                    server.address
                ),
            ),
            (
                to(&uri).attempt_timeout(limit),
                "attempt timeout of 80ms reached (1 attempt)",
            ),
            (
                to(&uri).operation_timeout(limit),
                "operation timeout of 80ms reached (1 attempt)",
            ),
        ] {
            let begun = Instant::now();
            let client = builder.no_retries().build().await.unwrap();
            let error = error(client.encrypt(request()).await);
            assert!(matches!(error, Error::Timeout(_)));
            assert_eq!(error.to_string(), format!("Encrypt: {expected}"));
            assert!(begun.elapsed() >= limit);
            assert!(begun.elapsed() < 900 * MILLI, "{:?}", begun.elapsed());
        }
    }
}

#[tokio::test]
async fn a_dropped_call_closes_its_connection() {
    let (closed, wait) = std::sync::mpsc::channel();
    let server = Server::new(move |mut stream| {
        read_request(&mut stream);
        // None when the client closes.
        let _ = closed.send(read_request(&mut stream).is_none());
    });
    let client = to(&server.uri()).build().await.unwrap();
    let call = client.encrypt(request());
    let late = tokio::time::timeout(50 * MILLI, call).await;
    assert!(late.is_err());
    // The connection's task ends when the runtime runs it.
    tokio::time::sleep(20 * MILLI).await;
    assert!(wait.recv_timeout(1000 * MILLI).unwrap());
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::answering(|_| ok("{}"));
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let location = elsewhere.uri();
        let server = Server::sending(format!(
            "HTTP/1.1 {status}\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"
        ));
        let client = to(&server.uri()).build().await.unwrap();
        let error = error(client.encrypt(request()).await);
        assert!(matches!(error.service(), Some(EncryptError::Unhandled(_))));
        assert_eq!(
            error.to_string(),
            format!(
                "Encrypt: unknown error: the response is empty (HTTP {}, 1 attempt)",
                &status[..3]
            )
        );
        assert_eq!(server.connections(), 1);
    }
    assert_eq!(elsewhere.connections(), 0);
}

/// A request that the server has read and then dropped may have been carried out. It goes out
/// again as an attempt of the retry rules, under the same invocation id, and in no other way.
#[tokio::test]
async fn what_may_have_been_done_is_retried_by_the_rules_alone() {
    let (server, requests) = recording(|_, _| false);
    let client = to(&server.uri()).build().await.unwrap();
    assert_eq!(error(client.encrypt(request()).await).attempts(), 3);
    {
        let requests = requests.lock().unwrap();
        let numbers: Vec<_> = requests
            .iter()
            .map(|request| sent_header(request, "amz-sdk-request"))
            .collect();
        assert_eq!(
            numbers,
            ["attempt=1; max=3", "attempt=2; max=3", "attempt=3; max=3"]
        );
        let id = |at: usize| sent_header(&requests[at], "amz-sdk-invocation-id");
        assert_eq!((id(1), id(2)), (id(0), id(0)));
    }

    // The same on a connection that was used before.
    let (server, requests) =
        recording(|stream, number| number == 1 && stream.write_all(&ok("{}")).is_ok());
    let client = to(&server.uri()).no_retries().build().await.unwrap();
    client.encrypt(request()).await.unwrap();
    let failed = error(client.encrypt(request()).await);
    assert_eq!(kind(&failed), TransportErrorKind::Io);
    assert_eq!(requests.lock().unwrap().len(), 2);
    assert_eq!(server.connections(), 1);
}

/// A connection that was closed while it was idle costs no attempt.
#[tokio::test]
async fn an_idle_connection_that_was_closed() {
    let (server, requests) = recording(|stream, _| {
        let _ = stream.write_all(&ok("{}"));
        false
    });
    let client = to(&server.uri()).no_retries().build().await.unwrap();
    for _ in 0..3 {
        client.encrypt(request()).await.unwrap();
        tokio::time::sleep(5 * MILLI).await;
    }
    assert_eq!(requests.lock().unwrap().len(), 3);
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn a_proxy_of_the_environment() {
    let (proxy, requests) = recording(|stream, _| stream.write_all(&ok("{}")).is_ok());
    let proxied = |name, exception| {
        let variables = [(name, proxy.uri()), ("NO_PROXY", exception)];
        to("http://kms.nowhere.invalid").environment(Environment::with_variables(variables))
    };
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let builder = proxied(variable, "other.invalid".to_owned());
        builder
            .build()
            .await
            .unwrap()
            .encrypt(request())
            .await
            .unwrap();
        let line = "POST http://kms.nowhere.invalid/ HTTP/1.1\r\n";
        assert!(requests.lock().unwrap().pop().unwrap().starts_with(line));
    }
    let builder = proxied("HTTP_PROXY", ".nowhere.invalid".to_owned());
    let client = builder.no_retries().build().await.unwrap();
    assert_eq!(
        kind(&error(client.encrypt(request()).await)),
        TransportErrorKind::Connect
    );
    assert!(requests.lock().unwrap().is_empty());
}

#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
#[tokio::test]
async fn tls_to_a_server_that_speaks_none() {
    let server = Server::new(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let error = error(once(&format!("https://{}", server.address)).await);
    let expected = [TransportErrorKind::Connect, TransportErrorKind::Unsupported];
    // The latter on a machine without any trusted certificate.
    assert!(expected.contains(&kind(&error)), "{}", chain(&error));
}
