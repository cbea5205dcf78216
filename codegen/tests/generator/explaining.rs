//! What a crate says of itself: errors and examples above methods, the front page.

use insta::assert_snapshot;
use serde_json::{Value, json};
use tinsmith_codegen::ir::Service;

use crate::{generated, lowered, try_generate};
use tinsmith_testing::fixture::model;

/// The file of the operation `Act`.
#[track_caller]
fn act(shapes: Value) -> String {
    let tree = generated(&model(shapes)).tree;
    let mut files = tree.files();
    let file = files.find(|(path, _)| *path == "src/operation/act.rs");
    file.unwrap().1.to_owned()
}

/// The documentation above the method of `Act`.
#[track_caller]
fn method_docs(shapes: Value) -> String {
    let text = act(shapes);
    let start = text.find("impl Client {\n").unwrap();
    let lines = text[start..].lines().skip(1);
    let docs = lines.map_while(|line| line.trim_start().strip_prefix("///"));
    docs.map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line)))
        .collect()
}

/// The text of `src/lib.rs`.
#[track_caller]
fn front_page(shapes: Value) -> String {
    let tree = generated(&model(shapes)).tree;
    let mut files = tree.files();
    files
        .find(|(path, _)| *path == "src/lib.rs")
        .unwrap()
        .1
        .to_owned()
}

fn operation(members: Value, examples: Value) -> Value {
    json!({
        "Act": {
            "type": "operation",
            "input": {"target": "In"},
            "traits": {"documentation": "Does it.", "examples": examples},
        },
        "In": {"type": "structure", "members": members},
        "Choice": {"type": "union", "members": {"text": {"target": "String"}, "no": {"target": "Unit"}}},
        "Size": {"type": "enum", "members": {"SMALL": {"target": "Unit", "traits": {"enumValue": "small"}}}},
        "Texts": {"type": "list", "member": {"target": "String"}},
        "Part": {"type": "structure", "members": {"name": {"target": "String", "traits": {"required": {}}}}},
    })
}

#[test]
fn error_enum_documents_each_variant() {
    let error = |kind: &str, traits: Value| {
        let mut all = json!({"error": kind});
        all.as_object_mut()
            .unwrap()
            .extend(traits.as_object().unwrap().clone());
        json!({"type": "structure", "members": {"message": {"target": "String"}}, "traits": all})
    };
    let names = ["Bare", "Missing", "Slow", "Throttling", "Retry", "Down"];
    let targets: Vec<Value> = names.iter().map(|name| json!({"target": name})).collect();
    let text = act(json!({
        "Act": {"type": "operation", "errors": targets},
        "Bare": error("client", json!({})),
        "Missing": error("client", json!({
            "httpError": 404,
            "documentation": "There is none that [`Act`] knows, wherever one looks and however long one goes on to look for it. Ask.",
        })),
        "Slow": error("server", json!({"httpError": 503, "documentation": "<p>It is <i>slow</i>. Wait.</p>"})),
        "Throttling": error("client", json!({"documentation": "Too fast"})),
        "Retry": error("client", json!({"retryable": {}})),
        "Down": error("server", json!({"httpError": 501})),
    }));
    let (method, rest) = text.split_once("/// Errors returned by").unwrap();
    assert!(
        method.contains(
            "/// [`ActError`] lists the modeled errors: `Bare`, `Down`, `Missing`, `Retry`"
        ),
        "{method}"
    );
    let (definition, _) = rest.split_once("impl Operation for").unwrap();
    assert_snapshot!(definition);
}

#[test]
fn an_operation_without_errors() {
    let docs = method_docs(json!({"Act": {"type": "operation"}}));
    assert!(
        docs.contains("# Errors\n\nThis operation has no modeled errors."),
        "{docs}"
    );
    assert!(!docs.contains("# Examples"), "{docs}");
}

#[test]
fn operation_links_to_the_api_reference() {
    let page = |names: Value, version: Option<&str>| {
        let mut shapes = json!({
            "Act": {"type": "operation"},
            "Service": {
                "type": "service",
                "operations": [{"target": "Act"}],
                "traits": {"aws.protocols#awsJson1_1": {}, "aws.api#service": names},
            },
        });
        if let Some(version) = version {
            shapes["Service"]["version"] = version.into();
        }
        let docs = method_docs(shapes);
        let (_, link) = docs.split_once("[AWS API reference](https://docs.aws.amazon.com/goto/")?;
        link.split_once(')').map(|(page, _)| page.to_owned())
    };
    let usual = page(json!({"sdkId": "Two Words"}), Some("2020-01-01"));
    assert_eq!(usual.unwrap(), "WebAPI/two-words-2020-01-01/Act");
    let other = page(json!({"sdkId": "Two Words", "docId": "words"}), None);
    assert_eq!(other.unwrap(), "WebAPI/words/Act");
    assert_eq!(page(json!({"sdkId": "Two Words"}), None), None);
}

