//! Allocations, peak memory and future sizes of calls that are answered from memory: a row for each
//! client, its cells separated by tabs. A program of its own, since counting slows every allocation.

use nix::sys::resource::{UsageWho, getrusage};
use tinsmith_bench::Result;
use tinsmith_bench::answers::Operation;
use tinsmith_bench::call::{Caller, one_thread};
use tinsmith_bench::ours::Ours;

fn main() -> Result<()> {
    let name = std::env::args().nth(1).ok_or("which operation?")?;
    let operation = Operation::named(&name)?;
    let runtime = one_thread()?;
    let ours = runtime.block_on(Ours::in_memory(operation))?;
    print(operation, &ours, ours.future_size())?;
    #[cfg(feature = "peer")]
    {
        let peer = tinsmith_bench::peer::Peer::in_memory(operation);
        print(operation, &peer, peer.future_size())?;
    }
    Ok(())
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
    let peak = getrusage(UsageWho::RUSAGE_SELF)?.max_rss() as f64 / 1024.0;
    println!(
        "{}\t{}\t{}\t{}\t{future}\t{peak:.1}",
        operation.title(),
        caller.name(),
        counted.count_total / CALLS,
        counted.bytes_total / CALLS,
    );
    Ok(())
}
