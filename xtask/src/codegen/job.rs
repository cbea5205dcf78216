//! The crates to generate, from the arguments.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use tinsmith_codegen::crate_name;
use tinsmith_codegen::emit::{CrateOptions, Place, Runtime};
use tinsmith_codegen::generate::Generated;
use tinsmith_codegen::lower::Options;
use tinsmith_codegen::output::tree;

use super::models::{generate_from, model_names, own_sources, texts};
use super::{Arguments, dependency};
use crate::paths::{relative_to_cwd, resolved, root};
use crate::{Failure, companions, disk};

/// A crate to generate.
pub(super) struct Job {
    pub(super) options: Options,
    /// The model and its overlays.
    sources: Vec<PathBuf>,
    pub(super) out: PathBuf,
    crate_options: CrateOptions,
    /// The arguments to repeat this job.
    pub(super) arguments: Vec<String>,
}

impl Job {
    /// Returns whether `--name` can set the crate's name. Models of this repository determine
    /// theirs.
    pub(super) fn takes_name(&self) -> bool {
        self.crate_options.place != Place::Workspace
    }

    pub(super) fn generate(&self) -> Result<Generated, Failure> {
        let texts = texts(&self.sources)?;
        let mut generated = generate_from(&texts, &self.options, &self.crate_options)?;
        // Crates of this workspace share its license and settings.
        if self.crate_options.place != Place::Workspace {
            companions::add_missing(&mut generated.tree, &self.out);
        }
        Ok(generated)
    }
}

/// Returns the jobs for the arguments.
pub(super) fn jobs(arguments: Arguments) -> Result<Vec<Job>, Failure> {
    if arguments.model.is_some() || arguments.out.is_some() {
        return Ok(vec![other_model(arguments)?]);
    }
    let own = [
        ("--overlay", arguments.overlay.is_some()),
        ("--name", arguments.name.is_some()),
        ("--operations", arguments.operations.is_some()),
        ("--runtime", arguments.runtime.is_some()),
        ("--service", arguments.service.is_some()),
    ];
    if let Some((option, _)) = own.iter().find(|(_, given)| *given) {
        return Err(Failure::Usage(format!(
            "`{option}` needs `--model FILE` and `--out DIR`"
        )));
    }
    let root = root()?;
    let names = if arguments.names.is_empty() {
        model_names(&root)?
    } else {
        arguments.names
    };
    if let Some(file) = names.iter().find(|name| name.ends_with(".json")) {
        return Err(Failure::Usage(format!(
            "`{file}` is not the name of a model; to generate from a file, use `--model FILE --out DIR`"
        )));
    }
    names
        .into_iter()
        .map(|name| own_model(&root, name))
        .collect()
}

/// A model under model/.
fn own_model(root: &Path, name: String) -> Result<Job, Failure> {
    Ok(Job {
        sources: own_sources(root, &name)?,
        out: relative_to_cwd(root.join("generated").join(&name)),
        crate_options: CrateOptions {
            runtime: Runtime::folders("../../runtime/core", "../../runtime/client"),
            place: Place::Workspace,
        },
        arguments: vec![name.clone()],
        options: Options {
            source: format!("model/{name}.json"),
            name: Some(name),
            operations: None,
            service: None,
        },
    })
}

fn other_model(arguments: Arguments) -> Result<Job, Failure> {
    let repeat = repeated(&arguments);
    let (Some(model), Some(out)) = (arguments.model, arguments.out) else {
        return Err(Failure::Usage(
            "`--model FILE` and `--out DIR` must be given together".to_owned(),
        ));
    };
    if let Some(name) = arguments.names.first() {
        return Err(Failure::Usage(format!(
            "unexpected argument `{name}`; use `--name` to set the crate's name"
        )));
    }
    if out.as_os_str().is_empty() {
        return Err(Failure::Usage("`--out` must not be empty".to_owned()));
    }
    disk::ensure_dir(&out)?;
    if let Some(name) = &arguments.name {
        crate_name::check(name)
            .map_err(|fault| Failure::Usage(format!("{fault}; pass another `--name`")))?;
    }
    let crate_options = CrateOptions {
        runtime: dependency::runtime(arguments.runtime.as_deref(), &out)?,
        place: place_of(&out),
    };
    // Reading `gone/../crate` fails, while writing would create `gone` first.
    let out = match out.exists() {
        true => out,
        false => relative_to_cwd(resolved(&out).map_err(|e| disk::failed(&out, e))?),
    };
    let text = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    // An existing crate keeps the name of its model's file, which was the default in older
    // versions.
    let stem = text(model.file_stem());
    let is_there = tree::crate_in(&out).is_some_and(|there| there == format!("tinsmith-{stem}"));
    Ok(Job {
        crate_options,
        out,
        arguments: repeat,
        options: Options {
            source: text(model.file_name()),
            name: arguments.name.or(is_there.then_some(stem)),
            operations: arguments.operations,
            service: arguments.service,
        },
        sources: std::iter::once(model).chain(arguments.overlay).collect(),
    })
}

/// Returns the arguments to repeat a job.
fn repeated(arguments: &Arguments) -> Vec<String> {
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
    let operations = arguments.operations.as_ref();
    let options = [
        ("--model", path(&arguments.model)),
        ("--overlay", path(&arguments.overlay)),
        ("--service", arguments.service.clone()),
        ("--out", path(&arguments.out)),
        ("--name", arguments.name.clone()),
        ("--operations", operations.map(|names| names.join(","))),
        ("--runtime", arguments.runtime.clone()),
    ];
    let given = options.into_iter();
    let given = given.filter_map(|(option, value)| Some([option.to_owned(), value?]));
    given.flatten().collect()
}

/// Returns how a crate in `out` relates to workspaces. Inside this workspace it must be a separate
/// workspace, or Cargo reports it as a missing member. Elsewhere it may become a member of the
/// user's workspace.
fn place_of(out: &Path) -> Place {
    let root = root().and_then(|root| resolved(&root).map_err(Failure::work));
    let is_within = root.is_ok_and(|root| resolved(out).is_ok_and(|out| out.starts_with(root)));
    if is_within {
        Place::Alone
    } else {
        Place::Member
    }
}
