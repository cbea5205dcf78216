//! Makes a custom key store, connects it, disconnects and deletes it.
//!
//! It needs an AWS CloudHSM cluster, so this runs against a mock that plays KMS's part. Give `run`
//! a client from `Client::from_env()` and it does the same in your account.

use std::time::Duration;

use tinsmith_kms::runtime::credentials::Credentials;
use tinsmith_kms::runtime::transport::mock::MockTransport;
use tinsmith_kms::{
    Client, ConnectCustomKeyStoreError, ConnectCustomKeyStoreRequest, ConnectionStateType,
    CreateCustomKeyStoreRequest, DeleteCustomKeyStoreRequest, DescribeCustomKeyStoresRequest,
    DisconnectCustomKeyStoreRequest,
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Result<()> {
    let kms = Client::builder()
        .region("eu-central-1")
        .credentials(Credentials::new("AKID", "secret", "example"))
        .transport(service())
        .build()
        .await?;
    run(&kms, Duration::ZERO).await
}

async fn run(kms: &Client, pause: Duration) -> Result<()> {
    // The password is wiped when the request is dropped, and no log or error shows it.
    let request = CreateCustomKeyStoreRequest::new("payments")
        .cloud_hsm_cluster_id("cluster-1a23b4cdefg")
        .trust_anchor_certificate("-----BEGIN CERTIFICATE-----\n...")
        .key_store_password("kmsPswd");
    let store = kms.create_custom_key_store(request).await?;
    let store = store.custom_key_store_id.ok_or("no store")?;
    println!("{store}: made");

    // Connecting takes up to 20 minutes and goes on behind the call.
    let request = ConnectCustomKeyStoreRequest::new(&store);
    if let Err(error) = kms.connect_custom_key_store(request).await {
        if let Some(ConnectCustomKeyStoreError::CloudHsmClusterNotActive(_)) = error.service() {
            println!("activate the cluster first");
        }
        return Err(error.into());
    }
    wait_until_connected(kms, &store, pause).await?;
    println!("{store}: connected");

    // Now CreateKey makes keys in it: `.origin(OriginType::AwsCloudhsm).custom_key_store_id(&store)`.
    // While the store holds one, it cannot be deleted.

    kms.disconnect_custom_key_store(DisconnectCustomKeyStoreRequest::new(&store))
        .await?;
    kms.delete_custom_key_store(DeleteCustomKeyStoreRequest::new(&store))
        .await?;
    println!("{store}: deleted");
    Ok(())
}

async fn wait_until_connected(kms: &Client, store: &str, pause: Duration) -> Result<()> {
    loop {
        let request = DescribeCustomKeyStoresRequest::new().custom_key_store_id(store);
        let reply = kms.describe_custom_key_stores(request).await?;
        let entry = reply.custom_key_stores.unwrap_or_default().pop();
        let entry = entry.ok_or("the store is gone")?;
        match entry.connection_state {
            Some(ConnectionStateType::Connected) => return Ok(()),
            Some(ConnectionStateType::Failed) => {
                return Err(format!("not connected: {:?}", entry.connection_error_code).into());
            }
            _ => tokio::time::sleep(pause).await,
        }
    }
}

/// A transport with one reply for each call, checked against the operation that it is for.
fn service() -> MockTransport {
    const STORE: &str = r#"{"CustomKeyStoreId": "cks-1234567890abcdef0"}"#;
    let state = |state| format!(r#"{{"CustomKeyStores": [{{"ConnectionState": "{state}"}}]}}"#);
    let mock = MockTransport::new();
    mock.on::<CreateCustomKeyStoreRequest>().json(STORE);
    mock.on::<ConnectCustomKeyStoreRequest>().json("{}");
    mock.on::<DescribeCustomKeyStoresRequest>()
        .json(state("CONNECTING"))
        .json(state("CONNECTED"));
    mock.on::<DisconnectCustomKeyStoreRequest>().json("{}");
    mock.on::<DeleteCustomKeyStoreRequest>().json("{}");
    mock
}
