use proc_macro2::TokenStream;
use quote::quote;

use super::form::{Form, Value, borrow, operand};
use super::value::Values;
use super::{mentions, outcome, params};
use crate::endpoint::{Condition, Expr, Function, Node, Outcome, Rule, Rules, fold};

/// The function `resolve` for rules in the form of a tree.
pub(super) fn items(rules: &Rules, tree: &[Rule]) -> Vec<TokenStream> {
    let checks = params::checks(rules);
    let body = Tree {
        values: Values::new(rules),
    }
    .rules(tree, true);
    vec![resolve(quote!(#checks #body))]
}

/// The function `resolve` with this body.
pub(super) fn resolve(body: TokenStream) -> TokenStream {
    let params = if mentions(&body, "params") {
        quote!(params)
    } else {
        quote!(_params)
    };
    quote! {
        #[doc = " Decides where a request goes, by the endpoint rules of the service's model."]
        #[doc = ""]
        #[doc = " # Errors"]
        #[doc = " What the rules say about parameters that do not go together, and parameters that cannot"]
        #[doc = " stand in a URL."]
        pub fn resolve(#params: &Params) -> Result<Endpoint, EndpointError> {
            #body
        }
    }
}

struct Tree<'a> {
    values: Values<'a>,
}

impl Tree<'_> {
    /// Rule after rule; the last one always returns. `is_tail` where the value of the block is that
    /// of the function.
    fn rules(&mut self, rules: &[Rule], is_tail: bool) -> TokenStream {
        let mut statements = TokenStream::new();
        let mut rest = rules;
        while let Some((rule, after)) = rest.split_first() {
            if let Some(guarded) = self.guarded(rule, after, is_tail) {
                statements.extend(guarded);
                return statements;
            }
            let is_last = rule.conditions.iter().all(Condition::is_certain);
            statements.extend(self.nest(&rule.conditions, &rule.outcome, is_tail && is_last));
            rest = after;
        }
        statements
    }

    /// A tree of rules with one condition, and an error if that does not hold: the error first, and
    /// then the rules without nesting.
    fn guarded(&mut self, rule: &Rule, after: &[Rule], is_tail: bool) -> Option<TokenStream> {
        let (Outcome::Tree(rules), [other]) = (&rule.outcome, after) else {
            return None;
        };
        let is_error = matches!(other.outcome, Outcome::Error(_) | Outcome::NoMatch);
        let uncertain = rule
            .conditions
            .iter()
            .position(|condition| !condition.is_certain())?;
        let (first, condition) = rule.conditions.split_at(uncertain);
        let (condition, last) = condition.split_first()?;
        let is_single = last.iter().all(Condition::is_certain);
        if !is_error || !other.conditions.is_empty() || !is_single || rules.len() < 2 {
            return None;
        }
        let otherwise = self.outcome(&other.outcome, false);
        let lets = self.lets(first);
        let guard = match condition {
            Condition::Test(test) => {
                let test = self.values.value(&fold::not(test.clone())).tokens;
                quote!(if #test { #otherwise })
            }
            Condition::Bind(variable, value) => {
                let Value { tokens, form } = self.values.option(value, false);
                let name = self.values.bind(*variable, form);
                quote!(let Some(#name) = #tokens else { #otherwise };)
            }
        };
        let more = self.lets(last);
        let rules = self.rules(rules, is_tail);
        Some(quote!(#lets #guard #more #rules))
    }

    /// Binds that always hold.
    fn lets(&mut self, binds: &[Condition]) -> TokenStream {
        let mut lets = TokenStream::new();
        for bind in binds {
            if let Condition::Bind(variable, value) = bind {
                let Value { tokens, form } = borrow(self.values.value(value), value.ty);
                let name = self.values.bind(*variable, form);
                lets.extend(quote!(let #name = #tokens;));
            }
        }
        lets
    }

    fn outcome(&mut self, outcome: &Outcome, is_tail: bool) -> TokenStream {
        if let Outcome::Tree(rules) = outcome {
            return self.rules(rules, is_tail);
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
        let (tests, rest) = self.tests(conditions, outcome);
        if !tests.is_empty() {
            let inner = self.nest(rest, outcome, false);
            return quote!(if #(#tests)&&* { #inner });
        }
        let Some((Condition::Bind(variable, value), rest)) = rest.split_first() else {
            return self.outcome(outcome, is_tail);
        };
        if value.optional {
            let Value { tokens, form } = self.values.option(value, false);
            let name = self.values.bind(*variable, form);
            let inner = self.nest(rest, outcome, false);
            return quote!(if let Some(#name) = #tokens { #inner });
        }
        let lets = self.lets(&[Condition::Bind(*variable, value.clone())]);
        let inner = self.nest(rest, outcome, is_tail);
        quote!(#lets #inner)
    }

    /// The conditions at the start that need no block of their own, and the rest.
    fn tests<'c>(
        &mut self,
        mut conditions: &'c [Condition],
        outcome: &Outcome,
    ) -> (Vec<TokenStream>, &'c [Condition]) {
        let mut tests = Vec::new();
        while let Some((condition, rest)) = conditions.split_first() {
            let later = |variable: usize, after: &[Condition]| {
                let uses = after
                    .iter()
                    .map(|condition| condition.expr().uses(variable));
                uses.sum::<usize>() + outcome.uses(variable)
            };
            match (condition, rest.split_first()) {
                (Condition::Test(test), _) => {
                    let tokens = self.values.value(test).tokens;
                    tests.push(if matches!(test.node, Node::Call(Function::Ite, _)) {
                        operand(test, tokens)
                    } else {
                        tokens
                    });
                    conditions = rest;
                }
                (Condition::Bind(variable, value), Some((Condition::Test(test), after)))
                    if value.optional && later(*variable, after) == 0 =>
                {
                    tests.push(self.test_of(*variable, value, test));
                    conditions = after;
                }
                (Condition::Bind(..), _) => break,
            }
        }
        (tests, conditions)
    }

    /// Whether a value is there and passes a test that alone uses it.
    fn test_of(&mut self, variable: usize, value: &Expr, test: &Expr) -> TokenStream {
        let option = self.values.option(value, false);
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
                    return self.equals(tokens, option.form, other);
                }
            }
            _ => {}
        }
        let name = self.values.bind(variable, option.form);
        let test = self.values.value(test).tokens;
        quote!(#tokens.is_some_and(|#name| #test))
    }

    fn equals(&self, option: TokenStream, form: Form, other: &Expr) -> TokenStream {
        let other = self.values.argument(other);
        let as_deref = (form == Form::Owned).then(|| quote!(.as_deref()));
        quote!(#option #as_deref == Some(#other))
    }
}
