//! Builds the tree from what opens and closes in a text, in any order.
//!
//! A container that is not open is not closed, one that is left open is closed with its holder, and
//! text outside every paragraph opens one. So broken nesting costs structure, never text.

use crate::ir::{Alignment, Block, Docs, Link, Note, Run, Style, Table, Text, Weight};

use super::runs::{push, trim_end};

/// An element that opens and closes in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    Paragraph,
    Heading(u8),
    /// A list; the number of its first item, `None` for bullets.
    List(Option<u64>),
    Item,
    /// The term that an item explains.
    Term,
    /// The explanation of a term.
    Description,
    Quote(Option<Note>),
    Preformatted,
    Table,
    Row,
    Cell,
    Rule,
    Break,
    Code,
    Emphasis,
    Strong,
    Link,
    /// An inline element without a counterpart in the tree: its text remains.
    Inline,
}

impl Element {
    pub(super) fn is_block(self) -> bool {
        !matches!(
            self,
            Self::Break | Self::Code | Self::Emphasis | Self::Strong | Self::Link | Self::Inline
        )
    }
}

/// A container that is open.
struct Frame {
    kind: Container,
    /// The blocks of any container but a list.
    blocks: Docs,
    /// The items of a list.
    items: Vec<Docs>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Container {
    List(Option<u64>),
    Item,
    Quote(Option<Note>),
}

impl Container {
    fn is_list(self) -> bool {
        matches!(self, Self::List(_))
    }
}

/// Containers open at a time; deeper ones are dissolved into their holder. No model comes near it,
/// and a renderer recurses once per level.
const MAX_DEPTH: usize = 16;

/// Builds the tree from a stream of starts, ends and texts.
#[derive(Default)]
pub(super) struct Builder {
    /// The blocks of the text itself.
    blocks: Docs,
    /// The open containers.
    stack: Vec<Frame>,
    /// The paragraph being read.
    text: Text,
    /// The level, when the paragraph being read is a heading.
    heading: Option<u8>,
    /// How many elements for code, emphasis and strong emphasis are open.
    marks: [u32; 3],
    /// The style that they and an open link make.
    style: Style,
    /// Where the text of a link begins that leads to what it names.
    named: Option<usize>,
    table: Option<Table>,
    /// The code block being read.
    code: Option<String>,
}

impl Builder {
    /// Text of the paragraph or the code block that is open.
    pub(super) fn text(&mut self, text: &str) {
        match &mut self.code {
            Some(code) => code.push_str(text),
            None => push(&mut self.text, text, &self.style, self.named),
        }
    }

    pub(super) fn open(&mut self, element: Element) {
        if let Some(code) = &mut self.code {
            if element == Element::Break {
                code.push('\n');
            }
            return;
        }
        match element {
            Element::Paragraph => self.flush(),
            Element::Heading(level) => {
                self.flush();
                self.heading = Some(level);
            }
            Element::List(start) => self.open_container(Container::List(start)),
            Element::Item => self.open_item(),
            Element::Term => {
                self.open_item();
                self.mark(Element::Strong, |open| open + 1);
            }
            Element::Description if self.innermost_item().is_some() => self.flush(),
            Element::Description => self.open_item(),
            Element::Quote(note) => self.open_container(Container::Quote(note)),
            Element::Preformatted => {
                self.flush();
                self.code = Some(String::new());
            }
            // A table within a table is dissolved.
            Element::Table if self.at_block() => self.table = Some(Table::default()),
            Element::Row => {
                self.flush();
                self.table.iter_mut().for_each(|x| x.rows.push(Vec::new()));
            }
            Element::Cell => {
                self.flush();
                let row = self.table.as_mut().and_then(|table| table.rows.last_mut());
                row.into_iter().for_each(|row| row.push(Text::new()));
            }
            Element::Rule if self.at_block() => self.push(Block::Rule),
            Element::Break => self.hard_break(),
            Element::Code | Element::Emphasis | Element::Strong => {
                self.mark(element, |open| open + 1);
            }
            Element::Table | Element::Rule | Element::Link | Element::Inline => {}
        }
    }

    pub(super) fn close(&mut self, element: Element) {
        if self.code.is_some() {
            if element == Element::Preformatted {
                self.close_code();
            }
            return;
        }
        match element {
            Element::Paragraph
            | Element::Heading(_)
            | Element::Term
            | Element::Description
            | Element::Row
            | Element::Cell => self.flush(),
            Element::List(_) => self.close_container(Container::is_list),
            Element::Item => self.close_item(),
            Element::Quote(_) => self.close_container(|kind| matches!(kind, Container::Quote(_))),
            Element::Table => self.close_table(),
            Element::Code | Element::Emphasis | Element::Strong => {
                self.mark(element, |open| open.saturating_sub(1));
            }
            Element::Link => self.close_link(),
            Element::Preformatted | Element::Rule | Element::Break | Element::Inline => {}
        }
    }

    /// Opens a link; links do not nest. Without a destination, its text is that of no link.
    pub(super) fn open_link(&mut self, link: Option<Link>) {
        self.close_link();
        if self.code.is_none() {
            self.style.link = link;
        }
    }

    /// Opens a link to what its text names in the model.
    pub(super) fn open_named_link(&mut self) {
        self.open_link(None);
        self.named = Some(self.text.len());
    }

    fn close_link(&mut self) {
        self.style.link = None;
        let runs = self.named.take().and_then(|at| self.text.get_mut(at..));
        let runs = runs.unwrap_or_default();
        let name: String = runs.iter().map(|run| run.text.as_str()).collect();
        let name = name.trim();
        if is_name(name) {
            for run in runs {
                run.style.code = true;
                run.style.link = Some(Link::Name(name.to_owned()));
            }
        }
    }

