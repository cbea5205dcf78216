//! A transport that several Tokio runtimes share, some of which nobody drives any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use tinsmith_client::transport::HyperTransport;
use tinsmith_testing::server::{Server, ok, read_request};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::{LocalSet, spawn_blocking};
use tokio::time::{sleep, timeout};

use crate::transport::{builder, post, transport};

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn multi_thread() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().build().unwrap()
}

/// A server that sends the body of each request back.
fn echo() -> Server {
    Server::answering(|request| ok(body(request)))
}

fn body(request: &str) -> &str {
    request.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

/// Sends `text` to a server that echoes it.
async fn call(transport: &HyperTransport, server: &str, text: &str) {
    let call = timeout(
        Duration::from_secs(5),
        post(transport, server, text.to_owned()),
    );
    let response = call.await.expect("the call hangs").unwrap();
    assert_eq!(response.body(), text);
}

#[test]
fn runtime_does_not_use_connections_of_a_parked_one() {
    let (server, transport) = (echo(), transport());
    let (first, second) = (current_thread(), multi_thread());
    for (runtime, connections) in [(&first, 1), (&second, 2), (&first, 2), (&second, 2)] {
        runtime.block_on(call(&transport, &server.uri(), "x"));
        assert_eq!(server.connections(), connections);
    }
}

#[test]
fn runtime_does_not_wait_for_a_busy_one() {
    let (server, transport) = (echo(), transport());
    let (called, is_called) = mpsc::channel();
    let (end, ended) = mpsc::channel::<()>();
    let (transport, uri) = (&transport, &server.uri());
    thread::scope(|scope| {
        scope.spawn(move || {
            current_thread().block_on(async {
                call(transport, uri, "x").await;
                called.send(()).unwrap();
                let _ = ended.recv(); // Blocks the runtime.
            });
        });
        is_called.recv().unwrap();
        current_thread().block_on(call(transport, uri, "y"));
        drop(end);
    });
    assert_eq!(server.connections(), 2);
}

#[test]
fn runtime_that_ends_disturbs_no_call_of_another() {
    let (reached, is_reached) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let released = std::sync::Mutex::new(released);
    let server = Server::answering(move |request| {
        if body(request) == "slow" {
            reached.send(()).unwrap();
            let _ = released.lock().unwrap().recv();
        }
        ok(body(request))
    });
    let transport = builder().read_timeout(None).build().unwrap();
    let first = multi_thread();
    first.block_on(call(&transport, &server.uri(), "x"));
    thread::scope(|scope| {
        let slow = || current_thread().block_on(call(&transport, &server.uri(), "slow"));
        let slow = scope.spawn(slow);
        is_reached.recv().unwrap();
        drop(first);
        drop(release);
        slow.join().unwrap();
    });
}

#[test]
fn connections_end_with_their_runtime() {
    let (server, transport) = (echo(), transport());
    for runtime in [current_thread(), multi_thread()] {
        runtime.block_on(call(&transport, &server.uri(), "x"));
        drop(runtime);
        assert!(server.open_falls_to(0));
    }
}

#[test]
fn connections_of_a_parked_runtime_are_closed_by_another() {
    let server = echo();
    let idle_timeout = Duration::from_millis(300);
    let transport = builder().idle_timeout(idle_timeout).build().unwrap();
    let (parked, driven) = (current_thread(), multi_thread());
    parked.block_on(call(&transport, &server.uri(), "x"));
    // The runtime that goes on has a connection of its own, which outlives the other.
    thread::sleep(idle_timeout / 3);
    driven.block_on(call(&transport, &server.uri(), "y"));
    assert_eq!(server.connections(), 2);
    assert!(server.open_falls_to(0));
    drop(parked);
}

/// One that becomes idle while the pool is already being watched is not closed when it was idle for
/// nearly twice the timeout.
#[test]
fn idle_connection_is_closed_at_the_idle_timeout() {
    let server = echo();
    let idle_timeout = Duration::from_millis(600);
    let transport = builder().idle_timeout(idle_timeout).build().unwrap();
    let (idle_since, idle) = mpsc::channel();
    let driven = multi_thread();
    driven.spawn(async move {
        call(&transport, &server.uri(), "x").await;
        sleep(idle_timeout / 10).await;
        call(&transport, &server.uri(), "x").await;
        idle_since.send((Instant::now(), server)).unwrap();
        std::future::pending::<()>().await;
        drop(transport);
    });
    let (since, server) = idle.recv().unwrap();
    assert!(server.open_falls_to(0));
    let after = since.elapsed();
    assert_eq!(server.connections(), 1);
    assert!(after > idle_timeout * 9 / 10, "{after:?}");
    assert!(after < idle_timeout * 3 / 2, "{after:?}");
}

#[test]
fn all_ways_to_run_a_future_share_the_connections_of_their_runtime() {
    for runtime in [current_thread(), multi_thread()] {
        let (server, transport) = (echo(), Arc::new(transport()));
        let uri = server.uri();
        runtime.block_on(async {
            call(&transport, &uri, "outside of a task").await;
            let (shared, to) = (transport.clone(), uri.clone());
            let task = tokio::spawn(async move { call(&shared, &to, "in a task").await });
            task.await.unwrap();
            LocalSet::new()
                .run_until(call(&transport, &uri, "in a local set"))
                .await;
            let (shared, to) = (transport.clone(), uri.clone());
            let blocking = spawn_blocking(move || {
                Handle::current().block_on(call(&shared, &to, "in a thread that may block"));
            });
            blocking.await.unwrap();
        });
        assert_eq!(server.connections(), 1);
    }
}

#[test]
fn runtimes_that_come_and_go_fail_no_call() {
    let server = echo();
    let (transport, uri) = (transport(), server.uri());
    thread::scope(|scope| {
        for thread in 0..8 {
            let (transport, uri) = (&transport, &uri);
            scope.spawn(move || {
                for number in 0..200 {
                    let text = format!("call {number} of thread {thread}");
                    let runtime = if thread % 2 == 0 {
                        current_thread()
                    } else {
                        multi_thread()
                    };
                    runtime.block_on(call(transport, uri, &text));
                }
            });
        }
    });
    assert!(server.open_falls_to(0), "a connection outlived its runtime");
    assert_eq!(server.connections(), 1600, "each was used by one runtime");
}

/// Calls are dropped at random moments while responses arrive in pieces.
#[test]
fn canceled_calls_leave_nothing_behind() {
    let server = Server::new(|mut stream| {
        use std::io::Write as _;
        while let Some(request) = read_request(&mut stream) {
            let response = ok(body(&request));
            let (first, second) = response.split_at(fastrand::usize(..response.len()));
            for part in [first, second] {
                thread::sleep(Duration::from_micros(fastrand::u64(..1500)));
                if stream.write_all(part).is_err() {
                    return;
                }
            }
        }
    });
    for runtime in [current_thread(), multi_thread()] {
        let transport = Arc::new(transport());
        let (completed, canceled) = (AtomicBool::new(false), AtomicBool::new(false));
        runtime.block_on(async {
            for round in 0..40 {
                let calls: Vec<_> = (0..25)
                    .map(|number| {
                        let (transport, uri) = (transport.clone(), server.uri());
                        let limit = Duration::from_micros(fastrand::u64(..4000));
                        let text = format!("call {number} of round {round}");
                        tokio::spawn(async move {
                            timeout(limit, call(&transport, &uri, &text)).await.is_ok()
                        })
                    })
                    .collect();
                for call in calls {
                    let seen = if call.await.unwrap() {
                        &completed
                    } else {
                        &canceled
                    };
                    seen.store(true, Ordering::Relaxed);
                }
            }
            call(&transport, &server.uri(), "a call that is not canceled").await;
        });
        assert!(completed.into_inner() && canceled.into_inner());
        drop(transport);
        assert!(server.open_falls_to(0), "a connection is still open");
    }
}
