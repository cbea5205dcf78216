//! The runs of a text while it is read.

use std::borrow::Cow;

use tinsmith_smithy::text::{clean, is_clean};

use crate::ir::{Run, Style, Text};

/// Appends text, folding white space across the runs. At `split` a new run begins.
pub(super) fn push(text: &mut Text, new: &str, style: &Style, split: Option<usize>) {
    let mut space = text
        .last()
        .is_none_or(|run| run.text.ends_with([' ', '\n']));
    let new = if is_clean(new) && !new.contains("  ") {
        Cow::Borrowed(new.strip_prefix(' ').filter(|_| space).unwrap_or(new))
    } else {
        let folded = new.chars().filter_map(clean).filter(|&c| {
            let again = c == ' ' && space;
            space = c == ' ';
            !again
        });
        Cow::Owned(folded.collect())
    };
    let length = text.len();
    match text.last_mut() {
        _ if new.is_empty() => {}
        Some(last) if last.style == *style && split != Some(length) => last.text.push_str(&new),
        _ => text.push(Run {
            text: new.into_owned(),
            style: style.clone(),
        }),
    }
}

/// Removes spaces and line breaks at the end.
pub(super) fn trim_end(text: &mut Text) {
    while let Some(last) = text.last_mut() {
        last.text
            .truncate(last.text.trim_end_matches([' ', '\n']).len());
        if !last.text.is_empty() {
            break;
        }
        text.pop();
    }
}
