//! Test suites that are not part of the repository and may be missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::output::count;
use crate::{Failure, disk};

/// The reasons for tests that did not run.
#[derive(Default)]
pub(crate) struct Skipped(Vec<String>);

impl Skipped {
    /// Adds a reason: what is missing, and how to provide it.
    ///
    /// # Errors
    ///
    /// If the environment requires all suites.
    pub(crate) fn add(&mut self, reason: String) -> Result<(), Failure> {
        missing(&reason)?;
        self.0.push(reason);
        Ok(())
    }

    /// Adds the reasons of the tests in the list of skipped tests.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub(crate) fn add_tests(&mut self, list: &Path) -> Result<(), Failure> {
        if list.exists() {
            self.0.extend(by_reason(&disk::read(list)?));
        }
        Ok(())
    }

    /// Prints a line for each reason.
    pub(crate) fn print(&self) {
        for reason in &self.0 {
            outln!("not run: {reason}");
        }
    }
}

/// Returns the directory that holds the suites, which may not exist: `TINSMITH_SHARED`, else `shared`
/// beside this workspace.
pub(crate) fn shared(root: &Path) -> PathBuf {
    let named = std::env::var_os("TINSMITH_SHARED");
    named.map_or_else(|| root.join("../shared"), PathBuf::from)
}

/// Returns the path of the list to which tests that do not run add themselves, after removing the
/// list of an earlier run.
pub(crate) fn list_path(root: &Path) -> Result<PathBuf, Failure> {
    let list = root.join("target").join("not-run.txt");
    match fs::remove_file(&list) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(disk::failed(&list, error)),
        _ => Ok(list),
    }
}

/// Returns a line for each reason, with the number of tests that did not run because of it.
fn by_reason(list: &str) -> Vec<String> {
    let mut tests: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (reason, test) in list.lines().filter_map(|line| line.split_once('\t')) {
        tests.entry(reason).or_default().insert(test);
    }
    let tests = tests.iter();
    tests
        .map(|(reason, tests)| format!("{}: {reason}", count(tests.len(), "test")))
        .collect()
}

/// Returns an error if the environment requires what is missing.
pub(crate) fn missing(reason: &str) -> Result<(), Failure> {
    check(tinsmith_testing::suites_required(), reason)
}

fn check(is_required: bool, reason: &str) -> Result<(), Failure> {
    if is_required {
        return Err(Failure::Work(format!(
            "cannot run {reason} (TINSMITH_REQUIRE_SUITES is set)"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_suite_is_an_error_where_suites_are_required() {
        assert!(check(false, "the official suites: not found").is_ok());
        let Err(Failure::Work(message)) = check(true, "the official suites: not found") else {
            panic!("not an error");
        };
        assert_eq!(
            message,
            "cannot run the official suites: not found (TINSMITH_REQUIRE_SUITES is set)"
        );
    }

    #[test]
    fn counts_tests_by_reason() {
        let list = "no `b`\tone\nno `a`\tone\nno `b`\ttwo::three\nno `b`\tone\n";
        assert_eq!(by_reason(list), ["1 test: no `a`", "2 tests: no `b`"]);
        assert!(by_reason("").is_empty());
    }
}
