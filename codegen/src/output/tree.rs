//! A tree of generated files and its way to the disk: all or nothing.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use similar::TextDiff;

mod owner;

pub use owner::{Obstacle, crate_in};

/// Files by path relative to the crate, with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileTree {
    files: BTreeMap<String, String>,
}

/// What writing a tree did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that are new or changed.
    pub written: usize,
    /// Files that were as they should be.
    pub unchanged: usize,
    /// Files of an earlier run that no longer belong.
    pub removed: usize,
}

/// How a directory differs from a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The file is not there.
    Missing(String),
    /// The file is there and differs; the first lines of the difference.
    Changed(String, String),
    /// The file was generated once and no longer belongs.
    Stale(String),
}

/// An error of the disk with the path it concerns.
#[derive(Debug)]
pub struct DiskError {
    path: PathBuf,
    source: io::Error,
}

impl std::fmt::Display for DiskError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.source)
    }
}

impl std::error::Error for DiskError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

fn at<T>(path: &Path, result: io::Result<T>) -> Result<T, DiskError> {
    result.map_err(|source| DiskError {
        path: path.to_owned(),
        source,
    })
}

/// The content of a file.
///
/// # Errors
///
/// As for [`fs::read`], and for what is neither a file nor a directory: a pipe would wait for its
/// writer, and a device may have no end.
pub fn read_file(place: &Path) -> io::Result<Vec<u8>> {
    let kind = fs::metadata(place)?.file_type();
    if kind.is_file() || kind.is_dir() {
        return fs::read(place);
    }
    Err(io::Error::new(
        ErrorKind::InvalidInput,
        "not a file that can be read to its end",
    ))
}

impl FileTree {
    /// Adds a file.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.files.insert(path.into(), text.into());
    }

    /// Files by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Lines of all Rust files.
    pub fn rust_lines(&self) -> usize {
        let rust = self.files.iter().filter(|(path, _)| path.ends_with(".rs"));
        rust.map(|(_, text)| text.lines().count()).sum()
    }

    /// Brings `dir` to this tree: new texts are written beside their places first, then put there
    /// by rename, then files of an earlier run for the same crate that no longer belong are removed.
    /// Whether this may overwrite what is there is for the caller to ask:
    /// [`obstacle`](Self::obstacle).
    ///
    /// # Errors
    ///
    /// The first error of the disk. Before the first rename nothing has changed.
    pub fn write(&self, dir: &Path) -> Result<Written, DiskError> {
        self.replace(dir, &self.stale(dir)?)
    }

    /// Brings `dir` to this tree as [`write`](Self::write) does, for a caller that itself knows
    /// the `stale` files: paths below `dir` that are removed in the end.
    ///
    /// # Errors
    ///
    /// The first error of the disk. Before the first rename nothing has changed.
    pub fn replace(&self, dir: &Path, stale: &[String]) -> Result<Written, DiskError> {
        let mut done = Written::default();
        let mut staged = Vec::new();
        for (path, text) in &self.files {
            let place = dir.join(path);
            if read_file(&place).is_ok_and(|old| old == text.as_bytes()) {
                done.unchanged += 1;
            } else if place.is_dir() {
                // The rename would fail when others are done.
                discard(dir, &staged);
                return at(&place, Err(ErrorKind::IsADirectory.into()));
            } else {
                staged.push((
                    stage(&place, text).inspect_err(|_| discard(dir, &staged))?,
                    place,
                ));
            }
        }
        for (i, (temporary, place)) in staged.iter().enumerate() {
            at(place, fs::rename(temporary, place)).inspect_err(|_| discard(dir, &staged[i..]))?;
        }
        for path in stale {
            let place = dir.join(path);
            at(&place, fs::remove_file(&place))?;
            remove_empty_parents(dir, &place);
        }
        done.written = staged.len();
        done.removed = stale.len();
        Ok(done)
    }

    /// How `dir` differs from this tree, by path; empty when it does not.
    ///
    /// # Errors
    ///
    /// When a directory cannot be listed.
    pub fn check(&self, dir: &Path) -> Result<Vec<Difference>, DiskError> {
        let mut found = Vec::new();
        for (path, text) in &self.files {
            let place = dir.join(path);
            match read_file(&place) {
                Ok(old) if old == text.as_bytes() => {}
                Ok(old) => found.push(Difference::Changed(
                    path.clone(),
                    short_diff(&String::from_utf8_lossy(&old), text),
                )),
                Err(e) if e.kind() == ErrorKind::NotFound => {
                    found.push(Difference::Missing(path.clone()));
                }
                Err(e) => return at(&place, Err(e)),
            }
        }
        found.extend(self.stale(dir)?.into_iter().map(Difference::Stale));
        Ok(found)
    }
}

