//! Builds the tests and runs them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::Failure;

use super::suites::Suite;

/// The results of the tests of one suite.
#[derive(Default)]
pub(super) struct Outcomes {
    /// Whether each test passed, by name.
    pub(super) passed: BTreeMap<String, bool>,
    /// The output of each failed test.
    pub(super) output: BTreeMap<String, String>,
}

/// Builds all test programs of the workspace in `folder` and returns them by the name of their
/// crate's folder. Cargo's output shows the progress.
///
/// The features of the runtime that need a transport are turned off, because nothing is sent.
pub(super) fn build(folder: &Path) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(folder)
        .args(["test", "--workspace", "--no-run", "--no-default-features"])
        .args(["--test", "protocol", "--message-format"])
        .args(["json-render-diagnostics", "--target-dir", "target"])
        // The program is built once and run once, so build time matters most.
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| Failure::Work(format!("cargo: {e}")))?;
    if !output.status.success() {
        return Err(Failure::Work(format!(
            "cannot build the generated clients or their tests in {}",
            folder.display()
        )));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter_map(program).collect())
}

/// Returns the test program in a line of cargo's messages, if any.
fn program(line: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(line).ok()?;
    let executable = message.get("executable")?.as_str()?;
    let manifest = Path::new(message.get("manifest_path")?.as_str()?);
    let folder = manifest.parent()?.file_name()?.to_str()?;
    Some((folder.to_owned(), PathBuf::from(executable)))
}

/// Runs the tests of one suite.
pub(super) fn run(
    suite: &Suite,
    programs: &BTreeMap<String, PathBuf>,
) -> Result<Outcomes, Failure> {
    let program = programs
        .get(&suite.folder)
        .ok_or_else(|| Failure::Work(format!("{}: cargo built no tests", suite.folder)))?;
    // A backtrace of a failed assertion is not useful.
    let output = Command::new(program)
        .env("RUST_BACKTRACE", "0")
        .output()
        .map_err(|e| Failure::Work(format!("{}: {e}", program.display())))?;
    let outcomes = read(&String::from_utf8_lossy(&output.stdout));
    let missing = suite
        .tests
        .iter()
        .find(|test| !outcomes.passed.contains_key(*test));
    match missing {
        None => Ok(outcomes),
        Some(test) => Err(Failure::Work(format!(
            "{}: the test {test} did not finish ({})",
            suite.folder, output.status
        ))),
    }
}

/// Parses the output of libtest.
fn read(text: &str) -> Outcomes {
    let mut outcomes = Outcomes::default();
    let mut failed: Option<&str> = None;
    for line in text.lines() {
        let result = line.strip_prefix("test ");
        if let Some((name, result)) = result.and_then(|rest| rest.split_once(" ... ")) {
            outcomes.passed.insert(name.to_owned(), result == "ok");
        } else if let Some(name) = line
            .strip_prefix("---- ")
            .and_then(|rest| rest.strip_suffix(" stdout ----"))
        {
            failed = Some(name);
        } else if line == "failures:" {
            failed = None;
        } else if let Some(name) = failed {
            let output = outcomes.output.entry(name.to_owned()).or_default();
            output.push_str(line);
            output.push('\n');
        }
    }
    outcomes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_output_of_libtest() {
        let text = "\nrunning 2 tests\ntest request::A ... ok\ntest response::B ... FAILED\n\n\
                    failures:\n\n---- response::B stdout ----\n\nthread panicked\nleft: 1\n\n\n\
                    failures:\n    response::B\n\ntest result: FAILED. 1 passed; 1 failed\n";
        let outcomes = read(text);
        let passed: Vec<_> = outcomes.passed.iter().collect();
        assert_eq!(
            passed,
            [
                (&"request::A".to_owned(), &true),
                (&"response::B".to_owned(), &false)
            ]
        );
        let output = outcomes.output.get("response::B").map(|text| text.trim());
        assert_eq!(output, Some("thread panicked\nleft: 1"));
    }

    #[test]
    fn finds_the_programs_among_cargos_messages() {
        let line = r#"{"reason":"compiler-artifact","manifest_path":"/w/kitchen-sink/Cargo.toml",
            "executable":"/w/target/debug/deps/protocol-1"}"#;
        let found = program(&line.replace('\n', ""));
        assert_eq!(
            found,
            Some((
                "kitchen-sink".to_owned(),
                PathBuf::from("/w/target/debug/deps/protocol-1")
            ))
        );
        assert_eq!(
            program(r#"{"executable":null,"manifest_path":"/w/a/Cargo.toml"}"#),
            None
        );
        assert_eq!(
            program(r#"{"reason":"build-finished","success":true}"#),
            None
        );
    }
}
