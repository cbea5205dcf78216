//! One set of rules with its tests, as Rust.

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Map, Value};
use tinsmith_codegen::emit::endpoint::endpoint_items;
use tinsmith_codegen::endpoint::{BuiltIn, Parameter, Rules};

pub(crate) struct Suite {
    pub(crate) name: String,
    pub(crate) module: String,
    pub(crate) cases: usize,
    rules: Rules,
    tests: Value,
}

impl Suite {
    /// `tests` is the value of `smithy.rules#endpointTests`.
    pub(crate) fn new(name: &str, rules: Rules, tests: &Value) -> Self {
        let suite = Self {
            name: name.to_owned(),
            module: name.to_snake_case(),
            cases: tests["testCases"].as_array().unwrap().len(),
            rules,
            tests: tests.clone(),
        };
        assert!(suite.cases > 0, "{name} has no tests");
        suite.check_built_ins();
        suite
    }

    /// The module as a generated crate has it.
    pub(crate) fn source(&self) -> String {
        let items = endpoint_items(&self.rules);
        let items = items.into_iter().map(|item| {
            let file = syn::parse2(item.clone());
            prettyplease::unparse(
                &file.unwrap_or_else(|error| panic!("{}: {error}: {item}", self.name)),
            )
        });
        let items: Vec<String> = items.collect();
        format!("//! Endpoint rules.\n\n{}", items.join("\n"))
    }

    /// The function that returns each test: its name, the answer, and the expectation.
    pub(crate) fn tests(&self) -> String {
        let module = format_ident!("{}", self.module);
        let cases = self.tests["testCases"].as_array().unwrap().iter().map(|test| {
            let title = test["documentation"].as_str().unwrap_or("");
            let params = self.params(test["params"].as_object());
            let expect = expectation(&test["expect"]);
            let is_outdated = is_outdated(test);
            quote!(Case::new(#title, { let mut params = #module::Params::default(); #params #module::resolve(&params) }, #expect, #is_outdated))
        });
        let function = quote!(fn #module() -> Vec<Case> { vec![#(#cases),*] });
        prettyplease::unparse(&syn::parse2(function).unwrap())
    }

    fn params(&self, given: Option<&Map<String, Value>>) -> TokenStream {
        let fields = given.into_iter().flatten().map(|(name, value)| {
            let parameter = self.parameter(|parameter| parameter.name == *name);
            let parameter = parameter.unwrap_or_else(|| panic!("{}: no {name}", self.name));
            let field: TokenStream = match &*parameter.field {
                "type" => quote!(r#type),
                field => field.parse().unwrap(),
            };
            let value = match value {
                Value::String(text) => quote!(#text.to_owned()),
                Value::Bool(value) => quote!(#value),
                Value::Array(items) => {
                    let items = items.iter().map(|item| item.as_str().unwrap());
                    quote!(vec![#(#items.to_owned()),*])
                }
                other => panic!("{}: {name} is {other}", self.name),
            };
            let value = if parameter.is_option() {
                quote!(Some(#value))
            } else {
                value
            };
            quote!(params.#field = #value;)
        });
        quote!(#(#fields)*)
    }

    fn parameter(&self, is_it: impl Fn(&Parameter) -> bool) -> Option<&Parameter> {
        self.rules
            .parameters
            .iter()
            .find(|parameter| is_it(parameter))
    }

    /// The built-ins that tests give by their own names are the parameters that we took them for.
    fn check_built_ins(&self) {
        for test in self.tests["testCases"].as_array().unwrap() {
            let inputs = test["operationInputs"].as_array();
            for input in inputs.into_iter().flatten() {
                for (name, value) in input["builtInParams"].as_object().into_iter().flatten() {
                    let built_in = match &**name {
                        "AWS::Region" => BuiltIn::Region,
                        "AWS::UseFIPS" => BuiltIn::UseFips,
                        "AWS::UseDualStack" => BuiltIn::UseDualStack,
                        "SDK::Endpoint" => BuiltIn::Endpoint,
                        "AWS::Auth::AccountId" => BuiltIn::AccountId,
                        "AWS::Auth::AccountIdEndpointMode" => BuiltIn::AccountIdEndpointMode,
                        other => BuiltIn::Other(other.to_owned()),
                    };
                    let parameter = self.parameter(|p| p.built_in.as_ref() == Some(&built_in));
                    let parameter = parameter.unwrap_or_else(|| panic!("{}: no {name}", self.name));
                    assert_eq!(
                        test["params"][&parameter.name], *value,
                        "{}: {name}",
                        self.name
                    );
                }
            }
        }
    }
}

/// Tests that hold no longer. In April 2025 `partitions.json` said that AWS's isolated partitions
/// `aws-iso` and `aws-iso-b` have no dual-stack domains, and models of then test for the error. They
/// have some now, in the table of the conformance files too, and the same rules give an endpoint.
fn is_outdated(test: &Value) -> bool {
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

fn expectation(expect: &Value) -> TokenStream {
    if let Some(message) = expect["error"].as_str() {
        return quote!(Err(#message));
    }
    let endpoint = &expect["endpoint"];
    let url = endpoint["url"].as_str().unwrap();
    let mut calls = TokenStream::new();
    for (name, value) in endpoint["properties"].as_object().into_iter().flatten() {
        if name == "authSchemes" {
            let schemes = value.as_array().unwrap().iter().map(auth_scheme);
            calls.extend(quote!(#(.auth_scheme(#schemes))*));
        } else {
            let value = property(value);
            calls.extend(quote!(.property(#name, #value)));
        }
    }
    for (name, values) in endpoint["headers"].as_object().into_iter().flatten() {
        let values = values
            .as_array()
            .unwrap()
            .iter()
            .map(|value| value.as_str().unwrap());
        calls.extend(quote!(.header(#name, &[#(#values),*]).unwrap()));
    }
    quote!(Ok((#url, Endpoint::new(#url).unwrap() #calls)))
}

fn auth_scheme(scheme: &Value) -> TokenStream {
    let name = scheme["name"].as_str().unwrap();
    let mut calls = TokenStream::new();
    for (key, value) in scheme.as_object().unwrap() {
        calls.extend(match (&**key, value) {
            ("name", _) => continue,
            ("signingName", Value::String(name)) => quote!(.signing_name(#name)),
            ("signingRegion", Value::String(region)) => quote!(.signing_region(#region)),
            ("signingRegionSet", Value::Array(regions)) => {
                let regions = regions.iter().map(|region| region.as_str().unwrap());
                quote!(.signing_region_set([#(#regions),*]))
            }
            (key, value) => {
                let value = property(value);
                quote!(.property(#key, #value))
            }
        });
    }
    quote!(AuthScheme::new(#name) #calls)
}

fn property(value: &Value) -> TokenStream {
    match value {
        Value::String(text) => quote!(Property::from(#text)),
        Value::Bool(value) => quote!(Property::from(#value)),
        Value::Number(number) => {
            let number = number.as_i64().unwrap();
            quote!(Property::from(#number))
        }
        Value::Array(items) => {
            let items = items.iter().map(property);
            quote!(Property::List(vec![#(#items),*]))
        }
        Value::Object(map) => {
            let entries = map.iter().map(|(name, value)| {
                let value = property(value);
                quote!((#name, #value))
            });
            quote!(Property::map([#(#entries),*]))
        }
        Value::Null => panic!("a property is null"),
    }
}
