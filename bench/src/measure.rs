//! CPU clocks, medians, tables.

use std::time::{Duration, Instant};
use std::{fmt, fs};

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

/// The most memory that this program has held at once, in MB, as Linux tells it. The figure of
/// `getrusage` begins with what the program that started this one had held.
pub fn peak_memory() -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.ok_or("/proc/self/status has no VmHWM")?;
    let kilobytes: f64 = peak.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024.0)
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
    note: Option<String>,
}

impl Table {
    /// A table without rows.
    pub fn new(subject: &'static str, title: &'static str, head: &[&'static str]) -> Self {
        Self {
            subject,
            title,
            head: head.to_vec(),
            rows: Vec::new(),
            note: None,
        }
    }

    /// Adds a row, a cell for each title of the head.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Sets a sentence below the table.
    pub fn note(&mut self, note: String) {
        self.note = Some(note);
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
        if let Some(note) = &self.note {
            writeln!(f, "\n{note}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn note_stands_below_the_table() {
        let mut table = Table::new("x", "About x", &["a", "b"]);
        table.row(vec!["1".to_owned(), "2".to_owned()]);
        table.note("As measured.".to_owned());
        let text = "About x\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nAs measured.\n";
        assert_eq!(table.to_string(), text);
    }

    #[test]
    fn peak_memory_grows_with_what_is_held() {
        let before = peak_memory().unwrap();
        let held = vec![1_u8; 64 << 20];
        let after = peak_memory().unwrap();
        assert!(after - before > 32.0, "{before}, {after}, {}", held.len());
    }
}
