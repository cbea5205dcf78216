//! Helpers shared by the tests of this repository. No published or vendored crate depends on it
//! outside its tests.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

pub mod server;
mod suites;

pub use suites::{NOT_RUN_LIST, not_run, python, shared, suites_required};
