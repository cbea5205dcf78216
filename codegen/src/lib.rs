//! Smithy JSON models in, thin Rust client crates out.
//!
//! Data takes one way through this crate: texts, [`Model`](tinsmith_smithy::ast::Model), [`ir`], Rust
//! files, file tree. Everything but the tree's last step is pure: no disk, no network, no clock.

pub mod crate_name;
pub mod cycles;
pub mod diff;
pub mod docs;
pub mod emit;
pub mod fixups;
pub mod generate;
pub mod hint;
pub mod ir;
pub mod lower;
pub mod names;
pub mod output;
mod parallel;
mod text;
