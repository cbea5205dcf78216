//! A crate of its own around the emitted rules: written, compiled, and run.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use tinsmith_codegen::endpoint_tests::Suite;
use tinsmith_codegen::output::tree::FileTree;

use crate::Failure;
use crate::conformance::workspace;

/// What the program does with the cases: compares, and prints a line for each suite and failure.
const HARNESS: &str = include_str!("harness.rs");

/// What came of the tests of one suite.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// How many tests were as expected, outdated ones not counted.
    pub(crate) passed: usize,
    /// Tests that hold no longer, and failed as they must.
    pub(crate) outdated: usize,
    /// What was not as expected, a text each.
    pub(crate) failures: Vec<String>,
}

/// Builds the suites in `folder` without a warning, runs them, and returns what came of each, by its
/// module.
pub(crate) fn run(
    root: &Path,
    folder: &Path,
    suites: &[Suite],
) -> Result<BTreeMap<String, Outcome>, Failure> {
    if suites.is_empty() {
        return Ok(BTreeMap::new());
    }
    tree(suites)?
        .write(&folder.join("rules"))
        .map_err(Failure::work)?;
    workspace(root, folder, &["rules".to_owned()])?;
    let output = program(folder)?;
    let mut outcomes: BTreeMap<String, Outcome> = BTreeMap::new();
    for line in output.lines() {
        match line.split('\t').collect::<Vec<_>>()[..] {
            ["suite", name, passed, outdated] => {
                let outcome = outcomes.entry(name.to_owned()).or_default();
                outcome.passed = number(passed)?;
                outcome.outdated = number(outdated)?;
            }
            ["failed", name, ref text @ ..] => {
                let outcome = outcomes.entry(name.to_owned()).or_default();
                outcome.failures.push(text.join("\t"));
            }
            _ => return Err(unexpected(line)),
        }
    }
    Ok(outcomes)
}

fn number(text: &str) -> Result<usize, Failure> {
    text.parse().map_err(|_| unexpected(text))
}

fn unexpected(text: &str) -> Failure {
    Failure::Work(format!(
        "the endpoint tests printed `{text}`, which they do not say"
    ))
}

/// The crate: a module for each suite, and the program that asks them.
fn tree(suites: &[Suite]) -> Result<FileTree, Failure> {
    let mut tree = FileTree::default();
    let mut modules =
        "//! Endpoint rules.\n#![deny(warnings, missing_docs, unreachable_pub)]\n".to_owned();
    let mut main = format!("#![allow(unused_mut)]\nuse endpoint_rules::*;\n{HARNESS}");
    let mut calls = String::new();
    for suite in suites {
        let module = &suite.module;
        let rules = suite.rules().map_err(Failure::Work)?;
        tree.insert(format!("src/{module}.rs"), rules);
        modules.push_str(&format!("pub mod {module};\n"));
        main.push_str(&suite.tests().map_err(Failure::Work)?);
        calls.push_str(&format!("    check({module:?}, {module}());\n"));
    }
    main.push_str(&format!("fn main() {{\n{calls}}}\n"));
    tree.insert("Cargo.toml", MANIFEST);
    tree.insert("src/lib.rs", modules);
    tree.insert("src/main.rs", main);
    Ok(tree)
}

const MANIFEST: &str = r#"[package]
name = "endpoint-rules"
version = "0.0.0"
edition = "2024"
rust-version = "1.85"

[dependencies]
tinsmith-runtime = { path = "../../../../runtime", default-features = false }
"#;

/// Builds the program and gives what it prints. What is emitted must be to clippy's liking, too.
fn program(folder: &Path) -> Result<String, Failure> {
    let lib = ["--quiet", "--lib", "--package", "endpoint-rules"];
    let deny = ["--", "--deny", "warnings"];
    finished(cargo(folder, "clippy").args(lib).args(deny), folder)?;
    let package = ["--quiet", "--package", "endpoint-rules"];
    let printed = finished(cargo(folder, "run").args(package), folder)?;
    String::from_utf8(printed).map_err(Failure::work)
}

fn cargo(folder: &Path, command: &str) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args([command, "--target-dir", "../target"])
        .current_dir(folder)
        // Built once and run once: what counts is the time to build.
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .stderr(Stdio::inherit());
    cargo
}

/// Waits for the end and gives the output.
fn finished(command: &mut Command, folder: &Path) -> Result<Vec<u8>, Failure> {
    let output = command
        .output()
        .map_err(|e| Failure::Work(format!("cargo does not start: {e}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(Failure::Work(format!(
        "the endpoint rules or their tests do not build; they are in {}",
        folder.display()
    )))
}
