//! The closed enum of the errors of an operation or a stream.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{OperationError, Retryable};

use super::{docs, ident};

/// The enum.
pub(super) fn definition(error: &OperationError, summary: String) -> TokenStream {
    let name = ident(&error.name);
    let variants = error.variants.iter().map(|variant| {
        let name = ident(&variant.variant);
        let ty = ident(&variant.type_name);
        quote!(#name(error::#ty))
    });
    let summary = docs(&[summary]);
    quote! {
        #summary
        #[derive(Clone, Debug, PartialEq)]
        #[expect(missing_docs, reason = "each variant's type is documented")]
        pub enum #name {
            #(#variants,)*
            Unhandled(Unhandled),
        }
    }
}

/// The table from which the runtime makes what all error enums have in common.
pub(super) fn table(error: &OperationError) -> TokenStream {
    let name = ident(&error.name);
    let rows = error.variants.iter().map(|variant| {
        let wire = &variant.wire_name;
        let name = ident(&variant.variant);
        let retryable = variant.retryable.map(|retryable| match retryable {
            Retryable::Transient => quote!(retryable TRANSIENT),
            Retryable::Throttling => quote!(retryable THROTTLING),
        });
        quote!(#wire => #name #retryable,)
    });
    quote!(tinsmith_runtime::operation_error! { #name, #(#rows)* })
}
