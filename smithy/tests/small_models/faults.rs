//! The smallest model with each fault.

use serde_json::{Value, json};
use tinsmith_smithy::diagnostic::Diagnostics;

use crate::{faults, load_all, loaded, model, shape, string};

/// The faults of a member with this target and default, where the target is `n#T`.
fn faults_of_default(target: Value, default: Value) -> Vec<String> {
    let member = json!({"target": "n#T", "traits": {"smithy.api#default": default}});
    let structure = json!({"type": "structure", "members": {"m": member}});
    let shapes = model("2.0", &json!({"n#S": structure, "n#T": target}));
    match load_all(&[shapes]) {
        Ok(_) => Vec::new(),
        Err(Diagnostics(faults)) => faults.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn an_event_has_one_payload() {
    let mut member = string();
    member["traits"] = json!({"smithy.api#eventPayload": {}});
    let structure = |members: Value| json!({"n#S": {"type": "structure", "members": members}});
    shape(structure(json!({"a": member, "b": string()})));
    let found = faults(structure(json!({"a": member, "b": string(), "c": member})));
    let expected = "a.json: n#S: The `eventPayload` trait can be applied to only a single member of \
                    a structure, but it was found on the following members: `a`, `c`";
    assert_eq!(found, [expected]);
}

#[test]
fn defaults_must_keep_to_the_constraints_of_their_target() {
    let of = |kind: &str, traits: Value| json!({"type": kind, "traits": traits});
    let value = |value: Value| json!({"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": value}});
    let text_enum = json!({"type": "enum", "members": {"A": value(json!("a"))}});
    let int_enum = json!({"type": "intEnum", "members": {"A": value(json!(7))}});
    let old_enum = of("string", json!({"smithy.api#enum": [{"value": "a"}]}));
    let range = of(
        "integer",
        json!({"smithy.api#range": {"min": 5, "max": 7.5}}),
    );
    let big = of(
        "bigInteger",
        json!({"smithy.api#range": {"max": 18_446_744_073_709_551_615_u64}}),
    );
    let float = of("float", json!({"smithy.api#range": {"min": 1}}));
    let length = of("string", json!({"smithy.api#length": {"min": 2, "max": 3}}));
    let blob = of("blob", json!({"smithy.api#length": {"max": 3}}));
    let mut list = of("list", json!({"smithy.api#length": {"min": 1}}));
    list["member"] = string();
    let date = of(
        "timestamp",
        json!({"smithy.api#timestampFormat": "http-date"}),
    );
    for (target, right, wrong) in [
        (text_enum, json!("a"), json!("zzz")),
        (int_enum, json!(7), json!(0)),
        (old_enum, json!("a"), json!("b")),
        (range.clone(), json!(7), json!(8)),
        // A zero is what 1.0 gave to every number.
        (range, json!(0), json!(-1)),
        (
            big,
            json!(u64::MAX),
            json!(18_446_744_073_709_551_616_u128 as f64),
        ),
        (float, json!("Infinity"), json!("NaN")),
        (length, json!("äöü"), json!("abcd")),
        (blob, json!("YWJj"), json!("YWJjZA==")),
        (list, json!(null), json!([])),
        (
            date,
            json!("Tue, 29 Apr 2014 18:30:38 GMT"),
            json!("2014-04-29T18:30:38Z"),
        ),
    ] {
        assert_eq!(
            faults_of_default(target.clone(), right),
            [""; 0],
            "{target}"
        );
        let faults = faults_of_default(target.clone(), wrong);
        let begin = "a.json: n#S$m: Error validating trait `default`: ";
        assert_eq!(faults.len(), 1, "{target}");
        assert!(faults[0].starts_with(begin), "{faults:?}");
    }
}

/// Those of the member count beside those of its target.
#[test]
fn defaults_must_keep_to_the_constraints_of_their_member() {
    let faults_of = |traits: Value, default: Value| {
        let mut member = json!({"target": "n#T", "traits": traits});
        member["traits"]["smithy.api#default"] = default;
        let range = json!({"smithy.api#range": {"min": 1, "max": 9}});
        let shapes = json!({
            "n#S": {"type": "structure", "members": {"m": member}},
            "n#T": {"type": "integer", "traits": range},
        });
        match load_all(&[model("2.0", &shapes)]) {
            Ok(_) => Vec::new(),
            Err(Diagnostics(faults)) => faults.iter().map(ToString::to_string).collect(),
        }
    };
    let wider = json!({"smithy.api#range": {"max": 99}});
    let narrower = json!({"smithy.api#range": {"min": 5}});
    assert_eq!(faults_of(wider.clone(), json!(9)), [""; 0]);
    assert_eq!(faults_of(narrower.clone(), json!(5)), [""; 0]);
    for (traits, default) in [(wider, 10), (narrower, 4)] {
        let expected = format!(
            "a.json: n#S$m: Error validating trait `default`: `{default}` is not within the `range` \
             trait"
        );
        assert_eq!(faults_of(traits, json!(default)), [expected]);
    }
}

#[test]
fn members_repeat_the_default_of_their_target() {
    let target = json!({"type": "integer", "traits": {"smithy.api#default": 7}});
    for right in [json!(7), json!(7.0), json!(null)] {
        assert_eq!(faults_of_default(target.clone(), right), [""; 0]);
    }
    let begin = "a.json: n#S$m: Error validating trait `default`: a member must repeat";
    assert!(faults_of_default(target.clone(), json!(8))[0].starts_with(begin));
    let without = json!({"type": "structure", "members": {"m": {"target": "n#T"}}});
    assert!(faults(json!({"n#S": without, "n#T": target}))[0].starts_with(begin));
    let without_value = json!({"type": "integer", "traits": {"smithy.api#default": null}});
    let expected =
        "a.json: n#S: Error validating trait `default`: only the default of a member can be null";
    assert_eq!(faults(json!({"n#S": without_value})), [expected]);
}

#[test]
fn only_unions_and_enums_have_members_without_a_value() {
    let unit = json!({"target": "smithy.api#Unit"});
    let right = json!({"n#U": {"type": "union", "members": {"m": unit}}});
    loaded(&[model("2.0", &right)]);
    let shapes = json!({
        "n#L": {"type": "list", "member": unit},
        "n#M": {"type": "map", "key": string(), "value": unit},
        "n#S": {"type": "structure", "members": {"m": unit}},
    });
    let fault = |id: &str, kind: &str| {
        format!(
            "a.json: {id}: Only members of a union can reference `smithy.api#Unit`, but this is a \
             member of a {kind}"
        )
    };
    let expected = [
        fault("n#L$member", "list"),
        fault("n#M$value", "map"),
        fault("n#S$m", "structure"),
    ];
    assert_eq!(faults(shapes), expected);
}

#[test]
fn references_must_resolve_to_the_right_kind() {
    let shapes = json!({
        "n#S": {"type": "structure", "members": {
            "gone": {"target": "n#Gone"}, "op": {"target": "n#Op"}, "mix": {"target": "n#Mixin"},
        }},
        "n#Map": {"type": "map", "key": {"target": "smithy.api#Blob"}, "value": string()},
        "n#Op": {
            "type": "operation", "input": string(), "output": {"target": "n#Gone"},
            "errors": [{"target": "n#S"}],
        },
        "n#Mixin": {"type": "structure", "members": {}, "traits": {"smithy.api#mixin": {}}},
        "n#Enum": {"type": "enum", "members": {"A": string()}},
        "n#Int": {"type": "intEnum", "members": {"A": {"target": "smithy.api#Unit"}}},
    });
    let faults = faults(shapes);
    let expected = [
        "a.json: n#Enum$A: enum members may only target `smithy.api#Unit`",
        "a.json: n#Int$A: intEnum members must have a whole number as enumValue",
        "a.json: n#Map: Map key member targets blob shape `smithy.api#Blob`",
        "a.json: n#Op: operation shape `input` relationships must target a structure shape",
        "a.json: n#Op: operation shape has an `output` relationship to an unresolved shape `n#Gone`",
        "a.json: n#Op: `n#S` cannot be bound as an error",
        "a.json: n#S$gone: member shape targets an unresolved shape `n#Gone`",
        "a.json: n#S$op: Members cannot target operation shapes, but found `n#Op`",
        "a.json: n#S$mix: Illegal member reference to mixin `n#Mixin`",
    ];
    assert_eq!(faults.len(), expected.len(), "{faults:#?}");
    for (fault, expected) in faults.iter().zip(expected) {
        assert!(fault.starts_with(expected), "{fault}\n{expected}");
    }
}

#[test]
fn trait_values_must_have_their_form() {
    let wrong = [
        ("required", json!(true)),
        ("documentation", json!(1)),
        ("length", json!({"min": -1})),
        ("length", json!({"min": 2, "max": 1})),
        ("length", json!({})),
        ("range", json!({"min": "1"})),
        ("pattern", json!({})),
        ("error", json!("client-side")),
        ("httpError", json!("404")),
        ("httpError", json!(4040)),
        ("retryable", json!({"throttling": 1})),
        ("deprecated", json!({"message": 1})),
        ("paginated", json!({"items": []})),
        ("endpoint", json!({})),
        ("examples", json!([{"input": {}}])),
        ("timestampFormat", json!("iso")),
        ("sensitive", json!(null)),
        ("default", json!({})),
        ("enum", json!([{"name": "A"}])),
    ];
    for (name, value) in wrong {
        let traits = json!({format!("smithy.api#{name}"): value});
        let faults = faults(json!({"n#S": {"type": "string", "traits": traits}}));
        assert_eq!(faults.len(), 1, "{faults:?}");
        let is_right =
            |verb| faults[0].starts_with(&format!("a.json: n#S: Error {verb} trait `{name}`: "));
        assert!(is_right("creating") || is_right("validating"), "{faults:?}");
    }
}

#[test]
fn defaults_must_fit_their_target() {
    let right = [
        ("Boolean", json!(true)),
        ("Byte", json!(-128)),
        ("Integer", json!(1.0)),
        ("Long", json!(i64::MAX)),
        ("Float", json!(1.5)),
        ("Double", json!("NaN")),
        ("String", json!("")),
        ("Blob", json!("")),
        ("Timestamp", json!(0)),
        ("Timestamp", json!("2024-02-29T00:00:00Z")),
        ("Document", json!([])),
        ("BigInteger", json!(1)),
        ("Short", json!(null)),
    ];
    let wrong = [
        ("Boolean", json!(0)),
        ("Byte", json!(128)),
        ("Integer", json!(1.5)),
        ("Long", json!(u64::MAX)),
        ("Float", json!("1")),
        ("String", json!(0)),
        ("Blob", json!(0)),
        ("BigInteger", json!(0.5)),
        ("Short", json!(40_000)),
        ("Float", json!(1e39)),
        ("Blob", json!("?")),
        ("Timestamp", json!("2023-02-29T00:00:00Z")),
        ("Timestamp", json!("Tue, 29 Apr 2014 18:30:38 GMT")),
        ("Document", json!([1])),
    ];
    let shapes = |target: &str, default: Value| {
        let target = format!("smithy.api#{target}");
        let member = json!({"target": target, "traits": {"smithy.api#default": default}});
        json!({"n#S": {"type": "structure", "members": {"m": member}}})
    };
    for (target, default) in right {
        shape(shapes(target, default));
    }
    for (target, default) in wrong {
        let faults = faults(shapes(target, default));
        assert_eq!(faults.len(), 1);
        assert!(
            faults[0].starts_with("a.json: n#S$m: Error validating trait `default`: "),
            "{faults:?}"
        );
    }
}

#[test]
fn what_the_other_version_has_is_a_fault() {
    let fault = |version: &str, shape: Value| {
        let Diagnostics(faults) = load_all(&[model(version, &json!({"n#S": shape}))]).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:?}");
        faults[0].message.clone()
    };
    let enumeration = json!({"type": "enum", "members": {"A": {"target": "smithy.api#Unit"}}});
    assert_eq!(
        fault("1.0", enumeration),
        "enum shapes cannot be used in Smithy version 1.0"
    );
    let set = json!({"type": "set", "member": string()});
    assert_eq!(
        fault("2.0", set),
        "set shapes cannot be used in Smithy version 2.0"
    );
    let boxed = json!({"type": "integer", "traits": {"smithy.api#box": {}}});
    assert_eq!(
        fault("2.0", boxed),
        "@box is not supported in Smithy IDL 2.0"
    );
    let default = json!({"type": "integer", "traits": {"smithy.api#default": 0}});
    let message = "The @default trait can only be used in Smithy 2.0 or later";
    assert_eq!(fault("1.0", default), message);
}

