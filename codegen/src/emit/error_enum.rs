//! The closed enum of the errors of an operation or a stream.

use proc_macro2::TokenStream;
use quote::quote;

use crate::docs::first_sentence;
use crate::ir::{Block, ErrorVariant, OperationError, Run};
use crate::output::rustdoc;

use super::WIDTH;
use super::context::Context;
use super::{docs, ident};

/// The enum, with `summary` above it, and what all of them have in common.
pub(super) fn items(error: &OperationError, summary: String, cx: &Context<'_>) -> Vec<TokenStream> {
    let name = ident(&error.name);
    let variants = error.variants.iter().map(|variant| {
        let docs = variant_docs(variant, cx);
        let name = ident(&variant.variant);
        let shape = ident(&variant.type_name);
        quote!(#docs #name(error::#shape))
    });
    let wire = error.variants.iter().map(|variant| {
        let name = ident(&variant.variant);
        let wire = &variant.wire_name;
        let retryable = variant
            .retryable
            .map(|retryable| match retryable.throttling {
                true => quote!(#[retryable(THROTTLING)]),
                false => quote!(#[retryable(TRANSIENT)]),
            });
        quote!(#retryable #name = #wire)
    });
    let summary = docs(&[summary]);
    let unhandled = "An error that the model does not list, such as a throttled or denied request.";
    let unhandled = docs(&[unhandled.to_owned()]);
    vec![
        quote! {
            #summary
            #[derive(Clone, PartialEq)]
            pub enum #name {
                #(#variants,)*
                #unhandled
                Unhandled(Unhandled),
            }
        },
        quote!(tinsmith_core::operation_error! { #name: #(#wire),* }),
    ]
}

/// The documentation of a variant: that of its error, unless a stream names the error differently.
fn variant_docs(variant: &ErrorVariant, cx: &Context<'_>) -> TokenStream {
    let name = variant.type_name.as_str();
    let shape = cx.errors.get(name);
    let is_usual = shape.is_some_and(|shape| shape.wire_name == variant.wire_name);
    match cx.variant_docs.get(name).filter(|_| is_usual) {
        Some(known) => docs(known.get_or_init(|| lines(variant, cx))),
        None => docs(&lines(variant, cx)),
    }
}

/// When an error occurs, its status, whether it is retried, and its name on the wire.
fn lines(variant: &ErrorVariant, cx: &Context<'_>) -> Vec<String> {
    let shape = cx.errors.get(variant.type_name.as_str());
    let summary = shape.map(|shape| first_sentence(&shape.structure.docs));
    let mut text = summary.unwrap_or_default();
    if let Some(last) = text.last() {
        let is_ended = last.text.ends_with(['.', '!', '?', ':']);
        text.push(Run::plain(if is_ended { " " } else { ". " }));
    }
    let retried = if variant.is_retried { "retried, " } else { "" };
    text.extend([
        Run::plain(format!("HTTP {}, {retried}", variant.status)),
        Run::code(&variant.wire_name),
        Run::plain("."),
    ]);
    // The variant's type is linked anyway.
    let path = |name: &str| cx.path(name).filter(|_| name != variant.wire_name);
    rustdoc::lines(&[Block::Paragraph(text)], &path, WIDTH)
}
