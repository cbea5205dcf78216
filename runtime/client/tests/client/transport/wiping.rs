//! Looks for secrets in all of this process's memory, through `/proc/self/mem`.

mod memory;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use tinsmith_client::sensitive::Sensitive;
use tinsmith_client::transport::{
    HyperTransport, HyperTransportBuilder, ResponseBody, SensitiveResponse, Transport,
};
use tinsmith_testing::server::{Server, read_request};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

use self::memory::{Finder, Mark};
use crate::transport::builder;

/// What a caller does with a response.
#[derive(Clone, Copy)]
enum Caller {
    Reads,
    ReadsHead,
    /// The response never ends.
    Cancels,
    /// The response cannot be read.
    Fails,
    Streams,
    StopsStreaming,
    NeverStreams,
}

impl Caller {
    async fn call(self, transport: &HyperTransport, request: Request<Bytes>, mark: Mark) {
        match self {
            Self::Reads => {
                let response = transport.send(request).await.unwrap();
                assert!(response.body().len() >= 800 && mark.fills(response.body()));
            }
            Self::ReadsHead => {
                let response = transport.send(request).await.unwrap();
                assert!(mark.fills(response.headers()["x-secret"].as_bytes()));
            }
            Self::Cancels => {
                let call = transport.send(request);
                assert!(timeout(Duration::from_millis(100), call).await.is_err());
            }
            Self::Fails => drop(transport.send(request).await.unwrap_err()),
            Self::NeverStreams => drop(transport.send_streaming(request).await.unwrap()),
            Self::Streams | Self::StopsStreaming => {
                let response = transport.send_streaming(request).await.unwrap();
                let ResponseBody::Stream(mut body) = response.into_body() else {
                    panic!("a success is a stream");
                };
                let mut length = 0;
                while let Some(part) = body.next().await {
                    let part = part.unwrap();
                    assert!(mark.fills_from(length, &part));
                    length += part.len();
                    if matches!(self, Self::StopsStreaming) {
                        break;
                    }
                }
            }
        }
    }
}

/// A server that sends a response and wipes its own copy, and how it tells that it has.
struct Secretive {
    server: Server,
    wiped: UnboundedReceiver<()>,
}

impl Secretive {
    fn new<S: Read + Write>(
        open: impl Fn(TcpStream) -> S + Send + Sync + 'static,
        response: &[u8],
        send: impl Fn(&mut S, &[u8]) + Send + Sync + 'static,
    ) -> Self {
        let turned: Vec<_> = response.iter().map(|byte| !byte).collect();
        let (report, wiped) = unbounded_channel();
        let server = Server::new(move |stream| {
            let mut stream = open(stream);
            if read_request(&mut stream).is_none() {
                return;
            }
            let mut response = Sensitive::new(Vec::with_capacity(turned.len()));
            response.extend(turned.iter().map(|byte| !byte));
            send(&mut stream, &response);
            drop(response);
            let _ = report.send(());
        });
        Self { server, wiped }
    }

    /// Makes a call whose response is secret or not, and counts what is left of it: while the
    /// transport and its connections live, and afterwards.
    async fn left(
        mut self,
        builder: HyperTransportBuilder,
        uri: String,
        caller: Caller,
        mark: Mark,
        secret: bool,
    ) -> [usize; 2] {
        let transport = builder.read_timeout(None).max_response_bytes(500_000);
        let transport = transport.build().unwrap();
        let mut request = Request::post(uri).body(Bytes::new()).unwrap();
        if secret {
            request.extensions_mut().insert(SensitiveResponse);
        }
        let mut finder = Finder::new();
        caller.call(&transport, request, mark).await;
        self.wiped.recv().await.unwrap();
        let before = finder.count(mark);
        drop(transport);
        [before, finder.count(mark)]
    }
}

/// What is left of a response of a plain server.
async fn left(
    letter: u8,
    response: impl Fn(Mark) -> Sensitive<Vec<u8>>,
    caller: Caller,
    secret: bool,
) -> [usize; 2] {
    let mark = Mark::new(letter);
    let send = move |stream: &mut TcpStream, response: &[u8]| {
        // The caller may be gone before the end.
        let _ = stream.write_all(response);
        if matches!(caller, Caller::Cancels) {
            read_request(stream);
        }
    };
    let server = Secretive::new(|stream| stream, &response(mark), send);
    let uri = server.server.uri();
    server.left(builder(), uri, caller, mark, secret).await
}

