//! The program with a crate of no more than the six operations of custom key stores.

use std::fs;
use std::path::Path;

use tinsmith_codegen::emit::{CrateOptions, Place, Runtime};

use crate::Result;
use crate::codegen::{crate_root, generated, texts};

/// What DisconnectCustomKeyStore and its relatives are called.
const OPERATIONS: [&str; 6] = [
    "ConnectCustomKeyStore",
    "CreateCustomKeyStore",
    "DeleteCustomKeyStore",
    "DescribeCustomKeyStores",
    "DisconnectCustomKeyStore",
    "UpdateCustomKeyStore",
];

/// Writes the program of `programs/ours` into `folder`, beside a crate of the six operations, with
/// the dependencies of this crate's lock file.
pub fn write(folder: &Path) -> Result<()> {
    let bench = crate_root().join("bench");
    let ours = bench.join("programs/ours");
    let manifest = fs::read_to_string(ours.join("Cargo.toml"))?;
    let manifest = manifest
        .replace("program-ours", "program-six")
        .replace("../../../generated/kms", "kms");
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), manifest + "\n[workspace]\n")?;
    fs::copy(ours.join("src/main.rs"), folder.join("src/main.rs"))?;
    fs::copy(bench.join("Cargo.lock"), folder.join("Cargo.lock"))?;

    let operations = OPERATIONS.map(str::to_owned).to_vec();
    let runtime = crate_root().join("runtime").canonicalize()?;
    let [core, client] = ["core", "client"].map(|name| runtime.join(name).display().to_string());
    let options = CrateOptions {
        runtime: Runtime::folders(&core, &client),
        place: Place::Member,
    };
    let texts = texts(&crate_root().join("model/kms.json"))?;
    let made = generated("kms", &texts, Some(operations), &options)?;
    made.tree
        .write(&folder.join("kms"))
        .map_err(|error| error.to_string())?;
    Ok(())
}
