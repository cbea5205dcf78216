//! What stands at the places that the user names, and faults that say so.

use std::fmt::Display;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use tinsmith_codegen::output::tree::read_file;
use tinsmith_smithy::diagnostic::Diagnostic;

use crate::{Failure, place};

/// A fault of `path`, which is named as the user would name it.
pub(crate) fn failed(path: &Path, fault: impl Display) -> Failure {
    let path = place::near(path.to_owned());
    Failure::Work(format!("{}: {fault}", path.display()))
}

/// A fault of writing, which names its place.
pub(crate) fn unwritten(fault: impl Display) -> Failure {
    Failure::Work(format!("cannot write {fault}"))
}

/// The text of a file.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|fault| unread(path, &fault))?;
    text(path, bytes)
}

/// The text of a file that ends: of no pipe and no device.
pub(crate) fn regular(path: &Path) -> Result<String, Failure> {
    let bytes = read_file(path).map_err(|fault| unread(path, &fault))?;
    text(path, bytes)
}

/// The text that the bytes of the file at `path` stand for. A fault names line and column.
pub(crate) fn text(path: &Path, bytes: Vec<u8>) -> Result<String, Failure> {
    // A byte order mark says it, and so do zeros in ASCII.
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
        let file = place::near(path.to_owned()).display().to_string();
        let mut fault = Diagnostic::file(file, "not valid UTF-8");
        fault.position = Some((line, 1 + valid - line_start));
        Failure::work(fault)
    })
}

/// Why a file cannot be read.
pub(crate) fn unread(path: &Path, fault: &io::Error) -> Failure {
    match fault.kind() {
        ErrorKind::NotFound => failed(path, "there is no such file"),
        _ if path.is_dir() => failed(path, "it is a directory; name a file"),
        _ => failed(path, fault),
    }
}

/// That a directory is there.
pub(crate) fn directory(path: &Path) -> Result<(), Failure> {
    if path.exists() {
        return room(path);
    }
    Err(failed(path, "there is no such directory"))
}

/// That a directory is there or can be made.
pub(crate) fn room(path: &Path) -> Result<(), Failure> {
    let is_there = |path: &&Path| fs::symlink_metadata(path).is_ok();
    match path.ancestors().find(is_there) {
        Some(found) if !found.exists() => {
            Err(failed(found, "it is a link that leads nowhere; remove it"))
        }
        Some(found) if !found.is_dir() => Err(failed(found, "it is a file; name a directory")),
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
    fn bytes_that_are_not_utf8_are_named_with_their_place() {
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
