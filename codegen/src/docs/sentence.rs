//! The first sentence of a text.

use crate::ir::{Block, Run, Style, Text};

/// The first sentence of documentation: up to the first full stop, question mark or exclamation
/// mark outside code, links and emphasis, or the first paragraph where there is none. It has no line
/// breaks, and is empty where the documentation is or begins with code.
pub fn first_sentence(docs: &[Block]) -> Text {
    let Some(text) = first_text(docs) else {
        return Text::new();
    };
    let whole: String = text.iter().map(|run| run.text.as_str()).collect();
    let mut sentence = Text::new();
    let mut start = 0;
    for run in text {
        let end = start + run.text.len();
        if run.style == Style::default() {
            if let Some(stop) = sentence_end(&whole, start, end) {
                let rest = run.text.get(..stop - start).unwrap_or_default();
                sentence.push(Run::plain(rest.replace('\n', " ")));
                return sentence;
            }
        }
        sentence.push(Run {
            text: run.text.replace('\n', " "),
            style: run.style.clone(),
        });
        start = end;
    }
    sentence
}

fn first_text(docs: &[Block]) -> Option<&Text> {
    match docs.first()? {
        Block::Paragraph(text) | Block::Heading(_, text) => Some(text),
        Block::List { items, .. } => first_text(items.first()?),
        Block::Quote(_, blocks) => first_text(blocks),
        Block::Code(_) | Block::Table(_) | Block::Rule => None,
    }
}

/// Words with a full stop that end no sentence.
const ABBREVIATIONS: [&str; 6] = ["e.g.", "i.e.", "etc.", "vs.", "cf.", "approx."];

/// Where a sentence ends between `start` and `end`, behind its last mark.
fn sentence_end(text: &str, start: usize, end: usize) -> Option<usize> {
    let marks = text.get(start..end)?.match_indices(['.', '!', '?']);
    marks.map(|(at, _)| start + at + 1).find(|&stop| {
        let (sentence, after) = text.split_at_checked(stop).unwrap_or_default();
        if !after.is_empty() && !after.starts_with([' ', '\n']) {
            return false;
        }
        let word = sentence.rsplit([' ', '\n']).next().unwrap_or_default();
        let next = after.trim_start().chars().next();
        !next.is_some_and(char::is_lowercase)
            && !ABBREVIATIONS.contains(&word.trim_start_matches('('))
    })
}

#[cfg(test)]
mod tests {
    use crate::ir::Block;
    use crate::output::rustdoc;

    use super::first_sentence;

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        let cases = [
            ("", ""),
            ("One. Two.", "One."),
            ("One\ntwo. Three.", "One two."),
            ("One\n\ntwo.", "One"),
            ("Is it? Yes!", "Is it?"),
            ("Keys, e.g. RSA keys. More.", "Keys, e.g. RSA keys."),
            ("Version 1.2 of x. More.", "Version 1.2 of x."),
            ("Ends with . lower case. More.", "Ends with . lower case."),
            ("In `a. B` code. More.", "In `a. B` code."),
            ("In ``a`. B`` code. More.", "In ``a`. B`` code."),
            (
                "In [a. B](https://a.b/c) links. More.",
                "In [a. B](https://a.b/c) links.",
            ),
            ("In **a. B** bold. More.", "In **a. B** bold."),
            ("At <https://a.b>. More.", "At <https://a.b>."),
            ("An unclosed ` is text. More.", "An unclosed \\` is text."),
            ("Escaped \\`. More.", "Escaped \\`."),
            ("> **Note:** a\n> b. C.", "**Note:** a b."),
            ("> a\n>\n> b", "a"),
            ("- a\n- b", "a"),
            ("# a\n\nb", "a"),
            ("A line\\\nbreak", "A line break"),
            ("Text\n```text\ncode. More.\n```", "Text"),
            ("```text\n[a](b) <b>\n```\n\nText", ""),
            ("1. ````text\n   [a](b)\n   ````", ""),
            ("> - ```text\n>   <b>\n>   ```", ""),
        ];
        for (text, sentence) in cases {
            let found = Block::Paragraph(first_sentence(&crate::docs::parse(text)));
            let lines = rustdoc::lines(&[found], &|_| None, 100);
            assert_eq!(lines.join("\n"), sentence, "from {text}");
        }
    }
}
