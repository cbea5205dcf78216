//! Sources that are slow, absent, or have nothing but expired credentials, and wrong clocks.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tinsmith_client::credentials::{
    CachingProvider, ContainerProvider, Credentials, CredentialsError, CredentialsErrorKind,
    DefaultChain, ProvideCredentials, ProviderContext,
};
use tinsmith_client::environment::Environment;
use tinsmith_client::transport::TransportErrorKind::{self, Connect, ConnectTimeout};
#[cfg(feature = "test-util")]
use {
    bytes::Bytes,
    http::{Request, Response},
    tinsmith_client::BoxFuture,
    tinsmith_client::transport::{Transport, TransportError},
};

use crate::world::{FakeClock, Script, block_on};

/// 2022-05-02T18:36:00Z
const NOW: u64 = 1_651_516_560;
const HOUR: u64 = 3600;
const ON_INSTANCE: &str = "[default]\nrole_arn = r\ncredential_source = Ec2InstanceMetadata\n\
     [profile none]\n";
const ROLE: &str = "[default]\nrole_arn = r\nsource_profile = base\nregion = eu-west-1\n\
     [profile base]\naws_access_key_id = BASE\naws_secret_access_key = x\n";

type Answer<'a> = Result<(u16, &'a str), TransportErrorKind>;

fn environment(config: &str, variables: &[(&str, &str)]) -> Environment {
    let variables = [
        &[("AWS_CONFIG_FILE", "c"), ("AWS_REGION", "eu-west-1")],
        variables,
    ];
    Environment::fake(
        variables.concat(),
        [("c", config), ("t", "token"), ("blank", " \n")],
    )
}

fn ask(
    environment: &Environment,
    script: &Arc<Script>,
    now: u64,
) -> Result<Credentials, CredentialsError> {
    let context = ProviderContext::new(
        environment.clone(),
        Arc::clone(script) as _,
        FakeClock::at(now),
    );
    block_on(DefaultChain::new(context).provide())
}

/// Credentials in the way of instances and containers.
fn keys(expiry: &str) -> String {
    format!(
        r#"{{"AccessKeyId": "AKID", "SecretAccessKey": "s", "Token": "", "AccountId": "",
            "Expiration": "{expiry}"}}"#
    )
}

fn assumed(expiry: &str) -> String {
    format!(
        "<Credentials><AccessKeyId>AKID</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
         <SessionToken>t</SessionToken><Expiration>{expiry}</Expiration></Credentials>"
    )
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

#[test]
fn absent_metadata_service_is_retried_where_something_asks_for_it() {
    let unreachable = |count| vec![Err::<(u16, &str), _>(ConnectTimeout); count];
    let endpoint = [("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9")];
    let attempts = [("AWS_METADATA_SERVICE_NUM_ATTEMPTS", " 2\n")];
    for (config, variables, count) in [
        ("", &[][..], 1),
        (ON_INSTANCE, &[], 4),
        ("", &endpoint, 4),
        ("", &attempts, 2),
        (ON_INSTANCE, &attempts, 2),
        ("[default]\nmetadata_service_num_attempts = 3\n", &[], 3),
    ] {
        let script = Script::new(unreachable(count));
        ask(&environment(config, variables), &script, NOW).unwrap_err();
        assert_eq!(script.requests().len(), count, "{config} {variables:?}");
    }
}

#[test]
fn metadata_service_that_responded_is_retried() {
    let keys = keys("2022-05-02T19:36:00Z");
    let success: [Answer<'_>; 3] = [Ok((200, "token")), Ok((200, "role")), Ok((200, &keys))];
    let slow = [Err(ConnectTimeout), Err(Connect)];
    let script = Script::new([&success[..], &slow[..], &success[..]].concat());
    let context = ProviderContext::new(
        environment("", &[]),
        Arc::clone(&script) as _,
        FakeClock::at(NOW),
    );
    let chain = DefaultChain::new(context);
    block_on(chain.provide()).unwrap();
    block_on(chain.provide()).unwrap();
    assert_eq!(script.requests().len(), 8);
}

#[test]
fn settings_of_the_metadata_service_that_are_no_numbers_are_named() {
    for (name, value) in [
        ("AWS_METADATA_SERVICE_TIMEOUT", "soon"),
        ("AWS_METADATA_SERVICE_TIMEOUT", "0"),
        ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "1.5"),
        ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "-1"),
    ] {
        let script = Script::default().into();
        let error = ask(&environment("", &[(name, value)]), &script, NOW).unwrap_err();
        assert_eq!(error.kind(), CredentialsErrorKind::InvalidConfiguration);
        let text = error.to_string();
        assert!(text.contains(name) && text.contains(value), "{text}");
    }
}

