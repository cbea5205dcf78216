//! Suites that are not part of the repository, and so may be missing.

use crate::Failure;

/// The variable that makes a missing suite an error.
const REQUIRED: &str = "TINSMITH_REQUIRE_SUITES";

/// What did not run.
#[derive(Default)]
pub(crate) struct Skipped(Vec<String>);

impl Skipped {
    /// Notes what is missing, why, and how to make it run.
    ///
    /// # Errors
    ///
    /// If the environment requires all suites.
    pub(crate) fn add(&mut self, reason: String) -> Result<(), Failure> {
        missing(&reason)?;
        self.0.push(reason);
        Ok(())
    }

    /// Prints a line for each.
    pub(crate) fn print(&self) {
        for reason in &self.0 {
            outln!("not run: {reason}");
        }
    }
}

/// Returns an error if the environment requires what is missing.
pub(crate) fn missing(reason: &str) -> Result<(), Failure> {
    let required = std::env::var_os(REQUIRED);
    check(required.is_some_and(|value| !value.is_empty()), reason)
}

fn check(is_required: bool, reason: &str) -> Result<(), Failure> {
    if is_required {
        return Err(Failure::Work(format!(
            "cannot run {reason} ({REQUIRED} is set)"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_suite_is_an_error_where_suites_are_required() {
        assert!(check(false, "the official suites: they are not there").is_ok());
        let Err(Failure::Work(message)) = check(true, "the official suites: they are not there")
        else {
            panic!("not an error");
        };
        assert_eq!(
            message,
            "cannot run the official suites: they are not there (TINSMITH_REQUIRE_SUITES is set)"
        );
    }
}
