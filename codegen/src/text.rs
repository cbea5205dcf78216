//! Text of a model on its way into a file.
//!
//! A model is data: none of its texts becomes code, markup or configuration, whatever it holds. So
//! each goes through the one function for its destination:
//!
//! | destination | function |
//! |---|---|
//! | documentation of its own, as many blocks as it has | [`docs::parse`](crate::docs::parse), then [`rustdoc::lines`](crate::output::rustdoc::lines) |
//! | part of a line of documentation or of a README | [`markdown`] |
//! | a value in documentation, exactly | [`code`] |
//! | `#[deprecated]`, which the compiler prints and rustdoc reads as Markdown | [`note`] |
//! | a comment in Rust, TOML or an example; a line for the user | [`line`](fn@line) |
//! | a message on a fault of the model | [`visible`](tinsmith_smithy::text::visible) |
//! | a comment in Markdown | [`html_comment`] |
//! | a string in a manifest | [`toml`] |
//!
//! Names become identifiers, which have no other characters, and values in code become literals,
//! which `quote` escapes. A text that an emitter forgets still stays a comment: every line of
//! documentation goes through [`doc_line`].

use std::borrow::Cow;

use tinsmith_smithy::text::{clean, is_clean, visible};

use crate::output::rustdoc;

/// Whether text that begins with `&` would be read as a character reference, known or not. The
/// longest name has 31 letters.
pub(crate) fn is_entity(text: &str) -> bool {
    let name = text.strip_prefix('&').unwrap_or(text);
    let name = name.strip_prefix('#').unwrap_or(name);
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric();
    let len = name.bytes().take(32).take_while(is_part).count();
    len > 0 && name.as_bytes().get(len) == Some(&b';')
}

/// One line of plain text, without white space around it or two spaces in a row.
pub(crate) fn line(text: &str) -> String {
    let text = doc_line(text);
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// One line of Markdown that shows the text: nothing in it is a link, code, HTML or the start of a
/// block. URLs become links.
pub(crate) fn markdown(text: &str) -> String {
    rustdoc::escaped(&line(text))
}

/// A code span that shows a value exactly: characters that cannot appear there are written as in
/// Rust, such as `\n` and `\u{200b}`. An empty value is shown in quotes.
pub(crate) fn code(value: &str) -> String {
    if value.is_empty() {
        return "`\"\"`".to_owned();
    }
    let text = visible(value);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // One space on both sides is not part of the code, unless there is nothing else.
    let is_padded = text.starts_with(' ') && text.ends_with(' ') && text.trim() != "";
    let is_edge = text.starts_with('`') || text.ends_with('`');
    let pad = if is_padded || is_edge { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// One line for `#[deprecated]`: code spans stay, links and HTML are text.
pub(crate) fn note(text: &str) -> String {
    let mut note = String::with_capacity(text.len());
    for c in line(text).chars() {
        if matches!(c, '\\' | '[' | '<') {
            note.push('\\');
        }
        note.push(c);
    }
    note
}

/// The inside of an HTML comment.
pub(crate) fn html_comment(text: &str) -> String {
    line(text).replace('>', "&gt;")
}

/// A string of TOML, with its quotes.
pub(crate) fn toml(text: &str) -> String {
    let text = line(text).replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{text}\"")
}

/// A line of documentation that is Markdown already, as it can follow `///`.
pub(crate) fn doc_line(text: &str) -> Cow<'_, str> {
    if is_clean(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter_map(clean).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Characters that end a line somewhere, or that nobody sees.
    const ODD: &str = "\n\r\u{b}\u{c}\u{85}\u{2028}\u{2029}\t\0\u{1}\u{1f}\u{7f}\u{202e}\u{2066}\u{200b}\u{feff}\u{ad}";

    #[test]
    fn a_line_has_no_odd_characters() {
        for odd in ODD.chars() {
            let text = format!(" a{odd}{odd} b ");
            let shown = line(&text);
            assert!(shown == "a b", "{odd:?} gives {shown:?}");
            assert_eq!(doc_line(&text).chars().find(|&c| c == odd), None);
        }
        assert_eq!(line("ä\u{200d}é  ö"), "ä\u{200d}é ö");
        assert_eq!(doc_line("    let x;"), "    let x;");
    }

    #[test]
    fn markdown_shows_the_text() {
        for (text, shown) in [
            ("a\n\n```\npanic!()\n```", "a \\`\\`\\` panic!() \\`\\`\\`"),
            ("[Key] <b>&lt;", "\\[Key\\] \\<b>\\&lt;"),
            ("# a", "\\# a"),
            ("1. a", "1\\. a"),
            ("- a", "\\- a"),
            ("a https://a.b/c", "a <https://a.b/c>"),
        ] {
            assert_eq!(markdown(text), shown, "{text:?}");
        }
    }

    #[test]
    fn code_shows_the_value_exactly() {
        for (value, shown) in [
            ("^[a-z]$", "`^[a-z]$`"),
            ("`", "`` ` ``"),
            ("a``b", "```a``b```"),
            ("", "`\"\"`"),
            (" ", "` `"),
            (" a ", "`  a  `"),
            (" a", "` a`"),
            ("a\n*/ b", "`a\\n*/ b`"),
            ("\r\t\0\u{1f}", "`\\r\\t\\u{0}\\u{1f}`"),
            ("\u{2028}\u{202e}\u{a0}", "`\\u{2028}\\u{202e}\\u{a0}`"),
        ] {
            assert_eq!(code(value), shown, "{value:?}");
        }
    }

    #[test]
    fn notes_keep_code_and_have_no_links() {
        assert_eq!(note("use `key`\nor [`Key`]"), "use `key` or \\[`Key`]");
        assert_eq!(note("\\[a] <b>"), "\\\\\\[a] \\<b>");
    }

    #[test]
    fn comments_and_strings_do_not_end_early() {
        assert_eq!(html_comment("a--><b>\n"), "a--&gt;<b&gt;");
        for text in ["a\"\n[lib]\npath = \"x\"", "\\", "\\\"", "a\u{7f}b\u{0}"] {
            let read: toml::Table =
                toml::from_str(&format!("a = {}\nb = 1\n", toml(text))).unwrap();
            assert_eq!(read["a"].as_str(), Some(&*line(text)), "{text:?}");
            assert_eq!(read.len(), 2, "{text:?}");
        }
    }
}
