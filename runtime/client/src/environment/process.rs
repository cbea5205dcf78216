//! Running a program without an async runtime: a thread waits for it and wakes the future.

mod output;

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use self::output::Output;
use crate::sensitive::Sensitive;

/// How long the end of the output is awaited once the program has ended. What it started in the
/// background, such as an agent, may hold the output open for as long as it runs.
const GRACE: Duration = Duration::from_secs(1);

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

/// A started program as a future of its output. Dropping it ends the program and what it started.
pub(super) struct Running {
    program: Option<Arc<Mutex<Program>>>,
    slot: Arc<Mutex<Slot>>,
}

#[derive(Default)]
struct Slot {
    result: Option<io::Result<ProcessOutput>>,
    waker: Option<Waker>,
}

struct Program {
    child: Child,
    /// Whether it leads a process group, to which what it starts belongs.
    leads_group: bool,
    /// How it ended. From then on its id may be that of another process.
    status: Option<ExitStatus>,
}

impl Running {
    pub(super) fn start(command: &str) -> Self {
        let slot = Arc::new(Mutex::new(Slot::default()));
        let program = match Self::spawn(command, Arc::clone(&slot)) {
            Ok(program) => Some(program),
            Err(error) => {
                lock(&slot).result = Some(Err(error));
                None
            }
        };
        Self { program, slot }
    }

    fn spawn(command: &str, slot: Arc<Mutex<Slot>>) -> io::Result<Arc<Mutex<Program>>> {
        let mut command = shell(command);
        let leads_group = own_group(&mut command);
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take();
        let program = Arc::new(Mutex::new(Program {
            child,
            leads_group,
            status: None,
        }));
        let shared = Arc::clone(&program);
        let spawned = std::thread::Builder::new()
            .name("credential-process".into())
            .spawn(move || {
                let result = collect(&shared, stdout);
                drop(shared);
                let mut slot = lock(&slot);
                slot.result = Some(result);
                if let Some(waker) = slot.waker.take() {
                    waker.wake();
                }
            });
        if let Err(error) = spawned {
            let mut program = lock(&program);
            program.end();
            program.status = program.child.wait().ok();
            return Err(error);
        }
        Ok(program)
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
        if let Some(program) = &self.program {
            lock(program).end();
        }
    }
}

impl Program {
    /// Ends the program and what it started, unless it has ended by itself. The thread that waits
    /// for it then sees the end of its output.
    fn end(&mut self) {
        if self.status.is_none() && !end_all(self.child.id(), self.leads_group) {
            // Fails only if there is nothing to end.
            let _ = self.child.kill();
        }
    }
}

/// Waits for the program to end, and takes its output. A thread of its own reads that: what the
/// program has left running can keep it from ending.
fn collect(program: &Mutex<Program>, stdout: Option<ChildStdout>) -> io::Result<ProcessOutput> {
    let output = Arc::new(Output::default());
    let read = Arc::clone(&output);
    let reader = std::thread::Builder::new().name("credential-output".into());
    let spawned = reader.spawn(move || stdout.map(|stdout| read.read(stdout)));
    if spawned.is_err() {
        lock(program).end();
    }
    let status = wait(program, &output)?;
    spawned?;
    let stdout = output.take(GRACE)?;
    Ok(ProcessOutput { status, stdout })
}

