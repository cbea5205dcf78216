//! `cargo xtask platforms`: checks that the core compiles for other platforms.

use std::path::Path;
use std::process::Command;

use crate::{Failure, paths, test};

const HELP: &str = "\
Check that tinsmith-core compiles for platforms without sockets or files, and for Windows.

Usage: cargo xtask platforms

Checks wasm32-unknown-unknown and x86_64-pc-windows-gnu. A target that is not installed is skipped
with a note. `rustup target add TARGET` installs one.

Example:
  cargo xtask platforms
";

/// The platforms that the core supports, in addition to the development platform.
const TARGETS: [&str; 2] = ["wasm32-unknown-unknown", "x86_64-pc-windows-gnu"];

/// Runs the command.
pub(crate) fn run(mut parser: lexopt::Parser) -> Result<(), Failure> {
    use lexopt::Arg::{Long, Short};
    match parser.next()? {
        Some(Short('h') | Long("help")) => {
            out!("{HELP}");
            Ok(())
        }
        Some(other) => Err(other.unexpected().into()),
        None => check(&paths::root()?),
    }
}

/// Checks the core for every target that is installed.
fn check(root: &Path) -> Result<(), Failure> {
    for target in TARGETS {
        if !is_installed(target)? {
            outln!("{target}: not checked, because it is not installed");
            continue;
        }
        let package = ["check", "--package", "tinsmith-core", "--all-features"];
        test::cargo(root, &[&package[..], &["--target", target]].concat(), &[])?;
        outln!("{target}: tinsmith-core compiles");
    }
    Ok(())
}

/// Returns whether the standard library of a target is installed.
fn is_installed(target: &str) -> Result<bool, Failure> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--print", "target-libdir", "--target", target])
        .output()
        .map_err(|e| Failure::Work(format!("cannot start rustc: {e}")))?;
    let folder = String::from_utf8_lossy(&output.stdout);
    Ok(output.status.success() && Path::new(folder.trim()).is_dir())
}
