//! Models with something changed at random: the verdict must be what callers notice.

use std::collections::BTreeSet;

use fastrand::Rng;
use serde_json::{Map, Value, json};
use tinsmith_codegen::diff::{Change, Kind, Level, diff};
use tinsmith_codegen::generate::lower;
use tinsmith_codegen::ir::Service;
use tinsmith_codegen::lower::Options;

use crate::callers;
use tinsmith_smithy::load::Source;

fn pick<'a, T>(items: &'a [T], random: &mut Rng) -> &'a T {
    &items[random.usize(..items.len())]
}

/// The service of a model, or nothing when it is faulty.
fn try_lowered(text: &str) -> Option<Service> {
    let options = Options {
        name: Some("fixture".to_owned()),
        source: "model/fixture.json".to_owned(),
        operations: None,
        service: None,
    };
    let name = "fixture.json";
    Some(lower(&[Source { name, text }], &options).ok()?.service)
}

/// Changes one thing about a shape that has members, or takes a whole operation away.
fn mutate(model: &mut Value, random: &mut Rng) {
    let shapes = model["shapes"].as_object_mut().unwrap();
    let ids: Vec<String> = shapes
        .iter()
        .filter(|(_, shape)| shape["members"].as_object().is_some_and(|x| !x.is_empty()))
        .map(|(id, _)| id.clone())
        .collect();
    let id = pick(&ids, random).clone();
    let shape = shapes[&id].as_object_mut().unwrap();
    let names: Vec<String> = shape["members"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let name = pick(&names, random).clone();
    let is_enum = shape["type"].as_str().unwrap().ends_with("num");
    let members = shape["members"].as_object_mut().unwrap();
    match random.usize(..6) {
        0 => {
            members.shift_remove(&name);
        }
        1 if !is_enum => {
            let simple = [
                "String",
                "Blob",
                "Integer",
                "Double",
                "Document",
                "Timestamp",
            ];
            members[&name]["target"] = format!("smithy.api#{}", pick(&simple, random)).into();
        }
        2 if !is_enum => {
            let new = json!({"target": "smithy.api#String", "traits": {"smithy.api#required": {}}});
            members.insert("Unheard".to_owned(), new);
        }
        3 => {
            let traits = members[&name].as_object_mut().unwrap().entry("traits");
            let traits = traits.or_insert_with(|| json!({})).as_object_mut().unwrap();
            if traits.shift_remove("smithy.api#required").is_none() && !is_enum {
                traits.insert("smithy.api#required".to_owned(), json!({}));
            }
        }
        4 => {
            let traits = shape.entry("traits").or_insert_with(|| json!({}));
            toggle(traits.as_object_mut().unwrap(), "smithy.api#sensitive");
        }
        _ => {
            let traits = shape.entry("traits").or_insert_with(|| json!({}));
            toggle(traits.as_object_mut().unwrap(), "smithy.api#deprecated");
        }
    }
}

fn toggle(traits: &mut Map<String, Value>, name: &str) {
    if traits.shift_remove(name).is_none() {
        traits.insert(name.to_owned(), json!({}));
    }
}

/// Compares a model with mutants of itself, in both directions. A caller is a list of uses: if the
/// other crate lacks one, the change is a major one; if it has more, it is a minor one at least.
fn check(text: &str, rounds: usize) {
    let old = try_lowered(text).unwrap();
    let mut random = Rng::with_seed(rounds as u64);
    let mut compared = 0;
    for _ in 0..rounds {
        let mut mutant: Value = serde_json::from_str(text).unwrap();
        for _ in 0..=random.usize(..4) {
            mutate(&mut mutant, &mut random);
        }
        let Some(new) = try_lowered(&mutant.to_string()) else {
            continue;
        };
        compared += 1;
        for (old, new) in [(&old, &new), (&new, &old)] {
            let changes = diff(old, new).changes;
            let [was, is] = [old, new].map(|x| BTreeSet::from_iter(callers::uses(x)));
            let lost: Vec<_> = was.difference(&is).collect();
            let gained: Vec<_> = is.difference(&was).collect();
            let found = changes.iter().map(|change| change.level).max();
            let is_right = match found {
                Some(Level::Major) => {
                    let silent = |change: &Change| change.kind == Kind::MeaningChanged;
                    !lost.is_empty() || changes.iter().any(silent)
                }
                Some(Level::Minor) => lost.is_empty(),
                Some(Level::Patch) | None => lost.is_empty() && gained.is_empty(),
            };
            assert!(is_right, "{changes:#?}: {lost:#?} {gained:#?}");
            let unexplained = changes.iter().find(|change| change.kind == Kind::Other);
            assert_eq!(unexplained, None);
        }
    }
    assert!(
        compared > rounds / 2,
        "{compared} of {rounds} mutants are models"
    );
}

#[test]
fn verdicts_on_mutants_are_what_callers_notice() {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/../model/kitchen-sink.json");
    check(&std::fs::read_to_string(model).unwrap(), 40);
}
