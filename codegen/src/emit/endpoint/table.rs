//! Rules in the form of a table.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::form::{is_source, own, own_option};
use super::mentions;
use super::tree::Tree;
use super::value::Values;
use crate::ir::endpoint::{Bdd, BddCondition, Rules, Type};

/// The body of `resolve`, and the items that it needs: the table, its conditions, and the structure
/// of what they find.
pub(super) fn body(rules: &Rules, bdd: &Bdd) -> (TokenStream, Vec<TokenStream>) {
    let values = Values::new(rules);
    let found = found(&values, bdd);
    let holds = holds(&values, bdd, found.is_some());
    let mut tree = Tree { values };
    let results = bdd.results.iter().enumerate().map(|(place, steps)| {
        let place = Literal::usize_unsuffixed(place);
        let steps = tree.steps(steps, true);
        match syn::parse2::<syn::Expr>(steps.clone()) {
            Ok(_) => quote!(Some(#place) => #steps,),
            Err(_) => quote!(Some(#place) => { #steps }),
        }
    });
    let results: Vec<TokenStream> = results.collect();
    let params = mentions(&holds, "params").then(|| quote!(, params));
    let (state, argument) = match &found {
        Some(_) => (
            quote!(let mut found = Found::default();),
            quote!(, &mut found),
        ),
        None => Default::default(),
    };
    let root = number(bdd.root);
    let body = quote! {
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
    };
    let length = Literal::usize_unsuffixed(bdd.nodes.len());
    let nodes = bdd.nodes.iter().map(|node| {
        let node = node.map(number);
        quote!([#(#node),*])
    });
    let nodes = quote! {
        #[doc = " Condition, where to go when it holds, where to go when it does not."]
        const NODES: [[i32; 3]; #length] = [#(#nodes),*];
    };
    (body, found.into_iter().chain([holds, nodes]).collect())
}

/// The function that tells whether a condition holds.
fn holds(values: &Values<'_>, bdd: &Bdd, finds: bool) -> TokenStream {
    let conditions = bdd.conditions.iter().enumerate();
    let arms = conditions.map(|(place, held)| {
        let place = Literal::usize_unsuffixed(place);
        let holds = condition(values, held);
        quote!(#place => #holds,)
    });
    let body = quote! {
        match condition {
            #(#arms)*
            _ => false,
        }
    };
    let params = mentions(&body, "params").then(|| quote!(, params: &Params));
    let found = finds.then(|| quote!(, found: &mut Found));
    quote! {
        #[doc = " Whether a condition holds; `None` when it asks for a value that is not there."]
        fn holds(condition: i32 #params #found) -> Option<bool> {
            Some(#body)
        }
    }
}

fn condition(values: &Values<'_>, condition: &BddCondition) -> TokenStream {
    let value = &condition.value;
    let Some(variable) = condition.variable else {
        return values.value(value).tokens;
    };
    let name = values.local(variable);
    // A part that is missing ends the function, so what has none of its own is there.
    let can_miss = value.optional && is_source(value);
    let tokens = if can_miss {
        own_option(values.option(value, false), value.ty).tokens
    } else {
        let value = own(values.value(value), value.ty).tokens;
        quote!(Some(#value))
    };
    let holds = match (value.ty, can_miss) {
        (Type::Boolean, _) => quote!(found.#name == Some(true)),
        (_, true) => quote!(found.#name.is_some()),
        (_, false) => quote!(true),
    };
    quote!({
        found.#name = #tokens;
        #holds
    })
}

/// The structure of the values that conditions bind and others use.
fn found(values: &Values<'_>, bdd: &Bdd) -> Option<TokenStream> {
    let mut variables: Vec<usize> = Vec::new();
    for variable in bdd.conditions.iter().filter_map(|bound| bound.variable) {
        if !variables.contains(&variable) {
            variables.push(variable);
        }
    }
    if variables.is_empty() {
        return None;
    }
    let fields = variables.into_iter().filter_map(|variable| {
        let name = values.local(variable);
        let ty = match values.rules.variables.get(variable)?.ty {
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
        #[doc = " Values that the conditions have bound so far."]
        #[derive(Default)]
        struct Found {
            #(#fields,)*
        }
    })
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
