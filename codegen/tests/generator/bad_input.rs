//! What is wrong with a model is said with its file and its place; nothing panics.

use std::fmt::Write as _;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::try_generate;
use tinsmith_testing::fixture::{echo, model};

/// A service of this protocol with one operation.
fn service_of(protocol: &str) -> String {
    model(json!({
        "Service": {"type": "service", "version": "1", "operations": [{"target": "Do"}], "traits": {protocol: {}}},
        "Do": {"type": "operation"},
    }))
}

/// A model whose operation takes a member with this target and these traits.
fn member(target: &str, traits: Value, shapes: Value) -> String {
    echo(
        json!({"member": {"target": target, "traits": traits}}),
        shapes,
    )
}

/// A model whose service and operation have errors with these ids.
fn same_error(of_service: Value, of_operation: Value) -> String {
    let targets = |ids: Value| {
        let ids = ids.as_array().unwrap().iter();
        ids.map(|id| json!({"target": id})).collect::<Vec<_>>()
    };
    let error = json!({"type": "structure", "members": {}, "traits": {"error": "client"}});
    model(json!({
        "Service": {
            "type": "service", "version": "1", "operations": [{"target": "Do"}],
            "errors": targets(of_service), "traits": {"aws.protocols#awsJson1_1": {}},
        },
        "Do": {"type": "operation", "errors": targets(of_operation)},
        "a#E": error, "b#E": error,
    }))
}

/// Lists `L0` to `Ln`, each but the last with the next as its items.
fn lists(n: usize) -> Value {
    let item = |at: usize| match at {
        at if at == n => "String".to_owned(),
        at => format!("L{}", at + 1),
    };
    let list = |at| json!({"type": "list", "member": {"target": item(at)}});
    (0..=n).map(|at| (format!("L{at}"), list(at))).collect()
}

#[test]
fn deep_lists_are_generated() {
    let text = member("L0", json!({}), lists(31));
    assert!(try_generate(&text, None).is_ok());
    // The deepest type in Rust: each level is a secret map with values that can be absent.
    let mut maps = lists(31);
    for map in maps.as_object_mut().unwrap().values_mut() {
        *map = json!({
            "type": "map", "key": {"target": "Kind"}, "value": map["member"],
            "traits": {"sensitive": {}, "sparse": {}},
        });
    }
    let own = maps.as_object_mut().unwrap();
    let kinds = json!({"A": {"target": "Unit"}});
    own.insert(
        "Kind".to_owned(),
        json!({"type": "enum", "members": kinds, "traits": {"sensitive": {}}}),
    );
    let token = json!({"target": "String"});
    own.insert(
        "In".to_owned(),
        json!({"type": "structure", "members": {"t": token}}),
    );
    let page = json!({"t": token, "items": {"target": "L0"}});
    own.insert(
        "Out".to_owned(),
        json!({"type": "structure", "members": page}),
    );
    let paginated = json!({"inputToken": "t", "outputToken": "t", "items": "items"});
    own.insert(
        "Page".to_owned(),
        json!({
            "type": "operation", "input": {"target": "In"}, "output": {"target": "Out"},
            "traits": {"paginated": paginated},
        }),
    );
    let text = member("L0", json!({}), maps);
    assert!(try_generate(&text, None).is_ok());
}

#[test]
fn takes_error_of_operation_and_service() {
    let text = same_error(json!(["a#E"]), json!(["a#E", "a#E"]));
    assert!(try_generate(&text, None).is_ok());
}

