//! The loader against Smithy's own corpus and AWS's models.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fastrand::Rng;
use serde_json::{Map, Value};
use tinsmith_smithy::diagnostic::{Diagnostic, Diagnostics};
use tinsmith_smithy::load::{Loaded, Source, load};
use tinsmith_smithy::serialize::serialize;
use tinsmith_testing::shared;

/// Every file below `dir` with this extension, sorted.
fn files(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no .{extension} in {}", dir.display());
    found
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Numbers that a double holds are equal whatever their spelling, as the loader has it.
fn json(path: &Path) -> Value {
    let mut model = serde_json::from_str(&read(path)).unwrap();
    respell(&mut model);
    model
}

fn respell(value: &mut Value) {
    match value {
        // A double has 17 digits at most. A number with more keeps them all.
        Value::Number(number) if number.is_f64() && digits(number) <= 17 => {
            let double = number.as_f64().and_then(serde_json::Number::from_f64);
            *number = double.unwrap_or_else(|| number.clone());
        }
        Value::Array(items) => items.iter_mut().for_each(respell),
        Value::Object(entries) => entries.values_mut().for_each(respell),
        _ => {}
    }
}

/// How many significant digits a number is written with.
fn digits(number: &serde_json::Number) -> usize {
    let text = number.to_string();
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').len()
}

fn load_texts(texts: &[(&str, &str)]) -> Result<Loaded, Diagnostics> {
    let sources: Vec<_> = texts
        .iter()
        .map(|&(name, text)| Source { name, text })
        .collect();
    load(&sources)
}

fn load_file(path: &Path) -> Loaded {
    load_texts(&[("model.json", &read(path))])
        .unwrap_or_else(|faults| panic!("{}:\n{faults}", path.display()))
}

/// Applies `change` to every shape of a serialized model.
fn for_each_shape(model: &mut Value, mut change: impl FnMut(&mut Map<String, Value>)) {
    for shape in model["shapes"].as_object_mut().unwrap().values_mut() {
        change(shape.as_object_mut().unwrap());
    }
}

/// Smithy leaves strings with `@enum` alone when it loads them; this loader makes enums of them.
fn with_enum_shapes(mut model: Value) -> Value {
    for_each_shape(&mut model, |shape| {
        let Some(traits) = shape.get_mut("traits").and_then(Value::as_object_mut) else {
            return;
        };
        let named = |entries: &Value| {
            let entries = entries.as_array().unwrap();
            entries.iter().all(|entry| entry.get("name").is_some())
        };
        if !traits.get("smithy.api#enum").is_some_and(named) {
            return;
        }
        let entries = traits.remove("smithy.api#enum").unwrap();
        if traits.is_empty() {
            shape.remove("traits");
        }
        let members = entries.as_array().unwrap().iter().map(|entry| {
            let mut member = serde_json::json!({
                "target": "smithy.api#Unit",
                "traits": {"smithy.api#enumValue": entry["value"]},
            });
            if let Some(tags) = entry.get("tags") {
                member["traits"]["smithy.api#tags"] = tags.clone();
            }
            (entry["name"].as_str().unwrap().to_owned(), member)
        });
        let members = Value::Object(members.collect());
        shape.insert("type".to_owned(), "enum".into());
        shape.insert("members".to_owned(), members);
    });
    model
}

/// The order of every shape's members, which the equality of objects does not see.
fn member_order(model: &Value) -> BTreeMap<&str, Vec<&String>> {
    let shapes = model["shapes"].as_object().unwrap();
    let members = shapes.iter().filter_map(|(id, shape)| {
        let members = shape.get("members")?.as_object()?;
        Some((id.as_str(), members.keys().collect()))
    });
    members.collect()
}

#[track_caller]
fn assert_same(actual: &Value, expected: &Value, what: &str) {
    let text = |value| serde_json::to_string_pretty(value).unwrap();
    if actual != expected {
        panic!(
            "{what}\nactual: {}\nexpected: {}",
            text(actual),
            text(expected)
        );
    }
    assert_eq!(member_order(actual), member_order(expected), "{what}");
}

/// `X.json` and `X.canonical` (with mixins, the traits that a shape adds to inherited members as
/// `apply` entries) both become `X.flat` (mixins flattened and removed).
#[test]
fn valid_models_become_their_flat_form() {
    let Some(dir) = shared("conformance/loader/loader-valid") else {
        return;
    };
    let shared_model = read(&dir.join("__shared.json"));
    let widget = "foo.example#Widget";
    let mut count = 0;
    for path in files(&dir, "json") {
        if path.ends_with("__shared.json") {
            continue;
        }
        let mut expected = with_enum_shapes(json(&path.with_extension("flat")));
        for extension in ["json", "canonical", "flat"] {
            let path = path.with_extension(extension);
            let what = path.display().to_string();
            let text = read(&path);
            let loaded = load_texts(&[("__shared.json", &shared_model), (&what, &text)])
                .unwrap_or_else(|faults| panic!("{what}:\n{faults}"));
            let actual = serialize(&loaded.model);
            // The corpus leaves the shared model out of what it expects.
            let shapes = expected["shapes"].as_object_mut().unwrap();
            shapes.insert(widget.to_owned(), actual["shapes"][widget].clone());
            assert_same(&actual, &expected, &what);
            assert_eq!(loaded.warnings, [], "{what}");
        }
        count += 1;
    }
    assert_eq!(count, 62);
}

/// `X.1.0.json` is what Smithy makes of the 2.0 model `X.json` for 1.0 tools, `X.2.0.json` what it
/// makes of the 1.0 model `X.json`. Loaded, both of a pair are the same.
#[test]
fn pairs_of_versions_agree() {
    let Some(dir) = shared("conformance/loader/ast-serialization/cases") else {
        return;
    };
    let mut count = 0;
    for path in files(&dir, "json") {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Some(stem) = name
            .strip_suffix(".1.0.json")
            .or(name.strip_suffix(".2.0.json"))
        else {
            continue;
        };
        let original = serialize(&load_file(&path.with_file_name(format!("{stem}.json"))).model);
        let original = if name.ends_with(".1.0.json") {
            as_1_0_has_it(original)
        } else {
            original
        };
        assert_same(&serialize(&load_file(&path).model), &original, &name);
        count += 1;
    }
    assert_eq!(count, 9);
}

/// Drops what 1.0 cannot say: that an integer is an enum, and defaults other than zero.
fn as_1_0_has_it(mut model: Value) -> Value {
    for_each_shape(&mut model, |shape| {
        if shape["type"] == "intEnum" {
            shape.insert("type".to_owned(), "integer".into());
            shape.remove("members");
        }
        let Some(members) = shape.get_mut("members").and_then(Value::as_object_mut) else {
            return;
        };
        for member in members.values_mut() {
            let Some(traits) = member.get_mut("traits").and_then(Value::as_object_mut) else {
                continue;
            };
            if traits
                .get("smithy.api#default")
                .is_some_and(|value| value == 1)
            {
                traits.remove("smithy.api#default");
            }
            if traits.is_empty() {
                member.as_object_mut().unwrap().remove("traits");
            }
        }
    });
    model
}

#[test]
fn errors_keep_their_order() {
    let Some(path) = shared("conformance/loader/ast-serialization/out-of-order-errors.json") else {
        return;
    };
    let text = |value| serde_json::to_string(&value).unwrap();
    assert_eq!(text(serialize(&load_file(&path).model)), text(json(&path)));
}

/// An expectation of the corpus: `[SEVERITY] shape: message | event`.
struct Expected {
    shape: Option<String>,
    message: String,
}

impl Expected {
    fn read_all(text: &str, severity: &str) -> Vec<Self> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(severity));
        lines
            .map(|line| {
                let (shape, message) = line.trim().split_once(": ").unwrap();
                let (message, _event) = message.rsplit_once(" | ").unwrap();
                Self {
                    shape: (shape != "-").then(|| shape.to_owned()),
                    message: message.to_owned(),
                }
            })
            .collect()
    }

    /// Shape and start of the message agree; the members of a cycle may stand in any order.
    fn matches(&self, found: &Diagnostic) -> bool {
        let parts = |message: &str| {
            let (text, list) = message.split_once('[').unwrap_or((message, ""));
            let mut list: Vec<_> = list.trim_end_matches(']').split(", ").collect();
            list.sort_unstable();
            (text.to_owned(), list.join(", "))
        };
        let (text, list) = parts(&self.message);
        let (found_text, found_list) = parts(&found.message);
        found.shape == self.shape && found_text.starts_with(&text) && found_list == list
    }
}

