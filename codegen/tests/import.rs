//! Both sources of a model give the same code.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tinsmith_codegen::emit::{CrateOptions, Place, Runtime};
use tinsmith_codegen::generate::generate;
use tinsmith_codegen::lower::Options;
use tinsmith_codegen::output::tree::FileTree;
use tinsmith_smithy::import::{from_smithy, to_text};
use tinsmith_smithy::load::Source;

/// Returns AWS's model of KMS that `model/kms.json` is compared with, imported.
fn shared_kms() -> Option<Value> {
    let path = tinsmith_testing::shared("models/kms-2026-08.json")?;
    let text = fs::read_to_string(path).unwrap();
    let source = Source {
        name: "kms-2026-08.json",
        text: &text,
    };
    Some(from_smithy(source).unwrap().model)
}

/// The proof of the importer: the same overlay on both models gives the same crate.
#[test]
fn both_models_give_the_same_code() {
    let Some(theirs) = shared_kms() else { return };
    // Botocore's examples are its own, and the documentation shows them.
    let without_examples = |mut model: Value| {
        for shape in model["shapes"].as_object_mut().unwrap().values_mut() {
            if let Some(traits) = shape.get_mut("traits").and_then(Value::as_object_mut) {
                traits.remove("smithy.api#examples");
            }
        }
        model
    };
    let theirs = generated(&to_text(&without_examples(theirs)));
    let ours = serde_json::from_str(&read("model/kms.json")).unwrap();
    let ours = generated(&to_text(&without_examples(ours)));
    let files = |tree: &FileTree| -> BTreeMap<String, String> {
        tree.files()
            .map(|(path, text)| (path.to_owned(), text.to_owned()))
            .collect()
    };
    let (ours, theirs) = (files(&ours), files(&theirs));
    let paths: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
    let differing: Vec<_> = paths
        .into_iter()
        .filter(|&path| ours.get(path) != theirs.get(path))
        .collect();
    assert!(differing.is_empty(), "{differing:#?}");
    assert!(ours.len() > 100, "{} files", ours.len());
}

/// A file of the repository.
fn read(path: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::read_to_string(root.join(path)).unwrap()
}

/// The KMS crate of `model` with our overlay.
fn generated(model: &str) -> FileTree {
    let overlay = read("model/kms.overlay.json");
    let sources = [("kms.json", model), ("kms.overlay.json", &*overlay)];
    let sources = sources.map(|(name, text)| Source { name, text });
    let options = Options {
        name: Some("kms".to_owned()),
        source: "model/kms.json".to_owned(),
        operations: None,
        service: None,
    };
    let crate_options = CrateOptions {
        runtime: Runtime::folders("../../runtime/core", "../../runtime/client"),
        place: Place::Workspace,
    };
    generate(&sources, &options, &crate_options).unwrap().tree
}
