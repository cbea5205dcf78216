//! What stands above a method: what it does, what can go wrong, how it is called.

use crate::docs;
use crate::ir::{Docs, ErrorVariant, Operation, OperationError, Service};

use super::example;

/// The longest line, in characters: 100 less the `/// ` and the indentation of a method.
pub(super) const WIDTH: usize = 92;

/// The documentation of an operation's method.
pub(super) fn lines(operation: &Operation, service: &Service) -> Docs {
    let mut lines = operation.docs.clone();
    if lines.is_empty() {
        lines.push(format!("Calls {}.", operation.wire_name));
    }
    heading(&mut lines, "# Errors");
    lines.extend(errors(&operation.error));
    if let Some(example) = &operation.example {
        heading(&mut lines, "# Examples");
        lines.extend(example::operation(operation, example, service));
    }
    lines
}

/// Begins a section.
pub(super) fn heading(lines: &mut Docs, text: &str) {
    lines.extend(["", text, ""].map(str::to_owned));
}

/// A list of the modelled errors.
fn errors(error: &OperationError) -> Docs {
    if error.variants.is_empty() {
        let none = "None of its own; [`Error`](crate::Error) says what any call may meet with.";
        return vec![none.to_owned()];
    }
    let items = error
        .variants
        .iter()
        .map(|variant| variant_text(error, variant));
    items.flat_map(|text| docs::item(&text, WIDTH)).collect()
}

/// Variant, status, whether it is retried, when it occurs.
fn variant_text(error: &OperationError, variant: &ErrorVariant) -> String {
    let name = &variant.variant;
    let retried = if variant.is_retried { ", retried" } else { "" };
    let status = variant.status;
    let link = format!("[`{name}`]({}::{name}) ({status}{retried})", error.name);
    match variant.summary.as_str() {
        "" => link,
        summary => format!("{link}: {summary}"),
    }
}
