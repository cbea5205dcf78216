//! Files are read on a thread that may block, never on the one that polls the call, so that a slow
//! file system does not stop timeouts.
//!
//! A fake environment reads its files inline. So the test runs this program again, with environment
//! variables that name files.

use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Waker};

use tinsmith_client::credentials::{
    ContainerProvider, ProfileProvider, ProvideCredentials, ProviderContext, WebIdentityProvider,
};
use tinsmith_client::environment::Environment;
use tinsmith_client::transport::mock::MockTransport;
use tokio::runtime::Runtime;

use crate::operation::builder;
use crate::world::FakeClock;

/// Work that keeps a runtime's only thread for blocking work busy.
struct Work {
    started: Receiver<()>,
    end: Sender<()>,
}

impl Work {
    fn queue(runtime: &Runtime) -> Self {
        let (start, started) = channel();
        let (end, ended) = channel();
        runtime.spawn_blocking(move || {
            start.send(()).unwrap();
            let _ = ended.recv();
        });
        Self { started, end }
    }
}

/// How often the future waits for work on the thread for blocking work. Its other waits never end.
fn count_waits<T>(future: impl Future<Output = T>) -> usize {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).max_blocking_threads(1);
    let runtime = runtime.enable_all().build().unwrap();
    let _entered = runtime.enter();
    let mut future = pin!(future);
    let mut work = Work::queue(&runtime);
    let mut context = Context::from_waker(Waker::noop());
    for waits in 0..10 {
        if future.as_mut().poll(&mut context).is_ready() {
            return waits;
        }
        // The thread takes one after the other: when the next has begun, the read is done.
        let next = Work::queue(&runtime);
        work.end.send(()).unwrap();
        next.started.recv().unwrap();
        work = next;
    }
    panic!("the future does not end");
}

#[test]
fn callers_read_files_off_thread() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let config = folder.join("blocking-reads-config");
    let profile = "[default]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n\
                   [sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://h\n";
    std::fs::write(&config, profile).unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    let output = command
        .args(["--ignored", "--exact", "blocking_reads::counts_reads"])
        .env("HOME", folder)
        .env("AWS_CONFIG_FILE", config)
        .env("AWS_SHARED_CREDENTIALS_FILE", "no-such-file")
        .env("AWS_ROLE_ARN", "arn:aws:iam::1:role/r")
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", "no-such-file")
        .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/")
        .env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "no-such-file")
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}");
    assert!(printed.contains("1 passed"), "{printed}");
}

#[test]
#[ignore = "callers_read_files_off_thread runs it"]
fn counts_reads() {
    let environment = Environment::process();
    let builder = || builder("http://localhost").environment(environment.clone());
    let config = count_waits(builder().transport(MockTransport::new()).build());
    assert_eq!(config, 1, "the config files");
    let bundle = count_waits(builder().ca_bundle("no-such-file").build());
    assert_eq!(bundle, 2, "the config files and the CA bundle");

    let context = || {
        let transport = Arc::new(MockTransport::new());
        ProviderContext::new(environment.clone(), transport, FakeClock::at(0))
    };
    let web_identity = WebIdentityProvider::new(context());
    let container = ContainerProvider::new(context());
    let profile = ProfileProvider::new(context());
    let providers: [(&dyn ProvideCredentials, usize, &str); 3] = [
        (&web_identity, 2, "the config files and a token"),
        (&container, 1, "a token"),
        (&profile, 2, "the config files and an SSO token"),
    ];
    for (provider, expected, files) in providers {
        assert_eq!(count_waits(provider.provide()), expected, "{files}");
    }
}
