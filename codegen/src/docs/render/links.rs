//! Which pieces of a paragraph become links.

use std::rc::Rc;

use super::Renderer;
use crate::docs::inline::{Inline, Piece, Style, Target};

/// Links to one target that a text may hold when the author asks for them. A page that names an
/// operation in every sentence is easier to read with fewer.
const MOST_LINKS: u32 = 2;

impl Renderer<'_> {
    /// The pieces with every link's target found: a URL or a path of Rust, or no link at all.
    pub(super) fn linked_pieces(&mut self, inline: &Inline) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::with_capacity(inline.pieces.len());
        let same_link = |a: &Piece, b: &Piece| a.style.link == b.style.link;
        for chunk in inline.pieces.chunk_by(same_link) {
            let alone = chunk.len() == inline.pieces.len();
            match chunk.first().and_then(|piece| piece.style.link.clone()) {
                None => pieces.extend(chunk.iter().map(|piece| self.code_name(piece))),
                Some(link) => {
                    let (target, code) = self.target(&link, chunk, alone);
                    pieces.extend(chunk.iter().cloned().map(|mut piece| {
                        piece.style.link.clone_from(&target);
                        piece.style.code |= code;
                        piece
                    }));
                }
            }
        }
        join_code(pieces)
    }

    /// Where a link leads, and whether its text is set as code.
    fn target(
        &mut self,
        link: &Rc<Target>,
        chunk: &[Piece],
        alone: bool,
    ) -> (Option<Rc<Target>>, bool) {
        match link.as_ref() {
            Target::Url(_) => (Some(Rc::clone(link)), false),
            Target::Path(path) => {
                // What the crate leaves out is not there to lead to.
                let Some(path) = (self.resolve)(path) else {
                    return (None, false);
                };
                *self.linked.entry(path.clone()).or_default() += 1;
                (Some(Rc::new(Target::Path(path))), false)
            }
            Target::Text(_) => {
                let name: String = chunk.iter().map(|piece| piece.text.as_str()).collect();
                let name = name.trim();
                // A list of operations at the end of a page keeps its links.
                let most = if alone { u32::MAX } else { MOST_LINKS };
                (self.link_to(name, most), is_name(name))
            }
        }
    }

    /// Code that is the name of a type or an operation: a link the first time.
    fn code_name(&mut self, piece: &Piece) -> Piece {
        let mut piece = piece.clone();
        let name = piece.text.trim();
        let capitals = name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.contains(|c: char| c.is_ascii_lowercase());
        if piece.style.code && capitals {
            piece.style.link = self.link_to(name, 1);
        }
        piece
    }

    /// A link to what `name` means, if it means something and fewer than `most` lead there.
    fn link_to(&mut self, name: &str, most: u32) -> Option<Rc<Target>> {
        let path = is_name(name).then(|| (self.resolve)(name))??;
        let links = self.linked.entry(path.clone()).or_default();
        if *links >= most {
            return None;
        }
        *links += 1;
        Some(Rc::new(Target::Path(path)))
    }
}

/// Whether a text can be a name of the model, such as `DescribeKey` or `DescribeKey$KeyId`.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$'))
}

/// Makes one code span of neighbours: two with nothing between them would be read as one that is
/// cut by other backticks.
fn join_code(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match joined.last_mut() {
            Some(last)
                if last.style.code && piece.style.code && last.style.link == piece.style.link =>
            {
                if last.style.weight != piece.style.weight {
                    last.style = Style {
                        weight: Default::default(),
                        ..piece.style
                    };
                }
                last.text.push_str(&piece.text);
            }
            Some(last) if last.style == piece.style => last.text.push_str(&piece.text),
            _ => joined.push(piece),
        }
    }
    joined
}
