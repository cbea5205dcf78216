//! Smithy JSON models in, thin Rust client crates out.
//!
//! Data takes one way through this crate: text, [`ast`], IR, Rust files, file tree. Everything but
//! the tree's last step is pure: no disk, no network, no clock.

pub mod ast;
pub mod diagnostic;
pub mod load;
pub mod serialize;
pub mod traits;
