use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::form::{Value, is_source, own, own_option};
use super::value::Values;
use super::{mentions, outcome, params, tree};
use crate::endpoint::{Bdd, Condition, Node, Rule, Rules, Type};

/// The function `resolve` for rules in the form of a table, the table, its conditions, and the
/// structure of what they find.
pub(super) fn items(rules: &Rules, bdd: &Bdd) -> Vec<TokenStream> {
    let mut table = Table {
        values: Values::new(rules),
        bdd,
    };
    let holds = table.holds();
    let found = table.found();
    let checks = params::checks(rules);
    let root = number(bdd.root);
    let results = bdd.results.iter().enumerate().map(|(place, rule)| {
        let place = Literal::usize_unsuffixed(place);
        let result = table.result(rule);
        quote!(Some(#place) => #result,)
    });
    let results: Vec<TokenStream> = results.collect();
    let params = mentions(&holds, "params").then(|| quote!(, params));
    let state = found
        .is_some()
        .then(|| quote!(let mut found = Found::default();));
    let argument = found.is_some().then(|| quote!(, &mut found));
    let mut items = vec![tree::resolve(quote! {
        #checks
        #state
        let result = endpoint::decide(
            &NODES,
            #root,
            |condition| holds(condition #params #argument) == Some(true),
        );
        match result {
            #(#results)*
            _ => Err(EndpointError::NoMatch),
        }
    })];
    items.extend(found);
    items.push(holds);
    let length = Literal::usize_unsuffixed(bdd.nodes.len());
    let nodes = bdd.nodes.iter().map(|node| {
        let node = node.map(number);
        quote!([#(#node),*])
    });
    items.push(quote! {
        #[doc = " Condition, where to go when it holds, where to go when it does not."]
        const NODES: [[i32; 3]; #length] = [#(#nodes),*];
    });
    items
}

struct Table<'a> {
    values: Values<'a>,
    bdd: &'a Bdd,
}

impl Table<'_> {
    /// The function that tells whether a condition holds.
    fn holds(&self) -> TokenStream {
        let arms = self
            .bdd
            .conditions
            .iter()
            .enumerate()
            .map(|(place, condition)| {
                let place = Literal::usize_unsuffixed(place);
                let holds = self.condition(condition);
                quote!(#place => #holds,)
            });
        let arms: Vec<TokenStream> = arms.collect();
        let body = self.constant().unwrap_or_else(|| {
            quote! {
                match condition {
                    #(#arms)*
                    _ => false,
                }
            }
        });
        let params = mentions(&body, "params").then(|| quote!(, params: &Params));
        let found = self.found().map(|_| quote!(, found: &mut Found));
        quote! {
            #[doc = " Whether a condition holds; `None` when it asks for a value that is not there."]
            fn holds(condition: i32 #params #found) -> Option<bool> {
                Some(#body)
            }
        }
    }

    /// Which conditions hold, when that depends on nothing.
    fn constant(&self) -> Option<TokenStream> {
        let mut holding = Vec::new();
        for (place, condition) in self.bdd.conditions.iter().enumerate() {
            match condition.expr().node {
                Node::Boolean(true) => holding.push(Literal::usize_unsuffixed(place)),
                Node::Boolean(false) => {}
                _ => return None,
            }
        }
        Some(quote!([#(#holding),*].contains(&condition)))
    }

    fn condition(&self, condition: &Condition) -> TokenStream {
        let (variable, value) = match condition {
            Condition::Test(test) => return self.values.value(test).tokens,
            Condition::Bind(variable, value) => (*variable, value),
        };
        let is_boolean = value.ty == Type::Boolean;
        let name = self.values.local(variable);
        // A part that is missing ends the function, so what has none of its own is there.
        let can_miss = value.optional && is_source(value);
        let tokens = if can_miss {
            own_option(self.values.option(value, false), value.ty).tokens
        } else {
            let Value { tokens, .. } = own(self.values.value(value), value.ty);
            quote!(Some(#tokens))
        };
        let holds = match (is_boolean, can_miss) {
            (true, _) => quote!(found.#name == Some(true)),
            (false, true) => quote!(found.#name.is_some()),
            (false, false) => quote!(true),
        };
        quote!({
            found.#name = #tokens;
            #holds
        })
    }

    /// The structure of the values that conditions bind and others use.
    fn found(&self) -> Option<TokenStream> {
        let mut variables: Vec<usize> = Vec::new();
        for condition in &self.bdd.conditions {
            match condition {
                Condition::Bind(variable, _) => {
                    if !variables.contains(variable) {
                        variables.push(*variable);
                    }
                }
                Condition::Test(_) => {}
            }
        }
        if variables.is_empty() {
            return None;
        }
        let fields = variables.into_iter().filter_map(|variable| {
            let name = self.values.local(variable);
            let ty = match self.values.rules.variables.get(variable)?.ty {
                Type::String => quote!(String),
                Type::Boolean => quote!(bool),
                Type::Integer => quote!(i64),
                Type::Strings => quote!(Vec<String>),
                Type::Partition => quote!(&'static Partition),
                Type::Arn => quote!(Arn),
                Type::Url => quote!(Url),
            };
            Some(quote!(#name: Option<#ty>))
        });
        Some(quote! {
            #[doc = " What the conditions have found so far."]
            #[derive(Default)]
            struct Found {
                #(#fields,)*
            }
        })
    }

    fn result(&mut self, rule: &Rule) -> TokenStream {
        let mut binds = TokenStream::new();
        for condition in &rule.conditions {
            let Condition::Bind(variable, value) = condition else {
                continue;
            };
            let Value { tokens, form } = self.values.option(value, true);
            let name = self.values.bind(*variable, form);
            binds.extend(quote!(let #name = endpoint::known(#tokens)?;));
        }
        let (statements, result) = outcome::result(&self.values, &rule.outcome);
        if binds.is_empty() && statements.is_empty() {
            result
        } else {
            quote!({ #binds #statements #result })
        }
    }
}

/// A number as one writes it, with its sign before and its digits in groups.
fn number(number: i32) -> TokenStream {
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 && digits.len() > 4 {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    let literal = match grouped.parse::<Literal>() {
        Ok(literal) => literal,
        Err(_) => Literal::u32_unsuffixed(number.unsigned_abs()),
    };
    if number < 0 {
        quote!(-#literal)
    } else {
        quote!(#literal)
    }
}
