//! The smallest model of each kind of shape, and each way of merging and upgrading.

use serde_json::{Value, json};
use tinsmith_smithy::ast::{ShapeId, ShapeKind};
use tinsmith_smithy::diagnostic::Diagnostics;
use tinsmith_smithy::load::Loaded;
use tinsmith_smithy::serialize::serialize;

use crate::{faults, load_all, loaded, model, shape, string};

#[test]
fn every_kind_loads_and_is_written_as_it_was() {
    let operation = json!({
        "type": "operation",
        "input": {"target": "smithy.api#Unit"},
        "output": {"target": "smithy.api#Unit"},
    });
    let value = |value: Value| json!({"V": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": value}}});
    let mut shapes: Vec<Value> = [
        "blob",
        "boolean",
        "string",
        "byte",
        "short",
        "integer",
        "long",
        "float",
        "double",
        "bigInteger",
        "bigDecimal",
        "timestamp",
        "document",
        "service",
        "resource",
    ]
    .iter()
    .map(|kind| json!({"type": kind}))
    .collect();
    shapes.extend([
        json!({"type": "enum", "members": value("v".into())}),
        json!({"type": "intEnum", "members": value(7.into())}),
        json!({"type": "list", "member": string()}),
        json!({"type": "map", "key": string(), "value": string()}),
        json!({"type": "structure", "members": {}}),
        json!({"type": "union", "members": {"m": string()}}),
        operation.clone(),
    ]);
    for expected in shapes {
        let all = json!({"n#S": expected.clone(), "n#O": operation.clone()});
        assert_eq!(shape(all), expected);
    }
}

#[test]
fn services_resources_and_operations_keep_what_they_bind() {
    let reference = |name: &str| json!({"target": format!("n#{name}")});
    let expected = json!({
        "n#Service": {
            "type": "service",
            "version": "2026-01-01",
            "operations": [reference("Op")],
            "resources": [reference("Res")],
            "errors": [reference("Err")],
            "rename": {"n#Res": "Renamed"},
        },
        "n#Res": {
            "type": "resource",
            "identifiers": {"id": string()},
            "properties": {"colour": string()},
            "create": reference("Op"), "put": reference("Op"), "read": reference("Op"),
            "update": reference("Op"), "delete": reference("Op"), "list": reference("Op"),
            "operations": [reference("Op")],
            "collectionOperations": [reference("Op")],
            "resources": [reference("Sub")],
        },
        "n#Sub": {"type": "resource"},
        "n#Op": {
            "type": "operation",
            "input": reference("In"),
            "output": reference("Out"),
            "errors": [reference("Err")],
        },
        "n#In": {"type": "structure", "members": {}},
        "n#Out": {"type": "structure", "members": {}},
        "n#Err": {"type": "structure", "members": {}, "traits": {"smithy.api#error": "client"}},
    });
    let written = serialize(&loaded(&[model("2.0", &expected)]));
    assert_eq!(written["shapes"], expected);
}

#[test]
fn the_prelude_is_there_and_is_not_written() {
    let model = loaded(&[model("2", &json!({}))]);
    let kind = |id: &str| model.shapes.get(id).map(|shape| shape.kind.name());
    assert_eq!(kind("smithy.api#String"), Some("string"));
    assert_eq!(kind("smithy.api#PrimitiveLong"), Some("long"));
    assert_eq!(kind("smithy.api#Unit"), Some("structure"));
    assert_eq!(model.shapes.len(), 21);
    assert!(model.shapes["smithy.api#Unit"].traits.unit_type());
    assert_eq!(serialize(&model), json!({"smithy": "2.0", "shapes": {}}));
}

/// As `smithy ast --include-prelude` writes it, and newer than what is built in.
#[test]
fn skips_prelude_and_trait_definitions_of_a_source() {
    let definition = |namespace: &str| {
        json!({"type": "structure",
            "members": {"kind": {"target": format!("{namespace}#NotYetKnown")}},
            "traits": {"smithy.api#trait": {"selector": "string"}}})
    };
    let own = json!({
        "n#S": {"type": "structure", "members": {"m": {"target": "smithy.api#String"}}},
        "smithy.framework#Fault": {"type": "structure", "members": {}},
        "smithy.example#mine": {"type": "structure", "members": {}, "traits": {"smithy.api#trait": {}}},
    });
    let mut shapes = own.clone();
    for (id, shape) in [
        // Another kind than the built-in one's, which counts.
        ("smithy.api#String", json!({"type": "blob", "new": 1})),
        ("smithy.api#NotYetKnown", json!({"type": "string"})),
        ("smithy.api#required", definition("smithy.api")),
        (
            "smithy.rules#clientContextParams",
            definition("smithy.rules"),
        ),
        ("aws.api#service", definition("aws.api")),
    ] {
        shapes[id] = shape;
    }
    let Loaded {
        model: skipped,
        warnings,
    } = load_all(&[model("2.0", &shapes)]).unwrap();
    assert_eq!(serialize(&skipped)["shapes"], own);
    assert_eq!(skipped.shapes["smithy.api#String"].kind, ShapeKind::String);
    assert_eq!(warnings, []);
    // The definitions may differ from one source to the next.
    let other = json!({"aws.api#service": {"type": "string", "traits": {"smithy.api#trait": {}}}});
    assert_eq!(
        loaded(&[model("2.0", &shapes), model("2.0", &other)]),
        skipped
    );
}

/// They may have the form of another trait, which is skipped.
#[test]
fn definitions_of_traits_refer_to_others() {
    let of = |target: &str, traits: Value| json!({"type": "structure", "members": {"m": {"target": target}}, "traits": traits});
    let definition = json!({"smithy.api#trait": {}});
    loaded(&[model(
        "2.0",
        &json!({
            "n#own": of("smithy.api#documentation", definition.clone()),
            "aws.api#service": of("aws.api#data", definition.clone()),
            "aws.api#Helper": of("aws.api#service", json!({})),
        }),
    )]);
    let expected = |target: &str| {
        format!("a.json: n#S$m: member shape targets an unresolved shape `{target}`")
    };
    for (target, traits) in [
        ("smithy.api#documentation", json!({})),
        ("aws.api#service", json!({})),
        ("n#Gone", definition),
    ] {
        let found = faults(json!({"n#S": of(target, traits)}));
        assert_eq!(found, [expected(target)]);
    }
}

#[test]
fn apply_to_the_prelude_is_a_warning() {
    let apply = json!({"type": "apply", "traits": {"smithy.api#tags": ["a"]}});
    let shapes = json!({"smithy.api#String": apply, "aws.api#service": apply});
    let loaded = load_all(&[model("2.0", &shapes)]).unwrap();
    let warnings: Vec<_> = loaded.warnings.iter().map(ToString::to_string).collect();
    let expected = [
        "a.json: smithy.api#String: `apply` has no effect on a shape of Smithy's prelude",
        "a.json: aws.api#service: `apply` has no effect: the shape is not part of the model",
    ];
    assert_eq!(warnings, expected);
}

#[test]
fn unit_input_and_no_input_are_the_same() {
    let unit = json!({"target": "smithy.api#Unit"});
    let model = loaded(&[model(
        "2.0",
        &json!({"n#S": {"type": "operation", "input": unit}}),
    )]);
    let ShapeKind::Operation(operation) = &model.shapes["n#S"].kind else {
        panic!("an operation");
    };
    assert_eq!((&operation.input, &operation.output), (&None, &None));
}

#[test]
fn a_string_with_named_enum_entries_becomes_an_enum() {
    let entries = json!([
        {"value": "a", "name": "A", "documentation": "First.", "tags": ["t"], "deprecated": true},
        {"value": "b", "name": "B"},
    ]);
    let traits = json!({"smithy.api#enum": entries, "smithy.api#sensitive": {}});
    for version in ["1.0", "2.0"] {
        let shapes = json!({"n#S": {"type": "string", "traits": traits}});
        let written = serialize(&loaded(&[model(version, &shapes)]));
        let expected = json!({
            "type": "enum",
            "members": {
                "A": {"target": "smithy.api#Unit", "traits": {
                    "smithy.api#deprecated": {},
                    "smithy.api#documentation": "First.",
                    "smithy.api#enumValue": "a",
                    "smithy.api#tags": ["t"],
                }},
                "B": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "b"}},
            },
            "traits": {"smithy.api#sensitive": {}},
        });
        assert_eq!(written["shapes"]["n#S"], expected);
    }
}

