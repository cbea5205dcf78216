//! Names that clash with each other, with Rust or with what every crate has.

use std::fmt::Write as _;

use insta::assert_snapshot;
use serde_json::{Map, Value, json};
use tinsmith_codegen::ir::TypeDef;
use tinsmith_codegen::lower::{Options, Role, lower};
use tinsmith_smithy::load::{Source, load};

use crate::{generated, lowered, options};
use tinsmith_testing::fixture::{echo, model};

/// A structure with a member for each name.
fn members(names: &[&str]) -> Value {
    let members = names
        .iter()
        .map(|&name| (name.to_owned(), json!({"target": "String"})));
    Value::Object(members.collect::<Map<_, _>>())
}

#[test]
fn renames_clashing_members() {
    let names = [
        "type",
        "self",
        "Self",
        "crate",
        "super",
        "match",
        "async",
        "gen",
        "AWSAccountId",
        "CMKs",
        "new",
        "read",
        "write",
        "clone",
        "default",
        "zeroed",
        "wipe",
        "_1",
        "sha256",
        "SHA_256",
        "a_b",
        "aB",
        "A_B",
        "KeyId",
        "keyId",
    ];
    let service = lowered(&echo(members(&names), json!({})));
    let fields = &service.operations[0].input.fields;
    let lines = fields
        .iter()
        .map(|field| format!("{} = {}", field.member, field.name));
    assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn renames_clashing_shapes() {
    let names = [
        "A1B",
        "A1_B",
        "Box",
        "Builder",
        "Client",
        "Config",
        "Document",
        "DoRequest",
        "Error",
        "Mod",
        "Option",
        "Result",
        "Self",
        "Sha256",
        "SHA_256",
        "String",
        "Type",
        "Vec",
    ];
    let mut shapes = Map::new();
    let mut targets = Map::new();
    for name in names {
        let shape = json!({"type": "structure", "members": {}});
        shapes.insert(format!("a#{name}"), shape);
        targets.insert(format!("m{name}"), json!({"target": format!("a#{name}")}));
    }
    let text = echo(Value::Object(targets), Value::Object(shapes));
    let service = lowered(&text);
    let mut out = String::new();
    for field in &service.operations[0].input.fields {
        writeln!(out, "{} = {:?}", field.member, field.ty).unwrap();
    }
    for def in &service.types {
        writeln!(out, "{} in {}", def.name(), service.module(def)).unwrap();
    }
    assert_snapshot!(out);
    // No file took the place of another: one each, and the index.
    let tree = generated(&text).tree;
    let files = tree
        .files()
        .filter(|(path, _)| path.starts_with("src/types/"));
    assert_eq!(files.count(), names.len() + 1);
}

#[test]
fn renames_clashing_variants() {
    let names = [
        "A_B",
        "AB",
        "a_b",
        "Unknown",
        "UNKNOWN",
        "Self",
        "self",
        "None",
        "_2048",
        "V2048",
        "type",
        "symmetric_default",
    ];
    let values = |name: &&str| {
        (
            (*name).to_owned(),
            json!({"target": "Unit", "traits": {"enumValue": name}}),
        )
    };
    let values: Map<_, _> = names.iter().map(values).collect();
    let text = echo(
        json!({"odd": {"target": "Odd"}, "choice": {"target": "Choice"}}),
        json!({
            "Odd": {"type": "enum", "members": values},
            "Choice": {"type": "union", "members": members(&names)},
        }),
    );
    let mut out = String::new();
    for def in &lowered(&text).types {
        match def {
            TypeDef::Enum(x) => {
                for value in &x.values {
                    writeln!(out, "{}::{} = {}", x.name, value.variant, value.value).unwrap();
                }
            }
            TypeDef::Union(x) => {
                for variant in &x.variants {
                    writeln!(out, "{}::{} = {}", x.name, variant.name, variant.member).unwrap();
                }
            }
            other => panic!("{other:?}"),
        }
    }
    assert_snapshot!(out);
}

#[test]
fn renames_clashing_operations_and_errors() {
    let mut shapes = Map::new();
    let names = [
        "Send", "Match", "New", "Config", "Mod", "GetKey", "Get_Key", "Self",
    ];
    let errors = [
        "Error",
        "Unhandled",
        "UnhandledException",
        "NotFound",
        "NotFoundException",
        "KMSInternalException",
    ];
    for name in names {
        let errors: Vec<Value> = errors
            .iter()
            .map(|error| json!({"target": error}))
            .collect();
        let operation = json!({"type": "operation", "errors": errors});
        shapes.insert(name.to_owned(), operation);
    }
    for name in errors {
        let error = json!({"type": "structure", "members": {}, "traits": {"error": "client"}});
        shapes.insert(name.to_owned(), error);
    }
    let service = lowered(&model(Value::Object(shapes)));
    let mut out = String::new();
    for operation in &service.operations {
        let (input, output) = (&operation.input, &operation.output);
        let (method, error) = (&operation.method, &operation.error.name);
        let names = format!("{} {} {error}", input.name, output.name);
        writeln!(
            out,
            "{} = {method} in {}: {names}",
            operation.wire_name, operation.module
        )
        .unwrap();
    }
    for variant in &service.operations[0].error.variants {
        writeln!(
            out,
            "{} = {}({})",
            variant.wire_name, variant.variant, variant.type_name
        )
        .unwrap();
    }
    assert_snapshot!(out);
}

/// What a service calls `rename` gives the type its name, and nothing else.
#[test]
fn applies_renames_of_the_service() {
    let text = model(json!({
        "Service": {
            "type": "service",
            "version": "1",
            "operations": [{"target": "Do"}],
            "rename": {"b#Key": "OtherKey"},
            "traits": {"aws.protocols#awsJson1_1": {}},
        },
        "Do": {"type": "operation", "input": {"target": "In"}},
        "In": {"type": "structure", "members": {"one": {"target": "Key"}, "other": {"target": "b#Key"}}},
        "Key": {"type": "structure", "members": {}},
        "b#Key": {"type": "structure", "members": {}},
    }));
    let service = lowered(&text);
    let names: Vec<&str> = service.types.iter().map(TypeDef::name).collect();
    assert_eq!(names, ["Key", "OtherKey"]);
}

/// `@enum` allows names that are no more than underscores.
#[test]
fn names_without_letters() {
    let entry = |name: &str, value: &str| json!({"name": name, "value": value});
    let text = model(json!({
        "Do": {"type": "operation", "input": {"target": "In"}},
        "In": {"type": "structure", "members": {
            "size": {"target": "Size"}, "grade": {"target": "Grade"}, "_2": {"target": "String"},
        }},
        "Size": {"type": "string", "traits": {"enum": [entry("_", "a"), entry("A", "b")]}},
        "Grade": {"type": "string", "traits": {"enum": [entry("_1", "a"), entry("__1", "b")]}},
    }));
    let service = lowered(&text);
    let [TypeDef::Enum(grade)] = service.types.as_slice() else {
        panic!("`Size` is a string, since `_` is no name of a member");
    };
    let variants = grade.values.iter().map(|value| value.variant.as_str());
    assert_eq!(variants.collect::<Vec<_>>(), ["V1", "V1Value"]);
    generated(&text);
}

/// The methods of the client, in the order of the operations: each with the one for pages.
fn methods(text: &str) -> Vec<String> {
    let service = lowered(text);
    let operations = service.operations.iter().map(|operation| {
        let pages = operation.pagination.as_ref();
        let pages = pages.map_or("none", |pagination| &pagination.method);
        format!("{}: {}, {pages}", operation.wire_name, operation.method)
    });
    operations.collect()
}

#[test]
fn methods_for_pages_yield_to_operations() {
    let mut shapes = Map::new();
    for name in [
        "List",
        "ListPages",
        "ListPagesPages",
        "Send",
        "Type",
        "TypePages",
    ] {
        let pages = json!({"inputToken": "next", "outputToken": "next"});
        let traits = match name {
            "ListPagesPages" => json!({}),
            _ => json!({"paginated": pages}),
        };
        let page = json!({"target": "Page"});
        let operation =
            json!({"type": "operation", "input": page, "output": page, "traits": traits});
        shapes.insert(name.to_owned(), operation);
    }
    let page = json!({"type": "structure", "members": {"next": {"target": "String"}}});
    shapes.insert("Page".to_owned(), page);
    let text = model(Value::Object(shapes));
    let expected = [
        "List: list, list_pages_",
        "ListPages: list_pages, list_pages_pages_",
        "ListPagesPages: list_pages_pages, none",
        "Send: send_, send_pages",
        "Type: r#type, type_pages_",
        "TypePages: type_pages, type_pages_pages",
    ];
    assert_eq!(methods(&text), expected);
    // Both can be called.
    let tree = generated(&text).tree;
    let file = |path: &str| tree.files().find(|(found, _)| *found == path).unwrap().1;
    assert!(file("src/operation/list.rs").contains("pub fn list_pages_("));
    assert!(file("src/operation/list_pages.rs").contains("pub async fn list_pages("));
}

/// The names of members do not depend on the order in which a model lists them.
#[test]
fn members_keep_their_names_in_another_order() {
    let names = ["aB", "A_B", "a_b", "self", "Self"];
    let fields = |names: &[&str]| {
        let service = lowered(&echo(members(names), json!({})));
        let fields = service.operations[0].input.fields.clone();
        let mut names: Vec<_> = fields.into_iter().map(|x| (x.member, x.name)).collect();
        names.sort();
        names
    };
    let mut reversed = names;
    reversed.reverse();
    assert_eq!(fields(&names), fields(&reversed));
}

/// Names that clippy or rustc would warn of, or that are no names of files.
#[test]
fn modules_have_names_that_files_can_have() {
    let mut shapes = Map::new();
    let mut targets = Map::new();
    let long = "Na".repeat(150);
    for name in ["Types", "Operation", "Con", "Nul", "Com1", &long] {
        let shape = json!({"type": "structure", "members": {}});
        shapes.insert(format!("a#{name}"), shape);
        targets.insert(format!("m{name}"), json!({"target": format!("a#{name}")}));
    }
    let text = echo(Value::Object(targets), Value::Object(shapes));
    let text = text.replace("#Do\"", "#Operation_\"");
    let tree = generated(&text).tree;
    let paths: Vec<&str> = tree.files().map(|(path, _)| path).collect();
    for module in ["types_", "operation_shape", "con_", "nul_", "com1_"] {
        assert!(
            paths.contains(&&*format!("src/types/{module}.rs")),
            "{paths:?}"
        );
    }
    assert!(paths.contains(&"src/operation/operation_.rs"), "{paths:?}");
    let longest = paths.iter().map(|path| path.len()).max().unwrap();
    assert!(longest <= "src/operation/.rs".len() + 100, "{paths:?}");
}

/// A type named like a type parameter, and a member named like a function of the runtime.
#[test]
fn imports_only_what_is_used() {
    let text = echo(
        json!({"o": {"target": "O"}, "hostLabel": {"target": "String", "traits": {"required": {}}}}),
        json!({"O": {"type": "structure", "members": {}}}),
    );
    let tree = generated(&text).tree;
    let file = |path: &str| tree.files().find(|(found, _)| *found == path).unwrap().1;
    assert!(!file("src/client.rs").contains("crate::types"));
    assert!(file("src/operation/do_.rs").contains("use crate::types::O;"));
    let mut imports = file("src/operation/do_.rs")
        .lines()
        .filter(|line| line.starts_with("use"));
    assert!(!imports.any(|line| line.contains("host_label")));
}

#[test]
fn a_service_without_operations() {
    let tree = generated(&model(json!({}))).tree;
    let paths: Vec<&str> = tree.files().map(|(path, _)| path).collect();
    assert_eq!(
        paths,
        ["Cargo.toml", "README.md", "src/client.rs", "src/lib.rs"]
    );
    let (_, lib) = tree
        .files()
        .find(|(path, _)| path.ends_with("lib.rs"))
        .unwrap();
    assert!(
        !lib.contains("operation::*") && !lib.contains("# Operations"),
        "{lib}"
    );
}

#[test]
fn rejects_names_that_no_crate_can_have() {
    let fault = |name: String| {
        let options = Options {
            name: Some(name),
            ..options(None)
        };
        let text = model(json!({}));
        let loaded = load(&[Source {
            name: "fixture.json",
            text: &text,
        }])
        .unwrap();
        lower(&loaded.model, Role::Client, &options).map(drop)
    };
    assert!(fault("n".repeat(55)).is_ok());
    for (name, why) in [
        ("n".repeat(56), "has more than 64 characters"),
        (
            "lpt1".to_owned(),
            "it cannot be the name of a file on Windows",
        ),
        ("type".to_owned(), "it is a keyword of Rust"),
        (
            "KMS".to_owned(),
            "use lower-case letters and digits, with single dashes between",
        ),
    ] {
        let found = fault(name.clone()).unwrap_err().to_string();
        let expected = format!("`{name}` cannot name a crate: ");
        assert!(found.contains(&expected), "{found}");
        let expected = format!("{why}; choose another with `--name`");
        assert!(found.ends_with(&expected), "{found}");
    }
}
