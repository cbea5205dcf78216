//! The environment of the process: variables, files and programs.
//!
//! Configuration and credentials access the machine only through [`Environment`], so that tests can
//! replace it.

mod file;
mod process;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

pub use process::ProcessOutput;

use crate::BoxFuture;
use crate::sensitive::Sensitive;

/// Environment variables, files and programs, either real or fake. Cheap to clone.
#[derive(Clone)]
pub struct Environment {
    world: Arc<World>,
    windows: bool,
}

enum World {
    Process,
    Fake(Fake),
}

struct Fake {
    variables: BTreeMap<String, String>,
    files: Mutex<BTreeMap<String, Sensitive<Vec<u8>>>>,
    programs: bool,
}

impl Environment {
    /// Returns the environment of this process.
    pub fn process() -> Self {
        Self {
            world: Arc::new(World::Process),
            windows: cfg!(windows),
        }
    }

    /// Creates an environment without variables, files and programs, with the path rules of Unix.
    pub fn empty() -> Self {
        Self::of_maps(BTreeMap::new(), BTreeMap::new())
    }

    /// Creates an environment with the given variables and no files or programs. It uses the path
    /// rules of Unix.
    pub fn with_variables<K, V>(variables: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<String>,
        V: Into<String>,
    {
        let variables = variables
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        Self::of_maps(variables.collect(), BTreeMap::new())
    }

    /// Creates an environment with the given variables and files (path and content) and no
    /// programs. It uses the path rules of Unix.
    pub fn fake<K, V, P, C>(
        variables: impl IntoIterator<Item = (K, V)>,
        files: impl IntoIterator<Item = (P, C)>,
    ) -> Self
    where
        K: Into<String>,
        V: Into<String>,
        P: Into<String>,
        C: Into<Vec<u8>>,
    {
        let variables = variables
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        let files = files
            .into_iter()
            .map(|(path, content)| (path.into(), Sensitive::new(content.into())));
        Self::of_maps(variables.collect(), files.collect())
    }

    fn of_maps(
        variables: BTreeMap<String, String>,
        files: BTreeMap<String, Sensitive<Vec<u8>>>,
    ) -> Self {
        Self {
            world: Arc::new(World::Fake(Fake {
                variables,
                files: Mutex::new(files),
                programs: false,
            })),
            windows: false,
        }
    }

    /// Allows a fake environment to run real programs through the shell.
    ///
    /// Has no effect on [`Environment::process`], or if the environment was already cloned.
    #[must_use]
    pub fn allow_programs(mut self) -> Self {
        if let Some(World::Fake(fake)) = Arc::get_mut(&mut self.world) {
            fake.programs = true;
        }
        self
    }

    /// Sets the path rules: Windows (true) or Unix (false).
    #[must_use]
    pub fn windows_paths(mut self, windows: bool) -> Self {
        self.windows = windows;
        self
    }

    /// Returns the value of an environment variable without surrounding white space, or `None` if
    /// it is unset or empty.
    ///
    /// Values often come from files and end with a line break. An empty variable counts as unset
    /// everywhere in AWS's configuration, as in `AWS_PROFILE= command`. Invalid Unicode in a value
    /// is replaced by `\u{fffd}`, so that the code that uses the value reports it instead of
    /// ignoring the variable.
    pub fn var(&self, name: &str) -> Option<String> {
        let value = match &*self.world {
            World::Process => {
                let value = std::env::var_os(name)?.into_string();
                value.unwrap_or_else(|value| value.to_string_lossy().into_owned())
            }
            World::Fake(fake) => fake.variables.get(name).cloned()?,
        };
        trimmed(value)
    }

    /// Returns the home directory: `HOME`, then on Windows `USERPROFILE`, then `HOMEDRIVE` with
    /// `HOMEPATH`. Source: "Finding and changing the location of the shared config and credentials
    /// files" in the AWS SDKs and Tools Reference Guide.
    pub fn home(&self) -> Option<String> {
        let home = self.var("HOME");
        if home.is_some() || !self.windows {
            return home;
        }
        self.var("USERPROFILE").or_else(|| {
            let (drive, path) = (self.var("HOMEDRIVE")?, self.var("HOMEPATH")?);
            Some(drive + &path)
        })
    }

    /// Returns the path of a file in the home directory, given by its parts, such as
    /// `[".aws", "config"]`, or `None` if there is no home directory.
    pub fn home_path(&self, parts: &[&str]) -> Option<String> {
        let mut path = self.home()?;
        let separator = if self.windows { '\\' } else { '/' };
        for part in parts {
            if !path.ends_with(['/', separator]) {
                path.push(separator);
            }
            path.push_str(part);
        }
        Some(path)
    }

    /// Replaces a leading `~` of `path` by the home directory, if it is followed by a `/` (on
    /// Windows also a `\`) or nothing. `~user` is not replaced.
    pub fn expand_home(&self, path: &str) -> String {
        let expanded = path.strip_prefix('~').and_then(|rest| {
            let separators: &[char] = if self.windows { &['/', '\\'] } else { &['/'] };
            match rest.strip_prefix(separators) {
                Some(rest) => self.home_path(&[rest]),
                None if rest.is_empty() => self.home(),
                None => None,
            }
        });
        expanded.unwrap_or_else(|| path.to_owned())
    }

    /// Reads a whole file. A leading `~` is the home directory, as in
    /// [`expand_home`](Self::expand_home). The content is wiped on drop, because it may contain
    /// secrets.
    ///
    /// Blocks the thread.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be read, is not a regular file (a FIFO could be
    /// endless), or is larger than 4 MiB. Symbolic links are followed, and the null device is an
    /// empty file.
    pub fn read(&self, path: impl AsRef<Path>) -> io::Result<Sensitive<Vec<u8>>> {
        let path = self.expanded(path.as_ref());
        match &*self.world {
            World::Process => file::read(&path),
            World::Fake(fake) => {
                let files = fake.files.lock().unwrap_or_else(PoisonError::into_inner);
                let content = path.to_str().and_then(|path| files.get(path));
                // ENOENT on every platform, with the text of the system.
                let content = content.ok_or_else(|| io::Error::from_raw_os_error(2))?;
                file::check_size(content.len() as u64)?;
                Ok(content.clone())
            }
        }
    }

    /// Replaces a file atomically, so that readers see either the old or the new content. On Unix,
    /// only the owner can read and write the new file. A leading `~` is the home directory. If
    /// `path` is a symbolic link, its target is replaced.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written. The old file is not changed in this case.
    pub fn replace_private(&self, path: &str, content: &[u8]) -> io::Result<()> {
        let path = self.expand_home(path);
        match &*self.world {
            World::Process => file::replace(Path::new(&path), content),
            World::Fake(fake) => {
                let mut files = fake.files.lock().unwrap_or_else(PoisonError::into_inner);
                files.insert(path, Sensitive::new(content.to_vec()));
                Ok(())
            }
        }
    }

    /// Runs blocking file operations on a separate thread, so that a slow file system does not
    /// delay the caller's timeouts. Without a Tokio runtime, runs them on the current thread.
    pub(crate) async fn off_thread<T: Send + 'static>(
        &self,
        work: impl Fn(&Self) -> T + Send + Sync + 'static,
    ) -> T {
        let work = Arc::new(work);
        let result = Arc::new(Mutex::new(None));
        let task = (Arc::clone(&work), Arc::clone(&result));
        self.run_off_thread(Box::new(move |environment| {
            let done = (task.0)(environment);
            *task.1.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
        }))
        .await;
        let done = result.lock().unwrap_or_else(PoisonError::into_inner).take();
        // There is no result if that runtime shut down while another one polls the caller.
        done.unwrap_or_else(|| work(self))
    }

