//! DisconnectCustomKeyStore with the official client.

use aws_sdk_kms::Client;
use aws_sdk_kms::config::{BehaviorVersion, Config, Credentials, Region};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let var = std::env::var;
    let credentials = Credentials::new(
        var("AWS_ACCESS_KEY_ID")?,
        var("AWS_SECRET_ACCESS_KEY")?,
        var("AWS_SESSION_TOKEN").ok(),
        None,
        "environment",
    );
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(var("AWS_REGION")?))
        .credentials_provider(credentials)
        .build();
    let kms = Client::from_conf(config);
    let call = kms.disconnect_custom_key_store();
    call.custom_key_store_id("cks-1234567890abcdef0")
        .send()
        .await?;
    Ok(())
}
