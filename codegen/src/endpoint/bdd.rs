use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::checker::Checker;
use super::expression::Type;
use super::outcome::{self, Outcome};
use super::{Bdd, Body, Condition, Rule, rule};

/// References from here on name a result; this one itself is "no rule matches".
const RESULTS: i32 = 100_000_000;

/// Reads the conditions, results and nodes of an `endpointBdd`.
pub(super) fn table(checker: &mut Checker, value: &Value) -> Option<Body> {
    checker.binding = false;
    let conditions = checker.each(value, "conditions", |checker, value| {
        // Nothing is bound beforehand in a table, so one condition stays one.
        rule::condition(checker, value)?.pop()
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
    Some(reduce(pruned(bdd)))
}

fn result(checker: &mut Checker, value: &Value) -> Option<Rule> {
    let conditions = value.get("conditions").and_then(Value::as_array);
    if conditions.is_some_and(|conditions| !conditions.is_empty()) {
        checker.fault("a result has conditions");
        return None;
    }
    let outcome = outcome::outcome(checker, value);
    let conditions = checker.take_pending();
    Some(rule::pruned(Rule {
        conditions,
        outcome: outcome?,
    }))
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
    let Some(place) = find_cycle(bdd) else {
        return Some(());
    };
    checker.fault(&format!("the nodes form a cycle through node {place}"));
    None
}

/// A node on a cycle that the root reaches: depth-first, without recursion.
fn find_cycle(bdd: &Bdd) -> Option<usize> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; bdd.nodes.len()];
    let mut stack = vec![(bdd.root, false)];
    while let Some((reference, is_leaving)) = stack.pop() {
        let Some(Target::Node(place)) = target(bdd, reference) else {
            continue;
        };
        let (Some(mark), Some(&[_, high, low])) = (marks.get_mut(place), bdd.nodes.get(place))
        else {
            continue;
        };
        match (is_leaving, *mark) {
            (true, _) => *mark = Mark::Done,
            (false, Mark::Open) => return Some(place),
            (false, Mark::Done) => {}
            (false, Mark::New) => {
                *mark = Mark::Open;
                stack.extend([(reference, true), (high, false), (low, false)]);
            }
        }
    }
    None
}

/// The table without the variables that nothing uses; whether they have a value stays a condition.
fn pruned(mut bdd: Bdd) -> Bdd {
    // A variable can be there for another alone, so from the last to the first.
    for place in (0..bdd.conditions.len()).rev() {
        let Some(Condition::Bind(variable, value)) = bdd.conditions.get(place) else {
            continue;
        };
        let in_conditions = bdd
            .conditions
            .iter()
            .map(|condition| condition.expr().uses(*variable));
        let in_results = bdd.results.iter().map(|result| result.uses(*variable));
        if in_conditions.chain(in_results).sum::<usize>() == 0 {
            let test = match value.ty {
                Type::Boolean => value.clone(),
                _ => rule::is_set(value.clone()),
            };
            if let Some(condition) = bdd.conditions.get_mut(place) {
                *condition = Condition::Test(test);
            }
        }
    }
    bdd
}

/// A table that asks nothing becomes a rule. One that names variables stays: its result may use them.
fn reduce(mut bdd: Bdd) -> Body {
    let nothing = Rule {
        conditions: Vec::new(),
        outcome: Outcome::NoMatch,
    };
    match target(&bdd, bdd.root) {
        Some(Target::Result(place)) if bdd.conditions.is_empty() => {
            let rule = bdd.results.swap_remove(place);
            let is_last = rule.conditions.iter().all(Condition::is_certain);
            let rest = (!is_last).then_some(nothing);
            Body::Tree([rule].into_iter().chain(rest).collect())
        }
        Some(Target::NoMatch) | None => Body::Tree(vec![nothing]),
        Some(Target::Node(_) | Target::Result(_)) => Body::Bdd(bdd),
    }
}
