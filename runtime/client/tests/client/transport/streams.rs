//! Streams of events over sockets.

mod broken;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use tinsmith_client::Client;
use tinsmith_client::error::Error;
use tinsmith_client::event_stream::{EventStream, HeaderValue, encode};
use tinsmith_testing::server::{Server, ok, read_request};

use crate::transport::watch::{Tick, Watch, WatchError, WatchOutput, builder};

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nx-amzn-requestid: r-1\r\n\
    content-type: application/vnd.amazon.eventstream\r\ntransfer-encoding: chunked\r\n\r\n";
const END: &[u8] = b"0\r\n\r\n";

fn message(headers: &[(&str, &str)], payload: &str) -> Vec<u8> {
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, text)| (*name, HeaderValue::String(text)))
        .collect();
    encode(&headers, payload.as_bytes()).unwrap().to_vec()
}

fn event(name: &str, payload: &str) -> Vec<u8> {
    message(
        &[(":message-type", "event"), (":event-type", name)],
        payload,
    )
}

fn tick(number: i64) -> Vec<u8> {
    event("tick", &number.to_string())
}

fn session() -> Vec<u8> {
    event("initial-response", r#"{"session":"s-1"}"#)
}

/// Sends one chunk of a body.
fn chunk(stream: &mut TcpStream, data: &[u8]) -> bool {
    let framed = [format!("{:x}\r\n", data.len()).as_bytes(), data, b"\r\n"].concat();
    stream.write_all(&framed).is_ok()
}

/// A server that answers each request with a chunked body of these parts and closes.
fn chunked(parts: Vec<Vec<u8>>) -> Server {
    Server::new(move |mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(HEAD);
        for part in &parts {
            chunk(&mut stream, part);
        }
        let _ = stream.write_all(END);
    })
}

async fn client(server: &Server) -> Client {
    builder(&server.uri()).build().await.unwrap()
}

async fn watch(server: &Server) -> WatchOutput {
    client(server)
        .await
        .send(Watch::<true>)
        .await
        .unwrap()
        .output
}

/// The events up to the end or the first error.
async fn all(stream: &mut EventStream<Tick>) -> (Vec<Tick>, Option<Error<WatchError>>) {
    let mut ticks = Vec::new();
    while let Some(tick) = stream.next().await {
        match tick {
            Ok(tick) => ticks.push(tick),
            Err(error) => {
                assert!(stream.next().await.is_none(), "it goes on after an error");
                return (ticks, Some(error));
            }
        }
    }
    assert!(stream.next().await.is_none(), "it goes on after its end");
    (ticks, None)
}

fn numbers(end: i64) -> Vec<Tick> {
    (0..end).map(Tick::Number).collect()
}

#[tokio::test]
async fn events_arrive_in_order_wherever_they_are_cut() {
    let mut body = session();
    (0..20).for_each(|number| body.extend(tick(number)));
    for length in [1, 2, 3, 7, 11, 12, 13, 100, body.len()] {
        let server = chunked(body.chunks(length).map(<[u8]>::to_vec).collect());
        let response = client(&server).await.send(Watch::<true>).await.unwrap();
        assert_eq!(response.request_id.as_deref(), Some("r-1"));
        assert_eq!(response.attempts, 1);
        let mut output = response.output;
        assert_eq!(output.session.as_deref(), Some("s-1"));
        let (ticks, error) = all(&mut output.ticks).await;
        assert_eq!(ticks, numbers(20), "{length}");
        assert!(error.is_none(), "{error:?}");
        assert_eq!(server.connections(), 1);
    }
}

/// An event is there as soon as its last byte is, while the body goes on.
#[tokio::test]
async fn events_are_not_held_back() {
    let (go, wait) = mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let server = Server::new(move |mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(HEAD);
        chunk(&mut stream, &session());
        for number in 0..3 {
            wait.lock().unwrap().recv().unwrap();
            chunk(&mut stream, &tick(number));
        }
        let _ = stream.write_all(END);
    });
    let mut output = watch(&server).await;
    for number in 0..3 {
        go.send(()).unwrap();
        let tick = output.ticks.next().await.unwrap().unwrap();
        assert_eq!(tick, Tick::Number(number));
    }
    assert!(output.ticks.next().await.is_none());
}

#[tokio::test]
async fn an_initial_response_may_be_missing_or_needless() {
    // Missing, where it is waited for: the first event stays in the stream.
    let server = chunked(vec![tick(0), tick(1)]);
    let mut output = watch(&server).await;
    assert_eq!(output.session, None);
    assert_eq!(all(&mut output.ticks).await.0, numbers(2));
    // Needless, where nobody waits for it.
    let server = chunked(vec![session(), tick(0), tick(1)]);
    let response = client(&server).await.send(Watch::<false>).await.unwrap();
    let mut output = response.output;
    assert_eq!(output.session, None);
    assert_eq!(all(&mut output.ticks).await.0, numbers(2));
    // No message at all.
    for body in [vec![], ok("")] {
        let server = match body.is_empty() {
            true => chunked(vec![]),
            false => Server::sending(body),
        };
        let (ticks, error) = all(&mut watch(&server).await.ticks).await;
        assert!(ticks.is_empty() && error.is_none(), "{error:?}");
    }
}

/// The head is enough where nothing stands beside the stream.
#[tokio::test]
async fn nobody_waits_for_an_initial_response_without_members() {
    let (go, wait) = mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let server = Server::new(move |mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(HEAD);
        wait.lock().unwrap().recv().unwrap();
        chunk(&mut stream, &tick(0));
        let _ = stream.write_all(END);
    });
    let mut output = client(&server)
        .await
        .send(Watch::<false>)
        .await
        .unwrap()
        .output;
    go.send(()).unwrap();
    assert_eq!(all(&mut output.ticks).await.0, numbers(1));
}

