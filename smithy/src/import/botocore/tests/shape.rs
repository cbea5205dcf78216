//! Shapes, members and errors.

use serde_json::{Value, json};

use super::{left_out, shapes, shapes_of, try_import};

#[test]
fn simple_shapes_keep_their_constraints() {
    let shapes = shapes(json!({"shapes": {
        "Blob": {"type": "blob", "max": 10, "min": 0, "sensitive": true, "documentation": "Bytes."},
        "Name": {"type": "string", "min": 1, "max": 9, "pattern": "[a-z]+"},
        "Letter": {"type": "character"},
        "Count": {"type": "integer", "min": 1, "max": 5, "box": true},
        "Ratio": {"type": "float", "deprecated": true, "deprecatedMessage": "No.", "deprecatedSince": "2020"},
        "Old": {"type": "long", "deprecated": true, "deprecatedMessage": "No."},
        "Day": {"type": "timestamp", "timestampFormat": "iso8601"},
        "Any": {"type": "structure", "members": {}, "document": true},
    }}));
    let expected = json!({
        "Any": {"type": "document"},
        "Blob": {"type": "blob", "traits": {"smithy.api#length": {"max": 10}, "smithy.api#sensitive": {}}},
        "Count": {"type": "integer", "traits": {"smithy.api#range": {"max": 5, "min": 1}}},
        "Day": {"type": "timestamp", "traits": {"smithy.api#timestampFormat": "date-time"}},
        "Letter": {"type": "string"},
        "Name": {"type": "string", "traits": {
            "smithy.api#length": {"max": 9, "min": 1}, "smithy.api#pattern": "^[a-z]+$"}},
        "Old": {"type": "long", "traits": {"smithy.api#deprecated": {}}},
        "Ratio": {"type": "float", "traits": {"smithy.api#deprecated": {"since": "2020"}}},
    });
    for (name, shape) in expected.as_object().unwrap() {
        assert_eq!(&shapes[name], shape, "{name}");
    }
}

#[test]
fn patterns_get_the_anchors_that_botocore_implies() {
    let cases = [
        ("[a-z]+", "^[a-z]+$"),
        ("^[a-z]+$", "^[a-z]+$"),
        ("^[a-z]+", "^[a-z]+$"),
        ("arn:.*", "^arn:"),
        (r".*\S.*", r"\S"),
        (r"a\.*", r"^a\.*$"),
        (".*", "^.*$"),
        ("^.*$", "^.*$"),
    ];
    for (pattern, expected) in cases {
        let shapes = shapes(json!({"shapes": {"S": {"type": "string", "pattern": pattern}}}));
        assert_eq!(
            shapes["S"]["traits"]["smithy.api#pattern"], expected,
            "{pattern}"
        );
    }
}

#[test]
fn lists_maps_and_enums() {
    let shapes = shapes(json!({"shapes": {
        "Names": {"type": "list", "member": {"shape": "Kind"}, "min": 1, "sparse": true},
        "Ages": {"type": "map", "key": {"shape": "Kind"}, "value": {"shape": "Names"}, "max": 3},
        "Kind": {"type": "string", "enum": ["Big", "very-small"]},
    }}));
    let expected = json!({
        "Ages": {"type": "map", "key": {"target": "Kind"}, "value": {"target": "Names"},
            "traits": {"smithy.api#length": {"max": 3}}},
        "Kind": {"type": "enum", "members": {
            "Big": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "Big"}},
            "VERY_SMALL": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "very-small"}},
        }},
        "Names": {"type": "list", "member": {"target": "Kind"},
            "traits": {"smithy.api#length": {"min": 1}, "smithy.api#sparse": {}}},
    });
    for (name, shape) in expected.as_object().unwrap() {
        assert_eq!(&shapes[name], shape, "{name}");
    }
}

#[test]
fn enum_values_that_smithy_cannot_have_are_left_out() {
    let import = try_import(json!({"shapes": {
        "Kind": {"type": "string", "enum": ["", "big", "big"]},
        "None": {"type": "string", "enum": [""]},
    }}))
    .unwrap();
    let expected = [
        "com.amazonaws.bigcity#Kind: the duplicate enum value \"big\"",
        "com.amazonaws.bigcity#Kind: the enum value \"\": Smithy allows no empty one",
        "com.amazonaws.bigcity#None: the enum value \"\": Smithy allows no empty one",
    ];
    assert_eq!(left_out(&import), expected);
    let shapes = shapes_of(&import);
    assert_eq!(shapes["Kind"]["members"].as_object().unwrap().len(), 1);
    assert_eq!(shapes["None"]["type"], "string");
}

