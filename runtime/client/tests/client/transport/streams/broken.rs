//! Streams that break off, are corrupted, or report an error.

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use tinsmith_client::error::Error;
use tinsmith_client::event_stream::{HeaderValue, encode};
use tinsmith_client::transport::TransportErrorKind;
use tinsmith_testing::server::{Server, read_request};

use super::{
    END, HEAD, all, chunk, chunked, client, event, message, numbers, session, tick, watch,
};
use crate::transport::watch::{Gone, Watch, WatchError, builder};
use tinsmith_testing::chain;

#[tokio::test]
async fn errors_in_the_stream_end_it() {
    let exception = |name: &str, payload: &str| {
        message(
            &[(":message-type", "exception"), (":exception-type", name)],
            payload,
        )
    };
    let error = message(
        &[
            (":message-type", "error"),
            (":error-code", "InternalError"),
            (":error-message", "no\nmore"),
        ],
        "",
    );
    let cases = [
        (
            exception("GoneException", r#"{"message":"it is gone"}"#),
            "GoneException",
            "GoneException: it is gone",
        ),
        (
            exception("LaterException", r#"{"Message":"not modeled"}"#),
            "LaterException",
            "LaterException: not modeled",
        ),
        (
            exception("GoneException", "<html>"),
            "GoneException",
            "GoneException",
        ),
        (error, "InternalError", "InternalError: no\\nmore"),
    ];
    for (number, (last, code, line)) in cases.into_iter().enumerate() {
        let server = chunked(vec![session(), tick(0), last, tick(1)]);
        let (ticks, error) = all(&mut watch(&server).await.ticks).await;
        assert_eq!(ticks, numbers(1));
        let error = error.unwrap();
        assert_eq!(error.code(), Some(code));
        assert_eq!(
            error.to_string(),
            format!("Watch: {line} (HTTP 200, request id r-1, 1 attempt)")
        );
        let modeled = WatchError::Gone(Gone {
            message: Some("it is gone".to_owned()),
        });
        assert_eq!(error.service() == Some(&modeled), number == 0, "{error:?}");
    }
}

#[tokio::test]
async fn messages_that_cannot_be_read() {
    let mut corrupted = tick(1);
    *corrupted.last_mut().unwrap() ^= 1;
    let cut = tick(1)[..30].to_vec();
    let cases = [
        (corrupted, "the checksum of a message is wrong"),
        (
            b"garbage of some length".to_vec(),
            "the checksum of a message's lengths is wrong",
        ),
        (cut, "the stream ends within a message"),
        (
            event("tick", "hidden"),
            "expected a whole number of 64 bits at byte 0 of an event's payload",
        ),
        (
            event("tick", "1 hidden"),
            "expected the end of the text at byte 2 of an event's payload",
        ),
        (
            message(&[], "1"),
            "expected a string in the header `:message-type` of an event",
        ),
        (
            message(&[(":message-type", "hidden")], "1"),
            "expected event, exception or error in the header `:message-type` of an event",
        ),
        (
            message(&[(":message-type", "event")], "1"),
            "expected a string in the header `:event-type` of an event",
        ),
        (
            message(&[(":message-type", "exception")], "1"),
            "expected a string in the header `:exception-type` of an event",
        ),
        (
            encode(&[(":message-type", HeaderValue::Byte(1))], b"")
                .unwrap()
                .to_vec(),
            "expected a string in the header `:message-type` of an event",
        ),
    ];
    for (bad, expected) in cases {
        let server = chunked(vec![[session(), tick(0), bad].concat()]);
        let (ticks, error) = all(&mut watch(&server).await.ticks).await;
        assert_eq!(ticks, numbers(1));
        let error = error.unwrap();
        assert!(matches!(error, Error::Response(_)), "{error:?}");
        assert_eq!(
            chain(&error),
            format!("Watch: malformed response: {expected} (HTTP 200, request id r-1, 1 attempt)")
        );
        assert!(!format!("{error:?}").contains("hidden"));
    }
}

/// What is wrong before the stream has begun is an error of the call.
#[tokio::test]
async fn an_initial_response_that_cannot_be_read() {
    let mut corrupted = session();
    corrupted[20] ^= 1;
    for body in [
        corrupted,
        session()[..20].to_vec(),
        event("initial-response", r#"{"session":7}"#),
    ] {
        let server = chunked(vec![body]);
        let sent = client(&server).await.send(Watch::<true>).await;
        assert!(matches!(sent, Err(Error::Response(_))), "{sent:?}");
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn connections_that_are_cut() {
    let whole = [session(), tick(0)].concat();
    let to_the_end = |body: &[u8]| [b"HTTP/1.1 200 OK\r\n\r\n", body].concat();
    let counted = |body: &[u8]| {
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n",
            whole.len() + 40
        );
        [head.as_bytes(), body].concat()
    };
    let unfinished = |body: &[u8]| {
        let length = format!("{:x}\r\n", body.len());
        [HEAD, length.as_bytes(), body, b"\r\n"].concat()
    };
    let within = [&*whole, &tick(1)[..20]].concat();
    // Without a length, only the framing can tell that something is missing.
    let (ticks, error) = all(&mut watch(&Server::sending(to_the_end(&whole))).await.ticks).await;
    assert!(ticks == numbers(1) && error.is_none(), "{error:?}");
    let (ticks, error) = all(&mut watch(&Server::sending(to_the_end(&within))).await.ticks).await;
    assert_eq!(ticks, numbers(1));
    assert!(matches!(error, Some(Error::Response(_))), "{error:?}");
    for body in [&whole, &within] {
        for bytes in [counted(body), unfinished(body)] {
            let (ticks, error) = all(&mut watch(&Server::sending(bytes)).await.ticks).await;
            assert_eq!(ticks, numbers(1));
            let Some(Error::Connection(failed)) = &error else {
                panic!("{error:?}");
            };
            assert_eq!(failed.cause().kind(), TransportErrorKind::Io);
        }
    }
}

#[tokio::test]
async fn errors_of_the_call_are_those_of_any_call() {
    let gone = r#"{"__type":"GoneException","message":"it has been gone"}"#;
    let server = Server::answering(move |_| {
        format!(
            "HTTP/1.1 410 Gone\r\nx-amzn-requestid: r-2\r\ncontent-length: {}\r\n\r\n{gone}",
            gone.len()
        )
        .into_bytes()
    });
    let client = client(&server).await;
    for _ in 0..2 {
        let error = client.send(Watch::<true>).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "Watch: GoneException: it has been gone (HTTP 410, request id r-2, 1 attempt)"
        );
        assert!(matches!(error.service(), Some(WatchError::Gone(_))));
    }
    // It was read to its end, so that the connection was used again.
    assert_eq!(server.connections(), 1);

    let requests = AtomicUsize::new(0);
    let server = Server::new(move |mut stream| {
        while read_request(&mut stream).is_some() {
            if requests.fetch_add(1, Ordering::SeqCst) < 2 {
                let _ = stream.write_all(b"HTTP/1.1 503 No\r\ncontent-length: 2\r\n\r\n{}");
                continue;
            }
            let _ = stream.write_all(HEAD);
            chunk(&mut stream, &[session(), tick(0)].concat());
            let _ = stream.write_all(END);
        }
    });
    let response = builder(&server.uri())
        .build()
        .await
        .unwrap()
        .send(Watch::<true>)
        .await
        .unwrap();
    assert_eq!(response.attempts, 3);
    let mut output = response.output;
    assert_eq!(all(&mut output.ticks).await.0, numbers(1));
    assert_eq!(server.connections(), 1);
}
