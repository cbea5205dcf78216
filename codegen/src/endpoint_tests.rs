//! The tests that stand beside endpoint rules (`smithy.rules#endpointTests`), as Rust.
//!
//! A [`Suite`] is one set of rules with its tests. Its [`rules`](Suite::rules) are the module of a
//! generated crate; its [`tests`](Suite::tests) are a function that asks the module and returns
//! what it answered beside what is expected, for a program of the caller's that has `Case`.

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};

use crate::emit::endpoint::endpoint_items;
use crate::emit::ident;
use crate::endpoint::{BuiltIn, Parameter, Rules, parse_bdd, parse_rule_set};
use crate::output::render::{Imports, RustFile, render};

/// One set of rules with its tests.
#[derive(Clone, Debug)]
pub struct Suite {
    /// For the reader of a table.
    pub name: String,
    /// The name as a Rust module.
    pub module: String,
    rules: Rules,
    tests: Vec<Value>,
}

/// The suites of the service in the text of a model: its rule set and its table, each with the same
/// tests. None when the model has no service or no tests.
///
/// # Errors
///
/// A text when the model is no JSON, the rules are wrong, or a test does not fit them.
pub fn of_model(name: &str, text: &str) -> Result<Vec<Suite>, String> {
    let model: Value = serde_json::from_str(text).map_err(|fault| format!("{name}: {fault}"))?;
    let mut shapes = model["shapes"]
        .as_object()
        .into_iter()
        .flat_map(Map::values);
    let Some(service) = shapes.find(|shape| shape["type"] == "service") else {
        return Ok(Vec::new());
    };
    let traits = &service["traits"];
    let tests = &traits["smithy.rules#endpointTests"];
    if tests["testCases"].as_array().is_none_or(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let fault = |faults: Vec<String>| format!("{name}: {}", faults.join("; "));
    let mut suites = Vec::new();
    if let Some(rules) = traits.get("smithy.rules#endpointRuleSet") {
        let rules = parse_rule_set(rules).map_err(fault)?;
        suites.push(Suite::new(&format!("{name} tree"), rules, tests)?);
    }
    if let Some(bdd) = traits.get("smithy.rules#endpointBdd") {
        let rules = parse_bdd(bdd).map_err(fault)?;
        suites.push(Suite::new(&format!("{name} table"), rules, tests)?);
    }
    Ok(suites)
}

impl Suite {
    /// `tests` is the value of `smithy.rules#endpointTests`.
    ///
    /// # Errors
    ///
    /// A text when a test gives a built-in parameter that the rules know by another name.
    pub fn new(name: &str, rules: Rules, tests: &Value) -> Result<Self, String> {
        let suite = Self {
            name: name.to_owned(),
            module: name.to_snake_case(),
            rules,
            tests: tests["testCases"].as_array().cloned().unwrap_or_default(),
        };
        suite.check_built_ins()?;
        Ok(suite)
    }

    /// How many tests there are.
    pub fn len(&self) -> usize {
        self.tests.len()
    }

    /// Whether there is no test.
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    /// The text of the module that a generated crate has for the rules.
    ///
    /// # Errors
    ///
    /// A text when what is emitted is no Rust: a fault of the generator.
    pub fn rules(&self) -> Result<String, String> {
        let file = RustFile {
            path: format!("{}.rs", self.module),
            attributes: Vec::new(),
            docs: vec!["Endpoint rules.".to_owned()],
            items: endpoint_items(&self.rules),
        };
        render(file, "endpoint rules", &Imports::default())
    }

    /// The text of the function `fn MODULE() -> Vec<Case>`. It calls
    /// `Case::new(title, answer, expected, is_outdated)`; see [`is_outdated`].
    ///
    /// # Errors
    ///
    /// A text when a test names a parameter that the rules do not have, or has another form than
    /// the trait's.
    pub fn tests(&self) -> Result<String, String> {
        let module = ident(&self.module);
        let mut cases = Vec::with_capacity(self.tests.len());
        for test in &self.tests {
            let title = test["documentation"].as_str().unwrap_or("");
            let params = self.params(test["params"].as_object())?;
            let expect = expectation(&test["expect"]).ok_or_else(|| {
                format!(
                    "{}: the test `{title}` expects something of another form",
                    self.name
                )
            })?;
            let is_outdated = is_outdated(test);
            cases.push(quote! {
                Case::new(
                    #title,
                    { let mut params = #module::Params::default(); #params #module::resolve(&params) },
                    #expect,
                    #is_outdated,
                )
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

/// Whether a test holds no longer. In April 2025 `partitions.json` said that AWS's isolated
/// partitions `aws-iso` and `aws-iso-b` have no dual-stack domains, and models of then test for the
/// error. They have some now, and the same rules give an endpoint.
pub fn is_outdated(test: &Value) -> bool {
    let region = test["params"]["Region"].as_str().unwrap_or("");
    let error = test["expect"]["error"].as_str().unwrap_or("");
    (region.starts_with("us-iso-") || region.starts_with("us-isob-"))
        && test["params"]["UseDualStack"] == true
        && [
            "FIPS and DualStack are enabled, but this partition does not support one or both",
            "DualStack is enabled but this partition does not support DualStack",
        ]
        .contains(&error)
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
