//! The whole way: model texts in, file tree out.

use crate::emit::{self, CrateOptions};
use crate::fixups;
use crate::ir::Service;
use crate::lower::{self, Options, Role};
use crate::output::tree::FileTree;
use tinsmith_smithy::ast::Model;
use tinsmith_smithy::diagnostic::{Diagnostic, Diagnostics};
use tinsmith_smithy::load::{self, Source};

/// What came of one model.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The crate's name without `tinsmith-`.
    pub name: String,
    /// The crate's files.
    pub tree: FileTree,
    /// Number of operations.
    pub operations: usize,
    /// Number of shapes of the model that the crate covers.
    pub shapes: usize,
    /// What is odd about the model or was left out, each a line for the user.
    pub notices: Vec<String>,
}

/// A model and what the generator makes of it.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The model, with the generator's own patches.
    pub model: Model,
    /// Its service.
    pub service: Service,
    /// What is odd about the model, each a line for the user.
    pub warnings: Vec<String>,
}

/// Loads `sources`, a model and its overlays, and lowers the service in it.
///
/// # Errors
///
/// Every fault of the model that was found; the first of the sources is named where a fault
/// belongs to no file of its own.
pub fn lower(sources: &[Source<'_>], options: &Options) -> Result<Lowered, Diagnostics> {
    let named = |faults| named(sources, faults);
    let load::Loaded {
        mut model,
        warnings,
    } = load::load(sources)?;
    fixups::apply(&mut model).map_err(named)?;
    let service = lower::lower(&model, Role::Client, options).map_err(named)?;
    Ok(Lowered {
        model,
        service,
        warnings: warnings.iter().map(ToString::to_string).collect(),
    })
}

/// Faults that belong to no file of their own, with the name of the first.
fn named(sources: &[Source<'_>], mut faults: Diagnostics) -> Diagnostics {
    let file = sources.first().map_or("", |source| source.name);
    for fault in faults.0.iter_mut().filter(|fault| fault.file.is_empty()) {
        file.clone_into(&mut fault.file);
    }
    faults
}

/// Makes the crate of the service in `sources`, a model and its overlays.
///
/// # Errors
///
/// As for [`lower()`].
pub fn generate(
    sources: &[Source<'_>],
    options: &Options,
    crate_options: &CrateOptions,
) -> Result<Generated, Diagnostics> {
    let Lowered {
        service, warnings, ..
    } = lower(sources, options)?;
    let tree = emit::emit(&service, crate_options).map_err(|fault| {
        let file = sources.first().map_or("", |source| source.name);
        Diagnostics::from(Diagnostic::file(file, format!("generator: {fault}")))
    })?;
    let mut notices = warnings;
    notices.extend(service.notices);
    Ok(Generated {
        name: service.name,
        tree,
        operations: service.operations.len(),
        shapes: service.shapes,
        notices,
    })
}
