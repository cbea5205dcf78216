//! Turns the tests that Smithy models carry into Rust tests: [`protocol`] tests into tests of a
//! generated client, [`endpoint`] tests into a program.
//!
//! `cargo xtask conformance` writes the results, builds and runs them.

pub mod endpoint;
pub mod protocol;
