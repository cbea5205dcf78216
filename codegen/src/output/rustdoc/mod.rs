//! Documentation to the lines of a rustdoc comment.
//!
//! The Markdown is escaped and wrapped. It has no HTML, and no code that rustdoc would run as a test.

mod escape;
mod inline;

pub(crate) use escape::escaped;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::ir::{Alignment, Block, Docs, Note, Run, Style, Table, Text, Weight};
use crate::text;

/// Writes documentation as lines of Markdown, without the `///` and without a space before them. No
/// line holds a line break, none ends in a space; no documentation gives no lines.
///
/// `resolve` maps a name that a link has ([`Link::Name`](crate::ir::Link::Name)) to what an intra-doc
/// link names it by at the place of the documentation. It returns `None` for what has no link: an
/// unknown name, or the item that the text belongs to. The name itself, where it is in scope, makes
/// the shortest link.
///
/// `width` is the greatest length of a line in characters. Links, tables and single words that are
/// longer stay whole.
pub fn lines(
    docs: &[Block],
    resolve: &dyn Fn(&str) -> Option<String>,
    width: usize,
) -> Vec<String> {
    let mut renderer = Renderer {
        resolve,
        linked: BTreeMap::new(),
    };
    renderer.blocks(docs, width, false)
}

/// The state of a conversion.
struct Renderer<'a> {
    resolve: &'a dyn Fn(&str) -> Option<String>,
    /// Links made so far, by target.
    linked: BTreeMap<String, u32>,
}

/// The narrowest a nested block is wrapped to.
const MIN_WIDTH: usize = 20;

/// Stands for a space at which a line must not be broken.
const GLUE: char = '\u{2}';

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
                Block::Paragraph(text) => self.paragraph(text, width, &mut lines),
                Block::Heading(level, text) => {
                    let text = self.one_line(text);
                    lines.push(format!("{} {text}", "#".repeat(usize::from(*level))));
                }
                Block::List { start, items } => {
                    self.list(items, (*start, other_marker), width, &mut lines);
                }
                Block::Quote(note, blocks) => {
                    let blocks = labeled(*note, blocks);
                    let inner = self.blocks(&blocks, width.saturating_sub(2), false);
                    lines.extend(inner.iter().map(|line| prefixed("> ", line)));
                }
                Block::Code(text) => code(text, &mut lines),
                Block::Table(table) => self.table(table, &mut lines),
                Block::Rule => lines.push("---".to_owned()),
            }
        }
        lines
    }

    fn paragraph(&mut self, text: &[Run], width: usize, lines: &mut Vec<String>) {
        let text = match self.markdown(text, width) {
            inline::Markdown::Text(text) => text,
            // Code that fills more than a line reads better as a block.
            inline::Markdown::LongCode(text) => {
                let text = fill(text.split(' '), width, Cow::Borrowed);
                return code(&text.join("\n"), lines);
            }
        };
        let mut parts = text.split('\n').peekable();
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
    fn one_line(&mut self, text: &[Run]) -> String {
        let (inline::Markdown::Text(text) | inline::Markdown::LongCode(text)) =
            self.markdown(text, usize::MAX);
        text.replace(['\n', GLUE], " ").trim().to_owned()
    }

    /// Items with a marker each: the number of the first, and whether the marker is the second kind.
    fn list(
        &mut self,
        items: &[Docs],
        (start, other): (Option<u64>, bool),
        width: usize,
        lines: &mut Vec<String>,
    ) {
        let tight = is_tight(items);
        for (number, item) in items.iter().enumerate() {
            if number > 0 && !tight {
                lines.push(String::new());
            }
            let marker = match start {
                None if other => "* ".to_owned(),
                None => "- ".to_owned(),
                Some(start) => {
                    // CommonMark reads nine digits.
                    let number = start.saturating_add(number as u64).min(999_999_999);
                    format!("{number}{} ", if other { ')' } else { '.' })
                }
            };
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
                let delimiters: Vec<_> = (0..columns)
                    .map(|column| match table.alignments.get(column) {
                        Some(Alignment::Left) => ":---",
                        Some(Alignment::Center) => ":---:",
                        Some(Alignment::Right) => "---:",
                        Some(Alignment::None) | None => "---",
                    })
                    .collect();
                lines.push(format!("| {} |", delimiters.join(" | ")));
            }
        }
    }
}

/// The blocks of a note, beginning with what it is.
fn labeled(note: Option<Note>, blocks: &[Block]) -> Cow<'_, [Block]> {
    let label = match note {
        None => return Cow::Borrowed(blocks),
        Some(Note::Note) => "Note:",
        Some(Note::Important) => "Important:",
        Some(Note::Caution) => "Caution:",
        Some(Note::Warning) => "Warning:",
        Some(Note::Tip) => "Tip:",
    };
    let style = Style {
        weight: Weight::Strong,
        ..Style::default()
    };
    let mut text: Text = vec![Run {
        text: label.to_owned(),
        style,
    }];
    let rest = match blocks.split_first() {
        Some((Block::Paragraph(first), rest)) => {
            text.push(Run::plain(" "));
            text.extend(first.iter().cloned());
            rest
        }
        _ => blocks,
    };
    let first = [Block::Paragraph(text)];
    Cow::Owned(first.into_iter().chain(rest.iter().cloned()).collect())
}

/// Whether a list can do without blank lines: every item is one paragraph, with lists of that kind
/// below it at most.
fn is_tight(items: &[Docs]) -> bool {
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
    let fence = "`".repeat(escape::ticks(text).max(2) + 1);
    lines.push(format!("{fence}text"));
    let text = text.trim_matches(['\r', '\n']).trim_end();
    for line in text.lines() {
        // Clippy denies tabs in documentation.
        let line = line.replace('\t', "    ");
        lines.push(text::doc_line(&line).trim_end().to_owned());
    }
    lines.push(fence);
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
