//! Creates a custom key store, connects it, disconnects and deletes it.
//!
//! KMS connects and disconnects in the background: both calls return at once, and the example polls
//! the store's state, with a pause and a deadline, before it goes on.
//!
//! It needs an AWS CloudHSM cluster, so this runs against a mock that plays KMS's part. Give `run`
//! a client from `Client::from_env()` and it does the same in your account.

use std::time::{Duration, Instant};

use tinsmith_kms::runtime::credentials::Credentials;
use tinsmith_kms::runtime::transport::mock::MockTransport;
use tinsmith_kms::{
    Client, ConnectCustomKeyStoreError, ConnectCustomKeyStoreRequest, ConnectionStateType,
    CreateCustomKeyStoreRequest, DeleteCustomKeyStoreRequest, DescribeCustomKeyStoresRequest,
    DisconnectCustomKeyStoreRequest,
};

/// How long to wait between two looks at the store, and in all.
#[derive(Clone, Copy)]
pub(crate) struct Patience {
    pub(crate) pause: Duration,
    pub(crate) limit: Duration,
}

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Result<()> {
    let kms = Client::builder()
        .region("eu-central-1")
        .credentials(Credentials::new("AKID", "secret", "example"))
        .transport(service())
        .build()
        .await?;
    let patience = Patience {
        pause: Duration::from_millis(10), // A mock is quick. Ask KMS every ten seconds.
        limit: Duration::from_secs(30 * 60), // Connecting takes up to 20 minutes.
    };
    run(&kms, patience).await
}

pub(crate) async fn run(kms: &Client, patience: Patience) -> Result<()> {
    // The password is wiped when the request is dropped, and no log or error shows it.
    let request = CreateCustomKeyStoreRequest::new("payments")
        .cloud_hsm_cluster_id("cluster-1a23b4cdefg")
        .trust_anchor_certificate("-----BEGIN CERTIFICATE-----\n...")
        .key_store_password("kmsPswd");
    let store = kms.create_custom_key_store(request).await?;
    let store = store.custom_key_store_id.ok_or("no store")?;
    println!("{store}: created");

    // It goes on connecting after the call.
    let request = ConnectCustomKeyStoreRequest::new(&store);
    if let Err(error) = kms.connect_custom_key_store(request).await {
        if let Some(ConnectCustomKeyStoreError::CloudHsmClusterNotActive(_)) = error.service() {
            println!("activate the cluster first");
        }
        return Err(error.into());
    }
    wait_for(ConnectionStateType::Connected, kms, &store, patience).await?;
    println!("{store}: connected");

    // Now CreateKey makes keys in it: `.origin(OriginType::AwsCloudhsm).custom_key_store_id(&store)`.
    // While the store holds one, it cannot be deleted.

    // The store can be deleted once it is disconnected, which is later than this returns.
    kms.disconnect_custom_key_store(DisconnectCustomKeyStoreRequest::new(&store))
        .await?;
    wait_for(ConnectionStateType::Disconnected, kms, &store, patience).await?;
    println!("{store}: disconnected");
    kms.delete_custom_key_store(DeleteCustomKeyStoreRequest::new(&store))
        .await?;
    println!("{store}: deleted");
    Ok(())
}

/// Polls the store until it is in the state `wanted`.
async fn wait_for(
    wanted: ConnectionStateType,
    kms: &Client,
    store: &str,
    patience: Patience,
) -> Result<()> {
    let begun = Instant::now();
    loop {
        let request = DescribeCustomKeyStoresRequest::new().custom_key_store_id(store);
        let stores = kms.describe_custom_key_stores(request).await?;
        let entry = stores.custom_key_stores.unwrap_or_default().pop();
        let entry = entry.ok_or("the store is gone")?;
        match entry.connection_state {
            Some(state) if state == wanted => return Ok(()),
            Some(ConnectionStateType::Failed) => {
                let code = entry.connection_error_code.unwrap_or("no code".into());
                return Err(format!("{store}: failed to connect ({code})").into());
            }
            _ if begun.elapsed() > patience.limit => {
                return Err(format!("{store}: not {wanted} after {:?}", patience.limit).into());
            }
            _ => tokio::time::sleep(patience.pause).await,
        }
    }
}

/// A transport with one response for each call, checked against the operation that it is for.
fn service() -> MockTransport {
    const STORE: &str = r#"{"CustomKeyStoreId": "cks-1234567890abcdef0"}"#;
    let state = |state| format!(r#"{{"CustomKeyStores": [{{"ConnectionState": "{state}"}}]}}"#);
    let mock = MockTransport::new();
    mock.on::<CreateCustomKeyStoreRequest>().json(STORE);
    mock.on::<ConnectCustomKeyStoreRequest>().json("{}");
    mock.on::<DescribeCustomKeyStoresRequest>()
        .json(state("CONNECTING"))
        .json(state("CONNECTED"))
        .json(state("DISCONNECTING"))
        .json(state("DISCONNECTED"));
    mock.on::<DisconnectCustomKeyStoreRequest>().json("{}");
    mock.on::<DeleteCustomKeyStoreRequest>().json("{}");
    mock
}