#[cfg(feature = "test-util")]
#[test]
fn attempts_at_the_metadata_service_take_as_long_as_is_set() {
    use tinsmith_client::clock::VirtualClock;

    /// Never responds.
    #[derive(Debug)]
    struct Silent;

    impl Transport for Silent {
        fn send(
            &self,
            _: Request<Bytes>,
        ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
            Box::pin(std::future::pending())
        }
    }

    for (variables, seconds) in [(&[][..], 1), (&[("AWS_METADATA_SERVICE_TIMEOUT", "7 ")], 7)] {
        let clock = VirtualClock::new(at(NOW));
        let context = ProviderContext::new(
            environment("", variables),
            Arc::new(Silent),
            Arc::new(clock.clone()),
        );
        block_on(DefaultChain::new(context).provide()).unwrap_err();
        assert_eq!(clock.sleeps(), [Duration::from_secs(seconds)]);
    }
}

/// The service returns such when it cannot get new ones, and others accept them then.
#[test]
fn expired_credentials_of_an_instance_are_used_for_some_minutes() {
    let keys = keys("2022-05-02T18:36:00Z");
    let answers: [Answer<'_>; 3] = [Ok((200, "token")), Ok((200, "role")), Ok((200, &keys))];
    let script = Script::new([&answers[..], &answers[..]].concat());
    let clock = FakeClock::at(NOW);
    let context = ProviderContext::new(
        environment("", &[]),
        Arc::clone(&script) as _,
        Arc::clone(&clock) as _,
    );
    let cache = CachingProvider::new(
        Arc::new(DefaultChain::new(context)),
        Arc::clone(&clock) as _,
    );
    for advance in [0, 299] {
        clock.advance(advance);
        assert_eq!(block_on(cache.provide()).unwrap().access_key_id(), "AKID");
    }
    clock.advance(302);
    block_on(cache.provide()).unwrap();
    assert_eq!(script.requests().len(), 6);
}

#[test]
fn expired_credentials_of_other_sources_are_errors() {
    let container = [("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")];
    let web_identity = [("AWS_WEB_IDENTITY_TOKEN_FILE", "t"), ("AWS_ROLE_ARN", "r")];
    let printed = r#"{"Version": 1, "AccessKeyId": "AKID", "SecretAccessKey": "s",
                      "Expiration": "2022-05-02T18:36:00Z"}"#;
    let process = format!(
        "[default]\ncredential_process = echo '{}'\n",
        printed.replace('\n', " ")
    );
    for (config, variables, body) in [
        ("", &container[..], Some(keys("2022-05-02T18:36:00Z"))),
        ("", &web_identity, Some(assumed("2022-05-02T18:36:00Z"))),
        (ROLE, &[], Some(assumed("2022-05-02T18:36:00Z"))),
        (&process, &[], None),
    ] {
        let script = Script::new(body.map(|body| Ok((200, body))));
        let environment = environment(config, variables).allow_programs();
        let error = ask(&environment, &script, NOW).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("that expired at 2022-05-02T18:36:00Z"),
            "{text}"
        );
        script.requests();
    }
}

#[test]
fn blank_tokens_and_accounts_of_sources_are_none() {
    let container = [("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")];
    let keys = keys("2022-05-02T19:36:00Z");
    let script = Script::new([Ok((200, keys.as_str()))]);
    let context = ProviderContext::new(
        environment("", &container),
        Arc::clone(&script) as _,
        FakeClock::at(NOW),
    );
    let credentials = block_on(ContainerProvider::new(context).provide()).unwrap();
    assert_eq!(
        (credentials.session_token(), credentials.account_id()),
        (None, None)
    );

    let answers = [
        Ok((200, "token")),
        Ok((200, "role")),
        Ok((200, keys.as_str())),
    ];
    let credentials = ask(&environment("", &[]), &Script::new(answers), NOW).unwrap();
    assert_eq!(
        (credentials.session_token(), credentials.account_id()),
        (None, None)
    );
}

