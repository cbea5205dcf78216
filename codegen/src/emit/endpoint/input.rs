//! Parameters of the rules that a request adds.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::{expression, ident};
use crate::ir::{EndpointValue, Operation, Type, endpoint};

/// The variant of the runtime's `EndpointInput`.
pub(super) fn kind(ty: endpoint::Type) -> TokenStream {
    match ty {
        endpoint::Type::Boolean => quote!(Boolean),
        endpoint::Type::Strings => quote!(Strings),
        _ => quote!(String),
    }
}

/// What the request adds to the parameters of the endpoint's rules.
pub(in crate::emit) fn inputs(operation: &Operation) -> Option<TokenStream> {
    if operation.endpoint_inputs.is_empty() {
        return None;
    }
    let (mut given, mut optional) = (Vec::new(), Vec::new());
    for input in &operation.endpoint_inputs {
        let name = &input.parameter;
        let kind = kind(input.ty);
        let pair = |value: TokenStream| quote!((#name, EndpointInput::#kind(#value)));
        match &input.value {
            EndpointValue::Fixed(value) => given.push(pair(expression::exact(value))),
            EndpointValue::Field(step, ty) if step.optional => {
                let field = ident(&step.field);
                let pair = pair(bound(&quote!(value), 1, ty));
                optional.push(quote!(if let Some(value) = &self.#field { inputs.push(#pair); }));
            }
            EndpointValue::Field(step, ty) => {
                let field = ident(&step.field);
                given.push(pair(bound(&quote!(self.#field), 0, ty)));
            }
        }
    }
    // An array, since a macro's arguments are not laid out.
    let given = if given.is_empty() {
        quote!(Vec::new())
    } else {
        quote!(Vec::from([#(#given),*]))
    };
    let body = if optional.is_empty() {
        given
    } else {
        quote!(let mut inputs = #given; #(#optional)* inputs)
    };
    Some(quote! {
        fn endpoint_inputs(&self) -> Vec<(&'static str, EndpointInput)> {
            #body
        }
    })
}

/// The value of a member, which is behind as many references.
fn bound(place: &TokenStream, references: usize, ty: &Type) -> TokenStream {
    match ty {
        Type::Sensitive(inner) => bound(place, references + 1, inner),
        Type::Boolean => {
            let stars = (0..references).map(|_| quote!(*));
            quote!(#(#stars)* #place)
        }
        Type::List { item, sparse } => match (&**item, sparse) {
            (Type::String, false) => quote!(#place.to_vec()),
            (_, false) => quote!(#place.iter().map(|item| item.to_string()).collect()),
            (_, true) => quote!(#place.iter().flatten().map(|item| item.to_string()).collect()),
        },
        _ => quote!(#place.to_string()),
    }
}