#[test]
fn a_string_whose_enum_entries_cannot_be_members_stays_one() {
    for entries in [
        json!([{"value": "a", "name": "A"}, {"value": "b"}]),
        json!([{"value": "a", "name": "A"}, {"value": "b", "name": "A"}]),
        json!([{"value": "a", "name": "not-a-name"}]),
        json!([{"value": "a", "name": "A"}, {"value": "b", "name": "_"}]),
    ] {
        let expected = json!({"type": "string", "traits": {"smithy.api#enum": entries}});
        assert_eq!(shape(json!({"n#S": expected.clone()})), expected);
    }
}

#[test]
fn an_enum_member_without_value_has_its_name() {
    let members = json!({"A": {"target": "smithy.api#Unit"}});
    let written = shape(json!({"n#S": {"type": "enum", "members": members}}));
    assert_eq!(
        written["members"]["A"]["traits"]["smithy.api#enumValue"],
        "A"
    );
}

#[test]
fn a_1_0_structure_gets_the_defaults_it_implies() {
    let member = |target: &str, traits: Value| json!({"target": target, "traits": traits});
    let shapes = json!({
        "n#S": {"type": "structure", "members": {
            "primitive": member("smithy.api#PrimitiveInteger", json!({})),
            "boxedPrimitive": member("smithy.api#PrimitiveInteger", json!({"smithy.api#box": {}})),
            "boxed": member("smithy.api#Integer", json!({})),
            "stream": member("n#Stream", json!({})),
            "requiredStream": member("n#Stream", json!({"smithy.api#required": {}})),
            "flag": member("n#Flag", json!({})),
        }},
        "n#Stream": {"type": "blob", "traits": {"smithy.api#streaming": {}}},
        "n#Flag": {"type": "boolean"},
        "n#Set": {"type": "set", "member": string()},
    });
    let written = serialize(&loaded(&[model("1", &shapes)]));
    let default = |name: &str| {
        let traits = &written["shapes"]["n#S"]["members"][name]["traits"];
        traits.get("smithy.api#default").cloned()
    };
    assert_eq!(default("primitive"), Some(json!(0)));
    assert_eq!(default("boxedPrimitive"), Some(Value::Null));
    assert_eq!(default("boxed"), None);
    assert_eq!(default("stream"), Some(json!("")));
    assert_eq!(default("requiredStream"), None);
    assert_eq!(default("flag"), Some(json!(false)));
    assert!(!written.to_string().contains("smithy.api#box"));
    let set = json!({
        "type": "list", "member": string(), "traits": {"smithy.api#uniqueItems": {}},
    });
    assert_eq!(written["shapes"]["n#Set"], set);
}

