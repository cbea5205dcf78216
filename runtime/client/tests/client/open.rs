//! A service that has no authentication.

use tinsmith_client::Client;
use tinsmith_client::environment::Environment;
use tinsmith_client::json::{ReadError, Reader, Writer};
use tinsmith_client::operation::{Operation, OperationInfo, ServiceInfo};
use tinsmith_client::transport::mock::MockTransport;

use crate::operation::SealError;

static SERVICE: ServiceInfo = ServiceInfo::aws_json_1_1("Open", "2020-01-01", "OpenService");

/// Gives and takes nothing.
struct Knock;

impl Operation for Knock {
    type Output = ();
    type Error = SealError;
    const INFO: &'static OperationInfo = &SERVICE.operation("Knock");

    fn write(&self, w: &mut Writer) {
        w.empty_object();
    }

    fn read(r: &mut Reader<'_>) -> Result<(), ReadError> {
        r.skip()
    }
}

#[tokio::test]
async fn needs_neither_credentials_nor_region() {
    let mock = MockTransport::new();
    mock.on::<Knock>().json("{}");
    let client: Client = Client::builder(&SERVICE)
        .environment(Environment::empty())
        .transport(mock.clone())
        .endpoint_url("https://h")
        .build()
        .await
        .unwrap();
    client.send(Knock).await.unwrap();
    let requests = mock.requests();
    assert_eq!(requests.len(), 1);
    assert!(!requests[0].headers().contains_key("authorization"));
}