/// Writes `text` beside `place`.
fn stage(place: &Path, text: &str) -> Result<PathBuf, DiskError> {
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(".tinsmith-new");
    let temporary = place.with_file_name(name);
    if let Some(parent) = place.parent() {
        at(parent, fs::create_dir_all(parent))?;
    }
    at(&temporary, fs::write(&temporary, text)).inspect_err(|_| {
        let _ = fs::remove_file(&temporary);
    })?;
    Ok(temporary)
}

/// Takes back what was staged, with the folders made for it; the error that led here is the one to
/// report.
fn discard(dir: &Path, staged: &[(PathBuf, PathBuf)]) {
    for (temporary, _) in staged {
        let _ = fs::remove_file(temporary);
        remove_empty_parents(dir, temporary);
    }
}

/// A folder that lost its last file goes too.
fn remove_empty_parents(dir: &Path, place: &Path) {
    let mut parent = place.parent();
    while let Some(folder) = parent.filter(|folder| *folder != dir) {
        if fs::remove_dir(folder).is_err() {
            break;
        }
        parent = folder.parent();
    }
}

/// The first lines of a unified diff.
fn short_diff(old: &str, new: &str) -> String {
    const LINES: usize = 12;
    let diff = TextDiff::from_lines(old, new);
    let text = diff.unified_diff().context_radius(1).to_string();
    let mut lines: Vec<&str> = text.lines().take(LINES).collect();
    if text.lines().count() > LINES {
        lines.push("...");
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn tree(files: &[(&str, &str)]) -> FileTree {
        let mut tree = FileTree::default();
        for (path, text) in files {
            tree.insert(*path, *text);
        }
        tree
    }

    /// A folder that is gone at the end of the test.
    pub(super) struct Folder(pub(super) PathBuf);

    impl Folder {
        pub(super) fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("tinsmith-{name}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    pub(super) const MANIFEST: &str = "# @generated by cargo xtask codegen from x. Do not edit.\n\n[package]\nname = \"tinsmith-x\"\n";
    pub(super) const OLD: &str = "// @generated by cargo xtask codegen from x. Do not edit.\nold\n";

    #[test]
    fn writes_removes_and_leaves_alone() {
        let folder = Folder::new("write");
        let manifest = ("Cargo.toml", MANIFEST);
        tree(&[manifest, ("src/a.rs", OLD), ("src/deep/b.rs", OLD)])
            .write(&folder.0)
            .unwrap();
        fs::write(folder.0.join("src/mine.rs"), "mine").unwrap();
        let new = tree(&[manifest, ("src/a.rs", OLD), ("src/c.rs", OLD)]);
        let found = new.check(&folder.0).unwrap();
        assert_eq!(
            found,
            [
                Difference::Missing("src/c.rs".into()),
                Difference::Stale("src/deep/b.rs".into()),
            ]
        );
        let done = new.write(&folder.0).unwrap();
        assert_eq!(
            done,
            Written {
                written: 1,
                unchanged: 2,
                removed: 1
            }
        );
        assert!(!folder.0.join("src/deep").exists());
        assert!(folder.0.join("src/mine.rs").exists());
        assert_eq!(new.check(&folder.0).unwrap(), []);
    }

    #[test]
    fn a_change_shows_as_a_short_diff() {
        let folder = Folder::new("diff");
        tree(&[("a.rs", "one\ntwo\n")]).write(&folder.0).unwrap();
        let found = tree(&[("a.rs", "one\nTWO\n")]).check(&folder.0).unwrap();
        let [Difference::Changed(path, diff)] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(path, "a.rs");
        assert!(diff.contains("-two\n+TWO"), "{diff}");
    }

    #[test]
    fn a_failure_leaves_the_old_tree() {
        let folder = Folder::new("fail");
        tree(&[("a.rs", OLD)]).write(&folder.0).unwrap();
        // A file where a folder is needed.
        fs::write(folder.0.join("b"), "in the way").unwrap();
        let new = tree(&[
            ("a.rs", "// new\n"),
            ("a/deep/a.rs", "// new\n"),
            ("b/c.rs", "// new\n"),
        ]);
        assert!(new.write(&folder.0).is_err());
        assert!(!folder.0.join("a").exists());
        assert_eq!(fs::read_to_string(folder.0.join("a.rs")).unwrap(), OLD);
        assert!(!folder.0.join("a.rs.tinsmith-new").exists());
        // A folder where a file is needed.
        fs::create_dir(folder.0.join("z.rs")).unwrap();
        let new = tree(&[("a.rs", "// new\n"), ("z.rs", "// new\n")]);
        assert!(new.write(&folder.0).is_err());
        assert_eq!(fs::read_to_string(folder.0.join("a.rs")).unwrap(), OLD);
        assert!(!folder.0.join("a.rs.tinsmith-new").exists());
    }
}
