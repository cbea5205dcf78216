use serde_json::{Value, json};

use super::endpoint_items;
use crate::ir::endpoint::Rules;
use crate::lower::endpoint::{parse_bdd, parse_rule_set};
use crate::output::render::{Imports, RustFile, render};

/// A small service of the usual kind.
fn parameters() -> Value {
    json!({
        "Region": {"type": "string", "builtIn": "AWS::Region"},
        "UseFIPS": {"type": "boolean", "required": true, "default": false, "builtIn": "AWS::UseFIPS"},
        "Endpoint": {"type": "string", "builtIn": "SDK::Endpoint"},
        "ResourceArn": {"type": "string", "documentation": "The resource that is asked for."},
    })
}

fn call(function: &str, argv: Value) -> Value {
    json!({"fn": function, "argv": argv})
}

fn assign(function: &str, argv: Value, name: &str) -> Value {
    json!({"fn": function, "argv": argv, "assign": name})
}

fn endpoint(conditions: &[Value], url: &str) -> Value {
    json!({"type": "endpoint", "conditions": conditions, "endpoint": {
        "url": url,
        "properties": {"authSchemes": [{"name": "sigv4", "signingRegion": "{Region}"}]},
        "headers": {"x-region": ["{Region}"]},
    }})
}

fn error(message: &str) -> Value {
    json!({"type": "error", "conditions": [], "error": message})
}

fn text(rules: &Rules) -> String {
    let file = RustFile {
        path: "src/endpoint.rs".to_owned(),
        attributes: Vec::new(),
        docs: Vec::new(),
        items: endpoint_items(rules),
    };
    render(file, "the test", &Imports::of_endpoint()).unwrap()
}

#[test]
fn emits_tree() {
    let partition = assign("aws.partition", json!([{"ref": "Region"}]), "Partition");
    let fips = call("booleanEquals", json!([{"ref": "UseFIPS"}, true]));
    let arn = assign("aws.parseArn", json!([{"ref": "ResourceArn"}]), "Arn");
    let account = call(
        "isValidHostLabel",
        json!([{"fn": "getAttr", "argv": [{"ref": "Arn"}, "accountId"]}, false]),
    );
    let regional = json!({"type": "tree", "conditions": [call("isSet", json!([{"ref": "Region"}])), partition], "rules": [
        endpoint(&[fips], "https://service-fips.{Region}.{Partition#dnsSuffix}"),
        endpoint(&[arn, account], "https://{Arn#accountId}.service.{Region}.{Partition#dnsSuffix}"),
        endpoint(&[], "https://service.{Region}.{Partition#dnsSuffix}"),
    ]});
    let custom = json!({"type": "endpoint", "conditions": [call("isSet", json!([{"ref": "Endpoint"}]))],
        "endpoint": {"url": {"ref": "Endpoint"}}});
    let rules = json!({"version": "1.0", "parameters": parameters(),
        "rules": [custom, regional, error("Missing Region")]});
    insta::assert_snapshot!(text(&parse_rule_set(&rules).unwrap()));
}

#[test]
fn emits_table() {
    let rules = json!({
        "version": "1.1",
        "parameters": parameters(),
        "conditions": [
            call("isSet", json!([{"ref": "Region"}])),
            assign("aws.partition", json!([{"ref": "Region"}]), "Partition"),
            call("stringEquals", json!([{"fn": "getAttr", "argv": [{"ref": "Partition"}, "name"]}, "aws"])),
        ],
        "results": [endpoint(&[], "https://service.{Region}.{Partition#dnsSuffix}"), error("Missing Region")],
        "root": 2,
        "nodeCount": 4,
        // [-1, 1, -1], [0, 3, result 2], [1, 4, no match], [2, result 1, no match]
        "nodes": "/////wAAAAH/////AAAAAAAAAAMF9eECAAAAAQAAAAT/////AAAAAgX14QH/////",
    });
    insta::assert_snapshot!(text(&parse_bdd(&rules).unwrap()));
}
