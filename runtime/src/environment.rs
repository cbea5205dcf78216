//! The world around the process: environment variables, files, other programs.
//!
//! Everything that configuration and credentials read from the machine goes through
//! [`Environment`], so that a test states its world instead of changing the real one.

mod process;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

pub use process::ProcessOutput;

use crate::BoxFuture;
use crate::sensitive::Sensitive;

/// No file read here (configuration, tokens, SSO cache) comes near this size, in bytes.
const MAX_FILE: u64 = 4 << 20;

/// A view of environment variables, files and programs: the real one or a fake. Cheap to clone.
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
    /// The environment of this process.
    pub fn process() -> Self {
        Self {
            world: Arc::new(World::Process),
            windows: cfg!(windows),
        }
    }

    /// An environment that holds exactly the given variables and files (path and content), with
    /// the path rules of Unix and no programs to run.
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
        Self {
            world: Arc::new(World::Fake(Fake {
                variables: variables.collect(),
                files: Mutex::new(files.collect()),
                programs: false,
            })),
            windows: false,
        }
    }

    /// A fake environment that also runs real programs through the shell.
    ///
    /// Without effect on [`Environment::process`], and on a fake that was already cloned.
    #[must_use]
    pub fn allow_programs(mut self) -> Self {
        if let Some(World::Fake(fake)) = Arc::get_mut(&mut self.world) {
            fake.programs = true;
        }
        self
    }

    /// The same environment with the path rules of Windows (true) or Unix (false).
    #[must_use]
    pub fn windows_paths(mut self, windows: bool) -> Self {
        self.windows = windows;
        self
    }

    /// The value of an environment variable; `None` when it is unset, blank or not Unicode.
    ///
    /// A blank variable counts as unset everywhere in AWS's configuration, so that
    /// `AWS_PROFILE= command` means what it looks like.
    pub fn var(&self, name: &str) -> Option<String> {
        let value = match &*self.world {
            World::Process => std::env::var(name).ok(),
            World::Fake(fake) => fake.variables.get(name).cloned(),
        };
        value.filter(|value| !value.trim().is_empty())
    }

    /// The home directory: `HOME`, then on Windows `USERPROFILE`, then `HOMEDRIVE` with
    /// `HOMEPATH`. Source: "Finding and changing the location of the shared config and
    /// credentials files" in the AWS SDKs and Tools Reference Guide.
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

    /// The path of a file in the home directory, given by its parts, such as
    /// `[".aws", "config"]`. `None` when there is no home directory.
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

    /// `path` with a leading `~/` (on Windows also `~\`) replaced by the home directory.
    pub fn expand_home(&self, path: &str) -> String {
        let rest = match path.strip_prefix("~/") {
            None if self.windows => path.strip_prefix("~\\"),
            rest => rest,
        };
        rest.and_then(|rest| self.home_path(&[rest]))
            .unwrap_or_else(|| path.to_owned())
    }

    /// Reads a whole file. The content is wiped when dropped, because it may hold secrets.
    ///
    /// Blocks for the time of the read: the files of the configuration are small and local.
    ///
    /// # Errors
    ///
    /// Those of the file system, and [`io::ErrorKind::InvalidData`] for a file above 4 MiB.
    pub fn read(&self, path: &str) -> io::Result<Sensitive<Vec<u8>>> {
        match &*self.world {
            World::Process => read_file(Path::new(path)),
            World::Fake(fake) => {
                let files = fake.files.lock().unwrap_or_else(PoisonError::into_inner);
                files
                    .get(path)
                    .cloned()
                    // ENOENT on every platform, with the system's own text.
                    .ok_or_else(|| io::Error::from_raw_os_error(2))
            }
        }
    }

    /// Replaces a file in one step, so that a reader sees the old or the new content and never
    /// a part. The new file can be read and written by its owner only (on Unix).
    ///
    /// # Errors
    ///
    /// Those of the file system; the old file is then still in place.
    pub fn replace_private(&self, path: &str, content: &[u8]) -> io::Result<()> {
        match &*self.world {
            World::Process => replace_file(Path::new(path), content),
            World::Fake(fake) => {
                let mut files = fake.files.lock().unwrap_or_else(PoisonError::into_inner);
                files.insert(path.to_owned(), Sensitive::new(content.to_vec()));
                Ok(())
            }
        }
    }

    /// Runs `command` through the shell (`sh -c`, on Windows `cmd /C`) and gives its standard
    /// output, which is wiped when dropped. Standard input and error stay those of this process,
    /// so that a program can ask its user.
    ///
    /// Dropping the future ends the program and what it started.
    ///
    /// # Errors
    ///
    /// When the program cannot be started or read, or prints more than 64 KiB. A fake
    /// environment has no programs unless [`Environment::allow_programs`] was called.
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
    /// Names the kind only: variables and files may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &*self.world {
            World::Process => "Environment::process",
            World::Fake(_) => "Environment::fake",
        })
    }
}

