//! Smithy JSON AST texts in, one uniform [`Model`] out.
//!
//! The steps: each text is parsed to drafts of shapes, the drafts are merged and `apply` statements
//! carried out, mixins flattened, Smithy 1.0 upgraded to 2.0, traits typed, and the result validated.
//! Each step goes on after a fault, so that one run reports all of them.

mod bindings;
mod defaults;
mod draft;
mod merge;
mod mixins;
mod parse;
mod prelude;
mod report;
mod upgrade;
mod validate;

use std::collections::BTreeMap;

use crate::ast::Model;
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(crate) use prelude::is_built_in;

/// One JSON AST text, of Smithy 1.0 or 2.0.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The file as the user named it, for diagnostics.
    pub name: &'a str,
    /// What the file holds.
    pub text: &'a str,
}

/// A model without faults.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The model.
    pub model: Model,
    /// What is odd but not wrong, such as properties that Smithy does not know.
    pub warnings: Vec<Diagnostic>,
}

/// Loads and merges models, in the order given (Smithy specification, "Merging model files").
///
/// The same shape may be defined in several sources if the definitions are equal; their traits
/// merge, and `apply` statements add to shapes of any source. In the result, mixins are flattened
/// and gone, Smithy 1.0 is upgraded to 2.0 (strings with named `@enum` entries are enums), enum
/// members have their `enumValue`, an operation's input or output `smithy.api#Unit` is `None`, and
/// the prelude's shapes are present. A prelude in a source is skipped in favor of the built-in one.
///
/// # Errors
///
/// Every fault found, each with the file and, for a fault of the model, the shape's id. Unknown
/// traits are none: they are kept.
pub fn load(sources: &[Source<'_>]) -> Result<Loaded, Diagnostics> {
    let names = sources.iter().map(|source| source.name.to_owned());
    let mut report = report::Report::new(names.collect());
    let documents = sources
        .iter()
        .enumerate()
        .map(|(index, source)| parse::parse(index, source.text, &mut report))
        .collect();
    let merge::Merged {
        metadata,
        mut drafts,
        inherited,
    } = merge::merge(documents, &mut report);
    let unflattened = mixins::flatten(&mut drafts, inherited, &mut report);
    upgrade::upgrade(&mut drafts);
    let drafts = drafts.into_iter();
    let shapes: BTreeMap<_, _> = drafts
        .map(|(id, draft)| {
            let shape = draft.finish(&id, !unflattened.contains(&id), &mut report);
            (id, shape)
        })
        .collect();
    validate::validate(&shapes, &mut report);
    let warnings = report.finish()?;
    let shapes = shapes
        .into_iter()
        .map(|(id, finished)| (id, finished.shape));
    let shapes = shapes.filter(|(_, shape)| !shape.traits.mixin()).collect();
    Ok(Loaded {
        model: Model { metadata, shapes },
        warnings,
    })
}
