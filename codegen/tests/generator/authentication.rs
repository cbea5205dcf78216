//! What is emitted for the authentication schemes of a service and its operations.

use serde_json::{Value, json};

use crate::generated;
use tinsmith_testing::fixture::model;

/// A service with these traits and the operations `Open`, `Own` and `Plain`.
fn service(traits: Value) -> String {
    let mut all = json!({"aws.protocols#awsJson1_1": {}});
    let own = all.as_object_mut().unwrap();
    own.extend(traits.as_object().unwrap().clone());
    let operations = ["Open", "Own", "Plain"].map(|name| json!({"target": name}));
    model(json!({
        "Service": {"type": "service", "version": "1", "operations": operations, "traits": all},
        "Open": {"type": "operation", "traits": {"optionalAuth": {}}},
        "Own": {"type": "operation", "traits": {"auth": ["smithy.api#httpBearerAuth"]}},
        "Plain": {"type": "operation"},
    }))
}

/// The marks of the service and of each operation, and the notices.
fn marks(text: &str) -> (Vec<String>, Vec<String>) {
    let generated = generated(text);
    let mut marks = Vec::new();
    for (path, file) in generated.tree.files() {
        let squeezed: String = file.split_whitespace().collect();
        let own = [
            "signing_name",
            "optional_credentials",
            "unsigned",
            "optional_auth",
        ]
        .into_iter()
        .filter(|mark| squeezed.contains(&format!(".{mark}(")));
        let stem = path.trim_start_matches("src/").trim_end_matches(".rs");
        marks.extend(own.map(|mark| format!("{stem} {mark}")));
    }
    (marks, generated.notices)
}

const BEARER: &str = "Own is left out: its authentication scheme is `smithy.api#httpBearerAuth`; \
                      only `aws.auth#sigv4` can be generated yet";

#[test]
fn signs_for_a_service_with_sigv4() {
    let signs = json!({"aws.auth#sigv4": {"name": "fixture"}, "httpBearerAuth": {}});
    let (marks, notices) = marks(&service(signs));
    let expected = [
        "client signing_name",
        "client optional_credentials",
        "operation/open optional_auth",
    ];
    assert_eq!(marks, expected);
    assert_eq!(notices, [BEARER]);
}

#[test]
fn signs_nothing_for_a_service_without_schemes() {
    let (marks_found, notices) = marks(&service(json!({})));
    assert_eq!(marks_found, [""; 0]);
    assert_eq!(notices, [BEARER]);
    // The same where the service wants none of the schemes that it has.
    let none = json!({"aws.auth#sigv4": {"name": "fixture"}, "auth": []});
    assert_eq!(marks(&service(none)).0, [""; 0]);
}

#[test]
fn leaves_out_what_needs_another_scheme() {
    let (marks, notices) = marks(&service(json!({"httpBearerAuth": {}})));
    assert_eq!(marks, [""; 0]);
    assert_eq!(notices.len(), 2);
    assert_eq!(notices[0], BEARER);
    assert!(notices[1].starts_with("Plain is left out: "), "{notices:?}");
}

/// A trait of the service that the model defines, with and without `@authDefinition`.
#[test]
fn knows_schemes_that_the_model_defines() {
    let notices = |definition: Value| {
        generated(&model(json!({
            "Service": {
                "type": "service", "version": "1", "operations": [{"target": "Plain"}],
                "traits": {"aws.protocols#awsJson1_1": {}, "a#mine": {}},
            },
            "Plain": {"type": "operation"},
            "mine": {"type": "structure", "members": {}, "traits": definition},
        })))
        .notices
    };
    let expected = "Plain is left out: its authentication scheme is `a#mine`; only `aws.auth#sigv4` \
                    can be generated yet";
    assert_eq!(
        notices(json!({"trait": {}, "authDefinition": {}})),
        [expected]
    );
    assert_eq!(notices(json!({"trait": {}})), [""; 0]);
}
