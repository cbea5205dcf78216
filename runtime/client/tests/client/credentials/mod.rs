//! The official corpora for profile files and credentials providers, and the cache.

mod cache;
mod calls;
mod chains;
mod corpus;
mod endpoints;
mod profile_files;
#[cfg(feature = "hyper")]
mod refresh;
mod replay;
mod sources;
