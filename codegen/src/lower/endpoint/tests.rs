use fastrand::Rng;
use serde_json::{Value, json};

use super::{parse_bdd, parse_rule_set};
use crate::ir::endpoint::{Body, BuiltIn, Condition, Outcome, Rule, Rules, Step};

fn rule_set(rules: Value) -> Value {
    json!({
        "version": "1.0",
        "parameters": {
            "Region": {"type": "String", "builtIn": "AWS::Region"},
            "Word": {"type": "string", "required": true, "default": "w"},
            "Flag": {"type": "boolean"},
            "List": {"type": "stringArray"},
        },
        "rules": rules,
    })
}

fn error(conditions: Value) -> Value {
    json!({"type": "error", "conditions": conditions, "error": "no"})
}

fn table(nodes: &[[i32; 3]], root: i32) -> Value {
    use base64::Engine;
    let bytes: Vec<u8> = nodes
        .iter()
        .flatten()
        .flat_map(|word| word.to_be_bytes())
        .collect();
    let mut value = rule_set(json!([]));
    value["conditions"] = json!([{"fn": "isSet", "argv": [{"ref": "Region"}]}]);
    value["results"] = json!([error(json!([]))]);
    value["root"] = root.into();
    value["nodeCount"] = nodes.len().into();
    value["nodes"] = base64::engine::general_purpose::STANDARD
        .encode(bytes)
        .into();
    value
}

/// The faults of a rule with this condition.
fn faults(condition: Value) -> String {
    let value = rule_set(json!([error(json!([condition]))]));
    match parse_rule_set(&value) {
        Ok(_) => "none".to_owned(),
        Err(faults) => faults.join("; ").replace("rules[0].conditions[0]", "@"),
    }
}

#[test]
fn faults_of_conditions() {
    let call = |function: &str, argv: Value| json!({"fn": function, "argv": argv});
    let region = json!({"ref": "Region"});
    let cases = [
        (call("isSet", json!([region])), "none"),
        (call("nope", json!([])), "@: unknown function `nope`"),
        (
            call("isSet", json!([])),
            "@: `isSet`: takes 1 arguments, not 0",
        ),
        (
            call("coalesce", json!(["x"])),
            "@: `coalesce`: takes 2 or more arguments, not 1",
        ),
        (
            call("stringEquals", json!(["x", true])),
            "@: `stringEquals`: argument 2 is a boolean, not a string",
        ),
        (
            call("not", json!([{"ref": "Gone"}])),
            "@.argv[0]: undefined reference `Gone`",
        ),
        (
            call("uriEncode", json!(["{Gone}"])),
            "@.argv[0]: undefined reference `Gone`",
        ),
        (
            call("uriEncode", json!(["{Flag}"])),
            "@.argv[0]: `{Flag}` is a boolean, not a string",
        ),
        (
            call("uriEncode", json!(["{Region"])),
            "@.argv[0]: unbalanced brace in \"{Region\"",
        ),
        (
            call("uriEncode", json!(["}"])),
            "@.argv[0]: unbalanced brace in \"}\"",
        ),
        (
            call("uriEncode", json!([null])),
            "@.argv[0]: this is not an expression",
        ),
        (
            call("getAttr", json!([region, "name"])),
            "@: a string has no `name`",
        ),
        (
            call("getAttr", json!([{"ref": "List"}, "[x]"])),
            "@: `[x]` is not an item of a string array",
        ),
        (
            call("getAttr", json!([{"ref": "List"}])),
            "@: `getAttr`: takes 2 arguments",
        ),
        (
            call("coalesce", json!([region, true])),
            "@: `coalesce`: argument 2 is a boolean, not a string",
        ),
        (
            call("split", json!(["a", "", 0])),
            "@: `split`: the delimiter is empty",
        ),
        (
            call("substring", json!(["a", -1, 2, true])),
            "@: `substring`: the number -1 is out of range",
        ),
        (
            json!({"fn": "isSet", "argv": [region], "assign": "a b"}),
            "@: `assign` is not an identifier",
        ),
        (
            json!({"fn": "uriEncode", "argv": ["x"], "assign": "Word"}),
            "@: `Word` is already defined",
        ),
        (json!({}), "@: neither `ref` nor `fn` is a string"),
    ];
    for (condition, expected) in cases {
        assert_eq!(faults(condition.clone()), expected, "{condition}");
    }
}

