//! The generated KMS client against real peers.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

mod cases;
mod cryptography;
mod errors;
mod fixture;
mod pages;
mod requests;
mod retries;
mod scenario;

use tinsmith_kms::Client;
use tinsmith_kms::runtime::credentials::Credentials;
use tinsmith_kms::runtime::environment::Environment;

/// A client that sees nothing of this machine's configuration.
async fn client(endpoint: &str, region: &str) -> Client {
    let credentials = Credentials::new("AKID", "secret", "test");
    Client::builder()
        .environment(Environment::empty())
        .region(region)
        .credentials(credentials.with_session_token("token".to_owned()))
        .endpoint_url(endpoint)
        .build()
        .await
        .unwrap()
}
