//! Operations and what is said of them in other files.

use serde_json::{Value, json};

use super::{left_out, shapes, shapes_of, try_import_with};
use crate::load::Source;

/// Two operations that share an output, and one whose output another structure refers to.
fn operations() -> Value {
    let structure = |members: Value| json!({"type": "structure", "members": members});
    json!({
        "operations": {
            "Get": {
                "name": "Get", "http": {"method": "POST", "requestUri": "/"},
                "input": {"shape": "GetInput"}, "output": {"shape": "Shared"},
                "errors": [{"shape": "Two"}, {"shape": "One"}],
                "documentation": "Gets.", "readonly": true, "idempotent": true,
                "endpoint": {"hostPrefix": "data-"}, "endpointdiscovery": {},
                "auth": ["smithy.api#noAuth"], "authtype": "none",
                "requestcompression": {"encodings": ["gzip"]},
                "staticContextParams": {"Kind": {"value": "data"}},
            },
            "List": {"name": "List", "output": {"shape": "Shared"}, "deprecated": true},
            "Find": {"name": "Find", "output": {"shape": "Part"}, "endpointoperation": true},
            "Drop": {"name": "Drop", "output": {"shape": "DropOutput"}},
        },
        "shapes": {
            "GetInput": structure(json!({})),
            "Shared": structure(json!({"part": {"shape": "Part"}})),
            "Part": structure(json!({})),
            "DropOutput": structure(json!({})),
            "One": {"type": "structure", "members": {}, "exception": true},
            "Two": {"type": "structure", "members": {}, "exception": true},
            "InvalidEndpointException": {"type": "structure", "members": {}, "exception": true},
        },
    })
}

#[test]
fn operations_have_their_traits() {
    let shapes = shapes(operations());
    let expected = json!({
        "type": "operation",
        "input": {"target": "GetInput"},
        "output": {"target": "Shared"},
        "errors": [{"target": "One"}, {"target": "Two"}],
        "traits": {
            "aws.api#clientDiscoveredEndpoint": {"required": false},
            "smithy.api#auth": [],
            "smithy.api#endpoint": {"hostPrefix": "data-"},
            "smithy.api#idempotent": {},
            "smithy.api#optionalAuth": {},
            "smithy.api#readonly": {},
            "smithy.api#requestCompression": {"encodings": ["gzip"]},
            "smithy.rules#staticContextParams": {"Kind": {"value": "data"}},
        },
    });
    assert_eq!(shapes["Get"], expected);
    let expected = json!({
        "type": "operation",
        "input": {"target": "smithy.api#Unit"},
        "output": {"target": "Shared"},
        "traits": {"smithy.api#deprecated": {}},
    });
    assert_eq!(shapes["List"], expected);
    let service = &shapes["CityService"];
    let names: Vec<_> = service["operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| &o["target"])
        .collect();
    assert_eq!(names, ["Drop", "Find", "Get", "List"]);
    let discovery = json!({"error": "InvalidEndpointException", "operation": "Find"});
    assert_eq!(
        service["traits"]["aws.api#clientEndpointDiscovery"],
        discovery
    );
}

#[test]
fn only_structures_of_one_use_are_inputs_and_outputs() {
    let shapes = shapes(operations());
    assert_eq!(
        shapes["GetInput"]["traits"],
        json!({"smithy.api#input": {}})
    );
    assert_eq!(
        shapes["DropOutput"]["traits"],
        json!({"smithy.api#output": {}})
    );
    assert_eq!(shapes["Shared"].get("traits"), None);
    assert_eq!(shapes["Part"].get("traits"), None);
}

#[test]
fn paginators_waiters_and_examples_go_to_their_operations() {
    let structure = |members: Value| json!({"type": "structure", "members": members});
    let sections = json!({
        "operations": {"List": {"input": {"shape": "In"}, "output": {"shape": "Out"}}},
        "shapes": {
            "S": {"type": "string"},
            "L": {"type": "list", "member": {"shape": "S"}},
            "In": structure(json!({"next": {"shape": "S"}})),
            "Out": structure(json!({"next": {"shape": "S"}, "items": {"shape": "L"}})),
        },
    });
    let paginators = r#"{"pagination": {
        "List": {"input_token": "next", "output_token": "next", "result_key": "items"},
        "Gone": {"input_token": "next", "output_token": "next"}}}"#;
    let waiters = r#"{"waiters": {
        "Done": {"operation": "List", "delay": 5, "maxAttempts": 9,
            "acceptors": [{"state": "success", "matcher": "error", "expected": "E"}]},
        "Odd": {"operation": "List", "delay": 5, "maxAttempts": 9,
            "acceptors": [{"state": "retry", "matcher": "status", "expected": 404}]}}}"#;
    let examples = r#"{"examples": {"List": [{"id": "to-list-1", "title": "To list", "description": "Lists.",
        "comments": {"input": {"next": "What."}}, "input": {"next": "a"}, "output": {"items": ["b"]}}]}}"#;
    let import = try_import_with(sections, |files| {
        files.paginators = Some(Source {
            name: "paginators",
            text: paginators,
        });
        files.waiters = Some(Source {
            name: "waiters",
            text: waiters,
        });
        files.examples = Some(Source {
            name: "examples",
            text: examples,
        });
    })
    .unwrap();
    let expected = json!({
        "smithy.api#examples": [{"title": "", "input": {"next": "a"}, "output": {"items": ["b"]}}],
        "smithy.api#paginated": {"inputToken": "next", "outputToken": "next", "items": "items"},
        "smithy.waiters#waitable": {"Done": {
            "acceptors": [{"matcher": {"errorType": "E"}, "state": "success"}], "minDelay": 5}},
    });
    assert_eq!(shapes_of(&import)["List"]["traits"], expected);
    let expected = [
        "com.amazonaws.bigcity#Gone: the paginator of an operation that is missing",
        "com.amazonaws.bigcity#List: the waiter `Odd`: Smithy cannot say \
         {\"state\":\"retry\",\"matcher\":\"status\",\"expected\":404}",
    ];
    assert_eq!(left_out(&import), expected);
}
