//! IR to Rust: one snapshot of the text for each kind of file.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::generated;
use tinsmith_testing::fixture::{echo, model};

/// One file of the crate that a model makes.
#[track_caller]
fn file(text: &str, path: &str) -> String {
    let tree = generated(text).tree;
    let found = tree.files().find(|(found, _)| *found == path);
    let paths: Vec<&str> = tree.files().map(|(path, _)| path).collect();
    found
        .unwrap_or_else(|| panic!("no {path} in {paths:?}"))
        .1
        .to_owned()
}

#[test]
fn emits_structure() {
    let text = echo(
        json!({"city": {"target": "City"}}),
        json!({
            "City": {
                "type": "structure",
                "members": {
                    "Name": {"target": "String", "traits": {"required": {}, "documentation": "Its name."}},
                    "people": {"target": "Integer", "traits": {"deprecated": {"message": "Ask."}}},
                    "kind": {"target": "String", "traits": {"default": "town"}},
                    "founded": {"target": "Timestamp", "traits": {"timestampFormat": "date-time"}},
                    "tags": {"target": "Tags"},
                    "twin": {"target": "City"},
                    "secret": {"target": "Secret"},
                },
                "traits": {"documentation": "A place."},
            },
            "Tags": {"type": "map", "key": {"target": "String"}, "value": {"target": "Names"}},
            "Names": {"type": "list", "member": {"target": "String"}, "traits": {"sparse": {}}},
            "Secret": {"type": "blob", "traits": {"sensitive": {}}},
        }),
    );
    assert_snapshot!(file(&text, "src/types/city.rs"));
}

#[test]
fn emits_sensitive_structure() {
    let text = echo(
        json!({"card": {"target": "Card", "traits": {"required": {}}}}),
        json!({
            "Card": {
                "type": "structure",
                "members": {"number": {"target": "Long", "traits": {"required": {}}}, "holder": {"target": "Holder"}},
                "traits": {"sensitive": {}},
            },
            "Holder": {"type": "structure", "members": {"name": {"target": "String"}}},
        }),
    );
    let paths = ["src/types/card.rs", "src/types/holder.rs"];
    assert_snapshot!(paths.map(|path| file(&text, path)).join("\n"));
}

/// As the constant that it is: nothing is parsed, or replaced, while a program runs.
#[test]
fn defaults_beyond_the_types_of_rust() {
    for (target, default, expected) in [
        (
            "BigInteger",
            "2147483648",
            "BigInteger::from(2147483648i64)",
        ),
        (
            "BigInteger",
            "-9223372036854775808",
            "BigInteger::from(-9223372036854775808i64)",
        ),
        (
            "BigInteger",
            "9223372036854775808",
            "BigInteger::from_digits(\"9223372036854775808\")",
        ),
        (
            "BigDecimal",
            "0.30000000000000000001",
            "BigDecimal::from_digits(\"0.30000000000000000001\")",
        ),
        ("Document", "4294967296", "Document::from(4294967296i64)"),
        (
            "Document",
            "1e400",
            "Document::Number(BigDecimal::from_digits(\"1e+400\"))",
        ),
        (
            "Timestamp",
            "1.999999999",
            "const { Timestamp::new(1, 999999999).unwrap() }",
        ),
        ("Timestamp", "-0.5", "Timestamp::from_millis(-500)"),
        ("Float", "16777217", "16777216.0"),
        ("Double", "\"-Infinity\"", "f64::NEG_INFINITY"),
        ("Double", "-0.0", "-0.0"),
        ("Long", "-9223372036854775808", "-9223372036854775808"),
    ] {
        let default: Value = serde_json::from_str(default).unwrap();
        let member = json!({"target": target, "traits": {"default": default}});
        let text = echo(
            json!({"part": {"target": "Part"}}),
            json!({"Part": {"type": "structure", "members": {"m": member}}}),
        );
        let part = file(&text, "src/types/part.rs");
        let line = format!("m: {expected}");
        assert!(
            part.contains(&line) && !part.contains("unwrap_or"),
            "{line}: {part}"
        );
    }
}

#[test]
fn emits_union() {
    let text = echo(
        json!({"choice": {"target": "Choice", "traits": {"required": {}}}}),
        json!({
            "Choice": {"type": "union", "members": {
                "text": {"target": "String", "traits": {"documentation": "A text."}},
                "count": {"target": "Integer"},
                "nothing": {"target": "Unit"},
                "again": {"target": "Choice"},
                "secret": {"target": "Secret"},
            }},
            "Secret": {"type": "string", "traits": {"sensitive": {}}},
        }),
    );
    assert_snapshot!(file(&text, "src/types/choice.rs"));
}

