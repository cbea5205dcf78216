//! Helpers shared by the tests of this repository. No published or vendored crate depends on it
//! outside its tests.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

pub mod fixture;
pub mod server;
mod suites;

use std::error::Error;

pub use suites::{NOT_RUN_LIST, not_run, python, shared, suites_required};

/// Returns the text of an error and of all its causes, separated by `: `.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
