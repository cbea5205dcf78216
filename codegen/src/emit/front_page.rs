//! The crate's front page: from the first call to tests, then every operation by its subject.

use proc_macro2::TokenStream;
use quote::quote;

use crate::docs;
use crate::ir::{
    Block, Constructor, Link, Operation, Pagination, Run, Service, Subject, Type, Weight,
};
use crate::output::rustdoc;
use crate::text;

use super::context::Context;
use super::example::{Scene, block};
use super::expression::{self, Style};
use super::ident;
use super::method_docs::heading;

/// The longest line, in characters: 100 less the `//! `.
const WIDTH: usize = 96;

/// The documentation of the crate.
pub(super) fn lines(cx: &Context<'_>) -> Vec<String> {
    let service = cx.service;
    // In the root of the crate every name is in scope, and rustdoc wants links without what is
    // redundant.
    let render = |docs: &[Block]| {
        let path = |name: &str| {
            let path = cx.path(name)?;
            Some(path.strip_prefix("crate::").unwrap_or(&path).to_owned())
        };
        rustdoc::lines(docs, &path, WIDTH)
    };
    let title = text::markdown(&service.title);
    let mut lines = vec![format!("A thin client for {title}.")];
    if !service.docs.is_empty() {
        lines.push(String::new());
        lines.extend(render(&service.docs));
    }
    heading(&mut lines, "# Quick start");
    lines.extend(quick_start(service));
    own_paragraph(
        &mut lines,
        &[
            "Required members are arguments of a request's `new`; its setters set the optional ones.",
            "Sensitive values are redacted in `Debug` and wiped from memory when dropped.",
        ],
    );
    heading(&mut lines, "# Settings and credentials");
    lines.extend(own(&[
        "[`Client::from_env`] reads region, credentials and other settings from the environment, the",
        "shared config files and the machine's role, in the same order as the AWS SDKs; see",
        "[`runtime::credentials`]. [`Client::builder`] sets them in code, such as `region`,",
        "`credentials` and `endpoint_url`; see [`runtime::Builder`].",
    ]));
    errors(&mut lines, service);
    heading(&mut lines, "# Retries");
    lines.extend(own(&[
        "A call that fails with a transient error, or with an error that is documented as retried, is",
        "sent up to three times, with increasing backoff; see [`runtime::retry`]. The builder's",
        "`max_attempts` changes the number of attempts.",
    ]));
    pages(&mut lines, service);
    tests(&mut lines, service);
    if !service.subjects.is_empty() {
        heading(&mut lines, "# Operations");
    }
    lines.extend(service.subjects.iter().flat_map(|x| render(&[subject(x)])));
    lines
}

