//! The official corpora for profile files and credential providers, and the cache.

mod corpus;
mod profile_files;
