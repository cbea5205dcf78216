//! The client and its endpoint: `src/client.rs`, `src/endpoint.rs`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::endpoint::{BuiltIn, Parameter, Rules, Type};
use crate::ir::{Auth, EndpointInput, Operation, Protocol, Service};
use crate::output::render::RustFile;
use crate::text;

use super::{docs, endpoint, ident};

/// What is fixed about the service, and the client.
pub(super) fn file(service: &Service) -> RustFile {
    let title = text::markdown(&service.title);
    let client = docs(&[
        format!("A client for {title}."),
        String::new(),
        "Cheap to clone and safe to share: clones use the same connections, credentials and".into(),
        "retry tokens.".into(),
    ]);
    let from_env = docs(&[
        "A client with the settings of the environment and the shared config files.".into(),
        String::new(),
        "# Errors".into(),
        String::new(),
        "What is missing, such as the region or credentials, and how to give it.".into(),
    ]);
    let builder = docs(&["Begins a client with settings of your own.".into()]);
    let send = docs(&[
        "Sends a request and gives the output with request id and number of attempts.".into(),
        String::new(),
        "# Errors".into(),
        String::new(),
        "See [`Error`] for the kinds of failure.".into(),
    ]);
    RustFile {
        path: "src/client.rs".to_owned(),
        attributes: Vec::new(),
        docs: Vec::new(),
        items: vec![
            service_info(service),
            quote! {
                #client
                #[derive(Clone, Debug)]
                pub struct Client {
                    pub(crate) inner: tinsmith_runtime::Client,
                }
            },
            quote! {
                impl Client {
                    #from_env
                    pub async fn from_env() -> Result<Self, BuildError> {
                        Self::builder().build().await
                    }

                    #builder
                    pub fn builder() -> Builder<Self> {
                        tinsmith_runtime::Client::builder(&SERVICE)
                    }

                    #send
                    pub async fn send<O: Operation>(
                        &self,
                        request: O,
                    ) -> Result<Response<O::Output>, Error<O::Error>> {
                        self.inner.send(request).await
                    }
                }
            },
            quote! {
                impl From<tinsmith_runtime::Client> for Client {
                    fn from(inner: tinsmith_runtime::Client) -> Self {
                        Self { inner }
                    }
                }
            },
        ],
    }
}

fn service_info(service: &Service) -> TokenStream {
    let sdk_id = &service.sdk_id;
    let version = &service.version;
    let target = &service.shape_name;
    let new = match service.protocol {
        Protocol::AwsJson1_0 => quote!(aws_json_1_0),
        Protocol::AwsJson1_1 => quote!(aws_json_1_1),
    };
    let signing = service
        .signing_name
        .iter()
        .map(|name| quote!(.signing_name(#name)));
    let is_signed = |operation: &Operation| operation.auth == Auth::SigV4;
    let optional = (service.signs() && !service.operations.iter().all(is_signed))
        .then(|| quote!(.optional_credentials()));
    let query = service
        .query_compatible
        .then(|| quote!(.query_compatible()));
    let rules = service
        .endpoint
        .is_some()
        .then(|| quote!(.endpoint_rules(crate::endpoint::rules)));
    let docs = docs(&["What all operations have in common.".to_owned()]);
    quote! {
        #docs
        pub(crate) static SERVICE: ServiceInfo = ServiceInfo::#new(#sdk_id, #version, #target)
            .crate_version(env!("CARGO_PKG_VERSION"))
            #(#signing)*
            #optional
            #query
            #rules;
    }
}

/// The model's endpoint rules.
pub(super) fn endpoint_file(service: &Service) -> Option<RustFile> {
    let rules = service.endpoint.as_ref()?;
    let items = endpoint::items_with(rules, Some(adapter(rules, service)));
    Some(RustFile {
        path: "src/endpoint.rs".to_owned(),
        attributes: Vec::new(),
        docs: vec![format!(
            "Where requests to {} go, by the rules of its model.",
            text::markdown(&service.title)
        )],
        items,
    })
}

/// From what every client knows to the parameters of these rules.
fn adapter(rules: &Rules, service: &Service) -> TokenStream {
    let built_in: Vec<_> = rules
        .parameters
        .iter()
        .filter_map(|parameter| {
            let field = ident(&parameter.field);
            let (text, flag) = match parameter.built_in.as_ref()? {
                BuiltIn::Region => (Some(quote!(region)), None),
                BuiltIn::Endpoint => (Some(quote!(endpoint)), None),
                BuiltIn::UseFips => (None, Some(quote!(use_fips))),
                BuiltIn::UseDualStack => (None, Some(quote!(use_dual_stack))),
                BuiltIn::AccountId | BuiltIn::AccountIdEndpointMode | BuiltIn::Other(_) => {
                    return None;
                }
            };
            let text = text.map(|text| quote!(#field: query.#text.map(str::to_owned),));
            let optional = parameter.is_option();
            let flag = flag.map(|flag| match optional {
                true => quote!(#field: Some(query.#flag),),
                false => quote!(#field: query.#flag,),
            });
            Some(quote!(#text #flag))
        })
        .collect();
    let known = built_in.len();
    let uses_inputs = service
        .operations
        .iter()
        .any(|op| !op.endpoint_inputs.is_empty());
    let inputs = uses_inputs.then(|| inputs(rules, service));
    let mutable = uses_inputs.then(|| quote!(mut));
    let rest = (known < rules.parameters.len()).then(|| quote!(..Params::default()));
    let query = match known == 0 && !uses_inputs {
        true => quote!(_),
        false => quote!(query),
    };
    let docs = docs(&["Asks the rules with what a client and an operation know.".to_owned()]);
    quote! {
        #docs
        pub(crate) fn rules(#query: &endpoint::EndpointQuery<'_>) -> Result<Endpoint, EndpointError> {
            let #mutable params = Params { #(#built_in)* #rest };
            #inputs
            resolve(&params)
        }
    }
}

/// Parameters that operations of this crate add.
fn inputs(rules: &Rules, service: &Service) -> TokenStream {
    let is_used = |parameter: &&Parameter| {
        let of = |input: &EndpointInput| input.parameter == parameter.name;
        service
            .operations
            .iter()
            .any(|operation| operation.endpoint_inputs.iter().any(of))
    };
    let arms: Vec<_> = rules
        .parameters
        .iter()
        .filter(is_used)
        .filter_map(|parameter| {
            let name = &parameter.name;
            let field = ident(&parameter.field);
            let (kind, value) = match parameter.ty {
                Type::String => (quote!(String), quote!(value.clone())),
                Type::Boolean => (quote!(Boolean), quote!(*value)),
                Type::Strings => (quote!(Strings), quote!(value.clone())),
                Type::Integer | Type::Partition | Type::Arn | Type::Url => return None,
            };
            let value = if parameter.is_option() {
                quote!(Some(#value))
            } else {
                value
            };
            let pattern = quote!((#name, endpoint::EndpointInput::#kind(value)));
            Some((pattern, quote!(params.#field = #value)))
        })
        .collect();
    if let [(pattern, assignment)] = arms.as_slice() {
        return quote! {
            for (name, input) in query.inputs {
                if let #pattern = (*name, input) {
                    #assignment;
                }
            }
        };
    }
    let arms = arms
        .iter()
        .map(|(pattern, assignment)| quote!(#pattern => #assignment,));
    quote! {
        for (name, input) in query.inputs {
            match (*name, input) {
                #(#arms)*
                _ => {}
            }
        }
    }
}
