//! Standard output and standard error, whose reader may leave before the end, as `head` does.
//!
//! std's macros panic then. These drop what nobody reads, so that a command does all of its work and
//! ends with the exit code of that; clippy keeps the others out of this program.
//!
//! Names and texts of models and files are printed, too. None of them controls the terminal.

use std::borrow::Cow;
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
    let text = text.to_string();
    let bytes = harmless(&text);
    match to.write_all(bytes.as_bytes()).and_then(|()| to.flush()) {
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

/// The text with escapes of JSON, which may be what is printed, for what a terminal obeys: control
/// characters, and those that turn the direction of text.
fn harmless(text: &str) -> Cow<'_, str> {
    let is_harmless = |c: char| match c {
        '\n' | '\t' => true,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' => false,
        '\u{2066}'..='\u{2069}' => false,
        _ => !c.is_control(),
    };
    if text.chars().all(is_harmless) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match is_harmless(c) {
            true => shown.push(c),
            false => shown.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_printed_controls_the_terminal() {
        for plain in ["", "a\n\tb", "Größe 👩\u{200d}🚀"] {
            assert_eq!(harmless(plain), plain);
        }
        assert_eq!(
            harmless("a\u{1b}[31m\r\u{7f}\u{9b}\u{202e}\u{2066}b"),
            "a\\u001b[31m\\u000d\\u007f\\u009b\\u202e\\u2066b"
        );
    }
}
