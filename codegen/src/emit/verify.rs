//! A crate's files read again, and compared in full with what was emitted.
//!
//! Every run compares comments as it renders ([`crate::output::render`]). This takes the parser of Rust to
//! the text, for tests and the fuzz targets.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use quote::ToTokens as _;
use syn::{Attribute, Item, Visibility};

use crate::ir::Service;
use crate::output::render::{DOC_LINE_END, RustFile};
use crate::output::tree::FileTree;

use super::context::Context;
use super::{CrateOptions, krate, parts};

/// Compares the files of `tree` with what is emitted of `service`, item by item, and checks that
/// rustdoc finds neither HTML nor code in the model's texts.
///
/// # Errors
///
/// The first file that holds something else: a fault of the generator.
pub fn verify(service: &Service, options: &CrateOptions, tree: &FileTree) -> Result<(), String> {
    let cx = Context::new(service);
    let files = parts(service).into_iter().filter_map(|part| part.file(&cx));
    let texts: BTreeMap<&str, &str> = tree.files().collect();
    let mut expected = krate::manifest(service, options)?;
    for file in files {
        let text = texts.get(&*file.path).copied().unwrap_or_default();
        let fault = |fault| format!("{}: {fault}", file.path);
        rust(&file, text).map_err(fault)?;
        documentation(text).map_err(fault)?;
        expected.insert(file.path, text);
    }
    if let Some(readme) = texts.get("README.md") {
        let (_, shown) = readme.split_once('\n').unwrap_or_default();
        markdown(shown, "rust").map_err(|fault| format!("README.md: {fault}"))?;
    }
    if expected == *tree {
        return Ok(());
    }
    Err("the crate has other files than were emitted".to_owned())
}

/// Compares a file with its text.
fn rust(file: &RustFile, text: &str) -> Result<(), String> {
    let parsed = syn::parse_file(text).map_err(|e| format!("not Rust: {e}"))?;
    let read = tokens(parsed.attrs.iter().map(Attribute::to_token_stream));
    let lines = file.docs.iter().map(|line| match line.as_str() {
        "" => Token::Doc(String::new()),
        line => Token::Doc(format!(" {line}")),
    });
    let attributes = tokens(file.attributes.iter().cloned());
    let emitted: Vec<Token> = lines.chain(attributes).collect();
    equal("the file", &emitted, &read)?;
    let imports = parsed.items.len().saturating_sub(file.items.len());
    let (imports, items) = parsed.items.split_at(imports);
    let is_import = |item: &Item| match item {
        Item::Use(item) => item.attrs.is_empty() && matches!(item.vis, Visibility::Inherited),
        _ => false,
    };
    if !imports.iter().all(is_import) || items.len() != file.items.len() {
        return Err(format!(
            "it has {} items, and {} were emitted",
            parsed.items.len(),
            file.items.len()
        ));
    }
    for (at, (emitted, read)) in file.items.iter().zip(items).enumerate() {
        let emitted = tokens([emitted.clone()]);
        let read = tokens([read.to_token_stream()]);
        equal(&format!("item {}", at + 1), &emitted, &read)?;
    }
    Ok(())
}

/// What a formatter must keep. It may add commas, braces and parentheses.
#[derive(Debug, PartialEq, Eq)]
enum Token {
    Name(String),
    Literal(String),
    /// A line of documentation.
    Doc(String),
}

fn equal(what: &str, emitted: &[Token], read: &[Token]) -> Result<(), String> {
    if emitted == read {
        return Ok(());
    }
    let same = emitted.iter().zip(read).take_while(|(a, b)| a == b).count();
    Err(format!(
        "{what} has {:?} where {:?} was emitted",
        read.get(same),
        emitted.get(same)
    ))
}

fn tokens(streams: impl IntoIterator<Item = TokenStream>) -> Vec<Token> {
    let mut found = Vec::new();
    streams
        .into_iter()
        .for_each(|stream| add(&mut found, stream));
    found
}

fn add(found: &mut Vec<Token>, stream: TokenStream) {
    for token in stream {
        match token {
            TokenTree::Group(group) => match doc(&group) {
                Some(text) => {
                    let lines = text.split(DOC_LINE_END);
                    found.extend(
                        lines.map(|line| Token::Doc(line.trim_end_matches(' ').to_owned())),
                    );
                }
                None => add(found, group.stream()),
            },
            TokenTree::Ident(name) => found.push(Token::Name(name.to_string())),
            TokenTree::Literal(literal) => found.push(Token::Literal(literal.to_string())),
            TokenTree::Punct(_) => {}
        }
    }
}

/// The value of `[doc = "..."]`.
fn doc(group: &Group) -> Option<String> {
    let is_attribute = group.delimiter() == Delimiter::Bracket;
    let meta: syn::MetaNameValue = syn::parse2(group.stream()).ok().filter(|_| is_attribute)?;
    match meta.value {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) if meta.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}

/// Checks the Markdown of all comments.
fn documentation(text: &str) -> Result<(), String> {
    let comment = |line: &str| {
        let line = line.trim_start();
        let comment = line.strip_prefix("///").or(line.strip_prefix("//!"))?;
        Some(comment.to_owned() + "\n")
    };
    let lines: Vec<Option<String>> = text.lines().map(comment).collect();
    lines.split(Option::is_none).try_for_each(|block| {
        let block: String = block.iter().flatten().map(String::as_str).collect();
        markdown(&block, "no_run")
    })
}

/// Checks that Markdown holds no HTML, and no code but plain text and what is marked as `own`. A
/// code block of a model is always plain text.
fn markdown(text: &str, own: &str) -> Result<(), String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    for event in Parser::new_ext(text, options) {
        let is_fine = match &event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                &**info == "text" || &**info == own
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => false,
            Event::Start(Tag::HtmlBlock | Tag::Image { .. }) | Event::InlineHtml(_) => false,
            _ => true,
        };
        if !is_fine {
            return Err(format!("its documentation has {event:?}"));
        }
    }
    Ok(())
}
