//! Servers on loopback that do what a test says.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// A server on a free port of loopback. It accepts until it is dropped.
pub struct Server {
    /// The address that it listens on.
    pub address: SocketAddr,
    connections: Arc<AtomicUsize>,
    open: Arc<Open>,
    stopped: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl Server {
    /// Gives each connection to `serve`, on a thread of its own.
    pub fn new(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut server = Self {
            address: listener.local_addr().unwrap(),
            connections: Arc::default(),
            open: Arc::default(),
            stopped: Arc::default(),
            accepting: None,
        };
        let (connections, stopped) = (server.connections.clone(), server.stopped.clone());
        let open = server.open.clone();
        let serve = Arc::new(serve);
        server.accepting = Some(thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                connections.fetch_add(1, Ordering::SeqCst);
                let (stream, serve) = (stream.unwrap(), serve.clone());
                stream
                    .set_read_timeout(Some(Duration::from_secs(5)))
                    .unwrap();
                stream.set_nodelay(true).unwrap();
                let open = Opened::new(&open);
                thread::spawn(move || {
                    serve(stream);
                    drop(open);
                });
            }
        }));
        server
    }

    /// A server that keeps its connections and responds to each request with the bytes that
    /// `answer` makes of it, until there are none.
    pub fn answering(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::new(move |mut stream| {
            while let Some(request) = read_request(&mut stream) {
                if stream.write_all(&answer(&request)).is_err() {
                    return;
                }
            }
        })
    }

    /// A server that sends `bytes` in response to the first request of a connection and closes it.
    pub fn sending(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::new(move |mut stream| {
            read_request(&mut stream);
            let _ = stream.write_all(&bytes);
        })
    }

    /// Returns the URI of its root, over plain HTTP.
    pub fn uri(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// How many connections it has accepted.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Waits until no more than `count` connections are open. False if that takes two seconds.
    pub fn open_falls_to(&self, count: usize) -> bool {
        let open = self.open.count.lock().unwrap();
        let limit = Duration::from_secs(2);
        let waited = self
            .open
            .fell
            .wait_timeout_while(open, limit, |open| *open > count);
        !waited.unwrap().1.timed_out()
    }
}

/// How many connections are open.
#[derive(Default)]
struct Open {
    count: Mutex<usize>,
    fell: Condvar,
}

/// An open connection, which is counted.
struct Opened(Arc<Open>);

impl Opened {
    fn new(open: &Arc<Open>) -> Self {
        *open.count.lock().unwrap() += 1;
        Self(open.clone())
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        *self.0.count.lock().unwrap() -= 1;
        self.0.fell.notify_all();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

/// Reads one request with its body; None when the client closes.
pub fn read_request(stream: &mut impl Read) -> Option<String> {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    while !is_complete(&request) {
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return None,
            Ok(length) => request.extend_from_slice(&part[..length]),
        }
    }
    Some(String::from_utf8(request).unwrap())
}

/// Waits for one request and leaves it unread, so that dropping the stream resets the connection.
pub fn peek_request(stream: &TcpStream) -> bool {
    let mut request = [0; 4096];
    loop {
        match stream.peek(&mut request) {
            Ok(0) | Err(_) => return false,
            Ok(length) if is_complete(&request[..length]) => return true,
            Ok(_) => thread::sleep(Duration::from_millis(1)),
        }
    }
}

fn is_complete(request: &[u8]) -> bool {
    let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())
        .unwrap_or(0);
    request.len() >= end + 4 + length
}

/// A response with a length.
pub fn ok(body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
