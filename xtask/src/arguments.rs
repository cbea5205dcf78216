//! Functions for reading arguments.

pub(crate) use tinsmith_codegen::hint::hint;

use crate::Failure;

/// Stores the value of an option. A second value is an error, because one of them would be ignored.
pub(crate) fn once<T>(place: &mut Option<T>, option: &str, value: T) -> Result<(), Failure> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Failure::Usage(format!("`{option}` is given twice"))),
    }
}

/// Returns the entries of a section of a help text with their values, without the explanations.
pub(crate) fn listed<'h>(help: &'h str, section: &str) -> Vec<&'h str> {
    let lines = help.lines().skip_while(|line| *line != section).skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    let entries = lines.filter_map(|line| line.strip_prefix("  "));
    let entries = entries.filter(|entry| !entry.starts_with(' '));
    entries
        .filter_map(|entry| entry.split("  ").next())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_entries_without_explanations() {
        let help =
            "Usage: x\n\nOptions:\n  --a N   first,\n          on two lines\n  -b  last\n\n  c  no";
        assert_eq!(listed(help, "Options:"), ["--a N", "-b"]);
        assert!(listed(help, "Commands:").is_empty());
    }

    #[test]
    fn rejects_second_value() {
        let mut place = None;
        assert!(once(&mut place, "--out", 1).is_ok());
        let Err(Failure::Usage(message)) = once(&mut place, "--out", 2) else {
            panic!("twice");
        };
        assert_eq!(message, "`--out` is given twice");
    }
}
