//! IR to Rust: one file per kind of thing, each a function from an IR node to items.
//!
//! Emitters write names as they are used; [`crate::output::render`] adds the imports.

mod client;
mod codec;
pub(crate) mod constraints;
mod context;
pub mod endpoint;
mod enumeration;
mod error;
mod error_enum;
mod event_stream;
mod example;
pub mod expression;
mod front_page;
mod krate;
mod method_docs;
mod nesting;
mod operation;
mod pagination;
mod structure;
pub(crate) mod types;
mod union;
mod values;
mod verify;

pub use verify::verify;

use std::ops::Add;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::ir::{Deprecated, Operation, Service, TypeDef};
use crate::names;
use crate::output::render::{DOC_LINE_END, Imports, RustFile, render};
use crate::output::tree::FileTree;
use crate::parallel;
use crate::text;

use context::Context;

/// The longest line of documentation, in characters: 100 less the `/// ` and the indentation of a
/// method.
const WIDTH: usize = 92;

/// How the generated crate finds the runtime.
#[derive(Clone, Debug)]
pub struct CrateOptions {
    /// Where the crates of the runtime are.
    pub runtime: Runtime,
    /// What workspace the crate stands in.
    pub place: Place,
}

/// Where the crates of the runtime are, as their entries in the manifest say.
#[derive(Clone, Debug)]
pub struct Runtime {
    core: String,
    client: String,
}

impl Runtime {
    /// The crates of this version, or of what else Cargo accepts as one.
    pub fn version(version: &str) -> Self {
        let entry = format!("version = {}", toml::Value::from(version));
        Self {
            core: entry.clone(),
            client: entry,
        }
    }

    /// The crates in these folders, relative to the generated crate.
    pub fn folders(core: &str, client: &str) -> Self {
        let entry = |path| format!("path = {}", toml::Value::from(path));
        Self {
            core: entry(core),
            client: entry(client),
        }
    }
}

/// The workspace of a generated crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// This one, whose version and licence it shares.
    Workspace,
    /// One that knows nothing of it but its place.
    Member,
    /// None: the crate is a workspace of its own.
    Alone,
}

/// Makes the files of the crate of `service`.
///
/// # Errors
///
/// Returns a message if emitted tokens are not Rust, or a file does not hold what was emitted: a fault of the
/// generator.
pub fn emit(service: &Service, options: &CrateOptions) -> Result<FileTree, String> {
    let cx = Context::new(service);
    let imports = Imports::of(service);
    let endpoint_imports = Imports::of_endpoint();
    let parts = parts(service);
    let texts = parallel::map(&parts, |part| {
        let file = part.file(&cx)?;
        let path = file.path.clone();
        let imports = match part {
            Part::Endpoint => &endpoint_imports,
            _ => &imports,
        };
        Some(render(file, &service.source, imports).map(|text| (path, text)))
    });
    let mut tree = krate::manifest(service, options)?;
    for text in texts.into_iter().flatten() {
        let (path, text) = text?;
        tree.insert(path, text);
    }
    Ok(tree)
}

/// The files of the crate but the manifest and the README.
fn parts(service: &Service) -> Vec<Part<'_>> {
    let mut parts = vec![Part::Lib, Part::Client, Part::Endpoint];
    if !service.operations.is_empty() {
        parts.push(Part::OperationIndex);
    }
    if !service.errors.is_empty() {
        parts.push(Part::Errors);
    }
    if !service.types.is_empty() {
        parts.push(Part::TypeIndex);
    }
    parts.extend(service.operations.iter().map(Part::Operation));
    parts.extend(service.types.iter().map(Part::Type));
    parts
}

