//! Endpoint rules, from the trait's value to the answer of the emitted code.
//!
//! Every rule set and every table of the official corpus, and of AWS's own models, is emitted into
//! one crate, which is compiled without a warning and answers the tests that stand beside the rules.
//! Rule sets that no file of ours has seen come from botocore, with botocore's answers.

#![allow(clippy::unwrap_used)]

mod own;
mod peer;
mod project;
mod suite;

use std::path::{Path, PathBuf};

use serde_json::Value;
use suite::Suite;

#[test]
fn emitted_code_answers_as_the_models_say() {
    let mut suites = own::suites();
    suites.extend(corpus());
    suites.extend(peer::suites());
    for (name, lines) in project::check(&suites) {
        println!("{name}: {lines}");
    }
}

/// The suites of the conformance files and models.
fn corpus() -> Vec<Suite> {
    let Ok(shared) = std::env::var("TINSMITH_SHARED") else {
        eprintln!("skipped: set TINSMITH_SHARED to the directory that holds conformance/");
        return Vec::new();
    };
    let shared = PathBuf::from(shared);
    let folders = [
        ("rules", "conformance/endpoints/rules-engine-tests"),
        ("table", "conformance/endpoints/rules-engine-tests-bdd"),
        ("model", "models"),
    ];
    let mut suites = Vec::new();
    for (prefix, folder) in folders {
        for file in files(&shared.join(folder)) {
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            suites.extend(of_model(&format!("{prefix} {name}"), &read(&file)));
        }
    }
    assert!(
        suites.len() >= 24 + 12,
        "the corpus is incomplete: {} suites",
        suites.len()
    );
    suites
}

/// The suites of one model: its rule set and its table, each with the same tests.
fn of_model(name: &str, model: &Value) -> Vec<Suite> {
    let shapes = model["shapes"].as_object().unwrap();
    let service = shapes
        .values()
        .find(|shape| shape["type"] == "service")
        .unwrap();
    let traits = &service["traits"];
    let tests = &traits["smithy.rules#endpointTests"];
    let mut suites = Vec::new();
    if let Some(rules) = traits.get("smithy.rules#endpointRuleSet") {
        let rules = tinsmith_codegen::endpoint::parse_rule_set(rules).unwrap();
        suites.push(Suite::new(&format!("{name} tree"), rules, tests));
    }
    if let Some(bdd) = traits.get("smithy.rules#endpointBdd") {
        let rules = tinsmith_codegen::endpoint::parse_bdd(bdd).unwrap();
        suites.push(Suite::new(&format!("{name} bdd"), rules, tests));
    }
    suites
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn read(file: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}