fn cases() -> Vec<(&'static str, String)> {
    let ping = || model(json!({"Ping": {"type": "operation"}}));
    let other =
        json!({"type": "service", "version": "1", "traits": {"aws.protocols#awsJson1_1": {}}});
    vec![
        ("an empty file", String::new()),
        ("no JSON", ping().replacen("\"smithy\":", "smithy:", 1)),
        ("JSON cut short", ping()[..60].to_owned()),
        (
            "a key twice",
            ping().replacen("\"a#Ping\": {", "\"a#Ping\": {\"type\": \"operation\",", 1),
        ),
        ("deep nesting", "[".repeat(10_000)),
        ("not a model", "[1]".to_owned()),
        ("no version", ping().replacen("\"smithy\"", "\"smyth\"", 1)),
        ("a wrong version", ping().replacen("\"2.0\"", "\"3.0\"", 1)),
        (
            "an unknown type of shape",
            member("Thing", json!({}), json!({"Thing": {"type": "thing"}})),
        ),
        (
            "a shape without a type",
            member("Thing", json!({}), json!({"Thing": {}})),
        ),
        ("a dangling target", member("Nowhere", json!({}), json!({}))),
        ("an invalid target", member("a#b#c", json!({}), json!({}))),
        (
            "a dangling operation",
            model(
                json!({"Service": {"type": "service", "operations": [{"target": "Nowhere"}], "traits": {"aws.protocols#awsJson1_1": {}}}}),
            ),
        ),
        (
            "a dangling error",
            model(json!({"Do": {"type": "operation", "errors": [{"target": "Nowhere"}]}})),
        ),
        (
            "members that are no object",
            member(
                "Thing",
                json!({}),
                json!({"Thing": {"type": "structure", "members": []}}),
            ),
        ),
        (
            "a list without a member",
            member("Things", json!({}), json!({"Things": {"type": "list"}})),
        ),
        (
            "a map without a value",
            member(
                "Things",
                json!({}),
                json!({"Things": {"type": "map", "key": {"target": "String"}}}),
            ),
        ),
        (
            "a key that is no string",
            member(
                "Things",
                json!({}),
                json!({"Things": {"type": "map", "key": {"target": "Integer"}, "value": {"target": "String"}}}),
            ),
        ),
        (
            "a member that is an operation",
            member("Do", json!({}), json!({})),
        ),
        (
            "a list that holds itself",
            member(
                "Things",
                json!({}),
                json!({"Things": {"type": "list", "member": {"target": "Things"}}}),
            ),
        ),
        (
            "lists that hold each other",
            member(
                "As",
                json!({}),
                json!({"As": {"type": "list", "member": {"target": "Bs"}}, "Bs": {"type": "map", "key": {"target": "String"}, "value": {"target": "As"}}}),
            ),
        ),
        (
            "lists within lists without end",
            member("L0", json!({}), lists(32)),
        ),
        (
            "an input that is no structure",
            model(json!({"Do": {"type": "operation", "input": {"target": "String"}}})),
        ),
        (
            "an error that is none",
            model(
                json!({"Do": {"type": "operation", "errors": [{"target": "E"}]}, "E": {"type": "structure", "members": {}}}),
            ),
        ),
        (
            "two errors with one name on the wire",
            same_error(json!([]), json!(["a#E", "b#E"])),
        ),
        (
            "an error of the service with that name",
            same_error(json!(["a#E"]), json!(["b#E"])),
        ),
        (
            "a wrong value of a trait",
            member("String", json!({"length": {"min": "one"}}), json!({})),
        ),
        (
            "a default of a wrong type",
            member("Integer", json!({"default": "one"}), json!({})),
        ),
        (
            "a default out of range",
            member("Byte", json!({"default": 128}), json!({})),
        ),
        (
            "an enum value twice",
            member(
                "Size",
                json!({}),
                json!({"Size": {"type": "enum", "members": {"A": {"target": "Unit"}, "B": {"target": "Unit", "traits": {"enumValue": "A"}}}}}),
            ),
        ),
        (
            "an enum value of a wrong type",
            member(
                "Grade",
                json!({}),
                json!({"Grade": {"type": "intEnum", "members": {"A": {"target": "Unit", "traits": {"enumValue": 1.5}}}}}),
            ),
        ),
        (
            "a mixin that mixes itself in",
            member(
                "M",
                json!({}),
                json!({"M": {"type": "structure", "members": {}, "mixins": [{"target": "M"}], "traits": {"mixin": {}}}}),
            ),
        ),
        (
            "a host label that is no member",
            model(
                json!({"Do": {"type": "operation", "traits": {"endpoint": {"hostPrefix": "{tenant}."}}}}),
            ),
        ),
        (
            "pages without a token",
            model(
                json!({"Do": {"type": "operation", "traits": {"paginated": {"inputToken": "next"}}}}),
            ),
        ),
        (
            "no service",
            r#"{"smithy": "2.0", "shapes": {}}"#.to_owned(),
        ),
        ("two services", model(json!({"One": other, "Two": other}))),
        ("another protocol", service_of("aws.protocols#restJson1")),
        ("no protocol", service_of("aws.auth#sigv4a")),
    ]
}