#[test]
fn odd_documents_are_faults() {
    let fault = |text: &str| load_all(&[text.to_owned()]).unwrap_err().to_string();
    assert_eq!(
        fault("[]"),
        "a.json: Expected a Smithy model, a JSON object; found array"
    );
    assert_eq!(
        fault("{}"),
        "a.json: Missing the `smithy` property, the model's version"
    );
    assert_eq!(
        fault("{\n\"smithy\":"),
        "a.json:2:9: not valid JSON: EOF while parsing a value"
    );
    let shapes = json!({
        "n#A": 1, "n#B": {}, "n#C": {"type": 1}, "n#D": {"type": "thing"},
        "n#E": {"type": "structure", "members": {"not-a-name": string(), "x": 1, "y": {}}},
    });
    let expected = [
        "a.json: n#A: Expected a shape to be an object; found number",
        "a.json: n#B: Missing required property `type`",
        "a.json: n#C: Expected `type` to be a string; found number",
        "a.json: n#D: Invalid shape `type`: thing",
        "a.json: n#E: Invalid shape ID: n#E$not-a-name",
        "a.json: n#E$x: Expected a member to be an object; found number",
        "a.json: n#E$y: Missing required property `target`",
    ];
    assert_eq!(faults(shapes), expected);
}

#[test]
fn faults_of_every_source_are_reported_at_once() {
    let texts = [
        "{",
        r#"{"smithy": "3"}"#,
        r#"{"smithy": "2", "shapes": []}"#,
    ]
    .map(str::to_owned);
    let Diagnostics(faults) = load_all(&texts).unwrap_err();
    let files: Vec<_> = faults.iter().map(|fault| fault.file.as_str()).collect();
    assert_eq!(files, ["a.json", "b.json", "c.json"]);
}

