//! Which crate a directory holds, and so which of its files may be overwritten or removed.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::Path;

use super::{DiskError, FileTree, at, read_file};
use crate::output::render::GENERATED;

/// Why a tree must not be written to a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The directory holds another generated crate, of this name.
    OtherCrate(String),
    /// These files, relative to the directory, were not generated for the same crate.
    Files(Vec<String>),
    /// The directory holds other files. None of them is in the way, but a crate among them would
    /// most likely be a mistake.
    NotEmpty,
}

impl FileTree {
    /// Why this tree must not be written to `dir`. Nothing speaks against a directory that is new,
    /// that is empty but for hidden files, or that holds the generated crate of the same name.
    ///
    /// # Errors
    ///
    /// When the directory cannot be read.
    pub fn obstacle(&self, dir: &Path) -> Result<Option<Obstacle>, DiskError> {
        let own = self.files.get("Cargo.toml");
        let own = own.and_then(|manifest| package(manifest));
        let is_own = match crate_in(dir) {
            Some(other) if own.is_some_and(|own| own != other) => {
                return Ok(Some(Obstacle::OtherCrate(other)));
            }
            found => found.is_some(),
        };
        let mut in_the_way = BTreeSet::new();
        for (path, text) in &self.files {
            in_the_way.extend(blocked(dir, path, text, is_own)?);
        }
        if !in_the_way.is_empty() {
            let paths = in_the_way.into_iter().map(str::to_owned);
            return Ok(Some(Obstacle::Files(paths.collect())));
        }
        let is_free = is_own || is_empty(dir)?;
        Ok((!is_free).then_some(Obstacle::NotEmpty))
    }

    /// Files of an earlier run for the crate in `dir` that are not in the tree. Other packages and
    /// repositories below `dir` are not searched, and no link is followed.
    pub(super) fn stale(&self, dir: &Path) -> Result<Vec<String>, DiskError> {
        let mut found = Vec::new();
        if crate_in(dir).is_none() {
            return Ok(found);
        }
        let mut open = vec![(dir.to_owned(), String::new())];
        while let Some((folder, prefix)) = open.pop() {
            for entry in at(&folder, fs::read_dir(&folder))? {
                let entry = at(&folder, entry)?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let path = format!("{prefix}{name}");
                let kind = at(&folder, entry.file_type())?;
                if kind.is_dir() && name != "target" && !is_apart(&entry.path()) {
                    open.push((entry.path(), format!("{path}/")));
                } else if kind.is_file() && !self.files.contains_key(&path) {
                    let text = fs::read_to_string(entry.path());
                    found.extend(text.is_ok_and(|text| is_generated(&text)).then_some(path));
                }
            }
        }
        found.sort();
        Ok(found)
    }
}

fn read_text(place: &Path) -> io::Result<String> {
    String::from_utf8(read_file(place)?).map_err(io::Error::other)
}

/// Whether the first line says that the generator wrote the text.
fn is_generated(text: &str) -> bool {
    first_line(text).contains(GENERATED)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// The name of the package of the generated crate in `dir`, if there is one. Its manifest says it or, where that is
/// missing, its README.
pub fn crate_in(dir: &Path) -> Option<String> {
    let read = |name| read_text(&dir.join(name));
    match read("Cargo.toml") {
        Err(e) if e.kind() == ErrorKind::NotFound => {
            let readme = read("README.md").ok().filter(|text| is_generated(text))?;
            let name = readme.lines().nth(1)?.strip_prefix("# ")?;
            Some(name.to_owned())
        }
        manifest => {
            let manifest = manifest.ok().filter(|text| is_generated(text))?;
            package(&manifest).map(str::to_owned)
        }
    }
}

/// The name of a manifest's package.
fn package(manifest: &str) -> Option<&str> {
    let lines = manifest
        .lines()
        .skip_while(|line| line.trim() != "[package]");
    let entries = lines.filter_map(|line| line.split_once('='));
    let mut names = entries.filter(|(key, _)| key.trim() == "name");
    names.next().map(|(_, name)| name.trim().trim_matches('"'))
}

/// What is in the way of the file `path` with this text below `dir`: a link to another place above
/// it, or an existing entry, unless that has the same text or is a generated file of the same crate.
fn blocked<'p>(
    dir: &Path,
    path: &'p str,
    text: &str,
    is_own: bool,
) -> Result<Option<&'p str>, DiskError> {
    for (end, _) in path.match_indices('/') {
        let (folder, _) = path.split_at(end);
        match metadata(&dir.join(folder))? {
            None => return Ok(None),
            Some(found) if !found.is_dir() => return Ok(Some(folder)),
            Some(_) => {}
        }
    }
    let place = dir.join(path);
    match metadata(&place)? {
        None => return Ok(None),
        Some(found) if !found.is_file() => return Ok(Some(path)),
        Some(_) => {}
    }
    let old = at(&place, fs::read(&place))?;
    let old = String::from_utf8_lossy(&old);
    // A license has no room for a header: what begins as ours does is ours.
    let is_ours =
        || is_generated(&old) || first_line(&old) == first_line(text) || is_part_of(dir, path);
    let is_free = old == text || (is_own && is_ours());
    Ok((!is_free).then_some(path))
}

