//! Characters that Markdown or rustdoc would read as more than text.

use std::borrow::Cow;

use crate::text::is_entity;

/// Text outside code, escaped wherever it may stand in a line. White space stays as it is.
pub(super) fn text(text: &str) -> String {
    escape(text, true)
}

/// Text of a link's label. There, a URL is not a link of its own.
pub(super) fn label(text: &str) -> String {
    escape(text, false)
}

fn escape(text: &str, links_urls: bool) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut before = ' ';
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let plain = rest.bytes().take_while(|&byte| is_plain(byte)).count();
        if let Some((run, behind)) = rest.split_at_checked(plain).filter(|_| plain > 0) {
            out.push_str(run);
            before = run.chars().next_back().unwrap_or(before);
            rest = behind;
            continue;
        }
        if let Some(url) = bare_url(rest).filter(|_| links_urls) {
            out.push('<');
            out.push_str(url);
            out.push('>');
            before = '>';
            rest = rest.get(url.len()..).unwrap_or_default();
            continue;
        }
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        let next = after.chars().next();
        let escape = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '~' => true,
            // Within a word it is never emphasis.
            '_' => {
                let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                !(word(Some(before)) && word(next) && bare_url(after).is_none())
            }
            '&' => is_entity(rest),
            // Two become a dash in rustdoc.
            '-' => next == Some('-'),
            // A heading, or the end of one.
            '#' => {
                matches!(before, ' ' | '\n' | '#') && matches!(next, None | Some(' ' | '\n' | '#'))
            }
            // With a link behind it, an image.
            '!' => next.is_none(),
            // At the start of a label, a footnote.
            '^' => out.is_empty(),
            _ => false,
        };
        if escape {
            out.push('\\');
        }
        match c {
            '\n' => out.push_str(" \n "),
            _ => out.push(c),
        }
        before = c;
        rest = after;
    }
    out
}

/// Text in one line, as Markdown for the start of a line or the middle of one.
pub(crate) fn escaped(line: &str) -> String {
    let line = text(line);
    let (first, rest) = line.split_at(line.find(' ').unwrap_or(line.len()));
    format!("{}{rest}", at_line_start(first))
}

/// Whether a character is never escaped and begins no URL, as most are.
fn is_plain(byte: u8) -> bool {
    (byte.is_ascii_alphanumeric() && byte != b'h')
        || matches!(
            byte,
            b' ' | b'.' | b',' | b':' | b';' | b'/' | b'\'' | b'"' | b'(' | b')'
        )
}

/// The URL that `text` begins with, if it is one that rustdoc would ask to be made a link:
/// `http` or `https` and a host with a dot. Punctuation at its end belongs to the sentence.
fn bare_url(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("http")?;
    let rest = rest.strip_prefix('s').unwrap_or(rest).strip_prefix("://")?;
    let allowed = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '-' | '.' | '_' | '~' | ':' | '/' | '?' | '#' | '@')
            || matches!(
                c,
                '!' | '$' | '&' | '\'' | '*' | '+' | ',' | ';' | '=' | '%'
            )
    };
    let end = rest.find(|c| !allowed(c)).unwrap_or(rest.len());
    let url = rest
        .get(..end)?
        .trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~']);
    let host = url.split('/').next()?;
    let dotted = host.trim_matches('.').contains('.');
    dotted.then(|| text.get(..text.len() - rest.len() + url.len()))?
}

/// A word as it can stand at the start of a line, where some words begin a block.
pub(super) fn at_line_start(word: &str) -> Cow<'_, str> {
    let mut chars = word.chars();
    let first = chars.next();
    let second = chars.next();
    let escape_at = match first {
        Some('-' | '+') if second.is_none() => Some(0),
        Some('=') if word.chars().all(|c| c == '=') => Some(0),
        Some('>' | '|') => Some(0),
        // A row of a table's delimiters.
        Some(':') if second == Some('-') => Some(0),
        Some('0'..='9') => ordered_marker(word),
        _ => None,
    };
    match escape_at.and_then(|at| word.split_at_checked(at)) {
        Some((before, after)) => Cow::Owned(format!("{before}\\{after}")),
        None => Cow::Borrowed(word),
    }
}

/// The position of the `.` or `)` in a word that would begin an ordered list.
fn ordered_marker(word: &str) -> Option<usize> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    (digits <= 9 && matches!(word.get(digits..), Some("." | ")"))).then_some(digits)
}

/// The most backticks in a row.
pub(super) fn ticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
