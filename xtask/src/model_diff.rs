//! `cargo xtask model diff`: reads two models and has them compared.

use std::path::{Path, PathBuf};

use lexopt::ValueExt as _;
use tinsmith_codegen::diff::{self, Diff, Names};
use tinsmith_codegen::generate;
use tinsmith_codegen::lower::Options;
use tinsmith_smithy::load::Source;

use crate::arguments::once;
use crate::{Failure, codegen, place};

/// What `cargo xtask model diff --help` prints.
pub(crate) const HELP: &str = "\
Tell what changed between two models, and what that means for callers of the generated crate.

Usage: cargo xtask model diff OLD NEW [OPTIONS]

The verdict is major, minor or patch, by Cargo's rules for the API of the generated code: major
where a caller of the old crate may no longer compile or a name stands for something else, minor
where the API only grows, patch where it stays. (In 0.x, Cargo takes a change of the second number
for a major one.)

Arguments:
  OLD, NEW          files with Smithy JSON, or names of models under model/

Options:
  --format FORMAT   text (the default), markdown or json
  --overlay FILE    Smithy `apply` statements on top of each model that is given as a file; one
                    that is given by name has its own
  --service ID      the service, by its shape's id or name, where a model has several
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
/// Arguments that are not right, and models that are missing or faulty.
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
            "--overlay goes with a model that is given as a file; a named one has its own"
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
/// The faults of a model that no crate can be made of.
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

/// `None` when help is asked for.
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
                            "`{name}` is no format: there are text, markdown and json"
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
    let [old, new] = <[String; 2]>::try_from(models).map_err(|_| {
        Failure::Usage("two models are needed: `cargo xtask model diff OLD NEW`".to_owned())
    })?;
    Ok(Some(Arguments {
        old,
        new,
        format: format.unwrap_or_default(),
        overlay,
        service,
    }))
}

/// Whether a model is given as a file, or as what can be read like one.
fn is_file(model: &String) -> bool {
    let path = Path::new(model);
    path.exists() && !path.is_dir()
}

/// The files of a model, which is a file or a name under model/, and their texts.
fn texts(model: &String, overlay: Option<&Path>) -> Result<Vec<(String, String)>, Failure> {
    if is_file(model) {
        let files: Vec<PathBuf> = std::iter::once(Path::new(model))
            .chain(overlay)
            .map(Path::to_owned)
            .collect();
        return codegen::texts(&files);
    }
    let own = codegen::own_sources(&place::root()?, model).map_err(|failure| match failure {
        Failure::Work(fault) => Failure::Work(format!("`{model}` is no file, and {fault}")),
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