/// A file of the crate before it is made.
#[derive(Clone, Copy)]
enum Part<'s> {
    Lib,
    Client,
    Endpoint,
    Errors,
    OperationIndex,
    Operation(&'s Operation),
    TypeIndex,
    Type(&'s TypeDef),
}

impl Part<'_> {
    /// Nothing when the service has no such file.
    fn file(self, cx: &Context<'_>) -> Option<RustFile> {
        let service = cx.service;
        Some(match self {
            Self::Lib => krate::lib(cx),
            Self::Client => client::file(service),
            Self::Endpoint => return endpoint::file(service),
            Self::Errors => error::file(cx),
            Self::OperationIndex => krate::operation_index(service),
            Self::Operation(operation) => operation::file(operation, cx),
            Self::TypeIndex => krate::type_index(service),
            Self::Type(def) => RustFile {
                path: format!("src/types/{}.rs", service.module(def)),
                attributes: Vec::new(),
                docs: Vec::new(),
                items: type_def(def, cx),
            },
        })
    }
}

fn type_def(def: &TypeDef, cx: &Context<'_>) -> Vec<TokenStream> {
    match def {
        TypeDef::Structure(structure) => structure::shared(structure, cx),
        TypeDef::Union(union) => union::items(union, cx),
        TypeDef::EventStream(stream) => event_stream::items(stream, cx),
        TypeDef::Enum(enumeration) => enumeration::items(enumeration, cx),
    }
}

/// An identifier, raw where it is written so or has to be.
pub fn ident(name: &str) -> Ident {
    let raw = name.strip_prefix("r#");
    match raw.or_else(|| names::needs_raw(name).then_some(name)) {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// The name by which Rust code imports the crate.
pub fn crate_name(service: &Service) -> String {
    format!("tinsmith_{}", service.name.replace('-', "_"))
}

/// All lines in one `#[doc]`, which [`crate::output::render`] takes apart again: a `#[doc]` a line is as
/// much work to parse and to format as a line of code.
fn docs(lines: &[String]) -> TokenStream {
    let Some(length) = lines.iter().map(|line| line.len() + 2).reduce(Add::add) else {
        return TokenStream::new();
    };
    let mut literal = String::with_capacity(length + "r##".len() + 2);
    literal.push_str("r#\"");
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            literal.push(DOC_LINE_END);
        }
        if !line.is_empty() {
            literal.push(' ');
            literal.push_str(&text::doc_line(line));
        }
    }
    literal.push_str("\"#");
    let literal = raw(literal);
    quote!(#[doc = #literal])
}

/// A string literal from one without escapes: those of a long text take longer to write, and to
/// read twice, than all else of its documentation.
fn raw(literal: String) -> Literal {
    literal.parse().unwrap_or_else(|_| {
        // The text contains `"#`.
        let text = literal.strip_prefix("r#\"");
        Literal::string(
            text.and_then(|text| text.strip_suffix("\"#"))
                .unwrap_or_default(),
        )
    })
}

fn deprecated(deprecated: Option<&Deprecated>) -> TokenStream {
    let Some(deprecated) = deprecated else {
        return TokenStream::new();
    };
    let since = deprecated.since.iter().map(|since| text::line(since));
    let note = deprecated.message.iter().map(|note| text::note(note));
    let parts: Vec<_> = since
        .map(|since| quote!(since = #since))
        .chain(note.map(|note| quote!(note = #note)))
        .collect();
    if parts.is_empty() {
        quote!(#[deprecated])
    } else {
        quote!(#[deprecated(#(#parts),*)])
    }
}

#[cfg(test)]
mod tests {
    use super::docs;

    #[test]
    fn documentation_is_a_raw_literal_where_it_can_be() {
        let literal = |line: &str| docs(&[line.to_owned()]).to_string();
        assert_eq!(literal(r#"a "\b""#), r###"# [doc = r#" a "\b""#]"###);
        assert_eq!(literal(r##"a "# b"##), r###"# [doc = " a \"# b"]"###);
    }

    #[test]
    fn a_line_of_documentation_stays_a_line() {
        for odd in ["\n", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{c}"] {
            let text = docs(&[format!("a{odd}pub fn f() {{}}")]).to_string();
            assert!(text.ends_with("pub fn f() {}\"#]"), "{odd:?}: {text}");
            assert!(!text.contains(odd), "{odd:?}: {text}");
        }
        assert_eq!(
            docs(&["a\u{1f}b".into()]).to_string(),
            r##"# [doc = r#" ab"#]"##
        );
    }
}
