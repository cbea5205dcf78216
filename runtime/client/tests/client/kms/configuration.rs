//! Where settings come from: what the caller gives, the environment, the profile, in this order.

use std::num::NonZeroU32;

use tinsmith_client::Builder;
use tinsmith_client::credentials::Credentials;
use tinsmith_client::environment::Environment;
use tinsmith_client::transport::mock::MockTransport;
use tinsmith_kms::{Client, EncryptRequest};

use super::{clock, header, request};

type Variables<'a> = &'a [(&'static str, &'static str)];

/// The world of a case: variables, and the config file at the place that `HOME` gives.
pub(crate) fn world(variables: Variables<'_>, config: &str) -> Environment {
    let variables = [&[("HOME", "/me")], variables].concat();
    Environment::fake(variables, [("/me/.aws/config", config)])
}

/// A builder in that world with nothing but credentials.
pub(crate) fn bare(environment: Environment) -> Builder<Client> {
    Client::builder()
        .environment(environment)
        .credentials(Credentials::new("AKID", "secret-key", "test"))
        .transport(MockTransport::new())
        .clock(clock())
}

/// What a client does with its configuration.
struct Seen {
    uri: String,
    region: String,
    user_agent: String,
    attempts: String,
}

async fn seen(builder: Builder<Client>) -> Seen {
    let mock = MockTransport::new();
    mock.on::<EncryptRequest>().json("{}");
    let client = builder.transport(mock.clone()).build().await.unwrap();
    client.send(request()).await.unwrap();
    let sent = &mock.requests()[0];
    let scope = header(sent, "authorization").split('/').nth(2);
    Seen {
        uri: sent.uri().to_string(),
        region: scope.unwrap().to_owned(),
        user_agent: header(sent, "user-agent").to_owned(),
        attempts: header(sent, "amz-sdk-request").to_owned(),
    }
}

#[tokio::test]
async fn finds_region_in_order() {
    let config = "[default]\nregion = eu-west-1\n[profile dev]\nregion = eu-west-2\n\
                  [profile none]\nregion =\n";
    let first = ("AWS_REGION", "us-east-1");
    let second = ("AWS_DEFAULT_REGION", "us-east-2");
    let dev = ("AWS_PROFILE", "dev");
    for (variables, expected) in [
        ([].as_slice(), "eu-west-1"),
        (&[dev], "eu-west-2"),
        (&[second], "us-east-2"),
        (&[second, dev], "us-east-2"),
        (&[first, second], "us-east-1"),
        (&[("AWS_REGION", " "), second], "us-east-2"),
        (&[("AWS_REGION", ""), dev], "eu-west-2"),
    ] {
        let seen_region = seen(bare(world(variables, config))).await.region;
        assert_eq!(seen_region, expected, "{variables:?}");
        // What the caller gives goes before all of it.
        let given = bare(world(variables, config)).region("ap-south-1".to_owned());
        let seen = seen(given).await;
        assert_eq!(seen.region, "ap-south-1");
        assert_eq!(seen.uri, "https://kms.ap-south-1.amazonaws.com/");
    }
    for (region, uri) in [
        (
            "fips-us-gov-west-1",
            "https://kms-fips.us-gov-west-1.amazonaws.com/",
        ),
        (
            "fips-aws-global",
            "https://kms-fips.us-east-1.amazonaws.com/",
        ),
    ] {
        let seen = seen(bare(world(&[("AWS_REGION", region)], ""))).await;
        assert_eq!(seen.uri, uri);
        assert!(uri.contains(&seen.region), "{}", seen.region);
    }
    // A profile that the caller names goes before AWS_PROFILE, and behind AWS_REGION.
    let default = ("AWS_PROFILE", "default");
    let named = bare(world(&[default], config)).profile("dev".to_owned());
    assert_eq!(seen(named).await.region, "eu-west-2");
    let named = bare(world(&[first], config)).profile("dev".to_owned());
    assert_eq!(seen(named).await.region, "us-east-1");
}

