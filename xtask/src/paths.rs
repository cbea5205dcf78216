//! Paths: the workspace, and paths relative to the current directory or to a manifest.

use std::path::{Component, Path, PathBuf};
use std::{env, fs, io};

use crate::Failure;

/// Returns the path of the folder `target` for a manifest in `folder`, which need not exist. It is
/// relative, so that both can be moved together.
///
/// Cargo resolves the `..` of such a path against the manifest's path as written and does not
/// follow symbolic links. If this would lead to a different folder, because `folder` is reached
/// through a link, the path is absolute.
pub(crate) fn from_manifest(folder: &Path, target: &Path) -> io::Result<PathBuf> {
    let target = fs::canonicalize(target)?;
    let real = resolved(folder)?;
    let written = normalized(&std::path::absolute(folder)?);
    let relative = relative(&real, &target);
    let leads_to = |folder: &Path| fs::canonicalize(normalized(&folder.join(&relative)));
    // `link/..` is not where its text says: nobody reaches the folder by that.
    let is_reached_as_written = resolved(&written).is_ok_and(|folder| folder == real);
    let is_same = leads_to(&written).is_ok_and(|found| found == target);
    Ok(match is_reached_as_written && !is_same {
        true => target,
        false => relative,
    })
}

/// Returns the relative path from one folder to another, both absolute and without links.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let both = from.components().zip(to.components());
    let common = both.take_while(|(a, b)| a == b).count();
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    up.chain(to.components().skip(common)).collect()
}

/// Resolves the links of a path. Missing components at its end are kept as written.
pub(crate) fn resolved(path: &Path) -> io::Result<PathBuf> {
    let mut place = env::current_dir()?;
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(place.pop()),
            name => {
                place.push(name);
                place = fs::canonicalize(&place).unwrap_or(place);
            }
        }
    }
    Ok(place)
}

/// Removes `..` from a path without accessing the disk.
fn normalized(path: &Path) -> PathBuf {
    let mut normalized = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(normalized.pop()),
            component => normalized.push(component),
        }
    }
    normalized
}

/// Returns the folder of the workspace.
pub(crate) fn root() -> Result<PathBuf, Failure> {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| {
        Failure::Work("run this program as `cargo xtask` in the workspace".to_owned())
    })?;
    let parent = Path::new(&manifest).parent().map(Path::to_owned);
    parent.ok_or_else(|| Failure::Work("xtask is not in a workspace".to_owned()))
}

/// Returns a path relative to the current directory if it is inside of it, else the path itself.
pub(crate) fn relative_to_cwd(path: PathBuf) -> PathBuf {
    let below = env::current_dir().ok();
    let below = below.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    match below {
        Some(here) if here.as_os_str().is_empty() => ".".into(),
        Some(below) => below,
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The folders `tinsmith/runtime` and `app`, gone at the end of the test.
    struct Folders(PathBuf);

    impl Folders {
        fn new(test: &str) -> Self {
            let name = format!("tinsmith-place-{test}-{}", std::process::id());
            let folder = env::temp_dir().join(name);
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(folder.join("tinsmith/runtime")).unwrap();
            fs::create_dir_all(folder.join("app")).unwrap();
            Self(fs::canonicalize(folder).unwrap())
        }

        fn named_from(&self, folder: &str) -> String {
            let (from, to) = (self.0.join(folder), self.0.join("tinsmith/runtime"));
            let path = super::from_manifest(&from, &to).unwrap();
            path.display().to_string()
        }
    }

    impl Drop for Folders {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn names_runtime_from_existing_and_missing_folders() {
        let folders = Folders::new("plain");
        for (folder, expected) in [
            ("app", "../tinsmith/runtime"),
            ("app/sqs", "../../tinsmith/runtime"),
            ("tinsmith/../app/sqs", "../../tinsmith/runtime"),
            ("tinsmith/./target/sqs", "../../runtime"),
            ("gone/../app/../app/a/b", "../../../tinsmith/runtime"),
        ] {
            assert_eq!(folders.named_from(folder), expected, "{folder}");
        }
        // From the current directory, too, as Cargo runs tests in the package's.
        let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime");
        for (folder, expected) in [
            ("../target/a", "../../runtime"),
            ("b", "../../runtime"),
            (".", "../runtime"),
            ("../../app", "runtime"),
        ] {
            let path = super::from_manifest(Path::new(folder), &runtime).unwrap();
            assert!(
                path.ends_with(expected) && path.is_relative(),
                "{folder}: {path:?}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn names_runtime_from_folders_behind_links() {
        use std::os::unix::fs::symlink;
        let folders = Folders::new("links");
        let place = |path: &str| folders.0.join(path);
        fs::create_dir_all(place("disk/deep/er")).unwrap();
        symlink(place("disk/deep/er"), place("app/linked")).unwrap();
        let runtime = place("tinsmith/runtime").display().to_string();
        // The text of a relative path would lead to another folder than its links.
        assert_eq!(folders.named_from("app/linked"), runtime);
        assert_eq!(folders.named_from("app/linked/sqs"), runtime);
        // The folder is disk/deep/sqs, and not app/sqs.
        assert_eq!(
            folders.named_from("app/linked/../sqs"),
            "../../../tinsmith/runtime"
        );
        // A link that holds both.
        symlink(&folders.0, place("disk/all")).unwrap();
        let path = folders.named_from("disk/all/app/sqs");
        assert_eq!(path, "../../tinsmith/runtime");
        // The runtime's own place may be a link.
        symlink(place("tinsmith/runtime"), place("runtime-link")).unwrap();
        let path = super::from_manifest(&place("app"), &place("runtime-link")).unwrap();
        assert_eq!(path, Path::new("../tinsmith/runtime"));
    }
}
