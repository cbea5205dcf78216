//! A model's text on one line, for messages.

use std::borrow::Cow;

/// Returns what a line shows of a character: white space of every kind is a space, and what has no
/// width, turns the direction of text or controls a terminal is dropped.
///
/// rustc and Clippy deny most of these in source text, and some end a line for one reader and not
/// for another.
pub fn clean(c: char) -> Option<char> {
    match c {
        _ if c.is_whitespace() => Some(' '),
        _ if c.is_control() => None,
        // Direction.
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' => None,
        '\u{2066}'..='\u{206F}' => None,
        // No width. Joiners stay: scripts and emoji need them.
        '\u{AD}' | '\u{180E}' | '\u{200B}' | '\u{2060}'..='\u{2065}' | '\u{FEFF}' => None,
        '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}' => None,
        _ => Some(c),
    }
}

/// Whether [`clean`] keeps every character as it is.
pub fn is_clean(text: &str) -> bool {
    let is_plain = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
    text.bytes().all(is_plain) || text.chars().all(|c| clean(c) == Some(c))
}

/// Returns one line, in which characters that [`clean`] changes are escaped as in Rust.
pub fn visible(text: &str) -> Cow<'_, str> {
    if is_clean(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if clean(c) == Some(c) {
            shown.push(c);
        } else {
            shown.extend(c.escape_default());
        }
    }
    Cow::Owned(shown)
}
