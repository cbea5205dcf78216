//! Models are data: no text of theirs becomes code, markup or configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proc_macro2::{TokenStream, TokenTree};
use proptest::prelude::*;
use serde_json::{Value, json};
use tinsmith_codegen::emit::{CrateOptions, Place, Runtime, emit, verify};
use tinsmith_codegen::generate::lower;
use tinsmith_codegen::lower::Options;
use tinsmith_smithy::load::Source;

use tinsmith_testing::fixture::model;

/// A model that has `text` wherever a model may have text, and is made from a file of that name.
fn model_of(text: &str) -> String {
    // Where no text, or the text of a neighbor, would mean something else.
    let some = |before: &str| format!("{before}{text}");
    // Braces of endpoint rules refer to parameters.
    let in_rules = some("x").replace('{', "{{").replace('}', "}}");
    let documented = |mut shape: Value| {
        let traits = shape["traits"].as_object_mut().unwrap();
        traits.insert("documentation".into(), json!(text));
        traits.insert(
            "externalDocumentation".into(),
            json!({(text): text, (some("x")): some("https://a.b/")}),
        );
        traits.insert(
            "deprecated".into(),
            json!({"message": some("x"), "since": some("x")}),
        );
        shape
    };
    let member = |target: &str| documented(json!({"target": target, "traits": {"pattern": text}}));
    let parameter = |built_in: Value| json!({"type": "string", "documentation": some("x"), "builtIn": built_in});
    model(json!({
        "Service": documented(json!({
            "type": "service",
            "version": text,
            "operations": [{"target": "Act"}],
            "traits": {
                "title": text,
                "aws.protocols#awsJson1_1": {},
                "aws.api#service": {"sdkId": text},
                "aws.auth#sigv4": {"name": some("x")},
                "tinsmith#subjects": [{"name": some("x"), "operations": ["Act"]}],
                "smithy.rules#endpointRuleSet": {
                    "version": "1.0",
                    "parameters": {"Region": parameter(json!("AWS::Region")), "Other": parameter(json!("Own::Other"))},
                    "rules": [
                        {"conditions": [{"fn": "stringEquals", "argv": [{"ref": "Other"}, in_rules]}], "documentation": text, "error": in_rules, "type": "error"},
                        {"conditions": [], "endpoint": {"url": "https://a.b"}, "type": "endpoint"},
                    ],
                },
            },
        })),
        "Act": documented(json!({
            "type": "operation",
            "input": {"target": "In"},
            "output": {"target": "Out"},
            "errors": [{"target": "Bare"}, {"target": "Full"}],
            "traits": {
                "examples": [{"title": text, "documentation": text, "input": {"text": text, "any": text, "named": [text]}}],
                "tinsmith#exampleTitles": [text],
            },
        })),
        "In": documented(json!({"type": "structure", "traits": {}, "members": {
            "text": member("Text"),
            "given": {"target": "Text", "traits": {"default": some("x")}},
            "any": {"target": "Document", "traits": {"default": some("x")}},
            "size": member("Size"),
            "named": {"target": "Named"},
        }})),
        "Out": documented(json!({"type": "structure", "traits": {}, "members": {
            "size": member("Size"), "number": member("Number"), "part": member("Part"), "choice": member("Choice"),
        }})),
        "Part": documented(json!({"type": "structure", "traits": {}, "members": {"text": member("Text")}})),
        "Choice": documented(json!({"type": "union", "traits": {}, "members": {"text": member("Text")}})),
        "Text": documented(json!({"type": "string", "traits": {"pattern": text}})),
        "Named": {"type": "list", "member": {"target": "Text"}},
        "Size": documented(json!({"type": "enum", "traits": {}, "members": {
            "A": documented(json!({"target": "Unit", "traits": {"enumValue": some("a")}})),
            "B": {"target": "Unit", "traits": {"enumValue": some("b")}},
        }})),
        "Number": documented(json!({"type": "intEnum", "traits": {}, "members": {
            "A": documented(json!({"target": "Unit", "traits": {"enumValue": 1}})),
        }})),
        "Bare": documented(json!({"type": "structure", "traits": {"error": "client"}, "members": {"message": {"target": "String"}}})),
        "Full": documented(json!({"type": "structure", "traits": {"error": "server"}, "members": {"text": member("Text")}})),
    }))
}

