//! The loader on small models, each with one kind of shape or one fault.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

mod faults;
mod kinds;

use serde_json::{Value, json};
use tinsmith_smithy::ast::Model;
use tinsmith_smithy::diagnostic::Diagnostics;
use tinsmith_smithy::load::{Loaded, Source, load};
use tinsmith_smithy::serialize::serialize;

/// A model of this version with these shapes, as text.
fn model(version: &str, shapes: &Value) -> String {
    json!({"smithy": version, "shapes": shapes}).to_string()
}

/// Loads models as `a.json`, `b.json` and so on.
fn load_all(texts: &[String]) -> Result<Loaded, Diagnostics> {
    let names = ["a.json", "b.json", "c.json"];
    let sources = names
        .iter()
        .zip(texts)
        .map(|(name, text)| Source { name, text });
    load(&sources.collect::<Vec<_>>())
}

#[track_caller]
fn loaded(texts: &[String]) -> Model {
    load_all(texts)
        .unwrap_or_else(|faults| panic!("{faults}"))
        .model
}

/// The serialized shape `n#S` of a 2.0 model with these shapes.
#[track_caller]
fn shape(shapes: Value) -> Value {
    serialize(&loaded(&[model("2.0", &shapes)]))["shapes"]["n#S"].clone()
}

/// The faults of a 2.0 model with these shapes, as displayed.
#[track_caller]
fn faults(shapes: Value) -> Vec<String> {
    let Diagnostics(faults) = load_all(&[model("2.0", &shapes)]).unwrap_err();
    faults.iter().map(ToString::to_string).collect()
}

fn string() -> Value {
    json!({"target": "smithy.api#String"})
}
