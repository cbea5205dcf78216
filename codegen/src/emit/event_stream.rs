//! Streams of events: an enum of the events, another of the errors that end the stream, and how an
//! event is read from its message.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Binding, Event, EventStream, EventStreamField, Field, Presence, Type};

use super::context::Context;
use super::union::{open_enum, open_variant};
use super::{deprecated, docs, error_enum, ident, types, values};

/// A stream, whole.
pub(super) fn items(stream: &EventStream, cx: &Context<'_>) -> Vec<TokenStream> {
    let summary = format!("Errors that end a stream of [`{}`].", stream.name);
    let mut items = vec![definition(stream, cx)];
    items.extend(error_enum::items(&stream.error, summary, cx));
    items.push(implementation(stream, cx));
    items
}

fn definition(stream: &EventStream, cx: &Context<'_>) -> TokenStream {
    let variants = stream.events.iter().map(|event| {
        let docs = cx.docs_or(&event.docs, format!("The member `{}`.", event.member));
        open_variant(&event.name, &docs, event.deprecated.as_ref(), &event.ty)
    });
    let documentation = cx.docs_or(&stream.docs, format!("The shape `{}`.", stream.name));
    let deprecated = deprecated(stream.deprecated.as_ref());
    let unknown = docs(&["An event that this version of the crate does not know.".into()]);
    let unknown = quote!(#unknown Unknown(event_stream::UnknownEvent));
    open_enum(
        &stream.name,
        &quote!(#documentation #deprecated),
        variants,
        &unknown,
    )
}

fn implementation(stream: &EventStream, cx: &Context<'_>) -> TokenStream {
    let name = ident(&stream.name);
    let error = ident(&stream.error.name);
    let arms = stream.events.iter().map(|event| {
        let key = &event.member;
        let name = ident(&event.name);
        match &event.ty {
            Type::Unit => quote!(#key => Self::#name,),
            ty => {
                let value = value(event, ty, cx);
                quote!(#key => Self::#name(#value),)
            }
        }
    });
    let unknown = quote!(Self::Unknown(event_stream::UnknownEvent::new(name, m)));
    let event = if stream.events.is_empty() {
        unknown
    } else {
        quote!(match name {
            #(#arms)*
            _ => #unknown,
        })
    };
    quote! {
        impl event_stream::Event for #name {
            type Error = #error;

            fn read(
                name: &str,
                m: &event_stream::Message,
            ) -> Result<Self, event_stream::EventError> {
                Ok(#event)
            }
        }
    }
}

/// The expression that reads an event's structure.
fn value(event: &Event, ty: &Type, cx: &Context<'_>) -> TokenStream {
    if let Type::Sensitive(inner) = ty {
        let inner = value(event, inner, cx);
        return quote!(Sensitive::new(#inner));
    }
    let ty = types::rust(ty);
    if event.bound.is_empty() {
        return quote!(m.json(#ty::read)?);
    }
    if event.document {
        let bindings = event.bound.iter().map(overwrite);
        return quote!({
            let mut out = m.json(#ty::read)?;
            #(#bindings)*
            out
        });
    }
    let bindings = event.bound.iter().map(|field| {
        let name = ident(&field.name);
        let value = bound(field, cx);
        quote!(#name: #value)
    });
    quote!(#ty { #(#bindings,)* })
}

/// The statement that reads a member from its header into `out`.
fn overwrite(field: &Field) -> TokenStream {
    let name = ident(&field.name);
    let value = header(&field.ty, &field.wire);
    match field.presence {
        Presence::Optional => quote!(out.#name = #value;),
        Presence::Required | Presence::Default(_) => quote! {
            if let Some(value) = #value {
                out.#name = value;
            }
        },
    }
}

/// The value of a member that is a header or the payload.
fn bound(field: &Field, cx: &Context<'_>) -> TokenStream {
    match field.binding {
        Binding::Header => {
            let value = header(&field.ty, &field.wire);
            match field.presence {
                Presence::Optional => value,
                Presence::Required => quote!(#value.unwrap_or_default()),
                Presence::Default(_) => {
                    let initial = values::initial(field, &cx.types);
                    quote!(#value.unwrap_or(#initial))
                }
            }
        }
        // Lowering lets none be part of a document.
        Binding::Payload | Binding::Body => {
            let value = payload(&field.ty);
            match field.presence {
                Presence::Optional => quote!(Some(#value)),
                Presence::Required | Presence::Default(_) => value,
            }
        }
    }
}

/// The expression of an `Option` that reads a header.
fn header(ty: &Type, key: &str) -> TokenStream {
    match ty {
        Type::Boolean => quote!(m.boolean(#key)?),
        Type::Byte => quote!(m.byte(#key)?),
        Type::Short => quote!(m.short(#key)?),
        Type::Integer => quote!(m.integer(#key)?),
        Type::Long => quote!(m.long(#key)?),
        Type::Blob => quote!(m.blob(#key)?),
        Type::Timestamp(_) => quote!(m.timestamp(#key)?),
        Type::String => quote!(m.string(#key)?.map(str::to_owned)),
        Type::Enum(name) => {
            let name = ident(name);
            quote!(m.string(#key)?.map(#name::from))
        }
        Type::IntEnum(name) => {
            let name = ident(name);
            quote!(m.integer(#key)?.map(#name::from))
        }
        Type::Boxed(inner) => {
            let inner = header(inner, key);
            quote!(#inner.map(Box::new))
        }
        Type::Sensitive(inner) => {
            let inner = header(inner, key);
            quote!(#inner.map(Sensitive::new))
        }
        // Lowering lets none of these be a header.
        Type::Float
        | Type::Double
        | Type::BigInteger
        | Type::BigDecimal
        | Type::Document
        | Type::Unit
        | Type::Structure(_)
        | Type::Union(_)
        | Type::List { .. }
        | Type::Map { .. } => quote!(None),
    }
}

/// The expression that reads the payload.
fn payload(ty: &Type) -> TokenStream {
    match ty {
        Type::Blob => quote!(m.payload().to_vec()),
        Type::String => quote!(m.text()?.to_owned()),
        Type::Enum(name) => {
            let name = ident(name);
            quote!(#name::from(m.text()?))
        }
        Type::Structure(name) | Type::Union(name) => {
            let name = ident(name);
            quote!(m.json(#name::read)?)
        }
        Type::Boxed(inner) => {
            let inner = payload(inner);
            quote!(Box::new(#inner))
        }
        Type::Sensitive(inner) => {
            let inner = payload(inner);
            quote!(Sensitive::new(#inner))
        }
        // Lowering lets none of these be the payload.
        Type::Boolean
        | Type::Byte
        | Type::Short
        | Type::Integer
        | Type::Long
        | Type::Float
        | Type::Double
        | Type::BigInteger
        | Type::BigDecimal
        | Type::Timestamp(_)
        | Type::Document
        | Type::Unit
        | Type::IntEnum(_)
        | Type::List { .. }
        | Type::Map { .. } => quote!(Default::default()),
    }
}

/// The field of a response.
pub(super) fn field(field: &EventStreamField, cx: &Context<'_>) -> TokenStream {
    let docs = cx.docs_or(&field.docs, "The events.".to_owned());
    let deprecated = deprecated(field.deprecated.as_ref());
    let name = ident(&field.name);
    let stream = ident(&field.stream);
    quote!(#docs #deprecated pub #name: event_stream::EventStream<#stream>)
}

/// The initial value of that field.
pub(super) fn initial_field(field: &EventStreamField) -> TokenStream {
    let name = ident(&field.name);
    quote!(#name: event_stream::EventStream::default())
}

/// The method of `Operation` that fills the field.
pub(super) fn attach(field: &EventStreamField, response: &str) -> TokenStream {
    let name = ident(&field.name);
    let response = ident(response);
    quote! {
        fn attach_events(output: &mut #response, messages: event_stream::Messages) {
            output.#name = event_stream::EventStream::new(messages);
        }
    }
}
