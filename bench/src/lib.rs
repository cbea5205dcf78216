//! The parts of the benchmarks; see `cargo xtask bench --help`.

pub mod answers;
pub mod build;
pub mod call;
pub mod check;
pub mod codegen;
pub mod json;
pub mod measure;
pub mod ours;
#[cfg(feature = "peer")]
pub mod peer;
pub mod programs;
pub mod raw;
pub mod readme;
pub mod server;
pub mod six;

/// What the subjects fail with.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
