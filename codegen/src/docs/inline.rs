//! The text of one paragraph: pieces of one style each, white space folded, characters that have
//! no place in source text removed.

use std::rc::Rc;

use tinsmith_smithy::text::clean;

/// Stands for a hard line break. [`clean`] keeps control characters out of every text.
pub(super) const BREAK: char = '\u{1}';

/// Stands for a space at which a line must not be broken.
pub(super) const GLUE: char = '\u{2}';

/// A paragraph, a heading or the cell of a table.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Inline {
    pub(super) pieces: Vec<Piece>,
}

/// A run of text in one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) style: Style,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) code: bool,
    pub(super) weight: Weight,
    pub(super) link: Option<Rc<Target>>,
}

/// Emphasis. It does not nest: strong wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    #[default]
    Plain,
    Emphasis,
    Strong,
}

/// Where a link leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A URL, encoded for a Markdown link destination.
    Url(String),
    /// A path of Rust or a name of the model, as an intra-doc link has it.
    Path(String),
    /// To what the link's text names in the model. The number keeps neighbours apart.
    Text(usize),
}

impl Inline {
    /// Appends text, folding white space across the pieces.
    pub(super) fn push(&mut self, text: &str, style: &Style) {
        let mut space = self.ends_in_space();
        if is_clean(text) {
            return self.push_clean(
                text.strip_prefix(' ').filter(|_| space).unwrap_or(text),
                style,
            );
        }
        let mut chars = text.chars().filter_map(clean).filter(|&c| {
            let folded = c == ' ' && space;
            space = c == ' ';
            !folded
        });
        match self.pieces.last_mut() {
            Some(last) if last.style == *style => last.text.extend(chars),
            _ => {
                if let Some(first) = chars.next() {
                    let mut text = String::from(first);
                    text.extend(chars);
                    let style = style.clone();
                    self.pieces.push(Piece { text, style });
                }
            }
        }
    }

    fn push_clean(&mut self, text: &str, style: &Style) {
        match self.pieces.last_mut() {
            Some(last) if last.style == *style => last.text.push_str(text),
            _ if text.is_empty() => {}
            _ => self.pieces.push(Piece {
                text: text.to_owned(),
                style: style.clone(),
            }),
        }
    }

    /// Appends a hard line break, unless the text stands at the start of a line.
    pub(super) fn push_break(&mut self) {
        self.trim_end();
        if !self.ends_in_space() {
            self.pieces.push(Piece {
                text: BREAK.to_string(),
                style: Style::default(),
            });
        }
    }

    /// Appends another text after a space.
    pub(super) fn append(&mut self, other: Inline) {
        self.push(" ", &Style::default());
        for piece in other.pieces {
            self.push(&piece.text, &piece.style);
        }
    }

    /// Whether a space now would be the first thing on a line, or a second one.
    fn ends_in_space(&self) -> bool {
        self.pieces
            .last()
            .is_none_or(|piece| piece.text.ends_with([' ', BREAK]))
    }

    fn trim_end(&mut self) {
        while let Some(last) = self.pieces.last_mut() {
            last.text
                .truncate(last.text.trim_end_matches([' ', BREAK]).len());
            if !last.text.is_empty() {
                break;
            }
            self.pieces.pop();
        }
    }

    /// Without spaces and breaks at the end; there are none at the start.
    pub(super) fn trimmed(mut self) -> Self {
        self.trim_end();
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

/// Whether nothing of the text is to be folded or cleaned, as of most.
fn is_clean(text: &str) -> bool {
    let is_plain = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
    text.bytes().all(is_plain) && !text.contains("  ")
}

/// The destination for a Markdown link, if `href` is a URL that a reader can open anywhere:
/// `http`, `https` or `mailto`. Characters that would end the destination are percent-encoded.
pub(super) fn url(href: &str) -> Option<String> {
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

/// Whether text that begins with `&` would be read as a character reference, known or not. The
/// longest name has 31 letters.
pub(super) fn is_entity(text: &str) -> bool {
    let name = text.strip_prefix('&').unwrap_or(text);
    let name = name.strip_prefix('#').unwrap_or(name);
    let len = name
        .bytes()
        .take(32)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    len > 0 && name.as_bytes().get(len) == Some(&b';')
}
