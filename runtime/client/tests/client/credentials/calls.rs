//! What the corpora leave out: signatures, renewal of tokens, unreachable and hostile servers.

use std::sync::Arc;

use tinsmith_client::BoxFuture;
use tinsmith_client::credentials::{
    Credentials, CredentialsError, CredentialsErrorKind, DefaultChain, ImdsProvider,
    ProvideCredentials, ProviderContext,
};
use tinsmith_client::environment::Environment;
use tinsmith_client::transport::{Transport, TransportError, TransportErrorKind};

use crate::world::{FakeClock, Script, block_on};

/// 2022-05-02T18:36:00Z
const NOW: u64 = 1_651_516_560;

fn default_chain(
    environment: &Environment,
    script: &Arc<Script>,
) -> Result<Credentials, CredentialsError> {
    let context = context(environment, script);
    block_on(DefaultChain::new(context).provide())
}

fn context(environment: &Environment, script: &Arc<Script>) -> ProviderContext {
    ProviderContext::new(
        environment.clone(),
        Arc::clone(script) as _,
        FakeClock::at(NOW),
    )
}

const ASSUMED: &str = "<AssumeRoleResult><Credentials><AccessKeyId>AKID</AccessKeyId>\
     <SecretAccessKey>s&amp;t</SecretAccessKey><SessionToken>token</SessionToken>\
     <Expiration>2022-05-02T19:36:00Z</Expiration></Credentials></AssumeRoleResult>";

#[test]
fn assume_role_is_signed_for_the_region_and_carries_the_settings() {
    let config = "[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n\
         external_id = a b\nrole_session_name = me\nduration_seconds = 900\n[profile base]\n\
         aws_access_key_id = BASE\naws_secret_access_key = x\naws_session_token = t\n";
    let environment = Environment::fake(
        [("AWS_CONFIG_FILE", "c"), ("AWS_REGION", "eu-west-1")],
        [("c", config)],
    );
    let script = Script::new([Err(TransportErrorKind::Connect), Ok((200, ASSUMED))]);
    let credentials = default_chain(&environment, &script).unwrap();
    assert_eq!(credentials.secret_access_key(), "s&t");
    assert_eq!(credentials.provider(), "AssumeRole");
    for request in script.requests() {
        assert_eq!(request.uri(), "https://sts.eu-west-1.amazonaws.com/");
        assert_eq!(
            request.body(),
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr\
             &RoleSessionName=me&ExternalId=a%20b&DurationSeconds=900"
        );
        let header = |name| request.headers()[name].to_str().unwrap();
        let credential = "AWS4-HMAC-SHA256 Credential=BASE/20220502/eu-west-1/sts/aws4_request, ";
        assert!(header("authorization").starts_with(credential));
        assert_eq!(header("x-amz-security-token"), "t");
    }
}

#[test]
fn regions_of_other_forms_lead_to_an_endpoint_that_exists() {
    let config = "[default]\nrole_arn = r\nsource_profile = base\n[profile base]\n\
         aws_access_key_id = BASE\naws_secret_access_key = x\n";
    for (region, uri, signed) in [
        ("aws-global", "https://sts.amazonaws.com/", "us-east-1"),
        (
            "aws-cn-global",
            "https://sts.cn-northwest-1.amazonaws.com.cn/",
            "cn-northwest-1",
        ),
        (
            "fips-us-gov-west-1",
            "https://sts.us-gov-west-1.amazonaws.com/",
            "us-gov-west-1",
        ),
        (
            "us-west-2-fips",
            "https://sts-fips.us-west-2.amazonaws.com/",
            "us-west-2",
        ),
        (
            "fips-aws-global",
            "https://sts-fips.us-east-1.amazonaws.com/",
            "us-east-1",
        ),
    ] {
        let variables = [("AWS_CONFIG_FILE", "c"), ("AWS_REGION", region)];
        let script = Script::new([Ok((200, ASSUMED))]);
        default_chain(&Environment::fake(variables, [("c", config)]), &script).unwrap();
        let request = &script.requests()[0];
        assert_eq!(request.uri(), uri);
        let header = request.headers()["authorization"].to_str().unwrap();
        assert!(
            header.contains(&format!("/{signed}/sts/aws4_request")),
            "{header}"
        );
    }
    for region in ["us-east-1/../x", "US-EAST-1", "us-east-1a"] {
        let variables = [("AWS_CONFIG_FILE", "c"), ("AWS_REGION", region)];
        let environment = Environment::fake(variables, [("c", config)]);
        let error = default_chain(&environment, &Script::default().into()).unwrap_err();
        assert_eq!(error.kind(), CredentialsErrorKind::InvalidConfiguration);
        assert!(error.to_string().contains(region), "{error}");
    }
}

