//! An HTTP server that records requests and returns configured responses.

use std::collections::VecDeque;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

/// A request as it came in.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Such as `POST`.
    pub method: String,
    /// The request's target, such as `/`.
    pub path: String,
    /// Names in lower case, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Recorded {
    /// The value of a header that is there at most once; values of more are joined with `, `.
    pub fn header(&self, name: &str) -> Option<String> {
        let mut values = self.headers.iter().filter(|(n, _)| n == name);
        let first = values.next()?.1.clone();
        Some(values.fold(first, |all, (_, value)| format!("{all}, {value}")))
    }

    /// The body as JSON.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn json(&self) -> serde_json::Result<Value> {
        serde_json::from_slice(&self.body)
    }
}

/// A response of the recorder.
#[derive(Clone, Debug)]
pub struct CannedResponse {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl CannedResponse {
    /// A response with a body.
    pub fn new(status: u16, body: impl ToString) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.to_string(),
        }
    }

    /// A success.
    pub fn ok(body: &Value) -> Self {
        Self::new(200, body)
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut text = format!(
            "HTTP/1.1 {} Recorded\r\ncontent-length: {}\r\n",
            self.status,
            self.body.len()
        );
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        text.push_str(&self.body);
        text.into_bytes()
    }
}

/// The server, on a free port of loopback. It accepts until it is dropped.
pub struct Recorder {
    address: SocketAddr,
    state: Arc<State>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    recorded: Mutex<Vec<Recorded>>,
    responses: Mutex<VecDeque<CannedResponse>>,
    stopped: AtomicBool,
}

impl Recorder {
    /// Starts a server that returns `{}` by default.
    ///
    /// # Errors
    ///
    /// When there is no free port.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let state = Arc::new(State::default());
        let accepting = thread::spawn({
            let state = state.clone();
            move || accept(&listener, &state)
        });
        Ok(Self {
            address,
            state,
            accepting: Some(accepting),
        })
    }

    /// Sets the responses to the next requests, one each. The last one is repeated.
    pub fn respond(&self, responses: impl IntoIterator<Item = CannedResponse>) {
        *lock(&self.state.responses) = responses.into_iter().collect();
    }

    /// What came in since the last time, in order.
    pub fn take(&self) -> Vec<Recorded> {
        std::mem::take(&mut lock(&self.state.recorded))
    }

    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.state.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        if TcpStream::connect(self.address).is_ok() {
            let _ = self.accepting.take().map(JoinHandle::join);
        }
    }
}

fn accept(listener: &TcpListener, state: &Arc<State>) {
    for stream in listener.incoming().map_while(Result::ok) {
        if state.stopped.load(Ordering::SeqCst) {
            return;
        }
        let state = state.clone();
        // If a connection breaks, the client reports the error.
        thread::spawn(move || serve(stream, &state));
    }
}

/// Handles the requests of a connection.
fn serve(mut stream: TcpStream, state: &State) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.set_nodelay(true)?;
    let mut input = BufReader::new(stream.try_clone()?);
    while let Some(request) = read(&mut input)? {
        lock(&state.recorded).push(request);
        let canned = state.next_response();
        stream.write_all(&canned.bytes())?;
    }
    Ok(())
}

impl State {
    fn next_response(&self) -> CannedResponse {
        let mut responses = lock(&self.responses);
        let last = responses.len() <= 1;
        let canned = if last {
            responses.front().cloned()
        } else {
            responses.pop_front()
        };
        canned.unwrap_or_else(|| CannedResponse::new(200, "{}"))
    }
}

/// The next request; `None` at the end of the connection.
fn read(input: &mut BufReader<TcpStream>) -> io::Result<Option<Recorded>> {
    let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let first = line(input)?;
    if first.is_empty() {
        return Ok(None);
    }
    let mut words = first.split(' ');
    let (Some(method), Some(path), Some("HTTP/1.1"), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(wrong("no request line of HTTP/1.1"));
    };
    let mut headers = Vec::new();
    loop {
        let line = line(input)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or_else(|| wrong("no header"))?;
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let mut request = Recorded {
        method: method.to_owned(),
        path: path.to_owned(),
        headers,
        body: Vec::new(),
    };
    // Neither peer sends chunks: their bodies are signed, so their length is known.
    let length = request.header("content-length");
    let length = length.and_then(|length| length.parse().ok());
    let length: u64 = length.ok_or_else(|| wrong("no content-length"))?;
    input.take(length).read_to_end(&mut request.body)?;
    if request.body.len() as u64 != length {
        return Err(wrong("the body is cut short"));
    }
    Ok(Some(request))
}

/// A line without its end; empty at the end of the stream.
fn line(input: &mut BufReader<TcpStream>) -> io::Result<String> {
    const LONGEST: u64 = 64 * 1024;
    let mut line = String::new();
    input.take(LONGEST).read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// A failed test leaves nothing half done behind these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
