//! The modeled errors of a service: `src/error.rs`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir::{ErrorShape, Fault, Service};
use crate::output::render::RustFile;
use crate::text;

use super::context::Context;
use super::{codec, ident, structure};

/// All error shapes in one file.
pub(super) fn file(cx: &Context<'_>) -> RustFile {
    let service = cx.service;
    let errors = service.errors.iter();
    let mut items: Vec<_> = errors.flat_map(|error| items(error, cx)).collect();
    items.extend(messages(service));
    RustFile {
        path: "src/error.rs".to_owned(),
        attributes: Vec::new(),
        docs: vec![format!(
            "The modeled errors of {}.",
            text::markdown(&service.title)
        )],
        items,
    }
}

/// The traits of the errors that have only a message.
fn messages(service: &Service) -> Option<TokenStream> {
    let errors = service.errors.iter().filter(|error| error.is_message_only);
    let errors: Vec<_> = errors
        .map(|error| {
            let name = ident(&error.structure.name);
            let (fault, code, status) = facts(error);
            let code = (name != code).then_some(code);
            quote!(#name = #fault #status #code)
        })
        .collect();
    (!errors.is_empty()).then(|| quote!(tinsmith_core::message_errors! { #(#errors),* }))
}

fn items(error: &ErrorShape, cx: &Context<'_>) -> Vec<TokenStream> {
    let structure = &error.structure;
    let name = ident(&structure.name);
    let fallback = format!("The shape `{}`.", structure.name);
    let mut items = vec![structure::definition(structure, cx, fallback)];
    if error.is_message_only {
        return items;
    }
    items.extend(structure::default_impl(structure, cx));
    items.extend(structure::functions(
        structure,
        [structure::zeroed(structure, cx)],
    ));
    items.push(shape(error));
    items.push(quote!(tinsmith_core::error_shape!(#name);));
    items
}

fn shape(error: &ErrorShape) -> TokenStream {
    let name = ident(&error.structure.name);
    let info = info(error);
    let read = codec::read_body(
        &error.structure,
        &quote!(Self),
        &quote!(error.response.body),
    );
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
        impl ModeledError for #name {
            fn info(&self) -> Option<&'static ErrorInfo> {
                Some(&const { #info })
            }

            fn message(&self) -> Option<&str> {
                #message
            }

            fn read(error: ErrorParts<'_>) -> Result<Self, ReadError> {
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

/// Fault, name on the wire and status.
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
