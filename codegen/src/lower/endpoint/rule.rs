//! Rules and their conditions.

use serde_json::Value;

use super::checker::Checker;
use super::parameter::is_identifier;
use super::{fold, outcome};
use crate::ir::endpoint::{Condition, Expr, Function, Node, Outcome, Rule, Step, Type};

/// Reads the member `rules`. Those that can never hold, or that come after one that always does, are
/// left out; one that says that nothing matched ends the list if need be.
pub(super) fn steps(checker: &mut Checker, value: &Value) -> Option<Vec<Step>> {
    if checker.too_deep() {
        return None;
    }
    let rules = checker.each(value, "rules", |checker, value| {
        checker.scoped(|checker| rule(checker, value))
    })?;
    let mut kept: Vec<Rule> = Vec::new();
    for rule in rules {
        if kept.last().is_some_and(Rule::is_certain) {
            break;
        }
        if !is_impossible(&rule.conditions) {
            kept.push(rule);
        }
    }
    if !kept.last().is_some_and(Rule::is_certain) {
        kept.push(Rule::certain(Outcome::NoMatch));
    }
    Some(guarded(kept))
}

fn rule(checker: &mut Checker, value: &Value) -> Option<Rule> {
    let lists = checker.each(value, "conditions", condition);
    let outcome = match value.get("type").and_then(Value::as_str) {
        Some("tree") => steps(checker, value).map(Outcome::Tree),
        _ => outcome::outcome(checker, value),
    };
    let mut conditions: Vec<Condition> = Vec::new();
    for condition in lists?.into_iter().flatten().chain(checker.take_pending()) {
        let is_true =
            matches!(&condition, Condition::Test(test) if test.node == Node::Boolean(true));
        if !is_true && !conditions.contains(&condition) {
            conditions.push(condition);
        }
    }
    let mut outcome = outcome?;
    // A tree of one rule is that rule.
    while let Outcome::Tree(steps) = &mut outcome {
        if steps.len() > 1 {
            break;
        }
        let Some(Step::Rule(rule)) = steps.pop() else {
            break;
        };
        conditions.extend(rule.conditions);
        outcome = rule.outcome;
    }
    let mut rule = Rule {
        conditions,
        outcome,
    };
    prune(&mut rule);
    join(&mut rule);
    Some(rule)
}

/// Drops the variables that nothing uses; whether they have a value stays a condition.
fn prune(rule: &mut Rule) {
    for place in (0..rule.conditions.len()).rev() {
        let Some(Condition::Bind(variable, value)) = rule.conditions.get(place) else {
            continue;
        };
        if rule.uses(*variable, 0) > 0 {
            continue;
        }
        if value.optional {
            rule.conditions[place] = Condition::Test(fold::is_set(value.clone()));
        } else {
            rule.conditions.remove(place);
        }
    }
}

/// Joins a value that only the next condition uses with that condition.
fn join(rule: &mut Rule) {
    for place in (1..rule.conditions.len()).rev() {
        let [Condition::Bind(variable, value), Condition::Test(test)] =
            &rule.conditions[place - 1..=place]
        else {
            continue;
        };
        if value.optional && rule.uses(*variable, place + 1) == 0 {
            rule.conditions[place - 1] = Condition::Passes {
                variable: *variable,
                value: value.clone(),
                test: test.clone(),
            };
            rule.conditions.remove(place);
        }
    }
}

/// The rules as steps. A tree behind one condition, and an error if that does not hold, become the
/// error first, and then the steps of the tree.
fn guarded(mut rules: Vec<Rule>) -> Vec<Step> {
    let guard = match rules.as_slice() {
        [.., rule, last] => guard(rule, last),
        _ => None,
    };
    let guarded = guard.and_then(|guard| Some((guard, rules.pop()?, rules.pop()?)));
    let mut steps: Vec<Step> = rules.into_iter().map(Step::Rule).collect();
    let Some((guard, last, rule)) = guarded else {
        return steps;
    };
    for (place, condition) in rule.conditions.into_iter().enumerate() {
        let outcome = (place == guard).then(|| last.outcome.clone());
        match (condition, outcome) {
            (Condition::Bind(variable, value), otherwise) => steps.push(Step::Let {
                variable,
                value,
                otherwise,
            }),
            (Condition::Test(test), Some(outcome)) => steps.push(Step::Rule(Rule {
                conditions: vec![Condition::Test(fold::not(test))],
                outcome,
            })),
            (Condition::Test(_) | Condition::Passes { .. }, _) => {}
        }
    }
    if let Outcome::Tree(inner) = rule.outcome {
        steps.extend(inner);
    }
    steps
}

