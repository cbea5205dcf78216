//! The official SDK, `aws-sdk-kms`, over its own hyper client.

use aws_sdk_kms::Client;
use aws_sdk_kms::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_kms::error::ProvideErrorMetadata as _;
use aws_sdk_kms::primitives::Blob;
use aws_smithy_http_client::Builder;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;

use crate::Result;
use crate::answers::{KEY, KEY_STORE, KEYS, Operation, PLAINTEXT};
use crate::call::{Called, Caller};

/// The official client and what it is to call.
pub struct Peer {
    client: Client,
    operation: Operation,
}

impl Peer {
    /// A client that calls the server at `url`.
    pub fn to(url: String, operation: Operation) -> Self {
        Self::new(Builder::new().build_http(), url, operation)
    }

    /// A client with responses from memory.
    pub fn in_memory(operation: Operation) -> Self {
        let memory = SharedHttpConnector::new(Memory(operation.answer()));
        let http = http_client_fn(move |_, _| memory.clone());
        Self::new(http, "http://localhost:1".to_owned(), operation)
    }

    fn new(http: SharedHttpClient, url: String, operation: Operation) -> Self {
        let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
        let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret, None, None, "bench");
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(credentials)
            .endpoint_url(url)
            .http_client(http)
            .build();
        let client = Client::from_conf(config);
        Self { client, operation }
    }

    /// The size of the future of one call, in bytes.
    pub fn future_size(&self) -> usize {
        let call = self.client.disconnect_custom_key_store();
        size_of_val(&call.custom_key_store_id(KEY_STORE).send())
    }

    async fn made(&self) -> Result<()> {
        match self.operation {
            Operation::Disconnect => {
                let call = self.client.disconnect_custom_key_store();
                call.custom_key_store_id(KEY_STORE).send().await?;
            }
            Operation::Encrypt => {
                let call = self.client.encrypt().key_id(KEY);
                let response = call.plaintext(Blob::new(vec![7; PLAINTEXT])).send().await?;
                assert!(
                    response
                        .ciphertext_blob()
                        .is_some_and(|blob| blob.as_ref().len() > PLAINTEXT)
                );
            }
            Operation::Refused => {
                let call = self.client.disconnect_custom_key_store();
                let response = call.custom_key_store_id(KEY_STORE).send().await;
                assert!(response.is_err_and(|error| error.code().is_some()));
            }
            Operation::ListKeys => {
                let response = self.client.list_keys().send().await?;
                assert_eq!(response.keys().len(), KEYS);
            }
        }
        Ok(())
    }
}

impl Caller for Peer {
    fn name(&self) -> &'static str {
        "aws-sdk-kms 1.129.0"
    }

    fn call(&self) -> Called<'_> {
        Box::pin(self.made())
    }
}

/// A connector with responses in memory.
#[derive(Debug)]
struct Memory(http::Response<Bytes>);

impl HttpConnector for Memory {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        drop(request);
        let answer = self.0.clone().map(SdkBody::from);
        HttpConnectorFuture::ready(
            answer
                .try_into()
                .map_err(|error| ConnectorError::other(Box::new(error), None)),
        )
    }
}
