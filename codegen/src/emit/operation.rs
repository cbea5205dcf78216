//! One operation: `src/operation/<name>.rs`, the whole story from top to bottom.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{HostPart, Operation, OperationError, Service, TypeIndex};
use crate::render::RustFile;

use super::{codec, deprecated, docs, docs_or, ident, structure};

/// The file of one operation.
pub(super) fn file(operation: &Operation, service: &Service, index: &TypeIndex<'_>) -> RustFile {
    let mut items = vec![structure::definition(&operation.input)];
    items.extend(structure::default_impl(&operation.input, index));
    items.extend(structure::methods(&operation.input));
    items.push(structure::definition(&operation.output));
    items.extend(structure::default_impl(&operation.output, index));
    items.extend(structure::methods(&operation.output));
    items.push(error_definition(operation));
    items.push(implementation(operation, service));
    items.extend(blank(operation, index));
    items.push(error_implementation(&operation.error));
    let error = ident(&operation.error.name);
    items.push(quote!(tinsmith_runtime::operation_error!(#error);));
    RustFile {
        path: format!("src/operation/{}.rs", operation.input.module),
        docs: Vec::new(),
        items,
    }
}

fn blank(operation: &Operation, index: &TypeIndex<'_>) -> Option<TokenStream> {
    let blank = structure::blank(&operation.output, index)?;
    let name = ident(&operation.output.name);
    Some(quote!(impl #name { #blank }))
}

fn error_definition(operation: &Operation) -> TokenStream {
    let error = &operation.error;
    let name = ident(&error.name);
    let variants = error.variants.iter().map(|variant| {
        let name = ident(&variant.variant);
        let ty = ident(&variant.type_name);
        quote!(#name(#ty))
    });
    let summary = docs(&[format!("What {} may answer instead.", operation.wire_name)]);
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

fn implementation(operation: &Operation, service: &Service) -> TokenStream {
    let request = ident(&operation.input.name);
    let response = ident(&operation.output.name);
    let error = ident(&operation.error.name);
    let info = info(operation, service);
    let write = codec::write_structure(&operation.input);
    let read = codec::read_structure(&operation.output, &quote!(#response));
    let token = token(operation);
    let host_prefix = host_prefix(operation);
    quote! {
        impl Operation for #request {
            type Output = #response;
            type Error = #error;
            const INFO: &'static OperationInfo = &#info;

            fn write(&self, w: &mut Writer) {
                #write
            }

            fn read(r: &mut Reader<'_>) -> Result<#response, ReadError> {
                #read
            }

            #token
            #host_prefix
        }
    }
}

fn info(operation: &Operation, service: &Service) -> TokenStream {
    let target = format!("{}.{}", service.shape_name, operation.wire_name);
    let sensitive = operation
        .sensitive_output
        .then(|| quote!(.sensitive_output()));
    let compression = operation.compression.then(|| quote!(.compression()));
    let checksum = operation.checksum.then(|| quote!(.checksum()));
    let unsigned = operation.unsigned.then(|| quote!(.unsigned()));
    quote! {
        OperationInfo::new(&SERVICE, #target) #sensitive #compression #checksum #unsigned
    }
}

fn token(operation: &Operation) -> Option<TokenStream> {
    let token = operation.idempotency_token.as_ref()?;
    let field = ident(&token.field);
    let fill = if token.sensitive {
        quote!(|| token().into())
    } else {
        quote!(token)
    };
    Some(quote! {
        fn fill_idempotency_token(&mut self, token: fn() -> String) {
            self.#field.get_or_insert_with(#fill);
        }
    })
}

fn host_prefix(operation: &Operation) -> Option<TokenStream> {
    let parts = operation.host_prefix.as_ref()?;
    let mut format = String::new();
    let mut labels = Vec::new();
    for part in parts {
        match part {
            HostPart::Text(text) => format.push_str(&text.replace('{', "{{").replace('}', "}}")),
            HostPart::Label {
                wire_name,
                field,
                optional,
            } => {
                format.push_str("{}");
                let field = ident(field);
                let value = if *optional {
                    quote!(self.#field.as_deref().unwrap_or_default())
                } else {
                    quote!(&self.#field)
                };
                labels.push(quote!(host_label(#wire_name, #value)?));
            }
        }
    }
    let prefix = if labels.is_empty() {
        quote!(#format.to_owned())
    } else {
        quote!(format!(#format, #(#labels),*))
    };
    Some(quote! {
        fn host_prefix(&self) -> Result<Option<String>, ConstructionError> {
            Ok(Some(#prefix))
        }
    })
}

fn error_implementation(error: &OperationError) -> TokenStream {
    let name = ident(&error.name);
    let arms = error.variants.iter().map(|variant| {
        let wire = &variant.wire_name;
        let name = ident(&variant.variant);
        let ty = ident(&variant.type_name);
        quote!(#wire => #ty::read(r).map(Self::#name),)
    });
    let variants = error.variants.iter().map(|variant| ident(&variant.variant));
    // Without errors in the model there is nothing to match.
    let read = if error.variants.is_empty() {
        quote! {
            fn read(_: &str, _: &mut Reader<'_>) -> Result<Option<Self>, ReadError> {
                Ok(None)
            }
        }
    } else {
        quote! {
            fn read(name: &str, r: &mut Reader<'_>) -> Result<Option<Self>, ReadError> {
                match name {
                    #(#arms)*
                    _ => return Ok(None),
                }
                .map(Some)
            }
        }
    };
    quote! {
        impl OperationError for #name {
            #read

            fn shape(&self) -> &dyn ErrorShape {
                match self {
                    #(Self::#variants(error) => error,)*
                    Self::Unhandled(error) => error,
                }
            }
        }
    }
}

/// The documentation and attributes of the client's method.
pub(super) fn method_attributes(operation: &Operation) -> TokenStream {
    let docs = docs_or(&operation.docs, format!("Calls {}.", operation.wire_name));
    let deprecated = deprecated(operation.deprecated.as_ref());
    quote!(#docs #deprecated)
}
