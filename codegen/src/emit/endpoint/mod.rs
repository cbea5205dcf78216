//! Endpoint rules as Rust: the structure of parameters and the function that decides.

mod form;
mod outcome;
mod params;
mod table;
#[cfg(test)]
mod tests;
mod tree;
mod value;

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};

use crate::endpoint::{Body, Rules};

/// The items of a client crate's `endpoint.rs`, without the file's own documentation: imports,
/// `Params`, and `resolve` with what it needs.
pub fn endpoint_items(rules: &Rules) -> Vec<TokenStream> {
    items_with(rules, None)
}

/// The same with one more item, which may use the runtime's `endpoint` module.
pub(super) fn items_with(rules: &Rules, more: Option<TokenStream>) -> Vec<TokenStream> {
    let mut items = params::items(rules);
    items.extend(match &rules.body {
        Body::Tree(tree) => tree::items(rules, tree),
        Body::Bdd(bdd) => table::items(rules, bdd),
    });
    items.extend(more);
    items.insert(0, imports(&items));
    items
}

/// Imports what the items use of the runtime.
fn imports(items: &[TokenStream]) -> TokenStream {
    let uses = |name: &str| items.iter().any(|item| mentions(item, name));
    let types = [
        "Arn",
        "AuthScheme",
        "Endpoint",
        "EndpointError",
        "Partition",
        "Property",
        "Url",
    ];
    let types = types
        .iter()
        .filter(|name| uses(name))
        .map(|name| format_ident!("{name}"));
    // The module's name is also a common name of variables: it counts only before `::`.
    let module = items.iter().any(names_module).then(|| quote!(self,));
    quote!(use tinsmith_core::endpoint::{#module #(#types),*};)
}

/// Whether the identifier `name` occurs in `tokens`.
fn mentions(tokens: &TokenStream, name: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// Whether `endpoint::` occurs in `tokens`.
fn names_module(tokens: &TokenStream) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let is_path = tokens.windows(2).any(|pair| {
        matches!(pair, [TokenTree::Ident(ident), TokenTree::Punct(punct)]
            if ident == "endpoint" && punct.as_char() == ':')
    });
    is_path
        || tokens.iter().any(|token| match token {
            TokenTree::Group(group) => names_module(&group.stream()),
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
}