#[test]
fn members_keep_their_order_and_get_their_traits() {
    let shapes = shapes(json!({"shapes": {
        "S": {"type": "string"},
        "Json": {"type": "string"},
        "T": {"type": "timestamp"},
        "City": {"type": "structure", "required": ["Zip"], "members": {
            "Zip": {"shape": "S", "locationName": "Zip", "contextParam": {"name": "Zip"}},
            "Area": {"shape": "S", "hostLabel": true, "documentation": "Where."},
            "Token": {"shape": "S", "idempotencyToken": true, "deprecated": true},
            "Data": {"shape": "Json", "jsonvalue": true},
            "Built": {"shape": "T", "timestampFormat": "rfc822"},
            "Id": {"shape": "S", "endpointdiscoveryid": true},
        }},
    }}));
    let members = shapes["City"]["members"].as_object().unwrap();
    let names: Vec<_> = members.keys().collect();
    assert_eq!(names, ["Zip", "Area", "Token", "Data", "Built", "Id"]);
    let traits: Vec<_> = members
        .values()
        .map(|member| member["traits"].to_string())
        .collect();
    let expected = [
        r#"{"smithy.api#required":{},"smithy.rules#contextParam":{"name":"Zip"}}"#,
        r#"{"smithy.api#hostLabel":{}}"#,
        r#"{"smithy.api#deprecated":{},"smithy.api#idempotencyToken":{}}"#,
        "null",
        r#"{"smithy.api#timestampFormat":"http-date"}"#,
        r#"{"aws.api#clientEndpointDiscoveryId":{}}"#,
    ];
    assert_eq!(traits, expected);
    assert_eq!(
        shapes["Json"]["traits"],
        json!({"smithy.api#mediaType": "application/json"})
    );
}

#[test]
fn defaults_need_a_twin() {
    let shapes = shapes(json!({"shapes": {
        "BooleanType": {"type": "boolean"},
        "NullableBooleanType": {"type": "boolean"},
        "Integer": {"type": "integer"},
        "BoxedInteger": {"type": "integer", "box": true},
        "Long": {"type": "long"},
        "LongObject": {"type": "double"},
        "Flag": {"type": "boolean", "box": true},
        "FlagObject": {"type": "boolean"},
        "City": {"type": "structure", "members": {
            "a": {"shape": "BooleanType"}, "b": {"shape": "NullableBooleanType"},
            "c": {"shape": "Integer", "box": true}, "d": {"shape": "BoxedInteger"}, "e": {"shape": "Long"},
        }},
        "Choice": {"type": "structure", "union": true, "required": ["a"], "members": {"a": {"shape": "Integer"}}},
    }}));
    let default = |shape: &Value| shape["traits"].get("smithy.api#default").cloned();
    assert_eq!(default(&shapes["BooleanType"]), Some(json!(false)));
    assert_eq!(default(&shapes["Integer"]), Some(json!(0)));
    for name in [
        "NullableBooleanType",
        "BoxedInteger",
        "Long",
        "LongObject",
        "Flag",
    ] {
        assert_eq!(default(&shapes[name]), None, "{name}");
    }
    let defaults: Vec<_> = shapes["City"]["members"]
        .as_object()
        .unwrap()
        .values()
        .map(default)
        .collect();
    assert_eq!(
        defaults,
        [Some(json!(false)), None, Some(Value::Null), None, None]
    );
    assert_eq!(
        shapes["Choice"],
        json!({"type": "union", "members": {"a": {"target": "Integer"}}})
    );
}

#[test]
fn event_streams_are_streaming_unions() {
    let shapes = shapes(json!({"shapes": {
        "B": {"type": "blob"},
        "S": {"type": "string"},
        "Event": {"type": "structure", "event": true, "members": {
            "body": {"shape": "B", "eventpayload": true}, "kind": {"shape": "S", "eventheader": true}}},
        "Stream": {"type": "structure", "eventstream": true, "members": {"event": {"shape": "Event"}}},
    }}));
    assert_eq!(shapes["Stream"]["type"], "union");
    assert_eq!(
        shapes["Stream"]["traits"],
        json!({"smithy.api#streaming": {}})
    );
    let members = &shapes["Event"]["members"];
    assert_eq!(
        members["body"]["traits"],
        json!({"smithy.api#eventPayload": {}})
    );
    assert_eq!(
        members["kind"]["traits"],
        json!({"smithy.api#eventHeader": {}})
    );
}

#[test]
fn errors_say_whose_fault_they_are() {
    let error = |more: Value| {
        let mut shape = json!({"type": "structure", "members": {}, "exception": true});
        shape
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        shapes(json!({"shapes": {"E": shape}}))["E"]["traits"].take()
    };
    assert_eq!(error(json!({})), json!({"smithy.api#error": "client"}));
    assert_eq!(
        error(json!({"fault": true})),
        json!({"smithy.api#error": "server"})
    );
    let status = json!({"error": {"httpStatusCode": 404, "senderFault": true, "code": "Gone"}});
    let expected = json!({
        "aws.protocols#awsQueryError": {"code": "Gone", "httpResponseCode": 404},
        "smithy.api#error": "client",
        "smithy.api#httpError": 404,
    });
    assert_eq!(error(status), expected);
    let server = json!({"error": {"httpStatusCode": 503}, "retryable": {"throttling": true}});
    let expected = json!({
        "smithy.api#error": "server",
        "smithy.api#httpError": 503,
        "smithy.api#retryable": {"throttling": true},
    });
    assert_eq!(error(server), expected);
    let retryable = error(json!({"retryable": {"throttling": false}}));
    assert_eq!(retryable["smithy.api#retryable"], json!({}));
}