#[test]
fn a_1_0_member_heeds_the_default_of_a_2_0_target() {
    let targets = json!({
        "n#Zero": {"type": "float", "traits": {"smithy.api#default": 0.0}},
        "n#One": {"type": "float", "traits": {"smithy.api#default": 1}},
        "n#None": {"type": "float"},
    });
    let members = json!({
        "zero": {"target": "n#Zero"}, "one": {"target": "n#One"}, "none": {"target": "n#None"},
    });
    let structure = json!({"n#S": {"type": "structure", "members": members}});
    let written = serialize(&loaded(&[model("1.0", &structure), model("2.0", &targets)]));
    let members = &written["shapes"]["n#S"]["members"];
    assert_eq!(members["zero"]["traits"], json!({"smithy.api#default": 0}));
    assert_eq!(members["one"].get("traits"), None);
    assert_eq!(members["none"].get("traits"), None);
}

/// Nobody wrote it, so no constraint and no other model can be broken by it.
#[test]
fn the_default_that_1_0_implies_is_never_at_fault() {
    let constraints = json!({"smithy.api#length": {"min": 1}, "smithy.api#streaming": {}});
    let shapes = json!({
        "n#S": {"type": "structure", "members": {"stream": {"target": "n#Stream"}}},
        "n#Stream": {"type": "blob", "traits": constraints},
        "n#Flag": {"type": "boolean"},
    });
    let other =
        json!({"n#Other": {"type": "structure", "members": {"flag": {"target": "n#Flag"}}}});
    let written = serialize(&loaded(&[model("1.0", &shapes), model("2.0", &other)]));
    let stream = &written["shapes"]["n#S"]["members"]["stream"];
    assert_eq!(stream["traits"]["smithy.api#default"], "");
    assert_eq!(
        written["shapes"]["n#Other"]["members"]["flag"].get("traits"),
        None
    );
}

