//! The files of models.

use std::fs;
use std::path::{Path, PathBuf};

use tinsmith_codegen::crate_name;
use tinsmith_codegen::emit::{CrateOptions, Place};
use tinsmith_codegen::generate::{Generated, generate};
use tinsmith_codegen::lower::Options;
use tinsmith_smithy::load::Source;

use super::dependency;
use crate::arguments::hint;
use crate::paths::relative_to_cwd;
use crate::{Failure, disk};

/// Returns the files of the model `name` under model/: the model and, if it exists, its overlay.
///
/// # Errors
///
/// If the model does not exist. The error suggests a similar name.
pub(crate) fn own_sources(root: &Path, name: &str) -> Result<Vec<PathBuf>, Failure> {
    let known = model_names(root)?;
    if !known.iter().any(|known| known == name) {
        // Suggest the model for a file name.
        let stem = Path::new(name).file_stem().unwrap_or_default();
        let hint = hint(&stem.to_string_lossy(), &known);
        return Err(Failure::Work(format!(
            "there is no model `{name}` under model/; {hint}"
        )));
    }
    let file = |ending| relative_to_cwd(root.join("model").join(format!("{name}{ending}")));
    crate_name::check(name)
        .map_err(|fault| disk::failed(&file(".json"), format!("{fault}; rename it")))?;
    let overlay = Some(file(".overlay.json")).filter(|path| path.exists());
    Ok(std::iter::once(file(".json")).chain(overlay).collect())
}

/// Returns the names of the models under model/, sorted. There is at least one.
pub(super) fn model_names(root: &Path) -> Result<Vec<String>, Failure> {
    let folder = root.join("model");
    let entries = fs::read_dir(&folder).map_err(|e| disk::failed(&folder, e))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| Some(name.strip_suffix(".json")?.to_owned()))
        .filter(|name| !name.ends_with(".overlay"))
        .collect();
    if names.is_empty() {
        return Err(Failure::Work(format!(
            "there is no model in {}; `cargo xtask model import NAME` creates one",
            relative_to_cwd(folder).display()
        )));
    }
    names.sort();
    Ok(names)
}

/// Reads files and returns their names and texts.
pub(crate) fn texts(files: &[PathBuf]) -> Result<Vec<(String, String)>, Failure> {
    files
        .iter()
        .map(|path| {
            let name = relative_to_cwd(path.clone()).display().to_string();
            Ok((name, disk::read(path)?))
        })
        .collect()
}

/// Generates a crate from the result of [`texts`].
pub(crate) fn generate_from(
    texts: &[(String, String)],
    options: &Options,
    crate_options: &CrateOptions,
) -> Result<Generated, Failure> {
    let sources: Vec<Source<'_>> = texts
        .iter()
        .map(|(name, text)| Source { name, text })
        .collect();
    generate(&sources, options, crate_options).map_err(Failure::work)
}

/// Generates a crate into `out` as a member of the workspace that contains it, with all operations
/// or the named ones.
pub(crate) fn generate_member(
    root: &Path,
    model: Source<'_>,
    out: &Path,
    name: &str,
    operations: Option<Vec<String>>,
) -> Result<usize, Failure> {
    crate_name::check(name).map_err(Failure::Work)?;
    let options = Options {
        name: Some(name.to_owned()),
        source: format!("{name}.json"),
        operations,
        service: None,
    };
    let crate_options = CrateOptions {
        runtime: dependency::runtime(Some(&root.join("runtime").display().to_string()), out)?,
        place: Place::Member,
    };
    let generated = generate(&[model], &options, &crate_options).map_err(Failure::work)?;
    generated
        .notices
        .iter()
        .for_each(|notice| outln!("notice: {notice}"));
    generated.tree.write(out).map_err(disk::write_error)?;
    Ok(generated.operations)
}
