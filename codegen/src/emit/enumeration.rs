//! Enums, open to values that the model does not know yet.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir::{EnumValue, Enumeration, IntEnumeration};
use crate::text;

use super::context::Context;
use super::{deprecated, ident};

/// A string enum, whole.
pub(super) fn items(enumeration: &Enumeration, cx: &Context<'_>) -> Vec<TokenStream> {
    let name = ident(&enumeration.name);
    let docs = cx.docs_or(
        &enumeration.docs,
        format!("The shape `{}`.", enumeration.name),
    );
    let deprecated = deprecated(enumeration.deprecated.as_ref());
    let variants = enumeration
        .values
        .iter()
        .map(|value| variant(value, &value.value, cx));
    let unknown = unknown_docs();
    let to = enumeration
        .values
        .iter()
        .map(|EnumValue { variant, value, .. }| {
            let variant = ident(variant);
            quote!(Self::#variant => #value,)
        });
    let from = enumeration
        .values
        .iter()
        .map(|EnumValue { variant, value, .. }| {
            let variant = ident(variant);
            quote!(#value => Self::#variant,)
        });
    let as_str = super::docs(&["The value on the wire.".to_owned()]);
    let mut items = vec![
        quote! {
            #docs
            #deprecated
            #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[non_exhaustive]
            pub enum #name {
                #(#variants,)*
                #unknown
                Unknown(String),
            }
        },
        quote! {
            impl #name {
                #as_str
                pub fn as_str(&self) -> &str {
                    match self {
                        #(#to)*
                        Self::Unknown(value) => value,
                    }
                }
            }
        },
        quote! {
            impl From<&str> for #name {
                fn from(value: &str) -> Self {
                    match value {
                        #(#from)*
                        _ => Self::Unknown(value.to_owned()),
                    }
                }
            }
        },
        quote!(tinsmith_core::string_enum!(#name);),
    ];
    if enumeration.default {
        items.push(default_impl(&enumeration.name, &quote!(String::new())));
    }
    if enumeration.wipe {
        items.push(quote! {
            impl Wipe for #name {
                fn wipe(&mut self) {
                    if let Self::Unknown(value) = self {
                        value.wipe();
                    }
                    *self = Self::Unknown(String::new());
                }
            }
        });
    }
    items
}

/// An integer enum, whole.
pub(super) fn int_items(enumeration: &IntEnumeration, cx: &Context<'_>) -> Vec<TokenStream> {
    let name = ident(&enumeration.name);
    let docs = cx.docs_or(
        &enumeration.docs,
        format!("The shape `{}`.", enumeration.name),
    );
    let deprecated = deprecated(enumeration.deprecated.as_ref());
    let variants = enumeration
        .values
        .iter()
        .map(|value| variant(value, &value.value.to_string(), cx));
    let unknown = unknown_docs();
    let to = enumeration
        .values
        .iter()
        .map(|EnumValue { variant, value, .. }| {
            let variant = ident(variant);
            let value = Literal::i32_unsuffixed(*value);
            quote!(Self::#variant => #value,)
        });
    let from = enumeration
        .values
        .iter()
        .map(|EnumValue { variant, value, .. }| {
            let variant = ident(variant);
            let value = Literal::i32_unsuffixed(*value);
            quote!(#value => Self::#variant,)
        });
    let as_i32 = super::docs(&["The value on the wire.".to_owned()]);
    let mut items = vec![
        quote! {
            #docs
            #deprecated
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[non_exhaustive]
            pub enum #name {
                #(#variants,)*
                #unknown
                Unknown(i32),
            }
        },
        quote! {
            impl #name {
                #as_i32
                pub fn as_i32(self) -> i32 {
                    match self {
                        #(#to)*
                        Self::Unknown(value) => value,
                    }
                }
            }
        },
        quote! {
            impl From<i32> for #name {
                fn from(value: i32) -> Self {
                    match value {
                        #(#from)*
                        _ => Self::Unknown(value),
                    }
                }
            }
        },
    ];
    if enumeration.default {
        items.push(default_impl(&enumeration.name, &quote!(0)));
    }
    if enumeration.wipe {
        items.push(quote! {
            impl Wipe for #name {
                fn wipe(&mut self) {
                    *self = Self::Unknown(0);
                }
            }
        });
    }
    items
}

fn variant<T>(value: &EnumValue<T>, wire: &str, cx: &Context<'_>) -> TokenStream {
    let name = ident(&value.variant);
    let docs = cx.docs_or(&value.docs, format!("Sent as {}.", text::code(wire)));
    let deprecated = deprecated(value.deprecated.as_ref());
    quote!(#docs #deprecated #name)
}

fn unknown_docs() -> TokenStream {
    super::docs(&["A value that this version of the crate does not know.".to_owned()])
}

/// `Default`: the value of a required member that the service left out.
fn default_impl(name: &str, value: &TokenStream) -> TokenStream {
    let name = ident(name);
    quote! {
        impl Default for #name {
            fn default() -> Self {
                Self::Unknown(#value)
            }
        }
    }
}
