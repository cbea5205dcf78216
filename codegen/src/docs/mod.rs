//! The documentation of a model as a tree of blocks.
//!
//! `smithy.api#documentation` is CommonMark, and CommonMark may hold HTML. AWS's models are HTML
//! through and through; documentation of our own is plain CommonMark. Both become the same
//! [`Docs`], in which every text is data: nothing in it is markup or code of a reader's.

mod build;
mod commonmark;
mod html;
mod runs;
mod sentence;
mod url;

pub(crate) use build::is_name;
pub use sentence::first_sentence;

use crate::ir::{Block, Docs, Link, Run};
use crate::text;

/// Reads one documentation text.
pub fn parse(text: &str) -> Docs {
    if html::is_html(text) {
        html::parse(text)
    } else {
        commonmark::parse(text)
    }
}

/// A paragraph of one line of plain text.
pub(crate) fn paragraph(line: &str) -> Block {
    Block::Paragraph(vec![Run::plain(text::line(line))])
}

/// A paragraph that is a link, if `href` is a URL that a reader can open anywhere; else its texts.
pub(crate) fn link(title: &str, href: &str) -> Block {
    let title = text::line(title);
    Block::Paragraph(match url::encoded(href) {
        Some(url) if title.is_empty() => vec![Run::plain(&url).to(Link::Url(url))],
        Some(url) => vec![Run::plain(title).to(Link::Url(url))],
        None => vec![
            Run::plain(title + ": "),
            Run::code(tinsmith_smithy::text::visible(href)),
        ],
    })
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
