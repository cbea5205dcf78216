//! Endpoint rules as Rust: `src/endpoint.rs`, with the structure of parameters, the function that
//! decides, and the function that asks it.

mod form;
mod input;
mod outcome;
mod params;
mod query;
mod table;
#[cfg(test)]
mod tests;
mod tree;
mod value;

pub(super) use input::inputs;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use crate::ir::Service;
use crate::ir::endpoint::{Body, Rules};
use crate::output::render::RustFile;
use crate::text;

use tree::Tree;
use value::Values;

/// The file of a service that has rules.
pub(super) fn file(service: &Service) -> Option<RustFile> {
    let rules = service.endpoint.as_ref()?;
    let mut items = endpoint_items(rules);
    items.push(query::function(rules, service));
    Some(RustFile {
        path: "src/endpoint.rs".to_owned(),
        attributes: Vec::new(),
        docs: vec![format!(
            "The endpoint rules of {}.",
            text::markdown(&service.title)
        )],
        items,
    })
}

/// `Params`, and `resolve` with what it needs.
pub fn endpoint_items(rules: &Rules) -> Vec<TokenStream> {
    let (body, more) = match &rules.body {
        Body::Tree(steps) => {
            let values = Values::new(rules);
            (Tree { values }.steps(steps, true), Vec::new())
        }
        Body::Bdd(bdd) => table::body(rules, bdd),
    };
    let checks = params::checks(rules);
    let body = quote!(#checks #body);
    let params = if mentions(&body, "params") {
        quote!(params)
    } else {
        quote!(_)
    };
    let mut items = params::items(rules);
    items.push(quote! {
        #[doc = " Resolves the endpoint of a request by the service's rules."]
        #[doc = ""]
        #[doc = " # Errors"]
        #[doc = " Returns an error if the rules reject the parameters, or if the endpoint is not a URL."]
        pub(crate) fn resolve(#params: &Params) -> Result<Endpoint, EndpointError> {
            #body
        }
    });
    items.extend(more);
    items
}

/// Whether the identifier `name` occurs in `tokens`.
fn mentions(tokens: &TokenStream, name: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
