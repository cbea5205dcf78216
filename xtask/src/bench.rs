//! `cargo xtask bench`: the benchmarks, which are a workspace of their own under bench/.

use std::process::Command;

use crate::test::{cargo, step};
use crate::{Failure, codegen};

/// The benchmarks' own text: printing it must not build them.
const HELP: &str = include_str!("../../bench/help.txt");

/// Runs the benchmarks in release mode with the arguments given; `--peer` is theirs and a feature of
/// them.
pub(crate) fn run(mut parser: lexopt::Parser) -> Result<(), Failure> {
    let root = codegen::root()?;
    let given = parser.raw_args()?;
    let given: Vec<String> = given
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    if matches!(
        given.first().map(String::as_str),
        None | Some("help" | "-h" | "--help")
    ) {
        out!("{HELP}");
        return Ok(());
    }
    step("the benchmarks, built in release mode, which takes minutes the first time");
    let manifest = ["--manifest-path", "bench/Cargo.toml"];
    let mut build = vec!["build", "--release", "--quiet"];
    build.extend(manifest);
    if given.iter().any(|word| word == "--peer") {
        build.extend(["--features", "peer"]);
    }
    cargo(&root, &build, &[])?;
    let program = root.join("bench/target/release/tinsmith-bench");
    let status = Command::new(&program)
        .args(&given)
        .current_dir(&root)
        .status()
        .map_err(|e| Failure::Work(format!("{}: {e}", program.display())))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::Work("the benchmarks failed: see above".to_owned()))
}