#[test]
fn the_callers_profile_and_region_win() {
    let environment = Environment::fake(
        [
            ("AWS_CONFIG_FILE", "c"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "no"),
            ("AWS_SECRET_ACCESS_KEY", "no"),
        ],
        [
            (
                "c",
                "[profile p]\nrole_arn = r\nweb_identity_token_file = t",
            ),
            ("t", "jwt\n"),
        ],
    );
    let script = Script::new([Ok((200, ASSUMED))]);
    let context = context(&environment, &script)
        .with_profile("p".to_owned())
        .with_region("us-west-2".to_owned());
    block_on(DefaultChain::new(context).provide()).unwrap();
    let request = &script.requests()[0];
    assert_eq!(request.uri(), "https://sts.us-west-2.amazonaws.com/");
    let body = std::str::from_utf8(request.body()).unwrap();
    assert!(body.ends_with("&RoleSessionName=tinsmith-1651516560000&WebIdentityToken=jwt"));
    assert!(!request.headers().contains_key("authorization"));
}

#[test]
fn half_a_pair_of_variables_ends_the_search() {
    for (name, missing) in [
        ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
        ("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"),
    ] {
        let environment = Environment::with_variables([(name, "hidden")]);
        let error = default_chain(&environment, &Script::default().into()).unwrap_err();
        assert_eq!(error.kind(), CredentialsErrorKind::InvalidConfiguration);
        let text = format!("{error} {error:?}");
        assert!(text.contains(missing) && !text.contains("hidden"), "{text}");
    }
}

#[test]
fn a_named_profile_that_is_missing_ends_the_search() {
    let environment = Environment::with_variables([("AWS_PROFILE", "p")]);
    let error = default_chain(&environment, &Script::default().into()).unwrap_err();
    assert_eq!(error.kind(), CredentialsErrorKind::InvalidConfiguration);
}

/// The metadata service would answer, and the script panics if it is asked.
#[test]
fn misconfigured_profile_never_gives_another_identity() {
    let config = "[default]\naws_acces_key_id = a\n[profile p]\nlogin_session = s";
    for variables in [
        &[("AWS_CONFIG_FILE", "c")][..],
        &[("AWS_CONFIG_FILE", "c"), ("AWS_PROFILE", "p")],
    ] {
        let environment = Environment::fake(variables.to_vec(), [("c", config)]);
        let error = default_chain(&environment, &Script::default().into()).unwrap_err();
        assert_eq!(error.kind(), CredentialsErrorKind::InvalidConfiguration);
    }
}

#[test]
fn variables_are_asked_past_an_unreadable_file_and_the_metadata_service_is_not() {
    let files = [("c", "oops"), ("t", "jwt")];
    let environment = Environment::fake([("AWS_CONFIG_FILE", "c")], files);
    let error = default_chain(&environment, &Script::default().into()).unwrap_err();
    assert_eq!(error.kind(), CredentialsErrorKind::UnreadableConfiguration);
    assert!(
        error.to_string().contains("profile file c, line 1"),
        "{error}"
    );

    let variables = [
        ("AWS_CONFIG_FILE", "c"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ROLE_ARN", "r"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "t"),
    ];
    let script = Script::new([Ok((200, ASSUMED))]);
    let credentials = default_chain(&Environment::fake(variables, files), &script).unwrap();
    assert_eq!(credentials.provider(), "WebIdentity");
}

/// A transport whose errors have causes, as those of TLS do.
#[derive(Debug)]
struct Untrusted;

impl Transport for Untrusted {
    fn send(
        &self,
        _: http::Request<bytes::Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<bytes::Bytes>, TransportError>> {
        #[derive(Debug)]
        struct Handshake(std::io::Error);

        impl std::fmt::Display for Handshake {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("TLS handshake failed")
            }
        }

        impl std::error::Error for Handshake {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                Some(&self.0)
            }
        }

        let handshake = Handshake(std::io::Error::other("UnknownIssuer"));
        let error = TransportError::new(TransportErrorKind::Connect, handshake);
        Box::pin(std::future::ready(Err(error)))
    }
}