#[tokio::test]
async fn reads_files_that_variables_name() {
    let variables = [
        ("HOME", "/me"),
        ("AWS_CONFIG_FILE", "~/other/config"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/etc/credentials"),
    ];
    let files = [
        ("/me/other/config", "[default]\nregion = eu-west-1\n"),
        ("/etc/credentials", "[default]\nmax_attempts = 7\n"),
        ("/me/.aws/config", "[default]\nregion = eu-west-2\n"),
        ("/me/.aws/credentials", "[default]\nmax_attempts = 8\n"),
    ];
    let seen = seen(bare(Environment::fake(variables, files))).await;
    assert_eq!(seen.region, "eu-west-1");
    assert_eq!(seen.attempts, "attempt=1; max=7");
}

#[tokio::test]
async fn finds_endpoint_in_order() {
    let region = "[default]\nregion = eu-west-1\n";
    let global = format!("{region}endpoint_url = http://profile\n");
    let services = format!(
        "{global}services = local\n[services local]\ns3 =\n  endpoint_url = http://s3\n\
         kms =\n  endpoint_url = http://service:4566/path\n"
    );
    let other = format!("{global}services = local\n[services local]\ns3 =\n  endpoint_url = x\n");
    let ignored = format!("{services}[default]\nignore_configured_endpoint_urls = true\n");
    let own = "https://kms.eu-west-1.amazonaws.com/";
    let all = ("AWS_ENDPOINT_URL", "http://all");
    let kms = ("AWS_ENDPOINT_URL_KMS", "https://only-kms:8443");
    let ignore = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE");
    let heed = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false");
    let cases: [(Variables<'_>, &str, &str); 13] = [
        (&[], region, own),
        (&[], &global, "http://profile/"),
        (&[], &services, "http://service:4566/path/"),
        (&[], &other, "http://profile/"),
        (&[all], &services, "http://all/"),
        (&[all, kms], &services, "https://only-kms:8443/"),
        (&[kms], region, "https://only-kms:8443/"),
        (&[("AWS_ENDPOINT_URL_KMS", ""), all], region, "http://all/"),
        (&[("AWS_ENDPOINT_URL_S3", "http://s3")], region, own),
        (&[all, kms, ignore], &services, own),
        (&[], &ignored, own),
        (&[all], &ignored, own),
        (&[heed], &ignored, "http://service:4566/path/"),
    ];
    for (variables, config, expected) in cases {
        let uri = seen(bare(world(variables, config))).await.uri;
        assert_eq!(uri, expected, "{variables:?} {config}");
        let given = bare(world(variables, config)).endpoint_url("http://given".to_owned());
        assert_eq!(seen(given).await.uri, "http://given/");
    }
}

#[tokio::test]
async fn chooses_fips_and_dual_stack_endpoints() {
    let plain = "[default]\nregion = us-east-1\n";
    let both = format!("{plain}use_fips_endpoint = true\nuse_dualstack_endpoint = true\n");
    let fips = ("AWS_USE_FIPS_ENDPOINT", "true");
    let dual = ("AWS_USE_DUALSTACK_ENDPOINT", "True");
    let no_fips = ("AWS_USE_FIPS_ENDPOINT", "false");
    let cases: [(Variables<'_>, &str, &str); 6] = [
        (&[], plain, "https://kms.us-east-1.amazonaws.com/"),
        (&[fips], plain, "https://kms-fips.us-east-1.amazonaws.com/"),
        (&[dual], plain, "https://kms.us-east-1.api.aws/"),
        (&[fips, dual], plain, "https://kms-fips.us-east-1.api.aws/"),
        (&[], &both, "https://kms-fips.us-east-1.api.aws/"),
        (&[no_fips], &both, "https://kms.us-east-1.api.aws/"),
    ];
    for (variables, config, expected) in cases {
        let uri = seen(bare(world(variables, config))).await.uri;
        assert_eq!(uri, expected, "{variables:?} {config}");
        let given = bare(world(variables, config));
        let given = given.use_fips(true).use_dual_stack(false);
        let uri = seen(given).await.uri;
        assert_eq!(uri, "https://kms-fips.us-east-1.amazonaws.com/");
    }
}

#[tokio::test]
async fn finds_number_of_attempts_in_order() {
    let plain = "[default]\nregion = us-east-1\n";
    let five = format!("{plain}max_attempts = 5\nretry_mode = adaptive\n");
    let two = ("AWS_MAX_ATTEMPTS", "2");
    let cases: [(Variables<'_>, &str, u32); 5] = [
        (&[], plain, 3),
        (&[], &five, 5),
        (&[two], &five, 2),
        (&[two, ("AWS_RETRY_MODE", "Standard")], plain, 2),
        (&[("AWS_RETRY_MODE", "legacy")], plain, 3),
    ];
    for (variables, config, expected) in cases {
        let attempts = seen(bare(world(variables, config))).await.attempts;
        assert_eq!(attempts, format!("attempt=1; max={expected}"));
        let given = bare(world(variables, config)).max_attempts(NonZeroU32::new(9));
        assert_eq!(seen(given).await.attempts, "attempt=1; max=9");
    }
}

#[tokio::test]
async fn sends_application_id() {
    let plain = "[default]\nregion = us-east-1\n";
    let named = format!("{plain}sdk_ua_app_id = from-profile\n");
    let variable = ("AWS_SDK_UA_APP_ID", "from-env");
    let cases: [(Variables<'_>, &str, &str); 3] = [
        (&[], plain, " lang/rust"),
        (&[], &named, " lang/rust app/from-profile"),
        (&[variable], &named, " lang/rust app/from-env"),
    ];
    for (variables, config, expected) in cases {
        let agent = seen(bare(world(variables, config))).await.user_agent;
        assert!(agent.ends_with(expected), "{agent}");
        let given = bare(world(variables, config)).app_id("billing/1".replace('/', "-"));
        let agent = seen(given).await.user_agent;
        assert!(agent.ends_with(" lang/rust app/billing-1"), "{agent}");
    }
}
