//! Where the steps of loading put what they find wrong.

use std::fmt::Display;

use crate::diagnostic::{Diagnostic, Diagnostics};

/// The number of a source in the list given to `load`; `None` represents Smithy's prelude.
pub(super) type SourceIndex = Option<usize>;

/// Errors and warnings, in the order they were found.
pub(super) struct Report {
    names: Vec<String>,
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

impl Report {
    /// A report over sources of these names.
    pub(super) fn new(names: Vec<String>) -> Self {
        Self {
            names,
            errors: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The source's name as the user gave it.
    pub(super) fn name(&self, source: SourceIndex) -> &str {
        match source {
            Some(index) => self.names.get(index).map_or("", String::as_str),
            None => "Smithy's prelude",
        }
    }

    /// Adds a fault that is complete already.
    pub(super) fn push(&mut self, error: Diagnostic) {
        self.errors.push(error);
    }

    /// Adds a fault of a shape or member.
    pub(super) fn error(
        &mut self,
        source: SourceIndex,
        shape: impl Display,
        message: impl Into<String>,
    ) {
        let diagnostic = self.of_shape(source, shape, message.into());
        self.errors.push(diagnostic);
    }

    /// Adds a fault of a file as a whole.
    pub(super) fn file_error(&mut self, source: SourceIndex, message: impl Into<String>) {
        let diagnostic = Diagnostic::file(self.name(source), message);
        self.errors.push(diagnostic);
    }

    /// Adds a warning about a shape or member.
    pub(super) fn warning(
        &mut self,
        source: SourceIndex,
        shape: impl Display,
        message: impl Into<String>,
    ) {
        let diagnostic = self.of_shape(source, shape, message.into());
        self.warnings.push(diagnostic);
    }

    /// Adds a warning about a file as a whole.
    pub(super) fn file_warning(&mut self, source: SourceIndex, message: impl Into<String>) {
        let diagnostic = Diagnostic::file(self.name(source), message);
        self.warnings.push(diagnostic);
    }

    /// The warnings when there is no error, else every error.
    pub(super) fn finish(self) -> Result<Vec<Diagnostic>, Diagnostics> {
        if self.errors.is_empty() {
            Ok(self.warnings)
        } else {
            Err(Diagnostics(self.errors))
        }
    }

    fn of_shape(&self, source: SourceIndex, shape: impl Display, message: String) -> Diagnostic {
        Diagnostic {
            file: self.name(source).to_owned(),
            ..Diagnostic::shape(shape, message)
        }
    }
}
