//! Credentials from a slow source, over sockets.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tinsmith_client::clock::{Clock, SystemClock};
use tinsmith_client::environment::Environment;
use tinsmith_client::{BoxFuture, Client, Timestamp};
use tinsmith_testing::server::{Server, ok};

use crate::operation::{SERVICE, seal};

/// The machine's clock, put forward by some seconds.
#[derive(Clone, Debug)]
struct Ahead(SystemClock, Arc<AtomicU64>);

impl Clock for Ahead {
    fn now(&self) -> SystemTime {
        self.0.now() + Duration::from_secs(self.1.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Duration {
        self.0.monotonic()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0.sleep(duration)
    }
}

/// Gives credentials that expire in ten minutes: the first at once, all others when `released` is
/// dropped.
fn agent(clock: Ahead, released: Receiver<()>) -> (Server, Receiver<()>) {
    let (asked, is_asked) = channel();
    let (count, released) = (AtomicUsize::new(0), Mutex::new(released));
    let server = Server::answering(move |_| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        if number > 0 {
            let _ = asked.send(());
            let released = released.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = released.recv();
        }
        let expiry = Timestamp::from(clock.now() + Duration::from_secs(600));
        ok(&format!(
            r#"{{"AccessKeyId": "AKID{}", "SecretAccessKey": "s", "Token": "t",
                "Expiration": "{}"}}"#,
            number.min(1),
            expiry.date_time()
        ))
    });
    (server, is_asked)
}

#[tokio::test]
async fn slow_refresh_delays_calls_in_the_last_minute_only() {
    let clock = Ahead(SystemClock::new(), Arc::default());
    let (release, released) = channel();
    let (agent, is_asked) = agent(clock.clone(), released);
    let service = Server::answering(|request| {
        let (_, key) = request.split_once("Credential=").unwrap();
        let (key, _) = key.split_once('/').unwrap();
        ok(&format!(r#"{{"Sealed": "{key}"}}"#))
    });
    let variables = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", agent.uri())];
    let client: Client = Client::builder(&SERVICE)
        .environment(Environment::with_variables(variables))
        .region("eu-central-1".to_owned())
        .endpoint_url(service.uri())
        .clock(clock.clone())
        .build()
        .await
        .unwrap();
    let signer = async || client.send(seal()).await.unwrap().output.to_string();

    // Four minutes are left.
    clock.1.fetch_add(360, Ordering::SeqCst);
    assert_eq!(signer().await, "AKID0");
    is_asked.recv().unwrap();
    assert_eq!(signer().await, "AKID0");
    // Half a minute is left.
    clock.1.fetch_add(210, Ordering::SeqCst);
    let impatient = tokio::time::timeout(Duration::from_millis(50), client.send(seal()));
    assert!(impatient.await.is_err());
    drop(release);
    assert_eq!(signer().await, "AKID1");
}
