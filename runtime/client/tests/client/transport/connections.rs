//! Making, keeping and losing connections, and what is written to them.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use tinsmith_client::transport::{Transport, TransportErrorKind};
use tinsmith_testing::server::{Server, ok, peek_request, read_request};
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::{sleep, timeout};

use crate::transport::{builder, post, transport};
use tinsmith_testing::chain;

#[tokio::test]
async fn a_connection_serves_many_requests() {
    let server = Server::answering(|_| ok("x"));
    let transport = transport();
    for _ in 0..20 {
        assert_eq!(
            post(&transport, &server.uri(), "{}").await.unwrap().body(),
            "x"
        );
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_serves_many_requests_on_many_threads() {
    let server = Server::answering(|_| {
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n".to_vec()
    });
    let transport = transport();
    for _ in 0..200 {
        assert_eq!(
            post(&transport, &server.uri(), "{}").await.unwrap().body(),
            "x"
        );
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn requests_at_one_time_take_connections_of_their_own_and_leave_them() {
    let server = Server::answering(|_| {
        thread::sleep(Duration::from_millis(30));
        ok("x")
    });
    let transport = Arc::new(transport());
    for _ in 0..2 {
        let calls: Vec<_> = (0..5)
            .map(|_| {
                let (transport, uri) = (transport.clone(), server.uri());
                tokio::spawn(async move { post(&transport, &uri, "{}").await.unwrap() })
            })
            .collect();
        for call in calls {
            call.await.unwrap();
        }
    }
    assert_eq!(server.connections(), 5);
}

#[tokio::test]
async fn an_idle_connection_is_dropped_after_the_idle_timeout() {
    let server = Server::answering(|_| ok("x"));
    let transport = builder()
        .idle_timeout(Duration::from_millis(40))
        .build()
        .unwrap();
    post(&transport, &server.uri(), "{}").await.unwrap();
    sleep(Duration::from_millis(80)).await;
    post(&transport, &server.uri(), "{}").await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn an_idle_connection_is_closed_without_another_call() {
    let (closed, mut end) = unbounded_channel();
    let server = Server::new(move |mut stream| {
        while read_request(&mut stream).is_some() {
            stream.write_all(&ok("x")).unwrap();
        }
        closed.send(()).unwrap();
    });
    let transport = builder()
        .idle_timeout(Duration::from_millis(400))
        .build()
        .unwrap();
    for _ in 0..2 {
        post(&transport, &server.uri(), "{}").await.unwrap();
        sleep(Duration::from_millis(20)).await;
        assert!(end.try_recv().is_err());
        let closed = timeout(Duration::from_secs(4), end.recv()).await;
        closed.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_connection_that_the_server_closed_is_replaced() {
    let server = Server::sending(ok("x"));
    let transport = transport();
    for _ in 0..3 {
        assert_eq!(
            post(&transport, &server.uri(), "{}").await.unwrap().body(),
            "x"
        );
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(server.connections(), 3);
}

/// The runtime knows of the connection's end, but nobody has looked at the connection since.
#[test]
fn a_connection_that_ended_unseen_is_replaced() {
    let (end, ended) = mpsc::channel();
    let server = Server::new(move |mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(&ok("x"));
        thread::sleep(Duration::from_millis(10));
        drop(stream);
        end.send(()).unwrap();
    });
    let transport = Arc::new(transport());
    // The runtime looks for events of sockets after each task that it runs.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .event_interval(1)
        .build()
        .unwrap();
    runtime.block_on(async {
        for _ in 0..3 {
            let (transport, uri) = (transport.clone(), server.uri());
            tokio::spawn(async {});
            // Runs after the runtime saw the end.
            let call = tokio::spawn(async move { post(&transport, &uri, "{}").await.unwrap() });
            assert_eq!(call.await.unwrap().body(), "x");
            ended.recv().unwrap(); // The server closes, and no task runs.
        }
    });
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn connection_close_is_heeded() {
    let server = Server::answering(|_| {
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1\r\n\r\nx".to_vec()
    });
    let transport = transport();
    for _ in 0..3 {
        assert_eq!(
            post(&transport, &server.uri(), "{}").await.unwrap().body(),
            "x"
        );
    }
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn a_request_that_was_read_is_never_sent_again() {
    let reads = Arc::new(AtomicUsize::new(0));
    let server = Server::new({
        let reads = reads.clone();
        move |mut stream| {
            read_request(&mut stream).unwrap();
            stream.write_all(&ok("x")).unwrap();
            // The second request of the connection is read, and then the connection is reset.
            if peek_request(&stream) {
                reads.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    let transport = transport();
    post(&transport, &server.uri(), "{}").await.unwrap();
    let error = post(&transport, &server.uri(), "{}").await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Io, "{}", chain(&error));
    sleep(Duration::from_millis(20)).await;
    assert_eq!(reads.load(Ordering::SeqCst), 1);
    assert_eq!(server.connections(), 1);
}

/// The server closes each connection right after its response, so that the next request races
/// with the end of the connection.
#[tokio::test]
async fn a_race_with_the_closing_server_duplicates_nothing() {
    let served = Arc::new(AtomicUsize::new(0));
    let server = Server::new({
        let served = served.clone();
        move |mut stream| {
            if read_request(&mut stream).is_some() {
                served.fetch_add(1, Ordering::SeqCst);
                let _ = stream.write_all(&ok("x"));
            }
        }
    });
    let transport = transport();
    let mut succeeded = 0;
    for _ in 0..300 {
        match post(&transport, &server.uri(), "{}").await {
            Ok(response) => {
                assert_eq!(response.body(), "x");
                succeeded += 1;
            }
            Err(error) => assert_eq!(error.kind(), TransportErrorKind::Io, "{}", chain(&error)),
        }
    }
    assert_eq!(served.load(Ordering::SeqCst), succeeded);
    assert!(succeeded > 100, "{succeeded}");
}

#[tokio::test]
async fn dropping_the_future_closes_the_connection() {
    let (closed, is_closed) = mpsc::channel();
    let server = Server::new(move |mut stream| {
        read_request(&mut stream).unwrap();
        closed.send(stream.read(&mut [0; 1]).unwrap()).unwrap();
    });
    let transport = builder().read_timeout(None).build().unwrap();
    let uri = server.uri();
    let call = timeout(Duration::from_millis(50), post(&transport, &uri, "{}"));
    assert!(call.await.is_err());
    let read = tokio::task::spawn_blocking(move || is_closed.recv_timeout(Duration::from_secs(2)));
    assert_eq!(read.await.unwrap(), Ok(0));
}

#[tokio::test]
async fn a_refused_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("http://{}/secret?q=secret", listener.local_addr().unwrap());
    drop(listener);
    let error = post(&transport(), &uri, "{}").await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    let text = chain(&error);
    assert!(
        text.contains("127.0.0.1:") && text.contains("refused"),
        "{text}"
    );
    assert!(!text.contains("secret"), "{text}");
}

#[tokio::test]
async fn a_name_without_address() {
    // No resolver asks the network for a label of more than 63 characters.
    let uri = format!("http://{}.invalid/", "a".repeat(64));
    let error = post(&transport(), &uri, "{}").await.unwrap_err();
    assert_eq!(
        error.kind(),
        TransportErrorKind::Connect,
        "{}",
        chain(&error)
    );
    assert!(chain(&error).contains("dns error"), "{}", chain(&error));
}

#[tokio::test]
async fn uris_that_cannot_be_requested() {
    let transport = transport();
    for uri in [
        "/path",
        "ftp://127.0.0.1/",
        "http://user:secret@127.0.0.1/",
        "localhost:80",
    ] {
        let error = post(&transport, uri, "").await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Unsupported, "{uri}");
        assert!(!chain(&error).contains("secret"), "{uri}");
    }
}

#[test]
fn outside_of_tokio_is_an_error() {
    use std::task::{Context, Poll, Waker};

    let transport = transport();
    let request = Request::post("http://127.0.0.1:1/")
        .body(Bytes::new())
        .unwrap();
    let mut call = transport.send(request);
    match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Err(error)) => assert_eq!(error.kind(), TransportErrorKind::Unsupported),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
#[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
async fn https_without_tls_names_the_features() {
    let error = post(&transport(), "https://127.0.0.1:1/", "")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Unsupported);
    assert!(
        chain(&error).contains("feature `aws-lc-rs` or `ring`"),
        "{}",
        chain(&error)
    );
    // `AWS_CA_BUNDLE` may be set for other programs.
    assert!(builder().ca_bundle("bundle.pem").build().is_ok());
}

#[tokio::test]
async fn what_is_written() {
    let server = Server::answering(ok);
    let transport = transport();
    let address = server.address;

    let response = post(&transport, &server.uri(), "{\"a\":1}").await.unwrap();
    assert_eq!(
        response.body(),
        &format!(
            "POST / HTTP/1.1\r\nx-amz-target: TrentService.Encrypt\r\nhost: {address}\r\n\
             content-length: 7\r\n\r\n{{\"a\":1}}"
        )
    );

    let empty = post(&transport, &format!("http://{address}?x=%20y"), "")
        .await
        .unwrap();
    let empty = String::from_utf8(empty.body().to_vec()).unwrap();
    assert!(empty.starts_with("POST /?x=%20y HTTP/1.1\r\n"), "{empty}");
    assert!(empty.contains("\r\ncontent-length: 0\r\n"), "{empty}");

    // A `Host` that is given, and signed, is kept.
    let request = Request::get(format!("http://{address}/a/b"))
        .version(http::Version::HTTP_2)
        .header("host", "kms.us-east-1.amazonaws.com")
        .body(Bytes::new())
        .unwrap();
    let response = transport.send(request).await.unwrap();
    assert_eq!(
        response.body(),
        "GET /a/b HTTP/1.1\r\nhost: kms.us-east-1.amazonaws.com\r\n\r\n"
    );
}
