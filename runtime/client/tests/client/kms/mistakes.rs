//! Settings that cannot work: building fails with what is wrong and where it stands.

use tinsmith_client::Builder;
use tinsmith_client::credentials::Credentials;
use tinsmith_client::environment::Environment;
use tinsmith_client::transport::mock::MockTransport;
use tinsmith_kms::{Client, EncryptRequest};

use super::configuration::{bare, world};
use super::{builder, clock, error, header, request};

async fn refused(builder: Builder<Client>) -> String {
    error(builder.build().await).to_string()
}

#[tokio::test]
async fn rejects_missing_region() {
    assert_eq!(
        refused(bare(world(&[], "[default]\n"))).await,
        "no region: call `.region(\"...\")`, set AWS_REGION, or give `region` in the profile"
    );
    assert_eq!(
        refused(bare(Environment::empty()).anonymous()).await,
        "no endpoint: Invalid Configuration: Missing Region"
    );
}

#[tokio::test]
async fn rejects_wrong_values_in_the_environment() {
    let region = ("AWS_REGION", "us-east-1");
    for (name, value, expected) in [
        (
            "AWS_REGION",
            "us east",
            "AWS_REGION must be a region of letters, digits and hyphens, such as eu-central-1, \
             found \"us east\"",
        ),
        (
            "AWS_REGION",
            "US-EAST-1",
            "AWS_REGION must be a region in lower case, such as eu-central-1, found \"US-EAST-1\"",
        ),
        (
            "AWS_REGION",
            "us-east-1a",
            "AWS_REGION must be a region and not an availability zone, such as eu-central-1, found \
             \"us-east-1a\"",
        ),
        (
            "AWS_REGION",
            "aws-global",
            "no endpoint: KMS has none for all regions, and `aws-global` is not a region; use one \
             such as `us-east-1`",
        ),
        (
            "AWS_USE_FIPS_ENDPOINT",
            "1",
            "AWS_USE_FIPS_ENDPOINT must be true or false, found \"1\"",
        ),
        (
            "AWS_USE_DUALSTACK_ENDPOINT",
            "yes",
            "AWS_USE_DUALSTACK_ENDPOINT must be true or false, found \"yes\"",
        ),
        (
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "on",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS must be true or false, found \"on\"",
        ),
        (
            "AWS_DISABLE_CLOCK_SKEW_CORRECTION",
            "?",
            "AWS_DISABLE_CLOCK_SKEW_CORRECTION must be true or false, found \"?\"",
        ),
        (
            "AWS_MAX_ATTEMPTS",
            "0",
            "AWS_MAX_ATTEMPTS must be a whole number from 1, found \"0\"",
        ),
        (
            "AWS_MAX_ATTEMPTS",
            "-1",
            "AWS_MAX_ATTEMPTS must be a whole number from 1, found \"-1\"",
        ),
        (
            "AWS_RETRY_MODE",
            "fast",
            "AWS_RETRY_MODE must be one of standard, adaptive, legacy, found \"fast\"",
        ),
        (
            "AWS_ENDPOINT_URL",
            "localhost:4566",
            "no endpoint: the endpoint is not a usable URL: it has no scheme (the endpoint URL \
             comes from AWS_ENDPOINT_URL)",
        ),
        (
            "AWS_ENDPOINT_URL_KMS",
            "ftp://host",
            "no endpoint: the endpoint is not a usable URL: its scheme is neither http nor https \
             (the endpoint URL comes from AWS_ENDPOINT_URL_KMS)",
        ),
        (
            "AWS_PROFILE",
            "gone",
            "AWS_PROFILE names the profile `gone`, which is not in the shared files \
             (/me/.aws/config, /me/.aws/credentials)",
        ),
    ] {
        let variables = if name == region.0 {
            vec![(name, value)]
        } else {
            vec![region, (name, value)]
        };
        assert_eq!(refused(bare(world(&variables, ""))).await, expected);
    }
}

#[tokio::test]
async fn rejects_wrong_values_in_the_profile() {
    for (line, expected) in [
        (
            "region = a.b",
            "`region` of profile `dev` must be a region of letters, digits and hyphens, such as \
             eu-central-1, found \"a.b\"",
        ),
        (
            "use_fips_endpoint = 1",
            "`use_fips_endpoint` of profile `dev` must be true or false, found \"1\"",
        ),
        (
            "max_attempts = many",
            "`max_attempts` of profile `dev` must be a whole number from 1, found \"many\"",
        ),
        (
            "retry_mode = fast",
            "`retry_mode` of profile `dev` must be one of standard, adaptive, legacy, found \
             \"fast\"",
        ),
        (
            "endpoint_url = http://",
            "no endpoint: the endpoint is not a usable URL: its host is not valid (the endpoint \
             URL comes from `endpoint_url` of profile `dev`)",
        ),
        (
            "services = gone",
            "`services` of profile `dev` names the section `[services gone]`, which does not \
             exist",
        ),
        (
            "services = local\n[services local]\nkms =\n  endpoint_url = http://a?b",
            "no endpoint: the endpoint is not a usable URL: it has a query or a fragment (the \
             endpoint URL comes from `endpoint_url` of `kms` in `[services local]`)",
        ),
        (
            "not a property",
            "could not parse profile file /me/.aws/config, line 2: ",
        ),
    ] {
        let config = format!("[profile dev]\n{line}\n[profile dev]\nregion = us-east-1\n");
        // The last of two regions would win.
        let config = match line.starts_with("region") {
            true => format!("[profile dev]\n{line}\n"),
            false => config,
        };
        let text = refused(bare(world(&[("AWS_PROFILE", "dev")], &config))).await;
        assert!(text.starts_with(expected), "{line}: {text}");
    }
}

