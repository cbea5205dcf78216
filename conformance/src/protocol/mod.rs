//! A model's own protocol tests as Rust tests of the crate generated from it.
//!
//! `smithy.test#httpRequestTests` and `httpResponseTests` say which request a client must make of
//! some parameters, and what it must read from a response. Each becomes one `#[test]` that calls
//! the crate `tinsmith-conformance-support`.

mod case;
mod function;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use tinsmith_codegen::emit::{self, CrateOptions};
use tinsmith_codegen::generate::{self, Lowered};
use tinsmith_codegen::ir::Service;
use tinsmith_codegen::lower::Options;
use tinsmith_codegen::output::render::{Imports, RustFile, render};
use tinsmith_codegen::output::tree::FileTree;
use tinsmith_smithy::ast::{Shape, ShapeId, ShapeKind};
use tinsmith_smithy::diagnostic::{Diagnostic, Diagnostics};
use tinsmith_smithy::load::Source;

use case::{RequestCase, ResponseCase};
use function::Functions;

/// A client crate with its protocol tests.
#[derive(Clone, Debug)]
pub struct Suite {
    /// The crate; the tests are `tests/protocol.rs`.
    pub tree: FileTree,
    /// The tests by the name that the test program gives them: `request::ID` or `response::ID`.
    pub tests: Vec<String>,
}

/// Makes the crate of the one service in `sources` with its tests. `support` is the manifest's
/// entry for `tinsmith-conformance-support`, such as `path = "../../conformance/support"`.
///
/// Tests for servers, for other protocols and of operations that the crate leaves out are left out.
///
/// # Errors
///
/// Returns faults of the model and invalid tests, by their shape and id.
pub fn generate(
    sources: &[Source<'_>],
    options: &Options,
    crate_options: &CrateOptions,
    support: &str,
) -> Result<Suite, Diagnostics> {
    let lowered = generate::lower(sources, options)?;
    let generator_fault = |fault| Diagnostic::file(&options.source, format!("generator: {fault}"));
    let mut tree = emit::emit(&lowered.service, crate_options).map_err(generator_fault)?;
    add_dependency(&mut tree, support);
    let file = sources.first().map_or("", |source| source.name);
    let found = Found::of(&lowered, file)?;
    let file = found.file(&lowered.service);
    let path = file.path.clone();
    let imports = Imports::of(&lowered.service);
    let text = render(file, &options.source, &imports).map_err(generator_fault)?;
    tree.insert(path, text);
    let named = |kind: &str, ids: &BTreeMap<String, TokenStream>| {
        ids.keys().map(|id| format!("{kind}::{id}")).collect()
    };
    let mut tests: Vec<String> = named("request", &found.requests);
    tests.extend(named("response", &found.responses));
    Ok(Suite { tree, tests })
}

fn add_dependency(tree: &mut FileTree, support: &str) {
    let manifest = tree.files().find(|(path, _)| *path == "Cargo.toml");
    let manifest = manifest.map_or("", |(_, text)| text);
    let manifest =
        format!("{manifest}\n[dev-dependencies]\ntinsmith-conformance-support = {{ {support} }}\n");
    tree.insert("Cargo.toml", manifest);
}

/// The test functions by id.
#[derive(Default)]
struct Found {
    requests: BTreeMap<String, TokenStream>,
    responses: BTreeMap<String, TokenStream>,
}

impl Found {
    fn of(lowered: &Lowered, file: &str) -> Result<Self, Diagnostics> {
        let functions = Functions::of(&lowered.service);
        let mut found = Self::default();
        let mut faults = Vec::new();
        for (id, shape) in &lowered.model.shapes {
            if let Err(fault) = found.add(id, shape, &functions) {
                faults.push(Diagnostic {
                    file: file.to_owned(),
                    ..Diagnostic::shape(id, fault)
                });
            }
        }
        if faults.is_empty() {
            Ok(found)
        } else {
            Err(Diagnostics(faults))
        }
    }

    /// Adds the tests of one shape.
    fn add(
        &mut self,
        id: &ShapeId,
        shape: &Shape,
        functions: &Functions<'_>,
    ) -> Result<(), String> {
        let protocol = functions.protocol();
        for value in cases(shape.traits.http_request_tests()) {
            let Some(case) = RequestCase::read(value, protocol)? else {
                continue;
            };
            if let Some(tokens) = functions.request(id, &case)? {
                insert(&mut self.requests, case.id, tokens)?;
            }
        }
        for value in cases(shape.traits.http_response_tests()) {
            let Some(case) = ResponseCase::read(value, protocol)? else {
                continue;
            };
            let tokens = match &shape.kind {
                ShapeKind::Operation(_) => functions.output(id, &case)?,
                _ => functions.error(id, &case)?,
            };
            if let Some(tokens) = tokens {
                insert(&mut self.responses, case.id, tokens)?;
            }
        }
        Ok(())
    }

    fn file(&self, service: &Service) -> RustFile {
        let krate = emit::ident(&emit::crate_name(service));
        let requests = self.requests.values();
        let responses = self.responses.values();
        RustFile {
            path: "tests/protocol.rs".to_owned(),
            attributes: Vec::new(),
            docs: vec!["Protocol tests.".to_owned()],
            items: vec![
                // Not every crate has tests of both kinds, or with shapes of its own.
                quote!(
                    #[allow(unused_imports)]
                    use #krate as client;
                ),
                quote! {
                    #[allow(non_snake_case, unused_imports)]
                    mod request {
                        use super::*;
                        #(#requests)*
                    }
                },
                quote! {
                    #[allow(non_snake_case, unused_imports)]
                    mod response {
                        use super::*;
                        #(#responses)*
                    }
                },
            ],
        }
    }
}

fn cases(tests: Option<&Value>) -> &[Value] {
    tests.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn insert(
    tests: &mut BTreeMap<String, TokenStream>,
    id: &str,
    tokens: TokenStream,
) -> Result<(), String> {
    match tests.insert(id.to_owned(), tokens) {
        None => Ok(()),
        Some(_) => Err(format!("test {id}: there are two of this name")),
    }
}

#[cfg(test)]
mod tests;