#[test]
fn mixins_must_agree_about_members() {
    let mixin = |target: &str| json!({"type": "structure", "members": {"m": {"target": target}}, "traits": {"smithy.api#mixin": {}}});
    let shapes = json!({
        "n#A": mixin("smithy.api#String"),
        "n#B": mixin("smithy.api#Blob"),
        "n#S": {"type": "structure", "mixins": [{"target": "n#A"}, {"target": "n#B"}]},
        "n#U": {"type": "union", "mixins": [{"target": "n#A"}]},
    });
    let faults = faults(shapes);
    assert!(
        faults[0]
            .starts_with("a.json: n#S$m: Member conflicts with an inherited mixin member: `n#B$m`"),
        "{faults:?}"
    );
    assert!(
        faults[1].starts_with("a.json: n#U: Mixins may only be mixed into shapes of the same type"),
        "{faults:?}"
    );
    assert_eq!(faults.len(), 2);
}

#[test]
fn traits_need_something_to_apply_to() {
    let traits = json!({"smithy.api#tags": ["a"], "n#own": 1});
    let apply = json!({"type": "apply", "traits": traits});
    let shapes = json!({
        "n#S": {"type": "structure", "members": {}},
        "n#S$gone": apply,
        "n#Gone": apply,
        "n#T": {"type": "apply"},
    });
    let expected = [
        "a.json: n#T: Missing required property `traits`",
        "a.json: Trait `n#own` applied to unknown shape `n#Gone`",
        "a.json: Trait `tags` applied to unknown shape `n#Gone`",
        "a.json: Trait `n#own` applied to unknown shape `n#S$gone`",
        "a.json: Trait `tags` applied to unknown shape `n#S$gone`",
    ];
    assert_eq!(faults(shapes), expected);
}

