//! The official corpora for profile files and credential providers, and the cache.

#![cfg(feature = "default-chain")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in tests, but not in their helpers"
)]

mod cache;
mod calls;
mod chains;
mod corpus;
mod endpoints;
mod profile_files;
#[cfg(all(feature = "hyper", feature = "test-util"))]
mod refresh;
mod replay;
mod sources;
mod world;
