//! Values that stand in where none is given: zero values and the model's defaults.

use proc_macro2::{Literal as Token, TokenStream};
use quote::quote;

use crate::ir::{Constructor, Field, Literal, Presence, Type, TypeDef, TypeIndex};

use super::ident;

/// The value of a field of a structure that nobody filled yet.
pub(super) fn initial(field: &Field, index: &TypeIndex<'_>) -> TokenStream {
    match &field.presence {
        Presence::Optional => quote!(None),
        Presence::Required => zero(&field.ty, index),
        Presence::Default(literal) => value(&field.ty, literal, index),
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
            let blank = match index.get(name.as_str()) {
                Some(TypeDef::Structure(inner)) if inner.constructor == Constructor::New => {
                    quote!(blank)
                }
                _ => quote!(default),
            };
            let name = ident(name);
            quote!(#name::#blank())
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

/// A default of the model.
fn value(ty: &Type, literal: &Literal, index: &TypeIndex<'_>) -> TokenStream {
    match (ty, literal) {
        (Type::Sensitive(inner), literal) => {
            let inner = value(inner, literal, index);
            quote!(Sensitive::new(#inner))
        }
        (Type::Boxed(inner), literal) => {
            let inner = value(inner, literal, index);
            quote!(Box::new(#inner))
        }
        (ty, Literal::Zero) => zero(ty, index),
        (Type::Enum(name), Literal::Text(text)) => {
            let name = ident(name);
            quote!(#name::from(#text))
        }
        (Type::IntEnum(name), Literal::Integer(number)) => {
            let name = ident(name);
            let number = Token::i64_unsuffixed(*number);
            quote!(#name::from(#number))
        }
        (Type::BigInteger, Literal::Text(text)) => quote!(#text.parse().unwrap_or_default()),
        (Type::BigDecimal, Literal::Text(text)) => quote!(#text.parse().unwrap_or_default()),
        (_, literal) => plain(literal),
    }
}

/// A literal whose type shows in its kind.
fn plain(literal: &Literal) -> TokenStream {
    match literal {
        Literal::Zero => quote!(Default::default()),
        Literal::Bool(value) => quote!(#value),
        Literal::Integer(number) => {
            let number = Token::i64_unsuffixed(*number);
            quote!(#number)
        }
        Literal::Float(text) => float(text),
        Literal::Text(text) => quote!(#text.to_owned()),
        Literal::Bytes(bytes) => {
            let bytes = Token::byte_string(bytes);
            quote!(#bytes.to_vec())
        }
        Literal::Timestamp(seconds, 0) => {
            let seconds = Token::i64_unsuffixed(*seconds);
            quote!(Timestamp::from_secs(#seconds))
        }
        Literal::Timestamp(seconds, nanos) => {
            let seconds = Token::i64_unsuffixed(*seconds);
            let nanos = Token::u32_unsuffixed(*nanos);
            quote!(Timestamp::new(#seconds, #nanos).unwrap_or_default())
        }
        Literal::Document(inner) => match &**inner {
            Literal::EmptyList => quote!(Document::Array(Vec::new())),
            Literal::EmptyMap => quote!(Document::Object(BTreeMap::new())),
            inner => {
                let inner = plain(inner);
                quote!(Document::from(#inner))
            }
        },
        Literal::EmptyList => quote!(Vec::new()),
        Literal::EmptyMap => quote!(BTreeMap::new()),
    }
}

/// A number as the model has it; the special values by their constants.
fn float(text: &str) -> TokenStream {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => {
            let number = Token::f64_unsuffixed(number);
            quote!(#number)
        }
        Ok(number) if number.is_nan() => quote!(f64::NAN as _),
        Ok(number) if number < 0.0 => quote!(f64::NEG_INFINITY as _),
        _ => quote!(f64::INFINITY as _),
    }
}
