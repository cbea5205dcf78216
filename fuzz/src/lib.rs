//! What the fuzzer runs: one function a target, which panics when something is wrong.
//!
//! They are plain functions, so that a test on any toolchain can call them, too: xtask/tests/fuzz.rs
//! runs [`TARGETS`] on the seeds and on what it makes of them.

pub mod credentials;
pub mod endpoint;
pub mod error;
pub mod event_stream;
pub mod http;
pub mod json;
pub mod machine;
pub mod model;
pub mod profile;
pub mod proxy;
pub mod response;
pub mod sso_cache;
pub mod sts;

/// A target.
pub type Target = fn(&[u8]);

/// The targets by their names, which are those of their seeds' folders and of their files under
/// fuzz_targets.
pub const TARGETS: [(&str, Target); 11] = [
    ("credentials", credentials::run),
    ("endpoint", endpoint::run),
    ("error", error::run),
    ("event_stream", event_stream::run),
    ("json", json::run),
    ("model", model::run),
    ("profile", profile::run),
    ("proxy", proxy::run),
    ("response", response::run),
    ("sso_cache", sso_cache::run),
    ("sts", sts::run),
];