#[test]
fn blank_secrets_are_not_sent() {
    let url = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
    for (variables, responses) in [
        (
            &[url, ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "blank")][..],
            0,
        ),
        (
            &[
                ("AWS_WEB_IDENTITY_TOKEN_FILE", "blank"),
                ("AWS_ROLE_ARN", "r"),
            ],
            0,
        ),
        (&[], 1),
    ] {
        let script = Script::new(vec![Ok((200, " \n")); responses]);
        let error = ask(&environment("", variables), &script, NOW).unwrap_err();
        assert!(error.to_string().contains("token"), "{error}");
        script.requests();
    }
}

/// Without credentials a call may go out unsigned, which must not happen then.
#[test]
fn metadata_service_that_should_be_there_is_unavailable_and_not_absent() {
    let endpoint = [("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9")];
    for (variables, attempts, kind) in [
        (&[][..], 1, CredentialsErrorKind::NotConfigured),
        (&endpoint, 4, CredentialsErrorKind::Unavailable),
    ] {
        let script = Script::new(vec![Err::<(u16, &str), _>(Connect); attempts]);
        let error = ask(&environment("", variables), &script, NOW).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}

const SKEWED: &str = "<Error><Code>SignatureDoesNotMatch</Code></Error>";

#[test]
fn role_is_assumed_at_the_services_time() {
    for (now, local_expiry) in [(NOW - HOUR, NOW), (NOW + HOUR, NOW + 2 * HOUR)] {
        let assumed = assumed("2022-05-02T19:36:00Z");
        let script = Script::with_date(
            "Mon, 02 May 2022 18:36:00 GMT",
            [Ok((403, SKEWED)), Ok((200, assumed.as_str()))],
        );
        let credentials = ask(&environment(ROLE, &[]), &script, now).unwrap();
        // An hour is left, on the wrong clock as on the right one.
        assert_eq!(credentials.expiry(), Some(at(local_expiry)));
        let requests = script.requests();
        assert_eq!(requests[1].headers()["x-amz-date"], "20220502T183600Z");
    }
}

#[test]
fn clock_of_a_role_is_not_corrected_against_the_settings() {
    let off = [("AWS_DISABLE_CLOCK_SKEW_CORRECTION", "true")];
    let script = Script::with_date("Mon, 02 May 2022 18:36:00 GMT", [Ok((403, SKEWED))]);
    let error = ask(&environment(ROLE, &off), &script, NOW - HOUR).unwrap_err();
    assert_eq!(error.kind(), CredentialsErrorKind::Refused);
    script.requests();
}

#[test]
fn right_clock_is_no_reason_to_assume_a_role_again() {
    let script = Script::with_date("Mon, 02 May 2022 18:36:00 GMT", [Ok((403, SKEWED))]);
    ask(&environment(ROLE, &[]), &script, NOW).unwrap_err();
    script.requests();
}

#[test]
fn time_of_a_proxy_does_not_correct_the_clock() {
    let script = Script::with_date("Mon, 02 May 2022 17:36:00 GMT", [Ok((403, SKEWED))]);
    ask(&environment(ROLE, &[]), &script.without_request_id(), NOW).unwrap_err();
}

#[test]
fn identity_provider_that_was_out_of_reach_is_retried() {
    let unreachable = "<Error><Code>InvalidIdentityToken</Code><Message>Couldn't retrieve \
         verification key from your identity provider</Message></Error>";
    let assumed = assumed("2022-05-02T19:36:00Z");
    let script = Script::new([Ok((400, unreachable)), Ok((200, assumed.as_str()))]);
    let variables = [("AWS_WEB_IDENTITY_TOKEN_FILE", "t"), ("AWS_ROLE_ARN", "r")];
    ask(&environment("", &variables), &script, NOW).unwrap();
    assert_eq!(script.requests().len(), 2);
}
