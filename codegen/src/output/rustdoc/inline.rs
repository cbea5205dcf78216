//! A paragraph to Markdown: links around emphasis around code and text.

use std::borrow::Cow;

use crate::docs::is_name;
use crate::ir::{Link, Run, Weight};

use super::{GLUE, Renderer, escape};

/// Links to one target that a text may hold when the author asks for them. A page that names an
/// operation in every sentence is easier to read with fewer.
const MOST_LINKS: u32 = 2;

/// A text as Markdown.
pub(super) enum Markdown {
    /// A line may be broken at every space; [`GLUE`] is a space without a break, a line feed a hard
    /// break.
    Text(String),
    /// The text is nothing but code that does not fit on a line.
    LongCode(String),
}

/// A run whose link is resolved.
#[derive(Clone)]
struct Piece<'t> {
    text: Cow<'t, str>,
    code: bool,
    weight: Weight,
    target: Option<Target<'t>>,
}

#[derive(Clone, PartialEq, Eq)]
enum Target<'t> {
    Url(&'t str),
    Path(String),
}

impl Renderer<'_> {
    /// The Markdown of a text; `width` is what fits on a line.
    pub(super) fn markdown(&mut self, text: &[Run], width: usize) -> Markdown {
        let pieces = self.pieces(text);
        match pieces.as_slice() {
            [only] if only.is_long_code(width) => Markdown::LongCode(only.text.to_string()),
            pieces => Markdown::Text(linked(pieces, width)),
        }
    }

    /// The pieces with every link's target found, or no link at all. Neighbours are joined where
    /// two code spans would be read as one that is cut by other backticks.
    fn pieces<'t>(&mut self, text: &'t [Run]) -> Vec<Piece<'t>> {
        let mut pieces: Vec<Piece<'t>> = Vec::with_capacity(text.len());
        for chunk in text.chunk_by(|a, b| a.style.link == b.style.link) {
            let link = chunk.first().and_then(|run| run.style.link.as_ref());
            // A list of operations at the end of a page keeps its links.
            let alone = chunk.len() == text.len();
            let target = match link {
                Some(Link::Url(url)) => Some(Target::Url(url)),
                Some(Link::Name(name)) => {
                    self.link_to(name, if alone { u32::MAX } else { MOST_LINKS })
                }
                None => None,
            };
            for run in chunk {
                let target = match link {
                    Some(_) => target.clone(),
                    None => self.code_name(run),
                };
                join(&mut pieces, run, target);
            }
        }
        pieces
    }

    /// Code that is the name of a type or an operation: a link the first time.
    fn code_name<'t>(&mut self, run: &Run) -> Option<Target<'t>> {
        let name = run.text.trim();
        let capitals = name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.contains(|c: char| c.is_ascii_lowercase());
        let is_name = run.style.code && capitals && is_name(name);
        is_name.then(|| self.link_to(name, 1))?
    }

    /// A link to what `name` means, if it means something and fewer than `most` lead there.
    fn link_to<'t>(&mut self, name: &str, most: u32) -> Option<Target<'t>> {
        let path = (self.resolve)(name)?;
        let links = self.linked.entry(path.clone()).or_default();
        if *links >= most {
            return None;
        }
        *links += 1;
        Some(Target::Path(path))
    }
}

fn join<'t>(pieces: &mut Vec<Piece<'t>>, run: &'t Run, target: Option<Target<'t>>) {
    let style = &run.style;
    match pieces.last_mut() {
        Some(last)
            if last.target == target
                && last.code == style.code
                && (style.code || last.weight == style.weight) =>
        {
            if last.weight != style.weight {
                last.weight = Weight::Plain;
            }
            last.text.to_mut().push_str(&run.text);
        }
        _ => pieces.push(Piece {
            text: Cow::Borrowed(&run.text),
            code: style.code,
            weight: style.weight,
            target,
        }),
    }
}

