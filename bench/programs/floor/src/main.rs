//! DisconnectCustomKeyStore by hand: hyper, rustls, and a signature.
//!
//! The time is fixed, so that no library for dates is needed; nobody runs this against AWS.

use std::fmt::Write as _;

use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use sha2::{Digest as _, Sha256};

const TIME: &str = "20260101T000000Z";
const DAY: &str = "20260101";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (key, secret) = (
        std::env::var("AWS_ACCESS_KEY_ID")?,
        std::env::var("AWS_SECRET_ACCESS_KEY")?,
    );
    let region = std::env::var("AWS_REGION")?;
    let host = format!("kms.{region}.amazonaws.com");
    let body = r#"{"CustomKeyStoreId":"cks-1234567890abcdef0"}"#;
    let target = "TrentService.DisconnectCustomKeyStore";
    let names = "content-type;host;x-amz-date;x-amz-target";
    let canonical = format!(
        "POST\n/\n\ncontent-type:application/x-amz-json-1.1\nhost:{host}\nx-amz-date:{TIME}\nx-amz-target:{target}\n\n{names}\n{}",
        hex(&Sha256::digest(body))
    );
    let scope = format!("{DAY}/{region}/kms/aws4_request");
    let text = format!(
        "AWS4-HMAC-SHA256\n{TIME}\n{scope}\n{}",
        hex(&Sha256::digest(canonical))
    );
    let mut signing = format!("AWS4{secret}").into_bytes();
    for part in [DAY, &region, "kms", "aws4_request", &text] {
        signing = sign(&signing, part.as_bytes())?;
    }
    let signature = hex(&signing);
    let request = Request::post(format!("https://{host}/"))
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-date", TIME)
        .header("x-amz-target", target)
        .header(
            "authorization",
            format!("AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}"),
        )
        .body(Full::new(Bytes::from(body)))?;
    let tls = hyper_rustls::HttpsConnectorBuilder::new()
        .with_native_roots()?
        .https_only()
        .enable_http1()
        .build();
    let response = Client::builder(TokioExecutor::new())
        .build(tls)
        .request(request)
        .await?;
    println!("{}", response.status());
    let answer = response.into_body().collect().await?.to_bytes();
    println!("{}", String::from_utf8_lossy(&answer));
    Ok(())
}

fn sign(key: &[u8], message: &[u8]) -> Result<Vec<u8>, hmac::digest::InvalidLength> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key)?;
    mac.update(message);
    Ok(mac.finalize().into_bytes().to_vec())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A string takes everything.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