/// Checks that nothing is left of a secret response.
async fn check(letter: u8, response: impl Fn(Mark) -> Sensitive<Vec<u8>>, caller: Caller) {
    assert_eq!(left(letter, response, caller, true).await, [0, 0]);
}

#[tokio::test]
async fn finds_what_is_left_of_other_responses() {
    let one_part = |mark: Mark| mark.response("content-length: 8000", 8000);
    let many_parts = |mark: Mark| mark.chunks(50_000, 8);
    assert_ne!(left(16, one_part, Caller::Reads, false).await, [0, 0]);
    assert_ne!(left(17, many_parts, Caller::Reads, false).await, [0, 0]);
}

#[tokio::test]
async fn wipes_response_in_one_part() {
    let response = |mark: Mark| mark.response("content-length: 800", 800);
    check(1, response, Caller::Reads).await;
}

#[tokio::test]
async fn wipes_response_in_many_parts() {
    let response = |mark: Mark| mark.response("content-length: 400000", 400_000);
    check(2, response, Caller::Reads).await;
}

#[tokio::test]
async fn wipes_response_in_chunks() {
    check(3, |mark| mark.chunks(800, 3), Caller::Reads).await;
    check(4, |mark| mark.chunks(50_000, 8), Caller::Reads).await;
}

#[tokio::test]
async fn wipes_response_that_ends_the_connection() {
    let head = "connection: close\r\ncontent-length: 800";
    check(5, |mark| mark.response(head, 800), Caller::Reads).await;
    let head = "connection: close\r\ncontent-length: 400000";
    check(6, |mark| mark.response(head, 400_000), Caller::Reads).await;
}

#[tokio::test]
async fn wipes_part_of_a_canceled_response() {
    let response = |mark: Mark| mark.response("content-length: 100000", 800);
    check(7, response, Caller::Cancels).await;
    let response = |mark: Mark| mark.response("content-length: 100000", 80_000);
    check(8, response, Caller::Cancels).await;
    let response = |mark: Mark| {
        let mut response = mark.chunks(800, 30);
        let length = response.len();
        response.truncate(length - 500);
        response
    };
    check(9, response, Caller::Cancels).await;
}

#[tokio::test]
async fn wipes_response_that_breaks_off_or_is_too_long() {
    let response = |mark: Mark| mark.response("content-length: 100000", 80_000);
    check(10, response, Caller::Fails).await;
    check(11, |mark| mark.chunks(200_000, 4), Caller::Fails).await;
}

#[tokio::test]
async fn wipes_streams() {
    check(14, |mark| mark.chunks(50_000, 8), Caller::Streams).await;
    check(15, |mark| mark.chunks(800, 3), Caller::StopsStreaming).await;
    let response = |mark: Mark| mark.response("content-length: 800", 800);
    check(18, response, Caller::NeverStreams).await;
}

#[tokio::test]
async fn wipes_headers_of_a_secret_response() {
    check(0xe0, secret_head, Caller::ReadsHead).await;
}

/// A response with a secret in a header.
fn secret_head(mark: Mark) -> Sensitive<Vec<u8>> {
    let mut response = Sensitive::new(Vec::with_capacity(1000));
    response.extend_from_slice(b"HTTP/1.1 200 OK\r\nx-secret: ");
    response.extend_from_slice(&mark.repeated(100));
    response.extend_from_slice(b"\r\ncontent-length: 2\r\n\r\n{}");
    response
}

