//! Steps as statements.

use proc_macro2::TokenStream;
use quote::quote;

use super::form::{Code, Form, borrow, operand};
use super::outcome;
use super::value::Values;
use crate::ir::endpoint::{Condition, Expr, Function, Node, Outcome, Step};

pub(super) struct Tree<'a> {
    pub(super) values: Values<'a>,
}

impl Tree<'_> {
    /// Step after step. `is_tail` where the value of the block is that of the function.
    pub(super) fn steps(&mut self, steps: &[Step], is_tail: bool) -> TokenStream {
        let mut statements = TokenStream::new();
        for step in steps {
            statements.extend(match step {
                Step::Rule(rule) => {
                    let is_tail = is_tail && rule.is_certain();
                    self.nest(&rule.conditions, &rule.outcome, is_tail)
                }
                Step::Let {
                    variable,
                    value,
                    otherwise,
                } => self.local(*variable, value, otherwise.as_ref()),
            });
        }
        statements
    }

    /// A value for the statements that follow.
    fn local(&mut self, variable: usize, value: &Expr, otherwise: Option<&Outcome>) -> TokenStream {
        let Some(otherwise) = otherwise else {
            let Code { tokens, form } = borrow(self.values.value(value), value.ty);
            let name = self.values.bind(variable, form);
            return quote!(let #name = #tokens;);
        };
        let Code { tokens, form } = self.values.option(value, true);
        let otherwise = match otherwise {
            Outcome::NoMatch => None,
            otherwise => Some(self.outcome(otherwise, false)),
        };
        let name = self.values.bind(variable, form);
        match otherwise {
            Some(otherwise) => quote!(let Some(#name) = #tokens else { #otherwise };),
            None => quote!(let #name = endpoint::known(#tokens)?;),
        }
    }

    fn outcome(&mut self, outcome: &Outcome, is_tail: bool) -> TokenStream {
        if let Outcome::Tree(steps) = outcome {
            return self.steps(steps, is_tail);
        }
        let (statements, result) = outcome::result(&self.values, outcome);
        if is_tail {
            quote!(#statements #result)
        } else {
            quote!(#statements return #result;)
        }
    }

    /// The outcome inside the conditions.
    fn nest(&mut self, conditions: &[Condition], outcome: &Outcome, is_tail: bool) -> TokenStream {
        let mut tests = Vec::new();
        let mut rest = conditions;
        while let Some((condition, after)) = rest.split_first() {
            tests.push(match condition {
                Condition::Test(test) => self.test(test),
                Condition::Passes {
                    variable,
                    value,
                    test,
                } => self.passes(*variable, value, test),
                Condition::Bind(..) => break,
            });
            rest = after;
        }
        if !tests.is_empty() {
            let inner = self.nest(rest, outcome, false);
            return quote!(if #(#tests)&&* { #inner });
        }
        let Some((Condition::Bind(variable, value), rest)) = rest.split_first() else {
            return self.outcome(outcome, is_tail);
        };
        if value.optional {
            let Code { tokens, form } = self.values.option(value, true);
            let name = self.values.bind(*variable, form);
            let inner = self.nest(rest, outcome, false);
            return quote!(if let Some(#name) = #tokens { #inner });
        }
        let local = self.local(*variable, value, None);
        let inner = self.nest(rest, outcome, is_tail);
        quote!(#local #inner)
    }

    fn test(&self, test: &Expr) -> TokenStream {
        let tokens = self.values.value(test).tokens;
        match test.node {
            Node::Call(Function::Ite, _) => operand(test, tokens),
            _ => tokens,
        }
    }

    /// Whether a value is there and passes a test that alone uses it.
    fn passes(&mut self, variable: usize, value: &Expr, test: &Expr) -> TokenStream {
        let option = self.values.option(value, true);
        let tokens = operand(value, option.tokens);
        let is_it = |expr: &Expr| expr.node == Node::Variable(variable);
        if is_it(test) {
            return quote!(#tokens == Some(true));
        }
        match &test.node {
            Node::Call(Function::Not, inner) if inner.iter().all(is_it) => {
                return quote!(#tokens == Some(false));
            }
            Node::Call(Function::StringEquals, sides) => {
                let other = match &sides[..] {
                    [side, other] | [other, side] if is_it(side) => Some(other),
                    _ => None,
                };
                if let Some(other) = other.filter(|other| other.uses(variable) == 0) {
                    let other = self.values.argument(other);
                    let as_deref = (option.form == Form::Owned).then(|| quote!(.as_deref()));
                    return quote!(#tokens #as_deref == Some(#other));
                }
            }
            _ => {}
        }
        let name = self.values.bind(variable, option.form);
        let test = self.values.value(test).tokens;
        quote!(#tokens.is_some_and(|#name| #test))
    }
}
