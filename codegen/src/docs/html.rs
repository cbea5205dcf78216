//! HTML as AWS writes it into the tree of blocks.
//!
//! A placeholder such as `<region>` is not a tag and must stay text, with its capitals and without an
//! end at the next `>`. So [`tag`] decides which `<` begin a tag, and the
//! tokenizer of HTML sees only what takes one: tags with attributes, and character references.

use std::borrow::Cow;

use html5gum::{Token, Tokenizer};

use crate::ir::{Docs, Link, Note};
use crate::text::is_entity;

use super::build::{Builder, Element};
use super::url;

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
        "ul" | "dl" => Element::List(None),
        "ol" => Element::List(Some(1)),
        "li" => Element::Item,
        "dt" => Element::Term,
        "dd" => Element::Description,
        "blockquote" => Element::Quote(None),
        "note" => Element::Quote(Some(Note::Note)),
        "important" => Element::Quote(Some(Note::Important)),
        "caution" => Element::Quote(Some(Note::Caution)),
        "warning" => Element::Quote(Some(Note::Warning)),
        "tip" => Element::Quote(Some(Note::Tip)),
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

/// A tag of the text.
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

/// The position of the `>` that ends a tag with these attributes.
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

/// Reads HTML. Comments are left out.
pub(super) fn parse(text: &str) -> Docs {
    let text = lines_ended(text);
    let mut builder = Builder::default();
    let mut rest = text.as_ref();
    let mut comments = true;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'<' | b'&')) {
        let (before, found) = rest.split_at(at);
        if !before.is_empty() {
            builder.text(before);
        }
        let taken = if let Some(tag) = tag(found) {
            match (tag.is_plain, tag.end) {
                (true, true) => builder.close(tag.element),
                (true, false) if tag.element == Element::Link => builder.open_named_link(),
                (true, false) => builder.open(tag.element),
                (false, _) => tokens(&mut builder, tag.source),
            }
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
            tokens(&mut builder, reference);
            reference.len()
        } else {
            builder.text(found.get(..1).unwrap_or_default());
            1
        };
        rest = found.get(taken..).unwrap_or_default();
    }
    if !rest.is_empty() {
        builder.text(rest);
    }
    builder.finish()
}

/// Reads a tag with attributes or a character reference, which need a tokenizer.
fn tokens(builder: &mut Builder, source: &str) {
    for token in Tokenizer::new(source) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => match element(&String::from_utf8_lossy(&tag.name)) {
                Some(Element::Link) => {
                    let href = tag.attributes.get(b"href".as_slice());
                    // Without one it is an anchor, to be linked to.
                    let url = href.and_then(|href| url::encoded(&String::from_utf8_lossy(href)));
                    builder.open_link(url.map(Link::Url));
                }
                Some(element) => builder.open(element),
                None => {}
            },
            Token::EndTag(tag) => {
                if let Some(element) = element(&String::from_utf8_lossy(&tag.name)) {
                    builder.close(element);
                }
            }
            Token::String(text) => builder.text(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
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
    let end = is_entity(text).then(|| text.find(';'))??;
    text.get(..=end).filter(|text| text.starts_with('&'))
}
