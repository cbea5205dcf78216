//! `cargo xtask models`: crates from every model of a directory, held against clippy and rustdoc.

use std::fs;
use std::path::{Path, PathBuf};

use crate::test::{cargo, step};
use crate::{Failure, codegen};

const HELP: &str = "\
Generate a crate from every model of a directory; all must pass clippy and rustdoc without a warning.

Usage: cargo xtask models DIR

The crates go to target/models, a workspace of its own.

Example:
  cargo xtask models ../shared/models
";

/// Runs the command.
pub(crate) fn run(mut parser: lexopt::Parser) -> Result<(), Failure> {
    let mut folder = None;
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Short('h') | lexopt::Arg::Long("help") => {
                print!("{HELP}");
                return Ok(());
            }
            lexopt::Arg::Value(path) if folder.is_none() => folder = Some(PathBuf::from(path)),
            other => return Err(other.unexpected().into()),
        }
    }
    let folder = folder.ok_or_else(|| Failure::Usage("which directory of models?".to_owned()))?;
    check(&codegen::root()?, &folder)
}

/// Generates and checks the crates of all models in `folder`.
pub(crate) fn check(root: &Path, folder: &Path) -> Result<(), Failure> {
    let out = root.join("target").join("models");
    let mut members = Vec::new();
    for model in models(folder)? {
        let name = model
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        codegen::generate_member(root, &model, &out.join(&name), &name)?;
        members.push(name);
    }
    if members.is_empty() {
        return Err(Failure::Work(format!(
            "{}: there is no model in it",
            folder.display()
        )));
    }
    workspace(root, &out, &members)?;
    step("clippy on the crates of all models");
    cargo(
        &out,
        &[
            "clippy",
            "--quiet",
            "--workspace",
            "--",
            "--deny",
            "warnings",
        ],
        &[],
    )?;
    step("rustdoc on the crates of all models");
    let deny = [("RUSTDOCFLAGS", "--deny warnings".to_owned())];
    cargo(&out, &["doc", "--quiet", "--workspace", "--no-deps"], &deny)
}

fn models(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let at = |e| Failure::Work(format!("{}: {e}", folder.display()));
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// One workspace for all, with this one's lock file, so that nothing new is resolved.
pub(crate) fn workspace(root: &Path, out: &Path, members: &[String]) -> Result<(), Failure> {
    let list: Vec<String> = members.iter().map(|name| format!("{name:?}")).collect();
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n",
        list.join(", ")
    );
    let write = |name: &str, text: &[u8]| {
        let path = out.join(name);
        fs::write(&path, text).map_err(|e| Failure::Work(format!("{}: {e}", path.display())))
    };
    write("Cargo.toml", manifest.as_bytes())?;
    let lock = root.join("Cargo.lock");
    let lock = fs::read(&lock).map_err(|e| Failure::Work(format!("{}: {e}", lock.display())))?;
    write("Cargo.lock", &lock)
}
