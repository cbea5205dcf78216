//! What can go wrong, and how it is said.

use std::fmt;
use std::path::Path;

use tinsmith_codegen::diagnostic::{Diagnostic, Diagnostics};

/// Why nothing was imported.
#[derive(Debug)]
pub(crate) enum Error {
    /// The arguments are not right: exit code 2.
    Usage(String),
    /// The source is missing or faulty, or the disk failed: exit code 1.
    Failed(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) => write!(f, "{message} (see `cargo xtask model import --help`)"),
            Self::Failed(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {}

impl From<lexopt::Error> for Error {
    fn from(error: lexopt::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<Diagnostics> for Error {
    fn from(faults: Diagnostics) -> Self {
        Self::Failed(faults.to_string())
    }
}

/// A fault of the file or directory `path`.
pub(super) fn failed(path: &Path, reason: impl fmt::Display) -> Error {
    Diagnostics::from(Diagnostic::file(
        path.display().to_string(),
        reason.to_string(),
    ))
    .into()
}

/// The text of a file; a fault names the line and the column.
pub(super) fn utf8(path: &Path, bytes: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = &error.as_bytes()[..valid];
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |newline| newline + 1);
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let mut fault = Diagnostic::file(path.display().to_string(), "not JSON: not UTF-8");
        fault.position = Some((line, 1 + valid - line_start));
        Diagnostics::from(fault).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf8_are_named_with_their_place() {
        let error = utf8(Path::new("m.json"), b"{\n  \xff}".to_vec()).unwrap_err();
        assert_eq!(error.to_string(), "m.json:2:3: not JSON: not UTF-8");
        let error = utf8(Path::new("m.json"), b"\xff".to_vec()).unwrap_err();
        assert_eq!(error.to_string(), "m.json:1:1: not JSON: not UTF-8");
    }
}
