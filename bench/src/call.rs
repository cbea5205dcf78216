//! What a call costs: over loopback, and in memory.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::runtime::Runtime;

use crate::Result;
use crate::answers::Operation;
use crate::measure::{median, print_table, process_cpu};
use crate::ours::Ours;
#[cfg(feature = "peer")]
use crate::peer::Peer;
use crate::raw::Raw;
use crate::server::Server;

/// Turns of which the median counts.
const ROUNDS: usize = 21;

/// A client that makes the same call again and again.
pub trait Caller {
    /// Its name in the table.
    fn name(&self) -> &'static str;

    /// Makes `count` calls, one after the other.
    fn calls(&mut self, count: usize) -> Pin<Box<dyn Future<Output = Result<()>> + '_>>;
}

type Callers = Vec<Box<dyn Caller>>;

/// The table of calls to a server on loopback.
pub fn loopback() -> Result<()> {
    let server = Server::start()?;
    let mut rows = Vec::new();
    for (name, runtime) in [
        ("one thread", one_thread()?),
        ("multi-threaded", Runtime::new()?),
    ] {
        let mut callers = runtime.block_on(loopback_callers(&server))?;
        let costs = compare(&runtime, &mut callers, 1000)?;
        let raw = costs.first().copied().unwrap_or_default();
        for (caller, cost) in callers.iter().zip(costs) {
            rows.push(vec![
                name.to_owned(),
                caller.name().to_owned(),
                micros(cost),
                format!("{:.2}", cost.as_secs_f64() / raw.as_secs_f64()),
            ]);
        }
    }
    let head = [
        "Tokio runtime",
        "client",
        "CPU a call, µs",
        "of hyper alone",
    ];
    print_table(
        "DisconnectCustomKeyStore over loopback, plain HTTP",
        &head,
        &rows,
    );
    Ok(())
}

/// The table of calls that are answered from memory.
pub fn memory() -> Result<()> {
    let runtime = one_thread()?;
    let mut rows = Vec::new();
    for (name, operation, count) in [
        ("DisconnectCustomKeyStore", Operation::Disconnect, 5000),
        ("ListKeys, 1,000 entries", Operation::ListKeys, 100),
    ] {
        let mut callers = runtime.block_on(memory_callers(operation))?;
        let costs = compare(&runtime, &mut callers, count)?;
        for (caller, cost) in callers.iter().zip(costs) {
            rows.push(vec![
                name.to_owned(),
                caller.name().to_owned(),
                micros(cost),
            ]);
        }
    }
    let head = ["call", "client", "CPU a call, µs"];
    print_table("Answered from memory, no socket", &head, &rows);
    Ok(())
}

/// Makes `count` calls with one client and measures nothing: for a profiler.
pub fn spin(name: &str, count: usize) -> Result<()> {
    let runtime = one_thread()?;
    let server = Server::start()?;
    let mut callers = match name {
        "memory-disconnect" => runtime.block_on(memory_callers(Operation::Disconnect))?,
        "memory-list-keys" => runtime.block_on(memory_callers(Operation::ListKeys))?,
        "loopback-hyper" | "loopback" => runtime.block_on(loopback_callers(&server))?,
        _ => {
            let known = "memory-disconnect, memory-list-keys, loopback, loopback-hyper";
            return Err(format!("`{name}` is none of {known}").into());
        }
    };
    let index = usize::from(name == "loopback");
    let caller = callers.get_mut(index).ok_or("no such client")?;
    runtime.block_on(caller.calls(count))
}

fn one_thread() -> Result<Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?)
}

/// hyper alone comes first: it is what the others are compared with.
async fn loopback_callers(server: &Server) -> Result<Callers> {
    let mut ours = Ours::to(server.url(), Operation::Disconnect).await?;
    ours.calls(1).await?;
    let request = server.last_request()?;
    let mut raw = Raw::to(server, &request).await?;
    raw.calls(1).await?;
    if sorted_lines(&server.last_request()?) != sorted_lines(&request) {
        return Err("hyper alone does not send the same bytes".into());
    }
    let callers: Callers = vec![Box::new(raw), Box::new(ours)];
    #[cfg(feature = "peer")]
    let callers = with_peer(callers, Peer::to(server.url(), Operation::Disconnect));
    Ok(callers)
}

async fn memory_callers(operation: Operation) -> Result<Callers> {
    let callers: Callers = vec![Box::new(Ours::in_memory(operation).await?)];
    #[cfg(feature = "peer")]
    let callers = with_peer(callers, Peer::in_memory(operation));
    Ok(callers)
}

#[cfg(feature = "peer")]
fn with_peer(mut callers: Callers, peer: Peer) -> Callers {
    callers.push(Box::new(peer));
    callers
}

/// The order of header lines may differ.
fn sorted_lines(request: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<_> = request.split(|&byte| byte == b'\n').collect();
    lines.sort();
    lines
}

/// The median CPU time of a call for each client, measured in turns of `count` calls.
fn compare(runtime: &Runtime, callers: &mut Callers, count: usize) -> Result<Vec<Duration>> {
    let mut samples = vec![Vec::with_capacity(ROUNDS); callers.len()];
    for caller in callers.iter_mut() {
        runtime.block_on(caller.calls(count / 10))?;
    }
    for _ in 0..ROUNDS {
        for (caller, samples) in callers.iter_mut().zip(&mut samples) {
            let begun = process_cpu()?;
            runtime.block_on(caller.calls(count))?;
            samples.push((process_cpu()? - begun) / u32::try_from(count)?);
        }
    }
    Ok(samples.into_iter().map(median).collect())
}

fn micros(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1e6)
}
