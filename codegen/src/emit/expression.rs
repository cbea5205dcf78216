//! Values as Rust expressions, written as a caller writes them.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir::{
    Constructor, Document, EnumChoice, MemberValue, Scalar, StructureValue, Value, WireValue,
};

use super::ident;

/// Where expressions stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// In a test: the crate is called `client`, what cannot fail is unwrapped.
    Test,
    /// In documentation: names are imported, errors are passed on with `?`.
    Documentation,
    /// In the crate itself, where nothing can fail.
    Crate,
}

/// What takes a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// `impl Into<T>`.
    Argument,
    /// `impl IntoOption<T>`.
    Setter,
    /// The type itself.
    Exact,
}

/// A structure: `new` with the required members, then its setters; or its default with fields
/// assigned, where it has no setters since it is only read.
pub fn structure(structure: &StructureValue, style: Style) -> TokenStream {
    let name = style.path(&structure.name);
    let base = match structure.constructor {
        Constructor::New => {
            let arguments = structure.arguments.iter();
            let arguments = arguments.map(|value| style.value(value, Place::Argument));
            quote!(#name::new(#(#arguments),*))
        }
        Constructor::DeriveDefault | Constructor::ImplDefault if structure.has_setters => {
            quote!(#name::new())
        }
        Constructor::DeriveDefault | Constructor::ImplDefault => quote!(#name::default()),
    };
    if structure.members.is_empty() {
        return base;
    }
    let members = structure.members.iter();
    if structure.has_setters {
        let setters = members.map(|member| setter(member, style));
        quote!(#base #(#setters)*)
    } else {
        let assignments = members.map(|member| assignment(member, style));
        quote!({ let mut value = #base; #(#assignments)* value })
    }
}

/// A value in the crate itself.
pub(super) fn exact(value: &Value) -> TokenStream {
    Style::Crate.value(value, Place::Exact)
}

fn setter(member: &MemberValue, style: Style) -> TokenStream {
    let name = ident(&member.field);
    let place = if member.optional {
        Place::Setter
    } else {
        Place::Argument
    };
    let value = style.value(&member.value, place);
    quote!(.#name(#value))
}

fn assignment(member: &MemberValue, style: Style) -> TokenStream {
    let name = ident(&member.field);
    let mut value = style.value(&member.value, Place::Exact);
    if member.boxed {
        value = quote!(Box::new(#value));
    }
    if member.optional {
        value = quote!(Some(#value));
    }
    quote!(value.#name = #value;)
}

impl Style {
    fn path(self, name: &str) -> TokenStream {
        let name = ident(name);
        match self {
            Self::Test => quote!(client::#name),
            Self::Documentation | Self::Crate => quote!(#name),
        }
    }

    fn value(self, value: &Value, place: Place) -> TokenStream {
        let is_exact = place == Place::Exact;
        match value {
            Value::Scalar(scalar) => self.scalar(scalar, is_exact),
            Value::Document(document) => self.document(document),
            Value::Enum { name, value } => self.enumeration(name, value),
            Value::Structure(inner) => structure(inner, self),
            Value::Union {
                name,
                variant,
                value,
            } => {
                let (name, variant) = (self.path(name), ident(variant));
                let value = value.as_ref().map(|value| {
                    let value = self.value(value, Place::Exact);
                    quote!((#value))
                });
                quote!(#name::#variant #value)
            }
            Value::List(items) => self.list(items, is_exact),
            Value::Map(entries) => self.map(entries, place),
            Value::Present(inner) => {
                let inner = self.value(inner, Place::Exact);
                quote!(Some(#inner))
            }
            Value::Absent => quote!(None),
            Value::Boxed(inner) => {
                let inner = self.value(inner, Place::Exact);
                quote!(Box::new(#inner))
            }
            Value::Sensitive(inner) => match **inner {
                // Texts and bytes become secrets where they are taken.
                Value::Scalar(Scalar::String(_) | Scalar::Blob(_)) if !is_exact => {
                    self.value(inner, place)
                }
                _ if !is_exact => self.value(inner, Place::Exact),
                _ => {
                    let inner = self.value(inner, Place::Exact);
                    quote!(Sensitive::new(#inner))
                }
            },
            Value::Zero => quote!(Default::default()),
        }
    }

    fn scalar(self, scalar: &Scalar, is_exact: bool) -> TokenStream {
        match scalar {
            Scalar::Boolean(flag) => quote!(#flag),
            Scalar::Integer(number) => {
                let number = Literal::i64_unsuffixed(*number);
                quote!(#number)
            }
            Scalar::Float(text) => float(text, &quote!(f32)),
            Scalar::Double(text) => float(text, &quote!(f64)),
            Scalar::BigInteger(digits) => self.big(digits, &quote!(BigInteger)),
            Scalar::BigDecimal(digits) => self.big(digits, &quote!(BigDecimal)),
            Scalar::String(text) if !is_exact => quote!(#text),
            Scalar::String(text) if text.is_empty() => quote!(String::new()),
            Scalar::String(text) => quote!(#text.to_owned()),
            Scalar::Blob(bytes) if is_exact && bytes.is_empty() => quote!(Vec::new()),
            Scalar::Blob(bytes) => {
                let bytes = Literal::byte_string(bytes);
                let to_vec = is_exact.then(|| quote!(.to_vec()));
                quote!(#bytes #to_vec)
            }
            Scalar::Timestamp(seconds, nanos) => timestamp(*seconds, *nanos),
        }
    }

    /// A number of any size: from an integer where one holds it, else from its digits.
    fn big(self, digits: &str, ty: &TokenStream) -> TokenStream {
        match (integer(digits), self) {
            (Some(number), _) => quote!(#ty::from(#number)),
            (None, Self::Crate) => quote!(#ty::from_digits(#digits)),
            (None, Self::Test) => quote!(#digits.parse::<#ty>().unwrap()),
            (None, Self::Documentation) => quote!(#digits.parse::<#ty>()?),
        }
    }

    fn document(self, document: &Document) -> TokenStream {
        match document {
            Document::Null => quote!(Document::Null),
            Document::Boolean(flag) => quote!(Document::from(#flag)),
            Document::Number(digits) => match integer(digits) {
                Some(number) => quote!(Document::from(#number)),
                None => {
                    let number = self.big(digits, &quote!(BigDecimal));
                    quote!(Document::Number(#number))
                }
            },
            Document::String(text) => quote!(Document::from(#text)),
            Document::Array(items) if items.is_empty() => quote!(Document::Array(Vec::new())),
            Document::Array(items) => {
                let items = items.iter().map(|item| self.document(item));
                quote!(Document::Array(Vec::from([#(#items),*])))
            }
            Document::Object(entries) if entries.is_empty() => {
                quote!(Document::Object(BTreeMap::new()))
            }
            Document::Object(entries) => {
                let entries = entries.iter().map(|(key, value)| {
                    let value = self.document(value);
                    quote!((#key.to_owned(), #value))
                });
                quote!(Document::Object(BTreeMap::from([#(#entries),*])))
            }
        }
    }

    fn enumeration(self, name: &str, value: &EnumChoice) -> TokenStream {
        let name = self.path(name);
        let unknown = match value {
            EnumChoice::Known(variant) => {
                let variant = ident(variant);
                return quote!(#name::#variant);
            }
            EnumChoice::Unknown(unknown) => unknown,
        };
        match (unknown, self) {
            (WireValue::Text(text), Self::Crate) => quote!(#name::from(#text)),
            (WireValue::Text(text), _) => quote!(#name::Unknown(#text.to_owned())),
            (WireValue::Number(number), _) => {
                let number = Literal::i32_unsuffixed(*number);
                match self {
                    Self::Crate => quote!(#name::from(#number)),
                    Self::Test | Self::Documentation => quote!(#name::Unknown(#number)),
                }
            }
        }
    }

    fn list(self, items: &[Value], is_exact: bool) -> TokenStream {
        let texts: Vec<&str> = items.iter().filter_map(text).collect();
        if items.is_empty() {
            quote!(Vec::new())
        } else if texts.len() == items.len() && items.len() > 1 && !is_exact {
            quote!([#(#texts),*].map(String::from))
        } else {
            let items = items.iter().map(|item| self.value(item, Place::Exact));
            if is_exact {
                // The formatter does not look into `vec!`.
                quote!(Vec::from([#(#items),*]))
            } else {
                quote!([#(#items),*])
            }
        }
    }

    fn map(self, entries: &[(Value, Value)], place: Place) -> TokenStream {
        let texts = entries
            .iter()
            .filter_map(|(key, value)| Some((text(key)?, text(value)?)));
        let texts: Vec<(&str, &str)> = texts.collect();
        if entries.is_empty() {
            quote!(BTreeMap::new())
        } else if texts.len() == entries.len() && place == Place::Setter {
            let texts = texts.into_iter().map(|(key, value)| quote!((#key, #value)));
            quote!([#(#texts),*])
        } else {
            let entries = entries.iter().map(|(key, value)| {
                let key = self.value(key, Place::Exact);
                let value = self.value(value, Place::Exact);
                quote!((#key, #value))
            });
            if place == Place::Exact {
                quote!(BTreeMap::from([#(#entries),*]))
            } else {
                quote!([#(#entries),*])
            }
        }
    }
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Scalar(Scalar::String(text)) => Some(text),
        _ => None,
    }
}

/// A point in time, by the plainest constructor that cannot fail.
fn timestamp(seconds: i64, nanos: u32) -> TokenStream {
    let millis = seconds
        .checked_mul(1000)
        .and_then(|millis| millis.checked_add((nanos / 1_000_000).into()))
        .filter(|_| nanos % 1_000_000 == 0);
    match (seconds, nanos, millis) {
        (0, 0, _) => quote!(Timestamp::UNIX_EPOCH),
        (_, 0, _) => {
            let seconds = Literal::i64_unsuffixed(seconds);
            quote!(Timestamp::from_secs(#seconds))
        }
        (_, _, Some(millis)) => {
            let millis = Literal::i64_unsuffixed(millis);
            quote!(Timestamp::from_millis(#millis))
        }
        (_, _, None) => {
            let (seconds, nanos) = (
                Literal::i64_unsuffixed(seconds),
                Literal::u32_unsuffixed(nanos),
            );
            quote!(const { Timestamp::new(#seconds, #nanos).unwrap() })
        }
    }
}

/// A whole number of 64 bits, with its type where Rust would take a smaller one.
fn integer(text: &str) -> Option<Literal> {
    let number: i64 = text.parse().ok()?;
    Some(match i32::try_from(number) {
        Ok(number) => Literal::i32_unsuffixed(number),
        Err(_) => Literal::i64_suffixed(number),
    })
}

/// A number in its shortest form; the special values by their constants.
fn float(text: &str, ty: &TokenStream) -> TokenStream {
    let (sign, magnitude) = match text.strip_prefix('-') {
        Some(magnitude) => (Some(quote!(-)), magnitude),
        None => (None, text),
    };
    match (magnitude.parse::<Literal>(), magnitude) {
        (_, "NaN") => quote!(#ty::NAN),
        (_, "inf") if sign.is_some() => quote!(#ty::NEG_INFINITY),
        (Ok(number), magnitude) if magnitude != "inf" => quote!(#sign #number),
        _ => quote!(#ty::INFINITY),
    }
}
