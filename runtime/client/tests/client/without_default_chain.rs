//! Credentials without the feature `default-chain`: those of environment variables, or the user's.

use std::time::SystemTime;

use tinsmith_client::client::{BuildError, Builder, Client};
use tinsmith_client::clock::VirtualClock;
use tinsmith_client::environment::Environment;
use tinsmith_client::operation::ServiceInfo;
use tinsmith_client::protocol::Protocol;
use tinsmith_client::transport::mock::MockTransport;

static SERVICE: ServiceInfo =
    ServiceInfo::new(Protocol::aws_json_1_1(), "Test", "2026-01-01", "Test").signing_name("test");

const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")];

fn builder(variables: &[(&'static str, &'static str)]) -> Builder<Client> {
    let config = "[profile p]\naws_access_key_id = a\naws_secret_access_key = b\n";
    let variables = [&[("AWS_CONFIG_FILE", "config")], variables].concat();
    Client::builder(&SERVICE)
        .environment(Environment::fake(variables, [("config", config)]))
        .region("eu-central-1".to_owned())
        .endpoint_url("http://h".to_owned())
        .transport(MockTransport::new())
        .clock(VirtualClock::new(SystemTime::UNIX_EPOCH))
}

fn refused(built: Result<Client, BuildError>) -> String {
    built
        .map(drop)
        .map_err(|error| error.to_string())
        .expect_err("it was built")
}

#[tokio::test]
async fn variables_are_asked_and_nothing_else() {
    assert!(builder(&KEYS).build().await.is_ok());
    assert_eq!(
        refused(builder(&[]).build().await),
        "no credentials: call `.credentials(...)`, or set them in the environment (other sources \
         need the feature `default-chain`): Environment: AWS_ACCESS_KEY_ID is not set"
    );
}

#[tokio::test]
async fn a_profile_that_was_asked_for_is_not_passed_over() {
    assert_eq!(
        refused(builder(&KEYS).profile("p".to_owned()).build().await),
        "no credentials: the profile `p` needs the feature `default-chain`"
    );
}
