//! Endpoint rules: from the traits `smithy.rules#endpointRuleSet` and `smithy.rules#endpointBdd` to
//! types that an emitter can print without knowing JSON (Smithy specification, "Rules engine").
//!
//! Both traits become the same [`Rules`]: the same parameters, variables, conditions and outcomes,
//! with every expression typed and every reference resolved. Only the shape of the decision differs,
//! a tree or a table. Three things are settled here so that the emitter does not need to:
//!
//! - **Presence.** After `isSet(ref)` holds, or once a result is assigned, the rules below know that
//!   the value is there. In a tree each such point becomes a [`Condition::Bind`] of a new variable,
//!   and what follows refers to the variable. A value that is used without such a check gets a bind
//!   of its own: a condition without one of its values does not hold. In a table the order of the
//!   conditions is not known, so there [`Expr::optional`] stays and the emitter asks each time.
//! - **Constants.** What does not depend on a parameter is computed, so that the emitted code has no
//!   condition that is always true.
//! - **The end.** A list of rules always ends with a rule without conditions.

mod bdd;
mod checker;
mod expression;
pub(crate) mod fold;
mod function;
mod outcome;
mod parameter;
mod rule;
#[cfg(test)]
mod tests;

use serde_json::Value;

pub use expression::{Expr, FieldOf, Node, Piece, Type};
pub use function::Function;
pub use outcome::{AuthSchemeTemplate, EndpointTemplate, Outcome, PropertyTemplate};
pub use parameter::{BuiltIn, Parameter};

/// The rules of one service.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// What the rules are asked with, in the model's order.
    pub parameters: Vec<Parameter>,
    /// What the rules compute, by the number that [`Node::Variable`] and [`Condition::Bind`] give.
    pub variables: Vec<Variable>,
    /// How the rules decide.
    pub body: Body,
}

/// How the rules decide.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Rule after rule, the first that holds decides. The last one has no conditions.
    Tree(Vec<Rule>),
    /// By the walk through a table.
    Bdd(Bdd),
}

/// A value that a condition computes and names.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name as a Rust identifier, without `r#`.
    pub name: String,
    /// Its type. Where it can be referred to in a tree, it is there.
    pub ty: Type,
}

/// One rule of a tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// All of these must hold, in this order.
    pub conditions: Vec<Condition>,
    /// What follows then.
    pub outcome: Outcome,
}

/// What must hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// The expression is true.
    Test(Expr),
    /// The expression has a value, which the variable of this number takes.
    Bind(usize, Expr),
}

impl Rule {
    /// How often the variable of this number is used.
    pub fn uses(&self, variable: usize) -> usize {
        let conditions = self
            .conditions
            .iter()
            .map(|condition| condition.expr().uses(variable));
        conditions.sum::<usize>() + self.outcome.uses(variable)
    }
}

impl Condition {
    /// What is computed.
    pub fn expr(&self) -> &Expr {
        match self {
            Self::Test(expr) | Self::Bind(_, expr) => expr,
        }
    }

    /// Whether it holds whatever the parameters are.
    pub fn is_certain(&self) -> bool {
        match self {
            Self::Test(test) => test.node == Node::Boolean(true),
            Self::Bind(_, value) => !value.optional,
        }
    }
}

/// A decision in the form of a table (Smithy specification, `endpointBdd`).
#[derive(Clone, Debug, PartialEq)]
pub struct Bdd {
    /// The conditions that the nodes name by their place. A boolean that is bound must also be true.
    pub conditions: Vec<Condition>,
    /// The results that the nodes name by their place. Their conditions are binds alone, of the
    /// values they are made of.
    pub results: Vec<Rule>,
    /// The reference where the walk begins.
    pub root: i32,
    /// Condition, reference when it holds, reference when it does not.
    pub nodes: Vec<[i32; 3]>,
}

/// Reads the value of `smithy.rules#endpointRuleSet`.
///
/// # Errors
/// Every fault of the rules, each with its place in the value: unknown functions, wrong numbers and
/// types of arguments, references to nothing, malformed rules.
pub fn parse_rule_set(value: &Value) -> Result<Rules, Vec<String>> {
    checker::Checker::run(value, rule::tree)
}

/// Reads the value of `smithy.rules#endpointBdd`.
///
/// # Errors
/// As [`parse_rule_set`]; also a node table that is cut short, has a loop, or refers to a condition,
/// node or result that does not exist.
pub fn parse_bdd(value: &Value) -> Result<Rules, Vec<String>> {
    checker::Checker::run(value, bdd::table)
}
