//! Endpoint rules: from the traits `smithy.rules#endpointRuleSet` and `smithy.rules#endpointBdd` to
//! the IR (Smithy specification, "Rules engine").
//!
//! Both traits become the same [`Rules`]: the same parameters, variables, conditions and outcomes,
//! with every expression typed and every reference resolved. Only the shape of the decision differs,
//! a tree or a table. These things are decided here so that the emitter does not need to:
//!
//! - **Presence.** After `isSet(ref)` holds, or once a result is assigned, the rules below know that
//!   the value is there. In a tree each such point becomes a [`Condition::Bind`] of a new variable,
//!   and what follows refers to the variable. A value that is used without such a check gets a bind
//!   of its own: a condition without one of its values does not hold. In a table the order of the
//!   conditions is not known, so there [`Expr::optional`] stays and the emitter asks each time.
//! - **Constants.** What does not depend on a parameter is computed, so that the emitted code has no
//!   condition that is always true.
//! - **Guards.** A tree behind one condition, with an error where that does not hold, becomes a step
//!   that ends with the error, followed by the steps of the tree.
//! - **Hosts.** The values in the host of a URL are marked, since they must not end it.
//!
//! [`Condition::Bind`]: crate::ir::endpoint::Condition::Bind
//! [`Expr::optional`]: crate::ir::endpoint::Expr::optional

mod bdd;
mod checker;
mod fold;
mod function;
mod outcome;
mod parameter;
mod rule;
#[cfg(test)]
mod tests;

pub(super) use parameter::parameter_value;

use serde_json::Value;

use crate::ir::endpoint::{Body, Rules};

/// Reads the value of `smithy.rules#endpointRuleSet`.
///
/// # Errors
/// Every fault of the rules, each with its place in the value: unknown functions, wrong numbers and
/// types of arguments, references to nothing, malformed rules.
pub fn parse_rule_set(value: &Value) -> Result<Rules, Vec<String>> {
    checker::Checker::run(value, |checker, value| {
        rule::steps(checker, value).map(Body::Tree)
    })
}

/// Reads the value of `smithy.rules#endpointBdd`.
///
/// # Errors
/// As [`parse_rule_set`]; also a node table that is cut short, has a loop, or refers to a condition,
/// node or result that does not exist.
pub fn parse_bdd(value: &Value) -> Result<Rules, Vec<String>> {
    checker::Checker::run(value, bdd::table)
}
