//! The tree of blocks to lines of Markdown.

mod escape;
mod links;
mod spans;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::block::{Block, Table};
use super::inline::{BREAK, GLUE, Inline};
use crate::text;

/// What a conversion carries along.
struct Renderer<'a> {
    resolve: &'a dyn Fn(&str) -> Option<String>,
    /// Links made so far, by target.
    linked: BTreeMap<String, u32>,
}

/// The narrowest a nested block is wrapped to.
const MIN_WIDTH: usize = 20;

/// Writes the blocks as lines of at most `width` characters where the text lets them break.
pub(super) fn lines(
    blocks: &[Block],
    resolve: &dyn Fn(&str) -> Option<String>,
    width: usize,
) -> Vec<String> {
    let mut renderer = Renderer {
        resolve,
        linked: BTreeMap::new(),
    };
    renderer.blocks(blocks, width, false)
}

impl Renderer<'_> {
    /// `tight`: without blank lines between the blocks.
    fn blocks(&mut self, blocks: &[Block], width: usize, tight: bool) -> Vec<String> {
        let width = width.max(MIN_WIDTH);
        let mut lines = Vec::new();
        // A list that follows another is a new one only if its marker differs.
        let mut list_before = false;
        let mut other_marker = false;
        for block in blocks {
            if !lines.is_empty() && !tight {
                lines.push(String::new());
            }
            let is_list = matches!(block, Block::List { .. });
            other_marker = is_list && list_before && !other_marker;
            list_before = is_list;
            match block {
                Block::Paragraph(inline) => self.paragraph(inline, width, &mut lines),
                Block::Heading(level, inline) => {
                    let text = self.one_line(inline);
                    lines.push(format!("{} {text}", "#".repeat(usize::from(*level))));
                }
                Block::List { start, items } => {
                    let marker = Marker {
                        start: *start,
                        other: other_marker,
                    };
                    self.list(items, &marker, width, &mut lines);
                }
                Block::Quote(blocks) => {
                    let inner = self.blocks(blocks, width.saturating_sub(2), false);
                    lines.extend(inner.iter().map(|line| prefixed("> ", line)));
                }
                Block::Code(text) => code(text, &mut lines),
                Block::Table(table) => self.table(table, &mut lines),
                Block::Rule => lines.push("---".to_owned()),
            }
        }
        lines
    }

    fn paragraph(&mut self, inline: &Inline, width: usize, lines: &mut Vec<String>) {
        let pieces = self.linked_pieces(inline);
        if let [only] = pieces.as_slice() {
            // Code that fills more than a line reads better as a block.
            if only.style.code && only.style.link.is_none() && only.text.chars().count() + 2 > width
            {
                let text = fill(only.text.split(' '), width, Cow::Borrowed);
                return code(&text.join("\n"), lines);
            }
        }
        let text = spans::markdown(&pieces, width);
        let mut parts = text.split(BREAK).peekable();
        while let Some(part) = parts.next() {
            let words = part.split(' ').filter(|word| !word.is_empty());
            let filled = fill(words, width, escape::at_line_start);
            lines.extend(filled.into_iter().map(|line| match line.contains(GLUE) {
                true => line.replace(GLUE, " "),
                false => line,
            }));
            // A backslash at its end makes the line a hard break.
            match lines.last_mut() {
                Some(last) if parts.peek().is_some() => last.push('\\'),
                _ => {}
            }
        }
    }

    /// The text of a heading or a cell.
    fn one_line(&mut self, inline: &Inline) -> String {
        let pieces = self.linked_pieces(inline);
        let text = spans::markdown(&pieces, usize::MAX);
        text.replace([BREAK, GLUE], " ").trim().to_owned()
    }

    fn list(
        &mut self,
        items: &[Vec<Block>],
        marker: &Marker,
        width: usize,
        lines: &mut Vec<String>,
    ) {
        let tight = is_tight(items);
        for (number, item) in items.iter().enumerate() {
            if number > 0 && !tight {
                lines.push(String::new());
            }
            let marker = marker.text(number);
            let indent = " ".repeat(marker.len());
            let inner = self.blocks(item, width.saturating_sub(marker.len()), tight);
            for (at, line) in inner.iter().enumerate() {
                lines.push(prefixed(if at == 0 { &marker } else { &indent }, line));
            }
        }
    }

    fn table(&mut self, table: &Table, lines: &mut Vec<String>) {
        let columns = table.rows.iter().map(Vec::len).max().unwrap_or_default();
        for (number, row) in table.rows.iter().enumerate() {
            let mut line = String::from("|");
            for cell in row {
                line.push(' ');
                line.push_str(&self.one_line(cell).replace('|', "\\|"));
                line.push_str(" |");
            }
            if number > 0 {
                lines.push(line);
            } else {
                // Only the head must have every column.
                lines.push(line + &"  |".repeat(columns - row.len()));
                let delimiter = |column| table.delimiters.get(column).copied().unwrap_or("---");
                let delimiters: Vec<_> = (0..columns).map(delimiter).collect();
                lines.push(format!("| {} |", delimiters.join(" | ")));
            }
        }
    }
}

