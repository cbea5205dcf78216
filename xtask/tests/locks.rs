//! The lock files of the workspaces beside this one are current: `--locked` builds accept them.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

use std::path::Path;
use std::process::{Command, Output};

/// What `--locked` says of a lock file that would have to change.
const REFUSED: &str = "because --locked was passed";

fn resolve(manifest: &Path, options: &[&str]) -> Output {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    // Resolves against the registry's index alone: no package is downloaded, no file written.
    command.args(["update", "--workspace", "--locked"]);
    command.arg("--manifest-path").arg(manifest).args(options);
    command.output().unwrap()
}

#[test]
fn lock_files_are_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for folder in ["bench", "fuzz"] {
        let manifest = root.join(folder).join("Cargo.toml");
        let stderr = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
        let mut output = resolve(&manifest, &["--offline"]);
        // A machine that never built it may not know the packages' index entries yet.
        if !output.status.success() && !stderr(&output).contains(REFUSED) {
            output = resolve(&manifest, &[]);
        }
        assert!(
            output.status.success(),
            "{folder}/Cargo.lock is not current; run\n  \
             cargo update --workspace --manifest-path {folder}/Cargo.toml\n{}",
            stderr(&output)
        );
    }
}
