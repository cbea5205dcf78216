//! DisconnectCustomKeyStore with the generated client.

use tinsmith_kms::{Client, DisconnectCustomKeyStoreRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let kms = Client::from_env().await?;
    let request = DisconnectCustomKeyStoreRequest::new("cks-1234567890abcdef0");
    kms.disconnect_custom_key_store(request).await?;
    Ok(())
}