/// What a crate does, by file: the tokens of its items without documentation, with texts alike, and
/// without what a formatter adds around long ones.
/// Documentation counts with its code blocks that rustdoc would compile.
fn meaning(text: &str) -> BTreeMap<String, (Vec<String>, usize)> {
    let model = model_of(text);
    let options = Options {
        name: Some("fixture".to_owned()),
        source: format!("{text}.json"),
        operations: None,
        service: None,
    };
    let crate_options = CrateOptions {
        runtime: Runtime::version("0"),
        place: Place::Alone,
    };
    let source = Source {
        name: "fixture.json",
        text: &model,
    };
    let lowered = lower(&[source], &options).unwrap_or_else(|faults| panic!("{text:?}: {faults}"));
    let tree = emit(&lowered.service, &crate_options).unwrap_or_else(|e| panic!("{text:?}: {e}"));
    verify(&lowered.service, &crate_options, &tree).unwrap_or_else(|e| panic!("{text:?}: {e}"));
    let meaning = tree.files().map(|(path, text)| {
        let tests = text.matches("```no_run").count();
        let tokens = match path {
            _ if path.ends_with(".rs") => {
                let mut found = Vec::new();
                tokens(&mut found, text.parse().unwrap());
                found
            }
            "Cargo.toml" => {
                let mut manifest: toml::Table = text.parse().unwrap();
                manifest["package"]["description"] = "".into();
                vec![manifest.to_string()]
            }
            _ => Vec::new(),
        };
        (path.to_owned(), (tokens, tests))
    });
    meaning.collect()
}

fn tokens(found: &mut Vec<String>, stream: TokenStream) {
    for token in stream {
        match token {
            TokenTree::Group(group) => {
                let inner = group.stream();
                if inner
                    .clone()
                    .into_iter()
                    .next()
                    .is_none_or(|first| first.to_string() != "doc")
                {
                    tokens(found, inner);
                }
            }
            TokenTree::Literal(text) if text.to_string().starts_with('"') => {
                found.push("text".to_owned())
            }
            TokenTree::Punct(mark) if "#!,".contains(mark.as_char()) => {}
            token => found.push(token.to_string()),
        }
    }
}

/// What texts are made of that leave their place somewhere.
const NASTY: [&str; 62] = [
    "\n",
    "\n",
    "\r",
    "\r\n",
    "\u{b}",
    "\u{c}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\t",
    "\0",
    "\u{1}",
    "\u{1f}",
    "\u{7f}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "\u{ad}",
    "    ",
    " ",
    " ",
    "/",
    "*/",
    "/*",
    "/**",
    "//",
    "///",
    "//!",
    "\"",
    "\"#",
    "\\",
    "\\n",
    "'",
    "`",
    "```",
    "````",
    "~~~",
    "```rust\n",
    "# ",
    "#",
    "<p>",
    "<pre>",
    "</pre>",
    "<code>",
    "</code>",
    "<script>",
    "-->",
    "<!--",
    "]",
    "[Act]",
    "[`Part`]",
    "(x)",
    "{",
    "}",
    "fn f() {}\n",
    "panic!()\n",
    "[lib]\npath = \"x\"\n",
    "- ",
    "1. ",
    "|",
    "https://a.b/",
];

fn nasty() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(&NASTY), 0..12);
    prop_oneof![pieces.prop_map(|pieces| pieces.concat()), any::<String>()]
}

static HARMLESS: LazyLock<BTreeMap<String, (Vec<String>, usize)>> = LazyLock::new(|| meaning("x"));

#[track_caller]
fn assert_harmless(text: &str) {
    let (harmless, hostile) = (&*HARMLESS, meaning(text));
    let files = |meaning: &BTreeMap<String, _>| meaning.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(files(&hostile), files(harmless), "{text:?}");
    for (path, meaning) in harmless {
        assert!(hostile[path] == *meaning, "{path} with {text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_crate_means_the_same_whatever_its_texts(text in nasty()) {
        assert_harmless(&text);
    }
}

#[test]
fn no_text_becomes_code() {
    for text in [
        "a\npub fn pwned() {}\n//",
        "a */ pub fn pwned() {} /* b",
        "<pre>*/ x\n pub fn pwned() {} /* </pre>",
        "a](x)\n\n```\npanic!()\n```\n",
        "    panic!()",
        "```\npanic!()",
        "~~~rust\npanic!()\n~~~",
        "a\"\n[lib]\npath = \"x\"\n#",
        "\"#]\npub fn pwned() {}\n#[doc = r#\"",
        "struct X;",
        "a\u{1f}b",
    ] {
        assert_harmless(text);
    }
}

#[test]
fn no_piece_of_a_text_becomes_code() {
    for piece in NASTY {
        assert_harmless(&format!("a{piece}b"));
    }
}
