//! Enums, open to values that the model does not know yet.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir::{EnumValue, Enumeration, Repr, WireValue};
use crate::text;

use super::context::Context;
use super::{deprecated, ident};

/// What differs between enums of texts and of numbers.
struct Form {
    /// `Copy`, where it can be derived.
    copy: Option<TokenStream>,
    /// The type of an unknown value.
    owned: TokenStream,
    /// The type of a value that is given or taken.
    value: TokenStream,
    /// The method that gives the value, and what it takes itself by.
    method: TokenStream,
    receiver: TokenStream,
    /// From `value` to an unknown value.
    own: TokenStream,
    /// The unknown value of a response without one.
    zero: TokenStream,
}

impl Form {
    fn of(repr: Repr) -> Self {
        match repr {
            Repr::String => Self {
                copy: None,
                owned: quote!(String),
                value: quote!(&str),
                method: quote!(as_str),
                receiver: quote!(&self),
                own: quote!(value.to_owned()),
                zero: quote!(String::new()),
            },
            Repr::Integer => Self {
                copy: Some(quote!(Copy,)),
                owned: quote!(i32),
                value: quote!(i32),
                method: quote!(as_i32),
                receiver: quote!(self),
                own: quote!(value),
                zero: quote!(0),
            },
        }
    }
}

/// An enum, whole.
pub(super) fn items(enumeration: &Enumeration, cx: &Context<'_>) -> Vec<TokenStream> {
    let name = ident(&enumeration.name);
    let of_model = format!("The shape `{}`.", enumeration.name);
    let docs = cx.docs_or(&enumeration.docs, of_model);
    let deprecated = deprecated(enumeration.deprecated.as_ref());
    let variants = enumeration.values.iter().map(|value| variant(value, cx));
    let unknown =
        super::docs(&["A value that this version of the crate does not know.".to_owned()]);
    let on_wire = super::docs(&["The value on the wire.".to_owned()]);
    let pairs = enumeration.values.iter().map(|value| {
        let wire = match &value.value {
            WireValue::Text(text) => Literal::string(text),
            WireValue::Number(number) => Literal::i32_unsuffixed(*number),
        };
        (ident(&value.variant), wire)
    });
    let (names, wires): (Vec<_>, Vec<_>) = pairs.unzip();
    let Form {
        copy,
        owned,
        value,
        method,
        receiver,
        own,
        zero,
    } = Form::of(enumeration.repr);
    let mut items = vec![
        quote! {
            #docs
            #deprecated
            #[derive(Clone, #copy Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[non_exhaustive]
            pub enum #name {
                #(#variants,)*
                #unknown
                Unknown(#owned),
            }
        },
        quote! {
            impl #name {
                #on_wire
                pub fn #method(#receiver) -> #value {
                    match self {
                        #(Self::#names => #wires,)*
                        Self::Unknown(value) => value,
                    }
                }
            }
        },
        quote! {
            impl From<#value> for #name {
                fn from(value: #value) -> Self {
                    match value {
                        #(#wires => Self::#names,)*
                        _ => Self::Unknown(#own),
                    }
                }
            }
        },
    ];
    if enumeration.repr == Repr::String {
        items.push(quote!(tinsmith_core::string_enum!(#name);));
    }
    if enumeration.default {
        // What stands for a required value that the service left out.
        items.push(quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self::Unknown(#zero)
                }
            }
        });
    }
    if enumeration.wipe {
        let inner = (enumeration.repr == Repr::String).then(|| {
            quote! {
                if let Self::Unknown(value) = self {
                    value.wipe();
                }
            }
        });
        items.push(quote! {
            impl Wipe for #name {
                fn wipe(&mut self) {
                    #inner
                    *self = Self::Unknown(#zero);
                }
            }
        });
    }
    items
}

fn variant(value: &EnumValue, cx: &Context<'_>) -> TokenStream {
    let name = ident(&value.variant);
    let wire = match &value.value {
        WireValue::Text(text) => text::code(text),
        WireValue::Number(number) => text::code(&number.to_string()),
    };
    let docs = cx.docs_or(&value.docs, format!("Sent as {wire}."));
    let deprecated = deprecated(value.deprecated.as_ref());
    quote!(#docs #deprecated #name)
}
