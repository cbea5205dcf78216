//! Where the corpora are, and which of their cases are known to fail.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use serde_json::Value;

/// Lines of `suite/case: reason`; a case listed here that passes fails the run.
const EXPECTED_FAILURES: &str = include_str!("../credentials-expected-failures.txt");

/// Returns a file or directory of the corpora.
#[track_caller]
pub(crate) fn path(name: &str) -> Option<PathBuf> {
    tinsmith_testing::shared(&format!("conformance/credentials/{name}"))
}

/// The content of a JSON file of the corpora.
pub(crate) fn json(name: &str) -> Option<Value> {
    let text = std::fs::read(path(name)?).unwrap();
    Some(serde_json::from_slice(&text).unwrap())
}

/// A string map in JSON; a missing one is empty.
pub(crate) fn strings(value: &Value) -> BTreeMap<String, String> {
    let members = value.as_object().into_iter().flatten();
    members
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect()
}

/// Runs the cases of one suite, each of which panics when it fails, and holds the failures
/// against the list. `count` is how many cases the suite has, so that none gets lost.
pub(crate) fn run<T>(
    suite: &str,
    count: usize,
    cases: impl IntoIterator<Item = (String, T)>,
    check: impl Fn(&str, T),
) {
    let (mut expected, mut faults, mut ran) = (expected_failures(suite), Vec::new(), 0);
    for (name, case) in cases {
        ran += 1;
        let passed = catch_unwind(AssertUnwindSafe(|| check(&name, case))).is_ok();
        match (passed, expected.remove(&name)) {
            (true, true) => faults.push(format!("{name}: passes, but is listed as failing")),
            (false, false) => faults.push(format!("{name}: failed")),
            _ => {}
        }
    }
    faults.extend(
        expected
            .into_iter()
            .map(|name| format!("{name}: listed, but no such case")),
    );
    assert!(faults.is_empty(), "{suite}:\n{}", faults.join("\n"));
    assert_eq!(ran, count, "{suite}: number of cases");
}

fn expected_failures(suite: &str) -> BTreeSet<String> {
    let lines = EXPECTED_FAILURES.lines();
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter_map(|line| {
            let (case, reason) = line.split_once(": ").expect("suite/case: reason");
            assert!(!reason.trim().is_empty(), "{case} has no reason");
            case.strip_prefix(suite)?
                .strip_prefix('/')
                .map(str::to_owned)
        })
        .collect()
}
