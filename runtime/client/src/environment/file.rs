//! Reads and replaces files, with limits on their size and kind.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::sensitive::Sensitive;

/// The maximum size of a file in bytes. Configuration, certificates, tokens and SSO caches are much
/// smaller.
const MAX_FILE: u64 = 4 << 20;
/// Used as a path, link or mount to turn off a file.
const NULL_DEVICE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// Reads a regular file of up to 4 MiB.
pub(super) fn read(path: &Path) -> io::Result<Sensitive<Vec<u8>>> {
    if path == Path::new(NULL_DEVICE) {
        return Ok(Sensitive::default());
    }
    // Checked before opening, because opening a FIFO waits for a writer, and afterwards, because
    // the path may have changed.
    let metadata = std::fs::metadata(path)?;
    if is_null_device(&metadata) {
        return Ok(Sensitive::default());
    }
    check(&metadata)?;
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    check(&metadata)?;
    // A growing buffer would leave copies behind that are not wiped.
    let size = usize::try_from(metadata.len()).unwrap_or(0);
    let mut content = Sensitive::new(Vec::with_capacity(size + 1));
    file.take(MAX_FILE + 1).read_to_end(&mut content)?;
    check_size(content.len() as u64)?;
    Ok(content)
}

/// Returns whether a file is the null device under another name.
#[cfg(unix)]
fn is_null_device(metadata: &Metadata) -> bool {
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};

    metadata.file_type().is_char_device()
        && std::fs::metadata(NULL_DEVICE).is_ok_and(|null| null.rdev() == metadata.rdev())
}

#[cfg(not(unix))]
fn is_null_device(_: &Metadata) -> bool {
    false
}

fn check(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::IsADirectory,
            "it is a directory",
        ));
    }
    if !metadata.is_file() {
        return Err(not_regular());
    }
    check_size(metadata.len())
}

fn not_regular() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")
}

pub(super) fn check_size(size: u64) -> io::Result<()> {
    if size > MAX_FILE {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the file is larger than 4 MiB",
        ));
    }
    Ok(())
}

/// Replaces a file atomically by one that only its owner can read. If `path` is a symbolic link,
/// replaces its target.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let target = target(path)?;
    // A device or a FIFO must not be replaced.
    match std::fs::metadata(&target) {
        Ok(metadata) if !metadata.is_file() => return Err(not_regular()),
        _ => {}
    }
    let mut name = target.as_os_str().to_owned();
    name.push(format!(".{:016x}.tmp", fastrand::u64(..)));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&name)?;
    let written = file
        .write_all(content)
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::rename(&name, &target));
    if written.is_err() {
        // Best effort: the error that matters is the one above.
        let _ = std::fs::remove_file(&name);
    }
    written
}

/// Resolves the symbolic links of a path, which need not exist.
fn target(path: &Path) -> io::Result<PathBuf> {
    match std::fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => match std::fs::read_link(path) {
            // The loop ends, because a cycle of links is a different error.
            Ok(link) => target(&path.parent().unwrap_or(Path::new("")).join(link)),
            Err(_) => Ok(path.to_owned()),
        },
        found => found,
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::process::Command;

    use super::*;

    /// A folder that is removed with its files.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            let path = std::env::temp_dir().join(format!("tinsmith-{:x}", fastrand::u64(..)));
            std::fs::create_dir(&path).unwrap();
            Self(path)
        }

        fn at(&self, name: &str) -> PathBuf {
            self.0.join(name)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn reads_regular_files_of_limited_size() {
        let folder = Folder::new();
        let (file, link) = (folder.at("file"), folder.at("link"));
        std::fs::write(&file, "text").unwrap();
        symlink(&file, &link).unwrap();
        assert_eq!(read(&link).unwrap().as_slice(), b"text");
        let null = folder.at("null");
        symlink("/dev/null", &null).unwrap();
        for path in [Path::new("/dev/null"), &null] {
            assert_eq!(read(path).unwrap().as_slice(), b"");
        }
        File::options()
            .write(true)
            .open(&file)
            .unwrap()
            .set_len(MAX_FILE)
            .unwrap();
        assert_eq!(read(&file).unwrap().len() as u64, MAX_FILE);
        File::options()
            .write(true)
            .open(&file)
            .unwrap()
            .set_len(MAX_FILE + 1)
            .unwrap();
        assert_eq!(
            read(&file).unwrap_err().to_string(),
            "the file is larger than 4 MiB"
        );
    }

    #[test]
    fn refuses_what_is_not_a_regular_file() {
        let folder = Folder::new();
        let (fifo, link) = (folder.at("fifo"), folder.at("link"));
        assert!(
            Command::new("mkfifo")
                .arg(&fifo)
                .status()
                .unwrap()
                .success()
        );
        symlink("/dev/zero", &link).unwrap();
        for path in [&fifo, &link, &PathBuf::from("/dev/zero")] {
            assert_eq!(
                read(path).unwrap_err().to_string(),
                "it is not a regular file"
            );
        }
        assert_eq!(
            read(&folder.0).unwrap_err().kind(),
            io::ErrorKind::IsADirectory
        );
        let (to_fifo, to_folder) = (folder.at("to-fifo"), folder.at("to-folder"));
        symlink(&fifo, &to_fifo).unwrap();
        symlink(&folder.0, &to_folder).unwrap();
        for path in [&fifo, &to_fifo, &to_folder] {
            assert_eq!(
                replace(path, b"new").unwrap_err().to_string(),
                "it is not a regular file"
            );
        }
        assert!(!std::fs::metadata(&fifo).unwrap().is_file());
    }

    #[test]
    fn replaced_files_are_private_and_whole() {
        let folder = Folder::new();
        let path = folder.at("token.json");
        std::fs::write(&path, "old").unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(read(&path).unwrap().as_slice(), b"new");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 1);
        replace(&folder.at("first.json"), b"new").unwrap();
        assert_eq!(mode(&folder.at("first.json")), 0o600);
    }

    #[test]
    fn replaces_the_target_of_a_link() {
        let folder = Folder::new();
        let (home, store) = (folder.at("home"), folder.at("store"));
        std::fs::create_dir(&home).unwrap();
        std::fs::create_dir(&store).unwrap();
        std::fs::write(store.join("token"), "old").unwrap();
        symlink("../store/token", home.join("second")).unwrap();
        symlink("second", home.join("first")).unwrap();
        replace(&home.join("first"), b"new").unwrap();
        for link in ["first", "second"] {
            assert!(home.join(link).is_symlink());
        }
        assert_eq!(read(&store.join("token")).unwrap().as_slice(), b"new");
        assert_eq!(mode(&store.join("token")), 0o600);
        std::fs::remove_file(store.join("token")).unwrap();
        replace(&home.join("first"), b"again").unwrap();
        assert!(home.join("first").is_symlink());
        assert_eq!(read(&store.join("token")).unwrap().as_slice(), b"again");
        symlink("loop", home.join("loop")).unwrap();
        assert!(replace(&home.join("loop"), b"new").is_err());
        std::fs::remove_file(home.join("loop")).unwrap();
        // No temporary file is left in either folder.
        assert_eq!(std::fs::read_dir(&home).unwrap().count(), 2);
        assert_eq!(std::fs::read_dir(&store).unwrap().count(), 1);
    }
}
