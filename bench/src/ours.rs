//! The generated client.

use std::future::ready;

use bytes::Bytes;
use tinsmith_client::BoxFuture;
use tinsmith_client::credentials::Credentials;
use tinsmith_client::environment::Environment;
use tinsmith_client::transport::{Transport, TransportError};
use tinsmith_kms::{Client, DisconnectCustomKeyStoreRequest, EncryptRequest, ListKeysRequest};

use crate::Result;
use crate::answers::{KEY, KEY_STORE, KEYS, Operation, PLAINTEXT};
use crate::call::{Called, Caller};

/// The generated client and what it is to call.
pub struct Ours {
    client: Client,
    operation: Operation,
}

impl Ours {
    /// A client that calls the server at `url`.
    pub async fn to(url: String, operation: Operation) -> Result<Self> {
        let client = Client::builder()
            .environment(Environment::empty())
            .region("us-east-1".to_owned())
            .credentials(credentials())
            .endpoint_url(url)
            .build()
            .await?;
        Ok(Self { client, operation })
    }

    /// A client with responses from memory.
    pub async fn in_memory(operation: Operation) -> Result<Self> {
        let client = Client::builder()
            .environment(Environment::empty())
            .region("us-east-1".to_owned())
            .credentials(credentials())
            .transport(Memory(operation.answer()))
            .build()
            .await?;
        Ok(Self { client, operation })
    }

    /// The size of the future of one call, in bytes.
    pub fn future_size(&self) -> usize {
        let request = DisconnectCustomKeyStoreRequest::new(KEY_STORE);
        size_of_val(&self.client.disconnect_custom_key_store(request))
    }

    async fn made(&self) -> Result<()> {
        match self.operation {
            Operation::Disconnect => {
                let request = DisconnectCustomKeyStoreRequest::new(KEY_STORE);
                self.client.disconnect_custom_key_store(request).await?;
            }
            Operation::Encrypt => {
                let request = EncryptRequest::new(KEY, vec![7; PLAINTEXT]);
                let response = self.client.encrypt(request).await?;
                assert!(
                    response
                        .ciphertext_blob
                        .is_some_and(|blob| blob.len() > PLAINTEXT)
                );
            }
            Operation::Refused => {
                let request = DisconnectCustomKeyStoreRequest::new(KEY_STORE);
                let response = self.client.disconnect_custom_key_store(request).await;
                assert!(response.is_err_and(|error| error.code().is_some()));
            }
            Operation::ListKeys => {
                let response = self.client.list_keys(ListKeysRequest::new()).await?;
                assert_eq!(response.keys.map(|keys| keys.len()), Some(KEYS));
            }
        }
        Ok(())
    }
}

impl Caller for Ours {
    fn name(&self) -> &'static str {
        "Tinsmith"
    }

    fn call(&self) -> Called<'_> {
        Box::pin(self.made())
    }
}

fn credentials() -> Credentials {
    let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    Credentials::new("AKIAIOSFODNN7EXAMPLE", secret, "bench")
}

/// A transport with responses in memory.
#[derive(Debug)]
struct Memory(http::Response<Bytes>);

impl Transport for Memory {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, std::result::Result<http::Response<Bytes>, TransportError>> {
        drop(request);
        Box::pin(ready(Ok(self.0.clone())))
    }
}
