//! `cargo xtask model diff`: reads and compares two models.

use std::path::{Path, PathBuf};

use lexopt::ValueExt as _;
use tinsmith_codegen::diff::{self, Diff, Names};
use tinsmith_codegen::generate;
use tinsmith_codegen::lower::Options;
use tinsmith_smithy::load::Source;

use crate::arguments::once;
use crate::{Failure, codegen, paths};

/// The output of `cargo xtask model diff --help`.
pub(crate) const HELP: &str = "\
Show the changes between two models and their effect on callers of the generated crate.

Usage: cargo xtask model diff OLD NEW [OPTIONS]

The result is major, minor or patch, by Cargo's rules for the API of the generated code: major
if a caller of the old crate may no longer compile or a name refers to something else, minor
if the API only grows, patch if it does not change. (In 0.x, Cargo treats a change of the second
number as major.)

Arguments:
  OLD, NEW          files with Smithy JSON, or names of models under model/

Options:
  --format FORMAT   text (the default), markdown or json
  --overlay FILE    Smithy `apply` statements for each model that is given as a file; a model
                    given by name uses its own overlay
  --service ID      the service, by shape ID or name, if a model has several
  -h, --help        print this text

Example:
  cargo xtask model diff old/kms.json kms --format markdown
";

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Format {
    #[default]
    Text,
    Markdown,
    Json,
}

#[derive(Debug, PartialEq)]
struct Arguments {
    old: String,
    new: String,
    format: Format,
    overlay: Option<PathBuf>,
    service: Option<String>,
}

/// Runs `model diff`.
///
/// # Errors
///
/// If the arguments are invalid, or a model is missing or invalid.
pub(crate) fn run(parser: lexopt::Parser) -> Result<(), Failure> {
    let Some(arguments) = parse(parser)? else {
        out!("{HELP}");
        return Ok(());
    };
    let overlay = arguments.overlay.as_deref();
    if overlay.is_some()
        && ![&arguments.old, &arguments.new]
            .map(is_file)
            .contains(&true)
    {
        return Err(Failure::Usage(
            "`--overlay` needs a model that is given as a file; a model given by name uses its own overlay"
                .to_owned(),
        ));
    }
    let old = texts(&arguments.old, overlay)?;
    let new = texts(&arguments.new, overlay)?;
    let service = arguments.service.as_deref();
    let diff = compare(&sources(&old), &sources(&new), service).map_err(Failure::Work)?;
    let names = Names {
        old: &arguments.old,
        new: &arguments.new,
    };
    let report = match arguments.format {
        Format::Text => diff.text(names),
        Format::Markdown => diff.markdown(names),
        Format::Json => diff.json(names),
    };
    out!("{report}");
    Ok(())
}

/// Compares a service of two models, each with its overlays.
///
/// # Errors
///
/// If no crate can be generated from a model.
pub(crate) fn compare(
    old: &[Source<'_>],
    new: &[Source<'_>],
    service: Option<&str>,
) -> Result<Diff, String> {
    let lower = |sources: &[Source<'_>]| {
        let options = Options {
            name: Some("diff".to_owned()),
            source: "diff.json".to_owned(),
            operations: None,
            service: service.map(str::to_owned),
        };
        let lowered = generate::lower(sources, &options).map_err(|faults| faults.to_string())?;
        Ok::<_, String>(lowered.service)
    };
    let (old, new) = (lower(old)?, lower(new)?);
    Ok(diff::diff(&old, &new))
}

/// Parses the arguments. Returns `None` if they request help.
fn parse(mut parser: lexopt::Parser) -> Result<Option<Arguments>, Failure> {
    use lexopt::Arg::{Long, Short, Value};
    let mut models = Vec::new();
    let mut format = None;
    let mut overlay = None;
    let mut service = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("format") => {
                let name = parser.value()?.string()?;
                let chosen = match name.as_str() {
                    "text" => Format::Text,
                    "markdown" => Format::Markdown,
                    "json" => Format::Json,
                    _ => {
                        return Err(Failure::Usage(format!(
                            "`{name}` is not a format; expected one of text, markdown, json"
                        )));
                    }
                };
                once(&mut format, "--format", chosen)?;
            }
            Long("overlay") => once(&mut overlay, "--overlay", parser.value()?.into())?,
            Long("service") => once(&mut service, "--service", parser.value()?.string()?)?,
            Value(model) if models.len() < 2 => models.push(model.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let [old, new] = <[String; 2]>::try_from(models)
        .map_err(|_| Failure::Usage("missing arguments OLD and NEW".to_owned()))?;
    Ok(Some(Arguments {
        old,
        new,
        format: format.unwrap_or_default(),
        overlay,
        service,
    }))
}

/// Returns whether a model is given as a file, or as something that can be read like a file.
fn is_file(model: &String) -> bool {
    let path = Path::new(model);
    path.exists() && !path.is_dir()
}

/// Reads the files of a model, which is a file or a name under model/.
fn texts(model: &String, overlay: Option<&Path>) -> Result<Vec<(String, String)>, Failure> {
    if is_file(model) {
        let files: Vec<PathBuf> = std::iter::once(Path::new(model))
            .chain(overlay)
            .map(Path::to_owned)
            .collect();
        return codegen::texts(&files);
    }
    let own = codegen::own_sources(&paths::root()?, model).map_err(|failure| match failure {
        Failure::Work(fault) => Failure::Work(format!("`{model}` is not a file, and {fault}")),
        usage => usage,
    })?;
    codegen::texts(&own)
}

fn sources(texts: &[(String, String)]) -> Vec<Source<'_>> {
    texts
        .iter()
        .map(|(name, text)| Source { name, text })
        .collect()
}
