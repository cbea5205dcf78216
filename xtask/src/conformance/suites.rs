//! Generates crates with tests from the protocol models.

use std::path::{Path, PathBuf};

use tinsmith_codegen::emit::{CrateOptions, Place, Runtime};
use tinsmith_codegen::lower::Options;
use tinsmith_codegen::output::tree::FileTree;
use tinsmith_conformance::protocol;
use tinsmith_smithy::load::Source;

use crate::{Failure, codegen, paths};

/// The official models of the supported protocols.
const OFFICIAL: &[&str] = &[
    "awsJson1_0",
    "awsJson1_0-queryCompatible",
    "awsJson1_1",
    "awsJson1_1-machinelearning",
];

/// One model with its tests.
pub(super) struct Suite {
    /// The name of the model, the same for both of its forms.
    pub(super) name: String,
    /// `mixins` or `flat`; empty for a model that has only one form.
    pub(super) form: &'static str,
    /// The folder under target/conformance. The crate is called `tinsmith-FOLDER`.
    pub(super) folder: String,
    /// The crate.
    pub(super) tree: FileTree,
    /// The names of its tests.
    pub(super) tests: Vec<String>,
}

/// Generates all suites: those of the official test data, if any, and the one of the kitchen sink.
pub(super) fn generate(root: &Path, data: Option<&Path>) -> Result<Vec<Suite>, Failure> {
    let mut suites = match data {
        Some(data) => official(&data.join("protocols"))?,
        None => Vec::new(),
    };
    let model = paths::relative_to_cwd(root.join("model/kitchen-sink.json"));
    if model.is_file() {
        let overlay = model.with_extension("overlay.json");
        let overlay = overlay.is_file().then_some(overlay);
        let sources: Vec<PathBuf> = std::iter::once(model).chain(overlay).collect();
        suites.push(suite("kitchen-sink", "", &sources)?);
    }
    let tests: usize = suites.iter().map(|suite| suite.tests.len()).sum();
    errln!("suites: {}, tests: {tests}", suites.len());
    Ok(suites)
}

/// Generates the suites of the official models, each in both forms.
fn official(folder: &Path) -> Result<Vec<Suite>, Failure> {
    let mut suites = Vec::new();
    for name in OFFICIAL {
        for (form, suffix) in [("mixins", ""), ("flat", ".flat")] {
            let model = folder.join(format!("{name}{suffix}.json"));
            suites.push(suite(name, form, &[model])?);
        }
    }
    Ok(suites)
}

fn suite(name: &str, form: &'static str, paths: &[PathBuf]) -> Result<Suite, Failure> {
    let texts = codegen::texts(paths)?;
    let sources: Vec<Source<'_>> = texts
        .iter()
        .map(|(name, text)| Source { name, text })
        .collect();
    let folder = format!("{name}-{form}").to_lowercase().replace('_', "-");
    let folder = folder.trim_end_matches('-').to_owned();
    let file = paths.first().and_then(|path| path.file_name());
    let options = Options {
        name: Some(folder.clone()),
        source: file.unwrap_or_default().to_string_lossy().into_owned(),
        operations: None,
        service: None,
    };
    // The relative path from target/conformance/FOLDER.
    let crate_options = CrateOptions {
        runtime: Runtime::folders("../../../runtime/core", "../../../runtime/client"),
        place: Place::Member,
    };
    let support = "path = \"../../../conformance/support\"";
    let made =
        protocol::generate(&sources, &options, &crate_options, support).map_err(Failure::work)?;
    Ok(Suite {
        name: name.to_owned(),
        form,
        folder,
        tree: made.tree,
        tests: made.tests,
    })
}
