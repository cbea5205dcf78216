//! What the corpora do not have: functions within functions over values that can be missing, names
//! that Rust does not allow, and values that must not reach a URL.

use base64::Engine;
use serde_json::{Value, json};
use tinsmith_codegen::endpoint::{parse_bdd, parse_rule_set};

use crate::suite::Suite;

/// One condition, the message of the rule that holds then, and what comes of it: for each set of
/// parameters the message, or nothing when the condition does not hold.
struct Case {
    condition: Value,
    message: &'static str,
    outcomes: Vec<(Value, Option<&'static str>)>,
}

/// Every case as a rule of one tree, and as a node of one table.
pub(crate) fn suites() -> Vec<Suite> {
    let cases = cases();
    let parameters = json!({
        "Case": {"type": "string", "required": true},
        "a": {"type": "string"},
        "b": {"type": "string"},
        "B": {"type": "string"},
        "flag": {"type": "boolean"},
        "list": {"type": "stringArray"},
        "type": {"type": "string", "documentation": "A [link], a <tag>, and https://example.com."},
        "self": {"type": "string"},
        "params": {"type": "string"},
        "on": {"type": "boolean", "required": true, "default": true},
        "word": {"type": "string", "required": true, "default": "w"},
        "items": {"type": "stringArray", "required": true, "default": ["x", "y"]},
    });
    let number =
        |place: usize| json!({"fn": "stringEquals", "argv": [{"ref": "Case"}, place.to_string()]});
    let miss = json!({"type": "error", "conditions": [], "error": "miss"});
    let rule = |case: &Case, conditions: Value| json!({"type": "error", "conditions": conditions, "error": case.message});

    let mut rules: Vec<Value> = Vec::new();
    let mut conditions = Vec::new();
    let mut results = vec![miss.clone()];
    let mut nodes = vec![[-1, 1, -1]];
    const RESULT: i32 = 100_000_001;
    for (place, case) in cases.iter().enumerate() {
        rules.push(rule(case, json!([number(place), case.condition])));
        conditions.extend([number(place), assigned(case.condition.clone(), place)]);
        let message = renamed(case.message, place);
        results.push(json!({"type": "error", "conditions": [], "error": message}));
        let here = nodes.len() as i32 + 1;
        let place = place as i32;
        nodes.push([2 * place, here + 1, here + 2]);
        nodes.push([2 * place + 1, RESULT + place + 1, RESULT]);
    }
    if let Some(last) = nodes.iter_mut().nth_back(1) {
        last[2] = RESULT;
    }
    rules.push(miss);
    let bytes: Vec<u8> = nodes
        .iter()
        .flatten()
        .flat_map(|word| word.to_be_bytes())
        .collect();
    let tree = json!({"version": "1.1", "parameters": parameters, "rules": rules});
    let table = json!({
        "version": "1.1", "parameters": parameters, "conditions": conditions, "results": results,
        "root": 2, "nodeCount": nodes.len(),
        "nodes": base64::engine::general_purpose::STANDARD.encode(bytes),
    });
    let tests = tests(&cases);
    let mut suites = vec![
        Suite::new("own tree", parse_rule_set(&tree).unwrap(), &tests),
        Suite::new("own bdd", parse_bdd(&table).unwrap(), &tests),
    ];
    suites.push(hosts());
    suites
}

/// In a table a name belongs to one condition, so each case has its own.
fn assigned(mut condition: Value, place: usize) -> Value {
    if let Some(name) = condition["assign"].as_str() {
        condition["assign"] = format!("{name}_{place}").into();
    }
    condition
}

fn renamed(message: &str, place: usize) -> String {
    message
        .replace("{out", &format!("{{out_{place}"))
        .replace("{fn", &format!("{{fn_{place}"))
}

fn tests(cases: &[Case]) -> Value {
    let mut tests = Vec::new();
    for (place, case) in cases.iter().enumerate() {
        for (params, outcome) in &case.outcomes {
            let mut params = params.clone();
            params["Case"] = place.to_string().into();
            tests.push(json!({
                "documentation": format!("{} with {params}", case.condition),
                "params": params,
                "expect": {"error": outcome.unwrap_or("miss")},
            }));
        }
    }
    json!({"testCases": tests})
}

/// A region that would send the request elsewhere is refused.
fn hosts() -> Suite {
    let rules = json!({
        "version": "1.0",
        "parameters": {"Region": {"type": "string", "required": true, "builtIn": "AWS::Region"}},
        "rules": [{"type": "endpoint", "conditions": [], "endpoint": {"url": "https://a.{Region}.example.com"}}],
    });
    let odd = [
        "evil.example/",
        "x@evil",
        "x#",
        "x?y",
        "a b",
        "a\r\nHost: b",
        "é",
        "..",
        "a:1",
        "a\\b",
    ];
    let mut tests: Vec<Value> = odd
        .iter()
        .map(|region| test(region, json!({"error": "refused"})))
        .collect();
    let url = "https://a.us-east-1.example.com";
    tests.push(test("us-east-1", json!({"endpoint": {"url": url}})));
    Suite::new(
        "own hosts",
        parse_rule_set(&rules).unwrap(),
        &json!({"testCases": tests}),
    )
}

fn test(region: &str, expect: Value) -> Value {
    json!({"documentation": region, "params": {"Region": region}, "expect": expect})
}

fn call(function: &str, argv: Value) -> Value {
    json!({"fn": function, "argv": argv})
}

fn r(name: &str) -> Value {
    json!({"ref": name})
}

fn case(
    condition: Value,
    assign: &str,
    message: &'static str,
    outcomes: &[(Value, Option<&'static str>)],
) -> Case {
    let mut condition = condition;
    if !assign.is_empty() {
        condition["assign"] = assign.into();
    }
    Case {
        condition,
        message,
        outcomes: outcomes.to_vec(),
    }
}

fn cases() -> Vec<Case> {
    let yes = Some("yes");
    let url = |a: Value| call("parseURL", json!([a]));
    let at = |value: Value, path: &str| call("getAttr", json!([value, path]));
    vec![
        case(
            call(
                "coalesce",
                json!([url(r("a")), url(json!("https://d.example"))]),
            ),
            "out",
            "{out#authority}",
            &[
                (json!({}), Some("d.example")),
                (json!({"a": "http://x:1/"}), Some("x:1")),
                (json!({"a": "?"}), Some("d.example")),
            ],
        ),
        case(
            call("coalesce", json!([at(url(r("a")), "path"), "none"])),
            "out",
            "{out}",
            &[
                (json!({}), Some("none")),
                (json!({"a": "http://x/y"}), Some("/y")),
            ],
        ),
        case(
            call(
                "coalesce",
                json!([
                    call("substring", json!([r("a"), 0, 2, false])),
                    r("b"),
                    "zz"
                ]),
            ),
            "out",
            "{out}",
            &[
                (json!({}), Some("zz")),
                (json!({"a": "abc"}), Some("ab")),
                (json!({"a": "a", "b": "b"}), Some("b")),
            ],
        ),
        case(
            call(
                "isSet",
                json!([at(call("split", json!([r("a"), "-", 0])), "[1]")]),
            ),
            "",
            "yes",
            &[
                (json!({}), None),
                (json!({"a": "x"}), None),
                (json!({"a": "x-y"}), yes),
            ],
        ),
        case(
            call("not", json!([call("isSet", json!([url(r("a"))]))])),
            "",
            "yes",
            &[
                (json!({}), yes),
                (json!({"a": "x"}), yes),
                (json!({"a": "http://x"}), None),
            ],
        ),
        case(
            call("ite", json!([r("flag"), r("a"), r("b")])),
            "out",
            "{out}",
            &[
                (json!({"a": "a", "b": "b"}), None),
                (json!({"flag": true, "a": "a"}), Some("a")),
                (json!({"flag": false, "a": "a"}), None),
            ],
        ),
        case(
            call("ite", json!([r("on"), r("a"), "else"])),
            "out",
            "{out}",
            &[
                (json!({"on": false}), Some("else")),
                (json!({}), None),
                (json!({"a": "a"}), Some("a")),
            ],
        ),
        case(
            call("booleanEquals", json!([r("flag"), r("on")])),
            "",
            "yes",
            &[
                (json!({}), None),
                (json!({"flag": true}), yes),
                (json!({"flag": false}), None),
            ],
        ),
        case(
            call(
                "booleanEquals",
                json!([call("not", json!([r("flag")])), r("on")]),
            ),
            "",
            "yes",
            &[
                (json!({}), None),
                (json!({"flag": true}), None),
                (json!({"flag": false}), yes),
            ],
        ),
        case(
            call(
                "stringEquals",
                json!([call("coalesce", json!([r("a"), ""])), ""]),
            ),
            "",
            "yes",
            &[
                (json!({}), yes),
                (json!({"a": ""}), yes),
                (json!({"a": "x"}), None),
            ],
        ),
        case(
            at(r("items"), "[-1]"),
            "out",
            "{out}",
            &[(json!({}), Some("y")), (json!({"items": []}), None)],
        ),
        case(
            at(r("list"), "[0]"),
            "out",
            "{out}",
            &[(json!({}), None), (json!({"list": ["l"]}), Some("l"))],
        ),
        case(
            call("stringEquals", json!(["{a}-{b}", "x-y"])),
            "",
            "yes",
            &[
                (json!({}), None),
                (json!({"a": "x"}), None),
                (json!({"a": "x", "b": "y"}), yes),
            ],
        ),
        case(
            call("uriEncode", json!(["{{{a}/{word}}}"])),
            "out",
            "{out}",
            &[(json!({}), None), (json!({"a": "x"}), Some("%7Bx%2Fw%7D"))],
        ),
        case(
            call(
                "coalesce",
                json!([call("isValidHostLabel", json!([r("a"), false])), false]),
            ),
            "out",
            "yes",
            &[
                (json!({}), None),
                (json!({"a": "x"}), yes),
                (json!({"a": "-"}), None),
            ],
        ),
        case(
            call("stringEquals", json!([r("type"), r("self")])),
            "",
            "{type}{self}",
            &[
                (json!({"type": "x"}), None),
                (json!({"type": "x", "self": "x"}), Some("xx")),
            ],
        ),
        case(
            call(
                "substring",
                json!([call("uriEncode", json!([r("a")])), 0, 3, true]),
            ),
            "out",
            "{out}",
            &[
                (json!({}), None),
                (json!({"a": "x/"}), Some("%2F")),
                (json!({"a": "x"}), None),
            ],
        ),
        case(
            call(
                "aws.parseArn",
                json!([call("coalesce", json!([r("a"), "arn:aws:s3:::x/y"]))]),
            ),
            "out",
            "{out#resourceId[1]}",
            &[
                (json!({}), Some("y")),
                (json!({"a": "arn:aws:s3:::p:q"}), Some("q")),
                (json!({"a": "z"}), None),
            ],
        ),
        case(
            call(
                "ite",
                json!([call("isSet", json!([r("a")])), r("list"), r("items")]),
            ),
            "out",
            "{out#[0]}",
            &[
                (json!({}), Some("x")),
                (json!({"a": "", "list": ["l"]}), Some("l")),
                (json!({"a": ""}), None),
            ],
        ),
        case(
            call(
                "coalesce",
                json!([
                    call("aws.partition", json!([r("a")])),
                    call("aws.partition", json!(["us-gov-west-1"]))
                ]),
            ),
            "out",
            "{out#name}",
            &[
                (json!({}), Some("aws-us-gov")),
                (json!({"a": "cn-north-1"}), Some("aws-cn")),
            ],
        ),
        case(
            call(
                "booleanEquals",
                json!([
                    call("stringEquals", json!([r("word"), "x"])),
                    call("stringEquals", json!([r("b"), "x"]))
                ]),
            ),
            "",
            "yes",
            &[
                (json!({}), None),
                (json!({"b": "y"}), yes),
                (json!({"b": "x"}), None),
                (json!({"word": "x", "b": "x"}), yes),
            ],
        ),
        case(
            call(
                "split",
                json!([call("coalesce", json!([r("a"), "m-n-o"])), "-", 2]),
            ),
            "fn",
            "{fn#[1]}{fn#[0]}",
            &[(json!({}), Some("n-om")), (json!({"a": "x-y"}), Some("yx"))],
        ),
        case(
            call(
                "not",
                json!([call("booleanEquals", json!([r("flag"), false]))]),
            ),
            "",
            "yes",
            &[
                (json!({}), None),
                (json!({"flag": true}), yes),
                (json!({"flag": false}), None),
            ],
        ),
        case(
            call("coalesce", json!(["{a}!{b}", "{word}?"])),
            "out",
            "{out}",
            &[
                (json!({"a": "x"}), Some("w?")),
                (json!({"a": "x", "b": "y"}), Some("x!y")),
            ],
        ),
        case(
            call("isSet", json!([call("coalesce", json!([r("a"), r("b")]))])),
            "",
            "yes",
            &[(json!({}), None), (json!({"b": "y"}), yes)],
        ),
        case(
            call(
                "not",
                json!([call(
                    "ite",
                    json!([
                        r("on"),
                        call("isSet", json!([r("a")])),
                        call("isSet", json!([r("b")]))
                    ])
                )]),
            ),
            "",
            "yes",
            &[
                (json!({}), yes),
                (json!({"a": "x"}), None),
                (json!({"a": "x", "on": false}), yes),
            ],
        ),
        case(
            call("stringEquals", json!([r("a"), r("word")])),
            "out",
            "yes",
            &[
                (json!({}), None),
                (json!({"a": "w"}), yes),
                (json!({"a": "v"}), None),
            ],
        ),
        case(
            call("coalesce", json!([r("list"), r("items")])),
            "out",
            "{out#[0]}",
            &[(json!({}), Some("x")), (json!({"list": ["l"]}), Some("l"))],
        ),
        case(
            call("stringEquals", json!([r("b"), r("B")])),
            "",
            "{b}{B}{params}",
            &[(json!({"b": "1", "B": "1", "params": "p"}), Some("11p"))],
        ),
        case(
            call(
                "aws.isVirtualHostableS3Bucket",
                json!([call("coalesce", json!([r("a"), r("b")])), r("on")]),
            ),
            "",
            "yes",
            &[
                (json!({}), None),
                (json!({"b": "a.b"}), yes),
                (json!({"b": "a.b", "on": false}), None),
            ],
        ),
    ]
}