#[test]
fn a_failed_handshake_of_a_source_is_explained() {
    let variables = [
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ROLE_ARN", "r"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "t"),
    ];
    let environment = Environment::fake(variables, [("t", "jwt")]);
    let context = ProviderContext::new(environment, Arc::new(Untrusted), FakeClock::at(NOW));
    let error = block_on(DefaultChain::new(context).provide()).unwrap_err();
    let reason = "could not connect: TLS handshake failed: UnknownIssuer";
    assert!(error.to_string().ends_with(reason), "{error}");
}

#[test]
fn outside_the_cloud_the_metadata_service_is_asked_once() {
    let environment = Environment::empty();
    let script = Script::new::<String>([Err(TransportErrorKind::ConnectTimeout)]);
    let error = default_chain(&environment, &script).unwrap_err();
    assert_eq!(error.kind(), CredentialsErrorKind::NotConfigured);
    assert_eq!(script.requests().len(), 1);
    let text = error.to_string();
    for tried in [
        "AWS_ACCESS_KEY_ID",
        "no profile",
        "AWS_WEB_IDENTITY",
        "RELATIVE_URI",
        "IMDS",
    ] {
        assert!(text.contains(tried), "{text}");
    }
}

/// In the settings that name files of tokens; `FileLocations` has those of the shared files.
#[test]
fn a_tilde_in_a_path_is_the_home_directory() {
    let files = [
        ("/h/token", "jwt"),
        (
            "/h/config",
            "[profile p]\nrole_arn = r\nweb_identity_token_file = ~/token",
        ),
    ];
    let home = [("HOME", "/h"), ("AWS_REGION", "eu-west-1")];
    let container = r#"{"AccessKeyId": "a", "SecretAccessKey": "s", "Token": "t",
        "Expiration": "2022-05-02T19:36:00Z"}"#;
    for (variables, response) in [
        (
            &[("AWS_CONFIG_FILE", "~/config"), ("AWS_PROFILE", "p")],
            ASSUMED,
        ),
        (
            &[
                ("AWS_WEB_IDENTITY_TOKEN_FILE", "~/token"),
                ("AWS_ROLE_ARN", "r"),
            ],
            ASSUMED,
        ),
        (
            &[
                ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "~/token"),
                ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/"),
            ],
            container,
        ),
    ] {
        let environment = Environment::fake(home.iter().chain(variables).copied(), files);
        let script = Script::new([Ok((200, response))]);
        default_chain(&environment, &script).unwrap();
        let request = &script.requests()[0];
        let token = request
            .headers()
            .get("authorization")
            .map(|value| value.to_str().unwrap());
        let body = std::str::from_utf8(request.body()).unwrap();
        assert!(
            token == Some("jwt") || body.ends_with("WebIdentityToken=jwt"),
            "{body}"
        );
    }
}

