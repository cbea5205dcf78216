//! Endpoint rules, typed and with every reference resolved (Smithy specification, "Rules engine").

mod expression;

pub use expression::{Expr, FieldOf, Function, Node, Piece, Type};

use super::Value;

/// The rules of one service.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// The parameters, by name.
    pub parameters: Vec<Parameter>,
    /// The variables, by the number that expressions and steps give.
    pub variables: Vec<Variable>,
    /// The decision.
    pub body: Body,
}

/// The two forms of a decision.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Step after step. The last one is a rule that always holds.
    Tree(Vec<Step>),
    /// The walk through a table.
    Bdd(Bdd),
}

/// A parameter of the rules (Smithy specification, "Parameter object").
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The model's name.
    pub name: String,
    /// The field of the emitted structure, without `r#`.
    pub field: String,
    /// String, boolean, or string array.
    pub ty: Type,
    /// Whether the rules fail without it. One with a default always has a value.
    pub required: bool,
    /// The value of a parameter that is not set.
    pub default: Option<Value>,
    /// Where its value comes from when the model says so.
    pub built_in: Option<BuiltIn>,
    /// The model's description.
    pub documentation: Option<String>,
}

impl Parameter {
    /// Whether the emitted field is an `Option`.
    pub fn is_option(&self) -> bool {
        self.default.is_none()
    }
}

/// A value that the client's configuration supplies (Smithy specification, "Rules engine parameters"
/// and "AWS rules engine built-ins").
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuiltIn {
    /// `AWS::Region`.
    Region,
    /// `AWS::UseFIPS`.
    UseFips,
    /// `AWS::UseDualStack`.
    UseDualStack,
    /// `SDK::Endpoint`.
    Endpoint,
    /// `AWS::Auth::AccountId`.
    AccountId,
    /// `AWS::Auth::AccountIdEndpointMode`.
    AccountIdEndpointMode,
    /// Any other, by its name.
    Other(String),
}

impl BuiltIn {
    /// The one of this name in a model.
    pub fn named(name: &str) -> Self {
        match name {
            "AWS::Region" => Self::Region,
            "AWS::UseFIPS" => Self::UseFips,
            "AWS::UseDualStack" => Self::UseDualStack,
            "SDK::Endpoint" => Self::Endpoint,
            "AWS::Auth::AccountId" => Self::AccountId,
            "AWS::Auth::AccountIdEndpointMode" => Self::AccountIdEndpointMode,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// A value that a condition or a step computes and names.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name as a Rust identifier, without `r#`.
    pub name: String,
    /// Its type. Where a tree refers to it, it has a value.
    pub ty: Type,
}

/// A part of a list that is followed from top to bottom.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Decides if its conditions hold.
    Rule(Rule),
    /// Names a value for the steps after it.
    Let {
        /// The number of the variable.
        variable: usize,
        /// The value.
        value: Expr,
        /// The outcome without a value; `None` if there is always one.
        otherwise: Option<Outcome>,
    },
}

impl Step {
    /// Adds every expression in it.
    pub(crate) fn exprs<'a>(&'a self, into: &mut Vec<&'a Expr>) {
        match self {
            Self::Rule(rule) => {
                for condition in &rule.conditions {
                    condition.exprs(into);
                }
                rule.outcome.exprs(into);
            }
            Self::Let {
                value, otherwise, ..
            } => {
                into.push(value);
                otherwise.iter().for_each(|outcome| outcome.exprs(into));
            }
        }
    }
}

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// All of these must hold, in this order.
    pub conditions: Vec<Condition>,
    /// What follows then.
    pub outcome: Outcome,
}

impl Rule {
    /// A rule without conditions.
    pub(crate) fn certain(outcome: Outcome) -> Self {
        Self {
            conditions: Vec::new(),
            outcome,
        }
    }

    /// Whether it holds whatever the parameters are.
    pub fn is_certain(&self) -> bool {
        self.conditions.iter().all(Condition::is_certain)
    }

    /// How often the variable of this number is used, from the condition at `start` on.
    pub(crate) fn uses(&self, variable: usize, start: usize) -> usize {
        let mut exprs = Vec::new();
        for condition in self.conditions.iter().skip(start) {
            condition.exprs(&mut exprs);
        }
        self.outcome.exprs(&mut exprs);
        exprs.iter().map(|expr| expr.uses(variable)).sum()
    }
}

/// What must hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// The expression is true.
    Test(Expr),
    /// The expression has a value, which the variable of this number takes.
    Bind(usize, Expr),
    /// The expression has a value that passes a test.
    Passes {
        /// The number of the variable, which only the test uses.
        variable: usize,
        /// The expression.
        value: Expr,
        /// The test.
        test: Expr,
    },
}

