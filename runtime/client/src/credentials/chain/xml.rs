//! A minimal XML reader for responses of STS: returns the text of an element by name.

use std::borrow::Cow;

use crate::sensitive::Sensitive;

/// Returns the raw text between the tags of the first element `name`, or `None` if there is no such
/// element or it has no end.
pub(super) fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = xml;
    loop {
        rest = rest.split_once('<')?.1;
        let Some(after) = rest.strip_prefix(name) else {
            continue;
        };
        // A longer name is a different element.
        if !after.starts_with(['>', '/', ' ', '\t', '\r', '\n']) {
            continue;
        }
        let (tag, content) = after.split_once('>')?;
        if tag.ends_with('/') {
            return Some("");
        }
        return Some(content.split_once(&format!("</{name}"))?.0);
    }
}

/// Returns the text of the first element `name`, with references replaced, or `None` if there is
/// none, or it is not text.
pub(super) fn text<'a>(xml: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let content = element(xml, name)?.trim();
    if content.contains('<') {
        return None;
    }
    if !content.contains('&') {
        return Some(Cow::Borrowed(content));
    }
    // A reference is never shorter than its character, so this is never reallocated.
    let mut output = Sensitive::new(String::with_capacity(content.len()));
    let mut parts = content.split('&');
    output.push_str(parts.next()?);
    for part in parts {
        let (reference, after) = part.split_once(';')?;
        output.push(character(reference)?);
        output.push_str(after);
    }
    Some(Cow::Owned(output.into_inner()))
}

fn character(reference: &str) -> Option<char> {
    let number = match reference {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        _ => reference.strip_prefix('#')?,
    };
    let code = match number.strip_prefix('x') {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_text_of_an_element() {
        let xml = "<a x='1'><KeyId>no</KeyId><Key >\n a&amp;&#x41;&#66;&lt; </Key\n></a>";
        assert_eq!(text(xml, "Key").as_deref(), Some("a&AB<"));
        assert_eq!(text(xml, "KeyId").as_deref(), Some("no"));
        assert_eq!(text("<a/><a>1</a>", "a").as_deref(), Some(""));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(xml in r"(</?a ?/?>|&#?x?[0-9a-f]{0,7};?|\PC){0,12}") {
            let _ = text(&xml, "a");
        }
    }

    #[test]
    fn garbage_is_nothing() {
        let garbage = [
            "",
            "<",
            "<a",
            "<a>",
            "<a>&;</a>",
            "<a>&amp</a>",
            "<a>&nbsp;</a>",
            "<a><b/></a>",
            "<a>&#x110000;</a>",
            "<b>1</b>",
            "</a>",
            "<ab>1</ab>",
            "<a>é",
        ];
        for xml in garbage {
            assert_eq!(text(xml, "a"), None, "{xml}");
        }
    }
}
