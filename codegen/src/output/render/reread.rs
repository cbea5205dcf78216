//! Rendered text read again: its comments are those that were emitted, and nothing else is.
//!
//! Documentation is the one thing that the formatter prints as it is, so it is the way on which a
//! text of a model could become code: a line that left its comment would be missing here. This costs
//! a hundredth of the generator's time, so it is done in every run; lexing all of the text and
//! comparing every token costs a third of it, and is done in tests by [`emit::verify`](crate::emit::verify).

use super::DOC_LINE_END;

/// Comments, a line each, in their order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Comments(String);

impl Comments {
    /// Adds lines that are comments.
    pub(super) fn add_lines(&mut self, text: &str) {
        text.lines().for_each(|line| self.push("", line));
    }

    /// Adds the comments that an attribute becomes, if it is documentation.
    pub(super) fn add_documentation(&mut self, attribute: &syn::Attribute) {
        let syn::Meta::NameValue(meta) = &attribute.meta else {
            return;
        };
        let syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) = &meta.value
        else {
            return;
        };
        if meta.path.is_ident("doc") {
            let text = text.value();
            text.split(DOC_LINE_END)
                .for_each(|line| self.push("///", line));
        }
    }

    pub(super) fn append(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }

    fn push(&mut self, marker: &str, line: &str) {
        self.0.push_str(marker);
        self.0.push_str(line);
        self.0.truncate(self.0.trim_end_matches(' ').len());
        self.0.push('\n');
    }

    /// Compares with the comments of `text`.
    ///
    /// # Errors
    ///
    /// The first that differs: a fault of the generator.
    pub(super) fn check(&self, text: &str) -> Result<(), String> {
        let mut expected = self.0.lines();
        let mut rest = text;
        loop {
            let found = next_comment(rest)?;
            let comment = found.map(|(comment, _)| comment.trim_end_matches(' '));
            let expected = expected.next();
            if comment != expected {
                return Err(format!(
                    "its text has the comment {comment:?} where {expected:?} was emitted"
                ));
            }
            match found {
                Some((_, behind)) => rest = behind,
                None => return Ok(()),
            }
        }
    }
}

/// The first comment of formatted code, to the end of its line, and what is behind it.
///
/// # Errors
///
/// When there is a comment of another kind, or a literal does not end.
fn next_comment(text: &str) -> Result<Option<(&str, &str)>, String> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(skipped) = position(bytes, at, |byte| matches!(byte, b'/' | b'"' | b'\'')) {
        at += skipped;
        at += match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b'/'), Some(b'/')) => {
                let comment = text.get(at..).unwrap_or_default();
                return Ok(Some(comment.split_once('\n').unwrap_or((comment, ""))));
            }
            (Some(b'/'), Some(b'*')) => return Err("its text has a block comment".to_owned()),
            (Some(b'"'), _) => string(bytes, at)?,
            (Some(b'\''), _) => character(text, at),
            _ => 1,
        };
    }
    Ok(None)
}

fn position(bytes: &[u8], from: usize, is: impl Fn(u8) -> bool) -> Option<usize> {
    bytes.get(from..)?.iter().position(|&byte| is(byte))
}

/// The length of the string that begins at `start`. Emitted strings are not raw.
fn string(bytes: &[u8], start: usize) -> Result<usize, String> {
    let mut at = start + 1;
    while let Some(skipped) = position(bytes, at, |byte| matches!(byte, b'"' | b'\\')) {
        at += skipped;
        if bytes.get(at) == Some(&b'"') {
            return Ok(at + 1 - start);
        }
        at += 2;
    }
    Err("its text has a string without an end".to_owned())
}

/// The length of the character that begins at `start`, or 1 for the mark of a lifetime.
fn character(text: &str, start: usize) -> usize {
    let mut chars = text.get(start..).unwrap_or_default().char_indices().skip(1);
    let is_escape = chars.next().is_some_and(|(_, first)| first == '\\');
    let end = match is_escape {
        true => chars.skip(1).find(|&(_, c)| c == '\''),
        false => chars.next().filter(|&(_, c)| c == '\''),
    };
    end.map_or(1, |(end, _)| end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comments(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut rest = text;
        while let Some((comment, behind)) = next_comment(rest).unwrap() {
            found.push(comment.to_owned());
            rest = behind;
        }
        found
    }

    #[test]
    fn finds_comments_beside_literals() {
        for code in [
            r#""//""#,
            r#""\"//""#,
            r#""\\""#,
            "'\"'",
            "'/'",
            "'\\''",
            "'\\\\'",
            "'ä'",
            "&'a str",
            "x / y",
            "b\"//\"",
            "'\\u{2f}'",
            "['\\\\','\"']",
            "f::<'a,'b>('\\n')",
        ] {
            let text = format!("a({code}); // 1\n{code} /// 2\n");
            assert_eq!(comments(&text), ["// 1", "/// 2"], "{code}");
        }
        assert!(next_comment("a /* b */").is_err());
        assert!(next_comment("\"a\\\"").is_err());
    }

    #[test]
    fn a_text_that_leaves_its_comment_is_noticed() {
        let mut emitted = Comments::default();
        emitted.add_lines("// header\n//! Docs.\n");
        emitted.add_documentation(&syn::parse_quote!(#[doc = " One\u{1f}\u{1f} two \" /* "]));
        emitted.add_documentation(&syn::parse_quote!(#[deprecated = "x"]));
        let fine = "// header\n//! Docs.\n\n/// One\n///\n/// two \" /*\npub fn f() {}\n";
        assert_eq!(emitted.check(fine), Ok(()));
        for (from, to) in [
            ("/// two", "two"),
            ("/// two", "/// tow"),
            ("/// One\n", ""),
            ("// header\n", "// header\n//! More.\n"),
            ("/// One\n///\n/// two", "/** One\n\n two*/ /// two"),
            ("pub", "/// More.\npub"),
        ] {
            let text = fine.replacen(from, to, 1);
            assert_ne!(text, fine, "{from}");
            assert!(emitted.check(&text).is_err(), "{text}");
        }
    }
}
