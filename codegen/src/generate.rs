//! The whole way: model texts in, file tree out.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::emit::{self, CrateOptions};
use crate::load::{self, Source};
use crate::lower::{self, Options};
use crate::tree::FileTree;

/// What came of one model.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The crate's files.
    pub tree: FileTree,
    /// Number of operations.
    pub operations: usize,
    /// Number of shapes of the model that the crate covers.
    pub shapes: usize,
    /// What is odd about the model or was left out, each a line for the user.
    pub notices: Vec<String>,
}

/// Makes the crate of the one service in `sources`, a model and its overlays.
///
/// # Errors
///
/// Every fault of the model that was found; the first of the sources is named where a fault
/// belongs to no file of its own.
pub fn generate(
    sources: &[Source<'_>],
    options: &Options,
    crate_options: &CrateOptions,
) -> Result<Generated, Diagnostics> {
    let file = sources.first().map_or("", |source| source.name);
    let named = |mut faults: Diagnostics| {
        for fault in faults.0.iter_mut().filter(|fault| fault.file.is_empty()) {
            file.clone_into(&mut fault.file);
        }
        faults
    };
    let loaded = load::load(sources)?;
    let service = lower::lower(&loaded.model, options).map_err(named)?;
    let tree = emit::emit(&service, crate_options).map_err(|fault| {
        Diagnostics::from(Diagnostic::file(file, format!("generator: {fault}")))
    })?;
    let mut notices: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
    notices.extend(service.notices);
    Ok(Generated {
        tree,
        operations: service.operations.len(),
        shapes: service.shapes,
        notices,
    })
}
