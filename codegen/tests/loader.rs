//! The loader against Smithy's own corpus and AWS's models.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use tinsmith_codegen::ast::Model;
use tinsmith_codegen::diagnostic::{Diagnostic, Diagnostics};
use tinsmith_codegen::load::{Loaded, Source, load};
use tinsmith_codegen::serialize::serialize;

/// The directory of the corpora, or `None` after saying how to give it.
fn shared() -> Option<PathBuf> {
    let Some(dir) = std::env::var_os("TINSMITH_SHARED") else {
        eprintln!("skipped: set TINSMITH_SHARED to the directory that holds conformance/");
        return None;
    };
    Some(PathBuf::from(dir))
}

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

fn json(path: &Path) -> Value {
    serde_json::from_str(&read(path)).unwrap()
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
            let member = serde_json::json!({
                "target": "smithy.api#Unit",
                "traits": {"smithy.api#enumValue": entry["value"]},
            });
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
    let Some(shared) = shared() else { return };
    let dir = shared.join("conformance/loader/loader-valid");
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
    assert_eq!(count, 61);
}
