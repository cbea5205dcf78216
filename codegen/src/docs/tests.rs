//! Elements and characters, one by one.

use crate::output::rustdoc;

/// `Encrypt` is an operation and `Key` a type in scope.
pub(super) fn resolve(name: &str) -> Option<String> {
    match name {
        "Encrypt" | "Client::encrypt" => Some("Client::encrypt".to_owned()),
        "Key" | "Key$Id" => Some("Key".to_owned()),
        _ => None,
    }
}

pub(super) fn convert(text: &str, width: usize) -> String {
    rustdoc::lines(&super::parse(text), &resolve, width).join("\n")
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
            "<table><tr><td>a<td><p>b</p><p>c</p><tr><td>d<br>e</table>f",
            "| a | b c |\n| --- | --- |\n| d e |\n\nf",
        ),
        (
            "<table><tr><td>a</td></tr><tr><td>b</td><td>c</td></tr></table>",
            "| a |  |\n| --- | --- |\n| b | c |",
        ),
        (
            "<table><tr><th>A</th><th>B</th></tr><tr><td>1|2</td></tr></table>",
            "| A | B |\n| --- | --- |\n| 1\\|2 |",
        ),
    ]);
}

#[test]
fn broken_nesting_costs_no_text() {
    check(&[
        ("<p>a<p>b", "a\n\nb"),
        ("<li>a</li></ul></p>b", "- a\n\nb"),
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
fn reads_inline_html() {
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
        ("<p>a<!-- b -->c <!-- d</p>", "ac \\<!\\-- d"),
    ]);
}

#[test]
fn resolves_links() {
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
            "<p><code>Key<a href=\"https://a.b\">a</a></code></p>",
            "[`Key`][][`a`](https://a.b)",
        ),
        ("<p><a>Key</a>[0]</p>", "[`Key`][]\\[0\\]"),
        (
            "<p><a href=\"https://a.b\"><code>a]: b</code></a></p>",
            "[a\\]: b](https://a.b)",
        ),
        (
            "<p><i>*</i>a <a href=\"https://a.b\"><i>*</i>a</a></p>",
            "\\*a [\\*a](https://a.b)",
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
            "See [`Other`] of [`Client::other`] and [it](std::fs::read).",
            "See `Other` of `Client::other` and it.",
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
            "```text\n{\n    \"a\": 1 }\n```",
        ),
        ("Escaped \\<p> and \\*.", "Escaped \\<p> and \\*."),
    ]);
}
