//! Smithy JSON models in, thin Rust client crates out.
//!
//! Data takes one way through this crate: text, [`ast`], [`ir`], Rust files, file tree. Everything but
//! the tree's last step is pure: no disk, no network, no clock.

pub mod ast;
pub mod cycles;
mod decimal;
mod default_value;
pub mod diagnostic;
pub mod diff;
pub mod docs;
pub mod emit;

pub mod endpoint_tests;
pub mod fixups;
pub mod generate;
pub mod import;
pub mod ir;
pub mod load;
pub mod lower;
pub mod names;
mod parallel;
pub mod protocol_tests;
pub mod render;
pub mod serialize;
mod text;
mod timestamp;
pub mod traits;
pub mod tree;
