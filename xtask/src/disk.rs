//! What stands at the places that the user names, and faults that say so.

use std::fmt::Display;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

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
    fs::read_to_string(path).map_err(|fault| unread(path, &fault))
}

/// Why a file cannot be read.
pub(crate) fn unread(path: &Path, fault: &io::Error) -> Failure {
    match fault.kind() {
        ErrorKind::NotFound => failed(path, "there is no such file"),
        ErrorKind::InvalidData => failed(path, "it is no text in UTF-8"),
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
    if path.exists() && !path.is_dir() {
        return Err(failed(path, "it is a file; name a directory"));
    }
    Ok(())
}
