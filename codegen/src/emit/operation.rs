//! One operation: `src/operation/<name>.rs`, the whole story from top to bottom.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Auth, HostPart, Operation, Service, Type};
use crate::output::render::RustFile;

use super::context::{Context, linked};
use super::{
    codec, deprecated, docs, endpoint, error_enum, event_stream, ident, method_docs, pagination,
    structure,
};

/// The file of one operation.
pub(super) fn file(operation: &Operation, cx: &Context<'_>) -> RustFile {
    let link = format!("[`Client::{}`]", linked(&operation.method));
    let (input, output) = (&operation.input, &operation.output);
    let must_use = quote!(#[must_use = "a request does nothing until it is sent"]);
    let input_docs = format!("Input of {link}.");
    let mut items = vec![
        method(operation, cx),
        structure::definition_with(input, cx, input_docs, Some(must_use)),
    ];
    items.extend(structure::default_impl(input, cx));
    items.extend(structure::functions(input, [structure::methods(input, cx)]));
    items.push(structure::definition(
        output,
        cx,
        format!("Output of {link}."),
    ));
    items.extend(structure::default_impl(output, cx));
    let functions = [
        structure::methods(output, cx),
        structure::zeroed(output, cx),
    ];
    items.extend(structure::functions(output, functions));
    let summary = format!("Errors returned by {link}.");
    items.extend(error_enum::items(&operation.error, summary, cx));
    items.push(implementation(operation, cx.service));
    items.extend(pagination::items(operation));
    RustFile {
        path: format!("src/operation/{}.rs", operation.module),
        attributes: Vec::new(),
        docs: Vec::new(),
        items,
    }
}

fn implementation(operation: &Operation, service: &Service) -> TokenStream {
    let request = ident(&operation.input.name);
    let response = ident(&operation.output.name);
    let error = ident(&operation.error.name);
    let info = info(operation, service);
    let write = codec::write_request(&operation.input);
    let read = codec::read_body(
        &operation.output,
        &quote!(#response),
        &quote!(response.body),
    );
    let tokens = tokens(operation);
    let host_prefix = host_prefix(operation);
    let own_endpoint = own_endpoint(operation);
    let endpoint_inputs = endpoint::inputs(operation);
    let stream = operation.output.event_stream.as_ref();
    let attach = stream.map(|field| event_stream::attach(field, &operation.output.name));
    quote! {
        impl Operation for #request {
            type Output = #response;
            type Error = #error;
            const INFO: &'static OperationInfo = &#info;

            fn write_request(&self, request: &mut RequestParts) {
                #write
            }

            fn read_response(response: ResponseParts<'_>) -> Result<Self::Output, ReadError> {
                #read
            }

            #attach
            #tokens
            #endpoint_inputs
            #host_prefix
            #own_endpoint
        }
    }
}

fn info(operation: &Operation, service: &Service) -> TokenStream {
    let name = &operation.wire_name;
    let sensitive = operation
        .sensitive_output
        .then(|| quote!(.sensitive_output()));
    let compression = operation.compression.then(|| quote!(.compression()));
    let checksum = operation.checksum.then(|| quote!(.checksum()));
    let auth = match operation.auth {
        Auth::SigV4 => None,
        Auth::Optional => Some(quote!(.optional_auth())),
        // Of a service that signs nothing, every operation is unsigned.
        Auth::None => service.signs().then(|| quote!(.unsigned())),
    };
    let payload = operation
        .unsigned_payload
        .then(|| quote!(.unsigned_payload()));
    let output = &operation.output;
    let stream = output.event_stream.as_ref().map(|_| {
        let initial = (!output.fields.is_empty()).then(|| quote!(.initial_response()));
        quote!(.event_stream() #initial)
    });
    quote! {
        SERVICE.operation(#name) #sensitive #compression #checksum #auth #payload #stream
    }
}

/// Smithy allows one token, but not every model keeps to it.
fn tokens(operation: &Operation) -> Option<TokenStream> {
    let fields = operation.input.fields.iter();
    let tokens = fields.filter(|field| field.idempotency_token);
    let fills = tokens.map(|token| {
        let field = ident(&token.name);
        let fill = match token.ty {
            Type::Sensitive(_) => quote!(|| token().into()),
            _ => quote!(token),
        };
        quote!(self.#field.get_or_insert_with(#fill);)
    });
    let fills: Vec<TokenStream> = fills.collect();
    (!fills.is_empty()).then(|| {
        quote! {
            fn fill_idempotency_token(&mut self, token: fn() -> String) {
                #(#fills)*
            }
        }
    })
}

fn host_prefix(operation: &Operation) -> Option<TokenStream> {
    let parts = operation.host_prefix.as_ref()?;
    let part = |part: &HostPart| match part {
        HostPart::Text(text) => quote!(#text),
        HostPart::Label {
            member,
            field,
            optional,
        } => {
            let field = ident(field);
            let value = if *optional {
                quote!(self.#field.as_ref().map_or("", |label| label.as_ref()))
            } else {
                quote!(self.#field.as_ref())
            };
            quote!(operation::host_label(#member, #value)?)
        }
    };
    let prefix = match parts.as_slice() {
        [HostPart::Text(text)] => quote!(#text.to_owned()),
        parts => {
            let parts = parts.iter().map(part);
            quote!([#(#parts),*].concat())
        }
    };
    Some(quote! {
        fn host_prefix(&self) -> Result<Option<String>, ConstructionError> {
            Ok(Some(#prefix))
        }
    })
}

fn own_endpoint(operation: &Operation) -> Option<TokenStream> {
    let step = operation.own_endpoint.as_ref()?;
    let field = ident(&step.field);
    let value = if step.optional {
        quote!(self.#field.as_deref())
    } else {
        quote!(Some(&self.#field))
    };
    Some(quote! {
        fn own_endpoint(&self) -> Option<&str> {
            #value
        }
    })
}

/// The client's method.
fn method(operation: &Operation, cx: &Context<'_>) -> TokenStream {
    let docs = docs(&method_docs::lines(operation, cx));
    let deprecated = deprecated(operation.deprecated.as_ref());
    let name = ident(&operation.method);
    let request = ident(&operation.input.name);
    let response = ident(&operation.output.name);
    let error = ident(&operation.error.name);
    let pages = pagination::method(operation);
    quote! {
        impl Client {
            #docs
            #deprecated
            pub async fn #name(&self, request: #request) -> Result<#response, Error<#error>> {
                Ok(self.send(request).await?.output)
            }

            #pages
        }
    }
}
