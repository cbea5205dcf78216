//! The structure of parameters.

use proc_macro2::TokenStream;
use quote::quote;

use crate::docs::{paragraph, parse};
use crate::emit::{expression, ident};
use crate::ir::Value;
use crate::ir::endpoint::{BuiltIn, Parameter, Rules, Type};
use crate::output::rustdoc;
use crate::text;

/// The longest line of documentation, in characters: 100 less the `/// ` and the indentation.
const WIDTH: usize = 92;

/// The structure `Params`, with a `Default` of its own where the model gives defaults.
pub(super) fn items(rules: &Rules) -> Vec<TokenStream> {
    let fields = rules.parameters.iter().map(|parameter| {
        let docs = docs(parameter);
        let name = ident(&parameter.field);
        let ty = ty(parameter);
        quote!(#docs pub(crate) #name: #ty)
    });
    let is_plain = rules.parameters.iter().all(|parameter| {
        let default = parameter.default.as_ref();
        default.is_none_or(Value::is_zero)
    });
    let derive = is_plain.then(|| quote!(, Default));
    let mut items = vec![quote! {
        #[doc = " Parameters of the endpoint rules."]
        #[derive(Clone, Debug, PartialEq, Eq #derive)]
        pub(crate) struct Params {
            #(#fields,)*
        }
    }];
    if !is_plain {
        let fields = rules.parameters.iter().map(|parameter| {
            let name = ident(&parameter.field);
            let value = parameter
                .default
                .as_ref()
                .map_or_else(|| quote!(None), expression::exact);
            quote!(#name: #value)
        });
        items.push(quote! {
            impl Default for Params {
                fn default() -> Self {
                    Self { #(#fields,)* }
                }
            }
        });
    }
    items
}

/// Refuses to go on without the parameters that the rules require.
pub(super) fn checks(rules: &Rules) -> TokenStream {
    let missing = rules
        .parameters
        .iter()
        .filter(|p| p.required && p.is_option());
    let checks = missing.map(|parameter| {
        let field = ident(&parameter.field);
        let name = &parameter.name;
        quote! {
            if params.#field.is_none() {
                return Err(EndpointError::MissingParameter(#name));
            }
        }
    });
    quote!(#(#checks)*)
}

fn ty(parameter: &Parameter) -> TokenStream {
    let ty = match parameter.ty {
        Type::Boolean => quote!(bool),
        Type::Strings => quote!(Vec<String>),
        Type::String | Type::Integer | Type::Partition | Type::Arn | Type::Url => quote!(String),
    };
    if parameter.is_option() {
        quote!(Option<#ty>)
    } else {
        ty
    }
}

fn docs(parameter: &Parameter) -> TokenStream {
    let known = match &parameter.built_in {
        Some(BuiltIn::Region) => "The region that requests go to.",
        Some(BuiltIn::UseFips) => "Whether to use endpoints with FIPS-validated cryptography.",
        Some(BuiltIn::UseDualStack) => "Whether to use endpoints that speak both IPv4 and IPv6.",
        Some(BuiltIn::Endpoint) => "A URL to send requests to instead of the service's own.",
        Some(BuiltIn::AccountId) => "The account that the credentials belong to.",
        Some(BuiltIn::AccountIdEndpointMode) => {
            "Whether endpoints with the account in their name are `preferred`, `disabled` or `required`."
        }
        Some(BuiltIn::Other(_)) | None => "",
    };
    let documentation = parameter.documentation.as_deref().map(text::line);
    // What nobody sees, such as a byte order mark, documents nothing.
    let docs = match (documentation.filter(|text| !text.is_empty()), known) {
        (Some(documentation), "") => vec![paragraph(&documentation)],
        (None, "") => parse(&format!(
            "The parameter {} of the rules.",
            text::code(&parameter.name)
        )),
        (_, known) => parse(known),
    };
    super::super::docs(&rustdoc::lines(&docs, &|_| None, WIDTH))
}
