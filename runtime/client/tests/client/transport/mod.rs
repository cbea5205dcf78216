//! The transport over hyper against servers on loopback that misbehave in every way.

mod connections;
mod idle;
mod limit;
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod over_tls;
mod proxies;
mod responses;
mod runtimes;
mod streams;
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod tls;
mod watch;
#[cfg(target_os = "linux")]
mod wiping;

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use tinsmith_client::transport::{
    HyperTransport, HyperTransportBuilder, ProxySettings, Transport, TransportError,
};

/// A transport without proxies and with timeouts fit for loopback.
fn builder() -> HyperTransportBuilder {
    HyperTransport::builder()
        .proxies(ProxySettings::none())
        .connect_timeout(Duration::from_millis(500))
        .read_timeout(Duration::from_millis(500))
}

fn transport() -> HyperTransport {
    builder().build().unwrap()
}

async fn post(
    transport: &HyperTransport,
    uri: &str,
    body: impl Into<Bytes>,
) -> Result<Response<Bytes>, TransportError> {
    let request = Request::post(uri).header("x-amz-target", "TrentService.Encrypt");
    transport.send(request.body(body.into()).unwrap()).await
}
