//! The three formats.

use serde_json::{Value, json};
use tinsmith_codegen::diff::{Diff, Names};

use crate::compared;
use tinsmith_testing::fixture::model;

const NAMES: Names<'_> = Names {
    old: "old.json",
    new: "new.json",
};

/// A diff with a change of each level, of the service, an operation and a shape.
fn example() -> Diff {
    let shapes = |members: Value, values: Value, title: &str| {
        model(json!({
            "Do": {"type": "operation", "input": {"target": "In"}},
            "In": {"type": "structure", "members": members},
            "Color": {"type": "enum", "members": values},
            "Service": {
                "type": "service",
                "version": title,
                "operations": [{"target": "Do"}],
                "traits": {"aws.protocols#awsJson1_1": {}, "aws.api#service": {"sdkId": "Fixture"}},
            },
        }))
    };
    let value = |value: &str| json!({"target": "Unit", "traits": {"enumValue": value}});
    let old = shapes(
        json!({"Id": {"target": "String", "traits": {"required": {}}}, "Color": {"target": "Color"}}),
        json!({"RED": value("red")}),
        "2025",
    );
    let new = shapes(
        json!({
            "Id": {"target": "String", "traits": {"pattern": "^`\u{7}$"}},
            "Color": {"target": "Color", "traits": {"documentation": "In which color."}},
            "Note": {"target": "Blob"},
        }),
        json!({"RED": value("red"), "BLUE": value("blue")}),
        "2026",
    );
    compared(&old, &new)
}

#[test]
fn prints_text() {
    insta::assert_snapshot!(example().text(NAMES));
}

#[test]
fn prints_markdown() {
    insta::assert_snapshot!(example().markdown(NAMES));
}

#[test]
fn prints_json() {
    let text = example().json(NAMES);
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["verdict"], "major");
    insta::assert_snapshot!(text);
}

#[test]
fn reports_no_change() {
    let none = Diff::default();
    assert_eq!(
        none.text(NAMES),
        "none: nothing changed\nold.json -> new.json: the crates are the same\n"
    );
    assert!(none.json(NAMES).contains("\"verdict\": \"none\""));
}
