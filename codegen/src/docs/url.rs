//! URLs as the destinations of links.

use tinsmith_smithy::text::clean;

use crate::text::is_entity;

/// The destination for a Markdown link, if `href` is a URL that a reader can open anywhere:
/// `http`, `https` or `mailto`. Characters that would end the destination are percent-encoded.
pub(super) fn encoded(href: &str) -> Option<String> {
    let href = href.trim();
    let scheme = href
        .split_once(':')
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    let mut url = match scheme.as_deref() {
        Some("http" | "https" | "mailto") => String::new(),
        _ if href.starts_with("//") => "https:".to_owned(),
        _ => return None,
    };
    for (at, c) in href.char_indices() {
        match clean(c) {
            Some(
                c @ (' ' | '<' | '>' | '(' | ')' | '[' | ']' | '\\' | '^' | '`' | '{' | '|' | '}'
                | '"'),
            ) => {
                url.push_str(&format!("%{:02X}", u32::from(c)));
            }
            Some('&') if is_entity(href.get(at..).unwrap_or_default()) => url.push_str("&amp;"),
            Some(c) => url.push(c),
            None => {}
        }
    }
    // A scheme with nothing behind it leads nowhere.
    url.split_once(':')
        .is_some_and(|(_, rest)| !rest.trim_matches('/').is_empty())
        .then_some(url)
}
