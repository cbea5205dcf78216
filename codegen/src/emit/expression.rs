//! Values as Rust expressions, written as a caller writes them.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir::{Constructor, EnumChoice, MemberValue, StructureValue, Value};

use super::ident;
use super::values::{float, timestamp};

/// Where expressions stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// In a test: the crate is called `client`, what cannot fail is unwrapped.
    Test,
    /// In documentation: names are imported, errors are passed on with `?`.
    Documentation,
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

/// A value as it is assigned.
pub(super) fn exact(value: &Value) -> TokenStream {
    Style::Documentation.value(value, Place::Exact)
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
            Self::Documentation => quote!(#name),
        }
    }

    /// The value of an expression that may fail, though this one does not.
    fn parsed(self, expression: &TokenStream) -> TokenStream {
        match self {
            Self::Test => quote!(#expression.unwrap()),
            Self::Documentation => quote!(#expression?),
        }
    }

    fn value(self, value: &Value, place: Place) -> TokenStream {
        let is_exact = place == Place::Exact;
        match value {
            Value::Boolean(flag) => quote!(#flag),
            Value::Integer(number) => {
                let number = Literal::i64_unsuffixed(*number);
                quote!(#number)
            }
            Value::Float(number) => float(&format!("{number:?}"), &quote!(f32)),
            Value::Double(number) => float(&format!("{number:?}"), &quote!(f64)),
            Value::BigInteger(digits) => self.parsed(&quote!(#digits.parse::<BigInteger>())),
            Value::BigDecimal(digits) => self.parsed(&quote!(#digits.parse::<BigDecimal>())),
            Value::String(text) if is_exact => quote!(#text.to_owned()),
            Value::String(text) => quote!(#text),
            Value::Blob(bytes) => {
                let bytes = Literal::byte_string(bytes);
                if is_exact {
                    quote!(#bytes.to_vec())
                } else {
                    quote!(#bytes)
                }
            }
            Value::Timestamp(seconds, nanos) => timestamp(*seconds, *nanos),
            Value::Document(json) => self.parsed(&quote!(#json.parse::<Document>())),
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
                Value::String(_) | Value::Blob(_) if !is_exact => self.value(inner, place),
                _ if !is_exact => self.value(inner, Place::Exact),
                _ => {
                    let inner = self.value(inner, Place::Exact);
                    quote!(Sensitive::new(#inner))
                }
            },
            Value::Zero => quote!(Default::default()),
        }
    }

    fn enumeration(self, name: &str, value: &EnumChoice) -> TokenStream {
        let name = self.path(name);
        match value {
            EnumChoice::Known(variant) => {
                let variant = ident(variant);
                quote!(#name::#variant)
            }
            EnumChoice::Text(text) => quote!(#name::Unknown(#text.to_owned())),
            EnumChoice::Number(number) => {
                let number = Literal::i32_unsuffixed(*number);
                quote!(#name::Unknown(#number))
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
        Value::String(text) => Some(text),
        _ => None,
    }
}
