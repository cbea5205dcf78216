//! The importer against AWS's own models, which stand outside of the repository.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use tinsmith_smithy::import::{from_smithy, normalize, to_text};
use tinsmith_smithy::load::{Source, load};

/// Returns AWS's Smithy models by file name.
fn shared_models() -> Option<Vec<(String, String)>> {
    let mut models: Vec<_> = fs::read_dir(tinsmith_testing::shared("models")?)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                fs::read_to_string(entry.path()).unwrap(),
            )
        })
        .collect();
    models.sort();
    Some(models)
}

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

#[test]
fn models_of_aws_load_after_the_import_and_are_normal() {
    let Some(models) = shared_models() else {
        return;
    };
    for (name, text) in models {
        let import = from_smithy(Source {
            name: &name,
            text: &text,
        })
        .unwrap();
        let normal = to_text(&import.model);
        assert!(!normal.contains("documentation\""), "{name} keeps prose");
        assert_eq!(to_text(&normalize(import.model.clone())), normal, "{name}");
        let loaded = load(&[Source {
            name: &name,
            text: &normal,
        }])
        .unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!(loaded.warnings, [], "{name}");
    }
}

/// What AWS's model says and botocore does not.
const ONLY_IN_SMITHY: &[&str] = &[
    // Codes and HTTP statuses of errors: botocore has dropped them from this service.
    "aws.protocols#awsQueryError",
    "smithy.api#httpError",
    "smithy.rules#endpointBdd",
    "smithy.rules#endpointTests",
];

/// What the two say differently: botocore's examples are its own, and its identity of the service
/// lacks names that no client needs.
const DIFFERENT: &[&str] = &["aws.api#service", "smithy.api#examples"];

#[test]
fn the_model_made_from_botocore_says_what_the_one_of_aws_says() {
    let Some(theirs) = shared_kms() else { return };
    let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/../model/kms.json");
    let ours: Value = serde_json::from_str(&fs::read_to_string(ours).unwrap()).unwrap();
    let ours = facts(&ours);
    let theirs = facts(&theirs);
    assert!(ours.len() > 2_000, "{} facts", ours.len());
    let name = |fact: &String| fact.split(": ").next().unwrap().to_owned();
    let differing: BTreeSet<_> = ours.symmetric_difference(&theirs).map(name).collect();
    assert!(differing.is_empty(), "{differing:#?}");
}

/// Every fact of a model as a line, `SHAPE$MEMBER TRAIT: VALUE`, but for those that are known to
/// differ. The place of a member counts.
fn facts(model: &Value) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    for (id, shape) in model["shapes"].as_object().unwrap() {
        let name = id.trim_start_matches("com.amazonaws.kms#");
        add(&mut facts, name, shape);
        for key in ["member", "key", "value"] {
            if let Some(member) = shape.get(key) {
                add(&mut facts, &format!("{name}${key}"), member);
            }
        }
        let mut previous = String::new();
        for (member, of) in shape
            .get("members")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let owner = format!("{name}${member}");
            add(&mut facts, &owner, of);
            facts.insert(format!("{owner} after: {previous}"));
            previous.clone_from(member);
        }
    }
    facts
}

fn add(facts: &mut BTreeSet<String>, owner: &str, of: &Value) {
    let mut of = of.as_object().unwrap().clone();
    for inner in ["members", "member", "key", "value"] {
        of.shift_remove(inner);
    }
    let traits = of.shift_remove("traits").unwrap_or_default();
    facts.insert(format!("{owner}: {}", Value::Object(of)));
    for (id, value) in traits.as_object().into_iter().flatten() {
        if !ONLY_IN_SMITHY.contains(&id.as_str()) && !DIFFERENT.contains(&id.as_str()) {
            facts.insert(format!("{owner} {id}: {value}"));
        }
    }
}