#[test]
fn emits_enum() {
    let text = echo(
        json!({"size": {"target": "Size", "traits": {"required": {}}}, "sizes": {"target": "Sizes"}}),
        json!({
            "Size": {
                "type": "enum",
                "members": {
                    "SMALL": {"target": "Unit", "traits": {"enumValue": "small", "documentation": "Little."}},
                    "LARGE": {"target": "Unit", "traits": {"deprecated": {}}},
                },
                "traits": {"documentation": "How big."},
            },
            "Sizes": {"type": "list", "member": {"target": "Size"}, "traits": {"sensitive": {}}},
        }),
    );
    assert_snapshot!(file(&text, "src/types/size.rs"));
}

#[test]
fn emits_int_enum() {
    let text = echo(
        json!({"grade": {"target": "Grade", "traits": {"required": {}}}}),
        json!({"Grade": {
            "type": "intEnum",
            "members": {"LOW": {"target": "Unit", "traits": {"enumValue": -1}}, "HIGH": {"target": "Unit", "traits": {"enumValue": 2}}},
        }}),
    );
    assert_snapshot!(file(&text, "src/types/grade.rs"));
}

#[test]
fn emits_errors() {
    let text = model(json!({
        "Do": {"type": "operation", "errors": [{"target": "Empty"}, {"target": "Plain"}, {"target": "Slow"}]},
        "Empty": {"type": "structure", "members": {}, "traits": {"error": "client"}},
        "Plain": {"type": "structure", "members": {"message": {"target": "String"}}, "traits": {"error": "client", "documentation": "Plain."}},
        "Slow": {
            "type": "structure",
            "members": {"Message": {"target": "String", "traits": {"required": {}}}, "after": {"target": "Integer"}},
            "traits": {"error": "server", "httpError": 503, "retryable": {"throttling": true}},
        },
    }));
    assert_snapshot!(file(&text, "src/error.rs"));
}

#[test]
fn emits_operation() {
    let text = model(json!({
        "ListCities": {
            "type": "operation",
            "input": {"target": "In"},
            "output": {"target": "Out"},
            "errors": [{"target": "NotFoundException"}, {"target": "Slow"}],
            "traits": {
                "documentation": "Lists cities.",
                "paginated": {"inputToken": "next", "outputToken": "next", "items": "cities"},
                "endpoint": {"hostPrefix": "{tenant}.list."},
                "requestCompression": {"encodings": ["gzip"]},
            },
        },
        "In": {"type": "structure", "members": {
            "tenant": {"target": "String", "traits": {"required": {}, "hostLabel": {}}},
            "next": {"target": "String"},
            "token": {"target": "String", "traits": {"idempotencyToken": {}}},
        }},
        "Out": {"type": "structure", "members": {
            "cities": {"target": "Cities", "traits": {"required": {}}},
            "next": {"target": "String"},
            "key": {"target": "Secret"},
        }},
        "Cities": {"type": "list", "member": {"target": "String"}},
        "Secret": {"type": "string", "traits": {"sensitive": {}}},
        "NotFoundException": {"type": "structure", "members": {"message": {"target": "String"}}, "traits": {"error": "client"}},
        "Slow": {"type": "structure", "members": {"message": {"target": "String"}}, "traits": {"error": "server", "retryable": {}}},
    }));
    assert_snapshot!(file(&text, "src/operation/list_cities.rs"));
}

#[test]
fn a_token_that_is_secret_in_the_request_alone_is_made_one() {
    let operation = |next: &str, more: &str| {
        let text = model(json!({
            "ListCities": {
                "type": "operation",
                "input": {"target": "In"},
                "output": {"target": "Out"},
                "traits": {"paginated": {"inputToken": "next", "outputToken": "more"}},
            },
            "In": {"type": "structure", "members": {"next": {"target": next}}},
            "Out": {"type": "structure", "members": {"more": {"target": more}}},
            "Secret": {"type": "string", "traits": {"sensitive": {}}},
        }));
        file(&text, "src/operation/list_cities.rs")
    };
    for (next, more, token, conversion) in [
        ("String", "String", "String", ".cloned()\n"),
        ("Secret", "Secret", "Sensitive<String>", ".cloned()\n"),
        (
            "Secret",
            "String",
            "Sensitive<String>",
            ".cloned()\n            .map(Sensitive::new)\n",
        ),
        (
            "String",
            "Secret",
            "String",
            ".cloned()\n            .map(Sensitive::into_inner)\n",
        ),
    ] {
        let text = operation(next, more);
        assert!(text.contains(&format!("type Token = {token};")), "{text}");
        assert!(text.contains(conversion), "{text}");
    }
}

