//! The last steps: tokens to formatted text, and files to a tree on disk.

pub mod render;
pub mod tree;
