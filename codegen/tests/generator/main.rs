//! The way from a model's text to a crate's files, layer by layer.
//!
//! The snapshots are read like code: a change of the generator shows in them, in a few lines, before
//! it shows in `generated/`.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

mod authentication;
mod bad_input;
mod determinism;
mod emitting;
mod explaining;
mod hostile;
mod inputs;
mod lowering;
mod names;
mod pruning;
mod robustness;
mod streams;

use std::path::{Path, PathBuf};

use tinsmith_codegen::emit::{CrateOptions, Place, Runtime};
use tinsmith_codegen::generate::{Generated, generate};
use tinsmith_codegen::ir::Service;
use tinsmith_codegen::lower::{Options, Role, lower};
use tinsmith_smithy::diagnostic::Diagnostics;
use tinsmith_smithy::load::{Source, load};

fn options(operations: Option<&[&str]>) -> Options {
    Options {
        name: Some("fixture".to_owned()),
        source: "model/fixture.json".to_owned(),
        operations: operations.map(|names| names.iter().map(|&name| name.to_owned()).collect()),
        service: None,
    }
}

/// Lowers a model that has no fault.
#[track_caller]
fn lowered(text: &str) -> Service {
    let name = "fixture.json";
    let loaded = load(&[Source { name, text }]).unwrap_or_else(|faults| panic!("{faults}"));
    lower(&loaded.model, Role::Client, &options(None)).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Generates a crate, of all operations or of some.
fn try_generate(text: &str, operations: Option<&[&str]>) -> Result<Generated, Diagnostics> {
    let name = "fixture.json";
    let crate_options = CrateOptions {
        runtime: Runtime::folders("../../runtime/core", "../../runtime/client"),
        place: Place::Workspace,
    };
    generate(
        &[Source { name, text }],
        &options(operations),
        &crate_options,
    )
}

/// Generates the crate of a model that has no fault.
#[track_caller]
fn generated(text: &str) -> Generated {
    try_generate(text, None).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The models of the repository's own, by path.
fn own_models() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../model");
    let models = json_files(&folder);
    let is_model = |path: &PathBuf| !path.to_string_lossy().ends_with(".overlay.json");
    models.into_iter().filter(is_model).collect()
}

/// The JSON files in a folder, sorted.
fn json_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    files.sort();
    assert!(!files.is_empty(), "no model in {}", folder.display());
    files
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}
