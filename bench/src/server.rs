//! An HTTP server on loopback that gives every request the same answer. It runs in threads of its
//! own, so that a client's thread counts none of its work, and does as little as it can.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

use crate::Result;

/// The server. It ends with the process.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    last: Arc<Mutex<Vec<u8>>>,
}

impl Server {
    /// Starts it.
    pub fn start(answer: &http::Response<Bytes>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let answer = Bytes::from(written(answer));
        let last = Arc::new(Mutex::default());
        let seen = Arc::clone(&last);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(std::result::Result::ok) {
                let (answer, seen) = (answer.clone(), Arc::clone(&seen));
                // A connection that breaks off is the client's to report.
                std::thread::spawn(move || serve(stream, &answer, &seen));
            }
        });
        Ok(Self { address, last })
    }

    /// The endpoint URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The bytes of the last request, head and body.
    pub fn last_request(&self) -> Vec<u8> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.clone()
    }
}

/// The answer as it goes over the wire.
fn written(answer: &http::Response<Bytes>) -> Vec<u8> {
    let mut bytes = b"HTTP/1.1 200 OK\r\n".to_vec();
    for (name, value) in answer.headers() {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(answer.body());
    bytes
}

fn serve(mut stream: TcpStream, answer: &[u8], seen: &Mutex<Vec<u8>>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut request = Vec::new();
    let mut chunk = [0; 8192];
    loop {
        let count = stream.read(&mut chunk)?;
        let Some(read) = chunk.get(..count).filter(|read| !read.is_empty()) else {
            return Ok(());
        };
        request.extend_from_slice(read);
        if length(&request).is_some_and(|length| request.len() >= length) {
            stream.write_all(answer)?;
            let mut last = seen.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::swap(&mut *last, &mut request);
            request.clear();
        }
    }
}

/// The length of the request that `bytes` begin with, once its head is complete.
fn length(bytes: &[u8]) -> Option<usize> {
    let (head, body) = split(bytes)?;
    let lengths = head.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    });
    Some(bytes.len() - body.len() + lengths.last().unwrap_or(0))
}

/// The head and what follows it.
pub fn split(request: &[u8]) -> Option<(&str, &[u8])> {
    let end = request.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let (head, body) = request.split_at(end + 4);
    Some((std::str::from_utf8(head).ok()?, body))
}
