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

/// Converts one documentation text to lines of Markdown, without the `///` and without a space
/// before them. No line holds a line break, none ends in a space; no text gives no lines.
///
/// `resolve` maps a name of the model (`DescribeKey`, `KeyListEntry`, `DescribeKey$KeyId`) to what
/// an intra-doc link names it by at the place of the documentation (`Client::describe_key`). It
/// answers `None` for what has no link: an unknown name, or the item that the text belongs to. It
/// should answer the name itself where that is in scope, because rustdoc warns of a link that
/// spells out the target its label has anyway (`rustdoc::redundant_explicit_links`).
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

    use super::*;

    /// `Encrypt` is an operation and `Key` a type in scope.
    fn resolve(name: &str) -> Option<String> {
        match name {
            "Encrypt" => Some("Client::encrypt".to_owned()),
            "Key" | "Key$Id" => Some("Key".to_owned()),
            _ => None,
        }
    }

    fn convert(text: &str, width: usize) -> String {
        to_markdown(text, &resolve, width).join("\n")
    }

    #[track_caller]
    fn check(cases: &[(&str, &str)]) {
        for (text, markdown) in cases {
            assert_eq!(convert(text, 100), *markdown, "from {text}");
        }
    }

    #[test]
    fn blocks_of_html() {
        check(&[
            ("", ""),
            ("<p> </p>", ""),
            (
                "<p>One.</p>\n   <p>Two\n   lines.</p>",
                "One.\n\nTwo lines.",
            ),
            ("Loose <p>one</p> loose", "Loose\n\none\n\nloose"),
            (
                "<fullname>Service</fullname><p>Text.</p>",
                "Service\n\nText.",
            ),
            ("<h3>Head #</h3>Text", "### Head \\#\n\nText"),
            ("<ul><li><p>a</p></li><li>b</li></ul>", "- a\n- b"),
            ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
            ("<ul><li>a<ul><li>b</li></ul></li></ul>", "- a\n  - b"),
            ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b"),
            ("<ul><li><p>a</p><p>b</p></li></ul>", "- a\n\n  b"),
            (
                "<dl><dt>T</dt><dd><p>a</p></dd><dt>U</dt></dl>",
                "- **T**\n\n  a\n\n- **U**",
            ),
            ("<note><p>a</p><p>b</p></note>", "> **Note:** a\n>\n> b"),
            ("<important>a</important>", "> **Important:** a"),
            ("<note></note>a", "a"),
            ("<note><ul><li>a</li></ul></note>", "> **Note:**\n>\n> - a"),
            ("<ul><li><note><p>a</p></note></li></ul>", "- > **Note:** a"),
            (
                "<pre>\n  let x;\n\ty\n</pre>",
                "```text\n  let x;\n    y\n```",
            ),
            (
                "<pre><code>a\n```\n<b>c</b></code></pre>",
                "````text\na\n```\nc\n````",
            ),
            ("a<hr>b", "a\n\n---\n\nb"),
            (
                "<table><tr><th>A</th><th>B</th></tr><tr><td>1|2</td></tr></table>",
                "| A | B |\n| --- | --- |\n| 1\\|2 |  |",
            ),
        ]);
    }

    #[test]
    fn broken_nesting_costs_no_text() {
        check(&[
            ("<p>a<p>b", "a\n\nb"),
            ("<li>a</li></ul></p>b", "- a\n\n  b"),
            ("<ul><li>a<li>b</ul>c", "- a\n- b\n\nc"),
            ("<ul>a<li>b</li></ul>", "- a\n- b"),
            ("<p><b>a</p><p>b</b></p>", "**a**\n\nb"),
            ("<p><b>a <i>b</b> c</i></p>", "**a b** *c*"),
            ("<p>a</b></code></a></note>b</p>", "a\n\nb"),
            ("<dd>a</dd><dt>b", "- a\n- **b**"),
            ("<p>a <code>b", "a `b`"),
        ]);
    }

    #[test]
    fn inline_html() {
        check(&[
            ("<p><b> a </b>b</p>", "**a** b"),
            ("<p><i>a</i><b>b</b></p>", "*a*b"),
            ("<p>a<i>b</i>c <b>d:</b>e</p>", "a*b*c d:e"),
            ("<p><i><i>a</i></i> <i></i>b</p>", "*a* b"),
            ("<p>a<br>b<br/></p>", "a\\\nb"),
            ("<p><code> a  b </code>.</p>", "`a b` ."),
            ("<p><code>a/<i>b</i></code></p>", "`a/b`"),
            ("<p><code>a</code><code>b</code></p>", "`ab`"),
            (
                "<p><code>`</code> <code>a``b</code></p>",
                "`` ` `` ```a``b```",
            ),
            ("<p><code></code><code> </code>a</p>", "a"),
            ("<p><code>&lt;a&gt; \\ * [x]</code></p>", "`<a> \\ * [x]`"),
            ("<p>a<!-- b -->c <!-- d</p>", "ac \\<!-- d"),
        ]);
    }

    #[test]
    fn links() {
        check(&[
            (
                "<p><a href=\"https://a.b/c_d\">x [y]</a></p>",
                "[x \\[y\\]](https://a.b/c_d)",
            ),
            (
                "<p><a href=\" https://a.b/c (d) \"><i>x</i></a></p>",
                "[*x*](https://a.b/c%20%28d%29)",
            ),
            (
                "<p><a href=\"https://a.b/?c=d&amp;e;\">x</a></p>",
                "[x](https://a.b/?c=d&amp;e;)",
            ),
            ("<p><a href='//a.b'>x</a></p>", "[x](https://a.b)"),
            (
                "<p><a href=\"https://a.b\">https://a.b</a></p>",
                "<https://a.b>",
            ),
            ("<p><a href=\"https://a.b\"></a>x</p>", "x"),
            (
                "<p><a href=\"#x\">a</a> <a href=\"javascript:x\">b</a> <a href=\"c.html\">c</a></p>",
                "a b c",
            ),
            (
                "<p>see https://a.b/c. or https://</p>",
                "see <https://a.b/c>. or https://",
            ),
            (
                "<p>a!<a href=\"https://a.b\">b</a>(c)</p>",
                "a\\![b](https://a.b)(c)",
            ),
            (
                "<p><a>Encrypt</a>, <a>Other</a>, <a>two words</a></p>",
                "[`Encrypt`](Client::encrypt), `Other`, two words",
            ),
            (
                "<p><a>Key</a>: <a>Key$Id</a>(x)</p>",
                "[`Key`]\\: [`Key$Id`](Key)(x)",
            ),
            (
                "<p><code>Key</code> <code>Key</code> <code>KEY</code></p>",
                "[`Key`] `Key` `KEY`",
            ),
            (
                "<p>a <a>Key</a> <a>Key</a> <a>Key</a></p><p><a>Key</a></p>",
                "a [`Key`] [`Key`] `Key`\n\n[`Key`]",
            ),
            ("<p><code><a>Key</a>.</code></p>", "[`Key`]`.`"),
        ]);
    }

    #[test]
    fn placeholders_and_characters() {
        check(&[
            (
                "<p>a.<Region>.b <i am one> <c</p>",
                "a.\\<Region>.b \\<i am one> \\<c",
            ),
            (
                "<p><code>arn:<partition>:<x:Y></code></p>",
                "`arn:<partition>:<x:Y>`",
            ),
            ("<p><code>= | <> | < | IN </code></p>", "`= | <> | < | IN`"),
            (
                "<p>a &amp; b &lt;p&gt; &IAM; &amp;lt; a=b&region=c &#1;</p>",
                "a & b \\<p> \\&IAM; \\&lt; a=b&region=c",
            ),
            (
                "<p>_a_ b_c d__e *f* [g] `h` \\i ~j~ --k</p>",
                "\\_a\\_ b_c d\\_\\_e \\*f\\* \\[g\\] \\`h\\` \\\\i \\~j\\~ \\--k",
            ),
            ("<p>a\u{a0}\u{2028}b\u{202e}c\u{200b}d\u{7}</p>", "a bcd"),
            (
                "<p>- a</p><p>+ a</p><p>1. a</p><p>12) a</p><p># a</p>",
                "\\- a\n\n\\+ a\n\n1\\. a\n\n12\\) a\n\n\\# a",
            ),
            (
                "<p>> a</p><p>| a</p><p>=</p><p>:-</p><p>#a</p>",
                "\\> a\n\n\\| a\n\n\\=\n\n\\:-\n\n#a",
            ),
        ]);
    }

    #[test]
    fn lines_are_wrapped_where_it_changes_nothing() {
        let cases = [
            (
                "<p>aaaa bbbb cccc dddd eeee</p>",
                "aaaa bbbb cccc dddd\neeee",
            ),
            (
                "<p>aaaa bbbb cccc dddd - eeee 1. f</p>",
                "aaaa bbbb cccc dddd\n\\- eeee 1. f",
            ),
            (
                "<p>aaaa bbbb cc <code>d e f g h</code></p>",
                "aaaa bbbb cc\n`d e f g h`",
            ),
            (
                "<p>aaaa bbbb <a href=\"https://a.b\">c d e f</a></p>",
                "aaaa bbbb\n[c d e f](https://a.b)",
            ),
            (
                "<p>x <code>aaaa bbbb - cccc dddd # eeee</code></p>",
                "x `aaaa bbbb - cccc\ndddd # eeee`",
            ),
            (
                "<p><code>aaaa bbbb cccc dddd - eeee</code></p>",
                "```text\naaaa bbbb cccc dddd\n- eeee\n```",
            ),
            (
                "<ul><li>aaaa bbbb cccc dddd eeee</li></ul>",
                "- aaaa bbbb cccc dddd\n  eeee",
            ),
            (
                "<p>aaaaaaaaaaaaaaaaaaaaaaaaaaaaa b</p>",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nb",
            ),
        ];
        for (text, markdown) in cases {
            assert_eq!(convert(text, 20), markdown, "from {text}");
        }
    }

    #[test]
    fn commonmark_keeps_its_meaning() {
        check(&[
            ("One `a`\ntwo.\n\nThree.", "One `a` two.\n\nThree."),
            (
                "Calls [`Client::encrypt`] or [it](Client::encrypt).",
                "Calls [`Client::encrypt`] or [it](Client::encrypt).",
            ),
            (
                "See [`Encrypt`] and [`Key`], not [this].",
                "See [`Encrypt`](Client::encrypt) and [`Key`], not \\[this\\].",
            ),
            (
                "[a *b*](https://a.b \"title\"), <https://a.b>, [c](c.html)",
                "[a *b*](https://a.b), <https://a.b>, c",
            ),
            (
                "An @ and a <region> in `<p>`.",
                "An @ and a \\<region> in `<p>`.",
            ),
            ("- a\n- b\n  1. c\n\n> d\n> e", "- a\n- b\n  1. c\n\n> d e"),
            ("3. a\n\n   b\n4. c", "3. a\n\n   b\n\n4. c"),
            (
                "| a | b |\n|:--|---|\n| `c` | d\\|e |",
                "| a | b |\n| :--- | --- |\n| `c` | d\\|e |",
            ),
            ("# A\n\nb\\\nc ![d](e.png)\n\n***", "# A\n\nb\\\nc d\n\n---"),
            ("    panic!()", "```text\npanic!()\n```"),
            (
                "```\npanic!()\n```\n\n```rust\npanic!()\n```",
                "```text\npanic!()\n```\n\n```text\npanic!()\n```",
            ),
            (
                "```json\n{\n    \"a\": 1 }\n```",
                "```json\n{\n    \"a\": 1 }\n```",
            ),
            ("Escaped \\<p> and \\*.", "Escaped \\<p> and \\*."),
        ]);
    }

    /// Pieces that texts are made of, and pieces that break them.
    fn soup() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just(" "),
            Just("\n"),
            Just("\n\n"),
            Just("    "),
            Just("a"),
            Just("Key"),
            Just("é_"),
            Just("<p>"),
            Just("</p>"),
            Just("<ul>"),
            Just("</ul>"),
            Just("<li>"),
            Just("</li>"),
            Just("<dl>"),
            Just("<dt>"),
            Just("<dd>"),
            Just("<note>"),
            Just("</note>"),
            Just("<code>"),
            Just("</code>"),
            Just("<a>"),
            Just("</a>"),
            Just("<i>"),
            Just("</i>"),
            Just("<b>"),
            Just("</b>"),
            Just("<br>"),
            Just("<pre>"),
            Just("</pre>"),
            Just("<table>"),
            Just("<td>"),
            Just("<tr>"),
            Just("</table>"),
            Just("<a href=\"https://a.b\">"),
            Just("<region>"),
            Just("<"),
            Just(">"),
            Just("&lt;"),
            Just("&"),
            Just("*"),
            Just("**"),
            Just("_"),
            Just("`"),
            Just("```"),
            Just("~~~"),
            Just("["),
            Just("]"),
            Just("(x)"),
            Just("[`Key`]"),
            Just("- "),
            Just("1. "),
            Just("# "),
            Just("> "),
            Just("|"),
            Just("|-|"),
            Just("---"),
            Just("==="),
            Just("\\"),
            Just("!"),
            Just(":"),
            Just("\t"),
            Just("https://a.b/c"),
            Just("<!--"),
            Just("-->"),
            Just("."),
            Just("\""),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    /// Whatever goes in, lines are lines and rustdoc sees neither HTML nor a test.
    fn assert_sound(text: &str) -> Result<(), TestCaseError> {
        let lines = to_markdown(text, &resolve, 24);
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
        prop_assert!(!first_sentence(&lines).contains('\n'));
        Ok(())
    }

    /// All text, without white space and without what only Markdown's reader can know: the labels
    /// of quotes.
    fn text_of(markdown: &str) -> String {
        let mut text = String::new();
        let mut unresolved = |link: pulldown_cmark::BrokenLink<'_>| {
            link.reference
                .starts_with('`')
                .then(|| (link.reference.into_string().into(), "".into()))
        };
        for event in Parser::new_with_broken_link_callback(
            markdown,
            Options::ENABLE_TABLES,
            Some(&mut unresolved),
        ) {
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
        fn soup_is_sound(text in soup()) {
            assert_sound(&text)?;
        }

        #[test]
        fn commonmark_keeps_its_text(text in soup()) {
            prop_assume!(!html::is_html(&text));
            let markdown = convert(&text, 30);
            prop_assert_eq!(text_of(&markdown), text_of(&text), "{}", markdown);
        }

        #[test]
        fn what_was_converted_stays_as_it_is(text in soup()) {
            let once = convert(&text, 60);
            prop_assert_eq!(convert(&once, 60), once);
        }
    }

    #[test]
    fn hostile_texts_take_linear_time() {
        let pieces = [
            "<a ",
            "<a \"",
            "<a x=\"",
            "<!--",
            "<b>",
            "<ul>",
            "<ul><li>",
            "<note>",
            "<table>",
            "&",
            "`",
            "``a",
            "*",
            "**a",
            "[",
            "[a](",
            "> ",
            "- ",
            "<a href=\"https://a.b\">",
            "\\",
            "<br>",
            "<td>",
            "a ",
            "<p>a",
            "<code>a b</code><i>",
            "https://a.b ",
            "<li>",
            "_a",
            "![",
            "1. ",
            "<a>Key</a>",
        ];
        for piece in pieces {
            let text = piece.repeat(100_000 / piece.len());
            let begin = std::time::Instant::now();
            let lines = to_markdown(&format!("<p>{text}"), &resolve, 100);
            first_sentence(&lines);
            to_markdown(&text, &resolve, 100);
            // Linear is some 20 ms, quadratic is minutes.
            assert!(
                begin.elapsed().as_secs() < 10,
                "{piece}: {:?}",
                begin.elapsed()
            );
        }
    }
}
