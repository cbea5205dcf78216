//! `waiters-2.json` as the `waitable` trait (Smithy specification, "Waiters").

use serde_json::{Value, json};

use super::super::json::{Object, array, text};
use super::Importer;

/// The longest delay when a waiter does not say one, in seconds (`maxDelay` of the trait).
const DEFAULT_MAX_DELAY: u64 = 120;

impl Importer<'_> {
    /// Gives operations their waiters. One that Smithy cannot say in full is left out: with an
    /// acceptor less it would wait for something else.
    pub(super) fn waiters(&mut self, waiters: &Object) {
        for (name, waiter) in waiters {
            let Some(waiter) = waiter.as_object() else {
                continue;
            };
            let operation = text(waiter, "operation").unwrap_or_default();
            if !self.operations.contains_key(operation) {
                self.leave_out(
                    operation,
                    format!("the waiter `{name}`: the operation is missing"),
                );
                continue;
            }
            match waitable(waiter) {
                Ok(value) => self.add_waiter(operation, name, value),
                Err(acceptor) => {
                    let reason = format!("the waiter `{name}`: Smithy cannot say {acceptor}");
                    self.leave_out(operation, reason);
                }
            }
        }
    }

    fn add_waiter(&mut self, operation: &str, name: &str, value: Value) {
        if let Some(operation) = self.model.get_mut(&self.id(operation)) {
            operation["traits"]["smithy.waiters#waitable"][name] = value;
        }
    }
}

/// One waiter, or the acceptor that has no counterpart. The number of attempts has none either:
/// Smithy's waiters end at a time that the caller sets.
fn waitable(waiter: &Object) -> Result<Value, &Value> {
    let mut acceptors = Vec::new();
    for acceptor in array(waiter, "acceptors") {
        let matcher = matcher(acceptor).ok_or(acceptor)?;
        acceptors.push(json!({ "state": acceptor["state"], "matcher": matcher }));
    }
    let mut value = json!({ "acceptors": acceptors });
    if let Some(delay) = waiter.get("delay").and_then(Value::as_u64) {
        value["minDelay"] = delay.into();
        if delay > DEFAULT_MAX_DELAY {
            value["maxDelay"] = delay.into();
        }
    }
    Ok(value)
}

/// The matcher of an acceptor; `None` when Smithy has none for it.
fn matcher(acceptor: &Value) -> Option<Value> {
    let expected = &acceptor["expected"];
    let comparator = match (acceptor["matcher"].as_str()?, expected) {
        ("path", Value::String(_)) => "stringEquals",
        ("path", Value::Bool(_)) => "booleanEquals",
        ("pathAll", Value::String(_)) => "allStringEquals",
        ("pathAny", Value::String(_)) => "anyStringEquals",
        ("error", Value::String(error)) => return Some(json!({ "errorType": error })),
        ("error", Value::Bool(fails)) => return Some(json!({ "success": !fails })),
        ("status", status) if status == 200 => return Some(json!({ "success": true })),
        _ => return None,
    };
    let expected = match expected {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let path = acceptor["argument"].as_str()?;
    Some(json!({ "output": { "path": path, "expected": expected, "comparator": comparator } }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_matcher_with_a_counterpart() {
        let output = |comparator: &str, expected: &str| {
            Some(json!({"output": {"path": "a.b", "expected": expected, "comparator": comparator}}))
        };
        let cases = [
            (
                json!({"matcher": "path", "argument": "a.b", "expected": "X"}),
                output("stringEquals", "X"),
            ),
            (
                json!({"matcher": "path", "argument": "a.b", "expected": true}),
                output("booleanEquals", "true"),
            ),
            (
                json!({"matcher": "pathAll", "argument": "a.b", "expected": "X"}),
                output("allStringEquals", "X"),
            ),
            (
                json!({"matcher": "pathAny", "argument": "a.b", "expected": "X"}),
                output("anyStringEquals", "X"),
            ),
            (
                json!({"matcher": "error", "expected": "Gone"}),
                Some(json!({"errorType": "Gone"})),
            ),
            (
                json!({"matcher": "error", "expected": true}),
                Some(json!({"success": false})),
            ),
            (
                json!({"matcher": "status", "expected": 200}),
                Some(json!({"success": true})),
            ),
            (json!({"matcher": "status", "expected": 404}), None),
            (
                json!({"matcher": "pathAll", "argument": "a.b", "expected": true}),
                None,
            ),
            (
                json!({"matcher": "path", "argument": "a.b", "expected": 1}),
                None,
            ),
        ];
        for (acceptor, expected) in cases {
            assert_eq!(matcher(&acceptor), expected, "{acceptor}");
        }
    }

    #[test]
    fn a_long_delay_is_the_longest_too() {
        let waiter = |delay: u64| json!({"delay": delay, "acceptors": []});
        let waitable_of = |waiter: Value| waitable(waiter.as_object().unwrap()).unwrap();
        assert_eq!(
            waitable_of(waiter(15)),
            json!({"acceptors": [], "minDelay": 15})
        );
        let long = json!({"acceptors": [], "minDelay": 300, "maxDelay": 300});
        assert_eq!(waitable_of(waiter(300)), long);
    }
}
