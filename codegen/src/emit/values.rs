//! Values that stand in where none is given: zero values and the model's defaults.

use proc_macro2::{Literal as Token, TokenStream};
use quote::quote;
use tinsmith_smithy::default_value::Literal;

use crate::ir::{Constructor, Field, Presence, Type, TypeDef, TypeIndex};

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
        (Type::Float, Literal::Float(text)) => float(text, &quote!(f32)),
        (Type::Double, Literal::Float(text)) => float(text, &quote!(f64)),
        (Type::BigInteger, Literal::Number(text)) => big(text, &quote!(BigInteger)),
        (Type::BigDecimal, Literal::Number(text)) => big(text, &quote!(BigDecimal)),
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
        Literal::Float(text) => float(text, &quote!(f64)),
        Literal::Number(text) => big(text, &quote!(BigDecimal)),
        Literal::Text(text) => quote!(#text.to_owned()),
        Literal::Bytes(bytes) => {
            let bytes = Token::byte_string(bytes);
            quote!(#bytes.to_vec())
        }
        Literal::Timestamp(seconds, nanos) => timestamp(*seconds, *nanos),
        Literal::Document(inner) => match &**inner {
            Literal::EmptyList => quote!(Document::Array(Vec::new())),
            Literal::EmptyMap => quote!(Document::Object(BTreeMap::new())),
            Literal::Number(text) => match integer(text) {
                Some(number) => quote!(Document::from(#number)),
                None => quote!(Document::Number(BigDecimal::from_digits(#text))),
            },
            inner => {
                let inner = plain(inner);
                quote!(Document::from(#inner))
            }
        },
        Literal::EmptyList => quote!(Vec::new()),
        Literal::EmptyMap => quote!(BTreeMap::new()),
    }
}

/// A point in time, by the plainest constructor that cannot fail.
pub(super) fn timestamp(seconds: i64, nanos: u32) -> TokenStream {
    let millis = seconds
        .checked_mul(1000)
        .and_then(|millis| millis.checked_add((nanos / 1_000_000).into()))
        .filter(|_| nanos % 1_000_000 == 0);
    match (nanos, millis) {
        (0, _) => {
            let seconds = Token::i64_unsuffixed(seconds);
            quote!(Timestamp::from_secs(#seconds))
        }
        (_, Some(millis)) => {
            let millis = Token::i64_unsuffixed(millis);
            quote!(Timestamp::from_millis(#millis))
        }
        (_, None) => {
            let (seconds, nanos) = (Token::i64_unsuffixed(seconds), Token::u32_unsuffixed(nanos));
            quote!(const { Timestamp::new(#seconds, #nanos).unwrap() })
        }
    }
}

/// A number of any size: from an integer where one holds it, else from its digits.
fn big(text: &str, ty: &TokenStream) -> TokenStream {
    match integer(text) {
        Some(number) => quote!(#ty::from(#number)),
        None => quote!(#ty::from_digits(#text)),
    }
}

/// A whole number of 64 bits, with its type where Rust would take a smaller one.
fn integer(text: &str) -> Option<Token> {
    let number: i64 = text.parse().ok()?;
    Some(match i32::try_from(number) {
        Ok(number) => Token::i32_unsuffixed(number),
        Err(_) => Token::i64_suffixed(number),
    })
}

/// A number in its shortest form; the special values by their constants.
pub(super) fn float(text: &str, ty: &TokenStream) -> TokenStream {
    let (sign, magnitude) = match text.strip_prefix('-') {
        Some(magnitude) => (Some(quote!(-)), magnitude),
        None => (None, text),
    };
    match (magnitude.parse::<Token>(), magnitude) {
        (_, "NaN") => quote!(#ty::NAN),
        (_, "inf") if sign.is_some() => quote!(#ty::NEG_INFINITY),
        (Ok(number), magnitude) if magnitude != "inf" => quote!(#sign #number),
        _ => quote!(#ty::INFINITY),
    }
}