#[test]
fn shows_first_example_that_fits() {
    let mut shapes = operation(
        json!({
            "id": {"target": "String", "traits": {"required": {}}},
            "bytes": {"target": "Blob"},
            "sizes": {"target": "Sizes"},
            "choice": {"target": "Choice"},
            "part": {"target": "Part"},
            "when": {"target": "Timestamp"},
        }),
        json!([
            {"title": "an error", "input": {"id": "x"}, "error": {"shapeId": "a#E"}},
            {"title": "no such member", "input": {"id": "x", "other": 1}},
            {"title": "a missing member", "input": {"bytes": "x"}},
            {"title": "one that\n  fits", "input": {
                "id": "i-1", "bytes": "SGVsbG8=", "choice": {"text": "t"}, "part": {"name": "n"},
                "when": "2020-01-02T03:04:05Z",
            }},
            {"title": "a later one", "input": {"id": "x"}},
        ]),
    );
    shapes["Sizes"] = json!({"type": "list", "member": {"target": "Size"}});
    assert_snapshot!(method_docs(shapes));
}

/// The example of an operation with one member, if its value fits.
fn example_of(member: &str, value: Value) -> Option<String> {
    let shapes = operation(
        json!({"m": {"target": member}}),
        json!([{"title": "", "input": {"m": value}}]),
    );
    let docs = method_docs(shapes);
    let code = docs.split("```").nth(1)?;
    let lines = code.lines().skip(1).filter(|line| !line.starts_with('#'));
    let lines = lines.filter(|line| !line.starts_with("use "));
    Some(lines.map(str::trim).collect::<String>())
}