/// Waits for a program, which in most cases is about to end when its output has. It does not keep
/// the lock, so that a program that runs on can be ended.
fn wait(program: &Mutex<Program>, output: &Output) -> io::Result<ExitStatus> {
    let mut pause = Duration::from_millis(1);
    loop {
        {
            let mut program = lock(program);
            if output.has_failed() {
                program.end();
            }
            if let Some(status) = program.child.try_wait()? {
                program.status = Some(status);
                return Ok(status);
            }
        }
        if output.has_ended(pause) {
            std::thread::sleep(pause);
        }
        pause = (pause * 2).min(Duration::from_millis(50));
    }
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

/// Gives a program its own process group, so that all of it can be ended. Not where there is a
/// terminal: only the group in the foreground may read from it, and the program may have a question.
#[cfg(unix)]
fn own_group(command: &mut Command) -> bool {
    use std::os::unix::process::CommandExt as _;

    let has_terminal = std::fs::File::open("/dev/tty").is_ok();
    if !has_terminal {
        command.process_group(0);
    }
    !has_terminal
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) -> bool {
    false
}

/// Ends a process and what it started. It must not have been waited for: its id, which is also that
/// of its group, could belong to another process by now. Returns false if that failed.
#[cfg(unix)]
fn end_all(id: u32, leads_group: bool) -> bool {
    let targets = match leads_group {
        true => vec![format!("-{id}")],
        false => family(id).iter().map(u32::to_string).collect(),
    };
    // Safe code cannot send a signal, but the shell can.
    let mut kill = Command::new("sh");
    kill.args(["-c", r#"kill -9 "$@""#, "kill"]).args(targets);
    silent(&mut kill)
}

#[cfg(windows)]
fn end_all(id: u32, _: bool) -> bool {
    let id = id.to_string();
    silent(Command::new("taskkill").args(["/F", "/T", "/PID", &id]))
}

#[cfg(not(any(unix, windows)))]
fn end_all(_: u32, _: bool) -> bool {
    false
}

/// Runs a command to its end, and returns whether it succeeded.
#[cfg(any(unix, windows))]
fn silent(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A process with its children, their children and so on.
#[cfg(unix)]
fn family(id: u32) -> Vec<u32> {
    let mut list = Command::new("ps");
    list.args(["-A", "-o", "pid=", "-o", "ppid="])
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    let list = list.output().map(|output| output.stdout);
    let list = String::from_utf8(list.unwrap_or_default()).unwrap_or_default();
    let ids = |line: &str| {
        let mut ids = line.split_whitespace().map(|id| id.parse::<u32>().ok());
        Some((ids.next()??, ids.next()??))
    };
    let processes: Vec<_> = list.lines().filter_map(ids).collect();
    let mut family = vec![id];
    let mut next = 0;
    while let Some(&parent) = family.get(next) {
        for &(child, its_parent) in &processes {
            if its_parent == parent && !family.contains(&child) {
                family.push(child);
            }
        }
        next += 1;
    }
    family
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
    fn what_runs_on_in_the_background_does_not_delay_the_output() {
        let begun = Instant::now();
        let output = block_on(Running::start("sleep 60 & echo hello $!")).unwrap();
        let text = String::from_utf8(output.stdout.to_vec()).unwrap();
        let background = text.trim().strip_prefix("hello ").unwrap();
        assert!(begun.elapsed() < Duration::from_secs(30));
        // It was not ended, either.
        let id = background.parse().unwrap();
        assert_eq!(running(&[id]).len(), 1);
        assert!(silent(Command::new("kill").arg(background)));
    }

    /// The processes of `ids` that run; those that ended and wait to be reaped do not.
    fn running(ids: &[u32]) -> Vec<String> {
        let mut list = Command::new("ps");
        list.args(["-o", "pid=,stat=", "-p"]);
        list.arg(ids.iter().map(u32::to_string).collect::<Vec<_>>().join(","));
        let output = list.output().expect("ps is there").stdout;
        let output = String::from_utf8_lossy(&output);
        let lines = output.lines().filter(|line| !line.contains('Z'));
        lines.map(str::to_owned).collect()
    }

    fn until(what: &str, mut reached: impl FnMut() -> bool) {
        let start = Instant::now();
        while !reached() {
            assert!(start.elapsed() < Duration::from_secs(20), "{what}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn dropping_ends_the_program_and_its_children() {
        for (command, size) in [
            ("exec sleep 60", 1),
            ("sleep 60; true", 2),
            ("sleep 60 & sleep 60; true", 3),
            // Its output is at its end, and it is not.
            ("exec >&-; sleep 60; true", 2),
        ] {
            let running_program = Running::start(command);
            let program = Arc::clone(running_program.program.as_ref().unwrap());
            let id = lock(&program).child.id();
            until("not started", || family(id).len() == size);
            let ids = family(id);
            drop(running_program);
            until("still running", || running(&ids).is_empty());
            // The thread has waited for the program and is gone.
            until("not reaped", || Arc::strong_count(&program) == 1);
            assert!(lock(&program).status.is_some(), "{command}");
        }
    }

    #[test]
    fn family_without_group_can_be_ended() {
        let mut child = shell("sleep 60 & sleep 60; true").spawn().unwrap();
        until("not started", || family(child.id()).len() == 3);
        let ids = family(child.id());
        assert!(end_all(child.id(), false));
        child.wait().unwrap();
        until("still running", || running(&ids).is_empty());
    }
}
