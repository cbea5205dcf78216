//! AWS's models, whole and broken.

use std::panic::{AssertUnwindSafe, catch_unwind};

use fastrand::Rng;
use serde_json::Value;

use crate::{generated, json_files, own_models, read, try_generate};

#[test]
fn every_model_of_aws_is_generated() {
    let Some(models) = tinsmith_testing::shared("models") else {
        return;
    };
    let files = json_files(&models);
    assert_eq!(files.len(), 12);
    for path in files {
        let generated = generated(&read(&path));
        assert!(generated.operations > 20, "{}", path.display());
        for (file, text) in generated.tree.files() {
            assert!(text.ends_with('\n'), "{file} of {}", path.display());
        }
    }
}

/// A generator that knew a service by its name would give other code for the same model under
/// another.
#[test]
fn a_model_of_aws_under_another_name_gives_the_same_code() {
    let Some(models) = tinsmith_testing::shared("models") else {
        return;
    };
    for path in json_files(&models) {
        let text = read(&path);
        let model: Value = serde_json::from_str(&text).unwrap();
        let shapes = model["shapes"].as_object().unwrap();
        let (service, _) = shapes
            .iter()
            .find(|(_, shape)| shape["type"] == "service")
            .unwrap();
        let (namespace, _) = service.split_once('#').unwrap();
        let renamed = text.replace(&format!("{namespace}#"), "org.example.renamed#");
        assert_ne!(renamed, text);
        let (one, other) = (generated(&text), generated(&renamed));
        assert!(one.tree == other.tree, "{}", path.display());
    }
}

/// Generates and forgets; a panic names the case.
fn survives(text: &str, operations: Option<&[&str]>, what: impl Fn() -> String) {
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let _ = try_generate(text, operations);
    }));
    assert!(outcome.is_ok(), "{}", what());
}

fn kitchen_sink() -> String {
    let mut models = own_models();
    models.retain(|path| path.ends_with("kitchen-sink.json"));
    read(&models[0])
}

#[test]
fn a_text_cut_short_is_a_fault() {
    let text = kitchen_sink();
    let mut random = Rng::with_seed(7);
    for _ in 0..60 {
        let mut end = random.usize(..text.trim_end().len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let faults = try_generate(&text[..end], None).unwrap_err();
        assert_eq!(faults.0.len(), 1, "at {end}: {faults}");
        assert!(faults.0[0].position.is_some(), "at {end}: {faults}");
    }
}

#[test]
fn a_text_with_other_bytes_never_panics() {
    let text = kitchen_sink();
    let mut random = Rng::with_seed(8);
    for round in 0..80 {
        let mut bytes = text.clone().into_bytes();
        for _ in 0..=random.usize(..4) {
            let at = random.usize(..bytes.len());
            // Bytes that matter to JSON, and some that matter to names.
            bytes[at] = b"{}[]\",:0#$.e-\\ x"[random.usize(..16)];
        }
        let text = String::from_utf8_lossy(&bytes);
        survives(&text, Some(&["EchoScalars"]), || format!("round {round}"));
    }
}

/// Every value of a model, in order.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Object(object) => object.values().map(count).sum(),
        Value::Array(items) => items.iter().map(count).sum(),
        _ => 0,
    }
}

/// The value with this number in the order of `count`.
fn nth<'v>(value: &'v mut Value, n: &mut usize) -> Option<&'v mut Value> {
    if *n == 0 {
        return Some(value);
    }
    *n -= 1;
    match value {
        Value::Object(object) => object.values_mut().find_map(|value| nth(value, n)),
        Value::Array(items) => items.iter_mut().find_map(|value| nth(value, n)),
        _ => None,
    }
}

/// Puts something else in the place of one value, or takes an entry away.
fn mutate(model: &mut Value, random: &mut Rng) -> String {
    let size = count(model);
    let donor = {
        let mut n = random.usize(..size);
        nth(model, &mut n).unwrap().clone()
    };
    let mut n = random.usize(..size);
    let place = nth(model, &mut n).unwrap();
    let before = place.to_string();
    let instead = match random.usize(..10) {
        0 => Value::Null,
        1 => Value::Bool(true),
        2 => serde_json::json!(-1),
        3 => serde_json::json!(1e300),
        4 => Value::String(String::new()),
        5 => Value::String("example.tinsmith#Tree".to_owned()),
        6 => serde_json::json!({}),
        7 => match &*place {
            Value::Object(object) if !object.is_empty() => {
                let gone = random.usize(..object.len());
                let kept = object.iter().enumerate().filter(|(at, _)| *at != gone);
                kept.map(|(_, (key, value))| (key.clone(), value.clone()))
                    .collect()
            }
            other => Value::Array(vec![other.clone()]),
        },
        _ => donor,
    };
    let change = format!("{before:.200} became {:.200}", instead.to_string());
    *place = instead;
    change
}

#[test]
fn a_model_with_other_values_never_panics() {
    let model: Value = serde_json::from_str(&kitchen_sink()).unwrap();
    let operations = [
        "EchoScalars",
        "EchoTree",
        "EchoSecrets",
        "ListBowls",
        "PutDefaults",
        "CallTenant",
    ];
    let mut random = Rng::with_seed(9);
    for round in 0..200 {
        let mut model = model.clone();
        let change = mutate(&mut model, &mut random);
        let text = serde_json::to_string(&model).unwrap();
        let operation = operations[random.usize(..operations.len())];
        survives(&text, Some(&[operation]), || {
            format!("round {round}: {change}")
        });
    }
}

/// As above, with AWS's models and their endpoint rules.
#[test]
fn a_model_of_aws_with_other_values_never_panics() {
    let Some(models) = tinsmith_testing::shared("models") else {
        return;
    };
    let mut random = Rng::with_seed(10);
    for (name, operation) in [
        ("kms-2026-08", "Encrypt"),
        ("cognito-identity-2025-04", "GetId"),
    ] {
        let text = read(&models.join(name).with_extension("json"));
        let model: Value = serde_json::from_str(&text).unwrap();
        for round in 0..30 {
            let mut model = model.clone();
            let change = mutate(&mut model, &mut random);
            let text = serde_json::to_string(&model).unwrap();
            survives(&text, Some(&[operation]), || {
                format!("{name}, round {round}: {change}")
            });
        }
    }
}
