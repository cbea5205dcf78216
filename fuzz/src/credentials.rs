//! The JSON in which containers, the instance metadata service and programs hand out credentials.

use serde_json::Value;
use tinsmith_client::credentials::{
    ContainerProvider, Credentials, ImdsProvider, read_process_output,
};
use tinsmith_client::environment::Environment;
use tinsmith_client::http::Response;
use tinsmith_client::transport::mock::{ANY, MockResponse, MockTransport};

use super::machine::{ask, check, context};

/// Reads a response as each of these sources does, and checks what was found against serde_json.
pub fn run(data: &[u8]) {
    let response = super::http::response(data);
    let body = response.body().clone();

    let network = MockTransport::new();
    let response = MockResponse::new(response);
    let from_container = response.clone();
    network.respond_with(ANY, move |_| from_container.clone());
    let uri = "http://127.0.0.1/credentials".to_owned();
    let variables = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri)];
    let container = Environment::with_variables(variables);
    if let Ok(found) = ask(&ContainerProvider::new(context(container, &network))) {
        same(&body, &found, "Token");
    }

    let network = MockTransport::new();
    let text = |text: &'static str| MockResponse::new(Response::new(text.into()));
    network.respond_with("PUT /latest/api/token", move |_| text("token"));
    let roles = "GET /latest/meta-data/iam/security-credentials/";
    network.respond_with(roles, move |_| text("role"));
    network.respond_with(ANY, move |_| response.clone());
    let instance = Environment::empty();
    if let Ok(found) = ask(&ImdsProvider::new(context(instance, &network))) {
        same(&body, &found, "Token");
    }

    let outcome = read_process_output(&body);
    check(&outcome);
    if let Ok(found) = outcome {
        same(&body, &found, "SessionToken");
    }
}

/// Checks that the credentials are those in `json`.
fn same(json: &[u8], found: &Credentials, token: &str) {
    let json: Value = serde_json::from_slice(json).expect("credentials come of valid JSON");
    let same = |name: &str, found: Option<&str>| match (&json[name], found) {
        (Value::String(text), Some(found)) => assert_eq!(text.trim(), found.trim(), "{name}"),
        (Value::String(text), None) => assert_eq!(text.trim(), "", "{name}"),
        // A number counts by its text.
        (Value::Number(_), _) => {}
        (_, found) => assert_eq!(found, None, "{name}"),
    };
    same("AccessKeyId", Some(found.access_key_id()));
    same("SecretAccessKey", Some(found.secret_access_key()));
    same(token, found.session_token());
}