#[test]
fn emits_endpoint_parameters_of_operations() {
    let context = |name: &str| json!({"smithy.rules#contextParam": {"name": name}});
    let required = |name: &str| {
        let mut traits = context(name);
        traits["required"] = json!({});
        traits
    };
    let text = model(json!({
        "Fixed": {
            "type": "operation",
            "traits": {"smithy.rules#staticContextParams": {
                "Kind": {"value": "control"}, "Global": {"value": true},
                "Tags": {"value": ["a", "b"]},
            }},
        },
        "Bound": {
            "type": "operation",
            "input": {"target": "In"},
            "traits": {"smithy.rules#staticContextParams": {"Kind": {"value": "data"}}},
        },
        "Loose": {"type": "operation", "input": {"target": "Options"}},
        "In": {"type": "structure", "members": {
            "bucket": {"target": "String", "traits": required("Bucket")},
            "fast": {"target": "Boolean", "traits": required("Fast")},
            "names": {"target": "Names", "traits": required("Names")},
            "stream": {"target": "String", "traits": context("Stream")},
        }},
        "Options": {"type": "structure", "members": {
            "fast": {"target": "Boolean", "traits": context("Fast")},
            "names": {"target": "Names", "traits": context("Names")},
        }},
        "Names": {"type": "list", "member": {"target": "String"}},
    }));
    let function = |operation: &str| {
        let text = file(&text, &format!("src/operation/{operation}.rs"));
        let start = text.find("    fn endpoint_inputs").unwrap();
        let length = text[start..].find("\n    }\n").unwrap();
        text[start..start + length].to_owned() + "\n    }"
    };
    assert_snapshot!(["fixed", "bound", "loose"].map(function).join("\n"));
}

#[test]
fn emits_operation_without_input_output_and_errors() {
    let text = model(json!({"Ping": {"type": "operation"}}));
    assert_snapshot!(file(&text, "src/operation/ping.rs"));
}

#[test]
fn emits_module_indexes_and_manifest() {
    let text = model(json!({
        "Service": {
            "type": "service",
            "version": "2026-01-01",
            "operations": [{"target": "Do"}, {"target": "Undo"}],
            "traits": {
                "aws.protocols#awsJson1_0": {},
                "aws.protocols#awsQueryCompatible": {},
                "aws.auth#sigv4": {"name": "fix"},
                "aws.api#service": {"sdkId": "Fix It"},
                "documentation": "Fixes it.",
            },
        },
        "Do": {"type": "operation", "input": {"target": "In"}},
        "Undo": {"type": "operation"},
        "In": {"type": "structure", "members": {"part": {"target": "Part"}, "type": {"target": "Type"}}},
        "Part": {"type": "structure", "members": {}},
        "Type": {"type": "structure", "members": {}},
    }));
    let mut out = String::new();
    let paths = [
        "Cargo.toml",
        "README.md",
        "src/client.rs",
        "src/lib.rs",
        "src/operation/mod.rs",
        "src/types/mod.rs",
    ];
    for path in paths {
        out.push_str(&format!("==== {path}\n{}\n", file(&text, path)));
    }
    assert_snapshot!(out);
}

/// rustc looks through types to a limit, and rustdoc reaches it with a dozen maps in each other.
#[test]
fn a_crate_with_deep_types_raises_the_limit() {
    let lib = |depth: usize| {
        let mut shapes = json!({});
        for level in 0..depth {
            let inner = if level == 0 {
                "String".to_owned()
            } else {
                format!("M{}", level - 1)
            };
            shapes[format!("M{level}")] =
                json!({"type": "map", "key": {"target": "String"}, "value": {"target": inner}});
        }
        let text = echo(json!({"m": {"target": format!("M{}", depth - 1)}}), shapes);
        file(&text, "src/lib.rs")
    };
    assert!(!lib(8).contains("recursion_limit"));
    assert!(lib(12).contains("\n\n#![recursion_limit = \"256\"]\n\nmod client;"));
}

/// A model whose endpoint rules have one parameter, and are asked with nothing that a client knows.
fn fixed_endpoint(title: &str, documentation: &str) -> String {
    model(json!({
        "Service": {
            "type": "service",
            "version": "1",
            "operations": [{"target": "Act"}],
            "traits": {
                "title": title,
                "aws.protocols#awsJson1_1": {},
                "aws.api#service": {"sdkId": "Fixture"},
                "smithy.rules#endpointRuleSet": {
                    "version": "1.0",
                    "parameters": {"Tier": {"type": "string", "documentation": documentation}},
                    "rules": [{"conditions": [], "endpoint": {"url": "https://a.b"}, "type": "endpoint"}],
                },
            },
        },
        "Act": {"type": "operation"},
    }))
}

#[test]
fn rules_without_built_in_parameters_leave_the_query_unnamed() {
    let text = file(&fixed_endpoint("Title", "Which tier."), "src/endpoint.rs");
    assert!(text.contains("_: &endpoint::EndpointQuery<'_>"), "{text}");
    assert!(text.contains("/// Which tier.\n"), "{text}");
}

#[test]
fn texts_that_nobody_sees_count_as_absent() {
    for unseen in [" ", "\u{feff}", "\u{200b}\n", "\u{202e}", "\u{3000}"] {
        let model = fixed_endpoint(unseen, unseen);
        let text = file(&model, "src/endpoint.rs");
        assert!(
            text.contains("/// The parameter `Tier` of the rules.\n"),
            "{unseen:?}: {text}"
        );
        let text = file(&model, "src/lib.rs");
        assert!(
            text.contains("//! A thin client for Fixture.\n"),
            "{unseen:?}: {text}"
        );
    }
}
