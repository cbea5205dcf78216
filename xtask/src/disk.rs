//! Access to files and directories that the user names.

use std::fmt::Display;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use tinsmith_codegen::output::tree::read_file;
use tinsmith_smithy::diagnostic::Diagnostic;

use crate::{Failure, paths};

/// Creates an error for `path`, shown relative to the current directory.
pub(crate) fn failed(path: &Path, fault: impl Display) -> Failure {
    let path = paths::relative_to_cwd(path.to_owned());
    Failure::Work(format!("{}: {fault}", path.display()))
}

/// Creates an error for a failed write. `fault` names the path.
pub(crate) fn write_error(fault: impl Display) -> Failure {
    Failure::Work(format!("cannot write {fault}"))
}

/// Reads a text file.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|fault| read_error(path, &fault))?;
    text(path, bytes)
}

/// Reads a regular text file. Pipes and devices, which may never end, are an error.
pub(crate) fn regular(path: &Path) -> Result<String, Failure> {
    let bytes = read_file(path).map_err(|fault| read_error(path, &fault))?;
    text(path, bytes)
}

/// Decodes the content of the file at `path` as UTF-8. An error names line and column.
pub(crate) fn text(path: &Path, bytes: Vec<u8>) -> Result<String, Failure> {
    // A byte order mark, or a zero byte beside an ASCII character.
    if let [0xfe, 0xff, ..] | [0xff, 0xfe, ..] | [0, _, ..] | [_, 0, ..] = bytes.as_slice() {
        return Err(failed(
            path,
            "encoded as UTF-16 or UTF-32; save it as UTF-8",
        ));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = &error.as_bytes()[..valid];
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |newline| newline + 1);
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let file = paths::relative_to_cwd(path.to_owned())
            .display()
            .to_string();
        let mut fault = Diagnostic::file(file, "not valid UTF-8");
        fault.position = Some((line, 1 + valid - line_start));
        Failure::work(fault)
    })
}

/// Creates an error for a failed read.
pub(crate) fn read_error(path: &Path, fault: &io::Error) -> Failure {
    match fault.kind() {
        ErrorKind::NotFound => failed(path, "no such file"),
        _ if path.is_dir() => failed(path, "is a directory; expected a file"),
        _ => failed(path, fault),
    }
}

/// Returns an error unless `path` is a directory.
pub(crate) fn directory(path: &Path) -> Result<(), Failure> {
    if path.exists() {
        return ensure_dir(path);
    }
    Err(failed(path, "no such directory"))
}

/// Returns an error unless `path` is a directory or can be created as one.
pub(crate) fn ensure_dir(path: &Path) -> Result<(), Failure> {
    let is_there = |path: &&Path| fs::symlink_metadata(path).is_ok();
    match path.ancestors().find(is_there) {
        Some(found) if !found.exists() => Err(failed(found, "dangling symbolic link; remove it")),
        Some(found) if !found.is_dir() => Err(failed(found, "is a file; expected a directory")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(bytes: &[u8]) -> String {
        match text(Path::new("m.json"), bytes.to_vec()) {
            Err(Failure::Work(message)) => message,
            Err(Failure::Usage(message)) => panic!("{message}"),
            Ok(text) => panic!("{text}"),
        }
    }

    #[test]
    fn names_position_of_invalid_utf8() {
        assert_eq!(fault(b"{\n  \xff}"), "m.json:2:3: not valid UTF-8");
        assert_eq!(fault(b"\xff"), "m.json:1:1: not valid UTF-8");
    }

    #[test]
    fn names_wide_encodings() {
        let utf16 = |mark: &str, to_bytes: fn(u16) -> [u8; 2]| {
            let text = format!("{mark}{{}}");
            text.encode_utf16().flat_map(to_bytes).collect::<Vec<u8>>()
        };
        for bytes in [
            utf16("\u{feff}", u16::to_le_bytes),
            utf16("\u{feff}", u16::to_be_bytes),
            utf16("", u16::to_le_bytes),
            utf16("", u16::to_be_bytes),
            b"\0\0\xfe\xff\0\0\0{".to_vec(),
        ] {
            let expected = "m.json: encoded as UTF-16 or UTF-32; save it as UTF-8";
            assert_eq!(fault(&bytes), expected, "{bytes:?}");
        }
    }
}
