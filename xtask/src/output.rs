//! Standard output and standard error, whose reader may close the pipe early, as `head` does.
//!
//! The macros of `std` panic in that case. These discard the output, so that a command finishes its
//! work and returns its exit code. Clippy rejects the macros of `std` in this program.
//!
//! Output contains names and texts of models and files. Control characters in them are escaped.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;

use crate::Failure;

/// The first error of standard output, other than a closed pipe.
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

/// Prints to standard output. An error is stored for [`check`].
pub(crate) fn to_stdout(text: fmt::Arguments<'_>) {
    if let Err(fault) = write(io::stdout().lock(), text) {
        // Only the first counts.
        let _ = FAULT.set(fault);
    }
}

/// Prints to standard error. Errors are ignored, because there is nowhere to report them.
pub(crate) fn to_stderr(text: fmt::Arguments<'_>) {
    let _ = write(io::stderr().lock(), text);
}

/// Formats a count with a noun, in the plural unless the count is 1.
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

/// Returns an error if output was lost, for example on a full disk.
pub(crate) fn check() -> Result<(), Failure> {
    match FAULT.get() {
        Some(fault) => Err(Failure::Work(format!("standard output: {fault}"))),
        None => Ok(()),
    }
}

/// Escapes control characters and characters that change the direction of text. The escapes are
/// those of JSON, because the output may be JSON.
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
