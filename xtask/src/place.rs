//! Where things stand: the workspace, and paths as the user and as Cargo write them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Failure;

/// The way from `from` to `to`, so that a tree of crates can be moved as one.
pub(crate) fn relative(from: &Path, to: &Path) -> Result<PathBuf, Failure> {
    let from = std::path::absolute(from).map_err(Failure::work)?;
    let to = fs::canonicalize(to).map_err(Failure::work)?;
    let common = from
        .components()
        .zip(to.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = from.components().skip(common).map(|_| "..");
    let down = to
        .components()
        .skip(common)
        .map(|part| part.as_os_str().to_owned());
    Ok(up.map(Into::into).chain(down).collect())
}

/// The workspace's folder.
pub(crate) fn root() -> Result<PathBuf, Failure> {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .ok_or_else(|| Failure::Work("run it as `cargo xtask`, in the workspace".to_owned()))?;
    let parent = Path::new(&manifest).parent().map(Path::to_owned);
    parent.ok_or_else(|| Failure::Work("xtask stands in no workspace".to_owned()))
}

/// A path as the user would write it: from where they stand, if it is below.
pub(crate) fn near(path: PathBuf) -> PathBuf {
    let below = std::env::current_dir().ok();
    let below = below.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    match below {
        Some(here) if here.as_os_str().is_empty() => ".".into(),
        Some(below) => below,
        None => path,
    }
}
