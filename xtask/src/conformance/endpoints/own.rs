//! Cases that the corpora do not contain: nested functions with values that can be missing, names
//! that Rust does not allow, and values that must not reach a URL.

use base64::Engine as _;
use serde_json::{Value, json};
use tinsmith_codegen::lower::endpoint::{parse_bdd, parse_rule_set};
use tinsmith_conformance::endpoint::Suite;

/// A list of cases. Each has one `condition`, the `message` of the rule if it holds, and
/// `outcomes`: for each set of parameters the message, or null if the condition does not hold.
const CASES: &str = include_str!("own.json");

/// Returns the suites. An error is a mistake in the cases.
pub(super) fn suites() -> Result<Vec<Suite>, String> {
    let cases: Vec<Value> = serde_json::from_str(CASES).map_err(|e| format!("own.json: {e}"))?;
    let tests = tests(&cases);
    let tree = parse_rule_set(&tree(&cases)).map_err(|faults| faults.join("; "))?;
    let table = parse_bdd(&table(&cases)).map_err(|faults| faults.join("; "))?;
    Ok(vec![
        Suite::new("own", "tree", tree, &tests)?,
        Suite::new("own", "table", table, &tests)?,
        hosts()?,
    ])
}

fn parameters() -> Value {
    json!({
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
    })
}

/// Returns the condition that selects this case.
fn is_case(place: usize) -> Value {
    json!({"fn": "stringEquals", "argv": [{"ref": "Case"}, place.to_string()]})
}

fn error(conditions: &[Value], message: &str) -> Value {
    json!({"type": "error", "conditions": conditions, "error": message})
}

/// Returns a rule for each case.
fn tree(cases: &[Value]) -> Value {
    let rules = cases.iter().enumerate().map(|(place, case)| {
        let message = case["message"].as_str().unwrap_or_default();
        error(&[is_case(place), case["condition"].clone()], message)
    });
    let rules: Vec<Value> = rules.chain([error(&[], "miss")]).collect();
    json!({"version": "1.1", "parameters": parameters(), "rules": rules})
}

/// Returns two nodes for each case: the condition that selects it, and its own condition.
fn table(cases: &[Value]) -> Value {
    const MISS: i32 = 100_000_001;
    let mut conditions = Vec::new();
    let mut results = vec![error(&[], "miss")];
    let mut nodes = vec![[-1, 1, -1]];
    for (place, case) in cases.iter().enumerate() {
        let mut condition = case["condition"].clone();
        let mut message = case["message"].as_str().unwrap_or_default().to_owned();
        if let Some(name) = condition["assign"].as_str().map(str::to_owned) {
            // Each name belongs to one condition.
            message = message.replace(&format!("{{{name}"), &format!("{{{name}_{place}"));
            condition["assign"] = format!("{name}_{place}").into();
        }
        conditions.extend([is_case(place), condition]);
        results.push(error(&[], &message));
        let (place, node) = (place as i32, nodes.len() as i32);
        let is_last = conditions.len() == 2 * cases.len();
        let next = if is_last { MISS } else { node + 3 };
        nodes.push([2 * place, node + 2, next]);
        nodes.push([2 * place + 1, MISS + place + 1, MISS]);
    }
    let words = nodes.iter().flatten();
    let bytes: Vec<u8> = words.flat_map(|word| word.to_be_bytes()).collect();
    json!({
        "version": "1.1", "parameters": parameters(), "conditions": conditions, "results": results,
        "root": 2, "nodeCount": nodes.len(),
        "nodes": base64::engine::general_purpose::STANDARD.encode(bytes),
    })
}

fn tests(cases: &[Value]) -> Value {
    let mut tests = Vec::new();
    for (place, case) in cases.iter().enumerate() {
        for outcome in case["outcomes"].as_array().into_iter().flatten() {
            let mut params = outcome[0].clone();
            params["Case"] = place.to_string().into();
            tests.push(json!({
                "documentation": format!("{} with {params}", case["condition"]),
                "params": params,
                "expect": {"error": outcome[1].as_str().unwrap_or("miss")},
            }));
        }
    }
    json!({"testCases": tests})
}

/// A region that would send the request to another host is rejected.
fn hosts() -> Result<Suite, String> {
    let rules = json!({
        "version": "1.0",
        "parameters": {"Region": {"type": "string", "required": true, "builtIn": "AWS::Region"}},
        "rules": [{
            "type": "endpoint", "conditions": [],
            "endpoint": {"url": "https://a.{Region}.example.com"},
        }],
    });
    let test = |region: &str, expect: Value| json!({"documentation": region, "params": {"Region": region}, "expect": expect});
    let odd = "evil.example/|x@evil|x#|x?y|a b|a\r\nHost: b|é|..|a:1|a\\b".split('|');
    let mut tests: Vec<Value> = odd
        .map(|region| test(region, json!({"error": "refused"})))
        .collect();
    let url = "https://a.us-east-1.example.com";
    tests.push(test("us-east-1", json!({"endpoint": {"url": url}})));
    let rules = parse_rule_set(&rules).map_err(|faults| faults.join("; "))?;
    Suite::new("own-hosts", "tree", rules, &json!({"testCases": tests}))
}