#[track_caller]
fn assert_expected(expected: &[Expected], found: &[Diagnostic], what: &str) {
    for expected in expected {
        assert!(
            found.iter().any(|found| expected.matches(found)),
            "{what}: no fault of {:?} that starts `{}` in {found:#?}",
            expected.shape,
            expected.message
        );
    }
    assert_eq!(found.len(), expected.len(), "{what}: {found:#?}");
    assert!(
        found.iter().all(|found| found.file == "model.json"),
        "{what}: {found:#?}"
    );
}

#[test]
fn invalid_models_are_rejected_as_smithy_does() {
    let Some(folder) = shared("conformance/loader/invalid") else {
        return;
    };
    let mut count = 0;
    for path in files(&folder, "json") {
        let what = path.display().to_string();
        let events = read(&path.with_extension("errors"));
        let errors = Expected::read_all(&events, "[ERROR]");
        let warnings = Expected::read_all(&events, "[WARNING]");
        match load_texts(&[("model.json", &read(&path))]) {
            Err(Diagnostics(found)) => assert_expected(&errors, &found, &what),
            Ok(loaded) => {
                assert!(errors.is_empty(), "{what} loads");
                assert_expected(&warnings, &loaded.warnings, &what);
            }
        }
        count += 1;
    }
    assert_eq!(count, 25);
}

