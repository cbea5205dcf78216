//! A service that has no authentication.

use tinsmith_client::Client;
use tinsmith_client::clock::VirtualClock;
use tinsmith_client::environment::Environment;
use tinsmith_client::json::{ReadError, Reader, Writer};
use tinsmith_client::operation::{
    Operation, OperationInfo, RequestParts, ResponseParts, ServiceInfo,
};
use tinsmith_client::protocol::Protocol;
use tinsmith_client::transport::mock::MockTransport;

use crate::operation::SealError;

static SERVICE: ServiceInfo = ServiceInfo::new(
    Protocol::aws_json_1_1(),
    "Open",
    "2020-01-01",
    "OpenService",
);

/// Gives and takes nothing.
struct Knock;

impl Operation for Knock {
    type Output = ();
    type Error = SealError;
    const INFO: &'static OperationInfo = &SERVICE.operation("Knock");

    fn write_request(&self, request: &mut RequestParts) {
        request.body = Writer::begin().end();
    }

    fn read_response(response: ResponseParts<'_>) -> Result<(), ReadError> {
        Reader::ignore(response.body)
    }
}

#[tokio::test]
async fn needs_neither_credentials_nor_region() {
    let mock = MockTransport::new();
    mock.on::<Knock>().json("{}");
    let client: Client = Client::builder(&SERVICE)
        .environment(Environment::empty())
        .clock(VirtualClock::new(std::time::SystemTime::UNIX_EPOCH))
        .transport(mock.clone())
        .endpoint_url("https://h")
        .build()
        .await
        .unwrap();
    client.send(Knock).await.unwrap();
    let requests = mock.requests();
    assert_eq!(requests.len(), 1);
    assert!(!requests[0].headers().contains_key("authorization"));
    // What the mock finds the operation by, whatever the protocol.
    let info = requests[0].extensions().get::<&OperationInfo>();
    assert_eq!(info.map(|info| info.name), Some("Knock"));
}
