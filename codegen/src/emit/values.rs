//! Values of members that are not given.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Constructor, Field, Presence, Type, TypeDef, TypeIndex};

use super::{expression, ident};

/// The value of a field of a structure that nobody filled yet.
pub(super) fn initial(field: &Field, index: &TypeIndex<'_>) -> TokenStream {
    match &field.presence {
        Presence::Optional => quote!(None),
        Presence::Required => zero(&field.ty, index),
        Presence::Default(value) => expression::exact(value),
    }
}

/// The zero value of a type (Smithy specification, "Client error correction").
fn zero(ty: &Type, index: &TypeIndex<'_>) -> TokenStream {
    match ty {
        Type::Boolean => quote!(false),
        Type::Byte | Type::Short | Type::Integer | Type::Long => quote!(0),
        Type::Float | Type::Double => quote!(0.0),
        Type::BigInteger => quote!(BigInteger::default()),
        Type::BigDecimal => quote!(BigDecimal::default()),
        Type::String => quote!(String::new()),
        Type::Blob | Type::List { .. } => quote!(Vec::new()),
        Type::Map { .. } => quote!(BTreeMap::new()),
        Type::Timestamp(_) => quote!(Timestamp::UNIX_EPOCH),
        Type::Document => quote!(Document::Null),
        Type::Unit => quote!(()),
        Type::Enum(name) | Type::IntEnum(name) | Type::Union(name) => {
            let name = ident(name);
            quote!(#name::default())
        }
        Type::Structure(name) => {
            let function = match index.get(name.as_str()) {
                Some(TypeDef::Structure(inner)) if inner.constructor == Constructor::New => {
                    quote!(zeroed)
                }
                _ => quote!(default),
            };
            let name = ident(name);
            quote!(#name::#function())
        }
        Type::Boxed(inner) => {
            let inner = zero(inner, index);
            quote!(Box::new(#inner))
        }
        Type::Sensitive(inner) => {
            let inner = zero(inner, index);
            quote!(Sensitive::new(#inner))
        }
    }
}
