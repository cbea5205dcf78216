//! Why a body could not be read.

use std::fmt;

use super::debug_as_display;

/// A body does not have the form that was expected.
///
/// It says what was expected and where, and never repeats the body, which may hold secrets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ReadError {
    expected: &'static str,
    offset: usize,
}

impl ReadError {
    /// `expected` completes the sentence "expected ..."; `offset` counts bytes from the start of
    /// the body.
    #[must_use]
    pub const fn new(expected: &'static str, offset: usize) -> Self {
        Self { expected, offset }
    }

    /// What was expected, such as `a string`.
    #[must_use]
    pub const fn expected(&self) -> &'static str {
        self.expected
    }

    /// How many bytes of the body come before the place.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} at byte {}", self.expected, self.offset)
    }
}

debug_as_display!(ReadError);

impl std::error::Error for ReadError {}
