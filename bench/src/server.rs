//! An HTTP server on loopback that returns the same response to every request. It is a separate
//! process, so that none of its work counts, and does as little as it can.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

use crate::Result;
use crate::answers::Operation;

/// The server's process, which is killed when this is dropped.
pub struct Server {
    process: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts this program again as a server that returns the response of `operation`.
    pub fn start(operation: Operation) -> Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["serve", operation.name()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let address = line.trim().parse()?;
        Ok(Self { process, address })
    }

    /// The endpoint URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The bytes of the last POST, head and body.
    pub fn last_request(&self) -> Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.write_all(b"GET / HTTP/1.1\r\n\r\n")?;
        let mut request = Vec::new();
        stream.read_to_end(&mut request)?;
        Ok(request)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Listens, prints the address, and serves until the process is killed.
pub fn serve(answer: &http::Response<Bytes>) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    let answer = Bytes::from(written(answer));
    let last = Arc::new(Mutex::default());
    for stream in listener.incoming() {
        let (stream, answer, last) = (stream?, answer.clone(), Arc::clone(&last));
        // A connection that breaks off is the client's to report.
        std::thread::spawn(move || answer_all(stream, &answer, &last));
    }
    Ok(())
}

/// The response on the wire.
fn written(answer: &http::Response<Bytes>) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {}\r\n", answer.status()).into_bytes();
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

/// Handles the requests of a connection. A GET returns the bytes of the last POST.
fn answer_all(mut stream: TcpStream, answer: &[u8], last: &Mutex<Vec<u8>>) -> io::Result<()> {
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
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            if request.starts_with(b"GET") {
                return stream.write_all(&last);
            }
            stream.write_all(answer)?;
            std::mem::swap(&mut *last, &mut request);
            request.clear();
        }
    }
}

/// The length of the request that `bytes` begin with, once its head is complete.
fn length(bytes: &[u8]) -> Option<usize> {
    let (head, body) = split(bytes)?;
    let mut lengths = head.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    });
    Some(bytes.len() - body.len() + lengths.next().unwrap_or(0))
}

/// The head and what follows it.
pub fn split(request: &[u8]) -> Option<(&str, &[u8])> {
    let end = request.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let (head, body) = request.split_at(end + 4);
    Some((std::str::from_utf8(head).ok()?, body))
}
