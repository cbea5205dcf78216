//! The moto server: an AWS in memory.

use std::ffi::OsStr;
use std::io::{self, BufRead as _, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::python;

/// How long Python may take to load moto, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(120);

/// The server that tests share.
static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());

/// A running moto server. It ends when its last owner is dropped, also by a panic, and with this
/// process. What it prints is shown when a test that owns it fails.
pub struct Moto {
    server: Arc<Server>,
}

struct Server {
    process: Child,
    port: u16,
    log: Log,
    /// Fills the log until the process ends.
    collecting: Option<JoinHandle<()>>,
}

/// What the server printed.
type Log = Arc<Mutex<String>>;

impl Moto {
    /// The server that all tests of this process share, started when there is none. Tests keep
    /// apart by using a region each. `None` without Python.
    ///
    /// # Errors
    ///
    /// As [`Moto::start`].
    pub fn shared() -> io::Result<Option<Self>> {
        let Some(python) = python::find() else {
            return Ok(None);
        };
        let mut shared = lock(&SHARED);
        if let Some(server) = shared.upgrade() {
            return Ok(Some(Self { server }));
        }
        let moto = Self::start(&python)?;
        *shared = Arc::downgrade(&moto.server);
        Ok(Some(moto))
    }

    /// Starts a server of its own and waits until it listens.
    ///
    /// # Errors
    ///
    /// When Python does not start, or the server does not listen within two minutes; the text
    /// holds what it printed.
    pub fn start(python: &OsStr) -> io::Result<Self> {
        let mut process = python::script(python, "moto_server.py")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let log = Log::default();
        let (stdout, stderr) = (process.stdout.take(), process.stderr.take());
        // From here on the process ends with its owner.
        let mut server = Server {
            process,
            port: 0,
            log: log.clone(),
            collecting: stderr.map(|stderr| thread::spawn(move || collect(stderr, &log))),
        };
        let (say, said) = channel();
        thread::spawn(move || {
            let mut line = String::new();
            if let Some(stdout) = stdout {
                let _ = BufReader::new(stdout).read_line(&mut line);
            }
            let _ = say.send(line);
        });
        let line = said
            .recv_timeout(PATIENCE)
            .map_err(|error: RecvTimeoutError| server.failed(&error.to_string()))?;
        server.port = line
            .trim()
            .parse()
            .map_err(|_| server.failed("it named no port"))?;
        Ok(Self {
            server: Arc::new(server),
        })
    }

    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.server.port)
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("moto's server printed:\n{}", lock(&self.server.log));
        }
    }
}

impl Server {
    fn failed(&mut self, what: &str) -> io::Error {
        self.end();
        let _ = self.collecting.take().map(JoinHandle::join);
        io::Error::other(format!(
            "the moto server does not start: {what}; it printed:\n{}",
            lock(&self.log)
        ))
    }

    fn end(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// Keeps the first part of what `stream` gives and reads the rest, so that the writer never waits.
fn collect(stream: impl Read, log: &Log) {
    const ENOUGH: usize = 256 * 1024;
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        let mut log = lock(log);
        if log.len() < ENOUGH {
            log.push_str(&line);
            log.push('\n');
        }
    }
}

/// A failed test leaves nothing half done behind these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
