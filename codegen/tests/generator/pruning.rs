//! A crate of some operations holds what they reach and nothing else.

use std::collections::BTreeSet;

use serde_json::json;
use tinsmith_codegen::generate::lower;
use tinsmith_codegen::lower::Options;
use tinsmith_codegen::output::tree::FileTree;
use tinsmith_smithy::load::Source;

use crate::{options, read, try_generate};
use tinsmith_testing::fixture::model;

fn paths(tree: &FileTree) -> BTreeSet<&str> {
    tree.files().map(|(path, _)| path).collect()
}

#[test]
fn only_what_is_reached_is_generated() {
    let text = model(json!({
        "Get": {"type": "operation", "output": {"target": "Got"}, "errors": [{"target": "Gone"}]},
        "Put": {"type": "operation", "input": {"target": "Given"}},
        "Got": {"type": "structure", "members": {"city": {"target": "City"}}},
        "Given": {"type": "structure", "members": {"lake": {"target": "Lake"}}},
        "City": {"type": "structure", "members": {"names": {"target": "Names"}, "size": {"target": "Size"}}},
        "Names": {"type": "list", "member": {"target": "Name"}},
        "Name": {"type": "string"},
        "Lake": {"type": "structure", "members": {"size": {"target": "Size"}, "fish": {"target": "Fish"}}},
        "Fish": {"type": "enum", "members": {"PIKE": {"target": "Unit"}}},
        "Size": {"type": "integer"},
        "Gone": {"type": "structure", "members": {"message": {"target": "String"}}, "traits": {"error": "client"}},
    }));
    let get = try_generate(&text, Some(&["Get"])).unwrap();
    assert_eq!(get.operations, 1);
    // Got, City, Names, Name, Size, Gone.
    assert_eq!(get.shapes, 6);
    let all = try_generate(&text, None).unwrap();
    assert_eq!(all.operations, 2);
    assert_eq!(all.shapes, 9);
    let (get, all) = (paths(&get.tree), paths(&all.tree));
    assert!(get.is_subset(&all));
    let gone: Vec<&str> = all.difference(&get).copied().collect();
    assert_eq!(
        gone,
        [
            "src/operation/put.rs",
            "src/types/fish.rs",
            "src/types/lake.rs"
        ]
    );
}

/// A shape that a request alone holds is not read, and the other way round.
#[test]
fn only_the_directions_in_use_are_emitted() {
    let text = model(json!({
        "Get": {"type": "operation", "output": {"target": "Io"}},
        "Put": {"type": "operation", "input": {"target": "Io"}},
        "Io": {"type": "structure", "members": {"city": {"target": "City"}}},
        "City": {"type": "structure", "members": {"name": {"target": "String"}}},
    }));
    let city = |operations: &[&str]| {
        let tree = try_generate(&text, Some(operations)).unwrap().tree;
        let (_, text) = tree
            .files()
            .find(|(path, _)| path.ends_with("city.rs"))
            .unwrap();
        (text.contains("fn read("), text.contains("fn write("))
    };
    assert_eq!(city(&["Get"]), (true, false));
    assert_eq!(city(&["Put"]), (false, true));
    assert_eq!(city(&["Get", "Put"]), (true, true));
}

/// The order of the names makes no difference.
#[test]
fn operations_may_be_named_in_any_order() {
    let text = model(json!({"A": {"type": "operation"}, "B": {"type": "operation"}}));
    let one = try_generate(&text, Some(&["A", "B"])).unwrap();
    let other = try_generate(&text, Some(&["B", "A", "B"])).unwrap();
    assert_eq!(one.tree, other.tree);
    assert_eq!(other.operations, 2);
}

/// DisconnectCustomKeyStore and its relatives: data shapes, without the operations.
#[test]
fn custom_key_stores_of_kms() {
    let Some(models) = tinsmith_testing::shared("models") else {
        return;
    };
    let operations = [
        "ConnectCustomKeyStore",
        "CreateCustomKeyStore",
        "DeleteCustomKeyStore",
        "DescribeCustomKeyStores",
        "DisconnectCustomKeyStore",
        "UpdateCustomKeyStore",
    ];
    // AccountIdType came with the owner of a VPC endpoint service.
    for (model, shapes) in [("kms-2025-04.json", 57), ("kms-2026-08.json", 58)] {
        let text = read(&models.join(model));
        let pruned = try_generate(&text, Some(&operations)).unwrap();
        assert_eq!((pruned.operations, pruned.shapes), (6, shapes), "{model}");
        let all = try_generate(&text, None).unwrap();
        assert!(paths(&pruned.tree).is_subset(&paths(&all.tree)), "{model}");
    }
}

#[test]
fn only_the_chosen_service_is_generated() {
    let service = |operation: &str, protocol: &str| {
        json!({"type": "service", "version": "1", "operations": [{"target": operation}],
            "traits": {protocol: {}}})
    };
    let text = model(json!({
        "Lakes": service("Fill", "aws.protocols#awsJson1_0"),
        "Towns": service("Build", "aws.protocols#restJson1"),
        "Fill": {"type": "operation"},
        "Build": {"type": "operation"},
    }));
    let sources = [Source {
        name: "fixture.json",
        text: &text,
    }];
    let options = Options {
        name: None,
        service: Some("Lakes".to_owned()),
        ..options(None)
    };
    let lowered = lower(&sources, &options).unwrap_or_else(|faults| panic!("{faults}"));
    let service = lowered.service;
    assert_eq!(
        (service.name.as_str(), service.shape_name.as_str()),
        ("lakes", "Lakes")
    );
    let operations: Vec<_> = service
        .operations
        .iter()
        .map(|o| o.wire_name.as_str())
        .collect();
    assert_eq!(operations, ["Fill"]);
}
