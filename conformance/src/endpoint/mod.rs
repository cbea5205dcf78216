//! The tests that models have for their endpoint rules (`smithy.rules#endpointTests`).
//!
//! A [`Suite`] is one set of rules with its tests. [`program`] makes a crate of several: a module for
//! each set of rules, as generated clients have it, and a program that runs the tests and prints the
//! results. [`read`] reads them.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};
use tinsmith_codegen::emit::endpoint::endpoint_items;
use tinsmith_codegen::emit::ident;
use tinsmith_codegen::ir::endpoint::{BuiltIn, Parameter, Rules};
use tinsmith_codegen::lower::endpoint::{parse_bdd, parse_rule_set};
use tinsmith_codegen::output::render::{Imports, RustFile, render};
use tinsmith_codegen::output::tree::FileTree;
use tinsmith_smithy::ast::{Model, ShapeKind};

/// The program's own code: it compares, and prints a line for each test.
const HARNESS: &str = include_str!("harness.rs");

/// One set of rules with its tests.
#[derive(Clone, Debug)]
pub struct Suite {
    /// The name of the model, which has no spaces.
    pub name: String,
    /// The rules as a Rust module; no two suites of a program have the same.
    pub module: String,
    rules: Rules,
    tests: Vec<Value>,
}

/// Returns the suites of the services in a model: its rule set and its table, each with the same
/// tests. There are none if the model has no service or no tests.
///
/// # Errors
///
/// Returns a message if the rules are invalid or a test does not fit them.
pub fn of_model(name: &str, model: &Model) -> Result<Vec<Suite>, String> {
    let fault = |faults: Vec<String>| format!("{name}: {}", faults.join("; "));
    let mut suites = Vec::new();
    let services = model.shapes.values();
    for service in services.filter(|shape| matches!(shape.kind, ShapeKind::Service(_))) {
        let traits = &service.traits;
        let Some(tests) = traits.endpoint_tests() else {
            continue;
        };
        if let Some(rules) = traits.endpoint_rule_set() {
            let rules = parse_rule_set(rules).map_err(fault)?;
            suites.push(Suite::new(name, "tree", rules, tests)?);
        }
        if let Some(bdd) = traits.endpoint_bdd() {
            let rules = parse_bdd(bdd).map_err(fault)?;
            suites.push(Suite::new(name, "table", rules, tests)?);
        }
    }
    Ok(suites)
}

/// Returns the crate with the rules and the program. `core` is the manifest's entry for
/// `tinsmith-core`, such as `path = "../../runtime/core"`.
///
/// # Errors
///
/// Returns a message if a test names a parameter that the rules do not have or has another form than
/// the trait's, or if the generator emits something that is not Rust.
pub fn program(suites: &[Suite], core: &str) -> Result<FileTree, String> {
    let mut tree = FileTree::default();
    let mut modules = "#![deny(warnings, unreachable_pub)]\n\
                       #![allow(unused_mut, clippy::field_reassign_with_default)]\n"
        .to_owned();
    let mut main = HARNESS.to_owned();
    let mut calls = String::new();
    for suite in suites {
        let module = &suite.module;
        tree.insert(format!("src/{module}.rs"), suite.rules()?);
        modules.push_str(&format!("mod {module};\n"));
        main.push_str(&suite.function()?);
        calls.push_str(&format!("    check({module:?}, {module}());\n"));
    }
    main.push_str(&format!("fn main() {{\n{calls}}}\n"));
    let manifest = format!(
        "[package]\nname = \"endpoint-rules\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         rust-version = \"1.85\"\nautolib = false\n\n[dependencies]\n\
         tinsmith-core = {{ {core} }}\n"
    );
    tree.insert("Cargo.toml", manifest);
    tree.insert("src/main.rs", modules + &main);
    Ok(tree)
}

/// Reads what the program prints: for each suite, by its module, what was wrong with each test that
/// failed, in the order of the tests. Returns `None` for anything else.
pub fn read(printed: &str) -> Option<BTreeMap<&str, Vec<Result<(), &str>>>> {
    let mut results: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for line in printed.lines() {
        let (module, result) = line.split_once('\t')?;
        let result = match result {
            "passed" => Ok(()),
            failure => Err(failure),
        };
        results.entry(module).or_default().push(result);
    }
    Some(results)
}

impl Suite {
    /// Creates a suite from `rules` in the form `form`, which makes the module's name unique, and the
    /// value of `smithy.rules#endpointTests`.
    ///
    /// # Errors
    ///
    /// Returns a message if a test gives a built-in parameter that the rules know by another name.
    pub fn new(name: &str, form: &str, rules: Rules, tests: &Value) -> Result<Self, String> {
        let suite = Self {
            name: name.to_owned(),
            module: format!("rules {name} {form}").to_snake_case(),
            rules,
            tests: tests["testCases"].as_array().cloned().unwrap_or_default(),
        };
        suite.check_built_ins()?;
        Ok(suite)
    }

