//! How faults of files are said.

use std::path::Path;

use tinsmith_codegen::diagnostic::Diagnostic;

use crate::Failure;

/// The text of a file; a fault names the line and the column.
pub(super) fn utf8(path: &Path, bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = &error.as_bytes()[..valid];
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |newline| newline + 1);
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let mut fault = Diagnostic::file(path.display().to_string(), "not valid JSON: not UTF-8");
        fault.position = Some((line, 1 + valid - line_start));
        Failure::work(fault)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf8_are_named_with_their_place() {
        for (bytes, place) in [(&b"{\n  \xff}"[..], "2:3"), (b"\xff", "1:1")] {
            let Err(Failure::Work(message)) = utf8(Path::new("m.json"), bytes.to_vec()) else {
                panic!("{place}");
            };
            assert_eq!(
                message,
                format!("m.json:{place}: not valid JSON: not UTF-8")
            );
        }
    }
}
