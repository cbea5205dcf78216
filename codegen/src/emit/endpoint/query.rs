//! The function that asks the rules for a client.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::{docs, expression, ident};
use crate::ir::endpoint::{BuiltIn, Parameter, Rules, Type};
use crate::ir::{EndpointInput, Service};

use super::input::kind;

/// From the settings of a client and an operation to the parameters of these rules.
pub(super) fn function(rules: &Rules, service: &Service) -> TokenStream {
    let built_in: Vec<_> = rules.parameters.iter().filter_map(built_in).collect();
    let mut operations = service.operations.iter();
    let inputs = operations
        .any(|operation| !operation.endpoint_inputs.is_empty())
        .then(|| inputs(rules, service));
    let mutable = inputs.as_ref().map(|_| quote!(mut));
    let rest = (built_in.len() < rules.parameters.len()).then(|| quote!(..Params::default()));
    let query = match built_in.is_empty() && inputs.is_none() {
        true => quote!(_),
        false => quote!(query),
    };
    let docs =
        docs(&["Resolves the endpoint from client settings and operation parameters.".to_owned()]);
    quote! {
        #docs
        pub(crate) fn rules(#query: &endpoint::EndpointQuery<'_>) -> Result<Endpoint, EndpointError> {
            let #mutable params = Params { #(#built_in,)* #rest };
            #inputs
            resolve(&params)
        }
    }
}

/// A parameter that the client's configuration supplies.
fn built_in(parameter: &Parameter) -> Option<TokenStream> {
    let field = ident(&parameter.field);
    let default = parameter.default.as_ref().map(expression::exact);
    let text = |name: TokenStream| match &default {
        Some(default) => quote!(#field: query.#name.map_or_else(|| #default, str::to_owned)),
        None => quote!(#field: query.#name.map(str::to_owned)),
    };
    let flag = |name: TokenStream| match &default {
        Some(_) => quote!(#field: query.#name),
        None => quote!(#field: Some(query.#name)),
    };
    match parameter.built_in.as_ref()? {
        BuiltIn::Region => Some(text(quote!(region))),
        BuiltIn::Endpoint => Some(text(quote!(endpoint))),
        BuiltIn::UseFips => Some(flag(quote!(use_fips))),
        BuiltIn::UseDualStack => Some(flag(quote!(use_dual_stack))),
        BuiltIn::AccountId | BuiltIn::AccountIdEndpointMode | BuiltIn::Other(_) => None,
    }
}

/// Parameters that operations of this crate add.
fn inputs(rules: &Rules, service: &Service) -> TokenStream {
    let is_used = |parameter: &&Parameter| {
        let of = |input: &EndpointInput| input.parameter == parameter.name;
        let mut operations = service.operations.iter();
        operations.any(|operation| operation.endpoint_inputs.iter().any(of))
    };
    let arms = rules.parameters.iter().filter(is_used).map(|parameter| {
        let name = &parameter.name;
        let field = ident(&parameter.field);
        let kind = kind(parameter.ty);
        let value = match parameter.ty {
            Type::Boolean => quote!(*value),
            _ => quote!(value.clone()),
        };
        let value = match parameter.is_option() {
            true => quote!(Some(#value)),
            false => value,
        };
        let pattern = quote!((#name, endpoint::EndpointInput::#kind(value)));
        (pattern, quote!(params.#field = #value))
    });
    let arms: Vec<_> = arms.collect();
    let body = if let [(pattern, assignment)] = arms.as_slice() {
        quote! {
            if let #pattern = (*name, input) {
                #assignment;
            }
        }
    } else {
        let (patterns, assignments): (Vec<_>, Vec<_>) = arms.into_iter().unzip();
        quote! {
            match (*name, input) {
                #(#patterns => #assignments,)*
                _ => {}
            }
        }
    };
    quote!(for (name, input) in query.inputs { #body })
}
