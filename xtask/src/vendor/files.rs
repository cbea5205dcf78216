//! Files of a vendored tree and their digests.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tinsmith_codegen::output::tree::read_file;

use crate::Failure;
use crate::disk::failed;

/// Returns the SHA-256 of a text in lower-case hexadecimal digits. Line ends count as `\n`, because
/// version control may convert them to `\r\n`, which is not an edit.
pub(super) fn digest(text: &[u8]) -> String {
    let mut hash = Sha256::new();
    let mut parts = text.split(|&byte| byte == b'\n').peekable();
    while let Some(line) = parts.next() {
        if parts.peek().is_some() {
            hash.update(line.strip_suffix(b"\r").unwrap_or(line));
            hash.update(b"\n");
        } else {
            hash.update(line);
        }
    }
    let digest = hash.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the digest of the file at `path`, or `None` if it does not exist.
pub(super) fn digest_of(path: &Path) -> Result<Option<String>, Failure> {
    match read_file(path) {
        Ok(text) => Ok(Some(digest(&text))),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(failed(path, e)),
    }
}

/// Returns all files in `folder`, sorted. A missing folder has none.
pub(super) fn below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = match fs::read_dir(&folder) {
            Err(e) if e.kind() == ErrorKind::NotFound => continue,
            entries => entries.map_err(|e| failed(&folder, e))?,
        };
        for entry in entries {
            let entry = entry.map_err(|e| failed(&folder, e))?;
            let kind = entry.file_type().map_err(|e| failed(&folder, e))?;
            let list = if kind.is_dir() { &mut open } else { &mut found };
            list.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Returns `path` relative to `folder`, with `/`.
pub(super) fn relative(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// Returns whether a relative path stays inside its folder.
pub(super) fn stays_below(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_do_not_count_and_the_rest_does() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest(b""), empty);
        assert_eq!(digest(b"a\r\nb\r\n"), digest(b"a\nb\n"));
        let others: [&[u8]; 4] = [b"a\nb", b"a\n\rb\n", b"a\rb\n", b"a\nb\n\r"];
        for other in others {
            assert_ne!(digest(other), digest(b"a\nb\n"), "{other:?}");
        }
    }

    #[test]
    fn paths_that_lead_away() {
        assert!(stays_below("tinsmith-a/src/lib.rs"));
        for path in ["", "/etc/passwd", "../a", "a/../../b", "./a"] {
            assert!(!stays_below(path), "{path}");
        }
    }
}