fn linked(pieces: &[Piece<'_>], width: usize) -> String {
    let mut out = String::new();
    let mut rest = pieces;
    for chunk in pieces.chunk_by(|a, b| a.target == b.target) {
        rest = rest.get(chunk.len()..).unwrap_or_default();
        let target = chunk.first().and_then(|piece| piece.target.as_ref());
        let around = match target {
            Some(_) => ('[', ']'),
            None => (
                out.chars().next_back().unwrap_or(' '),
                first_char(rest, None),
            ),
        };
        let text = emphasized(chunk, around, width);
        match target {
            None => append(&mut out, &text),
            Some(target) => {
                let (start, inner, end) = trimmed(&text);
                let source: String = chunk.iter().map(|piece| &*piece.text).collect();
                out.push_str(start);
                append(&mut out, &link_to(target, inner, source.trim()));
                out.push_str(end);
            }
        }
    }
    out
}

/// A link with the label `inner`; `source` is the label as text.
fn link_to(target: &Target<'_>, inner: &str, source: &str) -> String {
    let label = inner.replace([' ', '\n'], GLUE.encode_utf8(&mut [0; 4]));
    match target {
        _ if inner.is_empty() => String::new(),
        Target::Url(url) if *url == source => format!("<{url}>"),
        Target::Url(url) => format!("[{label}]({url})"),
        // The label is the path, so it must be nothing else.
        Target::Path(path) if path == source => format!("[`{path}`]"),
        Target::Path(path) => format!("[{label}]({path})"),
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
fn first_char(pieces: &[Piece<'_>], within: Option<&Piece<'_>>) -> char {
    let Some(piece) = pieces.first() else {
        return ' ';
    };
    let begins_link =
        piece.target.is_some() && within.is_none_or(|within| within.target != piece.target);
    match piece.text.chars().next() {
        Some(c) if is_space(c) => c,
        Some(_) if piece.code => '`',
        Some(_) if begins_link => '[',
        Some(c) => c,
        None => ' ',
    }
}

/// Pieces of one link, or of none, with emphasis where Markdown can express it. `around` are the
/// characters before and behind them.
fn emphasized(pieces: &[Piece<'_>], around: (char, char), width: usize) -> String {
    let mut out = String::new();
    let mut rest = pieces;
    for chunk in pieces.chunk_by(|a, b| a.weight == b.weight) {
        rest = rest.get(chunk.len()..).unwrap_or_default();
        let text: String = chunk.iter().map(|piece| piece.markdown(width)).collect();
        let marker = match chunk.first().map(|piece| piece.weight) {
            Some(Weight::Emphasis) => "*",
            Some(Weight::Strong) => "**",
            Some(Weight::Plain) | None => {
                out.push_str(&text);
                continue;
            }
        };
        let (start, inner, end) = trimmed(&text);
        let before = start.chars().next().or(out.chars().next_back());
        let behind = match (end.chars().next(), rest.is_empty()) {
            (Some(space), _) => space,
            (None, true) => around.1,
            (None, false) => first_char(rest, chunk.first()),
        };
        let emphasis = can_emphasize(before.unwrap_or(around.0), inner, behind);
        let marker = if emphasis { marker } else { "" };
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
    // Punctuation and symbols are alike here. Outside ASCII, this is whatever is not a letter or a
    // digit: an error to that side costs emphasis, not text.
    let is_word = |c: char| !is_space(c) && c.is_alphanumeric();
    let open = is_word(first) || is_space(first) || !is_word(before);
    let close = is_word(last) || is_space(last) || !is_word(behind);
    open && close && before != '*'
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\n' | GLUE)
}

impl Piece<'_> {
    fn is_long_code(&self, width: usize) -> bool {
        self.code && self.target.is_none() && self.text.chars().count() > width.saturating_sub(2)
    }

    /// The piece as code or as text.
    fn markdown(&self, width: usize) -> Cow<'_, str> {
        // In a label, even code can end it: `[a]:` at the start of a paragraph defines a reference.
        if self.target.is_some() && (!self.code || self.text.contains("]:")) {
            return escape::label(&self.text).into();
        }
        if !self.code {
            return escape::text(&self.text).into();
        }
        let (start, code, end) = trimmed(&self.text);
        if code.is_empty() {
            return Cow::Borrowed(&self.text);
        }
        let ticks = escape::ticks(code);
        let one_line = ticks >= 2 || code.chars().count() <= width.saturating_sub(2);
        let fence = "`".repeat(ticks + 1);
        let is_edge = code.starts_with('`') || code.ends_with('`');
        let pad = is_edge.then_some(GLUE);
        let mut out = format!("{start}{fence}");
        out.extend(pad);
        for (at, word) in code.split([' ', '\n']).enumerate() {
            if at > 0 {
                let may_break = !one_line && word.starts_with(starts_no_block);
                out.push(if may_break { ' ' } else { GLUE });
            }
            out.push_str(word);
        }
        out.extend(pad);
        (out + &fence + end).into()
    }
}

/// Whether a word of code that begins with this can stand at the start of a line: nothing can be
/// escaped there.
fn starts_no_block(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '"' | '\'' | '{' | '(' | '/' | '$' | '@' | ',')
}

/// The spaces before the text, the text, the spaces behind it.
fn trimmed(text: &str) -> (&str, &str, &str) {
    let inner = text.trim_start_matches(is_space);
    let (start, rest) = text.split_at(text.len() - inner.len());
    let (inner, end) = rest.split_at(inner.trim_end_matches(is_space).len());
    (start, inner, end)
}
