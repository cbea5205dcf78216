//! Decisions in the form of a table.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::checker::Checker;
use super::{fold, outcome, rule};
use crate::cycles::back_edges;
use crate::ir::endpoint::{
    Bdd, BddCondition, Body, Condition, Expr, Node, Outcome, Rule, Step, Type,
};

/// References from here on name a result; this one itself is "no rule matches".
const RESULTS: i32 = 100_000_000;

/// Reads the conditions, results and nodes of an `endpointBdd`.
pub(super) fn table(checker: &mut Checker, value: &Value) -> Option<Body> {
    checker.binding = false;
    let conditions = checker.each(value, "conditions", |checker, value| {
        // Nothing is bound beforehand in a table, so one condition stays one.
        Some(match rule::condition(checker, value)?.pop()? {
            Condition::Bind(variable, value) => BddCondition {
                value,
                variable: Some(variable),
            },
            Condition::Test(value) | Condition::Passes { value, .. } => BddCondition {
                value,
                variable: None,
            },
        })
    });
    checker.binding = true;
    let results = checker.each(value, "results", |checker, value| {
        checker.scoped(|checker| result(checker, value))
    });
    let nodes = nodes(checker, value);
    let root = integer(checker, value, "root");
    let bdd = Bdd {
        conditions: conditions?,
        results: results?,
        root: root?,
        nodes: nodes?,
    };
    check(checker, &bdd)?;
    Some(reduced(pruned(bdd)))
}

fn result(checker: &mut Checker, value: &Value) -> Option<Vec<Step>> {
    let conditions = value.get("conditions").and_then(Value::as_array);
    if conditions.is_some_and(|conditions| !conditions.is_empty()) {
        checker.fault("a result has conditions");
        return None;
    }
    let outcome = outcome::outcome(checker, value);
    let binds = checker.take_pending().into_iter();
    let binds = binds.filter_map(|condition| match condition {
        Condition::Bind(variable, value) => Some(Step::Let {
            variable,
            value,
            otherwise: Some(Outcome::NoMatch),
        }),
        Condition::Test(_) | Condition::Passes { .. } => None,
    });
    let rule = Step::Rule(Rule::certain(outcome?));
    Some(binds.chain([rule]).collect())
}

fn integer(checker: &mut Checker, value: &Value, key: &str) -> Option<i32> {
    let number = value.get(key).and_then(Value::as_i64);
    let number = number.and_then(|number| i32::try_from(number).ok());
    if number.is_none() {
        checker.fault(&format!("`{key}` is not a 32-bit integer"));
    }
    number
}

fn nodes(checker: &mut Checker, value: &Value) -> Option<Vec<[i32; 3]>> {
    let count = integer(checker, value, "nodeCount")?;
    let text = value.get("nodes").and_then(Value::as_str);
    let Some(bytes) = text.and_then(|text| STANDARD.decode(text).ok()) else {
        checker.fault("`nodes` is not base64");
        return None;
    };
    if bytes.len() % 12 != 0 || i32::try_from(bytes.len() / 12) != Ok(count) {
        checker.fault(&format!(
            "`nodes` has {} bytes, not 12 for each of {count} nodes",
            bytes.len()
        ));
        return None;
    }
    let word = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(0, |word, &byte| word << 8 | i32::from(byte))
    };
    let node = |triple: &[u8]| {
        let mut words = triple.chunks(4).map(word);
        Some([words.next()?, words.next()?, words.next()?])
    };
    bytes.chunks(12).map(node).collect()
}

/// What a reference leads to.
enum Target {
    Node(usize),
    Result(usize),
    NoMatch,
}

