//! Writes, compiles and runs the crate around the emitted rules.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use tinsmith_conformance::endpoint::{self, Suite};

use super::super::expected::List;
use crate::Failure;
use crate::conformance::workspace;

/// The outcome of the tests of one suite.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) passed: usize,
    /// Tests that failed as listed.
    pub(crate) listed: usize,
    /// A message for each unexpected result.
    pub(crate) failures: Vec<String>,
}

impl Outcome {
    fn add(&mut self, test: &str, result: Result<(), &str>, is_listed: bool) {
        match (result, is_listed) {
            (Ok(()), false) => self.passed += 1,
            (Err(_), true) => self.listed += 1,
            (Err(failure), false) => self.failures.push(format!("{test}: {failure}")),
            (Ok(()), true) => {
                let advice = "passes; remove it from conformance/expected-failures.txt";
                self.failures.push(format!("{test} {advice}"));
            }
        }
    }
}

/// Builds the suites in `folder` without warnings, runs them, and returns the outcome of each by
/// module.
pub(crate) fn run(
    root: &Path,
    folder: &Path,
    suites: &[Suite],
    expected: &List,
) -> Result<BTreeMap<String, Outcome>, Failure> {
    if suites.is_empty() {
        return Ok(BTreeMap::new());
    }
    endpoint::program(suites, "path = \"../../../../runtime/core\"")
        .map_err(Failure::Work)?
        .write(&folder.join("rules"))
        .map_err(Failure::work)?;
    workspace(root, folder, &["rules".to_owned()])?;
    let printed = printed(folder)?;
    let unreadable = || Failure::Work("cannot read the output of the endpoint tests".to_owned());
    let results = endpoint::read(&printed).ok_or_else(unreadable)?;
    let mut outcomes = BTreeMap::new();
    let mut tests: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for suite in suites {
        let mut outcome = Outcome::default();
        let results = results.get(&*suite.module).ok_or_else(unreadable)?;
        let tests = tests.entry(&suite.name).or_default();
        for (test, result) in suite.names().zip(results) {
            let is_listed = expected.reason(&suite.name, &test).is_some();
            outcome.add(&test, *result, is_listed);
            tests.push(test);
        }
        outcomes.insert(suite.module.clone(), outcome);
    }
    match expected.unknown(&tests)[..] {
        [] => Ok(outcomes),
        ref unknown => Err(Failure::Work(unknown.join("\n"))),
    }
}

/// Builds and runs the program and returns its output. Clippy must also pass without warnings.
fn printed(folder: &Path) -> Result<String, Failure> {
    let package = ["--quiet", "--package", "endpoint-rules"];
    let deny = ["--", "--deny", "warnings"];
    finished(cargo(folder, "clippy").args(package).args(deny), folder)?;
    let printed = finished(cargo(folder, "run").args(package), folder)?;
    String::from_utf8(printed).map_err(Failure::work)
}

fn cargo(folder: &Path, command: &str) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args([command, "--target-dir", "../target"])
        .current_dir(folder)
        // The program is built once and run once, so build time matters most.
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .stderr(Stdio::inherit());
    cargo
}

/// Waits for the program to exit and returns its output.
fn finished(command: &mut Command, folder: &Path) -> Result<Vec<u8>, Failure> {
    let output = command
        .output()
        .map_err(|e| Failure::Work(format!("cannot start cargo: {e}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(Failure::Work(format!(
        "cannot build the endpoint rules or their tests in {}",
        folder.display()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_and_surprises_are_reported_and_listed_failures_are_not() {
        let mut outcome = Outcome::default();
        outcome.add("a", Ok(()), false);
        outcome.add("b", Err("x"), true);
        assert_eq!((outcome.passed, outcome.listed), (1, 1));
        assert!(outcome.failures.is_empty());
        outcome.add("c", Err("x"), false);
        outcome.add("d", Ok(()), true);
        assert_eq!(outcome.failures[0], "c: x");
        assert!(outcome.failures[1].starts_with("d passes; "));
    }
}
