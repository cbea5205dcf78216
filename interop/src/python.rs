//! The Python that has the peers.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use tinsmith_testing::python as find;

/// A script of this crate, given by its file name.
pub(crate) fn script(python: &OsStr, name: &str) -> Command {
    let mut command = isolated(python);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(name));
    command
}

/// A command that sees nothing of the user's AWS configuration and proxies.
pub fn isolated(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let upper = name.to_string_lossy().to_uppercase();
        if upper.starts_with("AWS_") || upper.starts_with("MOTO_") || upper.ends_with("_PROXY") {
            command.env_remove(name);
        }
    }
    let nowhere = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("no-such-file");
    command
        .env("AWS_CONFIG_FILE", &nowhere)
        .env("AWS_SHARED_CREDENTIALS_FILE", &nowhere)
        .env("AWS_EC2_METADATA_DISABLED", "true");
    command
}
