//! CPU clocks, medians, tables.

use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::time::{ClockId, clock_gettime};

use crate::Result;

/// CPU time that this thread has used.
pub fn thread_cpu() -> Result<Duration> {
    Ok(clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)?.into())
}

/// CPU time, user and system, that the child processes have used which have ended.
pub fn children_cpu() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = [usage.user_time(), usage.system_time()]
        .map(|time| time.tv_sec() as u64 * 1_000_000 + time.tv_usec() as u64);
    Ok(Duration::from_micros(micros.iter().sum()))
}

/// The middle one, of an odd number of samples.
pub fn median(mut samples: Vec<Duration>) -> Duration {
    samples.sort();
    samples.get(samples.len() / 2).copied().unwrap_or_default()
}

/// The median of the CPU time that `work` takes this thread, over `rounds` times, after one time
/// that does not count.
pub fn cpu_of(rounds: usize, mut work: impl FnMut() -> Result<()>) -> Result<Duration> {
    work()?;
    let mut samples = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let begun = thread_cpu()?;
        work()?;
        samples.push(thread_cpu()? - begun);
    }
    Ok(median(samples))
}

/// Prints a table in Markdown.
pub fn print_table(title: &str, head: &[&str], rows: &[Vec<String>]) {
    println!("\n{title}\n");
    println!("| {} |", head.join(" | "));
    println!("|{}", "---|".repeat(head.len()));
    for row in rows {
        println!("| {} |", row.join(" | "));
    }
}
