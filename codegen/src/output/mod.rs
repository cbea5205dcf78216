//! The last steps: documentation to rustdoc's Markdown, tokens to formatted text, files to a tree on
//! disk.

pub mod render;
pub mod rustdoc;
pub mod tree;
