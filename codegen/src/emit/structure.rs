//! Structures: the type, its constructor and setters, and for shared ones the wire code.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Constructor, Field, Presence, Structure, TypeIndex};

use super::context::Context;
use super::{codec, constraints, deprecated, docs, event_stream, ident, types, values};

/// A shared structure, whole.
pub(super) fn shared(structure: &Structure, cx: &Context<'_>) -> Vec<TokenStream> {
    let mut items = vec![definition(
        structure,
        cx,
        format!("`{}` of the model.", structure.name),
    )];
    items.extend(default_impl(structure, cx));
    items.extend(methods(structure));
    items.extend(wire(structure, cx));
    items.extend(wipe(structure));
    items
}

/// `pub struct`, with the documentation `fallback` where the model has none.
pub(super) fn definition(structure: &Structure, cx: &Context<'_>, fallback: String) -> TokenStream {
    let name = ident(&structure.name);
    let docs = cx.docs_or(&structure.docs, fallback);
    let deprecated = deprecated(structure.deprecated.as_ref());
    let default = (structure.constructor == Constructor::DeriveDefault).then(|| quote!(Default,));
    let fields = structure.fields.iter().map(|member| field(member, cx));
    let stream = structure.event_stream.iter();
    let stream = stream.map(|member| event_stream::field(member, cx));
    // A stream can be neither copied nor compared.
    let derives = match structure.event_stream {
        None => quote!(Clone, Debug, #default PartialEq),
        Some(_) => quote!(Debug, #default),
    };
    quote! {
        #docs
        #deprecated
        #[derive(#derives)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields,)*
            #(#stream,)*
        }
    }
}

fn field(field: &Field, cx: &Context<'_>) -> TokenStream {
    let constrained = (&field.ty, &field.constraints);
    let mut lines = cx.member_lines(&field.docs, &field.wire_name, constrained);
    if field.idempotency_token {
        let text = "Left out, it is filled with a random UUID.";
        constraints::paragraph(&mut lines, text.to_owned());
    }
    let docs = docs(&lines);
    let deprecated = deprecated(field.deprecated.as_ref());
    let name = ident(&field.name);
    let ty = types::field(field);
    quote!(#docs #deprecated pub #name: #ty)
}

/// `Default` written out, where a field starts with a value that is not its type's.
pub(super) fn default_impl(structure: &Structure, cx: &Context<'_>) -> Option<TokenStream> {
    if structure.constructor != Constructor::ImplDefault {
        return None;
    }
    let name = ident(&structure.name);
    let fields = initial_fields(structure, cx);
    Some(quote! {
        impl Default for #name {
            fn default() -> Self {
                Self { #(#fields,)* }
            }
        }
    })
}

fn initial_fields(structure: &Structure, cx: &Context<'_>) -> Vec<TokenStream> {
    let field = |field: &Field| {
        let name = ident(&field.name);
        let value = values::initial(field, &cx.types);
        quote!(#name: #value)
    };
    let stream = structure
        .event_stream
        .iter()
        .map(event_stream::initial_field);
    structure.fields.iter().map(field).chain(stream).collect()
}

/// `new` and the setters, for what callers make.
pub(super) fn methods(structure: &Structure) -> Option<TokenStream> {
    if !structure.has_new() {
        return None;
    }
    let name = ident(&structure.name);
    let constructor = constructor(structure);
    let setters = structure
        .fields
        .iter()
        .filter(|_| structure.usage.request)
        .filter_map(setter);
    Some(quote! {
        impl #name {
            #constructor
            #(#setters)*
        }
    })
}

fn constructor(structure: &Structure) -> TokenStream {
    if structure.constructor != Constructor::New {
        let docs = docs(&["Makes one with nothing set.".to_owned()]);
        return quote! {
            #docs
            pub fn new() -> Self {
                Self::default()
            }
        };
    }
    let docs = docs(&["Makes one with the required members.".to_owned()]);
    let mut arguments = Vec::new();
    let mut fields = Vec::new();
    for field in &structure.fields {
        let name = ident(&field.name);
        match &field.presence {
            Presence::Required => {
                let (ty, value) = types::argument(&field.ty, &quote!(#name));
                arguments.push(quote!(#name: #ty));
                // `key_id: key_id` is written short.
                let plain = name == value.to_string().as_str();
                fields.push(if plain {
                    quote!(#name)
                } else {
                    quote!(#name: #value)
                });
            }
            Presence::Optional => fields.push(quote!(#name: None)),
            Presence::Default(_) => {
                let value = values::initial(field, &TypeIndex::new());
                fields.push(quote!(#name: #value));
            }
        }
    }
    let stream = structure.event_stream.iter();
    fields.extend(stream.map(event_stream::initial_field));
    quote! {
        #docs
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#fields,)* }
        }
    }
}

fn setter(field: &Field) -> Option<TokenStream> {
    let name = ident(&field.name);
    let (ty, value) = match &field.presence {
        Presence::Required => return None,
        Presence::Optional => types::optional_argument(&field.ty),
        Presence::Default(_) => types::argument(&field.ty, &quote!(value)),
    };
    let docs = docs(&[format!("Sets `{}`.", field.wire_name)]);
    let deprecated = deprecated(field.deprecated.as_ref());
    Some(quote! {
        #docs
        #deprecated
        pub fn #name(mut self, value: #ty) -> Self {
            self.#name = #value;
            self
        }
    })
}

/// `blank`, `write` and `read`, as far as the structure travels.
pub(super) fn wire(structure: &Structure, cx: &Context<'_>) -> Option<TokenStream> {
    let name = ident(&structure.name);
    let write = structure.usage.request.then(|| {
        let body = codec::write_structure(structure);
        quote! {
            pub(crate) fn write(&self, w: &mut Writer) {
                #body
            }
        }
    });
    let read = structure.usage.response.then(|| {
        let body = codec::read_structure(structure, &quote!(Self));
        quote! {
            pub(crate) fn read(r: &mut Reader<'_>) -> Result<Self, ReadError> {
                #body
            }
        }
    });
    let blank = blank(structure, cx);
    if write.is_none() && read.is_none() {
        return None;
    }
    Some(quote! {
        impl #name {
            #blank
            #write
            #read
        }
    })
}

/// What reading starts from, where there is no `Default`.
pub(super) fn blank(structure: &Structure, cx: &Context<'_>) -> Option<TokenStream> {
    if structure.constructor != Constructor::New || !structure.usage.response {
        return None;
    }
    let fields = initial_fields(structure, cx);
    Some(quote! {
        pub(crate) fn blank() -> Self {
            Self { #(#fields,)* }
        }
    })
}

fn wipe(structure: &Structure) -> Option<TokenStream> {
    if !structure.wipe {
        return None;
    }
    let name = ident(&structure.name);
    let fields = structure.fields.iter().map(|field| {
        let name = ident(&field.name);
        quote!(self.#name.wipe();)
    });
    Some(quote! {
        impl Wipe for #name {
            fn wipe(&mut self) {
                #(#fields)*
            }
        }
    })
}
