//! The tree of a text, and the builder that both readers drive.
//!
//! The builder takes what a tokenizer says in any order: a container that is not open is not
//! closed, one that is left open is closed with what holds it, text outside every paragraph opens
//! one. So broken nesting costs structure, never text.

use std::rc::Rc;

use super::inline::{Inline, Style, Target, Weight};

/// One block of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Block {
    Paragraph(Inline),
    /// The level, 1 to 6, and the text.
    Heading(u8, Inline),
    List {
        /// The number of the first item; `None` for bullets.
        start: Option<u64>,
        /// None is empty.
        items: Vec<Vec<Block>>,
    },
    Quote(Vec<Block>),
    /// Whatever its language: rustdoc would compile and run much of it, and a model brings no code.
    Code(String),
    Table(Table),
    Rule,
}

/// A table: the first row is its head.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Table {
    /// The delimiter of each column, such as `:---`; `---` where there is none.
    pub(super) delimiters: Vec<&'static str>,
    pub(super) rows: Vec<Vec<Inline>>,
}

/// An inline element that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Code,
    Emphasis,
    Strong,
    /// `None`: a link that leads nowhere, of which the text remains.
    Link(Option<Rc<Target>>),
}

enum Frame {
    /// The text itself, a list item or a quote.
    Flow(Flow, Vec<Block>),
    List(Option<u64>, Vec<Vec<Block>>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Text,
    Item,
    Quote,
}

/// Containers open at a time; deeper ones are dissolved into the one that holds them. No model
/// comes near it, and the renderer recurses once per level.
const MAX_DEPTH: usize = 16;

/// Inline elements open at a time; more are ignored.
const MAX_MARKS: usize = 16;

/// Builds the tree from a stream of starts, ends and texts.
pub(super) struct Builder {
    /// Never empty: the text itself stands at the bottom.
    stack: Vec<Frame>,
    /// The paragraph being read.
    inline: Inline,
    /// Whether `inline` holds nothing but the label of a quote.
    only_label: bool,
    /// The level, when the paragraph being read is a heading.
    heading: Option<u8>,
    marks: Vec<Mark>,
    table: Option<Table>,
    code: Option<String>,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            stack: vec![Frame::Flow(Flow::Text, Vec::new())],
            inline: Inline::default(),
            only_label: false,
            heading: None,
            marks: Vec::new(),
            table: None,
            code: None,
        }
    }

    /// Text of the paragraph or the code block that is open.
    pub(super) fn text(&mut self, text: &str) {
        if let Some(code) = &mut self.code {
            code.push_str(text);
            return;
        }
        self.inline.push(text, &self.style());
        if !text.trim().is_empty() {
            self.only_label = false;
        }
    }

    /// Text in a code span of its own.
    pub(super) fn code_span(&mut self, text: &str) {
        self.open_mark(Mark::Code);
        self.text(text);
        self.close_mark(|mark| *mark == Mark::Code);
    }

    pub(super) fn hard_break(&mut self) {
        if let Some(code) = &mut self.code {
            code.push('\n');
        } else if self.style().link.is_some() || self.table.is_some() {
            self.text(" ");
        } else {
            self.inline.push_break();
        }
    }

    pub(super) fn open_mark(&mut self, mark: Mark) {
        if self.marks.len() < MAX_MARKS {
            self.marks.push(mark);
        }
    }

    /// Closes the innermost open mark that `is` accepts.
    pub(super) fn close_mark(&mut self, is: impl Fn(&Mark) -> bool) {
        if let Some(at) = self.marks.iter().rposition(is) {
            self.marks.remove(at);
        }
    }

    fn style(&self) -> Style {
        let mut style = Style::default();
        for mark in &self.marks {
            match mark {
                Mark::Code => style.code = true,
                // Markdown has no emphasis within code, and ours knows no nested one.
                Mark::Emphasis if !style.code => style.weight = style.weight.max(Weight::Emphasis),
                Mark::Strong if !style.code => style.weight = Weight::Strong,
                Mark::Emphasis | Mark::Strong => {}
                Mark::Link(target) => style.link.clone_from(target),
            }
        }
        style
    }

    /// Starts a paragraph: ends the one before.
    pub(super) fn open_paragraph(&mut self) {
        if !self.only_label {
            self.flush();
        }
    }

    /// Starts a heading of the given level, 1 to 6.
    pub(super) fn open_heading(&mut self, level: u8) {
        self.flush();
        self.heading = Some(level);
    }

    /// Ends the paragraph or heading that is open, and with it every open mark.
    pub(super) fn flush(&mut self) {
        self.marks.clear();
        self.only_label = false;
        let inline = std::mem::take(&mut self.inline).trimmed();
        let heading = self.heading.take();
        if inline.is_empty() {
            return;
        }
        if let Some(table) = &mut self.table {
            if table.rows.is_empty() {
                table.rows.push(Vec::new());
            }
            if let Some(row) = table.rows.last_mut() {
                match row.last_mut() {
                    Some(cell) => cell.append(inline),
                    None => row.push(inline),
                }
            }
            return;
        }
        self.push(match heading {
            Some(level) => Block::Heading(level, inline),
            None => Block::Paragraph(inline),
        });
    }

    fn push(&mut self, block: Block) {
        match self.stack.last_mut() {
            Some(Frame::Flow(_, blocks)) => blocks.push(block),
            Some(Frame::List(_, items)) => match items.last_mut() {
                Some(item) => item.push(block),
                None => items.push(vec![block]),
            },
            None => self.stack.push(Frame::Flow(Flow::Text, vec![block])),
        }
    }

    /// Closes the innermost container. The text itself stays open.
    fn pop(&mut self) {
        if self.stack.len() < 2 {
            return;
        }
        match self.stack.pop() {
            Some(Frame::Flow(_, blocks)) if blocks.is_empty() => {}
            Some(Frame::Flow(Flow::Item, blocks)) => match self.stack.last_mut() {
                Some(Frame::List(_, items)) => items.push(blocks),
                Some(Frame::Flow(_, holder)) => holder.extend(blocks),
                None => {}
            },
            Some(Frame::Flow(_, blocks)) => self.push(Block::Quote(blocks)),
            Some(Frame::List(_, items)) if items.is_empty() => {}
            Some(Frame::List(start, items)) => self.push(Block::List { start, items }),
            None => {}
        }
    }

    /// Ends the paragraph; whether a container may open or close here. Within a table none may.
    fn at_block(&mut self) -> bool {
        self.flush();
        self.table.is_none()
    }

    /// Opens a list; `start` is the number of its first item, `None` makes bullets.
    pub(super) fn open_list(&mut self, start: Option<u64>) {
        if self.at_block() && self.stack.len() < MAX_DEPTH {
            self.stack.push(Frame::List(start, Vec::new()));
        }
    }

    pub(super) fn close_list(&mut self) {
        self.close(|frame| matches!(frame, Frame::List(..)));
    }

    /// Opens an item; closes the one before, and makes a list where none is open.
    pub(super) fn open_item(&mut self) {
        if !self.at_block() {
            return;
        }
        self.close_item();
        let list = |frame: &Frame| matches!(frame, Frame::List(..));
        match self.stack.iter().rposition(list) {
            Some(at) => self.pop_to(at + 1),
            None => self.stack.push(Frame::List(None, Vec::new())),
        }
        self.stack.push(Frame::Flow(Flow::Item, Vec::new()));
    }

    /// Ends the paragraph and makes sure that an item is open.
    pub(super) fn continue_item(&mut self) {
        if self.innermost_item().is_some() {
            self.flush();
        } else {
            self.open_item();
        }
    }

    pub(super) fn close_item(&mut self) {
        if self.at_block() {
            if let Some(at) = self.innermost_item() {
                self.pop_to(at);
            }
        }
    }

    /// Opens a quote, beginning with a label in bold if there is one.
    pub(super) fn open_quote(&mut self, label: Option<&str>) {
        if self.at_block() && self.stack.len() < MAX_DEPTH {
            self.stack.push(Frame::Flow(Flow::Quote, Vec::new()));
        }
        if let Some(label) = label {
            let strong = Style {
                weight: Weight::Strong,
                ..Style::default()
            };
            self.inline.push(label, &strong);
            self.inline.push(" ", &Style::default());
            self.only_label = true;
        }
    }

    pub(super) fn close_quote(&mut self) {
        if self.only_label {
            self.inline = Inline::default();
        }
        self.close(|frame| matches!(frame, Frame::Flow(Flow::Quote, _)));
    }

    fn close(&mut self, is: impl Fn(&Frame) -> bool) {
        if self.at_block() {
            if let Some(at) = self.stack.iter().rposition(is) {
                self.pop_to(at);
            }
        }
    }

    /// Closes containers until `len` are open.
    fn pop_to(&mut self, len: usize) {
        while self.stack.len() > len.max(1) {
            self.pop();
        }
    }

    /// Where the item stands whose list is the innermost open list.
    fn innermost_item(&self) -> Option<usize> {
        let at = self
            .stack
            .iter()
            .rposition(|frame| matches!(frame, Frame::List(..) | Frame::Flow(Flow::Item, _)))?;
        matches!(self.stack.get(at), Some(Frame::Flow(..))).then_some(at)
    }

    pub(super) fn open_code(&mut self) {
        self.flush();
        self.code = Some(String::new());
    }

    pub(super) fn in_code(&self) -> bool {
        self.code.is_some()
    }

    pub(super) fn close_code(&mut self) {
        let Some(text) = self.code.take() else {
            return;
        };
        if self.table.is_some() {
            self.code_span(&text);
        } else if !text.trim().is_empty() {
            self.push(Block::Code(text));
        }
    }

    /// Opens a table with the given column delimiters. A table within a table is dissolved.
    pub(super) fn open_table(&mut self, delimiters: Vec<&'static str>) {
        if self.at_block() {
            self.table = Some(Table {
                delimiters,
                rows: Vec::new(),
            });
        }
    }

    pub(super) fn open_row(&mut self) {
        self.flush();
        if let Some(table) = &mut self.table {
            table.rows.push(Vec::new());
        }
    }

    pub(super) fn open_cell(&mut self) {
        self.flush();
        if let Some(row) = self.table.as_mut().and_then(|table| table.rows.last_mut()) {
            row.push(Inline::default());
        }
    }

    pub(super) fn close_table(&mut self) {
        self.flush();
        if let Some(mut table) = self.table.take() {
            table.rows.retain(|row| !row.is_empty());
            if !table.rows.is_empty() {
                self.push(Block::Table(table));
            }
        }
    }

    pub(super) fn rule(&mut self) {
        if self.at_block() {
            self.push(Block::Rule);
        }
    }

    /// Closes all that is open.
    pub(super) fn finish(mut self) -> Vec<Block> {
        self.close_code();
        self.close_table();
        self.pop_to(1);
        match self.stack.pop() {
            Some(Frame::Flow(_, blocks)) => blocks,
            Some(Frame::List(..)) | None => Vec::new(),
        }
    }
}
