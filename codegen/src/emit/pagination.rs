//! Walking pages: the client's method and what the runtime's `Pages` needs.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Operation, Pagination, PathStep, Type};

use super::{docs, ident, types};

/// The client's method that begins a walk.
pub(super) fn method(operation: &Operation) -> Option<TokenStream> {
    let name = ident(&operation.pagination.as_ref()?.method);
    let request = ident(&operation.input.name);
    let docs = docs(&[format!(
        "Calls {} and returns every page of the result.",
        operation.wire_name
    )]);
    Some(quote! {
        #docs
        pub fn #name(&self, request: #request) -> Pages<#request> {
            Pages::new(self.inner.clone(), request)
        }
    })
}

/// `Paginated` and, where the model names the items, `PaginatedItems`.
pub(super) fn items(operation: &Operation) -> Vec<TokenStream> {
    let Some(pagination) = &operation.pagination else {
        return Vec::new();
    };
    let mut items = vec![paginated(operation, pagination)];
    if let Some((path, ty)) = &pagination.items {
        items.extend(paginated_items(operation, pagination, path, ty));
    }
    items
}

fn paginated(operation: &Operation, pagination: &Pagination) -> TokenStream {
    let request = ident(&operation.input.name);
    let response = ident(&operation.output.name);
    let token = types::rust(&pagination.token);
    let field = ident(&pagination.input_token);
    let value = if pagination.input_token_optional {
        quote!(Some(token))
    } else {
        quote!(token)
    };
    let path = reference(&pagination.output_token);
    // An empty token means the same as none.
    let (is_secret, plain) = match &pagination.output_type {
        Type::Sensitive(inner) => (true, &**inner),
        other => (false, other),
    };
    let filter = match plain {
        Type::String | Type::List { .. } | Type::Map { .. } => {
            quote!(.filter(|token| !token.is_empty()))
        }
        Type::Enum(_) => quote!(.filter(|token| !token.as_str().is_empty())),
        _ => TokenStream::new(),
    };
    let convert = match (is_secret, matches!(pagination.token, Type::Sensitive(_))) {
        (false, true) => quote!(.map(Sensitive::new)),
        (true, false) => quote!(.map(Sensitive::into_inner)),
        (true, true) | (false, false) => TokenStream::new(),
    };
    quote! {
        impl Paginated for #request {
            type Token = #token;

            fn set_token(&mut self, token: #token) {
                self.#field = #value;
            }

            fn next_token(output: &#response) -> Option<#token> {
                #path #filter.cloned() #convert
            }
        }
    }
}

/// An `Option` of a reference to what the path leads to.
fn reference(path: &[PathStep]) -> TokenStream {
    let mut steps = path.iter();
    let Some(first) = steps.next() else {
        return quote!(None);
    };
    let field = ident(&first.field);
    let mut expression = if first.optional {
        quote!(output.#field.as_ref())
    } else {
        quote!(Some(&output.#field))
    };
    for step in steps {
        let field = ident(&step.field);
        expression = if step.optional {
            quote!(#expression.and_then(|inner| inner.#field.as_ref()))
        } else {
            quote!(#expression.map(|inner| &inner.#field))
        };
    }
    expression
}

fn paginated_items(
    operation: &Operation,
    pagination: &Pagination,
    path: &[PathStep],
    ty: &Type,
) -> Option<TokenStream> {
    let request = ident(&operation.input.name);
    let response = ident(&operation.output.name);
    let (item, collect) = match ty {
        Type::List {
            item,
            sparse: false,
        } => (types::rust(item), TokenStream::new()),
        Type::Map {
            key,
            value,
            sparse: false,
        } => {
            let (key, value) = (types::rust(key), types::rust(value));
            (quote!((#key, #value)), quote!(.into_iter().collect()))
        }
        _ => return None,
    };
    let taken = if pagination.copies_items {
        let items = reference(path);
        quote!(#items.cloned().unwrap_or_default())
    } else {
        moved(path)?
    };
    Some(quote! {
        impl PaginatedItems for #request {
            type Item = #item;

            fn into_items(output: #response) -> Vec<#item> {
                #taken #collect
            }
        }
    })
}

/// The value at the path, moved out of the output; empty if it is absent.
fn moved(path: &[PathStep]) -> Option<TokenStream> {
    let mut steps = path.iter();
    let first = ident(&steps.next()?.field);
    let mut value = quote!(output.#first);
    let mut optional = path.first()?.optional;
    for step in steps {
        let field = ident(&step.field);
        value = match (optional, step.optional) {
            (true, true) => quote!(#value.and_then(|inner| inner.#field)),
            (true, false) => quote!(#value.map(|inner| inner.#field)),
            (false, _) => quote!(#value.#field),
        };
        optional |= step.optional;
    }
    Some(if optional {
        quote!(#value.unwrap_or_default())
    } else {
        value
    })
}
