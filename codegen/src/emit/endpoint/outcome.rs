use proc_macro2::TokenStream;
use quote::quote;

use super::value::{Form, Value, Values, borrow};
use crate::endpoint::{
    AuthSchemeTemplate, EndpointTemplate, Expr, Node, Outcome, Piece, PropertyTemplate, Type,
};

/// The outcome of a rule that is not a tree, of type `Result<Endpoint, EndpointError>`.
pub(super) fn result(values: &Values<'_>, outcome: &Outcome) -> TokenStream {
    match outcome {
        Outcome::Endpoint(template) => endpoint(values, template),
        Outcome::Error(message) => {
            let message = match &message.node {
                Node::Text(text) => quote!(#text),
                _ => owned(values, message),
            };
            quote!(Err(EndpointError::rule(#message)))
        }
        Outcome::Tree(_) | Outcome::NoMatch => quote!(Err(EndpointError::NoMatch)),
    }
}

fn endpoint(values: &Values<'_>, template: &EndpointTemplate) -> TokenStream {
    let url = url(values, &template.url);
    let new = quote!(Endpoint::new(#url));
    let schemes = template.auth_schemes.iter().map(|scheme| {
        let scheme = auth_scheme(values, scheme);
        quote!(.auth_scheme(#scheme))
    });
    let mut additions: Vec<TokenStream> = schemes.collect();
    additions.extend(properties(values, &template.properties));
    let headers = template.headers.iter().map(|(name, lines)| {
        let lines = lines.iter().map(|line| values.argument(line));
        quote!(.header(#name, &[#(#lines),*]))
    });
    let headers: Vec<TokenStream> = headers.collect();
    match (&additions[..], &headers[..]) {
        ([], []) => new,
        (_, []) => quote!(Ok(#new? #(#additions)*)),
        _ => quote!(#new? #(#additions)* #(#headers)?*),
    }
}

/// The URL as an argument of type `&str`.
fn url(values: &Values<'_>, url: &Expr) -> TokenStream {
    let Node::Template(pieces) = &url.node else {
        return values.argument(url);
    };
    let mut position = Position::Scheme;
    let mut arguments = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => position = position.after_text(text),
            Piece::Value(value) => {
                let (checked, next) = position.value(value);
                position = next;
                arguments.push(if checked {
                    let value = values.argument(value);
                    quote!(endpoint::host(#value)?)
                } else {
                    values.value(value).tokens
                });
            }
        }
    }
    let url = values.format(pieces, arguments).tokens;
    quote!(&#url)
}

/// The part of a URL that a piece of its template stands in. In the host, values must not end it.
#[derive(Clone, Copy)]
enum Position {
    Scheme,
    Host,
    Rest,
}

impl Position {
    fn after_text(self, text: &str) -> Self {
        let (position, text) = match (self, text.split_once("://")) {
            (Self::Scheme, Some((_, rest))) => (Self::Host, rest),
            _ => (self, text),
        };
        match position {
            Self::Host if text.contains('/') => Self::Rest,
            Self::Scheme | Self::Host | Self::Rest => position,
        }
    }

    /// Whether a value here needs a check, and where the URL is after it.
    fn value(self, value: &Expr) -> (bool, Self) {
        let field = match &value.node {
            Node::Field(base, field) => Some((base.ty, field.name)),
            _ => None,
        };
        match (self, field) {
            // An authority was checked when its URL was parsed, and a path may follow it.
            (Self::Host, Some((Type::Url, "authority"))) => (false, Self::Rest),
            (Self::Host, Some((Type::Partition, _) | (Type::Url, "scheme"))) => (false, self),
            (Self::Host, _) => (true, self),
            (Self::Scheme | Self::Rest, _) => (false, self),
        }
    }
}

fn auth_scheme(values: &Values<'_>, scheme: &AuthSchemeTemplate) -> TokenStream {
    let name = text(values, &scheme.name);
    let signing_name = scheme.signing_name.iter().map(|name| {
        let name = text(values, name);
        quote!(.signing_name(#name))
    });
    let signing_region = scheme.signing_region.iter().map(|region| {
        let region = text(values, region);
        quote!(.signing_region(#region))
    });
    let region_set = (!scheme.signing_region_set.is_empty()).then(|| {
        let regions = same_type(values, &scheme.signing_region_set);
        quote!(.signing_region_set([#(#regions),*]))
    });
    let properties = properties(values, &scheme.properties);
    quote! {
        AuthScheme::new(#name) #(#signing_name)* #(#signing_region)* #region_set #(#properties)*
    }
}

fn properties(values: &Values<'_>, properties: &[(String, PropertyTemplate)]) -> Vec<TokenStream> {
    let calls = properties.iter().map(|(name, value)| {
        let value = match value {
            PropertyTemplate::Text(value) => text(values, value),
            PropertyTemplate::Boolean(value) => quote!(#value),
            PropertyTemplate::Integer(_) | PropertyTemplate::List(_) | PropertyTemplate::Map(_) => {
                property(values, value)
            }
        };
        quote!(.property(#name, #value))
    });
    calls.collect()
}

fn property(values: &Values<'_>, value: &PropertyTemplate) -> TokenStream {
    match value {
        PropertyTemplate::Text(value) => {
            let text = text(values, value);
            quote!(Property::from(#text))
        }
        PropertyTemplate::Boolean(value) => quote!(Property::from(#value)),
        PropertyTemplate::Integer(value) => quote!(Property::Integer(#value)),
        PropertyTemplate::List(items) if items.is_empty() => quote!(Property::List(Vec::new())),
        PropertyTemplate::List(items) => {
            let items = items.iter().map(|item| property(values, item));
            quote!(Property::from([#(#items),*]))
        }
        PropertyTemplate::Map(entries) => {
            let entries = entries.iter().map(|(name, value)| {
                let value = property(values, value);
                quote!((#name, #value))
            });
            quote!(Property::map([#(#entries),*]))
        }
    }
}

/// A string as an argument of a type that takes `&str` and `String` alike.
fn text(values: &Values<'_>, expr: &Expr) -> TokenStream {
    borrow(values.value(expr), expr.ty).tokens
}

/// Strings as items of one array: all of them references or all of them new.
fn same_type(values: &Values<'_>, exprs: &[Expr]) -> Vec<TokenStream> {
    let is_new = |expr: &Expr| values.value(expr).form == Form::Owned;
    if exprs.iter().any(is_new) {
        exprs.iter().map(|expr| owned(values, expr)).collect()
    } else {
        exprs.iter().map(|expr| text(values, expr)).collect()
    }
}

fn owned(values: &Values<'_>, expr: &Expr) -> TokenStream {
    let value: Value = super::value::own(values.value(expr), expr.ty);
    value.tokens
}
