//! Documentation as a tree of blocks, whatever it was written in.
//!
//! Links name shapes as the model does. Each reader of the tree, such as rustdoc, decides what they
//! lead to and how the blocks look.

pub use pulldown_cmark::Alignment;

/// The documentation of one thing; empty where the model has none.
pub type Docs = Vec<Block>;

/// One block of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Text),
    /// The level, 1 to 6, and the text.
    Heading(u8, Text),
    /// A list.
    List {
        /// The number of the first item; `None` for bullets.
        start: Option<u64>,
        /// None is empty.
        items: Vec<Docs>,
    },
    /// A quote, or a note beside the text.
    Quote(Option<Note>, Docs),
    /// Code, whatever its language.
    Code(String),
    /// A table.
    Table(Table),
    /// A line between two parts of the text.
    Rule,
}

/// The kind of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The words say it.
pub enum Note {
    Note,
    Important,
    Caution,
    Warning,
    Tip,
}

/// A table: the first row is its head.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The alignment of each column, as far as it is given.
    pub alignments: Vec<Alignment>,
    /// The cells, row by row.
    pub rows: Vec<Vec<Text>>,
}

/// The text of a paragraph, a heading or a cell: runs of one style each.
///
/// White space is folded, and a line feed is a line break that the author asked for. There are no
/// other control characters, and neither is at the start or the end.
pub type Text = Vec<Run>;

/// A part of a text that has one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The text.
    pub text: String,
    /// The style.
    pub style: Style,
}

/// The style of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether the text is code.
    pub code: bool,
    /// How much it is emphasized.
    pub weight: Weight,
    /// Where it leads.
    pub link: Option<Link>,
}

/// Emphasis. It does not nest: strong wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // The words say it.
pub enum Weight {
    #[default]
    Plain,
    Emphasis,
    Strong,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// A URL, encoded for a Markdown link destination.
    Url(String),
    /// A name of the model, such as `DescribeKey` or `KeyListEntry$KeyArn`, or a path of the crate
    /// that an overlay links to, such as `Client::describe_key`. It may name nothing.
    Name(String),
}

impl Run {
    /// Text without a style.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            style: Style::default(),
        }
    }

    /// Code.
    pub fn code(text: impl Into<String>) -> Self {
        let style = Style {
            code: true,
            ..Style::default()
        };
        Self {
            style,
            ..Self::plain(text)
        }
    }

    /// The same, leading to `link`.
    #[must_use]
    pub fn to(mut self, link: Link) -> Self {
        self.style.link = Some(link);
        self
    }
}