    /// The part of [`off_thread`](Self::off_thread) that is not generic. Does nothing if there is
    /// no other thread.
    fn run_off_thread(&self, task: Box<dyn FnOnce(&Self) + Send>) -> BoxFuture<'static, ()> {
        #[cfg(feature = "hyper")]
        if let (World::Process, Ok(runtime)) = (&*self.world, tokio::runtime::Handle::try_current())
        {
            let environment = self.clone();
            // Uses the caller's `tracing` subscriber.
            let dispatch = tracing::dispatcher::get_default(Clone::clone);
            let task = runtime.spawn_blocking(move || {
                tracing::dispatcher::with_default(&dispatch, || task(&environment));
            });
            return Box::pin(async {
                let _ = task.await;
            });
        }
        drop(task);
        Box::pin(std::future::ready(()))
    }

    /// Same as [`expand_home`](Self::expand_home), for a path that may not be Unicode.
    pub(crate) fn expanded<'a>(&self, path: &'a Path) -> Cow<'a, Path> {
        match path.to_str() {
            Some(text) if text.starts_with('~') => Cow::Owned(self.expand_home(text).into()),
            _ => Cow::Borrowed(path),
        }
    }

    /// Runs `command` through the shell (`sh -c`, on Windows `cmd /C`) and returns its standard
    /// output, which is wiped on drop. The program inherits standard input and error, so that it
    /// can prompt the user.
    ///
    /// Dropping the future terminates the program and its child processes.
    ///
    /// # Errors
    ///
    /// Returns an error if the program cannot be started, its output cannot be read, or it prints
    /// more than 64 KiB. A fake environment has no programs unless [`Environment::allow_programs`]
    /// was called.
    pub fn run(&self, command: &str) -> BoxFuture<'static, io::Result<ProcessOutput>> {
        match &*self.world {
            World::Fake(fake) if !fake.programs => {
                Box::pin(std::future::ready(Err(io::Error::new(
                    io::ErrorKind::Unsupported,
                    "no programs in this environment",
                ))))
            }
            _ => Box::pin(process::Running::start(command)),
        }
    }
}

