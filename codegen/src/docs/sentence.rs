//! The first sentence of a text.

/// The first sentence of converted documentation, as one line of Markdown for an index: up to the
/// first full stop, question mark or exclamation mark outside code, links and emphasis, or the
/// first paragraph where there is none. Empty for no lines, and where code comes first.
pub fn first_sentence(lines: &[String]) -> String {
    let mut paragraph = String::new();
    for line in lines {
        let line = line.trim_start_matches(['>', ' ']);
        let new_block = line.is_empty() || line.starts_with("- ");
        // A fence, in a list or quote too: what follows is not Markdown.
        if line.ends_with("```text") || (new_block && !paragraph.is_empty()) {
            break;
        }
        let line = line.trim_start_matches(['#', '-', ' ']);
        let hard_break = line.strip_suffix('\\').filter(|line| !line.ends_with('\\'));
        paragraph.push_str(hard_break.unwrap_or(line));
        paragraph.push(' ');
    }
    let paragraph = paragraph.trim();
    let end = sentence_end(paragraph).unwrap_or(paragraph.len());
    paragraph.get(..end).unwrap_or_default().to_owned()
}

/// Words with a full stop that end no sentence.
const ABBREVIATIONS: [&str; 6] = ["e.g.", "i.e.", "etc.", "vs.", "cf.", "approx."];

/// Where the first sentence ends, behind its last mark.
fn sentence_end(text: &str) -> Option<usize> {
    let mut word = 0;
    let mut brackets = 0_usize;
    let mut emphasis = false;
    let mut skip_to = 0;
    for (at, c) in text.char_indices() {
        if at < skip_to {
            continue;
        }
        skip_to = span_end(text, at, c);
        match c {
            ' ' => word = at + 1,
            '*' => emphasis = !emphasis,
            '[' => brackets += 1,
            ']' => brackets = brackets.saturating_sub(1),
            '.' | '!' | '?' if brackets == 0 && !emphasis => {
                let (sentence, after) = text.split_at_checked(at + 1)?;
                let word = sentence.get(word..).unwrap_or_default();
                let next = after.trim_start().chars().next();
                if (after.is_empty() || after.starts_with(' '))
                    && !next.is_some_and(char::is_lowercase)
                    && !ABBREVIATIONS.contains(&word.trim_start_matches('('))
                {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Where what begins at `at` with `c` ends, if no sentence can end within it: an escape, code, a
/// URL or the marks of emphasis. Zero for any other character.
fn span_end(text: &str, at: usize, c: char) -> usize {
    let (before, rest) = text.split_at_checked(at).unwrap_or_default();
    let run = || rest.len() - rest.trim_start_matches(c).len();
    match c {
        '\\' => at + 2,
        '`' => code_end(text, at + run(), run()),
        '*' => at + run(),
        '<' => at + rest.find('>').unwrap_or_default(),
        '(' if before.ends_with(']') => at + rest.find(')').unwrap_or_default(),
        _ => 0,
    }
}

/// Behind the code span whose text begins at `open`, behind `ticks` backticks; `open` when it does
/// not end.
fn code_end(text: &str, open: usize, ticks: usize) -> usize {
    let mut from = open;
    while let Some(len) = text.get(from..).and_then(|rest| rest.find('`')) {
        let start = from + len;
        let rest = text.get(start..).unwrap_or_default();
        from = start + rest.len() - rest.trim_start_matches('`').len();
        if from - start == ticks {
            return from;
        }
    }
    open
}

#[cfg(test)]
mod tests {
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
            ("An unclosed ` is text. More.", "An unclosed ` is text."),
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
            let lines: Vec<_> = text.lines().map(str::to_owned).collect();
            assert_eq!(first_sentence(&lines), sentence, "from {text}");
        }
    }
}