#[test]
fn the_values_of_an_enum_differ_and_are_not_empty() {
    let members = |values: [Value; 3]| {
        let members = ["A", "B", "C"]
            .into_iter()
            .zip(values)
            .map(|(name, value)| {
                let traits = json!({"smithy.api#enumValue": value});
                let member = json!({"target": "smithy.api#Unit", "traits": traits});
                (name.to_owned(), member)
            });
        Value::Object(members.collect())
    };
    let shapes = json!({
        "n#E": {"type": "enum", "members": members([json!("a"), json!(""), json!("a")])},
        "n#I": {"type": "intEnum", "members": members([json!(1), json!(1), json!(4_294_967_296_u64)])},
        "n#M": {"type": "enum", "members": members([json!("a"), json!(1), json!("b")])},
    });
    let expected = [
        "a.json: n#I$C: Error creating trait `enumValue`: expected a string or a 32-bit whole \
         number, found number 4294967296",
        "a.json: n#E$B: enum values must not be empty",
        "a.json: n#E$C: Multiple enum members found with duplicate value `a`",
        "a.json: n#I$B: Multiple enum members found with duplicate value `1`",
        "a.json: n#M$B: enum members must have a string as enumValue",
    ];
    assert_eq!(faults(shapes), expected);
}

#[test]
fn mixins_are_not_bound() {
    let mixin = json!({"smithy.api#mixin": {}});
    let shapes = json!({
        "n#S": {"type": "service", "operations": [{"target": "n#Op"}]},
        "n#Op": {"type": "operation", "traits": mixin},
    });
    let expected = "a.json: n#S: Illegal operation reference to mixin `n#Op`; shapes marked with the \
                    mixin trait can only be referenced to apply them as a mixin.";
    assert_eq!(faults(shapes), [expected]);
}

