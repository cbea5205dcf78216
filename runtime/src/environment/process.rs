//! Running a program without an async runtime: a thread reads its output and wakes the future.

use std::fmt;
use std::future::Future;
use std::io::{self, Read as _};
use std::pin::Pin;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::sensitive::Sensitive;

/// More output than any set of credentials, in bytes.
const MAX_OUTPUT: usize = 64 << 10;

/// What a program left behind.
pub struct ProcessOutput {
    /// How it ended.
    pub status: ExitStatus,
    /// Its standard output, wiped when dropped.
    pub stdout: Sensitive<Vec<u8>>,
}

impl fmt::Debug for ProcessOutput {
    /// The output may be secret; only its length is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcessOutput")
            .field("status", &self.status)
            .field("stdout_len", &self.stdout.len())
            .finish()
    }
}

/// A started program as a future of its output. Dropping it kills the program.
pub(super) struct Running {
    child: Option<Arc<Mutex<Child>>>,
    slot: Arc<Mutex<Slot>>,
}

#[derive(Default)]
struct Slot {
    result: Option<io::Result<ProcessOutput>>,
    waker: Option<Waker>,
}

impl Running {
    pub(super) fn start(command: &str) -> Self {
        let slot = Arc::new(Mutex::new(Slot::default()));
        let child = match Self::spawn(command, Arc::clone(&slot)) {
            Ok(child) => Some(child),
            Err(error) => {
                lock(&slot).result = Some(Err(error));
                None
            }
        };
        Self { child, slot }
    }

    fn spawn(command: &str, slot: Arc<Mutex<Slot>>) -> io::Result<Arc<Mutex<Child>>> {
        let mut child = shell(command).stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take();
        let child = Arc::new(Mutex::new(child));
        let shared = Arc::clone(&child);
        std::thread::Builder::new()
            .name("credential-process".into())
            .spawn(move || {
                let result = collect(&shared, stdout);
                let mut slot = lock(&slot);
                slot.result = Some(result);
                if let Some(waker) = slot.waker.take() {
                    waker.wake();
                }
            })?;
        Ok(child)
    }
}

impl Future for Running {
    type Output = io::Result<ProcessOutput>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut slot = lock(&self.slot);
        match slot.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                slot.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The lock is held only while the thread waits for a program that has closed its
        // output; such a program is about to end by itself.
        if let Some(Ok(mut child)) = self.child.as_ref().map(|child| child.try_lock()) {
            // Fails only for a program that has ended, which is as good.
            let _ = child.kill();
        }
    }
}

fn collect(
    child: &Mutex<Child>,
    stdout: Option<std::process::ChildStdout>,
) -> io::Result<ProcessOutput> {
    // One allocation for all: a buffer that grows leaves unwiped copies behind.
    let mut output = Sensitive::new(Vec::with_capacity(MAX_OUTPUT + 1));
    let read = match stdout {
        Some(stdout) => stdout.take(MAX_OUTPUT as u64 + 1).read_to_end(&mut output),
        None => Ok(0),
    };
    let mut child = lock(child);
    if read.is_err() || output.len() > MAX_OUTPUT {
        let _ = child.kill();
    }
    let status = child.wait()?;
    read?;
    if output.len() > MAX_OUTPUT {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the program printed more than 64 KiB",
        ));
    }
    Ok(ProcessOutput {
        status,
        stdout: output,
    })
}

#[cfg(not(windows))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    shell
}

#[cfg(windows)]
fn shell(command: &str) -> Command {
    use std::os::windows::process::CommandExt as _;

    let mut shell = Command::new("cmd");
    // cmd has its own rules for quotes, so the command goes to it as written.
    shell.arg("/C").raw_arg(command);
    shell
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(all(test, unix))]
mod tests {
    use std::task::Wake;
    use std::thread::Thread;
    use std::time::{Duration, Instant};

    use super::*;

    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    fn block_on<F: Future + Unpin>(mut future: F) -> F::Output {
        let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
        loop {
            match Pin::new(&mut future).poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(output) => return output,
                Poll::Pending => std::thread::park(),
            }
        }
    }

    #[test]
    fn gives_output_and_status() {
        let output = block_on(Running::start("printf hello; exit 3")).unwrap();
        assert_eq!(output.stdout.as_slice(), b"hello");
        assert_eq!(output.status.code(), Some(3));
        assert!(!format!("{output:?}").contains("hello"));
    }

    #[test]
    fn endless_output_is_cut() {
        let error = block_on(Running::start("yes")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn dropping_kills_the_program() {
        let running = Running::start("exec sleep 60");
        let child = Arc::clone(running.child.as_ref().unwrap());
        drop(running);
        let start = Instant::now();
        while lock(&child).try_wait().unwrap().is_none() {
            assert!(start.elapsed() < Duration::from_secs(10), "still running");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
