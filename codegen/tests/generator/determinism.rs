//! The same model gives the same bytes, whatever the order of its keys.

use fastrand::Rng;
use serde_json::{Map, Value};
use tinsmith_codegen::output::tree::FileTree;

use crate::{generated, own_models, read};

/// Shuffles the keys of all objects but `members`, whose order is that of the generated code.
fn shuffle(value: Value, random: &mut Rng, is_members: bool) -> Value {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<(String, Value)> = object.into_iter().collect();
            for i in (1..entries.len()).rev().filter(|_| !is_members) {
                entries.swap(i, random.usize(..i + 1));
            }
            let inside = |(key, value): (String, Value)| {
                let is_members = !is_members && key == "members";
                (key, shuffle(value, random, is_members))
            };
            Value::Object(entries.into_iter().map(inside).collect::<Map<_, _>>())
        }
        Value::Array(items) => {
            let inside = |item| shuffle(item, random, false);
            items.into_iter().map(inside).collect()
        }
        other => other,
    }
}

#[track_caller]
fn assert_same(tree: &FileTree, other: &FileTree, what: &str) {
    for ((path, text), (other_path, other_text)) in tree.files().zip(other.files()) {
        assert_eq!(path, other_path, "{what}");
        for (line, other_line) in text.lines().zip(other_text.lines()) {
            assert_eq!(line, other_line, "{path} of {what}");
        }
    }
    assert!(tree == other, "{what}");
}

#[track_caller]
fn assert_deterministic(text: &str, what: &str) {
    let first = generated(text).tree;
    assert_same(&first, &generated(text).tree, what);
    let model: Value = serde_json::from_str(text).unwrap();
    for seed in [1, 2] {
        let shuffled = shuffle(model.clone(), &mut Rng::with_seed(seed), false);
        let shuffled = serde_json::to_string(&shuffled).unwrap();
        assert_ne!(shuffled, serde_json::to_string(&model).unwrap(), "{what}");
        let second = generated(&shuffled).tree;
        assert_same(&first, &second, &format!("{what}, shuffled {seed}"));
    }
}

#[test]
fn own_models_give_the_same_bytes() {
    for path in own_models() {
        assert_deterministic(&read(&path), &path.display().to_string());
    }
}

#[test]
fn a_model_of_aws_gives_the_same_bytes() {
    let Some(models) = tinsmith_testing::shared("models") else {
        return;
    };
    for name in ["kms-2025-04", "cognito-identity-2025-04"] {
        let path = models.join(name).with_extension("json");
        assert_deterministic(&read(&path), name);
    }
}

/// The order of members is that of the model: it shows in the generated code.
#[test]
fn members_keep_their_order() {
    let text = |members: &str| {
        let shapes = format!(
            r#""a#S":{{"type":"service","version":"1","operations":[{{"target":"a#O"}}],"traits":{{"aws.protocols#awsJson1_1":{{}}}}}},
            "a#O":{{"type":"operation","input":{{"target":"a#I"}}}},
            "a#I":{{"type":"structure","members":{{{members}}}}}"#
        );
        format!(r#"{{"smithy":"2.0","shapes":{{{shapes}}}}}"#)
    };
    let (b, a) = (
        r#""b":{"target":"smithy.api#String"}"#,
        r#""a":{"target":"smithy.api#String"}"#,
    );
    let tree = generated(&text(&format!("{b},{a}"))).tree;
    let (_, operation) = tree
        .files()
        .find(|(path, _)| path.ends_with("/o.rs"))
        .unwrap();
    assert!(operation.find("pub b:").unwrap() < operation.find("pub a:").unwrap());
}