#[test]
fn unknown_properties_are_warnings() {
    let reference = json!({"target": "n#Op", "r": 1});
    let shapes = json!({
        "n#S": {"type": "service", "operations": [reference], "s": 1},
        "n#Op": {"type": "operation"},
        "n#Op$": {"type": "string"},
    });
    assert_eq!(faults(shapes.clone()), ["a.json: Invalid shape ID: n#Op$"]);
    let mut shapes = shapes;
    shapes.as_object_mut().unwrap().swap_remove("n#Op$");
    shapes["n#Op"]["b"] = 1.into();
    shapes["n#Op"]["a"] = 1.into();
    let overlay = json!({"n#Op": {"type": "apply", "traits": {}, "x": 1}});
    let loaded = load_all(&[model("2.0", &shapes), model("2.0", &overlay)]).unwrap();
    let warnings: Vec<_> = loaded.warnings.iter().map(ToString::to_string).collect();
    let text = "Expected an object with possible properties of";
    let expected = [
        format!("a.json: n#S: {text} `target`, but found additional properties: `r`"),
        format!(
            "a.json: n#S: {text} `errors`, `mixins`, `operations`, `rename`, `resources`, `traits`, \
             `type`, `version`, but found additional properties: `s`"
        ),
        format!(
            "a.json: n#Op: {text} `errors`, `input`, `mixins`, `output`, `traits`, `type`, but found \
             additional properties: `a`, `b`"
        ),
        format!("b.json: n#Op: {text} `traits`, `type`, but found additional properties: `x`"),
    ];
    assert_eq!(warnings, expected);
}

#[test]
fn a_cycle_of_mixins_is_the_only_fault_it_makes() {
    let list = |mixin: &str| {
        let traits = json!({"smithy.api#mixin": {}});
        json!({"type": "list", "mixins": [{"target": mixin}], "traits": traits})
    };
    let shapes = json!({
        "n#A": list("n#B"),
        "n#B": list("n#A"),
        "n#C": list("n#B"),
        "n#A$member": {"type": "apply", "traits": {"smithy.api#documentation": "Item."}},
    });
    let expected = [
        "a.json: n#A: Unable to resolve mixins; cycles detected between this shape and [n#B]",
        "a.json: n#B: Unable to resolve mixins; cycles detected between this shape and [n#A]",
    ];
    assert_eq!(faults(shapes), expected);
}
