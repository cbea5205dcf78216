//! Structures: the type, its constructor and setters, and for shared ones the wire code.

use proc_macro2::TokenStream;
use quote::quote;

use crate::docs::first_sentence;
use crate::ir::{Block, Constructor, Field, Presence, Run, Structure};

use super::context::{Context, linked};
use super::{codec, constraints, deprecated, docs, event_stream, ident, types, values};

/// A shared structure, whole.
pub(super) fn shared(structure: &Structure, cx: &Context<'_>) -> Vec<TokenStream> {
    let mut items = vec![definition(
        structure,
        cx,
        format!("The shape `{}`.", structure.name),
    )];
    items.extend(default_impl(structure, cx));
    let own = [methods(structure, cx), zeroed(structure, cx)];
    items.extend(functions(structure, own.into_iter().chain(wire(structure))));
    items.extend(wipe(structure));
    items
}

/// `pub struct`, with the documentation `fallback` where the model has none.
pub(super) fn definition(structure: &Structure, cx: &Context<'_>, fallback: String) -> TokenStream {
    definition_with(structure, cx, fallback, None)
}

/// The same with another attribute.
pub(super) fn definition_with(
    structure: &Structure,
    cx: &Context<'_>,
    fallback: String,
    attribute: Option<TokenStream>,
) -> TokenStream {
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
        #attribute
        #[non_exhaustive]
        pub struct #name {
            #(#fields,)*
            #(#stream,)*
        }
    }
}

fn field(field: &Field, cx: &Context<'_>) -> TokenStream {
    let constrained = (&field.ty, &field.constraints);
    let mut lines = cx.member_lines(&field.docs, &field.member, constrained);
    if field.idempotency_token {
        let text = "If it is left out, the client sends a random UUID.";
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

/// The inherent functions: those given, if there are any.
pub(super) fn functions(
    structure: &Structure,
    functions: impl IntoIterator<Item = Option<TokenStream>>,
) -> Option<TokenStream> {
    let name = ident(&structure.name);
    let mut functions = functions.into_iter().flatten().peekable();
    functions.peek()?;
    Some(quote!(impl #name { #(#functions)* }))
}

/// `new` and the setters, for what callers make.
pub(super) fn methods(structure: &Structure, cx: &Context<'_>) -> Option<TokenStream> {
    if !structure.has_new() {
        return None;
    }
    let constructor = constructor(structure, cx);
    let fields = structure.fields.iter();
    let setters = fields.filter(|_| structure.usage.written);
    let setters = setters.filter_map(|field| setter(field, cx));
    Some(quote!(#constructor #(#setters)*))
}

fn constructor(structure: &Structure, cx: &Context<'_>) -> TokenStream {
    if structure.constructor != Constructor::New {
        let docs = docs(&[format!("Creates an empty `{}`.", structure.name)]);
        return quote! {
            #docs
            pub fn new() -> Self {
                Self::default()
            }
        };
    }
    let docs = docs(&constructor_lines(structure, cx));
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
                let value = values::initial(field, &cx.types);
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

/// The documentation of `new`, with the first sentence of each argument.
fn constructor_lines(structure: &Structure, cx: &Context<'_>) -> Vec<String> {
    let a = article(&structure.name);
    let mut lines = vec![format!(
        "Creates {a} `{}` from its required members.",
        structure.name
    )];
    let fields = structure.fields.iter();
    for field in fields.filter(|field| field.presence == Presence::Required) {
        let mut text = vec![Run::code(linked(&field.name)), Run::plain(": ")];
        text.extend(first_sentence(&field.docs));
        lines.extend(cx.lines(&[Block::List {
            start: None,
            items: vec![vec![Block::Paragraph(text)]],
        }]));
    }
    lines
}

/// The indefinite article of a name.
fn article(name: &str) -> &'static str {
    let is_vowel = name.starts_with(['A', 'E', 'I', 'O', 'U']);
    let sounds_like_you = name.starts_with("Use") || name.starts_with("Uni");
    if is_vowel && !sounds_like_you {
        "an"
    } else {
        "a"
    }
}

fn setter(field: &Field, cx: &Context<'_>) -> Option<TokenStream> {
    let name = ident(&field.name);
    let (ty, value) = match &field.presence {
        Presence::Required => return None,
        Presence::Optional => types::optional_argument(&field.ty),
        Presence::Default(_) => types::argument(&field.ty, &quote!(value)),
    };
    let docs = cx.docs_or(
        &[Block::Paragraph(first_sentence(&field.docs))],
        format!("Sets `{}`.", field.member),
    );
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

/// `write` and `read`, as far as the structure travels.
fn wire(structure: &Structure) -> [Option<TokenStream>; 2] {
    let write = structure.usage.written.then(|| {
        let body = codec::write_structure(structure);
        quote! {
            pub(crate) fn write(&self, w: &mut Writer) {
                #body
            }
        }
    });
    let read = structure.usage.read.then(|| {
        let body = codec::read_structure(structure, &quote!(Self));
        quote! {
            pub(crate) fn read(r: &mut Reader<'_>) -> Result<Self, ReadError> {
                #body
            }
        }
    });
    [write, read]
}

/// The value that reading starts from, where there is no `Default`.
pub(super) fn zeroed(structure: &Structure, cx: &Context<'_>) -> Option<TokenStream> {
    if structure.constructor != Constructor::New || !structure.usage.read {
        return None;
    }
    let docs = docs(&["The value that reading starts from.".to_owned()]);
    let fields = initial_fields(structure, cx);
    Some(quote! {
        #docs
        pub(crate) fn zeroed() -> Self {
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
