//! The first sentence of a text.

/// The first sentence of converted documentation, as one line of Markdown for an index: up to the
/// first full stop, question mark or exclamation mark outside code, links and emphasis, or the
/// first paragraph where there is none. Empty for no lines.
pub fn first_sentence(lines: &[String]) -> String {
    let mut paragraph = String::new();
    let text = lines.iter().map(|line| line.trim());
    for line in text
        .skip_while(|line| line.is_empty())
        .take_while(|line| !line.is_empty())
    {
        if line.starts_with("```") {
            break;
        }
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        // The mark of a hard break.
        paragraph.push_str(
            line.strip_suffix('\\')
                .filter(|l| !l.ends_with('\\'))
                .unwrap_or(line),
        );
    }
    let paragraph = paragraph.trim_start_matches(['>', '#', ' ']);
    let end = sentence_end(paragraph).unwrap_or(paragraph.len());
    paragraph
        .get(..end)
        .unwrap_or_default()
        .trim_end()
        .to_owned()
}

/// Words with a full stop that end no sentence.
const ABBREVIATIONS: [&str; 6] = ["e.g.", "i.e.", "etc.", "vs.", "cf.", "approx."];

/// Where the first sentence ends, behind its last mark.
fn sentence_end(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    let mut word = 0;
    let mut brackets = 0_usize;
    let mut emphasis = false;
    while let Some((at, c)) = chars.next() {
        let run = |mark: char| {
            text.get(at..)
                .map_or(0, |s| s.len() - s.trim_start_matches(mark).len())
        };
        let skip_to = match c {
            '\\' => Some(at + 2),
            '`' => Some(code_end(text, at, run('`'))),
            '*' => {
                emphasis = !emphasis;
                Some(at + run('*'))
            }
            '<' => text.get(at..).and_then(|s| s.find('>')).map(|len| at + len),
            '(' if text.get(..at).is_some_and(|s| s.ends_with(']')) => {
                text.get(at..).and_then(|s| s.find(')')).map(|len| at + len)
            }
            _ => None,
        };
        match c {
            ' ' => word = at + 1,
            '[' => brackets += 1,
            ']' => brackets = brackets.saturating_sub(1),
            '.' | '!' | '?' if brackets == 0 && !emphasis => {
                let end = at + 1;
                let after = text.get(end..).unwrap_or_default();
                let abbreviation = || {
                    let word = text.get(word..end).unwrap_or_default();
                    ABBREVIATIONS.contains(&word.trim_start_matches('('))
                };
                let next = after.trim_start().chars().next();
                if (after.is_empty() || after.starts_with(' '))
                    && !next.is_some_and(char::is_lowercase)
                    && !abbreviation()
                {
                    return Some(end);
                }
            }
            _ => {}
        }
        while skip_to.is_some_and(|to| chars.next_if(|&(next, _)| next < to).is_some()) {}
    }
    None
}

/// Behind the code span that begins at `at` with `ticks` backticks; behind the backticks when it
/// does not end.
fn code_end(text: &str, at: usize, ticks: usize) -> usize {
    let mut from = at + ticks;
    let open = from;
    while let Some(len) = text.get(from..).and_then(|s| s.find('`')) {
        let start = from + len;
        let rest = text.get(start..).unwrap_or_default();
        from = start + rest.len() - rest.trim_start_matches('`').len();
        if from - start == ticks {
            return from;
        }
    }
    open
}
