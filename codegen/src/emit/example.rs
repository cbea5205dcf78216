//! Examples as code in documentation, which `cargo test --doc` compiles.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use crate::ir::{Example, Operation, Service};

use super::expression::{self, Style};
use super::{WIDTH, crate_name, ident};

/// Names that examples use and that are not the crate's own.
const FOREIGN: &[(&str, &str)] = &[
    ("BTreeMap", "std::collections"),
    ("BigDecimal", "runtime"),
    ("BigInteger", "runtime"),
    ("Credentials", "runtime::credentials"),
    ("Document", "runtime"),
    ("MockTransport", "runtime::transport::mock"),
    ("Sensitive", "runtime"),
    ("Timestamp", "runtime"),
];

/// The code of an operation's example.
pub(super) fn operation(
    operation: &Operation,
    example: &Example,
    service: &Service,
) -> Vec<String> {
    let method = ident(&operation.method);
    let request = expression::structure(&example.input, Style::Documentation);
    let response = (!operation.output.fields.is_empty()).then(|| quote!(let response =));
    let scene = Scene::Call(&example.title);
    let body = quote!(#response client.#method(#request).await?;);
    // Formatting costs more than the rest of an example, so it is not tried in vain.
    if length(&body) <= WIDTH {
        let lines = statements(&body);
        if lines.len() == 1 && lines.iter().all(|line| line.len() <= WIDTH) {
            return block_of(service, &scene, &body, lines);
        }
    }
    let body = quote!(let request = #request; #response client.#method(request).await?;);
    block(service, &scene, &body)
}

/// The beginning of a code block, after its imports.
pub(super) enum Scene<'t> {
    /// `client` is there; a comment says what the example is about.
    Call(&'t str),
    /// Nothing is there.
    Bare,
    /// Nothing is there, and the crate must have this feature.
    Feature(&'static str),
}

/// A code block that is compiled and not run: imports and statements that may use `?`.
pub(super) fn block(service: &Service, scene: &Scene<'_>, body: &TokenStream) -> Vec<String> {
    block_of(service, scene, body, statements(body))
}

/// A code block whose statements are text already.
fn block_of(
    service: &Service,
    scene: &Scene<'_>,
    body: &TokenStream,
    statements: Vec<String>,
) -> Vec<String> {
    let krate = crate_name(service);
    let mut lines = vec!["```no_run".to_owned()];
    let (condition, client) = match scene {
        Scene::Call(_) => (String::new(), format!("client: {krate}::Client")),
        Scene::Bare => (String::new(), String::new()),
        Scene::Feature(name) => (format!("#[cfg(feature = \"{name}\")] "), String::new()),
    };
    let function = format!(
        "# {condition}async fn example({client}) -> Result<(), Box<dyn std::error::Error>> {{"
    );
    if condition.is_empty() {
        lines.extend(imports(service, body));
        lines.push(function);
    } else {
        // Imports stand on the same condition.
        lines.push(function);
        lines.extend(imports(service, body));
    }
    match scene {
        Scene::Call(comment) if !comment.is_empty() => lines.push(format!("// {comment}")),
        Scene::Call(_) | Scene::Bare | Scene::Feature(_) => {}
    }
    lines.extend(statements);
    lines.push("# Ok(()) }".to_owned());
    lines.push("```".to_owned());
    lines
}

/// How long the text of some code is at least.
fn length(code: &TokenStream) -> usize {
    code.to_string().split_whitespace().map(str::len).sum()
}

/// Statements as text, a line each at least.
fn statements(body: &TokenStream) -> Vec<String> {
    let function = syn::parse2::<syn::ItemFn>(quote!(fn f() { #body }));
    // Emitted statements are Rust; were they not, the documentation would do without.
    let Ok(function) = function else {
        return Vec::new();
    };
    let file = syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: vec![syn::Item::Fn(function)],
    };
    let text = prettyplease::unparse(&file);
    let mut lines: Vec<&str> = text.lines().skip(1).collect();
    lines.pop();
    let inner = |line: &str| line.strip_prefix("    ").unwrap_or(line).to_owned();
    lines.into_iter().map(inner).collect()
}

/// The `use` lines for what `body` mentions.
fn imports(service: &Service, body: &TokenStream) -> Vec<String> {
    let krate = crate_name(service);
    let is_own = |name: &str| {
        let is_request =
            |operation: &Operation| operation.input.name == name || operation.error.name == name;
        name == "Client"
            || service.operations.iter().any(is_request)
            || service.types.iter().any(|def| def.name() == name)
    };
    let mut modules: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in mentioned(body) {
        let foreign = FOREIGN.iter().find(|(foreign, _)| *foreign == name);
        let module = match foreign {
            _ if is_own(&name) => krate.clone(),
            Some((_, module)) if module.starts_with("runtime") => format!("{krate}::{module}"),
            Some((_, module)) => (*module).to_owned(),
            None => continue,
        };
        modules.entry(module).or_default().push(name);
    }
    let uses = modules
        .into_iter()
        .flat_map(|(module, names)| match &names[..] {
            [name] => vec![format!("use {module}::{name};")],
            _ => {
                let line = format!("use {module}::{{{}}};", names.join(", "));
                match line.len() <= WIDTH {
                    true => vec![line],
                    false => statements(&line.parse().unwrap_or_default()),
                }
            }
        });
    uses.collect()
}

/// The names that paths begin with, and those in angle brackets.
fn mentioned(tokens: &TokenStream) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let is = |at: Option<usize>, c: char| {
            let token = at.and_then(|at| tokens.get(at));
            matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == c)
        };
        let (before, after) = (at.checked_sub(1), Some(at + 1));
        match token {
            TokenTree::Group(group) => found.extend(mentioned(&group.stream())),
            TokenTree::Ident(name) if is(before, '<') || (is(after, ':') && !is(before, ':')) => {
                found.insert(name.to_string());
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    found
}