#[test]
fn values_are_written_as_callers_write_them() {
    for (member, value, expected) in [
        ("String", json!("a \"b\""), r#".m("a \"b\"")"#),
        ("Blob", json!("SGVsbG8gd29ybGQ="), r#".m(b"Hello world")"#),
        ("Blob", json!("<binary data>"), r#".m(b"<binary data>")"#),
        ("Blob", json!("3q2+7w=="), r#".m(b"3q2+7w==")"#),
        ("Boolean", json!(true), ".m(true)"),
        ("Double", json!(50), ".m(50.0)"),
        ("Timestamp", json!(1.5), ".m(Timestamp::from_millis(1500))"),
        (
            "Timestamp",
            json!(1.999_999_999),
            ".m(const { Timestamp::new(1, 999999999).unwrap() })",
        ),
        (
            "BigInteger",
            json!(1e20),
            r#".m("100000000000000000000".parse::<BigInteger>()?)"#,
        ),
        (
            "Timestamp",
            json!("1970-01-01T00:00:02Z"),
            ".m(Timestamp::from_secs(2))",
        ),
        ("Size", json!("small"), ".m(Size::Small)"),
        (
            "Size",
            json!("odd"),
            r#".m(Size::Unknown("odd".to_owned()))"#,
        ),
        ("Choice", json!({"no": {}}), ".m(Choice::No)"),
        ("Texts", json!(["a"]), r#".m(["a".to_owned()])"#),
        (
            "Texts",
            json!(["a", "b"]),
            r#".m(["a", "b"].map(String::from))"#,
        ),
        ("Texts", json!([]), ".m(Vec::new())"),
        ("Part", json!({"name": "n"}), r#".m(Part::new("n"))"#),
        (
            "Document",
            json!({"a": 1}),
            r#".m(Document::Object(BTreeMap::from([("a".to_owned(), Document::from(1))])))"#,
        ),
    ] {
        let code = example_of(member, value.clone()).unwrap();
        let expected = format!("ActRequest::new(){expected}");
        assert!(code.contains(&expected), "{member} {value}: {code}");
    }
}

#[test]
fn long_texts_are_cut() {
    for (member, length, shown) in [("String", 100, 100), ("String", 101, 48), ("Blob", 101, 48)] {
        let code = example_of(member, json!("x".repeat(length))).unwrap();
        let text = format!(
            "{}{}",
            "x".repeat(shown),
            if shown < length { "..." } else { "" }
        );
        assert!(code.contains(&format!("\"{text}\"")), "{code}");
    }
}

#[test]
fn values_that_do_not_fit_leave_the_example_out() {
    for (member, value) in [
        ("String", json!(1)),
        ("Byte", json!(128)),
        ("Integer", json!(1.5)),
        ("Boolean", json!("true")),
        ("Double", json!("12")),
        ("Timestamp", json!("yesterday")),
        ("Timestamp", json!("99999999999999999-01-01T00:00:00Z")),
        ("Timestamp", json!("2020-13-01T00:00:00Z")),
        ("Timestamp", json!(1e300)),
        ("Choice", json!({"text": "t", "no": {}})),
        ("Choice", json!({"other": 1})),
        ("Texts", json!([1])),
        ("Part", json!({})),
        ("Part", json!({"name": "n", "more": 1})),
        ("Timestamp", json!("2023-02-29T00:00:00Z")),
        ("Float", json!(1e39)),
        ("BigInteger", json!(0.5)),
    ] {
        assert_eq!(example_of(member, value.clone()), None, "{member} {value}");
    }
}

#[test]
fn the_overlay_may_give_a_title() {
    let mut shapes = operation(json!({"m": {"target": "String"}}), json!([{"title": ""}]));
    let docs = method_docs(shapes.clone());
    assert!(!docs.contains("\n//"), "{docs}");
    shapes["Act"]["traits"]["tinsmith#exampleTitles"] = json!(["The plain case"]);
    let docs = method_docs(shapes);
    assert!(docs.contains("\n// The plain case\n"), "{docs}");
}

fn operations(names: &[&str]) -> Value {
    let pairs = names
        .iter()
        .map(|&name| (name.to_owned(), json!({"type": "operation"})));
    Value::Object(pairs.collect())
}

fn subjects(service: &Service) -> Vec<String> {
    let subjects = service.subjects.iter();
    subjects
        .map(|subject| format!("{}: {}", subject.name, subject.methods.join(", ")))
        .collect()
}

#[test]
fn lists_all_operations_by_name_without_an_overlay() {
    let service = lowered(&model(operations(&["ListKeys", "CreateKey", "Move"])));
    assert_eq!(subjects(&service), ["All: create_key, list_keys, r#move"]);
}

fn with_subjects(value: Value) -> String {
    let names = ["Encrypt", "Decrypt", "CreateKey", "ListKeys"];
    let targets = names.map(|name| json!({"target": name}));
    let mut shapes = operations(&names);
    shapes["Service"] = json!({
        "type": "service",
        "version": "1",
        "operations": targets,
        "traits": {"aws.protocols#awsJson1_1": {}, "tinsmith#subjects": value},
    });
    model(shapes)
}

#[test]
fn the_overlay_may_give_subjects() {
    let text = with_subjects(json!([{"name": "Data", "operations": ["Encrypt", "Decrypt"]}]));
    assert_eq!(
        subjects(&lowered(&text)),
        ["Data: encrypt, decrypt", "Other: create_key, list_keys"]
    );
    let keys = json!([{"name": "Keys", "operations": ["CreateKey", "ListKeys"]}]);
    assert_eq!(
        subjects(&lowered(&with_subjects(keys))),
        ["Keys: create_key, list_keys", "Other: decrypt, encrypt"]
    );
    let text = with_subjects(json!([{"name": "Data", "operations": ["Encrypts"]}]));
    let faults = try_generate(&text, None).unwrap_err().to_string();
    let expected = "a#Service: subjects: there is no operation `Encrypts`";
    assert!(faults.contains(expected), "{faults}");
}

#[test]
fn front_page_shows_everything() {
    assert_snapshot!(front_page(json!({
        "ListParts": {
            "type": "operation",
            "input": {"target": "In"},
            "output": {"target": "Out"},
            "errors": [{"target": "Common"}, {"target": "Own"}],
            "traits": {"paginated": {"inputToken": "next", "outputToken": "next", "items": "parts"}},
        },
        "GetPart": {"type": "operation", "input": {"target": "Get"}, "errors": [{"target": "Common"}]},
        "Get": {"type": "structure", "members": {"id": {"target": "String", "traits": {"required": {}}}}},
        "In": {"type": "structure", "members": {"next": {"target": "String"}}},
        "Out": {"type": "structure", "members": {"next": {"target": "String"}, "parts": {"target": "Texts"}}},
        "Texts": {"type": "list", "member": {"target": "String"}},
        "Common": {"type": "structure", "members": {}, "traits": {"error": "client"}},
        "Own": {"type": "structure", "members": {}, "traits": {"error": "client"}},
    })));
}

/// Nothing can be shown of operations that need what nobody gives an example of.
#[test]
fn the_front_page_of_a_service_that_cannot_be_shown() {
    let page = front_page(json!({
        "Act": {"type": "operation", "input": {"target": "In"}},
        "In": {"type": "structure", "members": {"id": {"target": "String", "traits": {"required": {}}}}},
    }));
    assert!(page.contains("Client::from_env()"), "{page}");
    assert!(
        !page.contains("# Pages") && !page.contains("mock"),
        "{page}"
    );
    assert!(
        page.contains("//! - **All**: [`act`](Client::act)"),
        "{page}"
    );
}

/// In the root of the crate every name is in scope, and rustdoc warns of a path that says no more.
#[test]
fn links_of_the_service_are_as_short_as_they_can_be() {
    let mut shapes = operation(json!({"part": {"target": "Part"}}), json!([]));
    shapes["Service"] = json!({
        "type": "service",
        "version": "2026-01-01",
        "operations": [{"target": "Act"}],
        "traits": {
            "aws.protocols#awsJson1_1": {},
            "documentation": "See [`Part`], [`Act`], [`Part$name`] and [`Gone`].",
        },
    });
    let page = front_page(shapes);
    let expected =
        "//! See [`Part`], [`Act`](Client::act), [`Part$name`](Part::name) and `Gone`.\n";
    assert!(page.contains(expected), "{page}");
}