/// Follows a reference; `None` when it leads nowhere.
fn target(bdd: &Bdd, reference: i32) -> Option<Target> {
    if reference >= RESULTS {
        let place = usize::try_from(reference - RESULTS).ok()?;
        return match place.checked_sub(1) {
            None => Some(Target::NoMatch),
            Some(place) => (place < bdd.results.len()).then_some(Target::Result(place)),
        };
    }
    match usize::try_from(reference.unsigned_abs()).ok()? {
        0 => None,
        1 => Some(Target::NoMatch),
        place => (place <= bdd.nodes.len()).then_some(Target::Node(place - 1)),
    }
}

/// Checks that every reference leads somewhere and that no walk returns to where it was.
fn check(checker: &mut Checker, bdd: &Bdd) -> Option<()> {
    if bdd.root < 0 || target(bdd, bdd.root).is_none() {
        checker.fault(&format!("`root` {} is not a valid reference", bdd.root));
        return None;
    }
    // The first node is the terminal, which no reference names.
    for (place, &[condition, high, low]) in bdd.nodes.iter().enumerate().skip(1) {
        if !usize::try_from(condition).is_ok_and(|condition| condition < bdd.conditions.len()) {
            checker.fault(&format!(
                "node {place} has the unknown condition {condition}"
            ));
            return None;
        }
        for reference in [high, low] {
            if target(bdd, reference).is_none() {
                checker.fault(&format!(
                    "node {place} has the invalid reference {reference}"
                ));
                return None;
            }
        }
    }
    let mut graph = BTreeMap::new();
    for (place, &[_, high, low]) in bdd.nodes.iter().enumerate().skip(1) {
        let edges = [high, low].into_iter().filter_map(|reference| {
            let Some(Target::Node(place)) = target(bdd, reference) else {
                return None;
            };
            Some((reference, place))
        });
        graph.insert(place, edges.collect());
    }
    let edges = back_edges(&graph);
    let edge = edges.first().map(|(_, reference)| *reference);
    if let Some(Target::Node(place)) = edge.and_then(|reference| target(bdd, reference)) {
        checker.fault(&format!("the nodes form a cycle through node {place}"));
        return None;
    }
    Some(())
}

/// The table without the variables that nothing uses; whether they have a value stays a condition.
fn pruned(mut bdd: Bdd) -> Bdd {
    // A variable can be there for another alone, so from the last to the first.
    for place in (0..bdd.conditions.len()).rev() {
        let BddCondition { value, variable } = &bdd.conditions[place];
        let Some(variable) = *variable else {
            continue;
        };
        let mut exprs: Vec<&Expr> = bdd.conditions.iter().map(|other| &other.value).collect();
        for step in bdd.results.iter().flatten() {
            step.exprs(&mut exprs);
        }
        if exprs.iter().all(|expr| expr.uses(variable) == 0) {
            let value = match value.ty {
                Type::Boolean => value.clone(),
                _ => fold::is_set(value.clone()),
            };
            bdd.conditions[place] = BddCondition {
                value,
                variable: None,
            };
        }
    }
    bdd
}

/// A table whose way depends on nothing becomes the result at its end. One that names variables
/// stays: its result may use them.
fn reduced(mut bdd: Bdd) -> Body {
    if bdd.conditions.iter().any(|it| it.variable.is_some()) {
        return Body::Bdd(bdd);
    }
    let mut reference = bdd.root;
    loop {
        match target(&bdd, reference) {
            Some(Target::Node(place)) => {
                let [condition, high, low] = bdd.nodes[place];
                let condition = usize::try_from(condition).ok();
                let condition = condition.and_then(|place| bdd.conditions.get(place));
                let Some(Node::Boolean(holds)) = condition.map(|it| &it.value.node) else {
                    return Body::Bdd(bdd);
                };
                // A negative reference swaps the branches.
                let is_high = *holds != (reference < 0);
                reference = if is_high { high } else { low };
            }
            Some(Target::Result(place)) => return Body::Tree(bdd.results.swap_remove(place)),
            Some(Target::NoMatch) | None => {
                return Body::Tree(vec![Step::Rule(Rule::certain(Outcome::NoMatch))]);
            }
        }
    }
}