    /// Returns the names of the tests, in order: their parameters, as one word.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.tests.iter().map(|test| {
            let params = test["params"].as_object().into_iter().flatten();
            let params = params.map(|(name, value)| match value {
                Value::String(text) => format!("{name}={text}"),
                value => format!("{name}={value}"),
            });
            let params = params.collect::<Vec<_>>().join(",");
            params.replace(char::is_whitespace, "_")
        })
    }

    /// The text of the module that a generated crate has for the rules.
    fn rules(&self) -> Result<String, String> {
        let file = RustFile {
            path: format!("{}.rs", self.module),
            attributes: Vec::new(),
            docs: vec!["Endpoint rules.".to_owned()],
            items: endpoint_items(&self.rules),
        };
        render(file, "endpoint rules", &Imports::of_endpoint())
    }

    /// The text of the function `fn MODULE() -> Vec<Case>`.
    fn function(&self) -> Result<String, String> {
        let module = ident(&self.module);
        let mut cases = Vec::with_capacity(self.tests.len());
        for (test, name) in self.tests.iter().zip(self.names()) {
            let params = self.params(test["params"].as_object())?;
            let expect = expectation(&test["expect"]).ok_or_else(|| {
                format!(
                    "{}: the test {name} expects something of another form",
                    self.name
                )
            })?;
            cases.push(quote! {
                Case {
                    answer: {
                        let mut params = #module::Params::default();
                        #params
                        #module::resolve(&params)
                    },
                    expected: #expect,
                }
            });
        }
        let function = quote!(fn #module() -> Vec<Case> { vec![#(#cases),*] });
        let file = syn::parse2(function).map_err(|e| format!("{}: {e}", self.name))?;
        Ok(prettyplease::unparse(&file))
    }

    fn params(&self, given: Option<&Map<String, Value>>) -> Result<TokenStream, String> {
        let mut fields = TokenStream::new();
        for (name, value) in given.into_iter().flatten() {
            let parameter = self
                .parameter(|parameter| parameter.name == *name)
                .ok_or_else(|| format!("{}: there is no parameter {name}", self.name))?;
            let field = ident(&parameter.field);
            let value = match value {
                Value::String(text) => quote!(#text.to_owned()),
                Value::Bool(value) => quote!(#value),
                Value::Array(items) => {
                    let items = items.iter().filter_map(Value::as_str);
                    quote!(vec![#(#items.to_owned()),*])
                }
                Value::Null | Value::Number(_) | Value::Object(_) => {
                    return Err(format!("{}: {name} is {value}", self.name));
                }
            };
            let value = if parameter.is_option() {
                quote!(Some(#value))
            } else {
                value
            };
            fields.extend(quote!(params.#field = #value;));
        }
        Ok(fields)
    }

    fn parameter(&self, is_it: impl Fn(&Parameter) -> bool) -> Option<&Parameter> {
        self.rules
            .parameters
            .iter()
            .find(|parameter| is_it(parameter))
    }

    /// The built-ins that tests give by their own names are the parameters that we took them for.
    fn check_built_ins(&self) -> Result<(), String> {
        for test in &self.tests {
            let inputs = test["operationInputs"].as_array();
            for input in inputs.into_iter().flatten() {
                for (name, value) in input["builtInParams"].as_object().into_iter().flatten() {
                    let built_in = BuiltIn::named(name);
                    let parameter = self.parameter(|p| p.built_in.as_ref() == Some(&built_in));
                    let is_same = |p: &Parameter| test["params"][&p.name] == *value;
                    if !parameter.is_some_and(is_same) {
                        return Err(format!(
                            "{}: a test gives {name}, the rules have no parameter of that kind",
                            self.name
                        ));
                    }
                }
            }
        }
        Ok(())
    }
}

fn expectation(expect: &Value) -> Option<TokenStream> {
    if let Some(message) = expect["error"].as_str() {
        return Some(quote!(Err(#message)));
    }
    let endpoint = &expect["endpoint"];
    let url = endpoint["url"].as_str()?;
    let mut calls = TokenStream::new();
    for (name, value) in endpoint["properties"].as_object().into_iter().flatten() {
        if name == "authSchemes" {
            let schemes = value.as_array()?.iter().map(auth_scheme);
            let schemes = schemes.collect::<Option<Vec<_>>>()?;
            calls.extend(quote!(#(.auth_scheme(#schemes))*));
        } else {
            let value = property(value)?;
            calls.extend(quote!(.property(#name, #value)));
        }
    }
    for (name, values) in endpoint["headers"].as_object().into_iter().flatten() {
        let values = values.as_array()?.iter().filter_map(Value::as_str);
        calls.extend(quote!(.header(#name, &[#(#values),*]).unwrap()));
    }
    Some(quote!(Ok((#url, Endpoint::new(#url).unwrap() #calls))))
}

fn auth_scheme(scheme: &Value) -> Option<TokenStream> {
    let name = scheme["name"].as_str()?;
    let mut calls = TokenStream::new();
    for (key, value) in scheme.as_object()? {
        calls.extend(match (&**key, value) {
            ("name", _) => continue,
            ("signingName", Value::String(name)) => quote!(.signing_name(#name)),
            ("signingRegion", Value::String(region)) => quote!(.signing_region(#region)),
            ("signingRegionSet", Value::Array(regions)) => {
                let regions = regions.iter().filter_map(Value::as_str);
                quote!(.signing_region_set([#(#regions),*]))
            }
            (key, value) => {
                let value = property(value)?;
                quote!(.property(#key, #value))
            }
        });
    }
    Some(quote!(AuthScheme::new(#name) #calls))
}

fn property(value: &Value) -> Option<TokenStream> {
    Some(match value {
        Value::String(text) => quote!(Property::from(#text)),
        Value::Bool(value) => quote!(Property::from(#value)),
        Value::Number(number) => {
            let number = number.as_i64()?;
            quote!(Property::from(#number))
        }
        Value::Array(items) => {
            let items = items.iter().map(property).collect::<Option<Vec<_>>>()?;
            quote!(Property::List(vec![#(#items),*]))
        }
        Value::Object(map) => {
            let entries = map.iter().map(|(name, value)| {
                let value = property(value)?;
                Some(quote!((#name, #value)))
            });
            let entries = entries.collect::<Option<Vec<_>>>()?;
            quote!(Property::map([#(#entries),*]))
        }
        Value::Null => return None,
    })
}