/// How the items of a list begin.
struct Marker {
    start: Option<u64>,
    /// Whether to use the second kind of marker.
    other: bool,
}

impl Marker {
    fn text(&self, number: usize) -> String {
        match (self.start, self.other) {
            (None, false) => "- ".to_owned(),
            (None, true) => "* ".to_owned(),
            (Some(start), other) => {
                // CommonMark reads nine digits.
                let number = start.saturating_add(number as u64).min(999_999_999);
                format!("{number}{} ", if other { ')' } else { '.' })
            }
        }
    }
}

/// Whether a list can do without blank lines: every item is one paragraph, with lists of that kind
/// below it at most.
fn is_tight(items: &[Vec<Block>]) -> bool {
    items.iter().all(|item| match item.split_first() {
        Some((Block::Paragraph(_), rest)) => rest.iter().all(|block| match block {
            Block::List { items, .. } => is_tight(items),
            _ => false,
        }),
        _ => false,
    })
}

/// A code block, which rustdoc takes for text. Lines keep their white space, except at their end.
fn code(text: &str, lines: &mut Vec<String>) {
    let ticks = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(ticks.max(2) + 1);
    lines.push(format!("{fence}text"));
    let text = text.trim_matches(['\r', '\n']).trim_end();
    for line in text.lines() {
        // Clippy denies tabs in documentation.
        let line = line.replace('\t', "    ");
        lines.push(text::doc_line(&line).trim_end().to_owned());
    }
    lines.push(fence);
}

/// A list item of one paragraph that is Markdown already.
pub(super) fn item(text: &str, width: usize) -> Vec<String> {
    let lines = wrapped(text, width.saturating_sub(2));
    let marked = lines.iter().enumerate();
    marked
        .map(|(at, line)| prefixed(if at == 0 { "- " } else { "  " }, line))
        .collect()
}

/// Text in one line, as Markdown for the start of a line or the middle of one.
pub(super) fn escaped(text: &str) -> String {
    let text = escape::text(text);
    let (first, rest) = text.split_at(text.find(' ').unwrap_or(text.len()));
    format!("{}{rest}", escape::at_line_start(first))
}

/// A link; both are one line.
pub(super) fn link(label: &str, url: &str) -> String {
    if label.is_empty() || label == url {
        return format!("<{url}>");
    }
    format!("[{}]({url})", escape::label(label))
}

/// A paragraph that is Markdown already. A line never begins with what could be more than text
/// there.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let is_text = |c: char| c.is_alphabetic() || "`[(\"*".contains(c);
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match words.last_mut() {
            Some(last) if !word.starts_with(is_text) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    fill(words.iter().map(String::as_str), width, Cow::Borrowed)
}

/// The room that a line is given at first, in bytes.
const USUAL_WIDTH: usize = 100;

/// Puts words on lines of at most `width` characters; `first` sees the first word of each line.
fn fill<'w>(
    words: impl Iterator<Item = &'w str>,
    width: usize,
    first: impl Fn(&'w str) -> Cow<'w, str>,
) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in words {
        let len = word.chars().count();
        match lines.last_mut() {
            Some(line) if used + 1 + len <= width => {
                line.push(' ');
                line.push_str(word);
                used += 1 + len;
            }
            _ => {
                let word = first(word);
                used = word.chars().count();
                let mut line = String::with_capacity(width.min(USUAL_WIDTH).max(word.len()));
                line.push_str(&word);
                lines.push(line);
            }
        }
    }
    lines
}

fn prefixed(prefix: &str, line: &str) -> String {
    format!("{prefix}{line}").trim_end().to_owned()
}
