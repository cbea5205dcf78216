//! The wire code: how a value of a type is written and read.
//!
//! The emitted code speaks to the `Reader` and `Writer` of one codec of the runtime, which the
//! file's import names. Another codec with the same methods needs no change here.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Constructor, Field, Presence, Structure, TimestampFormat, Type};

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

/// The statements that write the members of a structure.
pub(super) fn write_structure(structure: &Structure) -> TokenStream {
    let members = structure.fields.iter().map(write_field);
    quote! {
        w.object();
        #(#members)*
        w.end_object();
    }
}

fn write_field(field: &Field) -> TokenStream {
    let key = &field.wire_name;
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
            let method = method(ty);
            let value = place.reference();
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
    let blank = match structure.constructor {
        Constructor::New => quote!(blank),
        Constructor::DeriveDefault | Constructor::ImplDefault => quote!(default),
    };
    if structure.fields.is_empty() {
        return quote! {
            r.skip()?;
            Ok(#this::#blank())
        };
    }
    let arms = structure.fields.iter().map(read_arm);
    quote! {
        let mut out = #this::#blank();
        r.object()?;
        while let Some(key) = r.member()? {
            match &*key {
                #(#arms)*
                _ => r.skip()?,
            }
        }
        Ok(out)
    }
}

fn read_arm(field: &Field) -> TokenStream {
    let keys = std::iter::once(&field.wire_name).chain(&field.aliases);
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
    match ty {
        Type::List { item, .. } | Type::Map { value: item, .. } => {
            let method = method(ty);
            let item = reader(item);
            quote!(r.#method(#item)?)
        }
        Type::Structure(name) | Type::Union(name) => {
            let name = ident(name);
            quote!(#name::read(r)?)
        }
        Type::Boxed(inner) => {
            let inner = reader(inner);
            quote!(r.boxed(#inner)?)
        }
        Type::Sensitive(inner) => {
            let inner = reader(inner);
            quote!(r.sensitive(#inner)?)
        }
        simple => {
            let method = method(simple);
            quote!(r.#method()?)
        }
    }
}

/// The function that reads a value, to be passed on.
fn reader(ty: &Type) -> TokenStream {
    match ty {
        Type::Structure(name) | Type::Union(name) => {
            let name = ident(name);
            quote!(#name::read)
        }
        Type::List { item, .. } | Type::Map { value: item, .. } => {
            let method = method(ty);
            let item = reader(item);
            quote!(|r| r.#method(#item))
        }
        Type::Sensitive(inner) => {
            let inner = reader(inner);
            quote!(|r| r.sensitive(#inner))
        }
        // Only members of structures and unions are boxed, and those are read by `read`.
        Type::Boxed(inner) => reader(inner),
        simple => {
            let method = method(simple);
            quote!(Reader::#method)
        }
    }
}

/// The method that reads a type, and mostly the one that writes it.
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
        Type::Unit | Type::Structure(_) | Type::Union(_) | Type::Boxed(_) | Type::Sensitive(_) => {
            quote!(skip)
        }
    }
}
