//! The client: `src/client.rs`.

use quote::quote;

use crate::ir::{Protocol, Service};
use crate::render::RustFile;

use super::docs;

/// What is fixed about the service, and the client.
pub(super) fn file(service: &Service) -> RustFile {
    let sdk_id = &service.sdk_id;
    let version = &service.version;
    let new = match service.protocol {
        Protocol::AwsJson1_0 => quote!(aws_json_1_0),
        Protocol::AwsJson1_1 => quote!(aws_json_1_1),
    };
    let signing = service
        .signing_name
        .iter()
        .map(|name| quote!(.signing_name(#name)));
    let query = service
        .query_compatible
        .then(|| quote!(.query_compatible()));
    let docs = docs(&["What all operations have in common.".to_owned()]);
    RustFile {
        path: "src/client.rs".to_owned(),
        docs: Vec::new(),
        items: vec![quote! {
            #docs
            pub(crate) static SERVICE: ServiceInfo = ServiceInfo::#new(#sdk_id, #version)
                .crate_version(env!("CARGO_PKG_VERSION"))
                #(#signing)*
                #query;
        }],
    }
}
