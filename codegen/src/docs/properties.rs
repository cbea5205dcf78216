//! Properties of every text.

use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::commonmark::intra_doc;
use super::tests::{convert, resolve};
use super::{first_sentence, parse};
use crate::ir::Block;
use crate::output::rustdoc;

/// Parts of HTML.
const HTML: [&str; 32] = [
    "<p>",
    "</p>",
    "<ul>",
    "</ul>",
    "<li>",
    "</li>",
    "<dl>",
    "<dt>",
    "<dd>",
    "<note>",
    "</note>",
    "<code>",
    "</code>",
    "<a>",
    "</a>",
    "<i>",
    "</i>",
    "<b>",
    "</b>",
    "<br>",
    "<pre>",
    "</pre>",
    "<table>",
    "<td>",
    "<tr>",
    "</table>",
    "<a href=\"https://a.b\">",
    "<!--",
    "-->",
    "<p ",
    "<li",
    "\"",
];

/// Parts that take quadratic time if they are searched for repeatedly.
const HOSTILE: [&str; 12] = [
    "<a \"",
    "<a x=\"",
    "<ul><li>",
    "``a",
    "**a",
    "[a](",
    "![",
    "<p>a",
    "<code>a b</code><i>",
    "https://a.b ",
    "_a",
    "<a>Key</a>",
];

/// Parts of Markdown and of plain text.
const MARKDOWN: [&str; 43] = [
    " ",
    " ",
    "\n",
    "\n",
    "\n\n",
    "    ",
    "\t",
    "a",
    "Key",
    "é_",
    "b c",
    "<region>",
    "<",
    ">",
    "&lt;",
    "&",
    "*",
    "**",
    "_",
    "__",
    "`",
    "``",
    "```",
    "~~~",
    "[",
    "]",
    "(x)",
    "[`Key`]",
    "- ",
    "1. ",
    "# ",
    "> ",
    "|",
    "|-|",
    "---",
    "===",
    "\\",
    "!",
    ":",
    ".",
    "https://a.b/c",
    "(https://a.b)",
    "$",
];

fn html() -> impl Strategy<Value = String> {
    let pieces: Vec<_> = HTML.into_iter().chain(MARKDOWN).collect();
    prop::collection::vec(prop::sample::select(pieces), 0..40).prop_map(|pieces| pieces.concat())
}

/// HTML of whole tags, in any nesting, and the text it holds without white space. Quotes with a
/// label are left out, which add to the text.
fn tags_and_text() -> impl Strategy<Value = (String, String)> {
    let tags = HTML
        .into_iter()
        .filter(|tag| tag.ends_with('>') && !tag.contains("note") && !tag.contains('-'));
    let texts = MARKDOWN
        .into_iter()
        .filter(|text| !text.contains(['<', '>', '&']));
    let pieces: Vec<_> = tags.chain(texts.clone()).chain(texts).collect();
    prop::collection::vec(prop::sample::select(pieces), 0..40).prop_map(|pieces| {
        let text = pieces.iter().filter(|piece| !piece.ends_with('>'));
        let text = text
            .flat_map(|piece| piece.chars())
            .filter(|c| !c.is_whitespace());
        (format!("<p>{}", pieces.concat()), text.collect())
    })
}

fn markdown() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(&MARKDOWN);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

/// Whatever goes in, lines are lines and rustdoc sees neither HTML nor a test.
fn assert_sound(text: &str) -> Result<(), TestCaseError> {
    let docs = parse(text);
    let lines = rustdoc::lines(&docs, &resolve, 24);
    for line in &lines {
        prop_assert!(
            !line.contains(|c: char| c.is_control() || c == '\u{202e}'),
            "{line:?}"
        );
        prop_assert!(line.trim_end() == line, "{line:?}");
    }
    let markdown = lines.join("\n");
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    for event in Parser::new_ext(&markdown, options) {
        let ours = match &event {
            Event::Html(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) => false,
            Event::Start(Tag::CodeBlock(kind)) => *kind == CodeBlockKind::Fenced("text".into()),
            Event::Start(Tag::Strikethrough | Tag::Image { .. } | Tag::HtmlBlock) => false,
            _ => true,
        };
        prop_assert!(ours, "{event:?} in {markdown}");
    }
    let sentence = rustdoc::lines(&[Block::Paragraph(first_sentence(&docs))], &resolve, 24);
    prop_assert!(text_of(&markdown).contains(&text_of(&sentence.join("\n"))));
    Ok(())
}

/// All text of Markdown, without white space.
fn text_of(markdown: &str) -> String {
    let mut text = String::new();
    for event in
        Parser::new_with_broken_link_callback(markdown, Options::ENABLE_TABLES, Some(intra_doc))
    {
        if let Event::Text(t) | Event::Code(t) | Event::Html(t) | Event::InlineHtml(t) = event {
            text.extend(t.chars().filter(|c| !c.is_whitespace()));
        }
    }
    text
}

proptest! {
    #[test]
    fn any_text_is_sound(text in any::<String>()) {
        assert_sound(&text)?;
    }

    #[test]
    fn soup_is_sound(text in html()) {
        assert_sound(&text)?;
    }

    #[test]
    fn html_keeps_its_text((html, text) in tags_and_text()) {
        let markdown = convert(&html, 30);
        prop_assert_eq!(text_of(&markdown), text, "{}", markdown);
    }

    #[test]
    fn commonmark_keeps_its_text(text in markdown()) {
        let markdown = convert(&text, 30);
        prop_assert_eq!(text_of(&markdown), text_of(&text), "{}", markdown);
    }
}

#[test]
fn hostile_texts_take_linear_time() {
    for piece in HTML.into_iter().chain(MARKDOWN).chain(HOSTILE) {
        let text = piece.repeat(100_000 / piece.len());
        let begin = std::time::Instant::now();
        let docs = parse(&format!("<p>{text}"));
        first_sentence(&docs);
        rustdoc::lines(&docs, &resolve, 100);
        rustdoc::lines(&parse(&text), &resolve, 100);
        // Linear is some 20 ms, quadratic is minutes.
        assert!(
            begin.elapsed().as_secs() < 10,
            "{piece}: {:?}",
            begin.elapsed()
        );
    }
}
