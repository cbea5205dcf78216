//! Endpoints, errors and their properties.

use proc_macro2::TokenStream;
use quote::quote;

use super::form::{Code, Form, borrow, own};
use super::value::Values;
use crate::emit::ident;
use crate::ir::endpoint::{
    AuthSchemeTemplate, EndpointTemplate, Expr, Node, Outcome, Piece, PropertyTemplate,
};
use crate::names::Scope;

/// The outcome of a rule that is not a tree: statements, and an expression of type
/// `Result<Endpoint, EndpointError>`.
pub(super) fn result(values: &Values<'_>, outcome: &Outcome) -> (TokenStream, TokenStream) {
    let result = match outcome {
        Outcome::Endpoint(template) => return endpoint(values, template),
        Outcome::Error(message) => {
            let message = match &message.node {
                Node::Text(text) => quote!(#text),
                _ => owned(values, message),
            };
            quote!(Err(#message.into()))
        }
        Outcome::Tree(_) | Outcome::NoMatch => quote!(Err(EndpointError::NoMatch)),
    };
    (TokenStream::new(), result)
}

fn endpoint(values: &Values<'_>, template: &EndpointTemplate) -> (TokenStream, TokenStream) {
    let (statements, url) = url(values, &template.url);
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
    let result = match (&additions[..], &headers[..]) {
        ([], []) => new,
        (_, []) => quote!(Ok(#new? #(#additions)*)),
        _ => quote!(#new? #(#additions)* #(#headers)?*),
    };
    (statements, result)
}

/// The URL as an argument of type `&str`, after statements that name and check its parts.
fn url(values: &Values<'_>, url: &Expr) -> (TokenStream, TokenStream) {
    let Node::Template(pieces) = &url.node else {
        return (TokenStream::new(), values.argument(url));
    };
    let variables = values.rules.variables.iter();
    let taken: Vec<&str> = variables.map(|variable| &*variable.name).collect();
    let mut scope = Scope::new(&taken, "_");
    let mut named: Vec<(&Expr, String)> = Vec::new();
    let mut statements = TokenStream::new();
    let mut arguments = Vec::new();
    for piece in pieces {
        let Some(value) = piece.value() else {
            continue;
        };
        let is_host = matches!(piece, Piece::Host(_));
        let known = named.iter().find(|(expr, _)| *expr == value);
        let name = match (known, &value.node) {
            (Some((_, name)), _) => name.clone(),
            (None, Node::Variable(variable)) if !is_host => values.name(*variable).to_owned(),
            (None, _) => {
                let name = part_name(values, value, &mut scope);
                let local = ident(&name);
                let part = if is_host {
                    let part = values.argument(value);
                    quote!(endpoint::host(#part)?)
                } else {
                    borrow(values.value(value), value.ty).tokens
                };
                statements.extend(quote!(let #local = #part;));
                named.push((value, name.clone()));
                name
            }
        };
        let local = ident(&name);
        arguments.push(Code {
            tokens: quote!(#local),
            form: Form::Borrowed,
        });
    }
    let url = values.format(pieces, arguments).tokens;
    (statements, quote!(&#url))
}

/// A name for a part of a URL: its own, where that hides nothing that is needed later.
fn part_name(values: &Values<'_>, part: &Expr, scope: &mut Scope) -> String {
    let name = match &part.node {
        // Checking a reference gives the same reference.
        Node::Variable(variable) if values.is_borrowed(*variable) => {
            return values.name(*variable).to_owned();
        }
        Node::Variable(variable) => format!("{}_text", values.name(*variable)),
        Node::Parameter(place) => {
            let parameter = values.rules.parameters.get(*place);
            parameter.map_or_else(|| "part".to_owned(), |parameter| parameter.field.clone())
        }
        Node::Field(base, field) => match &base.node {
            Node::Variable(variable) if scope.has(field.rust) => {
                format!("{}_{}", values.name(*variable), field.rust)
            }
            _ => field.rust.to_owned(),
        },
        _ => "part".to_owned(),
    };
    scope.take(name)
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
        let regions = same_type(
            values,
            &scheme.signing_region_set.iter().collect::<Vec<_>>(),
        );
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
            PropertyTemplate::List(items) if !items.is_empty() && texts(items).is_some() => {
                let texts = same_type(values, &texts(items).unwrap_or_default());
                quote!([#(#texts),*])
            }
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
            if let Some(texts) = texts(items) {
                let texts = same_type(values, &texts);
                return quote!(Property::from([#(#texts),*]));
            }
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

/// The items, when all of them are texts.
fn texts(items: &[PropertyTemplate]) -> Option<Vec<&Expr>> {
    items.iter().map(PropertyTemplate::text).collect()
}

/// A string as an argument of a type that takes `&str` and `String` alike.
fn text(values: &Values<'_>, expr: &Expr) -> TokenStream {
    borrow(values.value(expr), expr.ty).tokens
}

/// Strings as items of one array: all of them references or all of them new.
fn same_type(values: &Values<'_>, exprs: &[&Expr]) -> Vec<TokenStream> {
    let is_new = |expr: &&Expr| values.value(expr).form == Form::Owned;
    let write = if exprs.iter().any(is_new) {
        owned
    } else {
        text
    };
    exprs.iter().map(|expr| write(values, expr)).collect()
}

fn owned(values: &Values<'_>, expr: &Expr) -> TokenStream {
    own(values.value(expr), expr.ty).tokens
}
