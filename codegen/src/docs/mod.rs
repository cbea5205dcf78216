//! Documentation of a model to the lines of a rustdoc comment.
//!
//! `smithy.api#documentation` is CommonMark, and CommonMark may hold HTML. AWS's models are HTML
//! through and through; documentation of our own is plain CommonMark. Both are read into the same
//! tree of blocks and written from there, so that what rustdoc sees is always Markdown of ours:
//! escaped, wrapped, without HTML and without code that rustdoc would take for a test.

mod block;
mod commonmark;
mod html;
mod inline;
mod render;
mod sentence;

pub use sentence::first_sentence;

use crate::text;

/// Converts one documentation text to lines of Markdown, without the `///` and without a space
/// before them. No line holds a line break, none ends in a space; no text gives no lines.
///
/// `resolve` maps a name of the model (`DescribeKey`, `KeyListEntry`, `DescribeKey$KeyId`), or a path
/// that the text links to (`Client::describe_key`), to what an intra-doc link names it by at the place
/// of the documentation. It returns `None` for what has no link: an unknown name, or the item that the
/// text belongs to. The name itself, where it is in scope, makes the shortest link.
///
/// `width` is the greatest length of a line in characters. Links, tables and single words that are
/// longer stay whole.
pub fn to_markdown(
    text: &str,
    resolve: &dyn Fn(&str) -> Option<String>,
    width: usize,
) -> Vec<String> {
    let blocks = if html::is_html(text) {
        html::parse(text)
    } else {
        commonmark::parse(text)
    };
    render::lines(&blocks, resolve, width)
}

/// A list item of one paragraph: `text` is Markdown in one line, such as a first sentence.
pub fn item(text: &str, width: usize) -> Vec<String> {
    render::item(text, width)
}

/// A paragraph of Markdown in one line, wrapped.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    render::wrapped(text, width)
}

/// Text in one line, as Markdown that shows it.
pub(crate) fn escaped(text: &str) -> String {
    render::escaped(text)
}

/// A link in one line, if `href` is a URL that a reader can open anywhere; else its texts.
pub(crate) fn link(title: &str, href: &str) -> String {
    match inline::url(href) {
        Some(url) => render::link(&text::line(title), &url),
        None => format!("{}: {}", text::markdown(title), text::code(href)),
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
