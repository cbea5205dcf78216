//! Streams of events: what is generated of them, and what of a model is refused.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{generated, read, try_generate};
use tinsmith_testing::fixture::model;

/// A model with an operation, `Watch`, that answers a stream of these members.
fn watch(members: Value, mut shapes: Value) -> String {
    let own = shapes.as_object_mut().unwrap();
    let stream = json!({"type": "union", "members": members, "traits": {"streaming": {}}});
    own.insert("Events".to_owned(), stream);
    let add = |own: &mut serde_json::Map<String, Value>, name: &str, shape: Value| {
        own.entry(name).or_insert(shape);
    };
    let output = json!({"type": "structure", "members": {"events": {"target": "Events"}}});
    add(own, "Out", output);
    let operation = json!({"type": "operation", "output": {"target": "Out"}});
    add(own, "Watch", operation);
    model(shapes)
}

#[track_caller]
fn files(text: &str, paths: &[&str]) -> String {
    let tree = generated(text).tree;
    let text = |path: &str| tree.files().find(|(found, _)| *found == path).unwrap().1;
    let parts = paths
        .iter()
        .map(|path| format!("==== {path}\n{}", text(path)));
    parts.collect::<Vec<_>>().join("\n")
}

#[test]
fn emits_stream() {
    let text = watch(
        json!({
            "plain": {"target": "Plain", "traits": {"documentation": "A document."}},
            "tagged": {"target": "Tagged"},
            "headers": {"target": "Headers"},
            "raw": {"target": "Raw"},
            "nothing": {"target": "Unit"},
            "slow": {"target": "SlowException"},
        }),
        json!({
            "Out": {"type": "structure", "members": {
                "session": {"target": "String"},
                "events": {"target": "Events", "traits": {"required": {}}},
            }},
            "Plain": {"type": "structure", "members": {"text": {"target": "String"}}},
            "Tagged": {"type": "structure", "members": {
                "tag": {"target": "Integer", "traits": {"eventHeader": {}, "required": {}}},
                "text": {"target": "String"},
            }},
            "Headers": {"type": "structure", "members": {
                "at": {"target": "Timestamp", "traits": {"eventHeader": {}}},
                "size": {"target": "Size", "traits": {"eventHeader": {}, "required": {}}},
                "plan": {"target": "Short", "traits": {"eventHeader": {}, "default": 7}},
            }},
            "Raw": {"type": "structure", "members": {
                "format": {"target": "Secret", "traits": {"eventHeader": {}}},
                "bytes": {"target": "Blob", "traits": {"eventPayload": {}}},
            }},
            "Secret": {"type": "string", "traits": {"sensitive": {}}},
            "Size": {"type": "enum", "members": {"BIG": {"target": "Unit", "traits": {"enumValue": "big"}}}},
            "SlowException": {
                "type": "structure",
                "members": {"message": {"target": "String"}},
                "traits": {"error": "server", "retryable": {"throttling": true}},
            },
        }),
    );
    assert_snapshot!(files(
        &text,
        &[
            "src/operation/watch.rs",
            "src/types/events.rs",
            "src/types/headers.rs",
            "src/types/mod.rs",
            "src/types/raw.rs",
            "src/types/tagged.rs",
        ]
    ));
}

