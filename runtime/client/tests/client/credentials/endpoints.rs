//! The corpora that say where the container and instance endpoints are.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response, Uri};
use serde_json::Value;
use tinsmith_client::BoxFuture;
use tinsmith_client::credentials::{
    ContainerProvider, EndpointMode, ImdsProvider, ProvideCredentials, ProviderContext,
};
use tinsmith_client::environment::Environment;
use tinsmith_client::transport::{Transport, TransportError};

use super::corpus;
use crate::world::{FakeClock, block_on};

/// Refuses everything and remembers what was asked first.
#[derive(Debug, Default)]
struct Refuse(Mutex<Option<Uri>>);

impl Transport for Refuse {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let mut first = self.0.lock().unwrap();
        first.get_or_insert_with(|| request.uri().clone());
        let response = Response::builder().status(400).body(Bytes::new());
        Box::pin(std::future::ready(Ok(response.unwrap())))
    }
}

fn run(
    suite: &str,
    count: usize,
    provider: impl Fn(ProviderContext, &Value) -> Box<dyn ProvideCredentials>,
) {
    let Some(cases) = corpus::json(&format!("{suite}.json")) else {
        return;
    };
    let cases = cases["tests"].as_array().unwrap().iter();
    let cases = cases.map(|case| (case["docs"].as_str().unwrap().to_owned(), case));
    corpus::run(suite, count, cases, |_, case| {
        let (env, fs) = (corpus::strings(&case["env"]), corpus::strings(&case["fs"]));
        let transport = Arc::new(Refuse::default());
        let context = ProviderContext::new(
            Environment::fake(env, fs),
            Arc::clone(&transport) as _,
            FakeClock::at(0),
        );
        let error = block_on(provider(context, case).provide()).unwrap_err();
        let requested = transport.0.lock().unwrap().take();
        let result = &case["result"];
        match result["Ok"].as_str() {
            Some(uri) => assert_eq!(requested.expect(uri).to_string(), uri),
            None => {
                assert_eq!(requested, None);
                let fault = result.get("Err").or(result.get("ErrorContains")).unwrap();
                let fault = ours(fault.as_str().unwrap());
                assert!(error.to_string().contains(fault), "{error} lacks {fault:?}");
            }
        }
    });
}

/// Our words for what the corpora say in the words of the SDK that they come from.
fn ours(theirs: &str) -> &str {
    match theirs {
        "No environment variables were set to configure ECS provider" => "is set",
        "URI did not specify a host" => "the URI did not specify a host",
        other => other,
    }
}

#[test]
fn container_provider_passes_official_cases() {
    run("ecs-tests", 11, |context, _| {
        Box::new(ContainerProvider::new(context))
    });
}

#[test]
fn instance_provider_passes_official_cases() {
    run("imds-endpoint-tests", 14, |context, case| {
        let mut provider = ImdsProvider::new(context);
        if let Some(endpoint) = case["endpoint_override"].as_str() {
            provider = provider.with_endpoint(endpoint);
        }
        match case["mode_override"].as_str() {
            Some("IPv4") => provider = provider.with_endpoint_mode(EndpointMode::IpV4),
            Some("IPv6") => provider = provider.with_endpoint_mode(EndpointMode::IpV6),
            Some(other) => panic!("mode {other}"),
            None => {}
        }
        Box::new(provider)
    });
}
