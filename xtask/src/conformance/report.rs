//! The table of results, and the unexpected ones.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::Failure;

use super::expected::List;
use super::runner::Outcomes;
use super::suites::Suite;

/// The results of one suite.
pub(super) struct Report {
    name: String,
    form: &'static str,
    tests: Vec<String>,
    passed: usize,
    /// Tests that failed and are not listed, with their output.
    failed: Vec<(String, String)>,
    /// Tests that failed as listed.
    listed: usize,
    /// Tests that passed although they are listed.
    surprises: Vec<String>,
}

impl Report {
    pub(super) fn of(suite: Suite, outcomes: &Outcomes, expected: &List) -> Self {
        let mut report = Self {
            name: suite.name,
            form: suite.form,
            tests: suite.tests,
            passed: 0,
            failed: Vec::new(),
            listed: 0,
            surprises: Vec::new(),
        };
        for test in &report.tests {
            let passed = outcomes.passed.get(test).copied().unwrap_or_default();
            let is_listed = expected.reason(&report.name, test).is_some();
            match (passed, is_listed) {
                (true, false) => report.passed += 1,
                (true, true) => report.surprises.push(test.clone()),
                (false, true) => report.listed += 1,
                (false, false) => {
                    let output = outcomes.output.get(test).cloned().unwrap_or_default();
                    report.failed.push((test.clone(), output));
                }
            }
        }
        report
    }

    fn title(&self) -> String {
        format!("{} {}", self.name, self.form).trim_end().to_owned()
    }

    fn row(&self) -> (String, [usize; 3]) {
        // A listed test that passes is an error, too.
        let failed = self.failed.len() + self.surprises.len();
        (self.title(), [self.passed, failed, self.listed])
    }

    /// Returns a message for each unexpected result.
    fn faults(&self) -> Vec<String> {
        let title = self.title();
        let failed = self.failed.iter().map(|(test, output)| {
            let output = output.trim();
            format!("{title}: {test} failed\n{output}\n")
        });
        let surprises = self.surprises.iter().map(|test| {
            format!("{title}: {test}passes; remove it from conformance/expected-failures.txt")
        });
        failed.chain(surprises).collect()
    }
}

/// Prints the table and the unexpected results.
pub(super) fn print(reports: &[Report], expected: &List) -> Result<(), Failure> {
    let mut faults: Vec<String> = reports.iter().flat_map(Report::faults).collect();
    let mut ran: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for report in reports {
        let tests = ran.entry(&report.name).or_default();
        tests.extend(report.tests.iter().cloned());
    }
    faults.extend(expected.unknown(&ran));
    for fault in &faults {
        outln!("{fault}");
    }
    out!("{}", table(reports));
    match faults.len() {
        0 => Ok(()),
        1 => Err(Failure::Work("1 test has an unexpected result".to_owned())),
        many => Err(Failure::Work(format!(
            "{many} tests have unexpected results"
        ))),
    }
}

fn table(reports: &[Report]) -> String {
    let mut rows: Vec<(String, [usize; 3])> = reports.iter().map(Report::row).collect();
    let total = rows
        .iter()
        .fold([0; 3], |[a, b, c], (_, [x, y, z])| [a + x, b + y, c + z]);
    rows.push(("total".to_owned(), total));
    let width = rows.iter().map(|(title, _)| title.len()).max();
    let width = width.unwrap_or_default();
    let mut text = format!("{:width$}  passed  failed  listed\n", "suite");
    for (title, [passed, failed, listed]) in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{title:width$}  {passed:>6}  {failed:>6}  {listed:>6}"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(expected: &str, passed: &[(&str, bool)]) -> (Report, List) {
        let list = List::parse(expected).unwrap();
        let mut outcomes = Outcomes::default();
        for (test, passed) in passed {
            outcomes.passed.insert((*test).to_owned(), *passed);
        }
        let suite = Suite {
            name: "s".to_owned(),
            form: "flat",
            folder: String::new(),
            tree: tinsmith_codegen::output::tree::FileTree::default(),
            tests: passed.iter().map(|(test, _)| (*test).to_owned()).collect(),
        };
        (Report::of(suite, &outcomes, &list), list)
    }

    #[test]
    fn failures_and_surprises_fail_the_run_and_listed_failures_do_not() {
        let (fine, list) = report("s b r\n", &[("a", true), ("b", false)]);
        assert_eq!(fine.row(), ("s flat".to_owned(), [1, 0, 1]));
        assert!(print(&[fine], &list).is_ok());

        let (failed, list) = report("", &[("a", false)]);
        assert_eq!(failed.row().1, [0, 1, 0]);
        assert!(print(&[failed], &list).is_err());

        let (surprise, list) = report("s a reason\n", &[("a", true)]);
        assert_eq!(surprise.row().1, [0, 1, 0]);
        assert!(print(&[surprise], &list).is_err());
    }

    #[test]
    fn the_table_ends_with_the_total() {
        let (report, _) = report("", &[("a", true), ("b", true)]);
        assert_eq!(
            table(&[report]),
            "suite   passed  failed  listed\n\
             s flat       2       0       0\n\
             total        2       0       0\n"
        );
    }
}
