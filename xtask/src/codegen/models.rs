//! Models as files: those under model/, and others.

use std::fs;
use std::path::{Path, PathBuf};

use tinsmith_codegen::crate_name;
use tinsmith_codegen::emit::{CrateOptions, Place};
use tinsmith_codegen::generate::{Generated, generate};
use tinsmith_codegen::lower::Options;
use tinsmith_smithy::load::Source;

use super::dependency;
use crate::arguments::hint;
use crate::place::near;
use crate::{Failure, disk};

/// The files of the model `name` under model/: itself and, if it is there, its overlay.
///
/// # Errors
///
/// When there is no such model, with the nearest name that is one.
pub(crate) fn own_sources(root: &Path, name: &str) -> Result<Vec<PathBuf>, Failure> {
    let known = model_names(root)?;
    if !known.iter().any(|known| known == name) {
        // Who writes a file's name means its model.
        let stem = Path::new(name).file_stem().unwrap_or_default();
        let hint = hint(&stem.to_string_lossy(), &known);
        return Err(Failure::Work(format!(
            "there is no model `{name}` under model/; {hint}"
        )));
    }
    let file = |ending| near(root.join("model").join(format!("{name}{ending}")));
    crate_name::check(name)
        .map_err(|fault| disk::failed(&file(".json"), format!("{fault}; rename it")))?;
    let overlay = Some(file(".overlay.json")).filter(|path| path.exists());
    Ok(std::iter::once(file(".json")).chain(overlay).collect())
}

/// The names of the models under model/, sorted; at least one.
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
            "there is no model in {}; `cargo xtask model import NAME` makes one",
            near(folder).display()
        )));
    }
    names.sort();
    Ok(names)
}

/// The texts of files, each after the file's name.
pub(crate) fn texts(files: &[PathBuf]) -> Result<Vec<(String, String)>, Failure> {
    files
        .iter()
        .map(|path| {
            let name = near(path.clone()).display().to_string();
            Ok((name, disk::read(path)?))
        })
        .collect()
}

/// Generates from what [`texts`] gave.
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

/// Generates a crate into `out` as a member of a workspace that stands above it; of all operations
/// unless some are named.
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
    generated.tree.write(out).map_err(disk::unwritten)?;
    Ok(generated.operations)
}
