//! What happens to an idle connection while its owner does not await: the runtime's driver does not
//! run then, and only the operating system knows what arrived.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use tinsmith_client::transport::{HyperTransport, HyperTransportBuilder};
use tinsmith_testing::server::{Server, ok, read_request};
use tokio::runtime::{Builder, Runtime};

use crate::transport::{builder, post};

/// The response of HAProxy to a client that sends no request for a while.
const TIMED_OUT: &[u8] =
    b"HTTP/1.1 408 Request Time-out\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// A server that responds to each request, and then does to the connection what `meddle` does. A
/// message tells when that is done.
fn meddling<S: Read + Write>(
    open: impl Fn(TcpStream) -> S + Send + Sync + 'static,
    meddle: impl Fn(S) -> Option<S> + Send + Sync + 'static,
) -> (Server, Receiver<()>) {
    let (report, meddled) = mpsc::channel();
    let server = Server::new(move |stream| {
        let mut stream = open(stream);
        while read_request(&mut stream).is_some() {
            stream.write_all(&ok("x")).unwrap();
            stream.flush().unwrap();
            let left = meddle(stream);
            let _ = report.send(());
            match left {
                Some(left) => stream = left,
                None => return,
            }
        }
    });
    (server, meddled)
}

/// A server over plain TCP, where `meddle` does something to each connection.
fn plain(meddle: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> (Server, Receiver<()>) {
    meddling(
        |stream| stream,
        move |mut stream| {
            meddle(&mut stream);
            Some(stream)
        },
    )
}

/// Sends two requests, and blocks the thread in between until the server has meddled.
async fn call_twice(transport: HyperTransport, uri: String, meddled: Receiver<()>) {
    for _ in 0..2 {
        let response = post(&transport, &uri, "{}").await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.body()[..]),
            (200, &b"x"[..])
        );
        meddled.recv_timeout(Duration::from_secs(5)).unwrap();
    }
}

fn runtimes() -> [Runtime; 2] {
    [Builder::new_current_thread(), Builder::new_multi_thread()]
        .map(|mut builder| builder.worker_threads(1).enable_all().build().unwrap())
}

/// Calls twice on each kind of runtime, in a task and outside of one.
fn check(
    builder: HyperTransportBuilder,
    uri: impl Fn(&Server) -> String,
    server: impl Fn() -> (Server, Receiver<()>),
    connections: usize,
) {
    for runtime in runtimes() {
        for in_task in [false, true] {
            let (server, meddled) = server();
            let transport = builder.clone().build().unwrap();
            let calls = call_twice(transport, uri(&server), meddled);
            if in_task {
                runtime.block_on(runtime.spawn(calls)).unwrap();
            } else {
                runtime.block_on(calls);
            }
            assert_eq!(server.connections(), connections);
        }
    }
}

fn check_plain(server: impl Fn() -> (Server, Receiver<()>), connections: usize) {
    check(builder(), Server::uri, server, connections);
}

#[test]
fn reuses_connection_on_which_nothing_happened() {
    check_plain(|| plain(|_| ()), 1);
}

#[test]
fn replaces_connection_that_the_server_closed() {
    check_plain(
        || plain(|stream| stream.shutdown(Shutdown::Write).unwrap()),
        2,
    );
}

#[test]
fn replaces_connection_that_the_server_reset() {
    let reset = |stream: TcpStream| {
        let socket = socket2::SockRef::from(&stream);
        socket.set_linger(Some(Duration::ZERO)).unwrap();
        None
    };
    check_plain(|| meddling(|stream| stream, reset), 2);
}

#[test]
fn replaces_connection_with_unsolicited_bytes() {
    for bytes in [TIMED_OUT, &ok("evil"), b"\r\n", b"?"] {
        let bytes = bytes.to_vec();
        let send = move || {
            let bytes = bytes.clone();
            plain(move |stream| stream.write_all(&bytes).unwrap())
        };
        check_plain(send, 2);
    }
}

/// Each thread has a server of its own, which spoils each connection, and all share a transport.
#[test]
fn replaces_connections_under_load() {
    let transport = builder().build().unwrap();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let (server, meddled) = plain(|stream| stream.write_all(TIMED_OUT).unwrap());
                let [runtime, _] = runtimes();
                runtime.block_on(async {
                    for _ in 0..200 {
                        let response = post(&transport, &server.uri(), "{}").await.unwrap();
                        assert_eq!(response.status(), 200);
                        meddled.recv_timeout(Duration::from_secs(5)).unwrap();
                    }
                });
                assert_eq!(server.connections(), 200);
            });
        }
    });
}

#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod tls {
    use rustls::{ServerConnection, StreamOwned};

    use super::*;
    use crate::transport::tls::Authority;

    type Tls = StreamOwned<ServerConnection, TcpStream>;

    /// Has a server meddle with its TLS connections.
    fn check_tls(meddle: fn(&mut Tls), connections: usize) {
        let authority = Authority::new();
        let bundle = authority.bundle();
        let config = authority.server("localhost");
        let server = || {
            let config = config.clone();
            meddling(
                move |stream| {
                    StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream)
                },
                move |mut stream| {
                    meddle(&mut stream);
                    stream.flush().unwrap();
                    Some(stream)
                },
            )
        };
        let uri = |server: &Server| format!("https://localhost:{}/", server.address.port());
        check(builder().ca_bundle(bundle.path()), uri, server, connections);
    }

    /// New keys, as a session ticket, are between the TLS libraries.
    #[test]
    fn reuses_connection_with_new_keys() {
        check_tls(|tls| tls.conn.refresh_traffic_keys().unwrap(), 1);
    }

    #[test]
    fn replaces_connection_that_the_server_closed() {
        check_tls(|tls| tls.conn.send_close_notify(), 2);
        check_tls(|tls| tls.sock.shutdown(Shutdown::Write).unwrap(), 2);
    }

    #[test]
    fn replaces_connection_with_unsolicited_bytes() {
        check_tls(|tls| tls.write_all(TIMED_OUT).unwrap(), 2);
    }
}
