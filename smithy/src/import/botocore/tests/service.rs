//! The service shape.

use serde_json::json;

use super::{metadata, shapes, shapes_of, try_import_with};
use crate::load::Source;

#[test]
fn the_service_is_named_by_its_target_prefix() {
    let service = &shapes(json!({}))["CityService"];
    let expected = json!({
        "type": "service",
        "operations": [],
        "version": "2020-01-01",
        "traits": {
            "aws.api#service": {"arnNamespace": "city", "endpointPrefix": "city", "sdkId": "City"},
            "aws.auth#sigv4": {"name": "city"},
            "aws.protocols#awsJson1_1": {},
            "smithy.api#title": "City Service",
        },
    });
    assert_eq!(service, &expected);
}

#[test]
fn metadata_says_protocol_signing_and_http() {
    let mut metadata = metadata();
    metadata["targetPrefix"] = "com.amazonaws.city.v1.City_2020".into();
    metadata["signingName"] = "town".into();
    metadata["uid"] = "town-2020-01-01".into();
    metadata["jsonVersion"] = "1.0".into();
    metadata["protocols"] = json!(["smithy-rpc-v2-cbor", "json", "query"]);
    metadata["awsQueryCompatible"] = json!({});
    metadata["protocolSettings"] = json!({"h2": "eventstream"});
    metadata["auth"] = json!(["aws.auth#sigv4a", "aws.auth#sigv4"]);
    let shapes = shapes(json!({ "metadata": metadata }));
    let expected = json!({
        "aws.api#service": {
            "arnNamespace": "town",
            "docId": "town-2020-01-01",
            "endpointPrefix": "city",
            "sdkId": "City",
        },
        "aws.auth#sigv4": {"name": "town"},
        "aws.auth#sigv4a": {"name": "town"},
        "aws.protocols#awsJson1_0": {"eventStreamHttp": ["h2"], "http": ["http/1.1", "h2"]},
        "aws.protocols#awsQueryCompatible": {},
        "smithy.api#auth": ["aws.auth#sigv4a", "aws.auth#sigv4"],
        "smithy.api#title": "City Service",
        "smithy.protocols#rpcv2Cbor": {},
    });
    assert_eq!(shapes["City_2020"]["traits"], expected);
}

#[test]
fn service_with_only_unknown_auth_schemes_is_rejected() {
    let import = |schemes: serde_json::Value| {
        let mut metadata = metadata();
        metadata["auth"] = schemes;
        try_import_with(json!({ "metadata": metadata }), |_| {})
    };
    let faults = import(json!(["com.city#badgeAuth"])).err().unwrap();
    assert!(
        faults.to_string().contains("has only unknown auth schemes"),
        "{faults}"
    );
    assert!(import(json!(["com.city#badgeAuth", "aws.auth#sigv4"])).is_ok());
    assert!(import(json!(["smithy.api#noAuth"])).is_ok());
}

#[test]
fn signature_version_counts_where_no_scheme_is_listed() {
    let import = |version: &str, schemes: serde_json::Value| {
        let mut metadata = metadata();
        metadata["signatureVersion"] = version.into();
        metadata["auth"] = schemes;
        try_import_with(json!({ "metadata": metadata }), |_| {})
    };
    for version in ["v2", "s3", ""] {
        let faults = import(version, json!([])).err().unwrap().to_string();
        let expected = format!("unknown signature version `{version}`");
        assert!(faults.contains(&expected), "{faults}");
        assert!(import(version, json!(["aws.auth#sigv4"])).is_ok());
    }
    let service = &shapes_of(&import("bearer", json!([])).unwrap())["CityService"];
    assert_eq!(
        service["traits"]["smithy.api#httpBearerAuth"],
        json!({}),
        "{service}"
    );
}

#[test]
fn endpoint_rules_have_types_in_small_letters_and_no_prose() {
    let rules = r#"{"version": "1.0", "rules": [], "parameters": {
        "Region": {"type": "String", "required": false, "documentation": "Where."},
        "List": {"type": "stringArray", "required": false}}}"#;
    let import = try_import_with(json!({}), |files| {
        files.endpoint_rules = Some(Source {
            name: "rules",
            text: rules,
        });
    });
    let service = &shapes_of(&import.unwrap())["CityService"];
    let expected = json!({"version": "1.0", "rules": [], "parameters": {
        "List": {"type": "stringArray", "required": false},
        "Region": {"type": "string", "required": false},
    }});
    assert_eq!(service["traits"]["smithy.rules#endpointRuleSet"], expected);
}