#[tokio::test]
async fn rejects_wrong_values_in_code() {
    let mock = MockTransport::new();
    let good = || builder(&mock, &clock());
    for (builder, expected) in [
        (
            good().region(String::new()),
            "`.region(..)` must be a region of letters, digits and hyphens, such as \
             eu-central-1, found \"\"",
        ),
        (
            good().endpoint_url("kms.local".to_owned()),
            "no endpoint: the endpoint is not a usable URL: it has no scheme (the endpoint URL \
             comes from `.endpoint_url(..)`)",
        ),
        (
            good().profile("gone".to_owned()),
            "`.profile(..)` names the profile `gone`, which is not in the shared files ()",
        ),
        (
            good()
                .endpoint_url("http://localhost".to_owned())
                .use_fips(true),
            "no endpoint: Invalid Configuration: FIPS and custom endpoint are not supported (the \
             endpoint URL comes from `.endpoint_url(..)`)",
        ),
        (
            good()
                .endpoint_url("http://localhost".to_owned())
                .use_dual_stack(true),
            "no endpoint: Invalid Configuration: Dualstack and custom endpoint are not supported",
        ),
    ] {
        let text = refused(builder).await;
        assert!(text.starts_with(expected), "{text}");
    }
}

/// Text that would add a header line, another host, a path or a query goes nowhere.
#[tokio::test]
async fn rejects_injections() {
    let mock = MockTransport::new();
    let good = || builder(&mock, &clock());
    for text in [
        "us-east-1\r\nx-evil: 1",
        "us-east-1\n",
        "evil.example/",
        "evil.example#",
        "a@evil.example",
        "us-east-1\0",
        "us-\u{e9}ast-1",
    ] {
        let region = refused(good().region(text.to_owned())).await;
        assert!(region.starts_with("`.region(..)` must be "), "{region}");
        mock.on::<EncryptRequest>().json("{}");
        let client = good().app_id(text.to_owned()).build().await.unwrap();
        client.send(request()).await.unwrap();
        let sent = mock.requests().pop().unwrap();
        assert!(sent.headers().get("x-evil").is_none());
        let agent = header(&sent, "user-agent");
        let (_, app) = agent.split_once(" app/").unwrap();
        assert!(!app.contains(['@', '/', '#', ' ', ':']), "{app}");
    }
    for text in [
        "host\r\nx-evil: 1",
        "host\n",
        "host/?x",
        "host#x",
        "good.example@evil.example",
        "host\0",
        "h\u{f6}st",
        "host:99999",
        "[::1",
        "",
    ] {
        let url = refused(good().endpoint_url(format!("https://{text}"))).await;
        assert!(url.starts_with("no endpoint: "), "{url}");
        assert!(!url.contains("evil"), "{url}");
    }
    let url = refused(good().endpoint_url("http://me:pass-word@host/".to_owned())).await;
    assert!(!url.contains("pass-word"), "{url}");
}

/// What the caller's strings hold goes into the body and nowhere else, as JSON.
#[tokio::test]
async fn members_stay_in_the_body() {
    let (mock, clock) = (MockTransport::new(), clock());
    mock.on::<EncryptRequest>().json("{}");
    let client = builder(&mock, &clock).build().await.unwrap();
    let request = EncryptRequest::new("k\r\nx: \"y\"}\u{2028}\0", Vec::new());
    client.encrypt(request).await.unwrap();
    let body = std::str::from_utf8(mock.requests()[0].body())
        .unwrap()
        .to_owned();
    assert_eq!(
        body,
        "{\"KeyId\":\"k\\r\\nx: \\\"y\\\"}\u{2028}\\u0000\",\"Plaintext\":\"\"}"
    );
}

#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
#[tokio::test]
async fn rejects_unreadable_ca_bundle() {
    let plain = |variables, config| {
        Client::builder()
            .environment(world(variables, config))
            .region("us-east-1".to_owned())
            .credentials(Credentials::new("AKID", "secret-key", "test"))
    };
    let variable = [("AWS_CA_BUNDLE", "missing/env.pem")];
    let config = "[default]\nca_bundle = missing/profile.pem\n";
    let given = plain(&variable, config).ca_bundle("missing/given.pem");
    for (builder, expected) in [
        (given, "CA bundle missing/given.pem: "),
        (
            plain(&variable, config),
            "AWS_CA_BUNDLE: CA bundle missing/env.pem: ",
        ),
        (
            plain(&[], config),
            "`ca_bundle` of profile `default`: CA bundle missing/profile.pem: ",
        ),
    ] {
        let text = refused(builder).await;
        assert!(text.starts_with(expected), "{text}");
    }
}

#[tokio::test]
async fn rejects_unusable_proxy() {
    for variable in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY"] {
        let variables = [(variable, "socks5://me:pass-word@proxy")];
        let builder = Client::builder()
            .environment(Environment::with_variables(variables))
            .region("us-east-1".to_owned())
            .credentials(Credentials::new("AKID", "secret-key", "test"));
        let text = refused(builder).await;
        assert!(text.starts_with(variable), "{text}");
        assert!(!text.contains("pass-word"), "{text}");
    }
}