#[tokio::test]
async fn unknown_events_are_no_error() {
    let server = chunked(vec![session(), event("later", "\u{0}"), tick(0)]);
    let (ticks, error) = all(&mut watch(&server).await.ticks).await;
    assert_eq!(ticks, [Tick::Unknown("later".to_owned()), Tick::Number(0)]);
    assert!(error.is_none(), "{error:?}");
}

/// A server that sends a tick each time `pause` has passed.
fn dripping(pause: u64, ticks: i64) -> Server {
    Server::new(move |mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(HEAD);
        chunk(&mut stream, &session());
        for number in 0..ticks {
            thread::sleep(Duration::from_millis(pause));
            if !chunk(&mut stream, &tick(number)) {
                return;
            }
        }
        let _ = stream.write_all(END);
    })
}

/// The read timeout bounds the wait for each part, and no other limit applies to the stream.
#[tokio::test]
async fn read_timeout_bounds_each_part() {
    let limited = |server: &Server| {
        let transport = crate::transport::builder().read_timeout(Duration::from_millis(100));
        builder(&server.uri())
            .transport(transport.build().unwrap())
            .attempt_timeout(Duration::from_millis(150))
            .operation_timeout(Duration::from_millis(150))
            .build()
    };
    let server = dripping(30, 10);
    let mut output = limited(&server)
        .await
        .unwrap()
        .send(Watch::<true>)
        .await
        .unwrap()
        .output;
    let (ticks, error) = all(&mut output.ticks).await;
    assert!(ticks == numbers(10) && error.is_none(), "{error:?}");

    let server = dripping(300, 1);
    let mut output = limited(&server)
        .await
        .unwrap()
        .send(Watch::<true>)
        .await
        .unwrap()
        .output;
    let begun = Instant::now();
    let (ticks, error) = all(&mut output.ticks).await;
    assert!(ticks.is_empty() && begun.elapsed() < Duration::from_millis(280));
    let error = error.unwrap();
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
    assert!(
        error.to_string().starts_with("Watch: read timeout reached"),
        "{error}"
    );
}

/// The initial response belongs to the attempt: its timeout applies, and another attempt follows.
#[tokio::test]
async fn an_initial_response_that_never_comes() {
    let requests = Arc::new(AtomicUsize::new(0));
    let count = requests.clone();
    let server = Server::new(move |mut stream| {
        read_request(&mut stream);
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        let _ = stream.write_all(HEAD);
        if first {
            read_request(&mut stream); // Until the client closes.
            return;
        }
        chunk(&mut stream, &session());
        let _ = stream.write_all(END);
    });
    let client = builder(&server.uri())
        .attempt_timeout(Duration::from_millis(100))
        .build()
        .await
        .unwrap();
    let response = client.send(Watch::<true>).await.unwrap();
    assert_eq!(response.attempts, 2);
    assert_eq!(response.output.session.as_deref(), Some("s-1"));
    assert_eq!(requests.load(Ordering::SeqCst), 2);
}

/// Waits with `select!` and timeouts lose nothing.
#[tokio::test]
async fn dropping_the_future_of_an_event_loses_none() {
    let mut body = session();
    (0..5).for_each(|number| body.extend(tick(number)));
    let server = Server::new(move |mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(HEAD);
        for part in body.chunks(29) {
            thread::sleep(Duration::from_millis(5));
            chunk(&mut stream, part);
        }
        let _ = stream.write_all(END);
    });
    let mut output = watch(&server).await;
    let mut ticks = Vec::new();
    let mut dropped = 0;
    loop {
        match tokio::time::timeout(Duration::from_millis(1), output.ticks.next()).await {
            Ok(Some(tick)) => ticks.push(tick.unwrap()),
            Ok(None) => break,
            Err(_) => dropped += 1,
        }
    }
    assert_eq!(ticks, numbers(5));
    assert!(dropped > 5, "{dropped}");
}

#[tokio::test]
async fn dropping_the_stream_closes_the_connection() {
    let (closed, is_closed) = mpsc::channel();
    let server = Server::new(move |mut stream| {
        read_request(&mut stream).unwrap();
        let _ = stream.write_all(HEAD);
        chunk(&mut stream, &session());
        chunk(&mut stream, &tick(0));
        closed.send(stream.read(&mut [0; 1]).unwrap()).unwrap();
    });
    let client = client(&server).await;
    let mut output = client.send(Watch::<true>).await.unwrap().output;
    assert_eq!(output.ticks.next().await.unwrap().unwrap(), Tick::Number(0));
    drop(output);
    let read = tokio::task::spawn_blocking(move || is_closed.recv_timeout(Duration::from_secs(2)));
    assert_eq!(read.await.unwrap(), Ok(0));
    // The next request does not meet what is left of it.
    let _ = client.send(Watch::<true>).await.unwrap();
    assert_eq!(server.connections(), 2);
}

/// The limit on bodies is one on what is kept, and a stream is not.
#[tokio::test]
async fn a_stream_may_be_longer_than_a_body() {
    let text = "x".repeat(1000);
    let event = event("later", &text);
    let parts = std::iter::once(session()).chain((0..100).map(|_| event.clone()));
    let server = chunked(parts.collect());
    let transport = crate::transport::builder()
        .max_response_bytes(5000)
        .build()
        .unwrap();
    let client = builder(&server.uri())
        .transport(transport)
        .build()
        .await
        .unwrap();
    let mut output = client.send(Watch::<true>).await.unwrap().output;
    let (ticks, error) = all(&mut output.ticks).await;
    assert!(ticks.len() == 100 && error.is_none(), "{error:?}");
}
