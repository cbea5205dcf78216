//! The documentation of KMS in `model/kms.overlay.json`: it is complete, it names what exists, and
//! no sentence of it is AWS's.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tinsmith_codegen::names;
use tinsmith_smithy::ast::{Members, Model, ShapeId, ShapeKind};
use tinsmith_smithy::diagnostic::Diagnostics;
use tinsmith_smithy::load::{Source, load};

const DOCUMENTATION: &str = "smithy.api#documentation";

/// The longest first paragraph of an operation, in characters.
const SUMMARY: usize = 90;

/// Words in backticks that mean something outside of the model.
const FOREIGN: &[&str] = &[
    "Action", "Resource", "default", "eventId", "false", "kmsuser", "true",
];

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../model")
        .join(name);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The model of KMS with this overlay.
fn with_overlay(overlay: &str) -> Result<Model, Diagnostics> {
    let model = file("kms.json");
    let sources = [("kms.json", &*model), ("kms.overlay.json", overlay)];
    load(&sources.map(|(name, text)| Source { name, text })).map(|loaded| loaded.model)
}

fn model() -> Model {
    with_overlay(&file("kms.overlay.json")).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The overlay's texts by the shape or member they belong to.
fn texts() -> Vec<(String, String)> {
    let overlay: Value = serde_json::from_str(&file("kms.overlay.json")).unwrap();
    let shapes = overlay["shapes"].as_object().unwrap();
    shapes
        .iter()
        .map(|(id, apply)| {
            let text = apply["traits"][DOCUMENTATION].as_str().unwrap();
            (id.clone(), text.to_owned())
        })
        .collect()
}

/// The shapes and members that the crate shows and that have no documentation.
fn undocumented(model: &Model) -> BTreeSet<String> {
    let mut missing = BTreeSet::new();
    let mut open: Vec<&ShapeId> = Vec::new();
    // An input or output belongs to its operation: its members need documentation, not itself.
    let mut owned = BTreeSet::new();
    for (id, shape) in &model.shapes {
        match &shape.kind {
            ShapeKind::Service(service) => {
                open.push(id);
                open.extend(service.operations.iter().chain(&service.errors));
            }
            ShapeKind::Operation(operation) => {
                let members = operation.input.iter().chain(&operation.output);
                owned.extend(members.clone());
                open.extend(members.chain(&operation.errors));
            }
            _ => {}
        }
    }
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let Some(shape) = model.shapes.get(id) else {
            panic!("{id} is missing")
        };
        let is_shown = match &shape.kind {
            ShapeKind::List(member) => {
                open.push(&member.target);
                false
            }
            ShapeKind::Map { key, value } => {
                open.extend([&key.target, &value.target]);
                false
            }
            ShapeKind::Structure(members) | ShapeKind::Union(members) => {
                missing.extend(undocumented_members(model, id, members));
                open.extend(members.values().map(|member| &member.target));
                !owned.contains(id)
            }
            ShapeKind::Enum(members) | ShapeKind::IntEnum(members) => {
                missing.extend(undocumented_members(model, id, members));
                true
            }
            ShapeKind::Service(_) | ShapeKind::Operation(_) => true,
            _ => false,
        };
        if is_shown && shape.traits.documentation().is_none() {
            missing.insert(id.to_string());
        }
    }
    missing
}

/// A member without a text of its own has that of its target, if the target is no type of its own.
fn undocumented_members(model: &Model, id: &ShapeId, members: &Members) -> Vec<String> {
    members
        .iter()
        .filter(|(_, member)| {
            let target = model.shapes.get(&member.target).filter(|shape| {
                !matches!(
                    shape.kind,
                    ShapeKind::Structure(_)
                        | ShapeKind::Union(_)
                        | ShapeKind::Enum(_)
                        | ShapeKind::IntEnum(_)
                )
            });
            member.traits.documentation().is_none()
                && target.is_none_or(|shape| shape.traits.documentation().is_none())
        })
        .map(|(name, _)| id.with_member(name).to_string())
        .collect()
}

#[test]
fn everything_is_documented() {
    let missing = undocumented(&model());
    assert!(missing.is_empty(), "no documentation: {missing:#?}");
}

