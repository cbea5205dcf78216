//! What is wrong with an input, where, and what to do about it.

use std::fmt;

use crate::text;

/// One fault of an input.
///
/// Displays as `file:line:column: shape: message`, leaving out what is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file as the user named it; empty when the fault is in no file.
    pub file: String,
    /// Line and column, both from 1, for faults of the JSON text.
    pub position: Option<(usize, usize)>,
    /// The shape id, with `$member` where a member is meant, for faults of the model.
    pub shape: Option<String>,
    /// What is wrong and, where that is not plain, what to do.
    pub message: String,
}

impl Diagnostic {
    /// A fault of the shape `shape`, an id such as `com.example#City$name`.
    pub fn shape(shape: impl fmt::Display, message: impl Into<String>) -> Self {
        Self {
            file: String::new(),
            position: None,
            shape: Some(shape.to_string()),
            message: message.into(),
        }
    }

    /// A fault of a whole file.
    pub fn file(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            position: None,
            shape: None,
            message: message.into(),
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if !self.file.is_empty() {
            f.write_str(&self.file)?;
            separator = ": ";
        }
        if let Some((line, column)) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        if let Some(shape) = &self.shape {
            write!(f, "{separator}{}", text::visible(shape))?;
            separator = ": ";
        }
        write!(f, "{separator}{}", text::visible(&self.message))
    }
}

/// Every fault found in one run, at least one. Displays one a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, diagnostic) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            diagnostic.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_the_model_begins_no_line() {
        let fault = Diagnostic::shape("a#B\nerror: c", "`x\u{1b}[31m\r\n\u{202e}` is Größe");
        assert_eq!(
            Diagnostics(vec![fault]).to_string(),
            r"a#B\nerror: c: `x\u{1b}[31m\r\n\u{202e}` is Größe"
        );
    }
}
