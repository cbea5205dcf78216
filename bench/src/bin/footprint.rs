//! Allocations, peak memory and future sizes of calls that are answered from memory: the row of one
//! client, its cells separated by tabs. A program of its own, since counting slows every allocation,
//! and run once for each row, since a program's peak memory never falls.

use tinsmith_bench::Result;
use tinsmith_bench::answers::Operation;
use tinsmith_bench::call::{Caller, one_thread};
use tinsmith_bench::measure::peak_memory;
use tinsmith_bench::ours::Ours;

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let (Some(name), Some(client)) = (words.next(), words.next()) else {
        return Err("which operation, and which client?".into());
    };
    let operation = Operation::named(&name)?;
    match client.as_str() {
        "ours" => {
            let ours = one_thread()?.block_on(Ours::in_memory(operation))?;
            print(operation, &ours, ours.future_size())
        }
        #[cfg(feature = "peer")]
        "peer" => {
            let peer = tinsmith_bench::peer::Peer::in_memory(operation);
            print(operation, &peer, peer.future_size())
        }
        other => Err(format!("there is no client `{other}`").into()),
    }
}

fn print(operation: Operation, caller: &dyn Caller, future: usize) -> Result<()> {
    const CALLS: u64 = 1000;
    let runtime = one_thread()?;
    let calls = || {
        runtime.block_on(async {
            for _ in 0..CALLS {
                caller.call().await?;
            }
            Ok(())
        })
    };
    // What the first call keeps is not of each call.
    let warm: Result<()> = calls();
    warm?;
    let mut outcome = Ok(());
    let counted = allocation_counter::measure(|| outcome = calls());
    outcome?;
    let peak = peak_memory()?;
    println!(
        "{}\t{}\t{}\t{}\t{future}\t{peak:.1}",
        operation.title(),
        caller.name(),
        counted.count_total / CALLS,
        counted.bytes_total / CALLS,
    );
    Ok(())
}
