//! CPU clocks, medians, tables.

use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::time::{ClockId, clock_gettime};

use crate::Result;

/// CPU time that this process has used, all threads together.
pub fn process_cpu() -> Result<Duration> {
    Ok(clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID)?.into())
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

/// The medians of the CPU time and of the wall time that `work` takes, over `rounds` times, after
/// one time that does not count.
pub fn times_of(
    rounds: usize,
    mut work: impl FnMut() -> Result<()>,
) -> Result<(Duration, Duration)> {
    work()?;
    let (mut cpu, mut wall) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (begun, begun_wall) = (process_cpu()?, Instant::now());
        work()?;
        cpu.push(process_cpu()? - begun);
        wall.push(begun_wall.elapsed());
    }
    Ok((median(cpu), median(wall)))
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
