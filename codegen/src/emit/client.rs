//! The client: `src/client.rs`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Auth, Operation, Protocol, Service};
use crate::output::render::RustFile;
use crate::text;

use super::docs;

/// What is fixed about the service, and the client.
pub(super) fn file(service: &Service) -> RustFile {
    let title = text::markdown(&service.title);
    let client = docs(&[
        format!("A client for {title}."),
        String::new(),
        "Clones are cheap and share connections, credentials and retry tokens. The default transport".into(),
        "needs a Tokio runtime with IO and time enabled, such as that of `#[tokio::main]`; a call panics".into(),
        "on a runtime without time.".into(),
    ]);
    let from_env = docs(&[
        "Creates a client from the environment and the shared config files.".into(),
        String::new(),
        "# Errors".into(),
        String::new(),
        "Returns an error if the region or credentials are missing. The message explains how to set".into(),
        "them.".into(),
    ]);
    let builder = docs(&["Returns a builder for a client with custom settings.".into()]);
    let send = docs(&[
        "Sends a request and returns its output with the request ID and the number of attempts."
            .into(),
        String::new(),
        "# Errors".into(),
        String::new(),
        "See [`Error`] for the kinds of errors.".into(),
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
                    pub(crate) inner: tinsmith_client::Client,
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
                        tinsmith_client::Client::builder(&SERVICE)
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
                impl From<tinsmith_client::Client> for Client {
                    fn from(inner: tinsmith_client::Client) -> Self {
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
    let shape = &service.shape_name;
    let protocol = match service.protocol {
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
    let protocol = quote!(tinsmith_core::protocol::Protocol::#protocol() #query);
    let rules = service
        .endpoint
        .is_some()
        .then(|| quote!(.endpoint_rules(crate::endpoint::rules)));
    let docs = docs(&["The service, which all operations share.".to_owned()]);
    quote! {
        #docs
        pub(crate) static SERVICE: ServiceInfo =
            ServiceInfo::new(#protocol, #sdk_id, #version, #shape)
            .crate_version(env!("CARGO_PKG_VERSION"))
            #(#signing)*
            #optional
            #rules;
    }
}
