//! Writes files atomically.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process;

use crate::Failure;
use crate::disk::failed;

/// Writes all files or none: first under temporary names in the same directories, then renames
/// them.
pub(super) fn write_all(files: &[(&Path, &str)]) -> Result<(), Failure> {
    let mut written = Vec::new();
    let result = write_and_rename(files, &mut written);
    if result.is_err() {
        for temporary in written {
            // Renamed files no longer exist under these names, and only the first error is
            // reported.
            let _ = fs::remove_file(temporary);
        }
    }
    result
}

fn write_and_rename(files: &[(&Path, &str)], written: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for (path, text) in files {
        let temporary = temporary(path);
        written.push(temporary.clone());
        write(&temporary, text)
            .map_err(|error| failed(path, format!("cannot be written: {error}")))?;
    }
    for ((path, _), temporary) in files.iter().zip(written.iter()) {
        fs::rename(temporary, path)
            .map_err(|error| failed(path, format!("cannot be written: {error}")))?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Returns a path in the directory of `path` that no other run of this program uses.
fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}", process::id()))
}
