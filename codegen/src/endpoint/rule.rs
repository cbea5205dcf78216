use serde_json::Value;

use super::checker::Checker;
use super::expression::{Expr, Node, Type};
use super::function::Function;
use super::outcome::{self, Outcome};
use super::parameter::is_identifier;
use super::{Body, Condition, Rule, fold};

/// Reads the member `rules` of a rule set.
pub(super) fn tree(checker: &mut Checker, value: &Value) -> Option<Body> {
    rules(checker, value).map(Body::Tree)
}

/// Reads a list of rules. Those that can never hold, or that come after one that always does, are
/// left out; one that says that nothing matched ends the list if need be.
fn rules(checker: &mut Checker, value: &Value) -> Option<Vec<Rule>> {
    if checker.too_deep() {
        return None;
    }
    let all = checker.each(value, "rules", |checker, value| {
        checker.scoped(|checker| rule(checker, value))
    })?;
    let mut kept = Vec::new();
    for rule in all
        .into_iter()
        .filter(|rule| !is_impossible(&rule.conditions))
    {
        let is_last = rule.conditions.iter().all(Condition::is_certain);
        kept.push(rule);
        if is_last {
            return Some(kept);
        }
    }
    kept.push(Rule {
        conditions: Vec::new(),
        outcome: Outcome::NoMatch,
    });
    Some(kept)
}

fn rule(checker: &mut Checker, value: &Value) -> Option<Rule> {
    let lists = checker.each(value, "conditions", condition);
    let outcome = match value.get("type").and_then(Value::as_str) {
        Some("tree") => rules(checker, value).map(Outcome::Tree),
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
    // A tree of one rule that always holds is that rule.
    while let Outcome::Tree(rules) = &mut outcome {
        if rules.len() != 1 {
            break;
        }
        let Some(rule) = rules.pop() else { break };
        conditions.extend(rule.conditions);
        outcome = rule.outcome;
    }
    Some(pruned(Rule {
        conditions,
        outcome,
    }))
}

/// The rule without the variables that nothing uses; whether they have a value stays a condition.
pub(super) fn pruned(mut rule: Rule) -> Rule {
    for place in (0..rule.conditions.len()).rev() {
        let Some(Condition::Bind(variable, value)) = rule.conditions.get(place) else {
            continue;
        };
        if rule.uses(*variable) == 0 {
            let test = is_set(value.clone());
            if test.node == Node::Boolean(true) {
                rule.conditions.remove(place);
            } else if let Some(condition) = rule.conditions.get_mut(place) {
                *condition = Condition::Test(test);
            }
        }
    }
    rule
}

/// Whether the expression has a value.
pub(super) fn is_set(expr: Expr) -> Expr {
    fold::call(Function::IsSet, vec![expr], Type::Boolean)
}

/// Whether a condition never holds, or two contradict each other.
fn is_impossible(conditions: &[Condition]) -> bool {
    conditions.iter().any(|condition| match condition {
        Condition::Test(test) => {
            let opposite = Condition::Test(fold::not(test.clone()));
            test.node == Node::Boolean(false) || conditions.contains(&opposite)
        }
        Condition::Bind(..) => false,
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
            checker.fault(&format!("`{name}` already stands for something else"));
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
            checker.fault(&format!("`{name}` already stands for something else"));
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
        _ => is_set(expr),
    };
    let mut conditions = checker.take_pending();
    conditions.push(Condition::Test(expr));
    conditions
}
