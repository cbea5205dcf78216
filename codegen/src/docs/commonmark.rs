//! CommonMark, with the tables of GitHub, into the tree of blocks.
//!
//! The parser is the one rustdoc uses, so a text means here what it would mean there.

use std::rc::Rc;

use pulldown_cmark::{Alignment, BrokenLink, CowStr, Event, Options, Parser, Tag, TagEnd};

use super::block::{Block, Builder, Mark};
use super::inline::{Target, url};

/// Reads CommonMark.
pub(super) fn parse(text: &str) -> Vec<Block> {
    let mut builder = Builder::new();
    let parser =
        Parser::new_with_broken_link_callback(text, Options::ENABLE_TABLES, Some(intra_doc));
    for event in parser {
        match event {
            Event::Start(tag) => start(&mut builder, tag),
            Event::End(tag) => end(&mut builder, tag),
            Event::Code(text) => builder.code_span(&text),
            Event::SoftBreak => builder.text(" "),
            Event::HardBreak => builder.hard_break(),
            Event::Rule => builder.rule(),
            // What looks like HTML is a placeholder: `is_html` found no element of HTML.
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

/// A reference without a definition: an intra-doc link when it stands in backticks, such as
/// ``[`Client::encrypt`]``; anything else in brackets is text.
pub(super) fn intra_doc<'a>(link: BrokenLink<'a>) -> Option<(CowStr<'a>, CowStr<'a>)> {
    let path = link.reference.strip_prefix('`')?.strip_suffix('`')?;
    is_path(path).then(|| (path.to_owned().into(), "".into()))
}

/// Whether a link destination can be a path of Rust with what intra-doc links may add to it: a
/// kind (`struct@Key`), a call (`Client::encrypt()`), a macro's mark or a fragment.
fn is_path(destination: &str) -> bool {
    destination.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':')
        && destination.chars().all(|c| {
            c.is_alphanumeric() || matches!(c, '_' | ':' | '@' | '!' | '(' | ')' | '#' | '$')
        })
        && !destination.contains(":::")
}

fn target(destination: &str) -> Option<Rc<Target>> {
    url(destination)
        .map(Target::Url)
        .or_else(|| is_path(destination).then(|| Target::Path(destination.to_owned())))
        .map(Rc::new)
}

fn start(builder: &mut Builder, tag: Tag<'_>) {
    match tag {
        Tag::Paragraph | Tag::HtmlBlock => builder.open_paragraph(),
        Tag::Heading { level, .. } => builder.open_heading(level as u8),
        Tag::BlockQuote(_) => builder.open_quote(None),
        Tag::CodeBlock(_) => builder.open_code(),
        Tag::List(start) => builder.open_list(start),
        Tag::Item => builder.open_item(),
        Tag::Table(columns) => builder.open_table(columns.iter().map(delimiter).collect()),
        Tag::TableHead | Tag::TableRow => builder.open_row(),
        Tag::TableCell => builder.open_cell(),
        Tag::Emphasis => builder.open_mark(Mark::Emphasis),
        Tag::Strong => builder.open_mark(Mark::Strong),
        Tag::Link { dest_url, .. } => builder.open_mark(Mark::Link(target(&dest_url))),
        // The alternative text remains. No picture is fetched by a reader of documentation.
        Tag::Image { .. } => {}
        // Not enabled above.
        Tag::FootnoteDefinition(_)
        | Tag::DefinitionList
        | Tag::DefinitionListTitle
        | Tag::DefinitionListDefinition
        | Tag::MetadataBlock(_) => builder.open_paragraph(),
        Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
    }
}

fn end(builder: &mut Builder, tag: TagEnd) {
    match tag {
        TagEnd::BlockQuote(_) => builder.close_quote(),
        TagEnd::CodeBlock => builder.close_code(),
        TagEnd::List(_) => builder.close_list(),
        TagEnd::Item => builder.close_item(),
        TagEnd::Table => builder.close_table(),
        TagEnd::Emphasis => builder.close_mark(|mark| *mark == Mark::Emphasis),
        TagEnd::Strong => builder.close_mark(|mark| *mark == Mark::Strong),
        TagEnd::Link => builder.close_mark(|mark| matches!(mark, Mark::Link(_))),
        TagEnd::Image | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => {}
        TagEnd::Paragraph
        | TagEnd::HtmlBlock
        | TagEnd::Heading(_)
        | TagEnd::TableHead
        | TagEnd::TableRow
        | TagEnd::TableCell
        | TagEnd::FootnoteDefinition
        | TagEnd::DefinitionList
        | TagEnd::DefinitionListTitle
        | TagEnd::DefinitionListDefinition
        | TagEnd::MetadataBlock(_) => builder.flush(),
    }
}

fn delimiter(alignment: &Alignment) -> &'static str {
    match alignment {
        Alignment::None => "---",
        Alignment::Left => ":---",
        Alignment::Center => ":---:",
        Alignment::Right => "---:",
    }
}
