//! The XML of STS responses.

use tinsmith_client::credentials::WebIdentityProvider;
use tinsmith_client::credentials::{Credentials, CredentialsError};
use tinsmith_client::environment::Environment;
use tinsmith_client::http::Response;
use tinsmith_client::transport::mock::{ANY, MockResponse, MockTransport};

use super::machine::{ask, context};

/// Reads a response as that of AssumeRoleWithWebIdentity. Then takes the lines of `data` for
/// credentials, and checks that they are found in a response that holds them.
pub fn run(data: &[u8]) {
    let _ = assume_role(MockResponse::new(super::http::response(data)));

    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let mut lines = text.lines().map(str::trim);
    let mut line = || lines.next().filter(|line| !line.is_empty());
    let (Some(key), Some(secret), Some(token)) = (line(), line(), line()) else {
        return;
    };
    let body = format!(
        "<R><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn>\
         </AssumedRoleUser><Credentials><AccessKeyId>{}</AccessKeyId>\
         <SecretAccessKey>{}</SecretAccessKey><SessionToken>{}</SessionToken>\
         <Expiration>2026-01-01T01:00:00Z</Expiration></Credentials></R>",
        escaped(key),
        escaped(secret),
        escaped(token),
    );
    let found = assume_role(MockResponse::new(Response::new(body.into())));
    let found = found.expect("the response holds credentials");
    assert_eq!(found.access_key_id(), key);
    assert_eq!(found.secret_access_key(), secret);
    assert_eq!(found.session_token(), Some(token));
}

fn assume_role(response: MockResponse) -> Result<Credentials, CredentialsError> {
    let variables = [
        ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"),
    ];
    let environment = Environment::fake(variables, [("/token", "a.b.c")]);
    let network = MockTransport::new();
    network.respond_with(ANY, move |_| response.clone());
    ask(&WebIdentityProvider::new(context(environment, &network)))
}

/// XML's own characters as references, one of each kind.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&#62;")
        .replace('"', "&#x22;")
}