#[test]
fn container_tokens_are_sent_and_never_shown() {
    let variables = [
        (
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "http://169.254.170.23/v1",
        ),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "t"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "not this one"),
    ];
    let environment = Environment::fake(variables, [("t", "hidden-token\n")]);
    let script = Script::new([Ok((403, r#"{"code": "C", "message": "not you"}"#))]);
    let error = default_chain(&environment, &script).unwrap_err();
    assert_eq!(error.kind(), CredentialsErrorKind::Refused);
    assert!(error.to_string().contains("not you"), "{error}");
    let request = &script.requests()[0];
    assert_eq!(request.headers()["authorization"], "hidden-token");
    assert!(!format!("{error:?} {request:?}").contains("hidden"));

    let environment = Environment::fake(variables, [("t", "hidden\r\ntoken")]);
    let error = default_chain(&environment, &Script::default().into()).unwrap_err();
    assert!(!error.to_string().contains("hidden"), "{error}");
}

#[test]
fn hostile_answers_are_errors_without_secrets() {
    let role = || Ok((200, "role"));
    for answers in [
        vec![Ok((200, "to\nken"))],
        vec![Ok((200, "token")), Ok((200, "../../evil"))],
        vec![Ok((200, "token")), Ok((200, ""))],
        vec![
            Ok((200, "token")),
            role(),
            Ok((200, "{\"AccessKeyId\": \"hidden")),
        ],
        vec![
            Ok((200, "token")),
            role(),
            Ok((200, "{\"SecretAccessKey\": \"hidden\"}")),
        ],
        vec![
            Ok((200, "token")),
            role(),
            Ok((
                200,
                r#"{"AccessKeyId": "a", "SecretAccessKey": "hidden", "Token": "hidden"}"#,
            )),
        ],
    ] {
        let script = Script::new(answers);
        let context = context(&Environment::empty(), &script);
        let error = block_on(ImdsProvider::new(context).provide()).unwrap_err();
        assert_eq!(
            error.kind(),
            CredentialsErrorKind::InvalidResponse,
            "{error}"
        );
        assert!(!format!("{error} {error:?}").contains("hidden"));
        script.requests();
    }
}

const SSO_CONFIG: &str = "[default]\nsso_session = dev\nsso_account_id = 1\nsso_role_name = r\n\
     [sso-session dev]\nsso_region = us-east-1\nsso_start_url = https://x\n";
const SSO_CACHE: &str = "/h/.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json";
const ROLE_CREDENTIALS: &str = r#"{"roleCredentials": {"accessKeyId": "AKID",
     "secretAccessKey": "s", "sessionToken": "t", "expiration": 1651520160000}}"#;

fn sso_world(expires_at: &str) -> Environment {
    let token = format!(
        r#"{{"accessToken": "old", "expiresAt": "{expires_at}", "refreshToken": "r1",
            "clientId": "id", "clientSecret": "cs", "region": "us-east-1",
            "registrationExpiresAt": "2022-06-01T00:00:00Z", "startUrl": "https://x"}}"#
    );
    Environment::fake(
        [("HOME", "/h")],
        [("/h/.aws/config", SSO_CONFIG), (SSO_CACHE, &token)],
    )
}

#[test]
fn an_expired_sso_token_is_renewed_and_saved() {
    let environment = sso_world("2022-05-02T18:00:00Z");
    let renewed = r#"{"accessToken": "new", "expiresIn": 3600, "refreshToken": "r2"}"#;
    let script = Script::new([Ok((200, renewed)), Ok((200, ROLE_CREDENTIALS))]);
    let credentials = default_chain(&environment, &script).unwrap();
    assert_eq!(credentials.account_id(), Some("1"));

    let requests = script.requests();
    assert_eq!(
        requests[0].uri(),
        "https://oidc.us-east-1.amazonaws.com/token"
    );
    let body: serde_json::Value = serde_json::from_slice(requests[0].body()).unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "clientId": "id", "clientSecret": "cs", "grantType": "refresh_token",
            "refreshToken": "r1",
        })
    );
    assert_eq!(requests[1].headers()["x-amz-sso_bearer_token"], "new");

    let saved = environment.read(SSO_CACHE).unwrap();
    let saved: serde_json::Value = serde_json::from_slice(&saved).unwrap();
    assert_eq!(
        saved,
        serde_json::json!({
            "accessToken": "new", "expiresAt": "2022-05-02T19:36:00Z", "refreshToken": "r2",
            "clientId": "id", "clientSecret": "cs", "region": "us-east-1",
            "registrationExpiresAt": "2022-06-01T00:00:00Z", "startUrl": "https://x",
        })
    );
}

#[test]
fn a_token_that_cannot_be_renewed_is_used_while_it_is_valid() {
    let refusal = || Ok((400, r#"{"error": "invalid_grant"}"#));
    // Two minutes left: too little not to try, enough to go on.
    let script = Script::new([refusal(), Ok((200, ROLE_CREDENTIALS))]);
    default_chain(&sso_world("2022-05-02T18:38:00Z"), &script).unwrap();
    assert_eq!(
        script.requests()[1].headers()["x-amz-sso_bearer_token"],
        "old"
    );

    let script = Script::new([refusal()]);
    let error = default_chain(&sso_world("2022-05-02T18:36:00Z"), &script).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("invalid_grant; run `aws sso login --sso-session dev`"),
        "{text}"
    );
}
