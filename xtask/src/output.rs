//! Standard output and standard error, whose reader may leave before the end, as `head` does.
//!
//! std's macros panic then. These drop what nobody reads, so that a command does all of its work and
//! ends with the exit code of that; clippy keeps the others out of this program.

use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;

use crate::Failure;

/// The first fault of standard output, but for a reader that left.
static FAULT: OnceLock<io::Error> = OnceLock::new();

/// [`print!`](std::print).
macro_rules! out {
    ($($text:tt)*) => { $crate::output::to_stdout(format_args!($($text)*)) };
}

/// [`println!`](std::println).
macro_rules! outln {
    ($($text:tt)*) => { $crate::output::to_stdout(format_args!("{}\n", format_args!($($text)*))) };
}

/// [`eprintln!`](std::eprintln).
macro_rules! errln {
    ($($text:tt)*) => { $crate::output::to_stderr(format_args!("{}\n", format_args!($($text)*))) };
}

/// Prints to standard output; a fault is kept for [`check`].
pub(crate) fn to_stdout(text: fmt::Arguments<'_>) {
    if let Err(fault) = write(io::stdout().lock(), text) {
        // Only the first counts.
        let _ = FAULT.set(fault);
    }
}

/// Prints to standard error, which has no other place for its own faults.
pub(crate) fn to_stderr(text: fmt::Arguments<'_>) {
    let _ = write(io::stderr().lock(), text);
}

/// A number of things, each of which is a `what`.
pub(crate) fn count(number: usize, what: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{number} {what}{end}")
}

fn write(mut to: impl Write, text: fmt::Arguments<'_>) -> io::Result<()> {
    match to.write_fmt(text).and_then(|()| to.flush()) {
        Err(fault) if fault.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Fails when something that was printed got lost, such as on a full disk.
pub(crate) fn check() -> Result<(), Failure> {
    match FAULT.get() {
        Some(fault) => Err(Failure::Work(format!("standard output: {fault}"))),
        None => Ok(()),
    }
}