/// The place of the one condition of a tree that an error follows.
fn guard(rule: &Rule, last: &Rule) -> Option<usize> {
    let is_tree = matches!(rule.outcome, Outcome::Tree(_));
    let is_error = matches!(last.outcome, Outcome::Error(_) | Outcome::NoMatch);
    if !is_tree || !is_error || !last.conditions.is_empty() {
        return None;
    }
    let conditions = rule.conditions.iter().enumerate();
    let mut uncertain = conditions.filter(|(_, condition)| !condition.is_certain());
    match (uncertain.next(), uncertain.next()) {
        (Some((place, Condition::Test(_) | Condition::Bind(..))), None) => Some(place),
        _ => None,
    }
}

/// Whether a condition never holds, or two contradict each other.
fn is_impossible(conditions: &[Condition]) -> bool {
    conditions.iter().any(|condition| match condition {
        Condition::Test(test) => {
            let opposite = Condition::Test(fold::not(test.clone()));
            test.node == Node::Boolean(false) || conditions.contains(&opposite)
        }
        Condition::Bind(..) | Condition::Passes { .. } => false,
    })
}

/// Reads one condition, which may take several of ours.
pub(super) fn condition(checker: &mut Checker, value: &Value) -> Option<Vec<Condition>> {
    let expr = checker.call(value)?;
    let assign = match value.get("assign") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) if is_identifier(name) => Some(name.as_str()),
        Some(_) => {
            checker.fault("`assign` is not an identifier");
            return None;
        }
    };
    let mut conditions = checker.take_pending();
    match assign {
        Some(name) => conditions.extend(assignment(checker, name, expr)?),
        None => conditions.extend(test(checker, expr)),
    }
    Some(conditions)
}

fn assignment(checker: &mut Checker, name: &str, expr: Expr) -> Option<Vec<Condition>> {
    if checker.binding {
        if checker.lookup(name).is_some() {
            checker.fault(&format!("`{name}` is already defined"));
            return None;
        }
        let ty = expr.ty;
        let variable = checker.assign(name, ty);
        let mut conditions = vec![Condition::Bind(variable, expr)];
        if ty == Type::Boolean {
            let value = Expr::new(Node::Variable(variable), ty, false);
            conditions.push(Condition::Test(value));
        }
        return Some(conditions);
    }
    // In a table a name is one variable, whichever condition assigns it.
    let variable = match checker.lookup(name) {
        Some(Expr {
            node: Node::Variable(variable),
            ty,
            ..
        }) if *ty == expr.ty => *variable,
        Some(_) => {
            checker.fault(&format!("`{name}` is already defined"));
            return None;
        }
        None => checker.assign(name, expr.ty),
    };
    Some(vec![Condition::Bind(variable, expr)])
}

/// The conditions under which `expr` is neither missing nor false.
fn test(checker: &mut Checker, expr: Expr) -> Vec<Condition> {
    if let Node::Call(Function::IsSet, arguments) = &expr.node {
        if let ([value], true) = (&arguments[..], checker.binding) {
            if checker.name_of(value).is_some() {
                // What follows knows that the value is there.
                checker.require(value.clone());
                return checker.take_pending();
            }
        }
    }
    let expr = match expr.ty {
        Type::Boolean => checker.require(expr),
        _ => fold::is_set(expr),
    };
    let mut conditions = checker.take_pending();
    conditions.push(Condition::Test(expr));
    conditions
}
