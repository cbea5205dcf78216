//! The tests of a small model, and invalid tests.

use tinsmith_codegen::emit::Runtime;

use super::*;

const MODEL: &str = r##"{
  "smithy": "2.0",
  "shapes": {
    "example.pot#Kitchen": {
      "type": "service", "version": "1",
      "operations": [{"target": "example.pot#Cook"}],
      "traits": {"aws.protocols#awsJson1_1": {}, "smithy.api#title": "Kitchen"}
    },
    "example.pot#Cook": {
      "type": "operation",
      "input": {"target": "example.pot#Dish"},
      "output": {"target": "example.pot#Dish"},
      "errors": [{"target": "example.pot#Burnt"}],
      "traits": {
        "smithy.test#httpRequestTests": [REQUEST],
        "smithy.test#httpResponseTests": [RESPONSE]
      }
    },
    "example.pot#Dish": {
      "type": "structure",
      "members": {
        "name": {"target": "smithy.api#String", "traits": {"smithy.api#required": {}}},
        "heat": {"target": "example.pot#Heat"},
        "weight": {"target": "smithy.api#Float"},
        "parts": {"target": "example.pot#Parts"}
      }
    },
    "example.pot#Parts": {"type": "list", "member": {"target": "example.pot#Part"}},
    "example.pot#Part": {
      "type": "union",
      "members": {
        "at": {"target": "smithy.api#Timestamp"},
        "raw": {"target": "smithy.api#Blob", "traits": {"smithy.api#documentation": "x"}},
        "dish": {"target": "example.pot#Dish"}
      }
    },
    "example.pot#Heat": {
      "type": "enum",
      "members": {"LOW": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "low"}}}
    },
    "example.pot#Burnt": {
      "type": "structure",
      "members": {"message": {"target": "smithy.api#String"}},
      "traits": {
        "smithy.api#error": "client",
        "smithy.test#httpResponseTests": [{
          "id": "Burnt", "protocol": "aws.protocols#awsJson1_1", "code": 400,
          "body": "{\"__type\":\"Burnt\",\"message\":\"m\"}", "params": {"message": "m"}
        }]
      }
    }
  }
}"##;

fn suite(request: &str, response: &str) -> Result<Suite, Diagnostics> {
    let text = MODEL
        .replace("REQUEST", request)
        .replace("RESPONSE", response);
    let source = Source {
        name: "pot.json",
        text: &text,
    };
    let options = Options {
        name: Some("pot".to_owned()),
        source: "pot.json".to_owned(),
        operations: None,
        service: None,
    };
    let crate_options = CrateOptions {
        runtime: Runtime::folders("core", "client"),
        place: emit::Place::Member,
    };
    generate(
        &[source],
        &options,
        &crate_options,
        "path = \"conformance\"",
    )
}

fn request(rest: &str) -> String {
    format!(
        r#"{{"id": "Cooks", "protocol": "aws.protocols#awsJson1_1", "method": "POST", "uri": "/" {rest}}}"#
    )
}

fn response(rest: &str) -> String {
    format!(r#"{{"id": "Cooked", "protocol": "aws.protocols#awsJson1_1", "code": 200 {rest}}}"#)
}

fn fault(request: &str, response: &str) -> String {
    suite(request, response).unwrap_err().to_string()
}

#[test]
fn the_tests_of_a_model() {
    let request = request(
        r#", "params": {"name": "stew", "heat": "low", "weight": 1,
        "parts": [{"at": 1.5}, {"raw": "r"}, {"dish": {"name": "s", "heat": "high"}}]},
        "headers": {"A": "b"}, "requireHeaders": ["C"], "forbidHeaders": ["D"],
        "body": "{}", "bodyMediaType": "application/json",
        "host": "example.com/pot", "appliesTo": "client""#,
    );
    let response = response(r#", "params": {"name": "stew", "weight": "NaN"}, "body": "{}""#);
    let suite = suite(&request, &response).unwrap();
    assert_eq!(
        suite.tests,
        ["request::Cooks", "response::Burnt", "response::Cooked"]
    );
    let file = |wanted: &str| {
        let mut files = suite.tree.files();
        files.find(|(path, _)| *path == wanted).unwrap().1
    };
    let dependency = "tinsmith-conformance-support = { path = \"conformance\" }\n";
    assert!(file("Cargo.toml").ends_with(dependency));
    insta::assert_snapshot!(file("tests/protocol.rs"));
}

#[test]
fn tests_of_servers_and_of_other_protocols_are_left_out() {
    let server = request(r#", "appliesTo": "server", "unheardOf": 1"#);
    let other = response("").replace("1_1", "1_0");
    let suite = suite(&server, &other).unwrap();
    assert_eq!(suite.tests, ["response::Burnt"]);
}

#[test]
fn what_makes_no_sense_is_a_fault() {
    let fine = response("");
    for (rest, expected) in [
        (r#", "queryParams": []"#, "`queryParams` is not understood"),
        (r#", "host": 1"#, "`host` must be a string"),
        (r#", "params": {"nam": "x"}"#, "has no member `nam`"),
        (r#", "params": {"name": 1}"#, "expected a string, found `1`"),
        (
            r#", "params": {"parts": [{"at": 1, "raw": ""}]}"#,
            "union Part must have exactly one member",
        ),
        (r#", "params": {"parts": [{"at": "now"}]}"#, "seconds since"),
    ] {
        let fault = fault(&request(rest), &fine);
        assert!(
            fault.starts_with("pot.json: example.pot#Cook: test Cooks: "),
            "{fault}"
        );
        assert!(fault.contains(expected), "{fault}");
    }
    let twice = format!("{fine}, {fine}");
    assert!(fault(&request(""), &twice).contains("two of this name"));
}