    fn mark(&mut self, element: Element, count: impl Fn(u32) -> u32) {
        // Markdown has no emphasis within code.
        let [code, emphasis, strong] = &mut self.marks;
        match element {
            Element::Code => *code = count(*code),
            _ if *code > 0 => {}
            Element::Emphasis => *emphasis = count(*emphasis),
            _ => *strong = count(*strong),
        }
        self.style.code = *code > 0;
        self.style.weight = match (*emphasis, *strong) {
            (0, 0) => Weight::Plain,
            (_, 0) => Weight::Emphasis,
            (_, _) => Weight::Strong,
        };
    }

    fn hard_break(&mut self) {
        let in_link = self.style.link.is_some() || self.named.is_some();
        if in_link || self.table.is_some() {
            return self.text(" ");
        }
        trim_end(&mut self.text);
        if !self.text.is_empty() {
            self.text.push(Run::plain("\n"));
        }
    }

    /// Ends the paragraph or heading that is open, and with it every open mark.
    fn flush(&mut self) {
        self.close_link();
        self.marks = [0; 3];
        self.style = Style::default();
        let heading = self.heading.take();
        let mut text = std::mem::take(&mut self.text);
        trim_end(&mut text);
        if text.is_empty() {
            return;
        }
        let Some(table) = &mut self.table else {
            return self.push(match heading {
                Some(level) => Block::Heading(level, text),
                None => Block::Paragraph(text),
            });
        };
        if table.rows.is_empty() {
            table.rows.push(Vec::new());
        }
        if let Some(row) = table.rows.last_mut() {
            match row.last_mut() {
                Some(cell) => {
                    push(cell, " ", &Style::default(), None);
                    text.iter()
                        .for_each(|run| push(cell, &run.text, &run.style, None));
                }
                None => row.push(text),
            }
        }
    }

    /// Adds a block to the innermost container; in a list, to its last item.
    fn push(&mut self, block: Block) {
        match self.stack.last_mut() {
            None => self.blocks.push(block),
            Some(Frame { kind, items, .. }) if kind.is_list() => match items.last_mut() {
                Some(item) => item.push(block),
                None => items.push(vec![block]),
            },
            Some(frame) => frame.blocks.push(block),
        }
    }

    /// Ends the paragraph; whether a container may open or close here. Within a table none may.
    fn at_block(&mut self) -> bool {
        self.flush();
        self.table.is_none()
    }

    fn open_container(&mut self, kind: Container) {
        if self.at_block() && self.stack.len() < MAX_DEPTH {
            self.stack.push(Frame {
                kind,
                blocks: Vec::new(),
                items: Vec::new(),
            });
        }
    }

    fn close_container(&mut self, is: impl Fn(Container) -> bool) {
        if self.at_block() {
            if let Some(at) = self.stack.iter().rposition(|frame| is(frame.kind)) {
                self.pop_to(at);
            }
        }
    }

    /// Closes containers until `len` are open.
    fn pop_to(&mut self, len: usize) {
        while self.stack.len() > len {
            let Some(frame) = self.stack.pop() else {
                return;
            };
            let (blocks, items) = (frame.blocks, frame.items);
            match frame.kind {
                _ if blocks.is_empty() && items.is_empty() => {}
                Container::Quote(note) => self.push(Block::Quote(note, blocks)),
                Container::List(start) => self.push(Block::List { start, items }),
                Container::Item => match self.stack.last_mut() {
                    Some(list) if list.kind.is_list() => list.items.push(blocks),
                    _ => blocks.into_iter().for_each(|block| self.push(block)),
                },
            }
        }
    }

    /// Opens an item; closes the one before, and makes a list where none is open.
    fn open_item(&mut self) {
        if !self.at_block() {
            return;
        }
        self.close_item();
        let list = self.stack.iter().rposition(|frame| frame.kind.is_list());
        match list {
            Some(at) => self.pop_to(at + 1),
            None => self.open_container(Container::List(None)),
        }
        self.open_container(Container::Item);
    }

    fn close_item(&mut self) {
        if self.at_block() {
            if let Some(at) = self.innermost_item() {
                self.pop_to(at);
            }
        }
    }

    /// Where the item is whose list is the innermost open list.
    fn innermost_item(&self) -> Option<usize> {
        let is_part = |frame: &Frame| frame.kind.is_list() || frame.kind == Container::Item;
        let at = self.stack.iter().rposition(is_part)?;
        (self.stack.get(at)?.kind == Container::Item).then_some(at)
    }

    fn close_code(&mut self) {
        let Some(code) = self.code.take() else {
            return;
        };
        if self.table.is_some() {
            self.open(Element::Code);
            self.text(&code);
            self.close(Element::Code);
        } else if !code.trim().is_empty() {
            self.push(Block::Code(code));
        }
    }

    /// Aligns the columns of the table that is open.
    pub(super) fn align(&mut self, alignments: Vec<Alignment>) {
        if let Some(table) = &mut self.table {
            table.alignments = alignments;
        }
    }

    fn close_table(&mut self) {
        self.flush();
        if let Some(mut table) = self.table.take() {
            table.rows.retain(|row| !row.is_empty());
            if !table.rows.is_empty() {
                self.push(Block::Table(table));
            }
        }
    }

    /// Closes all that is open.
    pub(super) fn finish(mut self) -> Docs {
        self.close_code();
        self.close_table();
        self.pop_to(0);
        self.blocks
    }
}

/// Whether a text can be a name of the model, such as `DescribeKey` or `DescribeKey$KeyId`.
pub(crate) fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$');
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_part)
}
