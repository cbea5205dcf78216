//! The modelled errors of a service: `src/error.rs`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir::{ErrorShape, Fault};
use crate::output::render::RustFile;
use crate::text;

use super::context::Context;
use super::{codec, deprecated, ident, structure};

/// All error shapes in one file.
pub(super) fn file(cx: &Context<'_>) -> RustFile {
    let service = cx.service;
    RustFile {
        path: "src/error.rs".to_owned(),
        attributes: Vec::new(),
        docs: vec![format!(
            "The errors that {} models.",
            text::markdown(&service.title)
        )],
        items: service
            .errors
            .iter()
            .flat_map(|error| items(error, cx))
            .collect(),
    }
}

fn items(error: &ErrorShape, cx: &Context<'_>) -> Vec<TokenStream> {
    if error.is_message_only {
        return vec![message_error(error, cx)];
    }
    let mut items = vec![structure::definition(&error.structure, cx, fallback(error))];
    let name = ident(&error.structure.name);
    items.extend(structure::default_impl(&error.structure, cx));
    let blank = structure::blank(&error.structure, cx);
    items.extend(blank.map(|blank| quote!(impl #name { #blank })));
    items.push(shape(error));
    items.push(quote!(tinsmith_core::error_shape!(#name);));
    items
}

fn fallback(error: &ErrorShape) -> String {
    format!("`{}` of the model.", error.structure.name)
}

/// An error that is no more than a message and differs from the others of its kind in constants.
fn message_error(error: &ErrorShape, cx: &Context<'_>) -> TokenStream {
    let name = &error.structure.name;
    let docs = cx.docs_or(&error.structure.docs, fallback(error));
    let deprecated = deprecated(error.structure.deprecated.as_ref());
    let name = ident(name);
    let (fault, code, status) = facts(error);
    quote! {
        tinsmith_core::message_error! {
            #docs
            #deprecated
            pub struct #name = #fault(#code, #status);
        }
    }
}

fn shape(error: &ErrorShape) -> TokenStream {
    let name = ident(&error.structure.name);
    let info = info(error);
    let read = codec::read_structure(&error.structure, &quote!(Self));
    let message = match &error.message {
        None => quote!(None),
        Some(step) => {
            let field = ident(&step.field);
            if step.optional {
                quote!(self.#field.as_deref())
            } else {
                quote!(Some(&self.#field))
            }
        }
    };
    quote! {
        impl ErrorShape for #name {
            fn info(&self) -> Option<&'static ErrorInfo> {
                Some(&const { #info })
            }

            fn message(&self) -> Option<&str> {
                #message
            }

            fn read(r: &mut Reader<'_>) -> Result<Self, ReadError> {
                #read
            }
        }
    }
}

fn info(error: &ErrorShape) -> TokenStream {
    let (fault, code, status) = facts(error);
    let retryable = error.retryable.map(|retryable| match retryable.throttling {
        true => quote!(.retryable(Retryable::THROTTLING)),
        false => quote!(.retryable(Retryable::TRANSIENT)),
    });
    quote!(ErrorInfo::#fault(#code, #status)#retryable)
}

/// Whose fault, name on the wire and status.
fn facts(error: &ErrorShape) -> (TokenStream, &str, Literal) {
    let fault = match error.fault {
        Fault::Client => quote!(client),
        Fault::Server => quote!(server),
    };
    (
        fault,
        &error.wire_name,
        Literal::u16_unsuffixed(error.status),
    )
}
