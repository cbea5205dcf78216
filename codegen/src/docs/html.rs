//! HTML as AWS writes it into the tree of blocks.
//!
//! What looks like a tag and is none, such as the placeholder `<region>`, must stay text, with its
//! capitals and without an end at the next `>`. So [`tag`] decides which `<` begin a tag, and the
//! tokenizer of HTML sees only what takes one: tags with attributes, and character references.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use html5gum::{HtmlString, Spanned, Token, Tokenizer};

use super::block::{Block, Builder, Mark};
use super::inline::{Target, url};

/// What an element means for the text. Elements that only group (`div`, `thead`) are paragraphs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    Paragraph,
    Heading(u8),
    List {
        ordered: bool,
    },
    Item,
    Term,
    Description,
    /// A quote with a label, such as `Note:`.
    Quote(Option<&'static str>),
    Preformatted,
    Table,
    Row,
    Cell,
    Rule,
    Code,
    Emphasis,
    Strong,
    Link,
    Break,
    /// An inline element without a counterpart in Markdown: its text remains.
    Inline,
}

impl Element {
    fn is_block(self) -> bool {
        !matches!(
            self,
            Self::Code | Self::Emphasis | Self::Strong | Self::Link | Self::Break | Self::Inline
        )
    }
}

/// The elements of HTML that documentation uses, and those that AWS adds (`note`, `important`,
/// `fullname`). Any other name in angle brackets is a placeholder.
fn element(name: &str) -> Option<Element> {
    Some(match name.to_ascii_lowercase().as_str() {
        "p" | "div" | "section" | "article" | "center" | "fullname" | "caption" | "thead"
        | "tbody" | "tfoot" => Element::Paragraph,
        "h1" => Element::Heading(1),
        "h2" => Element::Heading(2),
        "h3" => Element::Heading(3),
        "h4" => Element::Heading(4),
        "h5" => Element::Heading(5),
        "h6" => Element::Heading(6),
        "ul" | "dl" => Element::List { ordered: false },
        "ol" => Element::List { ordered: true },
        "li" => Element::Item,
        "dt" => Element::Term,
        "dd" => Element::Description,
        "blockquote" => Element::Quote(None),
        "note" => Element::Quote(Some("Note:")),
        "important" => Element::Quote(Some("Important:")),
        "caution" => Element::Quote(Some("Caution:")),
        "warning" => Element::Quote(Some("Warning:")),
        "tip" => Element::Quote(Some("Tip:")),
        "pre" => Element::Preformatted,
        "table" => Element::Table,
        "tr" => Element::Row,
        "td" | "th" => Element::Cell,
        "hr" => Element::Rule,
        "code" | "tt" | "kbd" | "samp" => Element::Code,
        "i" | "em" | "var" | "cite" | "dfn" => Element::Emphasis,
        "b" | "strong" => Element::Strong,
        "a" => Element::Link,
        "br" => Element::Break,
        "u" | "s" | "small" | "big" | "sub" | "sup" | "span" | "font" | "q" | "img" => {
            Element::Inline
        }
        _ => return None,
    })
}

/// A tag as it stands in the text.
struct Tag<'a> {
    element: Element,
    end: bool,
    /// Without attributes.
    is_plain: bool,
    /// From `<` to `>`.
    source: &'a str,
}

/// The longest tag that is looked for. It keeps a text of nothing but `<a "` from taking
/// quadratic time.
const MAX_TAG: usize = 4096;

/// The tag at the start of `text`, which begins with `<`.
fn tag(text: &str) -> Option<Tag<'_>> {
    let rest = text.strip_prefix('<')?;
    let (end, rest) = rest
        .strip_prefix('/')
        .map_or((false, rest), |rest| (true, rest));
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.');
    let attributes = rest.trim_start_matches(is_name);
    let element = element(rest.get(..rest.len() - attributes.len())?)?;
    let close = tag_end(attributes)?;
    let attributes_text = attributes.get(..close)?.trim_end_matches('/').trim();
    // `<i am a placeholder>` is none of ours.
    if !attributes_text.is_empty() && (end || !attributes_text.contains('=')) {
        return None;
    }
    let len = text.len() - attributes.len() + close + 1;
    let source = text.get(..len)?;
    Some(Tag {
        element,
        end,
        is_plain: attributes_text.is_empty(),
        source,
    })
}

/// Where the `>` stands that ends a tag with these attributes.
fn tag_end(attributes: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = b' ';
    for (at, byte) in attributes.bytes().enumerate().take(MAX_TAG) {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'<') => return None,
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    None
}

/// Whether the text is HTML rather than CommonMark: it has a block element or the end of an
/// inline one outside Markdown's code spans.
pub(super) fn is_html(text: &str) -> bool {
    if tag(text.trim_start()).is_some_and(|tag| tag.element.is_block()) {
        return true;
    }
    // Every second part between runs of backticks is code. An odd run more is rare, and then both
    // readings are guesses.
    text.split('`').step_by(2).any(|part| {
        part.match_indices('<').any(|(at, _)| {
            let (before, found) = part.split_at(at);
            let tag = tag(found).filter(|_| !before.ends_with('\\'));
            tag.is_some_and(|tag| tag.element.is_block() || tag.end)
        })
    })
}

