//! The list of expected failures.

use std::collections::BTreeMap;
use std::path::Path;

use crate::{Failure, disk, paths};

/// Reasons by suite and test.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct List(BTreeMap<(String, String), String>);

impl List {
    /// Reads the file.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let name = paths::relative_to_cwd(path.to_owned());
        let name = name.display();
        let text = disk::read(path)?;
        Self::parse(&text).map_err(|fault| Failure::Work(format!("{name}:{fault}")))
    }

    /// Each line contains the suite, the test and the reason. Lines that begin with `#` are
    /// comments.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut list = BTreeMap::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let number = number + 1;
            let mut words = line.splitn(3, ' ');
            let (Some(suite), Some(test), Some(reason)) =
                (words.next(), words.next(), words.next())
            else {
                return Err(format!(
                    "{number}: expected the suite, the test and the reason"
                ));
            };
            let key = (suite.to_owned(), test.to_owned());
            if list.insert(key, reason.trim().to_owned()).is_some() {
                return Err(format!("{number}: {suite} {test} is listed twice"));
            }
        }
        Ok(Self(list))
    }

    /// Returns the reason why the test is expected to fail, if it is.
    pub(super) fn reason(&self, suite: &str, test: &str) -> Option<&str> {
        let key = (suite.to_owned(), test.to_owned());
        self.0.get(&key).map(String::as_str)
    }

    /// Returns a message for each listed test that does not exist in its suite. `ran` contains the
    /// suites that ran, with their tests.
    pub(super) fn unknown(&self, ran: &BTreeMap<&str, Vec<String>>) -> Vec<String> {
        let unknown = self
            .0
            .keys()
            .filter(|(suite, test)| ran.get(&**suite).is_some_and(|tests| !tests.contains(test)));
        unknown
            .map(|(suite, test)| {
                format!(
                    "{suite}: {test} is listed in conformance/expected-failures.txt but does not exist"
                )
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_suite_test_and_reason() {
        let list = List::parse("# comment\n\nawsJson1_0 request::A because of this\n").unwrap();
        assert_eq!(
            list.reason("awsJson1_0", "request::A"),
            Some("because of this")
        );
        assert_eq!(list.reason("awsJson1_1", "request::A"), None);
    }

    #[test]
    fn a_listed_test_must_exist_where_its_suite_ran() {
        let list = List::parse("s a r\ns c r\nother d r\n").unwrap();
        let ran = BTreeMap::from([("s", vec!["a".to_owned()])]);
        let unknown = list.unknown(&ran);
        assert_eq!(unknown.len(), 1);
        assert!(unknown[0].starts_with("s: c is listed"), "{unknown:?}");
    }

    #[test]
    fn a_line_without_reason_or_twice_is_a_fault() {
        assert!(
            List::parse("#\nawsJson1_0 request::A")
                .unwrap_err()
                .starts_with("2: expected")
        );
        let twice = "s request::A x\ns request::A y";
        assert!(
            List::parse(twice)
                .unwrap_err()
                .starts_with("2: s request::A is listed")
        );
    }
}
