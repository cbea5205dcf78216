//! The list of expected results of the field cases.

use std::collections::BTreeMap;
use std::path::Path;

use crate::{Failure, disk, paths};

/// The expected result of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A crate is generated without warnings.
    Generates,
    /// The model is rejected with an error that contains this text: a shape, or a position in the
    /// file.
    Rejected(String),
}

/// Reads the file and returns the verdicts by the stem of the model's file.
pub(super) fn read(path: &Path) -> Result<BTreeMap<String, Verdict>, Failure> {
    let name = paths::relative_to_cwd(path.to_owned());
    let text = disk::read(path)?;
    parse(&text).map_err(|fault| Failure::Work(format!("{}:{fault}", name.display())))
}

/// Each line contains the model, `generates` or `rejected TEXT`, a colon and the reason. Lines that
/// begin with `#` are comments.
fn parse(text: &str) -> Result<BTreeMap<String, Verdict>, String> {
    let mut verdicts = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let number = number + 1;
        let (facts, reason) = line.split_once(": ").unwrap_or((line, ""));
        let (name, verdict) = match facts.split(' ').collect::<Vec<_>>()[..] {
            [name, "generates"] if !reason.is_empty() => (name, Verdict::Generates),
            [name, "rejected", named] if !reason.is_empty() => {
                (name, Verdict::Rejected(named.to_owned()))
            }
            _ => {
                return Err(format!(
                    "{number}: expected `MODEL generates: REASON` or `MODEL rejected NAME: REASON`"
                ));
            }
        };
        if verdicts.insert(name.to_owned(), verdict).is_some() {
            return Err(format!("{number}: duplicate model `{name}`"));
        }
    }
    Ok(verdicts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_model_verdict_and_reason() {
        let text = "# comment\n\na generates: fine\nb-1.5 rejected x#Y$z: no such: value\n";
        let expected = [
            ("a".to_owned(), Verdict::Generates),
            ("b-1.5".to_owned(), Verdict::Rejected("x#Y$z".to_owned())),
        ];
        assert_eq!(parse(text), Ok(BTreeMap::from(expected)));
    }

    #[test]
    fn rejects_line_without_verdict_or_reason_and_duplicates() {
        for (text, fault) in [
            ("a generates", "1: expected"),
            ("#\na rejected: why", "2: expected"),
            ("a b: why", "1: expected"),
            ("a generates: x\na generates: y", "2: duplicate"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(fault), "{text:?}: {error}");
        }
    }
}
