//! What a call costs: over loopback, and in memory.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::Result;
use crate::answers::Operation;
use crate::measure::{Table, median, process_cpu};
use crate::ours::Ours;
#[cfg(feature = "peer")]
use crate::peer::Peer;
use crate::raw::{Connection, Pooled};
use crate::server::Server;

/// Turns of which the median counts.
const ROUNDS: usize = 21;
/// Calls at a time, where there are several.
const MANY: usize = 64;

/// The end of a call.
pub type Called<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// A client that makes the same call again and again.
pub trait Caller: Send + Sync {
    /// Its name in the table.
    fn name(&self) -> &'static str;

    /// Makes a call.
    fn call(&self) -> Called<'_>;
}

type Callers = Vec<Arc<dyn Caller>>;

/// Where calls are made, and how many at a time.
#[derive(Clone, Copy)]
enum Pace {
    /// One after the other on the main thread, as in a program of a few lines.
    Main,
    /// One after the other in a task, as in a handler of a server.
    Task,
    /// In many tasks at a time.
    Tasks,
}

/// Calls to a server on loopback, and calls with responses from memory.
pub fn tables() -> Result<Vec<Table>> {
    Ok(vec![loopback()?, memory()?])
}

fn loopback() -> Result<Table> {
    let mut table = Table::new(
        "call",
        "Calls to a server in another process on loopback, plain HTTP, multi-threaded Tokio",
        &[
            "operation",
            "in flight",
            "client",
            "CPU a call, µs",
            "of hyper's client",
            "wall, µs",
        ],
    );
    let runtime = Runtime::new()?;
    for operation in Operation::ALL {
        let server = Server::start(operation)?;
        let callers = runtime.block_on(loopback_callers(&server, operation))?;
        for (pace, title) in [
            (Pace::Main, "1, main thread"),
            (Pace::Task, "1, a task"),
            (Pace::Tasks, "64, tasks"),
        ] {
            // A connection alone takes one call at a time.
            let skipped = usize::from(matches!(pace, Pace::Tasks));
            let callers = callers.get(skipped..).unwrap_or_default();
            let costs = compare(&runtime, callers, pace, 1024)?;
            let pooled = costs
                .get(1 - skipped)
                .map_or(1.0, |(cpu, _)| cpu.as_secs_f64());
            for (caller, (cpu, wall)) in callers.iter().zip(costs) {
                table.row(vec![
                    operation.title().to_owned(),
                    title.to_owned(),
                    caller.name().to_owned(),
                    micros(cpu),
                    format!("{:.2}", cpu.as_secs_f64() / pooled),
                    micros(wall),
                ]);
            }
        }
    }
    Ok(table)
}

fn memory() -> Result<Table> {
    let mut table = Table::new(
        "memory",
        "Calls answered from memory, no socket, one thread",
        &["operation", "client", "CPU a call, µs"],
    );
    let runtime = one_thread()?;
    for operation in Operation::ALL {
        let callers = runtime.block_on(memory_callers(operation))?;
        let count = operation.count(5000);
        for (caller, (cpu, _)) in
            callers
                .iter()
                .zip(compare(&runtime, &callers, Pace::Main, count)?)
        {
            table.row(vec![
                operation.title().to_owned(),
                caller.name().to_owned(),
                micros(cpu),
            ]);
        }
    }
    Ok(table)
}

/// Makes `count` calls and measures nothing: for a profiler.
pub fn spin(name: &str, count: usize) -> Result<()> {
    let (place, operation) = name.split_once('-').unwrap_or_default();
    let (runtime, client) = match place {
        "memory" => (one_thread()?, 0),
        "hyper" => (Runtime::new()?, 1),
        "loopback" => (Runtime::new()?, 2),
        _ => {
            let examples = "memory-disconnect, loopback-encrypt, hyper-refused";
            return Err(format!("`{name}` is not {examples} or the like").into());
        }
    };
    let operation = Operation::named(operation)?;
    let server;
    let callers = if client == 0 {
        runtime.block_on(memory_callers(operation))?
    } else {
        server = Server::start(operation)?;
        runtime.block_on(loopback_callers(&server, operation))?
    };
    let caller = callers.get(client).ok_or("no such client")?;
    runtime.block_on(calls(caller, Pace::Main, count))
}

