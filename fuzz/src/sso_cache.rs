//! The files in which `aws sso login` leaves its tokens, and their renewal.

use serde_json::Value;
use tinsmith_client::credentials::ProfileProvider;
use tinsmith_client::environment::Environment;
use tinsmith_client::transport::mock::{ANY, MockResponse, MockTransport};

use super::machine::{ask, context};

const CONFIG: &str = "[default]\n\
    sso_session = dev\n\
    sso_account_id = 123456789012\n\
    sso_role_name = reader\n\
    [sso-session dev]\n\
    sso_region = eu-central-1\n\
    sso_start_url = https://example.awsapps.com/start\n";

/// Named by the SHA-1 of `dev`.
const FILE: &str = "/h/.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json";

/// The separator between a file and the response to its refresh.
const RENEWAL: &[u8] = b"\n---\n";

const CREDENTIALS: &str = r#"{"roleCredentials": {"accessKeyId": "key", "secretAccessKey": "secret",
    "sessionToken": "token", "expiration": 1767229200000}}"#;

/// Reads `data` as such a file, and checks the token that goes out and the file after a renewal
/// against serde_json.
pub fn run(data: &[u8]) {
    let gap = data
        .windows(RENEWAL.len())
        .position(|bytes| bytes == RENEWAL);
    let (file, renewal) = match gap {
        Some(gap) => (&data[..gap], &data[gap + RENEWAL.len()..]),
        None => (data, &[][..]),
    };
    let files = [("/h/.aws/config", CONFIG.as_bytes()), (FILE, file)];
    let environment = Environment::fake([("HOME", "/h")], files);
    let network = MockTransport::new();
    let renewal = MockResponse::new(super::http::response(renewal));
    network.respond_with("POST /token", move |_| renewal.clone());
    network.respond_with(ANY, |_| MockResponse::json(CREDENTIALS));
    let outcome = ask(&ProfileProvider::new(context(
        environment.clone(),
        &network,
    )));

    let sent = network.requests();
    let last = sent.last().filter(|_| outcome.is_ok());
    let Some(token) = last.and_then(|request| request.headers().get("x-amz-sso_bearer_token"))
    else {
        assert!(outcome.is_err(), "no credentials without a token");
        return;
    };
    let before: Value = serde_json::from_slice(file).expect("a token comes of valid JSON");
    let after = environment.read(FILE).expect("the file stays");
    let after: Value = serde_json::from_slice(&after).expect("it stays JSON");
    if let Some(text) = after["accessToken"].as_str() {
        assert_eq!(text.trim().as_bytes(), token.as_bytes().trim_ascii());
    }
    let members = before.as_object().expect("a token is in an object");
    for (name, value) in members.iter().filter(|(_, value)| value.is_string()) {
        let renewed = ["accessToken", "expiresAt", "refreshToken"].contains(&name.as_str());
        assert!(renewed || after[name] == *value, "{name} is kept");
    }
}