#[test]
fn each_fault_is_named_with_its_place() {
    let mut out = String::new();
    for (what, text) in cases() {
        match try_generate(&text, None) {
            Ok(_) => panic!("{what}: it was taken"),
            Err(faults) => {
                for fault in &faults.0 {
                    assert_eq!(fault.file, "fixture.json", "{what}: {fault}");
                }
                writeln!(
                    out,
                    "{what}\n  {}",
                    faults.to_string().replace('\n', "\n  ")
                )
                .unwrap();
            }
        }
    }
    assert_snapshot!(out);
}

#[test]
fn an_unknown_operation_comes_with_a_suggestion() {
    let text = model(json!({"Encrypt": {"type": "operation"}, "Decrypt": {"type": "operation"}}));
    for (name, suggestion) in [
        ("Encrpyt", Some("did you mean `Encrypt`?")),
        ("decrypt", Some("did you mean `Decrypt`?")),
        ("Zzz", None),
        ("", None),
    ] {
        let faults = try_generate(&text, Some(&["Encrypt", name])).unwrap_err();
        let message = faults.to_string();
        assert_eq!(faults.0.len(), 1, "{message}");
        assert!(message.starts_with("fixture.json: "), "{message}");
        assert!(message.contains(&format!("`{name}`")), "{message}");
        assert_eq!(
            suggestion.is_some(),
            message.contains("did you mean"),
            "{message}"
        );
        assert!(
            message.contains(suggestion.unwrap_or_default()),
            "{message}"
        );
    }
}

/// One run names every fault.
#[test]
fn all_faults_are_named_at_once() {
    let text = echo(
        json!({"a": {"target": "Nowhere"}, "b": {"target": "Byte", "traits": {"default": 300}}}),
        json!({"Odd": {"type": "odd"}}),
    );
    let message = try_generate(&text, None).unwrap_err().to_string();
    for place in [
        "a#DoInput$a",
        "a#DoOutput$a",
        "a#DoInput$b",
        "a#DoOutput$b",
        "a#Odd",
    ] {
        assert!(message.contains(place), "{place} in {message}");
    }
}

/// Smithy calls members of a shape that has none odd, not wrong; so does the notice.
#[test]
fn members_where_none_belong_are_reported() {
    let text = member(
        "Thing",
        json!({}),
        json!({"Thing": {"type": "string", "members": {"a": {"target": "String"}}}}),
    );
    let notices = try_generate(&text, None).unwrap().notices;
    let [notice] = notices.as_slice() else {
        panic!("{notices:?}");
    };
    assert!(notice.starts_with("fixture.json: a#Thing: "), "{notice}");
    assert!(notice.contains("`members`"), "{notice}");
}

/// What cannot be generated yet is left out and reported, and never emitted broken.
#[test]
fn streams_are_left_out_with_a_notice() {
    let text = model(json!({
        "Ping": {"type": "operation"},
        "Load": {"type": "operation", "output": {"target": "Blobs"}},
        "Watch": {"type": "operation", "input": {"target": "In"}},
        "In": {"type": "structure", "members": {"events": {"target": "Events"}}},
        "Blobs": {"type": "structure", "members": {"bytes": {"target": "Bytes", "traits": {"required": {}}}}},
        "Bytes": {"type": "blob", "traits": {"streaming": {}}},
        "Events": {"type": "union", "members": {"one": {"target": "One"}}, "traits": {"streaming": {}}},
        "One": {"type": "structure", "members": {}},
    }));
    let generated = try_generate(&text, None).unwrap();
    assert_eq!(generated.operations, 1);
    assert_eq!(
        generated.notices,
        [
            "Load is left out: its member `bytes` is a blob that streams, which cannot be \
             generated yet",
            "Watch is left out: its member `events` is a stream of events to the service, which \
             cannot be generated yet",
        ]
    );
    assert!(
        !generated
            .tree
            .files()
            .any(|(path, _)| path.contains("watch"))
    );
    assert!(
        !generated
            .tree
            .files()
            .any(|(path, _)| path.contains("events"))
    );
}
