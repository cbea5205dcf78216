//! A limit on the connections to each host.

use std::num::NonZeroUsize;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tinsmith_client::transport::HyperTransport;
use tinsmith_testing::server::{Server, ok};
use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::{JoinHandle, yield_now};
use tokio::time::timeout;

use crate::transport::{builder, post, transport};

fn limited(connections: usize) -> Arc<HyperTransport> {
    let builder = builder().max_connections(NonZeroUsize::new(connections));
    Arc::new(builder.read_timeout(None).build().unwrap())
}

/// A server that holds each response back until it may send one.
struct Holding {
    server: Server,
    /// The requests in the order in which they came.
    reached: UnboundedReceiver<String>,
    release: Sender<()>,
}

impl Holding {
    fn new() -> Self {
        let (report, reached) = unbounded_channel();
        let (release, released) = mpsc::channel();
        let released = Mutex::new(released);
        let server = Server::answering(move |request| {
            let line = request.lines().next().unwrap_or_default();
            report.send(line.to_owned()).unwrap();
            let _ = released.lock().unwrap().recv();
            ok("x")
        });
        Self {
            server,
            reached,
            release,
        }
    }

    /// The path of the next request.
    async fn next(&mut self) -> String {
        let line = timeout(Duration::from_secs(5), self.reached.recv()).await;
        let line = line.unwrap().unwrap();
        line.split(' ').nth(1).unwrap().to_owned()
    }

    /// Starts a call of `path`, which is in the queue or at the server afterwards.
    async fn call(&self, transport: &Arc<HyperTransport>, path: &str) -> JoinHandle<()> {
        let uri = format!("http://{}{path}", self.server.address);
        let transport = transport.clone();
        let call = tokio::spawn(async move {
            post(&transport, &uri, "{}").await.unwrap();
        });
        yield_now().await;
        call
    }
}

#[tokio::test]
async fn calls_share_the_connections_that_are_allowed() {
    let server = Server::answering(|_| {
        std::thread::sleep(Duration::from_millis(1));
        ok("x")
    });
    let transport = limited(2);
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let (transport, uri) = (transport.clone(), server.uri());
            tokio::spawn(async move { post(&transport, &uri, "{}").await.unwrap() })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().body(), "x");
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn calls_wait_in_order() {
    let mut holding = Holding::new();
    let transport = limited(1);
    let mut calls = vec![holding.call(&transport, "/0").await];
    assert_eq!(holding.next().await, "/0");
    for path in ["/1", "/2", "/3"] {
        calls.push(holding.call(&transport, path).await);
    }
    for path in ["/1", "/2", "/3"] {
        holding.release.send(()).unwrap();
        assert_eq!(holding.next().await, path);
    }
    holding.release.send(()).unwrap();
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!(holding.server.connections(), 1);
}

/// The call that waits has been woken, but has not run since.
#[tokio::test]
async fn new_call_does_not_overtake_one_that_waits() {
    let mut holding = Holding::new();
    let transport = limited(1);
    let uri = |path: &str| format!("http://{}{path}", holding.server.address);
    let (first, third) = (uri("/0"), uri("/2"));
    let mut second = None;
    let (sent, ()) = tokio::join!(post(&transport, &first, "{}"), async {
        assert_eq!(holding.next().await, "/0");
        second = Some(holding.call(&transport, "/1").await);
        holding.release.send(()).unwrap();
    });
    sent.unwrap();
    let (sent, ()) = tokio::join!(post(&transport, &third, "{}"), async {
        for path in ["/1", "/2"] {
            assert_eq!(holding.next().await, path);
            holding.release.send(()).unwrap();
        }
    });
    sent.unwrap();
    second.unwrap().await.unwrap();
}

#[tokio::test]
async fn canceled_calls_give_up_their_turn() {
    let mut holding = Holding::new();
    let transport = limited(1);
    let first = holding.call(&transport, "/0").await;
    assert_eq!(holding.next().await, "/0");
    let second = holding.call(&transport, "/1").await;
    let third = holding.call(&transport, "/2").await;
    second.abort(); // It waits.
    first.abort(); // It has the connection.
    assert_eq!(holding.next().await, "/2");
    holding.release.send(()).unwrap();
    holding.release.send(()).unwrap();
    third.await.unwrap();
}

/// Neither timeout of the transport counts while a call waits for its turn.
#[tokio::test]
async fn waiting_counts_towards_no_timeout_of_the_transport() {
    let server = Server::answering(|_| {
        std::thread::sleep(Duration::from_millis(150));
        ok("x")
    });
    let limit = Duration::from_millis(400);
    let builder = builder().connect_timeout(limit).read_timeout(limit);
    let builder = builder.max_connections(NonZeroUsize::new(1));
    let transport = Arc::new(builder.build().unwrap());
    let calls: Vec<_> = (0..5)
        .map(|_| {
            let (transport, uri) = (transport.clone(), server.uri());
            tokio::spawn(async move { post(&transport, &uri, "{}").await.unwrap() })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
}

#[tokio::test]
async fn each_host_has_a_limit_of_its_own() {
    let (holding, other) = (Holding::new(), Server::answering(|_| ok("x")));
    let transport = limited(1);
    let held = holding.call(&transport, "/").await;
    let uri = other.uri();
    let call = timeout(Duration::from_secs(5), post(&transport, &uri, "{}"));
    call.await.unwrap().unwrap();
    holding.release.send(()).unwrap();
    held.await.unwrap();
}

/// A connection of another runtime is of no use, but counts.
#[test]
fn limit_covers_all_runtimes() {
    let server = Server::answering(|_| ok("x"));
    let transport = limited(1);
    let runtimes = [Builder::new_current_thread(), Builder::new_multi_thread()]
        .map(|mut builder| builder.worker_threads(1).enable_all().build().unwrap());
    for round in 0..3 {
        for (number, runtime) in runtimes.iter().enumerate() {
            let call = runtime.block_on(post(&transport, &server.uri(), "{}"));
            assert_eq!(call.unwrap().body(), "x");
            assert!(server.open_falls_to(1));
            assert_eq!(server.connections(), 2 * round + number + 1);
        }
    }
}

/// A call whose turn it is takes it when its runtime runs again, and delays nobody until then.
#[test]
fn parked_runtime_blocks_no_other() {
    let runtime = || Builder::new_current_thread().enable_all().build().unwrap();
    let (parked, other) = (runtime(), runtime());
    let mut holding = other.block_on(async { Holding::new() });
    let transport = limited(1);
    let first = other.block_on(holding.call(&transport, "/0"));
    assert_eq!(other.block_on(holding.next()), "/0");
    let waiting = parked.block_on(holding.call(&transport, "/1"));
    let second = other.block_on(holding.call(&transport, "/2"));
    holding.release.send(()).unwrap();
    other.block_on(first).unwrap();
    assert_eq!(other.block_on(holding.next()), "/2");
    holding.release.send(()).unwrap();
    other.block_on(second).unwrap();
    holding.release.send(()).unwrap();
    parked.block_on(waiting).unwrap();
    assert_eq!(other.block_on(holding.next()), "/1");
}

#[tokio::test]
async fn there_is_no_limit_by_default() {
    let holding = Holding::new();
    let transport = Arc::new(transport());
    let mut calls = Vec::new();
    for _ in 0..20 {
        calls.push(holding.call(&transport, "/").await);
    }
    let waited = async {
        while holding.server.connections() < 20 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(Duration::from_secs(5), waited).await.unwrap();
    for call in calls {
        holding.release.send(()).unwrap();
        call.abort();
    }
}
