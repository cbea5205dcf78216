//! Errors of the shared files.

use std::fmt;
use std::io;

use crate::error::debug_as_display;

/// A malformed line.
#[derive(Clone, PartialEq, Eq)]
pub struct ParseError {
    line: usize,
    message: &'static str,
}

impl ParseError {
    pub(super) fn new(line: usize, message: &'static str) -> Self {
        Self { line, message }
    }

    /// The number of the line, counted from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The error. It never quotes the line, because the line may contain a secret.
    pub fn message(&self) -> &'static str {
        self.message
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

debug_as_display!(ParseError);

impl std::error::Error for ParseError {}

/// A file that cannot be used.
#[derive(Clone, PartialEq, Eq)]
pub struct ProfileError {
    message: String,
}

impl ProfileError {
    pub(super) fn malformed(path: &str, error: ParseError) -> Self {
        let message = format!("could not parse profile file {path}, {error}");
        Self { message }
    }

    pub(super) fn not_utf8(path: &str) -> Self {
        let message = format!("could not parse profile file {path}: the file is not UTF-8");
        Self { message }
    }

    pub(super) fn unreadable(path: &str, error: &io::Error) -> Self {
        let message = format!("could not read profile file {path}: {error}");
        Self { message }
    }
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

debug_as_display!(ProfileError);

impl std::error::Error for ProfileError {}