/// A text at a shape that the crate does not show would be lost.
#[test]
fn nothing_is_documented_in_vain() {
    let overlay: Value = serde_json::from_str(&file("kms.overlay.json")).unwrap();
    let bare = undocumented(&with_overlay(r#"{"smithy": "2.0"}"#).unwrap());
    let model = model();
    for id in overlay["shapes"].as_object().unwrap().keys() {
        let is_shared = model.shapes.values().any(|shape| match &shape.kind {
            ShapeKind::Structure(members) => members.values().any(|m| m.target.as_str() == id),
            _ => false,
        });
        assert!(bare.contains(id) || is_shared, "{id} is shown nowhere");
    }
}

#[test]
fn what_is_gone_from_the_model_is_refused() {
    for id in ["KeyMetadata$Gone", "Gone", "KeyState$Gone"] {
        let id = format!("com.amazonaws.kms#{id}");
        let overlay = serde_json::json!({
            "smithy": "2.0",
            "shapes": {&id: {"type": "apply", "traits": {DOCUMENTATION: "Text."}}}
        });
        let faults = with_overlay(&overlay.to_string()).unwrap_err().to_string();
        assert!(faults.contains(&id), "{faults}");
    }
}

#[test]
fn operations_follow_one_form() {
    let model = model();
    for (id, text) in texts() {
        let id = ShapeId::new(id).unwrap();
        let shape = model.shapes.get(&id);
        if !shape.is_some_and(|shape| matches!(shape.kind, ShapeKind::Operation(_))) {
            continue;
        }
        let (summary, rest) = text.split_once("\n\n").unwrap();
        assert!(summary.chars().count() <= SUMMARY, "{id}: {summary}");
        assert!(summary.ends_with('.'), "{id}: {summary}");
        let mut at = 0;
        for part in ["Permission: ", " Cross-account: ", "\n\nRelated: [`"] {
            let found = rest
                .find(part)
                .unwrap_or_else(|| panic!("{id}: no `{part}`"));
            assert!(found >= at, "{id}: `{part}` stands too early");
            at = found;
        }
    }
}

/// Single words in backticks are names of the model: shapes, values of enums, or members as the
/// generated crate spells them.
#[test]
fn names_in_texts_exist() {
    let model = model();
    let mut known: BTreeSet<String> = FOREIGN.iter().map(|&word| word.to_owned()).collect();
    for (id, shape) in &model.shapes {
        known.insert(id.name().to_owned());
        match &shape.kind {
            ShapeKind::Structure(members) | ShapeKind::Union(members) => {
                known.extend(members.keys().map(|name| names::snake(name)));
            }
            ShapeKind::Enum(members) => known.extend(members.keys().cloned()),
            _ => {}
        }
    }
    let is_name = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let mut checked = 0;
    let mut unknown = Vec::new();
    for (id, text) in texts() {
        // Between backticks stand the odd pieces.
        for word in text.split('`').skip(1).step_by(2).filter(is_name) {
            checked += 1;
            if !known.contains(word) {
                unknown.push(format!("{id}: {word}"));
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
    assert!(checked > 400, "{checked}");
}

/// Sentences that long must differ; shorter ones say the same thing the same way.
const SENTENCE: usize = 6;

/// So many words in a row must not be AWS's.
const RUN: usize = 9;

/// What AWS's documentation says.
#[derive(Default)]
struct Aws {
    sentences: BTreeSet<Vec<String>>,
    runs: BTreeSet<Vec<String>>,
}

impl Aws {
    fn add(&mut self, html: &str) {
        for sentence in sentences(&without_tags(html)) {
            self.sentences.insert(sentence);
        }
        let words = words(&without_tags(html));
        self.runs.extend(words.windows(RUN).map(<[_]>::to_vec));
    }

    /// What of `text` stands in AWS's documentation.
    fn copied(&self, text: &str) -> Vec<String> {
        let same = sentences(text)
            .into_iter()
            .filter(|sentence| sentence.len() >= SENTENCE && self.sentences.contains(sentence));
        let words = words(text);
        let runs = words
            .windows(RUN)
            .filter(|run| self.runs.contains(*run))
            .map(<[_]>::to_vec);
        same.chain(runs).map(|words| words.join(" ")).collect()
    }
}

/// Text without HTML: an element within a line becomes a space, any other a line break.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut pieces = html.split('<');
    text.push_str(pieces.next().unwrap());
    for piece in pieces {
        let (tag, rest) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.trim_start_matches('/').split(' ').next().unwrap();
        let is_inline = matches!(name, "a" | "b" | "code" | "em" | "i" | "strong");
        text.push(if is_inline { ' ' } else { '\n' });
        // A line break in HTML is a space.
        text.push_str(&rest.replace('\n', " "));
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// The words of each sentence, in lower case and without punctuation.
fn sentences(text: &str) -> Vec<Vec<String>> {
    let mut sentences = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_last = chars.peek().is_none_or(|next| next.is_whitespace());
        if c == '\n' || (is_last && ".:;?!".contains(c)) {
            sentences.push(String::new());
        } else if let Some(sentence) = sentences.last_mut() {
            sentence.push(c);
        }
    }
    sentences.iter().map(|sentence| words(sentence)).collect()
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Adds every documentation trait inside of `value`.
fn add_all(aws: &mut Aws, value: &Value) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(html) if key == DOCUMENTATION => aws.add(html),
                    _ => add_all(aws, value),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| add_all(aws, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn the_check_for_copies_finds_them() {
    let mut aws = Aws::default();
    aws.add(
        "<p>The cow jumps over\n <code>the</code> high\n moon. One two three four five six.</p>",
    );
    aws.add("<p>It takes 1 to 4,096 bytes</p><p>and so on for ever.</p>");
    let found = [
        "A first one. The `cow` jumps over [`the`] high moon!",
        "So one two three: four, five; six.",
        "Here it takes 1 to 4,096 bytes and so on.",
    ];
    let expected = [
        vec!["the cow jumps over the high moon"],
        vec![],
        vec![
            "it takes 1 to 4 096 bytes and so",
            "takes 1 to 4 096 bytes and so on",
        ],
    ];
    assert_eq!(found.map(|text| aws.copied(text)), expected);
}

#[test]
fn no_sentence_is_aws_s() {
    let Some(models) = tinsmith_testing::shared("models") else {
        return;
    };
    let mut aws = Aws::default();
    for entry in fs::read_dir(models).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().starts_with("kms-") {
            let text = fs::read_to_string(entry.path()).unwrap();
            add_all(&mut aws, &serde_json::from_str(&text).unwrap());
        }
    }
    assert!(aws.sentences.len() > 1000, "{}", aws.sentences.len());
    let copied: Vec<_> = texts()
        .into_iter()
        .map(|(id, text)| (id, aws.copied(&text)))
        .filter(|(_, copied)| !copied.is_empty())
        .collect();
    assert!(copied.is_empty(), "rewrite: {copied:#?}");
}
