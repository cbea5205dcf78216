//! The crate's own files: `lib.rs`, the module indexes, the manifest, the README.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Operation, Service, TypeDef};
use crate::output::render::{RustFile, header};
use crate::output::tree::FileTree;
use crate::text;

use super::context::Context;
use super::{CrateOptions, Place, Runtime, docs, front_page, ident, nesting};

/// `src/lib.rs`.
pub(super) fn lib(cx: &Context<'_>) -> RustFile {
    let service = cx.service;
    let types = !service.types.is_empty();
    let operations = !service.operations.is_empty();
    let modules = [
        ("client", true),
        ("endpoint", service.endpoint.is_some()),
        ("error", !service.errors.is_empty()),
        ("operation", operations),
        ("types", types),
    ];
    let present = modules
        .iter()
        .filter(|(_, is_there)| *is_there)
        .map(|(name, _)| ident(name));
    let mut items: Vec<TokenStream> = present.map(|name| quote!(mod #name;)).collect();
    let runtime = docs(&["The runtime that this crate is built on.".to_owned()]);
    items.push(quote!(
        pub use client::Client;
    ));
    if !service.errors.is_empty() {
        items.push(quote!(
            pub use error::*;
        ));
    }
    if operations {
        items.push(quote!(
            pub use operation::*;
        ));
    }
    if types {
        items.push(quote!(
            pub use types::*;
        ));
    }
    items.push(quote!(#runtime pub use tinsmith_client as runtime;));
    // Inlined: its page is there when the crate's documentation is built without dependencies.
    items.push(quote!(
        #[doc(inline)]
        pub use tinsmith_core::error::Error;
    ));
    let limit = nesting::recursion_limit(service).map(|limit| limit.to_string());
    let attributes = limit
        .iter()
        .map(|limit| quote!(#![recursion_limit = #limit]));
    RustFile {
        path: "src/lib.rs".to_owned(),
        attributes: attributes.collect(),
        docs: front_page::lines(cx),
        items,
    }
}

/// `src/operation/mod.rs`.
pub(super) fn operation_index(service: &Service) -> RustFile {
    let modules = service.operations.iter().map(|operation| {
        let names = [
            &operation.input.name,
            &operation.output.name,
            &operation.error.name,
        ];
        (
            operation.module.as_str(),
            names.map(String::as_str).to_vec(),
        )
    });
    index("src/operation/mod.rs", "One module per operation.", modules)
}

/// `src/types/mod.rs`.
pub(super) fn type_index(service: &Service) -> RustFile {
    let modules = service
        .types
        .iter()
        .map(|def| (service.module(def), type_names(def)));
    index(
        "src/types/mod.rs",
        "The shapes that operations share.",
        modules,
    )
}

/// The exports of a type's module.
fn type_names(def: &TypeDef) -> Vec<&str> {
    match def {
        TypeDef::EventStream(stream) => vec![&stream.name, &stream.error.name],
        TypeDef::Structure(_) | TypeDef::Union(_) | TypeDef::Enum(_) => vec![def.name()],
    }
}

fn index<'a>(
    path: &str,
    docs: &str,
    modules: impl Iterator<Item = (&'a str, Vec<&'a str>)> + Clone,
) -> RustFile {
    let mods = modules.clone().map(|(module, _)| {
        let module = ident(module);
        quote!(mod #module;)
    });
    let uses = modules.clone().map(|(module, names)| {
        let module = ident(module);
        let mut names = names;
        names.sort_unstable();
        let names = names.into_iter().map(ident);
        quote!(pub use #module::{#(#names),*};)
    });
    RustFile {
        path: path.to_owned(),
        attributes: Vec::new(),
        docs: vec![docs.to_owned()],
        items: mods.chain(uses).collect::<Vec<TokenStream>>(),
    }
}

/// `Cargo.toml` and `README.md`.
///
/// # Errors
///
/// If the manifest does not hold what it was made of: a fault of the generator, or of `options`.
pub(super) fn manifest(service: &Service, options: &CrateOptions) -> Result<FileTree, String> {
    let mut tree = FileTree::default();
    let cargo = cargo_toml(service, options);
    check(&cargo, service).map_err(|fault| format!("Cargo.toml: {fault}"))?;
    tree.insert("Cargo.toml", cargo);
    tree.insert("README.md", readme(service));
    Ok(tree)
}

fn cargo_toml(service: &Service, options: &CrateOptions) -> String {
    let package = if options.place == Place::Workspace {
        "version.workspace = true\nedition.workspace = true\nrust-version.workspace = true\n\
         license.workspace = true\n"
    } else {
        concat!(
            "version = \"",
            env!("CARGO_PKG_VERSION"),
            "\"\nedition = \"2024\"\nrust-version = \"",
            env!("CARGO_PKG_RUST_VERSION"),
            "\"\nlicense = \"Apache-2.0\"\n"
        )
    };
    let name = &service.name;
    let head = header("#", &service.source);
    let description = text::toml(&description(service));
    let Runtime { core, client } = &options.runtime;
    let features = core_features(service);
    // A crate outside any workspace must say so, or cargo looks for one above.
    let root = if options.place == Place::Alone {
        "\n[workspace]\n"
    } else {
        ""
    };
    format!(
        "{head}\n[package]\nname = \"tinsmith-{name}\"\n\
             description = {description}\n{package}\n\
             [features]\n\
             default = [\"aws-lc-rs\", \"default-chain\", \"hyper\"]\n\
             default-chain = [\"tinsmith-client/default-chain\"]\n\
             hyper = [\"tinsmith-client/hyper\"]\n\
             aws-lc-rs = [\"tinsmith-client/aws-lc-rs\"]\n\
             ring = [\"tinsmith-client/ring\"]\n\
             test-util = [\"tinsmith-client/test-util\"]\n\n\
             [dependencies]\n\
             tinsmith-client = {{ {client}, default-features = false }}\n\
             tinsmith-core = {{ {core}{features} }}\n\n\
             [lints.rust]\ndeprecated = \"allow\"\nmissing_docs = \"warn\"\nunsafe_code = \"forbid\"\n\n\
             [lints.clippy]\napprox_constant = \"allow\"\ndeprecated_semver = \"allow\"\n\
             disallowed_names = \"allow\"\nlarge_enum_variant = \"allow\"\n\
             self_named_constructors = \"allow\"\nshould_implement_trait = \"allow\"\n\
             too_many_arguments = \"allow\"\ntype_complexity = \"allow\"\n\
             wrong_self_convention = \"allow\"\n\n\
             [lints.rustdoc]\nredundant_explicit_links = \"allow\"\n{root}"
    )
}

fn description(service: &Service) -> String {
    format!("A thin client for {}.", text::line(&service.title))
}

/// Reads the manifest again: nothing of the model may be more than a description.
fn check(manifest: &str, service: &Service) -> Result<(), String> {
    let table: toml::Table = manifest.parse().map_err(|e| format!("not TOML: {e}"))?;
    let package = table.get("package").and_then(toml::Value::as_table);
    let text = |key| package.and_then(|package| package.get(key)?.as_str());
    let name = format!("tinsmith-{}", service.name);
    let has_other = package.is_none_or(|package| package.len() != PACKAGE_KEYS)
        || table.keys().any(|key| !TABLES.contains(&&**key));
    if text("name") != Some(&name)
        || text("description") != Some(&description(service))
        || has_other
    {
        return Err("it does not hold what was emitted".to_owned());
    }
    Ok(())
}

/// The number of keys of `[package]`.
const PACKAGE_KEYS: usize = 6;

/// The tables that a manifest may have.
const TABLES: [&str; 5] = ["package", "features", "dependencies", "lints", "workspace"];

fn readme(service: &Service) -> String {
    let name = &service.name;
    let operations = match service.operations.len() {
        1 => "1 operation".to_owned(),
        count => format!("{count} operations"),
    };
    let program = program(&front_page::quick_start(service));
    format!(
        "<!-- {} -->\n# tinsmith-{name}\n\nA thin Rust client for {}: {operations}, API \
             version {}.\n\n{}\n\nGenerated by Tinsmith; the crate's documentation \
             (`cargo doc --open`) continues from here.\n",
        text::html_comment(&header("", &service.source)),
        text::markdown(&service.title),
        text::markdown(&service.version),
        program.join("\n"),
    )
}

/// An example of documentation as a program of its own.
fn program(example: &[String]) -> Vec<String> {
    const MAIN: &str = "async fn main() -> Result<(), Box<dyn std::error::Error>> {";
    let mut lines = Vec::new();
    let mut indent = "";
    for line in example {
        match line.as_str() {
            "```no_run" => lines.push("```rust".to_owned()),
            "# Ok(()) }" => {
                lines.extend(["    Ok(())", "}"].map(str::to_owned));
                indent = "";
            }
            line if line.starts_with("# ") => {
                lines.extend(["", "#[tokio::main]", MAIN].map(str::to_owned));
                indent = "    ";
            }
            line => lines.push(format!("{indent}{line}").trim_end().to_owned()),
        }
    }
    lines
}

/// The features of the core that some services need.
fn core_features(service: &Service) -> String {
    let any = |has: fn(&Operation) -> bool| service.operations.iter().any(has);
    let needed = [
        ("\"checksum\"", any(|operation| operation.checksum)),
        ("\"compression\"", any(|operation| operation.compression)),
    ];
    let names: Vec<&str> = needed
        .iter()
        .filter(|(_, is_needed)| *is_needed)
        .map(|(name, _)| *name)
        .collect();
    if names.is_empty() {
        String::new()
    } else {
        format!(", features = [{}]", names.join(", "))
    }
}
