//! Sources that are faulty or say what Smithy cannot.

use serde_json::{Value, json};

use super::{left_out, metadata, try_import, try_import_with};
use crate::load::Source;

#[test]
fn facts_without_a_counterpart_are_reported() {
    let import = try_import(json!({
        "operations": {"Get": {"http": {"method": "GET", "requestUri": "/"}, "novelty": 1}},
        "shapes": {
            "S": {"type": "string", "novelty": 1},
            "City": {"type": "structure", "members": {
                "a": {"shape": "S", "novelty": 1}, "b": {"shape": "S", "jsonvalue": true}}},
        },
    }));
    let expected = [
        "com.amazonaws.bigcity#City$a: `novelty` has no counterpart in Smithy",
        "com.amazonaws.bigcity#Get: `novelty` has no counterpart in Smithy",
        "com.amazonaws.bigcity#Get: the HTTP method and path: awsJson sends POST to `/`",
        "com.amazonaws.bigcity#S: `jsonvalue`: not every member of this shape has it",
        "com.amazonaws.bigcity#S: `novelty` has no counterpart in Smithy",
    ];
    assert_eq!(left_out(&import.unwrap()), expected);
}

#[test]
fn faults_name_the_file_and_the_shape() {
    let structure = |member: Value| json!({"shapes": {"City": {"type": "structure", "members": {"a": member}}}});
    let cases = [
        (
            json!({"shapes": {"S": {"type": "tuple"}}}),
            "#S: unknown type of shape `tuple`",
        ),
        (json!({"shapes": {"S": {}}}), "#S: has no type"),
        (json!({"shapes": {"S": []}}), "#S: not an object"),
        (
            json!({"shapes": {"a-b": {"type": "string"}}}),
            "#a-b: not a name that Smithy allows",
        ),
        (
            json!({"shapes": {"S": {"type": "string", "enum": ["a", 1]}}}),
            "#S: the enum value 1 is not a string",
        ),
        (
            json!({"shapes": {"L": {"type": "list"}}}),
            "#L: has no `member`",
        ),
        (
            json!({"shapes": {"S": {"type": "structure"}}}),
            "#S: has no `members`",
        ),
        (
            json!({"shapes": {"T": {"type": "timestamp", "timestampFormat": "x"}}}),
            "#T: unknown timestamp format \"x\"",
        ),
        (
            structure(json!({"shape": "Gone"})),
            "#City$a: refers to the shape `Gone`, which is missing",
        ),
        (structure(json!({})), "#City$a: does not say its shape"),
        (
            json!({"shapes": {"S": {"type": "string"}, "City": {"type": "structure", "members": {"a-b": {"shape": "S"}}}}}),
            "#City$a-b: not a name that Smithy allows",
        ),
        (
            json!({"operations": {"Get": {}}, "shapes": {"Get": {"type": "string"}}}),
            "#Get: the name of two things (shape, operation, service)",
        ),
    ];
    for (sections, expected) in cases {
        let fault = try_import(sections).unwrap_err();
        assert_eq!(
            fault,
            format!("service-2.json: com.amazonaws.bigcity{expected}")
        );
    }
    let wire_name = json!({"shapes": {
        "S": {"type": "string"},
        "City": {"type": "structure", "members": {"a": {"shape": "S", "locationName": "b"}}}}});
    let fault = try_import(wire_name).unwrap_err();
    assert!(
        fault.ends_with("City$a: is called `b` on the wire, which awsJson cannot say"),
        "{fault}"
    );
}

#[test]
fn other_protocols_are_refused() {
    // What such a service cannot say in awsJson is no fault of its own.
    let shapes = json!({
        "S": {"type": "string"},
        "City": {"type": "structure", "members": {"a": {"shape": "S", "locationName": "b"}}},
    });
    let mut rest = metadata();
    rest["protocol"] = "rest-json".into();
    let fault = try_import(json!({ "metadata": rest, "shapes": shapes })).unwrap_err();
    assert_eq!(
        fault,
        "service-2.json: `metadata` has no awsJson protocol, it has rest-json: only awsJson 1.0 \
         and 1.1 can be imported"
    );
    let json = json!({"protocol": "json", "jsonVersion": "1.1"});
    let fault = try_import(json!({ "metadata": json })).unwrap_err();
    assert!(
        fault.starts_with("service-2.json: `metadata` has no `targetPrefix`"),
        "{fault}"
    );
    let fault = try_import(json!({"shapes": null})).unwrap_err();
    assert_eq!(
        fault,
        "service-2.json: not a service model: `shapes` is missing"
    );
}

#[test]
fn files_beside_the_model_are_checked_too() {
    let waiters = |text: &'static str| {
        try_import_with(json!({}), |files| {
            files.waiters = Some(Source {
                name: "waiters",
                text,
            })
        })
        .unwrap_err()
    };
    assert_eq!(waiters("{}"), "waiters: `waiters` is missing");
    assert!(
        waiters("{\n]").starts_with("waiters:2:1: not valid JSON"),
        "{}",
        waiters("{\n]")
    );
}