fn read_file(path: &Path) -> io::Result<Sensitive<Vec<u8>>> {
    use std::io::Read as _;

    let file = std::fs::File::open(path)?;
    // One allocation of the right size: a buffer that grows leaves unwiped copies behind.
    let size = file.metadata()?.len().min(MAX_FILE);
    let mut content = Sensitive::new(Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1));
    file.take(MAX_FILE + 1).read_to_end(&mut content)?;
    if content.len() as u64 > MAX_FILE {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the file is larger than 4 MiB",
        ));
    }
    Ok(content)
}

fn replace_file(path: &Path, content: &[u8]) -> io::Result<()> {
    use std::io::Write as _;

    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{:016x}.tmp", fastrand::u64(..)));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&name)?;
    let written = file
        .write_all(content)
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::rename(&name, path));
    if written.is_err() {
        // Best effort: the error that matters is the one above.
        let _ = std::fs::remove_file(&name);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [(&str, &str); 0] = [];

    #[test]
    fn blank_variables_count_as_unset() {
        let environment = Environment::fake([("A", " \t"), ("B", " b ")], NONE);
        assert_eq!(environment.var("A"), None);
        assert_eq!(environment.var("B").as_deref(), Some(" b "));
    }

    #[test]
    fn expands_only_a_leading_tilde() {
        let unix = Environment::fake([("HOME", "/me/")], NONE);
        assert_eq!(unix.expand_home("~/x/y"), "/me/x/y");
        assert_eq!(unix.expand_home("~me/x"), "~me/x");
        assert_eq!(unix.expand_home("/a/~/b"), "/a/~/b");
        let windows = Environment::fake([("HOME", "C:\\me")], NONE).windows_paths(true);
        assert_eq!(windows.expand_home("~\\x"), "C:\\me\\x");
        let homeless = Environment::fake(NONE, NONE);
        assert_eq!(homeless.expand_home("~/x"), "~/x");
    }

    #[cfg(unix)]
    #[test]
    fn replaced_files_are_private_and_whole() {
        use std::os::unix::fs::PermissionsExt as _;

        let directory = std::env::temp_dir().join(format!("tinsmith-{:x}", fastrand::u64(..)));
        std::fs::create_dir(&directory).unwrap();
        let path = directory.join("token.json");
        std::fs::write(&path, "old").unwrap();
        let environment = Environment::process();
        let text = path.to_str().unwrap();
        environment.replace_private(text, b"new").unwrap();
        assert_eq!(environment.read(text).unwrap().as_slice(), b"new");
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 1);
        std::fs::remove_dir_all(&directory).unwrap();
    }

    #[test]
    fn debug_shows_no_values() {
        let environment = Environment::fake([("AWS_SECRET_ACCESS_KEY", "hidden")], NONE);
        assert_eq!(format!("{environment:?}"), "Environment::fake");
    }
}