/// A runtime without other threads.
pub fn one_thread() -> Result<Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?)
}

/// hyper alone comes first: a connection, then its client with a pool, with which the others are
/// compared.
async fn loopback_callers(server: &Server, operation: Operation) -> Result<Callers> {
    let ours = Ours::to(server.url(), operation).await?;
    ours.call().await?;
    let request = server.last_request()?;
    let connection = Connection::to(server, &request).await?;
    let pooled = Pooled::to(server, &request)?;
    for raw in [&connection as &dyn Caller, &pooled] {
        raw.call().await?;
        if sorted_lines(&server.last_request()?) != sorted_lines(&request) {
            return Err(format!("{} does not send the same bytes", raw.name()).into());
        }
    }
    let callers: Callers = vec![Arc::new(connection), Arc::new(pooled), Arc::new(ours)];
    #[cfg(feature = "peer")]
    let callers = with_peer(callers, Peer::to(server.url(), operation));
    Ok(callers)
}

/// The clients with a transport that has the response in memory.
pub async fn memory_callers(operation: Operation) -> Result<Callers> {
    let callers: Callers = vec![Arc::new(Ours::in_memory(operation).await?)];
    #[cfg(feature = "peer")]
    let callers = with_peer(callers, Peer::in_memory(operation));
    Ok(callers)
}

#[cfg(feature = "peer")]
fn with_peer(mut callers: Callers, peer: Peer) -> Callers {
    callers.push(Arc::new(peer));
    callers
}

/// The order of header lines may differ.
fn sorted_lines(request: &[u8]) -> Vec<Vec<u8>> {
    let lines = request.split(|&byte| byte == b'\n');
    let mut lines: Vec<_> = lines.map(<[u8]>::to_ascii_lowercase).collect();
    lines.sort();
    lines
}

/// The median CPU and wall time of a call for each client, measured in turns of `count` calls.
fn compare(
    runtime: &Runtime,
    callers: &[Arc<dyn Caller>],
    pace: Pace,
    count: usize,
) -> Result<Vec<(Duration, Duration)>> {
    let mut samples = vec![(Vec::new(), Vec::new()); callers.len()];
    for caller in callers {
        runtime.block_on(calls(caller, pace, count / 8))?;
    }
    let each = u32::try_from(count)?;
    for _ in 0..ROUNDS {
        for (caller, (cpu, wall)) in callers.iter().zip(&mut samples) {
            let (begun, begun_wall) = (process_cpu()?, Instant::now());
            runtime.block_on(calls(caller, pace, count))?;
            cpu.push((process_cpu()? - begun) / each);
            wall.push(begun_wall.elapsed() / each);
        }
    }
    Ok(samples
        .into_iter()
        .map(|(cpu, wall)| (median(cpu), median(wall)))
        .collect())
}

async fn calls(caller: &Arc<dyn Caller>, pace: Pace, count: usize) -> Result<()> {
    let tasks = match pace {
        Pace::Main => return one_by_one(caller, count).await,
        Pace::Task => 1,
        Pace::Tasks => MANY,
    };
    let mut running = JoinSet::new();
    for _ in 0..tasks {
        let caller = Arc::clone(caller);
        running.spawn(async move { one_by_one(&caller, count / tasks).await });
    }
    while let Some(ended) = running.join_next().await {
        ended.map_err(|error| error.to_string())??;
    }
    Ok(())
}

async fn one_by_one(caller: &Arc<dyn Caller>, count: usize) -> Result<()> {
    for _ in 0..count {
        caller.call().await?;
    }
    Ok(())
}

fn micros(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1e6)
}
