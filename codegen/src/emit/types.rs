//! The Rust spelling of a type, and how callers pass a value of it.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Field, Presence, Type};

use super::ident;

/// The type as a field has it, without the `Option` of its presence.
pub(crate) fn rust(ty: &Type) -> TokenStream {
    match ty {
        Type::Boolean => quote!(bool),
        Type::Byte => quote!(i8),
        Type::Short => quote!(i16),
        Type::Integer => quote!(i32),
        Type::Long => quote!(i64),
        Type::Float => quote!(f32),
        Type::Double => quote!(f64),
        Type::BigInteger => quote!(BigInteger),
        Type::BigDecimal => quote!(BigDecimal),
        Type::String => quote!(String),
        Type::Blob => quote!(Vec<u8>),
        Type::Timestamp(_) => quote!(Timestamp),
        Type::Document => quote!(Document),
        Type::Unit => quote!(()),
        Type::Enum(name) | Type::IntEnum(name) | Type::Structure(name) | Type::Union(name) => {
            let name = ident(name);
            quote!(#name)
        }
        Type::List { item, sparse } => {
            let item = nullable(item, *sparse);
            quote!(Vec<#item>)
        }
        Type::Map { key, value, sparse } => {
            let key = rust(key);
            let value = nullable(value, *sparse);
            quote!(BTreeMap<#key, #value>)
        }
        Type::Boxed(inner) => {
            let inner = rust(inner);
            quote!(Box<#inner>)
        }
        Type::Sensitive(inner) => {
            let inner = rust(inner);
            quote!(Sensitive<#inner>)
        }
    }
}

fn nullable(ty: &Type, sparse: bool) -> TokenStream {
    let ty = rust(ty);
    if sparse { quote!(Option<#ty>) } else { ty }
}

/// The type of a field, with the `Option` of its presence.
pub(crate) fn field(field: &Field) -> TokenStream {
    nullable(&field.ty, field.presence == Presence::Optional)
}

/// The type that a constructor or setter takes, and the expression that makes the field's value
/// from the argument `value`.
pub(super) fn argument(ty: &Type, value: &TokenStream) -> (TokenStream, TokenStream) {
    let plain = rust(ty);
    match ty {
        Type::String
        | Type::Blob
        | Type::BigInteger
        | Type::BigDecimal
        | Type::Timestamp(_)
        | Type::Document
        | Type::List { .. }
        | Type::Map { .. }
        | Type::Sensitive(_) => (quote!(impl Into<#plain>), quote!(#value.into())),
        Type::Boxed(inner) => (rust(inner), quote!(Box::new(#value))),
        Type::Boolean
        | Type::Byte
        | Type::Short
        | Type::Integer
        | Type::Long
        | Type::Float
        | Type::Double
        | Type::Unit
        | Type::Enum(_)
        | Type::IntEnum(_)
        | Type::Structure(_)
        | Type::Union(_) => (plain, value.clone()),
    }
}

/// The same for the setter of an optional field.
pub(super) fn optional_argument(ty: &Type) -> (TokenStream, TokenStream) {
    if let Type::Boxed(inner) = ty {
        let inner = rust(inner);
        return (
            quote!(impl IntoOption<#inner>),
            quote!(value.into_option().map(Box::new)),
        );
    }
    let plain = rust(ty);
    (quote!(impl IntoOption<#plain>), quote!(value.into_option()))
}