/// Reads HTML. What begins no tag and no character reference is text; comments are left out.
pub(super) fn parse(text: &str) -> Vec<Block> {
    let text = lines_ended(text);
    let mut reader = Reader {
        builder: Builder::new(),
        links: 0,
    };
    let mut rest = text.as_ref();
    let mut comments = true;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'<' | b'&')) {
        let (before, found) = rest.split_at(at);
        if !before.is_empty() {
            reader.builder.text(before);
        }
        let taken = if let Some(tag) = tag(found) {
            reader.tag(&tag);
            tag.source.len()
        } else if comments && found.starts_with("<!--") {
            match found.find("-->") {
                Some(end) => end + "-->".len(),
                // No later comment ends either.
                None => {
                    comments = false;
                    0
                }
            }
        } else if let Some(reference) = reference(found) {
            reader.tokens(reference);
            reference.len()
        } else {
            reader.builder.text(found.get(..1).unwrap_or_default());
            1
        };
        rest = found.get(taken..).unwrap_or_default();
    }
    if !rest.is_empty() {
        reader.builder.text(rest);
    }
    reader.builder.finish()
}

/// The text with its lines ended as HTML wants them.
fn lines_ended(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The character reference that the text begins with.
fn reference(text: &str) -> Option<&str> {
    let end = super::inline::is_entity(text).then(|| text.find(';'))??;
    text.get(..=end).filter(|text| text.starts_with('&'))
}

/// The attributes of a tag.
type Attributes = BTreeMap<HtmlString, Spanned<HtmlString, ()>>;

struct Reader {
    builder: Builder,
    /// Links seen so far.
    links: usize,
}

impl Reader {
    fn tag(&mut self, tag: &Tag<'_>) {
        if !tag.is_plain {
            self.tokens(tag.source);
        } else if tag.end {
            self.end(tag.element);
        } else {
            self.start(tag.element, &BTreeMap::new());
        }
    }

    /// What takes a tokenizer to read: attributes and character references.
    fn tokens(&mut self, source: &str) {
        for token in Tokenizer::new(source) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => {
                    if let Some(element) = element(&String::from_utf8_lossy(&tag.name)) {
                        self.start(element, &tag.attributes);
                    }
                }
                Token::EndTag(tag) => {
                    if let Some(element) = element(&String::from_utf8_lossy(&tag.name)) {
                        self.end(element);
                    }
                }
                Token::String(text) => self.builder.text(&String::from_utf8_lossy(&text)),
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
    }

    fn start(&mut self, element: Element, attributes: &Attributes) {
        let builder = &mut self.builder;
        if builder.in_code() {
            if element == Element::Break {
                builder.hard_break();
            }
            return;
        }
        match element {
            Element::Paragraph => builder.open_paragraph(),
            Element::Heading(level) => builder.open_heading(level),
            Element::List { ordered } => builder.open_list(ordered.then_some(1)),
            Element::Item => builder.open_item(),
            Element::Term => {
                builder.open_item();
                builder.open_mark(Mark::Strong);
            }
            Element::Description => builder.continue_item(),
            Element::Quote(label) => builder.open_quote(label),
            Element::Preformatted => builder.open_code(),
            Element::Table => builder.open_table(Vec::new()),
            Element::Row => builder.open_row(),
            Element::Cell => builder.open_cell(),
            Element::Rule => builder.rule(),
            Element::Code => builder.open_mark(Mark::Code),
            Element::Emphasis => builder.open_mark(Mark::Emphasis),
            Element::Strong => builder.open_mark(Mark::Strong),
            Element::Link => self.open_link(attributes),
            Element::Break => builder.hard_break(),
            Element::Inline => {}
        }
    }

    fn open_link(&mut self, attributes: &Attributes) {
        self.links += 1;
        let target = match attributes.get(b"href".as_slice()) {
            Some(href) => url(&String::from_utf8_lossy(href)).map(Target::Url),
            None if attributes.is_empty() => Some(Target::Text(self.links)),
            // An anchor to be linked to.
            None => None,
        };
        // Links do not nest.
        self.builder
            .close_mark(|mark| matches!(mark, Mark::Link(_)));
        self.builder.open_mark(Mark::Link(target.map(Rc::new)));
    }

    fn end(&mut self, element: Element) {
        let builder = &mut self.builder;
        if builder.in_code() {
            if element == Element::Preformatted {
                builder.close_code();
            }
            return;
        }
        match element {
            Element::Paragraph
            | Element::Heading(_)
            | Element::Term
            | Element::Description
            | Element::Row
            | Element::Cell => builder.flush(),
            Element::List { .. } => builder.close_list(),
            Element::Item => builder.close_item(),
            Element::Quote(_) => builder.close_quote(),
            Element::Table => builder.close_table(),
            Element::Code => builder.close_mark(|mark| *mark == Mark::Code),
            Element::Emphasis => builder.close_mark(|mark| *mark == Mark::Emphasis),
            Element::Strong => builder.close_mark(|mark| *mark == Mark::Strong),
            Element::Link => builder.close_mark(|mark| matches!(mark, Mark::Link(_))),
            Element::Preformatted | Element::Rule | Element::Break | Element::Inline => {}
        }
    }
}
