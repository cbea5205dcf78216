//! Runs a program without an async runtime: a thread waits for it and wakes the future.

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

/// The time to wait for the end of the output after the program exits. Background processes that it
/// started, such as an agent, may keep the output open.
const GRACE: Duration = Duration::from_secs(1);

/// The result of a program.
pub struct ProcessOutput {
    /// The exit status.
    pub status: ExitStatus,
    /// The standard output, which is wiped on drop.
    pub stdout: Sensitive<Vec<u8>>,
}

impl fmt::Debug for ProcessOutput {
    /// The output may be secret, so only its length is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcessOutput")
            .field("status", &self.status)
            .field("stdout_len", &self.stdout.len())
            .finish()
    }
}

/// A running program, which is a future of its output. Dropping it terminates the program and its
/// child processes.
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
    /// Whether the program is the leader of a process group that contains its child processes.
    leads_group: bool,
    /// The exit status. Once it is set, the process ID may belong to another process.
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
    /// Terminates the program and its child processes, unless it has exited. The waiting thread
    /// then reads the end of its output.
    fn end(&mut self) {
        if self.status.is_none() && !end_all(self.child.id(), self.leads_group) {
            // Fails only if the process has exited.
            let _ = self.child.kill();
        }
    }
}

/// Waits for the program to exit and takes its output. A separate thread reads the output, because
/// background processes may keep it open.
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

/// Waits for a program, which usually exits soon after its output ends. Does not hold the lock
/// while waiting, so that the program can be terminated.
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
    // cmd has its own quoting rules, so the command is passed unchanged.
    shell.arg("/C").raw_arg(command);
    shell
}

/// Starts a program in a new process group, so that its child processes can be terminated with it.
/// Not used with a terminal, because only the foreground group may read from it, and the program
/// may prompt the user.
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

/// Terminates a process and its child processes. Returns false on failure. The process must not
/// have been waited for, because its ID, which is also that of its group, could then belong to
/// another process.
#[cfg(unix)]
fn end_all(id: u32, leads_group: bool) -> bool {
    let targets = match leads_group {
        true => vec![format!("-{id}")],
        false => family(id).iter().map(u32::to_string).collect(),
    };
    // The standard library cannot send signals, so this uses the shell.
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

/// Runs a command and returns whether it succeeded.
#[cfg(any(unix, windows))]
fn silent(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Returns a process and all its descendants.
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
