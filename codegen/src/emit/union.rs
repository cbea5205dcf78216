//! Unions: an enum with a variant per member and `Unknown` for those to come.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Deprecated, Type, Union};

use super::context::Context;
use super::{codec, deprecated, docs, ident, types};

/// A union, whole.
pub(super) fn items(union: &Union, cx: &Context<'_>) -> Vec<TokenStream> {
    let mut items = vec![definition(union, cx), wire(union)];
    let name = ident(&union.name);
    if union.default {
        items.push(quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self::Unknown(UnknownVariant::default())
                }
            }
        });
    }
    if union.wipe {
        items.push(wipe(union));
    }
    items
}

fn definition(union: &Union, cx: &Context<'_>) -> TokenStream {
    let variants = union.variants.iter().map(|variant| {
        let constrained = (&variant.ty, &variant.constraints);
        let docs = docs(&cx.member_lines(&variant.docs, &variant.member, constrained));
        open_variant(
            &variant.name,
            &docs,
            variant.deprecated.as_ref(),
            &variant.ty,
        )
    });
    let documentation = cx.docs_or(&union.docs, format!("The shape `{}`.", union.name));
    let deprecated = deprecated(union.deprecated.as_ref());
    let unknown = docs(&["A member that this version of the crate does not know.".into()]);
    let unknown = quote!(#unknown Unknown(UnknownVariant));
    open_enum(
        &union.name,
        &quote!(#documentation #deprecated),
        variants,
        &unknown,
    )
}

/// An enum that grows without a break: `unknown` is its last variant.
pub(super) fn open_enum(
    name: &str,
    attributes: &TokenStream,
    variants: impl Iterator<Item = TokenStream>,
    unknown: &TokenStream,
) -> TokenStream {
    let name = ident(name);
    quote! {
        #attributes
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            #unknown,
        }
    }
}

/// A variant that holds a value of this type.
pub(super) fn open_variant(
    name: &str,
    docs: &TokenStream,
    notice: Option<&Deprecated>,
    ty: &Type,
) -> TokenStream {
    let deprecated = deprecated(notice);
    let name = ident(name);
    match ty {
        Type::Unit => quote!(#docs #deprecated #name),
        ty => {
            let ty = types::rust(ty);
            quote!(#docs #deprecated #name(#ty))
        }
    }
}

fn wire(union: &Union) -> TokenStream {
    let name = ident(&union.name);
    let write = union.usage.written.then(|| write(union));
    let read = union.usage.read.then(|| read(union));
    quote! {
        impl #name {
            #write
            #read
        }
    }
}

fn write(union: &Union) -> TokenStream {
    let arms = union.variants.iter().map(|variant| {
        let name = ident(&variant.name);
        let write = codec::write_variant(&variant.wire, &variant.ty);
        match &variant.ty {
            Type::Unit => quote!(Self::#name => #write,),
            _ => quote!(Self::#name(v) => #write,),
        }
    });
    quote! {
        pub(crate) fn write(&self, w: &mut Writer) {
            w.object();
            match self {
                #(#arms)*
                Self::Unknown(v) => w.unknown_variant(v),
            }
            w.end_object();
        }
    }
}

fn read(union: &Union) -> TokenStream {
    let arms = union.variants.iter().map(|variant| {
        let name = ident(&variant.name);
        let key = &variant.wire;
        let value = codec::read(&variant.ty);
        match &variant.ty {
            Type::Unit => quote! {
                #key => {
                    r.skip()?;
                    Self::#name
                }
            },
            _ => quote!(#key => Self::#name(#value),),
        }
    });
    quote! {
        pub(crate) fn read(r: &mut Reader<'_>) -> Result<Self, ReadError> {
            r.union(|r, key| {
                Ok(match key {
                    #(#arms)*
                    _ => Self::Unknown(r.unknown_variant(key)?),
                })
            })
        }
    }
}

fn wipe(union: &Union) -> TokenStream {
    let name = ident(&union.name);
    let arms = union.variants.iter().map(|variant| {
        let name = ident(&variant.name);
        match &variant.ty {
            Type::Unit => quote!(Self::#name => {}),
            _ => quote!(Self::#name(v) => v.wipe(),),
        }
    });
    quote! {
        impl Wipe for #name {
            fn wipe(&mut self) {
                match self {
                    #(#arms)*
                    Self::Unknown(v) => v.wipe(),
                }
            }
        }
    }
}
