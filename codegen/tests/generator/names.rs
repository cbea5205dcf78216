//! Names that clash with each other, with Rust or with what every crate has.

use std::fmt::Write as _;

use insta::assert_snapshot;
use serde_json::{Map, Value, json};
use tinsmith_codegen::ir::TypeDef;

use crate::fixture::{echo, model};
use crate::{generated, lowered};

/// A structure with a member for each name.
fn members(names: &[&str]) -> Value {
    let members = names
        .iter()
        .map(|&name| (name.to_owned(), json!({"target": "String"})));
    Value::Object(members.collect::<Map<_, _>>())
}

#[test]
fn members_that_clash() {
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
        "blank",
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
        .map(|field| format!("{} = {}", field.wire_name, field.name));
    assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn shapes_that_clash() {
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
        writeln!(out, "{} = {:?}", field.wire_name, field.ty).unwrap();
    }
    for def in &service.types {
        writeln!(out, "{} in {}", def.name(), def.module()).unwrap();
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
fn variants_that_clash() {
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
                    writeln!(out, "{}::{} = {}", x.name, variant.name, variant.wire_name).unwrap();
                }
            }
            other => panic!("{other:?}"),
        }
    }
    assert_snapshot!(out);
}

#[test]
fn operations_and_errors_that_clash() {
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
            operation.wire_name, input.module
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
fn renamed_shapes() {
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