/// Whether the generated crate in `dir` has a file `path` of its own, whatever somebody made of that
/// file: every crate has a manifest, a README and a root, and lists its modules.
fn is_part_of(dir: &Path, path: &str) -> bool {
    if ["Cargo.toml", "README.md", "src/lib.rs"].contains(&path) {
        return true;
    }
    let module = path
        .strip_prefix("src/")
        .and_then(|path| path.strip_suffix(".rs"));
    let Some(module) = module else {
        return false;
    };
    let module = module.strip_suffix("/mod").unwrap_or(module);
    let (parent, name) = match module.rsplit_once('/') {
        Some((parent, name)) => (format!("src/{parent}/mod.rs"), name),
        None => ("src/lib.rs".to_owned(), module),
    };
    let parent = read_text(&dir.join(parent)).unwrap_or_default();
    let line = format!("mod {name};");
    is_generated(&parent) && parent.lines().any(|found| found == line)
}

/// Whether a directory holds nothing, or nothing but hidden files. One that is missing counts.
fn is_empty(dir: &Path) -> Result<bool, DiskError> {
    let entries = match fs::read_dir(dir) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(true),
        entries => at(dir, entries)?,
    };
    for entry in entries {
        let name = at(dir, entry)?.file_name();
        if !name.as_encoded_bytes().starts_with(b".") {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a folder is a package or a repository of its own.
fn is_apart(folder: &Path) -> bool {
    let has = |name| fs::symlink_metadata(folder.join(name)).is_ok();
    has("Cargo.toml") || has(".git")
}

/// What is at a place, links not followed.
fn metadata(place: &Path) -> Result<Option<Metadata>, DiskError> {
    match fs::symlink_metadata(place) {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        found => at(place, found).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Folder, MANIFEST, OLD, tree};
    use super::*;

    fn write(folder: &Folder, path: &str, text: &str) {
        let place = folder.0.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }

    /// A crate with a license, which has no header.
    fn generated() -> FileTree {
        tree(&[
            ("Cargo.toml", MANIFEST),
            ("LICENSE", "License\nours\n"),
            (
                "README.md",
                "<!-- @generated by cargo xtask codegen from x. -->\n# tinsmith-x\n",
            ),
            ("src/lib.rs", OLD),
            ("src/types/added.rs", OLD),
            ("src/types/listed.rs", OLD),
        ])
    }

    #[track_caller]
    fn assert_blocked(folder: &Folder, expected: &[&str]) {
        let found = generated().obstacle(&folder.0).unwrap();
        let expected = expected.iter().map(|path| (*path).to_owned()).collect();
        assert_eq!(found, Some(Obstacle::Files(expected)));
    }

    #[test]
    fn accepts_new_empty_and_own_directories() {
        let folder = Folder::new("owner-free");
        let crate_tree = generated();
        assert_eq!(crate_tree.obstacle(&folder.0.join("new")).unwrap(), None);
        write(&folder, ".git/HEAD", "");
        assert_eq!(crate_tree.obstacle(&folder.0).unwrap(), None);
        crate_tree.write(&folder.0).unwrap();
        assert_eq!(crate_tree.obstacle(&folder.0).unwrap(), None);
        write(&folder, "tests/mine.rs", "// mine\n");
        let edited = MANIFEST.replace("tinsmith-x\"\n", "tinsmith-x\"\r\nversion = \"2\"\n");
        write(&folder, "Cargo.toml", &edited);
        write(&folder, "LICENSE", "License\nof an older version\n");
        write(&folder, "src/lib.rs", &OLD.replace("old", "edited"));
        assert_eq!(crate_tree.obstacle(&folder.0).unwrap(), None);
        // The README tells the crate, too.
        fs::remove_file(folder.0.join("Cargo.toml")).unwrap();
        assert_eq!(crate_tree.obstacle(&folder.0).unwrap(), None);
    }

    #[test]
    fn refuses_files_of_others() {
        let folder = Folder::new("owner-others");
        write(&folder, "Cargo.toml", "[package]\nname = \"tinsmith-x\"\n");
        write(&folder, "src/lib.rs", OLD);
        assert_blocked(&folder, &["Cargo.toml"]);
        // A header alone does not tell whose a file is.
        write(
            &folder,
            "src/lib.rs",
            &OLD.replace("old", "of another crate"),
        );
        assert_blocked(&folder, &["Cargo.toml", "src/lib.rs"]);
        write(&folder, "Cargo.toml", MANIFEST);
        let index = OLD.replace("old", "mod listed;");
        write(&folder, "src/types/mod.rs", &index);
        write(&folder, "src/types/listed.rs", "// edited\n");
        write(&folder, "src/types/added.rs", "// mine\n");
        write(&folder, "LICENSE", "Mine\n");
        write(&folder, "README.md/file", "");
        assert_blocked(&folder, &["LICENSE", "README.md", "src/types/added.rs"]);
    }

    #[cfg(unix)]
    #[test]
    fn waits_for_no_pipe() {
        for path in ["Cargo.toml", "README.md", "src/lib.rs", "src/types/mod.rs"] {
            let folder = Folder::new("owner-pipe");
            let place = folder.0.join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            let made = std::process::Command::new("mkfifo").arg(&place).status();
            assert!(made.unwrap().success());
            let found = generated().obstacle(&folder.0).unwrap();
            assert!(found.is_some(), "{path}");
            assert_eq!(generated().stale(&folder.0).unwrap(), [""; 0]);
            // With force, and in a check.
            if generated().files().any(|(file, _)| file == path) {
                assert!(generated().check(&folder.0).is_err(), "{path}");
            }
            generated().write(&folder.0).unwrap();
        }
    }

    #[test]
    fn refuses_another_crate_and_a_directory_with_other_things() {
        let folder = Folder::new("owner-other-crate");
        write(&folder, "notes.txt", "");
        let found = generated().obstacle(&folder.0).unwrap();
        assert_eq!(found, Some(Obstacle::NotEmpty));
        write(&folder, "Cargo.toml", &MANIFEST.replace("-x", "-y"));
        let found = generated().obstacle(&folder.0).unwrap();
        assert_eq!(found, Some(Obstacle::OtherCrate("tinsmith-y".to_owned())));
    }

    #[cfg(unix)]
    #[test]
    fn refuses_links_to_other_places() {
        use std::os::unix::fs::symlink;
        let (folder, other) = (Folder::new("owner-link"), Folder::new("owner-linked"));
        write(&folder, "Cargo.toml", MANIFEST);
        write(&other, "lib.rs", OLD);
        write(&other, "stale.rs", OLD);
        symlink(&other.0, folder.0.join("src")).unwrap();
        symlink(other.0.join("lib.rs"), folder.0.join("LICENSE")).unwrap();
        assert_blocked(&folder, &["LICENSE", "src"]);
        assert_eq!(
            tree(&[("Cargo.toml", MANIFEST)]).stale(&folder.0).unwrap(),
            [""; 0]
        );
    }

    #[test]
    fn finds_stale_files_of_the_same_crate_only() {
        let folder = Folder::new("owner-stale");
        for path in [
            "src/old.rs",
            "nested/src/lib.rs",
            "clone/src/lib.rs",
            "target/a.rs",
        ] {
            write(&folder, path, OLD);
        }
        write(&folder, "nested/Cargo.toml", MANIFEST);
        // A work tree of git has a file of this name.
        write(&folder, "clone/.git", "gitdir: elsewhere\n");
        let stale = |folder: &Folder| generated().stale(&folder.0).unwrap();
        assert_eq!(
            stale(&folder),
            [""; 0],
            "the directory contains no crate of Tinsmith"
        );
        write(&folder, "Cargo.toml", MANIFEST);
        assert_eq!(stale(&folder), ["src/old.rs"]);
    }
}
