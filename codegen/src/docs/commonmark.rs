//! CommonMark, with the tables of GitHub, into the tree of blocks.
//!
//! The parser is the one rustdoc uses, so a text means here what it would mean there.

use pulldown_cmark::{BrokenLink, CowStr, Event, Options, Parser, Tag, TagEnd};

use crate::ir::{Docs, Link};

use super::build::{Builder, Element};
use super::url;

/// Reads CommonMark.
pub(super) fn parse(text: &str) -> Docs {
    let mut builder = Builder::default();
    let parser =
        Parser::new_with_broken_link_callback(text, Options::ENABLE_TABLES, Some(intra_doc));
    for event in parser {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => builder.open_link(link(&dest_url)),
            Event::Start(Tag::List(start)) => builder.open(Element::List(start)),
            Event::Start(Tag::Table(alignments)) => {
                builder.open(Element::Table);
                builder.align(alignments);
            }
            Event::Start(tag) => builder.open(element(tag.to_end())),
            Event::End(tag) => builder.close(element(tag)),
            Event::Code(text) => {
                builder.open(Element::Code);
                builder.text(&text);
                builder.close(Element::Code);
            }
            Event::SoftBreak => builder.text(" "),
            Event::HardBreak => builder.open(Element::Break),
            Event::Rule => builder.open(Element::Rule),
            // A placeholder that looks like HTML: `is_html` found no element.
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => builder.text(&text),
            // Not enabled above.
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                builder.text(&text);
            }
            Event::TaskListMarker(_) => {}
        }
    }
    builder.finish()
}

/// A reference without a definition: an intra-doc link if it is in backticks, such as ``[`Encrypt`]``;
/// anything else in brackets is text.
pub(super) fn intra_doc<'a>(link: BrokenLink<'a>) -> Option<(CowStr<'a>, CowStr<'a>)> {
    let path = link.reference.strip_prefix('`')?.strip_suffix('`')?;
    is_path(path).then(|| (path.to_owned().into(), "".into()))
}

/// Whether a link destination can be a path of Rust with what intra-doc links may add to it: a
/// kind (`struct@Key`), a call (`Client::encrypt()`), a macro's mark or a fragment.
fn is_path(destination: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || "_:@!()#$".contains(c);
    destination.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':')
        && destination.chars().all(is_part)
        && !destination.contains(":::")
}

fn link(destination: &str) -> Option<Link> {
    let name = || is_path(destination).then(|| Link::Name(destination.to_owned()));
    url::encoded(destination).map(Link::Url).or_else(name)
}

fn element(tag: TagEnd) -> Element {
    match tag {
        TagEnd::Heading(level) => Element::Heading(level as u8),
        TagEnd::BlockQuote(_) => Element::Quote(None),
        TagEnd::CodeBlock => Element::Preformatted,
        TagEnd::List(_) => Element::List(None),
        TagEnd::Item => Element::Item,
        TagEnd::Table => Element::Table,
        TagEnd::TableHead | TagEnd::TableRow => Element::Row,
        TagEnd::TableCell => Element::Cell,
        TagEnd::Emphasis => Element::Emphasis,
        TagEnd::Strong => Element::Strong,
        TagEnd::Link => Element::Link,
        // The alternative text remains. No picture is fetched by a reader of documentation.
        TagEnd::Image | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => {
            Element::Inline
        }
        TagEnd::Paragraph | TagEnd::HtmlBlock => Element::Paragraph,
        // Not enabled above.
        TagEnd::FootnoteDefinition
        | TagEnd::DefinitionList
        | TagEnd::DefinitionListTitle
        | TagEnd::DefinitionListDefinition
        | TagEnd::MetadataBlock(_) => Element::Paragraph,
    }
}
