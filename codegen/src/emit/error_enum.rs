//! The closed enum of the errors of an operation or a stream.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::OperationError;

use super::{docs, ident};

/// The error enum, in the form from which the runtime makes what all of them have in common.
pub(super) fn definition(error: &OperationError, summary: String) -> TokenStream {
    let name = ident(&error.name);
    let variants = error.variants.iter().map(|variant| {
        let wire = &variant.wire_name;
        let name = ident(&variant.variant);
        let shape = ident(&variant.type_name);
        let retryable = variant
            .retryable
            .map(|retryable| match retryable.throttling {
                true => quote!(#[retryable(THROTTLING)]),
                false => quote!(#[retryable(TRANSIENT)]),
            });
        quote!(#retryable #name(error::#shape) = #wire,)
    });
    let summary = docs(&[summary]);
    quote! {
        tinsmith_core::operation_error! {
            #summary
            pub enum #name {
                #(#variants)*
            }
        }
    }
}
