//! The wire code: how a value of a type is written and read.
//!
//! The emitted code speaks to the `Reader` and `Writer` of one codec of the runtime, which the
//! file's import names. Another codec with the same methods needs no change here.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Binding, Constructor, Field, Presence, Structure, TimestampFormat, Type};

use super::ident;

/// Where the value to be written stands.
enum Place<'a> {
    /// `self.name`.
    Field(&'a TokenStream),
    /// `v`, a reference.
    Reference,
}

impl Place<'_> {
    fn reference(&self) -> TokenStream {
        match self {
            Self::Field(field) => quote!(&self.#field),
            Self::Reference => quote!(v),
        }
    }

    /// The value of a `Copy` type behind `wrappers` smart pointers.
    fn value(&self, wrappers: usize) -> TokenStream {
        let stars = |count: usize| (0..count).map(|_| quote!(*));
        match self {
            Self::Field(field) => {
                let stars = stars(wrappers);
                quote!(#(#stars)* self.#field)
            }
            Self::Reference => {
                let stars = stars(wrappers + 1);
                quote!(#(#stars)* v)
            }
        }
    }

    /// The value as the receiver of a method.
    fn receiver(&self) -> TokenStream {
        match self {
            Self::Field(field) => quote!(self.#field),
            Self::Reference => quote!(v),
        }
    }
}

/// The statements that write a structure.
pub(super) fn write_structure(structure: &Structure) -> TokenStream {
    let members = document(structure).map(write_field);
    quote! {
        w.object();
        #(#members)*
        w.end_object();
    }
}

/// The statements that write the structure of a request.
pub(super) fn write_request(structure: &Structure) -> TokenStream {
    if document(structure).next().is_none() {
        return quote!(request.body = Writer::begin().end(););
    }
    let members = document(structure).map(write_field);
    quote! {
        let mut w = Writer::begin();
        #(#members)*
        request.body = w.end();
    }
}

/// The members that are part of the document.
fn document(structure: &Structure) -> impl Iterator<Item = &Field> {
    let fields = structure.fields.iter();
    fields.filter(|field| field.binding == Binding::Body)
}

fn write_field(field: &Field) -> TokenStream {
    let key = &field.wire;
    let name = ident(&field.name);
    if field.presence == Presence::Optional {
        let write = writer(&field.ty);
        return quote!(w.optional(#key, &self.#name, #write););
    }
    let write = write(
        &field.ty,
        &quote!(w.key(#key)),
        &Place::Field(&quote!(#name)),
        0,
    );
    quote!(#write;)
}

/// The expression that writes the value `v` of a union's member under `key`.
pub(super) fn write_variant(key: &str, ty: &Type) -> TokenStream {
    write(ty, &quote!(w.key(#key)), &Place::Reference, 0)
}

/// `wrappers` counts the `Box` and `Sensitive` around the value.
fn write(ty: &Type, w: &TokenStream, place: &Place<'_>, wrappers: usize) -> TokenStream {
    let copied = |method: TokenStream| {
        let value = place.value(wrappers);
        quote!(#w.#method(#value))
    };
    let borrowed = |method: TokenStream| {
        let value = place.reference();
        quote!(#w.#method(#value))
    };
    match ty {
        Type::Boolean
        | Type::Byte
        | Type::Short
        | Type::Integer
        | Type::Long
        | Type::Float
        | Type::Double => copied(method(ty)),
        Type::Timestamp(_)
        | Type::BigInteger
        | Type::BigDecimal
        | Type::String
        | Type::Blob
        | Type::Document => borrowed(method(ty)),
        Type::Unit => quote!(#w.empty_object()),
        Type::Enum(_) => borrowed(quote!(string)),
        Type::IntEnum(_) => {
            let value = place.receiver();
            quote!(#w.integer(#value.as_i32()))
        }
        Type::Structure(_) | Type::Union(_) => {
            let value = place.receiver();
            quote!(#value.write(#w))
        }
        Type::List { item, .. } | Type::Map { value: item, .. } => {
            let (method, value) = (method(ty), place.reference());
            let item = writer(item);
            quote!(#w.#method(#value, #item))
        }
        Type::Boxed(inner) | Type::Sensitive(inner) => write(inner, w, place, wrappers + 1),
    }
}

/// The function that writes a value, to be passed on.
fn writer(ty: &Type) -> TokenStream {
    match ty {
        Type::String | Type::Enum(_) => quote!(Writer::string),
        other => {
            let write = write(other, &quote!(w), &Place::Reference, 0);
            quote!(|w, v| #write)
        }
    }
}

/// The statements that read a structure named by `this`, ending in `Ok`.
pub(super) fn read_structure(structure: &Structure, this: &TokenStream) -> TokenStream {
    if structure.fields.is_empty() {
        let initial = initial(structure, this);
        return quote! {
            r.skip()?;
            Ok(#initial)
        };
    }
    let members = read_members(structure, this, &quote!(r.object()?;));
    quote! {
        #members
        Ok(out)
    }
}

/// The statements that read a structure named by `this` from `body`, ending in `Ok`.
pub(super) fn read_body(
    structure: &Structure,
    this: &TokenStream,
    body: &TokenStream,
) -> TokenStream {
    if structure.fields.is_empty() {
        let initial = initial(structure, this);
        return quote! {
            Reader::ignore(#body)?;
            Ok(#initial)
        };
    }
    let begin = quote!(let r = &mut Reader::begin(#body)?;);
    let members = read_members(structure, this, &begin);
    quote! {
        #members
        r.finish().map(|()| out)
    }
}

/// A structure before its members are read.
fn initial(structure: &Structure, this: &TokenStream) -> TokenStream {
    match structure.constructor {
        Constructor::New => quote!(#this::zeroed()),
        Constructor::DeriveDefault | Constructor::ImplDefault => quote!(#this::default()),
    }
}

fn read_members(structure: &Structure, this: &TokenStream, begin: &TokenStream) -> TokenStream {
    let initial = initial(structure, this);
    let arms = document(structure).map(read_arm);
    quote! {
        let mut out = #initial;
        #begin
        while let Some(key) = r.member()? {
            match &*key {
                #(#arms)*
                _ => r.skip()?,
            }
        }
    }
}

fn read_arm(field: &Field) -> TokenStream {
    let keys = std::iter::once(&field.wire).chain(&field.aliases);
    let name = ident(&field.name);
    let value = read(&field.ty);
    let value = match field.presence {
        Presence::Optional => quote!(Some(#value)),
        Presence::Required | Presence::Default(_) => value,
    };
    quote!(#(#keys)|* => out.#name = #value,)
}

/// The expression that reads a value.
pub(super) fn read(ty: &Type) -> TokenStream {
    let result = result(ty);
    quote!(#result?)
}

/// The expression that gives a value or why it cannot be read.
fn result(ty: &Type) -> TokenStream {
    let method = method(ty);
    match ty {
        Type::Structure(name) | Type::Union(name) => {
            let name = ident(name);
            quote!(#name::read(r))
        }
        Type::List { item: inner, .. }
        | Type::Map { value: inner, .. }
        | Type::Boxed(inner)
        | Type::Sensitive(inner) => {
            let inner = reader(inner);
            quote!(r.#method(#inner))
        }
        _ => quote!(r.#method()),
    }
}

/// The function that reads a value, to be passed on.
fn reader(ty: &Type) -> TokenStream {
    match ty {
        Type::Structure(name) | Type::Union(name) => {
            let name = ident(name);
            quote!(#name::read)
        }
        Type::List { .. } | Type::Map { .. } | Type::Sensitive(_) => {
            let result = result(ty);
            quote!(|r| #result)
        }
        // Only members of structures and unions are boxed, and those are read by `read`.
        Type::Boxed(inner) => reader(inner),
        _ => {
            let method = method(ty);
            quote!(Reader::#method)
        }
    }
}

/// The method that reads a value, and writes one unless it is an enum.
fn method(ty: &Type) -> TokenStream {
    match ty {
        Type::Boolean => quote!(boolean),
        Type::Byte => quote!(byte),
        Type::Short => quote!(short),
        Type::Integer => quote!(integer),
        Type::Long => quote!(long),
        Type::Float => quote!(float),
        Type::Double => quote!(double),
        Type::BigInteger => quote!(big_integer),
        Type::BigDecimal => quote!(big_decimal),
        Type::String => quote!(string),
        Type::Blob => quote!(blob),
        Type::Timestamp(TimestampFormat::EpochSeconds) => quote!(timestamp),
        Type::Timestamp(TimestampFormat::DateTime) => quote!(timestamp_date_time),
        Type::Timestamp(TimestampFormat::HttpDate) => quote!(timestamp_http_date),
        Type::Document => quote!(document),
        Type::Enum(_) => quote!(enumeration),
        Type::IntEnum(_) => quote!(int_enum),
        Type::List { sparse: false, .. } => quote!(list),
        Type::List { sparse: true, .. } => quote!(sparse_list),
        Type::Map { sparse: false, .. } => quote!(map),
        Type::Map { sparse: true, .. } => quote!(sparse_map),
        Type::Boxed(_) => quote!(boxed),
        Type::Sensitive(_) => quote!(sensitive),
        // Those that have a type of their own read themselves.
        Type::Unit | Type::Structure(_) | Type::Union(_) => quote!(skip),
    }
}