/// AWS's models load without a warning, and what is written of them loads to the same model.
#[test]
fn aws_models_load_and_survive_a_round_trip() {
    let Some(folder) = shared("models") else {
        return;
    };
    for path in files(&folder, "json") {
        let what = path.display().to_string();
        let loaded = load_file(&path);
        assert_eq!(loaded.warnings, [], "{what}");
        let written = serialize(&loaded.model);
        let again = load_texts(&[("again.json", &written.to_string())]).unwrap();
        assert_eq!(again.model, loaded.model, "{what}");
        // These models are written by Smithy's serializer, without mixins.
        assert_same(&written, &json(&path), &what);
    }
}

#[test]
fn protocol_tests_become_their_flat_form() {
    let Some(folder) = shared("conformance/protocols") else {
        return;
    };
    let mut count = 0;
    for path in files(&folder, "json") {
        let loaded = load_file(&path);
        let what = path.display().to_string();
        let flat = PathBuf::from(
            what.replace(".flat.json", ".json")
                .replace(".json", ".flat.json"),
        );
        let expected = with_enum_shapes(json(&flat));
        assert_same(&serialize(&loaded.model), &expected, &what);
        assert_eq!(loaded.warnings, [], "{what}");
        count += 1;
    }
    assert_eq!(count, 34);
}

/// Any text is a model or a list of faults, never a panic.
#[test]
fn truncated_and_mutated_models_do_not_panic() {
    let Some(folder) = shared("conformance") else {
        return;
    };
    let mut texts: Vec<_> = files(&folder.join("loader"), "json")
        .iter()
        .map(|path| read(path))
        .collect();
    let larger = [
        "protocols/awsJson1_0.json",
        "protocols/awsJson1_1-machinelearning.json",
    ];
    texts.extend(larger.map(|name| read(&folder.join(name))));
    let mut random = Rng::with_seed(5);
    let (mut loaded, mut rejected) = (0, 0);
    for text in &texts {
        for round in 0..60 {
            let mutated = match round % 3 {
                0 => truncate(text, &mut random),
                1 => mutate_bytes(text, &mut random),
                _ => mutate_values(text, &mut random),
            };
            match load_texts(&[("mutated.json", &mutated)]) {
                Ok(model) => {
                    serialize(&model.model);
                    loaded += 1;
                }
                Err(Diagnostics(faults)) => {
                    assert!(!faults.is_empty());
                    rejected += 1;
                }
            }
        }
    }
    assert!(
        loaded > 100 && rejected > 1000,
        "{loaded} loaded, {rejected} rejected"
    );
}

fn truncate(text: &str, random: &mut Rng) -> String {
    let end = random.usize(..text.len());
    String::from_utf8_lossy(&text.as_bytes()[..end]).into_owned()
}

fn mutate_bytes(text: &str, random: &mut Rng) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=random.usize(..3) {
        let at = random.usize(..bytes.len());
        let other = bytes[random.usize(..bytes.len())];
        bytes[at] = other;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Replaces values of the JSON tree by values of other kinds or from elsewhere in it.
fn mutate_values(text: &str, random: &mut Rng) -> String {
    let Ok(mut root) = serde_json::from_str::<Value>(text) else {
        return text.to_owned();
    };
    for _ in 0..=random.usize(..3) {
        let donor = pick(&mut root.clone(), random).clone();
        let value = match random.usize(..6) {
            0 => Value::Null,
            1 => Value::from(-1),
            2 => Value::from("smithy.api#String"),
            3 => serde_json::json!({}),
            4 => serde_json::json!([]),
            _ => donor,
        };
        *pick(&mut root, random) = value;
    }
    root.to_string()
}

/// A value somewhere in the tree.
fn pick<'v>(mut value: &'v mut Value, random: &mut Rng) -> &'v mut Value {
    loop {
        let length = match &*value {
            Value::Array(values) => values.len(),
            Value::Object(values) => values.len(),
            _ => 0,
        };
        if length == 0 || random.usize(..8) == 0 {
            return value;
        }
        let at = random.usize(..length);
        value = match value {
            Value::Array(values) => &mut values[at],
            Value::Object(values) => values.values_mut().nth(at).unwrap(),
            _ => unreachable!("a leaf has no length"),
        };
    }
}