impl fmt::Debug for Environment {
    /// Variables and files may be secret, so only the kind is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &*self.world {
            World::Process => "Environment::process",
            World::Fake(_) => "Environment::fake",
        })
    }
}

/// Removes surrounding white space. Returns `None` if nothing is left. Works in place, because a
/// copy of a secret would stay in memory.
pub(crate) fn trimmed(mut value: String) -> Option<String> {
    value.truncate(value.trim_end().len());
    value.drain(..value.len() - value.trim_start().len());
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims_variables() {
        let environment = Environment::with_variables([("A", " \t"), ("B", " b c\r\n"), ("C", "")]);
        assert_eq!(environment.var("A"), None);
        assert_eq!(environment.var("B").as_deref(), Some("b c"));
        assert_eq!(environment.var("C"), None);
    }

    #[test]
    fn expands_only_a_leading_tilde() {
        let unix = Environment::with_variables([("HOME", "/me/")]);
        assert_eq!(unix.expand_home("~/x/y"), "/me/x/y");
        assert_eq!(unix.expand_home("~"), "/me/");
        assert_eq!(unix.expand_home("~me/x"), "~me/x");
        assert_eq!(unix.expand_home("~\\x"), "~\\x");
        assert_eq!(unix.expand_home("/a/~/b"), "/a/~/b");
        let windows = Environment::with_variables([("HOME", "C:\\me")]).windows_paths(true);
        assert_eq!(windows.expand_home("~\\x"), "C:\\me\\x");
        assert_eq!(windows.expand_home("~/x"), "C:\\me\\x");
        assert_eq!(windows.expand_home("~"), "C:\\me");
        let homeless = Environment::empty();
        assert_eq!(homeless.expand_home("~/x"), "~/x");
    }

    #[cfg(feature = "hyper")]
    #[tokio::test]
    async fn work_off_thread_does_not_stop_timeouts() {
        use std::sync::mpsc::channel;
        use std::time::Duration;

        let (release, blocked) = channel::<()>();
        let blocked = Mutex::new(blocked);
        let environment = Environment::process();
        let work = environment
            .off_thread(move |_| blocked.lock().map(|blocked| blocked.recv().is_ok()).ok());
        let mut work = std::pin::pin!(work);
        let limit = Duration::from_millis(1);
        assert!(tokio::time::timeout(limit, work.as_mut()).await.is_err());
        release.send(()).unwrap();
        assert_eq!(work.await, Some(true));
    }

    #[cfg(feature = "hyper")]
    #[test]
    fn work_off_thread_outlives_its_runtime() {
        use std::task::{Context, Waker};

        // Its only thread for blocking work is busy until it ends.
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(1)
            .build()
            .unwrap();
        let (release, blocked) = std::sync::mpsc::channel::<()>();
        runtime.spawn_blocking(move || blocked.recv());
        let environment = Environment::process();
        let mut work = std::pin::pin!(environment.off_thread(|_| 7));
        let mut context = Context::from_waker(Waker::noop());
        {
            let _entered = runtime.enter();
            assert!(work.as_mut().poll(&mut context).is_pending());
        }
        runtime.shutdown_background();
        release.send(()).unwrap();
        let other = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        assert_eq!(other.block_on(work), 7);
    }

    #[test]
    fn debug_shows_no_values() {
        let environment = Environment::with_variables([("AWS_SECRET_ACCESS_KEY", "hidden")]);
        assert_eq!(format!("{environment:?}"), "Environment::fake");
    }
}