impl Condition {
    /// Adds every expression in it.
    pub(crate) fn exprs<'a>(&'a self, into: &mut Vec<&'a Expr>) {
        match self {
            Self::Test(expr) | Self::Bind(_, expr) => into.push(expr),
            Self::Passes { value, test, .. } => into.extend([value, test]),
        }
    }

    /// Whether it holds whatever the parameters are.
    pub fn is_certain(&self) -> bool {
        match self {
            Self::Test(test) => test.node == Node::Boolean(true),
            Self::Bind(_, value) => !value.optional,
            Self::Passes { .. } => false,
        }
    }
}

/// A decision in the form of a table (Smithy specification, `endpointBdd`).
#[derive(Clone, Debug, PartialEq)]
pub struct Bdd {
    /// The conditions, by the number that the nodes give.
    pub conditions: Vec<BddCondition>,
    /// The results, by the number that the nodes give.
    pub results: Vec<Vec<Step>>,
    /// The reference where the walk begins.
    pub root: i32,
    /// Condition, reference when it holds, reference when it does not.
    pub nodes: Vec<[i32; 3]>,
}

/// A condition of a table. It holds if the value is true or, of any other type, is there.
#[derive(Clone, Debug, PartialEq)]
pub struct BddCondition {
    /// The value.
    pub value: Expr,
    /// The number of the variable that takes it.
    pub variable: Option<usize>,
}

/// What follows when a rule's conditions hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// This endpoint.
    Endpoint(EndpointTemplate),
    /// This error, of type string.
    Error(Expr),
    /// Step after step. The last one is a rule that always holds.
    Tree(Vec<Step>),
    /// The error that no rule matches.
    NoMatch,
}

impl Outcome {
    /// Adds every expression in it.
    pub(crate) fn exprs<'a>(&'a self, into: &mut Vec<&'a Expr>) {
        match self {
            Self::Endpoint(endpoint) => endpoint.exprs(into),
            Self::Error(message) => into.push(message),
            Self::Tree(steps) => steps.iter().for_each(|step| step.exprs(into)),
            Self::NoMatch => {}
        }
    }
}

/// How to make an endpoint (Smithy specification, "Endpoint object").
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointTemplate {
    /// The URL, of type string.
    pub url: Expr,
    /// Headers: name and values, of type string.
    pub headers: Vec<(String, Vec<Expr>)>,
    /// The property `authSchemes`.
    pub auth_schemes: Vec<AuthSchemeTemplate>,
    /// The other properties, by name.
    pub properties: Vec<(String, PropertyTemplate)>,
}

impl EndpointTemplate {
    fn exprs<'a>(&'a self, into: &mut Vec<&'a Expr>) {
        into.push(&self.url);
        into.extend(self.headers.iter().flat_map(|(_, values)| values));
        for scheme in &self.auth_schemes {
            into.push(&scheme.name);
            into.extend(&scheme.signing_name);
            into.extend(&scheme.signing_region);
            into.extend(&scheme.signing_region_set);
            scheme.properties.iter().for_each(|(_, p)| p.exprs(into));
        }
        self.properties.iter().for_each(|(_, p)| p.exprs(into));
    }
}

/// One entry of `authSchemes`.
#[derive(Clone, Debug, PartialEq)]
pub struct AuthSchemeTemplate {
    /// The scheme.
    pub name: Expr,
    /// `signingName`.
    pub signing_name: Option<Expr>,
    /// `signingRegion`.
    pub signing_region: Option<Expr>,
    /// `signingRegionSet`.
    pub signing_region_set: Vec<Expr>,
    /// The other members, by name.
    pub properties: Vec<(String, PropertyTemplate)>,
}

/// How to make a property.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // The names are those of JSON.
pub enum PropertyTemplate {
    Text(Expr),
    Boolean(bool),
    Integer(i64),
    List(Vec<PropertyTemplate>),
    Map(Vec<(String, PropertyTemplate)>),
}

impl PropertyTemplate {
    /// The text, when it is one.
    pub fn text(&self) -> Option<&Expr> {
        match self {
            Self::Text(text) => Some(text),
            Self::Boolean(_) | Self::Integer(_) | Self::List(_) | Self::Map(_) => None,
        }
    }

    fn exprs<'a>(&'a self, into: &mut Vec<&'a Expr>) {
        match self {
            Self::Text(text) => into.push(text),
            Self::Boolean(_) | Self::Integer(_) => {}
            Self::List(items) => items.iter().for_each(|item| item.exprs(into)),
            Self::Map(entries) => entries.iter().for_each(|(_, item)| item.exprs(into)),
        }
    }
}
