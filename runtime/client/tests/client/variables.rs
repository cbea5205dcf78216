//! White space around the value of an environment variable never counts, and a blank variable is
//! as good as an unset one.
//!
//! Every variable that the runtime reads has its place here; `examples/tests/guide` checks that.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use tinsmith_client::BoxFuture;
use tinsmith_client::client::Client;
use tinsmith_client::environment::Environment;
use tinsmith_client::transport::{ProxySettings, Transport, TransportError};

use crate::operation::{SERVICE, seal};
use crate::world::FakeClock;

type Variables = &'static [(&'static str, &'static str)];

const KEYS: Variables = &[
    ("AWS_ACCESS_KEY_ID", "AKID"),
    ("AWS_SECRET_ACCESS_KEY", "secret"),
    ("AWS_REGION", "eu-west-1"),
    ("AWS_ENDPOINT_URL", "http://localhost:1/all"),
];

/// Each is a configuration of its own; one without keys of its own gets [`KEYS`].
const CASES: &[Variables] = &[
    &[
        ("AWS_ACCESS_KEY_ID", "AKID"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_SESSION_TOKEN", "token"),
        ("AWS_ACCOUNT_ID", "123456789012"),
        ("AWS_DEFAULT_REGION", "eu-west-2"),
        ("AWS_ENDPOINT_URL_TEST", "http://localhost:1/own"),
    ],
    &[
        ("AWS_USE_FIPS_ENDPOINT", "true"),
        ("AWS_USE_DUALSTACK_ENDPOINT", "true"),
    ],
    &[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")],
    &[("AWS_RETRY_MODE", "legacy"), ("AWS_MAX_ATTEMPTS", "2")],
    &[("AWS_DISABLE_CLOCK_SKEW_CORRECTION", "true")],
    &[("AWS_SDK_UA_APP_ID", "billing")],
    &[("AWS_CA_BUNDLE", "/no/such/bundle.pem")],
    &[("AWS_CONFIG_FILE", "/etc/aws"), ("AWS_PROFILE", "keys")],
    &[
        ("AWS_SHARED_CREDENTIALS_FILE", "~/keys"),
        ("HOME", "/h"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", "http://localhost:1"),
    ],
    &[
        ("USERPROFILE", "C:\\me"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", "http://localhost:1"),
    ],
    &[
        ("HOMEDRIVE", "C:"),
        ("HOMEPATH", "\\me"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", "http://localhost:1"),
    ],
    &[
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/etc/token"),
        ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r"),
        ("AWS_ROLE_SESSION_NAME", "session"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL_STS", "http://sts"),
        ("AWS_ENDPOINT_URL_TEST", "http://localhost:1"),
    ],
    &[
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/keys"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", "http://localhost:1"),
    ],
    &[
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/v1"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "token"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", "http://localhost:1"),
    ],
    &[
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/v1"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/etc/token"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", "http://localhost:1"),
    ],
    &[
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", "http://localhost:1"),
    ],
    &[
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://imds"),
        ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "2"),
        ("AWS_METADATA_SERVICE_TIMEOUT", "3"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", "http://localhost:1"),
    ],
    &[
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", "http://localhost:1"),
    ],
    &[
        ("AWS_ENDPOINT_URL_SSO", "http://sso"),
        ("AWS_ENDPOINT_URL_SSO_OIDC", "http://oidc"),
        ("AWS_PROFILE", "sso"),
        ("AWS_CONFIG_FILE", "/etc/aws"),
        ("HOME", "/h"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL_TEST", "http://localhost:1"),
    ],
    &[
        ("http_proxy", "p:1"),
        ("https_proxy", "q:1"),
        ("no_proxy", "x.test"),
    ],
    &[
        ("HTTP_PROXY", "p:1"),
        ("HTTPS_PROXY", "q:1"),
        ("NO_PROXY", "x.test"),
    ],
    &[("all_proxy", "p:1")],
    &[("ALL_PROXY", "p:1")],
    &[("HTTP_PROXY", "p:1"), ("REQUEST_METHOD", "GET")],
];

const KEYS_IN_PROFILE: &str = "aws_access_key_id = PROFILE\naws_secret_access_key = secret\n";

fn files() -> Vec<(&'static str, String)> {
    let sso = "[profile sso]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n\
               [sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://start\n";
    // Its token has expired, but the client that asked for it is still registered.
    let token = r#"{"accessToken": "old", "expiresAt": "1970-01-01T00:00:00Z", "clientId": "i",
        "clientSecret": "s", "refreshToken": "r", "registrationExpiresAt": "2100-01-01T00:00:00Z"}"#;
    let cache = "/h/.aws/sso/cache/a0f1490a20d0211c997b44bc357e1972deab8ae3.json";
    vec![
        (
            "/etc/aws",
            format!("[profile keys]\n{KEYS_IN_PROFILE}{sso}"),
        ),
        ("/h/keys", format!("[default]\n{KEYS_IN_PROFILE}")),
        (
            "C:\\me\\.aws\\config",
            format!("[default]\n{KEYS_IN_PROFILE}"),
        ),
        ("/etc/token", "jwt".to_owned()),
        (cache, token.to_owned()),
    ]
}

/// Answers as each service would and keeps the requests.
#[derive(Clone, Debug, Default)]
struct Services(Arc<Mutex<Vec<String>>>);

impl Transport for Services {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let (status, body) = respond(&request.uri().to_string());
        let mut headers: Vec<_> = request.headers().iter().collect();
        headers.retain(|(name, _)| *name != "amz-sdk-invocation-id");
        let (method, uri) = (request.method(), request.uri());
        let line = format!("{method} {uri} {headers:?} {:?}", request.body());
        // Sensitive headers are not shown, and the signature covers a random id.
        let secret = |name| {
            let value = request.headers().get(name)?.to_str().unwrap();
            value.split("Signature=").next()
        };
        let secrets = (secret("authorization"), secret("x-amz-security-token"));
        self.0.lock().unwrap().push(format!("{line} {secrets:?}"));
        let response = Response::builder().status(status);
        Box::pin(std::future::ready(Ok(response
            .body(Bytes::from(body))
            .unwrap())))
    }
}

fn respond(uri: &str) -> (u16, String) {
    let keys = |id, secret, token, expiry| {
        format!(r#"{{"{id}": "A", "{secret}": "S", "{token}": "T", {expiry}}}"#)
    };
    let container = || {
        let expiry = r#""Expiration": "2100-01-01T00:00:00Z""#;
        keys("AccessKeyId", "SecretAccessKey", "Token", expiry)
    };
    if uri.starts_with("http://sts") {
        let keys = "<AccessKeyId>A</AccessKeyId><SecretAccessKey>S</SecretAccessKey>\
                    <SessionToken>T</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration>";
        (200, format!("<Credentials>{keys}</Credentials>"))
    } else if uri.ends_with("/token") && uri.contains("oidc") {
        (
            200,
            r#"{"accessToken": "new", "expiresIn": 3600}"#.to_owned(),
        )
    } else if uri.starts_with("http://sso") {
        let keys = keys(
            "accessKeyId",
            "secretAccessKey",
            "sessionToken",
            "\"expiration\": 4102444800000",
        );
        (200, format!(r#"{{"roleCredentials": {keys}}}"#))
    } else if uri.ends_with("/api/token") || uri.ends_with("security-credentials/") {
        (200, "text".to_owned())
    } else if uri.ends_with("/text") || uri.ends_with("/keys") || uri.ends_with("/v1") {
        (200, container())
    } else if uri.contains("localhost") {
        // Worth a retry, so that the number of attempts shows.
        (500, "{}".to_owned())
    } else {
        (404, "{}".to_owned())
    }
}

/// All that the variables, which are those of `case` in one way or another, cause: requests,
/// errors, proxies.
async fn effects(case: Variables, variables: &[(String, String)]) -> Vec<String> {
    let set = |name| case.iter().any(|(given, _)| *given == name);
    let windows = set("USERPROFILE") || set("HOMEPATH");
    let environment = Environment::fake(variables.to_vec(), files()).windows_paths(windows);
    let services = Services::default();
    let mut builder = Client::builder::<Client>(&SERVICE)
        .environment(environment.clone())
        .clock(Arc::into_inner(FakeClock::at(1_651_516_560)).unwrap());
    if !set("AWS_CA_BUNDLE") {
        builder = builder.transport(services.clone());
    }
    let outcome = match builder.build().await {
        Ok(client) => match client.send(seal()).await {
            Ok(_) => "success".to_owned(),
            Err(error) => error.to_string(),
        },
        Err(error) => error.to_string(),
    };
    let proxies = ProxySettings::from_vars(|name| environment.var(name));
    let mut effects = std::mem::take(&mut *services.0.lock().unwrap());
    effects.extend([outcome, format!("{proxies:?}")]);
    effects
}

/// The variables of a case, complete, with values made by `value`.
fn variables(case: Variables, value: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let complete = case
        .iter()
        .any(|(name, _)| name.starts_with("AWS_ENDPOINT_URL"));
    let keys = if complete { &[][..] } else { KEYS };
    let all = case.iter().chain(keys);
    all.map(|(name, text)| ((*name).to_owned(), value(text)))
        .collect()
}

#[tokio::test]
async fn white_space_around_a_value_has_no_effect() {
    for case in CASES {
        let plain = effects(case, &variables(case, str::to_owned)).await;
        let padded = effects(case, &variables(case, |text| format!(" \t{text}\r\n"))).await;
        assert_eq!(padded, plain, "{case:?}");
    }
}

#[tokio::test]
async fn a_blank_variable_counts_as_unset() {
    for case in CASES {
        for (blank, _) in *case {
            let mut given = variables(case, str::to_owned);
            given.retain(|(name, _)| name != blank);
            let unset = effects(case, &given).await;
            for value in ["", " \r\n"] {
                let mut given = given.clone();
                given.push(((*blank).to_owned(), value.to_owned()));
                assert_eq!(effects(case, &given).await, unset, "{blank}");
            }
        }
    }
}

/// Else the tests above would compare failures.
#[tokio::test]
async fn every_case_reaches_the_service() {
    for case in CASES {
        let set = |name| case.iter().any(|(given, _)| *given == name);
        let fails = set("AWS_CA_BUNDLE")
            || set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            || set("AWS_EC2_METADATA_DISABLED");
        let effects = effects(case, &variables(case, str::to_owned)).await;
        let reached = effects
            .iter()
            .any(|line| line.contains("POST http://localhost:1"));
        assert_eq!(reached, !fails, "{case:?}: {effects:#?}");
    }
}