#[test]
fn every_fault_is_reported() {
    let value = json!({
        "version": "2.0",
        "parameters": {"A": {"type": "number"}, "B": {"type": "boolean", "default": "x"}},
        "rules": [
            {"type": "leaf", "conditions": []},
            {"type": "endpoint", "conditions": [], "endpoint": {"headers": {"a b": []}}},
            {"type": "error", "error": "x"},
        ],
    });
    let expected = [
        "`version` is \"2.0\", and only 1.x is known",
        "parameters.A: `type` is \"number\", not string, boolean or stringArray",
        "parameters.B: `default` is not a boolean",
        "rules[0]: `type` is \"leaf\", which is not a rule type allowed here",
        "rules[1].endpoint.url: this is not an expression",
        "rules[1].endpoint.a b: this is not the name of a header",
        "rules[2]: `conditions` is not an array",
    ];
    assert_eq!(parse_rule_set(&value).unwrap_err(), expected);
}

#[test]
fn faults_of_tables() {
    let terminal = [-1, 1, -1];
    let result = 100_000_001;
    assert!(parse_bdd(&table(&[terminal, [0, result, -1]], 2)).is_ok());
    let cases = [
        (
            vec![terminal, [0, result, 2]],
            2,
            "the nodes form a cycle through node 1",
        ),
        (
            vec![terminal, [0, 3, 1], [0, -2, 1]],
            2,
            "the nodes form a cycle through node 1",
        ),
        (
            vec![terminal, [0, result + 1, 1]],
            2,
            "node 1 has the invalid reference 100000002",
        ),
        (
            vec![terminal, [0, 0, 1]],
            2,
            "node 1 has the invalid reference 0",
        ),
        (
            vec![terminal, [0, i32::MIN, 1]],
            2,
            "node 1 has the invalid reference -2147483648",
        ),
        (
            vec![terminal, [1, 1, 1]],
            2,
            "node 1 has the unknown condition 1",
        ),
        (
            vec![terminal, [-1, 1, 1]],
            2,
            "node 1 has the unknown condition -1",
        ),
        (vec![terminal], 2, "`root` 2 is not a valid reference"),
        (
            vec![terminal, [0, 1, 1]],
            -2,
            "`root` -2 is not a valid reference",
        ),
    ];
    for (nodes, root, expected) in cases {
        assert_eq!(parse_bdd(&table(&nodes, root)).unwrap_err(), [expected]);
    }
    let mut short = table(&[terminal], 1);
    short["nodeCount"] = 2.into();
    assert_eq!(
        parse_bdd(&short).unwrap_err(),
        ["`nodes` has 12 bytes, not 12 for each of 2 nodes"]
    );
    short["nodes"] = "?".into();
    assert_eq!(parse_bdd(&short).unwrap_err(), ["`nodes` is not base64"]);
}

fn tree(rules: Value) -> (Rules, Vec<Rule>) {
    let rules = parse_rule_set(&rule_set(rules)).unwrap();
    let Body::Tree(steps) = rules.body.clone() else {
        panic!("not a tree");
    };
    let steps = steps.into_iter().map(|step| match step {
        Step::Rule(rule) => rule,
        Step::Let { .. } => panic!("a step that names a value"),
    });
    (rules, steps.collect())
}

#[test]
fn what_can_be_missing_is_bound_once() {
    let url = json!({"url": "https://{Region}.{Region}"});
    let rule = json!({"type": "endpoint", "conditions": [], "endpoint": url});
    let (rules, tree) = tree(json!([rule]));
    let mut parameters = rules.parameters.iter();
    let region = parameters.find(|parameter| parameter.name == "Region");
    assert_eq!(region.unwrap().built_in, Some(BuiltIn::Region));
    assert!(matches!(tree[0].conditions[..], [Condition::Bind(0, _)]));
    assert_eq!(tree[0].uses(0, 0), 2);
    assert_eq!(tree[1].outcome, Outcome::NoMatch);
}

