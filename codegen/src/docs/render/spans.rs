//! Pieces to Markdown: links around emphasis around code and text.

use super::escape;
use crate::docs::inline::{BREAK, GLUE, Piece, Target, Weight};

/// The Markdown of a paragraph. A line may be broken at every space; [`GLUE`] stands for the
/// others, [`BREAK`] for hard breaks. `width` is what fits on a line.
pub(super) fn markdown(pieces: &[Piece], width: usize) -> String {
    let mut out = String::new();
    let mut rest = pieces;
    for chunk in pieces.chunk_by(|a, b| a.style.link == b.style.link) {
        rest = rest.get(chunk.len()..).unwrap_or_default();
        let link = chunk.first().and_then(|piece| piece.style.link.as_deref());
        let around = match link {
            Some(_) => ('[', ']'),
            None => (
                out.chars().next_back().unwrap_or(' '),
                first_char(rest, None),
            ),
        };
        let text = emphasized(chunk, around, width);
        match link {
            None => append(&mut out, &text),
            Some(target) => {
                let (start, inner, end) = trimmed(&text);
                let source: String = chunk.iter().map(|piece| piece.text.as_str()).collect();
                out.push_str(start);
                append(&mut out, &link_to(target, inner, source.trim()));
                out.push_str(end);
            }
        }
    }
    out
}

/// A link with the label `inner`; `source` is the label as text.
fn link_to(target: &Target, inner: &str, source: &str) -> String {
    let label = inner.replace([' ', BREAK], GLUE.encode_utf8(&mut [0; 4]));
    match target {
        _ if inner.is_empty() => String::new(),
        Target::Url(url) if url == source => format!("<{url}>"),
        Target::Url(url) => format!("[{label}]({url})"),
        // The label is the path, so it must be nothing else.
        Target::Path(path) if path == source => format!("[`{path}`]"),
        Target::Path(path) => format!("[{label}]({path})"),
        Target::Text(_) => label,
    }
}

/// Appends Markdown; a label in brackets must not take what follows for its destination.
fn append(out: &mut String, markdown: &str) {
    if out.ends_with("`]") {
        if markdown.starts_with([':', '(']) {
            out.push('\\');
        } else if markdown.trim_start_matches('\\').starts_with('[') {
            // An escape does not keep pulldown-cmark 0.13 from reading a reference here.
            out.push_str("[]");
        }
    }
    out.push_str(markdown);
}

/// The first character of what follows `within`, as far as it decides whether emphasis may end
/// before it. A link begins with a bracket, unless `within` is a part of it.
fn first_char(pieces: &[Piece], within: Option<&Piece>) -> char {
    let Some(piece) = pieces.first() else {
        return ' ';
    };
    let link = piece.style.link.as_ref();
    let begins_link = link.is_some() && link != within.and_then(|piece| piece.style.link.as_ref());
    match piece.text.chars().next() {
        Some(c) if is_space(c) => c,
        Some(_) if piece.style.code => '`',
        Some(_) if begins_link => '[',
        Some(c) => c,
        None => ' ',
    }
}

/// Pieces of one link, or of none, with emphasis where Markdown can express it. `around` are the
/// characters before and behind them.
fn emphasized(pieces: &[Piece], around: (char, char), width: usize) -> String {
    let mut out = String::new();
    let mut rest = pieces;
    for chunk in pieces.chunk_by(|a, b| a.style.weight == b.style.weight) {
        rest = rest.get(chunk.len()..).unwrap_or_default();
        let text: String = chunk.iter().map(|piece| plain(piece, width)).collect();
        let marker = match chunk.first().map(|piece| piece.style.weight) {
            Some(Weight::Emphasis) => "*",
            Some(Weight::Strong) => "**",
            Some(Weight::Plain) | None => "",
        };
        let (start, inner, end) = trimmed(&text);
        let before = start
            .chars()
            .next()
            .or(out.chars().next_back())
            .unwrap_or(around.0);
        let behind = match (end.chars().next(), rest.is_empty()) {
            (Some(space), _) => space,
            (None, true) => around.1,
            (None, false) => first_char(rest, chunk.first()),
        };
        let marker = if can_emphasize(before, inner, behind) {
            marker
        } else {
            ""
        };
        for part in [start, marker, inner, marker, end] {
            out.push_str(part);
        }
    }
    out
}

/// Whether `*` before and behind `inner` begins and ends emphasis: CommonMark's rule of flanking,
/// and none directly behind another.
fn can_emphasize(before: char, inner: &str, behind: char) -> bool {
    let (Some(first), Some(last)) = (inner.chars().next(), inner.chars().next_back()) else {
        return false;
    };
    let open = !is_punctuation(first) || is_space(before) || is_punctuation(before);
    let close = !is_punctuation(last) || is_space(behind) || is_punctuation(behind);
    open && close && before != '*'
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | BREAK | GLUE)
}

/// Punctuation and symbols, which CommonMark treats alike here. Outside ASCII, whatever is no
/// letter or digit: an error to that side costs emphasis, not text.
fn is_punctuation(c: char) -> bool {
    !is_space(c) && !c.is_alphanumeric()
}

/// A piece as code or as text.
fn plain(piece: &Piece, width: usize) -> String {
    // In a label, even code can end it: `[a]:` at the start of a paragraph defines a reference.
    let is_label = piece.style.link.is_some();
    if is_label && (!piece.style.code || piece.text.contains("]:")) {
        return escape::label(&piece.text);
    }
    if !piece.style.code {
        return escape::text(&piece.text);
    }
    let (start, code, end) = trimmed(&piece.text);
    if code.is_empty() {
        return piece.text.clone();
    }
    let ticks = code
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let one_line = ticks >= 2 || code.chars().count() + 2 <= width;
    let fence = "`".repeat(ticks + 1);
    let pad = if code.starts_with('`') || code.ends_with('`') {
        GLUE.encode_utf8(&mut [0; 4]).to_owned()
    } else {
        String::new()
    };
    let mut out = format!("{start}{fence}{pad}");
    for (at, word) in code.split([' ', BREAK]).enumerate() {
        if at > 0 {
            let may_break = !one_line && word.starts_with(starts_no_block);
            out.push(if may_break { ' ' } else { GLUE });
        }
        out.push_str(word);
    }
    out + &pad + &fence + end
}

/// Whether a word of code that begins with this can stand at the start of a line: nothing can be
/// escaped there.
fn starts_no_block(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '"' | '\'' | '{' | '(' | '/' | '$' | '@' | ',')
}

/// The spaces before the text, the text, the spaces behind it.
fn trimmed(text: &str) -> (&str, &str, &str) {
    let inner = text.trim_start_matches(is_space);
    let start = text.len() - inner.len();
    let inner = inner.trim_end_matches(is_space);
    let (start, rest) = text.split_at(start);
    let (inner, end) = rest.split_at(inner.len());
    (start, inner, end)
}
