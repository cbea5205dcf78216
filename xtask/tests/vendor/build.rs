//! A project that uses a vendored crate.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::common::{success, texts, write};

const OPERATIONS: &str = "ConnectCustomKeyStore,CreateCustomKeyStore,DeleteCustomKeyStore,\
    DescribeCustomKeyStores,DisconnectCustomKeyStore,UpdateCustomKeyStore";

const MANIFEST: &str = r#"[package]
name = "app"
version = "0.1.0"
edition = "2024"

[dependencies]
tinsmith-kms = { path = "vendor/tinsmith-kms", default-features = false, features = ["test-util"] }
"#;

const PROGRAM: &str = r##"
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::SystemTime;

use tinsmith_kms::runtime::clock::VirtualClock;
use tinsmith_kms::runtime::credentials::Credentials;
use tinsmith_kms::runtime::environment::Environment;
use tinsmith_kms::runtime::transport::mock::MockTransport;
use tinsmith_kms::{Client, DescribeCustomKeyStoresRequest, DisconnectCustomKeyStoreRequest};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mock = MockTransport::new();
    mock.on::<DescribeCustomKeyStoresRequest>()
        .json(r#"{"CustomKeyStores": [{"CustomKeyStoreId": "cks-1"}]}"#);
    mock.on::<DisconnectCustomKeyStoreRequest>().error(400, "CustomKeyStoreNotFoundException", "?");
    let call = async {
        let kms = Client::builder()
            .environment(Environment::fake([("", ""); 0], [("", ""); 0]))
            .region("eu-central-1".to_owned())
            .credentials(Credentials::new("AKID", "secret", "test"))
            .transport(mock.clone())
            .clock(VirtualClock::new(SystemTime::now()))
            .build()
            .await?;
        let stores = kms.describe_custom_key_stores(DescribeCustomKeyStoresRequest::new()).await?;
        println!("{:?}", stores.custom_key_stores);
        let error = kms.disconnect_custom_key_store(DisconnectCustomKeyStoreRequest::new("cks-2"));
        println!("{}", error.await.unwrap_err());
        Ok(())
    };
    match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("a mock does not wait"),
    }
}
"##;

/// A project outside of this workspace, gone at the end of the test.
pub(crate) struct Project(pub(crate) PathBuf);

impl Project {
    /// Its place depends on this checkout alone, so that what cargo kept of it is of use again.
    pub(crate) fn new(test: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        env!("CARGO_TARGET_TMPDIR").hash(&mut hasher);
        let name = format!("tinsmith-{test}-{:x}", hasher.finish());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs cargo in a folder; it must find nothing to warn of.
#[track_caller]
pub(crate) fn cargo(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).current_dir(folder);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("vendor-target");
    command.env("CARGO_TARGET_DIR", target);
    let output = command.output().unwrap();
    let (_, stderr) = texts(&output);
    assert!(!stderr.contains("warning"), "{stderr}");
    success(&output)
}

/// By itself, in a workspace, and in one that leaves the vendored crates out.
#[test]
fn a_program_calls_a_vendored_client() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let project = Project::new("vendor");
    let app = project.0.join("app");
    write(&app.join("src/main.rs"), PROGRAM);
    // The same versions as here are tested, and nothing is asked of the registry that it did not
    // give before.
    fs::copy(root.join("Cargo.lock"), app.join("Cargo.lock")).unwrap();
    let vendor = app.join("vendor").display().to_string();
    let arguments = ["vendor", "kms", &vendor, "--operations", OPERATIONS];
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        success(&command.args(arguments).output().unwrap())
    };
    let stdout = run(&arguments);
    assert!(stdout.contains("tinsmith-kms: 6 operations, "), "{stdout}");

    for workspace in ["", "[workspace]\n", "[workspace]\nexclude = [\"vendor\"]\n"] {
        write(&app.join("Cargo.toml"), &format!("{MANIFEST}\n{workspace}"));
        let stdout = cargo(&app, &["run"]);
        let mut lines = stdout.lines();
        let stores = lines.next().unwrap();
        assert!(
            stores.contains("custom_key_store_id: Some(\"cks-1\")"),
            "{stores}"
        );
        let error = lines.next().unwrap();
        assert!(
            error.contains("CustomKeyStoreNotFoundException: ?"),
            "{error}"
        );
        cargo(
            &app.join("vendor/tinsmith-kms"),
            &["check", "--no-default-features"],
        );
        let stdout = run(&["vendor", "--check", &vendor]);
        assert!(
            stdout.ends_with(" files, unchanged and up to date\n"),
            "{stdout}"
        );
    }
}