#[test]
fn constants_are_folded() {
    let equals = |a: Value, b: Value| json!({"fn": "stringEquals", "argv": [a, b]});
    let word = json!({"ref": "Word"});
    let never = error(json!([equals(json!("a"), json!("b"))]));
    let yes = json!({"fn": "booleanEquals", "argv": [{"ref": "Flag"}, true]});
    let no =
        json!({"fn": "not", "argv": [{"fn": "booleanEquals", "argv": [true, {"ref": "Flag"}]}]});
    let contradiction = error(json!([{"fn": "isSet", "argv": [{"ref": "Flag"}]}, yes, no]));
    let always = error(json!([
        equals(word.clone(), word),
        equals(json!("a"), json!("a"))
    ]));
    let (_, tree) = tree(json!([never, contradiction, always, error(json!([]))]));
    assert_eq!(tree.len(), 1);
    assert_eq!(tree[0].conditions, []);
}

/// Values that are almost right are refused or read, and what is read can be written.
#[test]
fn mutations_do_not_panic() {
    let condition = json!({"fn": "aws.partition", "argv": [{"ref": "Region"}], "assign": "P"});
    let test = json!({"fn": "booleanEquals", "argv": [{"fn": "getAttr", "argv": [{"ref": "P"}, "supportsFIPS"]}, true]});
    let first = json!({"fn": "getAttr", "argv": [{"ref": "List"}, "[0]"], "assign": "F"});
    let endpoint = json!({"type": "endpoint", "conditions": [test, first], "endpoint": {
        "url": "https://{F}.{P#dnsSuffix}",
        "headers": {"a": ["{Region}"]},
        "properties": {"authSchemes": [{"name": "sigv4", "signingRegion": "{Region}"}], "x": [{"y": [1, true]}]},
    }});
    let rules = rule_set(json!([{"type": "tree", "conditions": [condition], "rules": [endpoint]}]));
    let table = table(&[[-1, 1, -1], [0, 3, -3], [0, 100_000_001, 100_000_000]], 2);
    let mut read = 0;
    for seed in 0..6000 {
        let mut random = Rng::with_seed(seed);
        let (mut value, parse): (_, fn(&Value) -> _) = if seed % 2 == 0 {
            (rules.clone(), parse_rule_set)
        } else {
            (table.clone(), parse_bdd)
        };
        for _ in 0..=random.usize(..2) {
            mutate(&mut value, &mut random);
        }
        if let Ok(rules) = parse(&value) {
            read += 1;
            for item in crate::emit::endpoint::endpoint_items(&rules) {
                let text = item.to_string();
                assert!(syn::parse2::<syn::File>(item).is_ok(), "{value}\n{text}");
            }
        }
    }
    assert!(read > 300, "only {read} mutations were still rules");
}

fn mutate(value: &mut Value, random: &mut Rng) {
    let descend = random.usize(..5) > 0;
    match value {
        Value::Array(items) if descend && !items.is_empty() => {
            let place = random.usize(..items.len());
            match random.usize(..12) {
                0 => drop(items.remove(place)),
                1 => items.push(items[place].clone()),
                _ => mutate(&mut items[place], random),
            }
        }
        Value::Object(map) if descend && !map.is_empty() => {
            let place = random.usize(..map.len());
            let Some(key) = map.keys().nth(place).cloned() else {
                return;
            };
            match random.usize(..12) {
                0 => drop(map.remove(&key)),
                _ => mutate(&mut map[&key], random),
            }
        }
        Value::String(text) if random.usize(..3) > 0 => {
            let place = random.usize(..text.len() + 1);
            let insert = ["", "{", "}", "A", "0", "[", "#", "=", "/"];
            text.insert_str(place, insert[random.usize(..insert.len())]);
            if random.usize(..2) == 0 {
                text.pop();
            }
        }
        other => {
            let with = [
                json!(null),
                json!(true),
                json!(-1),
                json!(0),
                json!(2),
                json!(""),
                json!("Region"),
                json!("{Word}"),
                json!([]),
                json!({}),
                json!({"ref": "Word"}),
                json!({"ref": "Flag"}),
                json!("coalesce"),
                json!("ite"),
                json!("isSet"),
                json!("not"),
                json!("[1]"),
                json!(1e300),
            ];
            *other = with[random.usize(..with.len())].clone();
        }
    }
}

#[test]
fn deep_nesting_is_refused() {
    let mut condition = json!({"fn": "isSet", "argv": [{"ref": "Region"}]});
    for _ in 0..500 {
        condition = json!({"fn": "not", "argv": [condition]});
    }
    let faults = parse_rule_set(&rule_set(json!([error(json!([condition]))]))).unwrap_err();
    assert!(
        faults
            .iter()
            .all(|fault| fault.ends_with("nested too deeply")),
        "{faults:?}"
    );
}
