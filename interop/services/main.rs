//! Short scenarios of more services: clients that are generated from botocore's models, against
//! moto's server and boto3.
//!
//! `cargo xtask interop` generates the clients, with the operations in `operations.toml`, and
//! builds this file with them in a workspace under target/interop/services.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

mod cognito_identity;
mod dynamodb;
mod ecr;
mod ecs;
mod kinesis;
mod logs;
mod secretsmanager;
mod sqs;
mod ssm;
mod stepfunctions;

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tinsmith_client::credentials::Credentials;
use tinsmith_client::environment::Environment;
use tinsmith_client::{Builder, Timestamp};
use tinsmith_interop::boto3::Boto3;
use tinsmith_interop::moto::Moto;
use tinsmith_interop::python;
use tinsmith_interop::recorder::Recorder;
use tinsmith_interop::wire::Wire;

/// A client that sees nothing of this machine's configuration.
async fn client<C: From<tinsmith_client::Client>>(
    builder: Builder<C>,
    endpoint: String,
    region: &str,
) -> C {
    let credentials = Credentials::new("AKID", "secret", "test");
    builder
        .environment(Environment::empty())
        .region(region)
        .credentials(credentials.with_session_token("token".to_owned()))
        .endpoint_url(endpoint)
        .build()
        .await
        .unwrap()
}

/// A client of moto's server, and the server. `None` without Python.
async fn moto<C: From<tinsmith_client::Client>>(builder: Builder<C>) -> Option<(C, Moto)> {
    let moto = Moto::shared().unwrap()?;
    // Where moto takes unsigned requests to be sent.
    let client = client(builder, moto.url(), "us-east-1").await;
    Some((client, moto))
}

/// Takes what a client sends, to hold it against what boto3 sends.
struct Twin {
    service: &'static str,
    recorder: Recorder,
    boto3: &'static Mutex<Boto3>,
}

impl Twin {
    /// A client and its twin in boto3. `None` without Python.
    async fn of<C: From<tinsmith_client::Client>>(
        service: &'static str,
        builder: Builder<C>,
    ) -> Option<(C, Self)> {
        /// It ends with this process.
        static BOTO3: OnceLock<Mutex<Boto3>> = OnceLock::new();
        let python = python::find()?;
        let boto3 = BOTO3.get_or_init(|| Mutex::new(Boto3::start(&python).unwrap()));
        let recorder = Recorder::start().unwrap();
        let client = client(builder, recorder.url(), "eu-central-1").await;
        let twin = Self {
            service,
            recorder,
            boto3,
        };
        Some((client, twin))
    }

    /// Holds the client's last request against what boto3 makes of the same input.
    #[track_caller]
    fn sends(&self, operation: &str, input: &Value) -> Wire {
        let ours = self.recorder.take();
        let mut boto3 = self.boto3.lock().unwrap_or_else(PoisonError::into_inner);
        let url = self.recorder.url();
        let outcome = boto3.call(&url, self.service, operation, input).unwrap();
        assert!(outcome.get("output").is_some(), "{operation}: {outcome}");
        let theirs = self.recorder.take();
        let ([ours], [theirs]) = (&ours[..], &theirs[..]) else {
            panic!("{operation}: {ours:?}, {theirs:?}");
        };
        let ours = Wire::of_ours(ours).unwrap();
        assert_eq!(
            ours,
            Wire::of(theirs).unwrap(),
            "{operation}: ours, then boto3's"
        );
        ours
    }
}

/// Whether a time is now, give or take an hour.
fn is_now(time: Timestamp) -> bool {
    let time = SystemTime::try_from(time).unwrap();
    let (early, late) = (time.min(SystemTime::now()), time.max(SystemTime::now()));
    late.duration_since(early).unwrap() < Duration::from_secs(3600)
}