#[test]
fn an_overlay_adds_traits_to_shapes_and_members() {
    let base = json!({"n#S": {
        "type": "structure",
        "members": {"m": {"target": "smithy.api#String", "traits": {"smithy.api#tags": ["a"]}}},
        "traits": {"smithy.api#documentation": "Same."},
    }});
    let overlay = json!({
        "n#S": {"type": "apply", "traits": {"smithy.api#documentation": "Same."}},
        "n#S$m": {"type": "apply", "traits": {"smithy.api#tags": ["b"], "n#own": 1}},
    });
    // The overlay may come first.
    for texts in [
        [model("1.0", &base), model("2.0", &overlay)],
        [model("2.0", &overlay), model("1.0", &base)],
    ] {
        let written = serialize(&loaded(&texts));
        let expected = json!({
            "type": "structure",
            "members": {"m": {
                "target": "smithy.api#String",
                "traits": {"n#own": 1, "smithy.api#tags": ["a", "b"]},
            }},
            "traits": {"smithy.api#documentation": "Same."},
        });
        assert_eq!(written["shapes"]["n#S"], expected);
    }
}

#[test]
fn equal_definitions_merge_and_others_conflict() {
    let list = |target: &str| json!({"n#S": {"type": "list", "member": {"target": target}}});
    let text = |target| model("2.0", &list(target));
    loaded(&[text("smithy.api#String"), text("smithy.api#String")]);
    let Diagnostics(faults) =
        load_all(&[text("smithy.api#String"), text("smithy.api#Blob")]).unwrap_err();
    let [fault] = faults.as_slice() else {
        panic!("{faults:?}")
    };
    assert_eq!(
        fault.to_string(),
        "b.json: n#S: Conflicting shape definition for `n#S` found at `a.json` and `b.json`"
    );
}

#[test]
fn metadata_merges() {
    let text = |metadata: Value| json!({"smithy": "2.0", "metadata": metadata}).to_string();
    let model = loaded(&[
        text(json!({"a": [1], "b": 1})),
        text(json!({"a": [2], "b": 1})),
    ]);
    assert_eq!(model.metadata["a"], json!([1, 2]));
    assert_eq!(model.metadata["b"], json!(1));
    let Diagnostics(faults) =
        load_all(&[text(json!({"a": 1})), text(json!({"a": 2}))]).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0]
            .to_string()
            .starts_with("b.json: Metadata conflict for key `a`")
    );
}

#[test]
fn a_long_chain_of_mixins_needs_no_stack() {
    let mut shapes = serde_json::Map::new();
    for n in 0..5_000 {
        let mixins: Vec<_> = (n > 0)
            .then(|| json!({"target": format!("n#M{}", n - 1)}))
            .into_iter()
            .collect();
        let traits = json!({"smithy.api#mixin": {}});
        let shape = json!({"type": "structure", "mixins": mixins, "traits": traits});
        shapes.insert(format!("n#M{n}"), shape);
    }
    shapes.insert(
        "n#S".to_owned(),
        json!({"type": "structure", "mixins": [{"target": "n#M4999"}]}),
    );
    let model = loaded(&[model("2.0", &shapes.into())]);
    assert_eq!(
        model
            .shapes
            .keys()
            .filter(|id| id.namespace() == "n")
            .count(),
        1
    );
}

#[test]
fn ids_come_apart() {
    let id = ShapeId::new("a.b#C$d").unwrap();
    assert_eq!(
        (id.namespace(), id.name(), id.member()),
        ("a.b", "C", Some("d"))
    );
    assert_eq!(id.root().as_str(), "a.b#C");
    assert_eq!(id.root().member(), None);
    for wrong in [
        "", "C", "#C", "a#", "a#b$", "a b#C", "a#1", "a..b#C", "a#C$d$e", "a#b#c",
    ] {
        assert_eq!(ShapeId::new(wrong), None, "{wrong}");
    }
}

#[test]
fn enums_and_unions_have_members() {
    for kind in ["enum", "intEnum", "union"] {
        let found = faults(json!({"n#S": {"type": kind, "members": {}}}));
        let expected = format!("a.json: n#S: {kind} shapes must have at least one member");
        assert_eq!(found, [expected]);
    }
}

#[test]
fn signatures_need_a_name() {
    let service = |name: &str| {
        let traits = json!({"aws.auth#sigv4": {"name": name}});
        json!({"n#S": {"type": "service", "version": "1", "traits": traits}})
    };
    shape(service("s"));
    let found = faults(service(""));
    let expected = "a.json: n#S: Error creating trait `aws.auth#sigv4`: `name`: expected a name";
    assert!(found[0].starts_with(expected), "{found:?}");
}