/// The lines of the quick start: what the README shows as well.
pub(super) fn quick_start(service: &Service) -> Vec<String> {
    let call = demo(service).map(|demo| {
        let (method, request) = (ident(&demo.operation.method), &demo.request);
        if demo.operation.output.fields.is_empty() {
            quote!(client.#method(#request).await?;)
        } else {
            quote! {
                let response = client.#method(#request).await?;
                println!("{response:?}");
            }
        }
    });
    let body = quote!(let client = Client::from_env().await?; #call);
    block(service, &Scene::Bare, &body)
}

/// How errors are told apart, with an operation that has some.
fn errors(lines: &mut Vec<String>, service: &Service) {
    heading(lines, "# Errors");
    lines.extend(own(&[
        "[`Error`] distinguishes what failed: the request, the credentials, the connection, a timeout or",
        "the service. Each operation has an enum of the errors that the service models for it, which",
        "documents when each occurs, its HTTP status and whether it is retried. An unmodeled error, such",
        "as a throttled or denied request, is `Unhandled`; [`Error::code`] returns its name.",
    ]));
    let with_errors = |operation: &&Operation| !operation.error.variants.is_empty();
    let candidates = service.operations.iter().filter(with_errors);
    let Some(demo) = best(candidates) else {
        return;
    };
    // Rather an error of this operation than one that all of them share.
    let uses = |name: &str| {
        let has = |operation: &&Operation| {
            let mut variants = operation.error.variants.iter();
            variants.any(|variant| variant.type_name == name)
        };
        service.operations.iter().filter(has).count()
    };
    let variants = demo.operation.error.variants.iter();
    let Some(variant) =
        variants.min_by_key(|variant| (variant.is_retried, uses(&variant.type_name)))
    else {
        return;
    };
    let (method, request) = (ident(&demo.operation.method), &demo.request);
    let (error, variant) = (ident(&demo.operation.error.name), ident(&variant.variant));
    let body = quote! {
        if let Err(error) = client.#method(#request).await {
            match error.service() {
                Some(#error::#variant(cause)) => println!("{cause}"),
                _ => return Err(error.into()),
            }
        }
    };
    lines.push(String::new());
    lines.extend(block(service, &Scene::Call(""), &body));
}

/// How pages are walked, where the service has any.
fn pages(lines: &mut Vec<String>, service: &Service) {
    let has_pages = |operation: &&Operation| operation.pagination.is_some();
    let demo = best(service.operations.iter().filter(has_pages));
    let shown = demo.as_ref().map(|demo| demo.operation);
    let any = shown.or_else(|| service.operations.iter().find(has_pages));
    let Some(Pagination { method, .. }) = any.and_then(|any| any.pagination.as_ref()) else {
        return;
    };
    heading(lines, "# Pages");
    let text = format!(
        "Paginated operations have a second method, such as [`{method}`](Client::{method}), which \
         returns every page; where the model names the items of a page, `.items()` iterates over them."
    );
    let own = |name: &str| Some(name.to_owned());
    lines.extend(rustdoc::lines(&docs::parse(&text), &own, WIDTH));
    let Some(demo) = demo else {
        return;
    };
    let (method, request) = (ident(method), demo.request);
    let body = if demo.operation.pagination.as_ref().is_some_and(has_items) {
        quote! {
            let mut items = client.#method(#request).items();
            while let Some(item) = items.next().await {
                let item = item?;
                println!("{item:?}");
            }
        }
    } else {
        quote! {
            let mut pages = client.#method(#request);
            while let Some(page) = pages.next().await {
                let page = page?;
                println!("{page:?}");
            }
        }
    };
    lines.push(String::new());
    lines.extend(block(service, &Scene::Call(""), &body));
}

fn has_items(pagination: &Pagination) -> bool {
    let ty = pagination.items.as_ref().map(|(_, ty)| ty);
    matches!(
        ty,
        Some(Type::List { sparse: false, .. } | Type::Map { sparse: false, .. })
    )
}

/// How code that calls the service is tested without it.
fn tests(lines: &mut Vec<String>, service: &Service) {
    heading(lines, "# Tests");
    lines.extend(own(&[
        "The feature `test-util` has a transport that returns queued responses, and checks that the",
        "operation can read them; see [`runtime::transport`].",
    ]));
    let Some(demo) = demo(service) else {
        return;
    };
    let (method, request) = (ident(&demo.operation.method), &demo.request);
    let input = ident(&demo.operation.input.name);
    let body = quote! {
        let mock = MockTransport::new();
        mock.on::<#input>().json("{}");
        let client = Client::builder()
            .region("us-east-1")
            .credentials(Credentials::new("AKID", "secret", "test"))
            .transport(mock.clone())
            .build()
            .await?;
        client.#method(#request).await?;
        assert_eq!(mock.unused(), 0);
    };
    lines.push(String::new());
    lines.extend(block(service, &Scene::Feature("test-util"), &body));
}

/// An operation that can be shown, and a request for it.
struct Demo<'s> {
    operation: &'s Operation,
    request: TokenStream,
}

fn demo(service: &Service) -> Option<Demo<'_>> {
    best(service.operations.iter())
}

/// The operation that is easiest to show: one that only looks and asks for nothing, the shortest
/// name first; else one whose model has an example.
fn best<'s>(operations: impl Iterator<Item = &'s Operation>) -> Option<Demo<'s>> {
    let looks = |operation: &Operation| {
        let verbs = ["List", "Describe", "Get"];
        let name = &operation.wire_name;
        verbs.iter().position(|verb| name.starts_with(verb))
    };
    let rank = |operation: &&Operation| {
        let takes_nothing = operation.input.constructor != Constructor::New;
        let look = looks(operation).filter(|_| takes_nothing);
        let is_possible = look.is_some() || operation.example.is_some();
        (is_possible && operation.deprecated.is_none())
            .then(|| (look.unwrap_or(usize::MAX), operation.wire_name.len()))
    };
    let ranked = operations.filter_map(|operation| Some((rank(&operation)?, operation)));
    let ((look, _), operation) = ranked.min_by_key(|(rank, _)| *rank)?;
    let request = match &operation.example {
        Some(example) if look == usize::MAX => {
            expression::structure(&example.input, Style::Documentation)
        }
        _ => {
            let name = ident(&operation.input.name);
            quote!(#name::new())
        }
    };
    Some(Demo { operation, request })
}

/// `- Aliases: create_alias, delete_alias`, each a link to its method.
fn subject(subject: &Subject) -> Block {
    let mut name = Run::plain(text::line(&subject.name));
    name.style.weight = Weight::Strong;
    let mut text = vec![name, Run::plain(": ")];
    for (at, method) in subject.methods.iter().enumerate() {
        if at > 0 {
            text.push(Run::plain(", "));
        }
        let method = method.trim_start_matches("r#");
        text.push(Run::code(method).to(Link::Name(format!("Client::{method}"))));
    }
    Block::List {
        start: None,
        items: vec![vec![Block::Paragraph(text)]],
    }
}

fn own_paragraph(lines: &mut Vec<String>, own_lines: &[&str]) {
    lines.push(String::new());
    lines.extend(own(own_lines));
}

fn own(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|&line| line.to_owned()).collect()
}
