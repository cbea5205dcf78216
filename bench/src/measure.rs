//! CPU clocks, medians, tables.

use std::fmt;
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

/// The figures of one subject.
pub struct Table {
    /// The subject's name.
    pub subject: &'static str,
    title: &'static str,
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub fn new(subject: &'static str, title: &'static str, head: &[&'static str]) -> Self {
        Self {
            subject,
            title,
            head: head.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row, a cell for each title of the head.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }
}

/// In Markdown.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.title)?;
        writeln!(f, "| {} |", self.head.join(" | "))?;
        writeln!(f, "|{}", "---|".repeat(self.head.len()))?;
        for row in &self.rows {
            writeln!(f, "| {} |", row.join(" | "))?;
        }
        Ok(())
    }
}
