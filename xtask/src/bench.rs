//! `cargo xtask bench`: the benchmarks, which are a workspace of their own under bench/.

use crate::test::cargo;
use crate::{Failure, codegen};

/// Runs the benchmarks in release mode with the arguments given; `--peer` is theirs and a feature.
pub(crate) fn run(mut parser: lexopt::Parser) -> Result<(), Failure> {
    let root = codegen::root()?;
    let given = parser.raw_args()?;
    let given: Vec<String> = given
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let peer = given.iter().any(|word| word == "--peer");
    let mut arguments = vec![
        "run",
        "--release",
        "--quiet",
        "--manifest-path",
        "bench/Cargo.toml",
    ];
    if peer {
        arguments.extend(["--features", "peer"]);
    }
    arguments.push("--");
    arguments.extend(
        given
            .iter()
            .map(String::as_str)
            .filter(|word| *word != "--peer"),
    );
    cargo(&root, &arguments, &[])
}
