//! Warnings about the configuration: shared files that cannot be used, sources without TLS.

use std::sync::Arc;
use std::time::SystemTime;

use tinsmith_client::client::{BuildError, Builder, Client};
use tinsmith_client::clock::VirtualClock;
use tinsmith_client::environment::Environment;

use crate::log::Log;
use crate::operation::SERVICE;
use crate::world::Script;

const REGION: (&str, &str) = ("AWS_REGION", "eu-west-1");
const KEY: (&str, &str) = ("AWS_ACCESS_KEY_ID", "AKID");
const SECRET: (&str, &str) = ("AWS_SECRET_ACCESS_KEY", "hidden");
type Content = fn() -> Vec<u8>;
/// Not parsed, not text, too large.
const FILES: [(&str, Content); 3] = [
    ("line 3", || b"[default]\nregion = us-east-1\noops".to_vec()),
    ("not UTF-8", || b"[default]\n# \xff".to_vec()),
    ("larger than 4 MiB", || vec![b'#'; (4 << 20) + 1]),
];

fn builder(variables: &[(&'static str, &'static str)], file: Vec<u8>) -> Builder<Client> {
    let variables = [variables, &[("AWS_CONFIG_FILE", "shared")]].concat();
    Client::builder(&SERVICE)
        .environment(Environment::fake(variables, [("shared", file)]))
        .endpoint_url("http://localhost".to_owned())
        // Panics if the metadata service is asked.
        .transport(Script::default())
        .clock(VirtualClock::new(SystemTime::UNIX_EPOCH))
}

fn message(built: Result<Client, BuildError>) -> String {
    built.map(drop).unwrap_err().to_string()
}

#[tokio::test]
async fn unusable_file_is_a_warning_while_variables_give_everything() {
    for (reason, file) in FILES {
        let log = Log::begin();
        builder(&[REGION, KEY, SECRET], file())
            .build()
            .await
            .unwrap();
        let warnings = log.lines();
        let warnings: Vec<_> = warnings
            .iter()
            .filter(|line| line.starts_with("WARN"))
            .collect();
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(
            warnings[0].contains("shared") && warnings[0].contains(reason),
            "{warnings:?}"
        );
    }
}

#[tokio::test]
async fn unusable_file_is_an_error_when_it_is_needed() {
    for (reason, file) in FILES {
        for (variables, profile) in [
            // A profile that was named.
            (&[REGION, KEY, SECRET, ("AWS_PROFILE", "default")][..], None),
            (&[REGION, KEY, SECRET], Some("default".to_owned())),
            // Credentials that may be in it.
            (&[REGION], None),
            // A region that may be in it.
            (&[KEY, SECRET], None),
        ] {
            let error = message(builder(variables, file()).profile(profile).build().await);
            assert!(
                error.contains("shared") && error.contains(reason),
                "{error}"
            );
        }
    }
}

#[tokio::test]
async fn section_that_is_not_understood_is_explained() {
    let file = b"[dev]\nregion = eu-west-1\n".to_vec();
    let reason =
        "section `[dev]` at line 1 is ignored: in the config file a profile is `[profile dev]`";
    let log = Log::begin();
    builder(&[REGION, KEY, SECRET], file.clone())
        .build()
        .await
        .unwrap();
    assert!(
        log.lines()
            .iter()
            .any(|line| line.starts_with("WARN") && line.contains(reason))
    );

    let named = builder(&[REGION, KEY, SECRET, ("AWS_PROFILE", "dev")], file);
    let error = message(named.build().await);
    assert!(error.ends_with(reason), "{error}");
}

/// Credentials come back from there in the clear.
#[tokio::test]
async fn plain_http_endpoint_of_a_source_causes_a_warning() {
    for (endpoint, allowed, expected) in [
        ("http://sts.example", false, 1),
        ("http://sts.example", true, 0),
        ("http://127.0.0.1:1", false, 0),
    ] {
        let log = Log::begin();
        let keys = "<Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>S</SecretAccessKey>\
                    <SessionToken>T</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration>\
                    </Credentials>";
        let variables = [
            REGION,
            ("AWS_ENDPOINT_URL_STS", endpoint),
            ("AWS_ROLE_ARN", "r"),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "shared.token"),
        ];
        Client::builder::<Client>(&SERVICE)
            .environment(Environment::fake(variables, [("shared.token", "jwt")]))
            .endpoint_url("https://localhost".to_owned())
            .allow_http(allowed)
            .transport(Arc::into_inner(Script::new([Ok((200, keys))])).unwrap())
            .clock(VirtualClock::new(SystemTime::UNIX_EPOCH))
            .build()
            .await
            .unwrap();
        let lines = log.lines();
        let warnings = lines.iter().filter(|line| line.starts_with("WARN")).count();
        assert_eq!(warnings, expected, "{lines:?}");
    }
}

#[tokio::test]
async fn metadata_service_on_another_machine_causes_a_warning() {
    for (endpoint, allowed, expected) in [
        ("http://metadata.example", false, 1),
        ("http://metadata.example", true, 0),
        ("http://169.254.169.254", false, 0),
        ("http://[fd00:ec2::254]/", false, 0),
        ("http://instance-data.ec2.internal", false, 0),
        ("http://localhost:1", false, 0),
    ] {
        let log = Log::begin();
        let keys = r#"{"AccessKeyId": "A", "SecretAccessKey": "S", "Token": "T",
                       "Expiration": "2100-01-01T00:00:00Z"}"#;
        let responses = [Ok((200, "token")), Ok((200, "role")), Ok((200, keys))];
        let variables = [REGION, ("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint)];
        Client::builder::<Client>(&SERVICE)
            .environment(Environment::fake(variables, [("none", "")]))
            .endpoint_url("https://localhost".to_owned())
            .allow_http(allowed)
            .transport(Arc::into_inner(Script::new(responses)).unwrap())
            .clock(VirtualClock::new(SystemTime::UNIX_EPOCH))
            .build()
            .await
            .unwrap();
        let lines = log.lines();
        let warnings = lines.iter().filter(|line| line.starts_with("WARN")).count();
        assert_eq!(warnings, expected, "{endpoint}: {lines:?}");
    }
}