/// A client, with its credentials and the output of its call.
#[tokio::test]
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
async fn wipes_token_of_a_request_and_secret_of_its_response() {
    use tinsmith_client::credentials::Credentials;

    use crate::operation::{self, seal};

    let text = |mark: Mark, count| String::from_utf8(mark.repeated(count).to_vec()).unwrap();
    let (token, output) = (Mark::new(b'T'), Mark::new(b'O'));
    let mut response = Sensitive::new(Vec::with_capacity(2000));
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked";
    write!(*response, "{head}\r\n\r\nb\r\n{{\"Sealed\":\"\r\n320\r\n").unwrap();
    response.extend_from_slice(&output.repeated(100));
    response.extend_from_slice(b"\r\n2\r\n\"}\r\n0\r\n\r\n");
    let turned: Vec<_> = response.iter().map(|byte| !byte).collect();
    drop(response);
    let (report, mut served) = unbounded_channel();
    let server = Server::new(move |mut stream| {
        let mut request = Sensitive::new(vec![0; 64 * 1024]);
        let mut length = 0;
        while !request[..length].ends_with(b"}") {
            length += stream.read(&mut request[length..]).unwrap();
        }
        let request = &mut request[..length];
        let marks = token.count_in(request);
        let mut response = Sensitive::new(Vec::with_capacity(turned.len()));
        response.extend(turned.iter().map(|byte| !byte));
        stream.write_all(&response).unwrap();
        request.fill(0);
        drop(response);
        report.send(marks).unwrap();
        let _ = stream.read(&mut [0]);
    });
    let mut finder = Finder::new();
    let credentials = Credentials::new("AKID", "key", "test");
    let client = operation::builder(&server.uri())
        .credentials(credentials.with_session_token(text(token, 3000)))
        .transport(builder().build().unwrap())
        .build()
        .await
        .unwrap();
    let sealed = client.send(seal()).await.unwrap();
    assert!(output.fills(sealed.output.as_bytes()));
    assert_eq!(served.recv().await, Some(3000), "the token was sent");
    drop(sealed);
    assert_eq!(finder.count(output), 0);
    drop(client);
    assert_eq!(finder.count(token), 0);
}

/// Each mark is cut in two by records of TLS, so that rustls, which keeps plain text, never holds a
/// whole one.
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod tls {
    use rustls::{ServerConnection, StreamOwned};

    use super::*;
    use crate::transport::tls::Authority;

    async fn left_over_tls(
        letter: u8,
        response: impl Fn(Mark) -> Sensitive<Vec<u8>>,
        caller: Caller,
        secret: bool,
    ) -> [usize; 2] {
        let authority = Authority::new();
        let (bundle, config) = (authority.bundle(), authority.server("localhost"));
        let mark = Mark::new(letter);
        let open =
            move |stream| StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream);
        let send = move |stream: &mut StreamOwned<_, TcpStream>, response: &[u8]| {
            let start = response.iter().position(|byte| *byte == letter).unwrap();
            let (first, rest) = response.split_at(start + 4);
            for record in std::iter::once(first).chain(rest.chunks(8)) {
                stream.write_all(record).unwrap();
                stream.flush().unwrap();
            }
            if matches!(caller, Caller::Cancels) {
                read_request(stream);
            }
        };
        let server = Secretive::new(open, &response(mark), send);
        let uri = format!("https://localhost:{}/", server.server.address.port());
        let builder = builder().ca_bundle(bundle.path());
        server.left(builder, uri, caller, mark, secret).await
    }

    /// A whole mark is in no other memory than the body's.
    #[tokio::test]
    async fn wipes_body() {
        for (letter, caller) in [(0xe1, Caller::Reads), (0xe2, Caller::Streams)] {
            let response = |mark: Mark| mark.response("content-length: 8000", 8_000);
            let left = left_over_tls(letter, response, caller, true).await;
            assert_eq!(left, [0, 0]);
        }
        let response = |mark: Mark| mark.response("content-length: 9000", 8_000);
        let left = left_over_tls(0xe3, response, Caller::Cancels, true).await;
        assert_eq!(left, [0, 0]);
        let response = |mark: Mark| mark.response("content-length: 8000", 8_000);
        assert_ne!(
            left_over_tls(0xe4, response, Caller::Reads, false).await,
            [0, 0]
        );
    }

    /// hyper puts a head together in its buffer.
    #[tokio::test]
    async fn wipes_what_hyper_read() {
        let left = left_over_tls(0xe5, secret_head, Caller::ReadsHead, true).await;
        assert_eq!(left, [0, 0]);
        let left = left_over_tls(0xe6, secret_head, Caller::ReadsHead, false).await;
        assert_ne!(left, [0, 0]);
    }
}