#[test]
fn a_sensitive_stream() {
    let mut text: Value = serde_json::from_str(&watch(
        json!({"one": {"target": "One"}}),
        json!({"One": {"type": "structure", "members": {"text": {"target": "String"}}}}),
    ))
    .unwrap();
    text["shapes"]["a#Events"]["traits"]["smithy.api#sensitive"] = json!({});
    let text = files(
        &text.to_string(),
        &["src/operation/watch.rs", "src/types/events.rs"],
    );
    for part in [
        ".sensitive_output()",
        "One(Sensitive<One>)",
        "Self::One(Sensitive::new(m.json(One::read)?))",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

/// The error of a stream gives way to the shapes of the model.
#[test]
fn the_name_of_the_error_may_be_taken() {
    let text = watch(
        json!({"one": {"target": "EventsError"}, "two": {"target": "Two"}}),
        json!({
            "EventsError": {"type": "structure", "members": {}},
            "Two": {"type": "structure", "members": {}, "traits": {"error": "client"}},
        }),
    );
    let text = files(&text, &["src/types/mod.rs"]);
    let line = "pub use events::{Events, EventsErrorShape};";
    assert!(text.contains(line), "{text}");
}

#[test]
fn a_stream_of_errors_alone() {
    let error = json!({"type": "structure", "members": {}, "traits": {"error": "client"}});
    let text = watch(json!({"gone": {"target": "Gone"}}), json!({"Gone": error}));
    let text = files(&text, &["src/types/events.rs"]);
    let line = "Ok(Self::Unknown(event_stream::UnknownEvent::new(name, m)))";
    assert!(text.contains(line), "{text}");
    assert!(!text.contains("match name"), "{text}");
}

#[test]
fn the_error_of_a_stream_has_a_name_in_camel_case() {
    let one = json!({"One": {"type": "structure", "members": {}}});
    let text = watch(json!({"one": {"target": "One"}}), one).replace("Events", "Self");
    let text = files(&text, &["src/types/mod.rs"]);
    let line = "pub use self_::{SelfError, Self_};";
    assert!(text.contains(line), "{text}");
}

#[test]
fn an_operation_says_when_its_service_wants_http2() {
    for (versions, wants) in [
        (json!({}), false),
        (json!({"eventStreamHttp": ["http/1.1", "h2"]}), false),
        (
            json!({"http": ["http/1.1", "h2"], "eventStreamHttp": ["h2"]}),
            true,
        ),
    ] {
        let text = watch(
            json!({"one": {"target": "One"}}),
            json!({
                "Service": {
                    "type": "service",
                    "version": "1",
                    "operations": [{"target": "Watch"}],
                    "traits": {"aws.protocols#awsJson1_0": versions},
                },
                "One": {"type": "structure", "members": {}},
            }),
        );
        let text = files(&text, &["src/operation/watch.rs"]);
        assert_eq!(text.contains("HTTP/2"), wants, "{text}");
    }
}

/// The members of a stream and of its events that Smithy does not allow, each named by its place.
#[test]
fn streams_that_make_no_sense() {
    let one = json!({"type": "structure", "members": {}});
    let holding = |member: Value| json!({"type": "structure", "members": {"m": member}});
    let cases = [
        (
            json!({"one": {"target": "String"}}),
            json!({}),
            "a#Events$one",
        ),
        (
            json!({"one": {"target": "One"}}),
            json!({"One": holding(json!({"target": "Double", "traits": {"eventHeader": {}}}))}),
            "a#One$m",
        ),
        (
            json!({"one": {"target": "One"}}),
            json!({"One": holding(json!({"target": "Integer", "traits": {"eventPayload": {}}}))}),
            "a#One$m",
        ),
        (
            json!({"one": {"target": "One"}}),
            json!({"One": {"type": "structure", "members": {
                "p": {"target": "Blob", "traits": {"eventPayload": {}}},
                "m": {"target": "String"},
            }}}),
            "a#One$m",
        ),
        // A stream stands at the top of an output, alone.
        (
            json!({"one": {"target": "One"}}),
            json!({"One": holding(json!({"target": "Events"}))}),
            "a#One$m",
        ),
        (
            json!({"one": {"target": "One"}}),
            json!({"One": one, "Out": {"type": "structure", "members": {
                "events": {"target": "Events"},
                "more": {"target": "Events"},
            }}}),
            "a#Out$more",
        ),
        (
            json!({"bad": {"target": "Bad"}}),
            json!({"Bad": {
                "type": "structure",
                "members": {"m": {"target": "Events"}},
                "traits": {"error": "client"},
            }}),
            "a#Bad$m",
        ),
    ];
    for (members, shapes, place) in cases {
        let text = watch(members, shapes);
        let message = try_generate(&text, None).unwrap_err().to_string();
        assert!(message.contains(place), "{place} in {message}");
    }
}

/// CloudWatch Logs and Kinesis, whole.
#[test]
fn the_streams_of_aws_are_generated() {
    let Some(folder) = tinsmith_testing::shared("models") else {
        return;
    };
    for (model, expected) in [
        (
            "cloudwatch-logs-2026-08.json",
            &["get_log_object", "start_live_tail"][..],
        ),
        ("kinesis-2025-04.json", &["subscribe_to_shard"]),
    ] {
        let generated = generated(&read(&folder.join(model)));
        let left_out = |notice: &&String| notice.contains("left out");
        assert_eq!(generated.notices.iter().find(left_out), None);
        let streams: Vec<&str> = generated
            .tree
            .files()
            .filter(|(_, text)| text.contains(".event_stream()"))
            .map(|(path, _)| path)
            .collect();
        let expected = expected
            .iter()
            .map(|name| format!("src/operation/{name}.rs"));
        assert_eq!(streams, expected.collect::<Vec<_>>());
    }
}
