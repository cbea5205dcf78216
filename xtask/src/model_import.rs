//! `cargo xtask model import`: finds and imports the source, and writes `model/`.

mod botocore;
mod output;
mod sources;

use std::path::{Path, PathBuf};

use lexopt::ValueExt as _;
use tinsmith_codegen::crate_name;
use tinsmith_codegen::diff::Names;
use tinsmith_smithy::import;
use tinsmith_smithy::load::Source;

pub(crate) use self::botocore::package_of;
use self::sources::Entry;
use crate::arguments::once;
use crate::{Failure, disk, model_diff, paths};

/// The output of `cargo xtask model import --help`.
pub(crate) const HELP: &str = "\
Import a model: write model/NAME.json, a Smithy model without documentation, and its entry in
model/sources.toml. If the file exists, show the changes like `cargo xtask model diff`.

Usage: cargo xtask model import NAME [OPTIONS]

Arguments:
  NAME              the name of the model, as in model/NAME.json; for botocore also the name of the
                    service in botocore (kms, dynamodb, stepfunctions, ...)

Options:
  --botocore [DIR]  import from the botocore package in DIR, the directory that contains `data`
                    (default: the botocore of python3)
  --smithy FILE     import from one of AWS's Smithy JSON models
  --models DIR      write to DIR instead of model
  --allow-older     accept an older botocore or an older version of the API than the current one

Examples:
  cargo xtask model import sqs
  cargo xtask model import sqs --smithy path/to/sqs.json
";

/// The source of a model.
#[derive(Debug, PartialEq)]
enum Origin {
    /// The botocore package in a directory, or the one of python3.
    Botocore(Option<PathBuf>),
    /// A Smithy JSON file of AWS.
    Smithy(PathBuf),
}

#[derive(Debug, PartialEq)]
struct Arguments {
    name: String,
    origin: Origin,
    /// The directory to write to; `None` for `model` of this workspace.
    models: Option<PathBuf>,
    /// Whether the source may be older than the previous one.
    allow_older: bool,
}

/// Runs `model import`: writes a model and its entry in the index.
///
/// # Errors
///
/// If the arguments are invalid, the source is missing or invalid, or the directory cannot be
/// written. In these cases nothing is written.
pub(crate) fn run(args: lexopt::Parser) -> Result<(), Failure> {
    let Some(Arguments {
        name,
        origin,
        models,
        allow_older,
    }) = parse(args)?
    else {
        out!("{HELP}");
        return Ok(());
    };
    let models = match models {
        // A misspelled directory would hide the model.
        Some(models) => disk::directory(&models).map(|()| models)?,
        None => paths::relative_to_cwd(paths::root()?.join("model")),
    };
    disk::ensure_dir(&models)?;
    let (import, entry) = match origin {
        Origin::Botocore(package) => botocore::import(&name, package.as_deref())?,
        Origin::Smithy(file) => smithy(&file)?,
    };
    for note in &import.left_out {
        errln!("left out: {note}");
    }
    let source = entry.source.clone();
    let index = models.join("sources.toml");
    let listed = sources::with_entry(&index, &name, entry, allow_older)?;
    let model = models.join(format!("{name}.json"));
    let text = import::to_text(&import.model);
    let replaced = disk::regular(&model).ok();
    output::write_all(&[(&model, &text), (&index, &listed)])?;
    outln!("{} from {source}", model.display());
    if let Some(replaced) = replaced {
        print_changes(&model, &replaced, &text);
    }
    Ok(())
}

/// Imports a service from the botocore in `package` without writing files.
pub(crate) fn from_botocore(name: &str, package: &Path) -> Result<import::Import, Failure> {
    let (import, _) = botocore::import(name, Some(package))?;
    Ok(import)
}

/// Prints the changes of the import. The import is complete, so a model that cannot be generated is
/// not an error.
fn print_changes(model: &Path, old: &str, new: &str) {
    let file = model.file_name().unwrap_or_default().to_string_lossy();
    let (old_name, new_name) = (format!("{file}, replaced"), format!("{file}, imported"));
    let source = |name, text| [Source { name, text }];
    match model_diff::compare(&source(&old_name, old), &source(&new_name, new), None) {
        Ok(diff) => {
            let names = Names {
                old: &old_name,
                new: &new_name,
            };
            out!("{}", diff.text(names));
        }
        Err(fault) => errln!("notice: cannot compare the two models: {fault}"),
    }
}

/// Parses the arguments. Returns `None` if they request help.
fn parse(mut args: lexopt::Parser) -> Result<Option<Arguments>, Failure> {
    use lexopt::Arg::{Long, Short, Value};
    let mut name = None;
    let mut origin = None;
    let mut models = None;
    let mut allow_older = false;
    while let Some(arg) = args.next()? {
        match arg {
            Short('h') | Long("help") => return Ok(None),
            Long("botocore") if origin.is_none() => {
                origin = Some(Origin::Botocore(optional_directory(&mut args)));
            }
            Long("smithy") if origin.is_none() => {
                origin = Some(Origin::Smithy(args.value()?.into()));
            }
            Long("botocore" | "smithy") => {
                return Err(Failure::Usage(
                    "a model has one source; give `--botocore` or `--smithy` once".to_owned(),
                ));
            }
            Long("models") => once(&mut models, "--models", args.value()?.into())?,
            Long("allow-older") => allow_older = true,
            Value(value) if name.is_none() => name = Some(plain_name(value.string()?)?),
            other => return Err(other.unexpected().into()),
        }
    }
    let name = name.ok_or_else(|| Failure::Usage("missing argument NAME".to_owned()))?;
    let origin = origin.unwrap_or(Origin::Botocore(None));
    Ok(Some(Arguments {
        name,
        origin,
        models,
        allow_older,
    }))
}

/// Returns the optional value of an option: the next argument, unless that is another option.
fn optional_directory(args: &mut lexopt::Parser) -> Option<PathBuf> {
    if let Some(value) = args.optional_value() {
        return Some(value.into());
    }
    let mut rest = args.try_raw_args()?;
    rest.next_if(|next| !next.as_encoded_bytes().starts_with(b"-"))
        .map(PathBuf::from)
}

/// Checks a name, which becomes a file name, a directory and a namespace.
fn plain_name(name: String) -> Result<String, Failure> {
    let is_plain = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if is_plain {
        crate_name::check(&name).map_err(Failure::Usage)?;
        Ok(name)
    } else {
        let message = format!(
            "`{name}` is not a model name; use lower-case letters, digits and dashes, starting with a letter"
        );
        Err(Failure::Usage(message))
    }
}

fn smithy(file: &Path) -> Result<(import::Import, Entry), Failure> {
    let text = disk::read(file)?;
    let import = import::from_smithy(Source {
        name: &file.display().to_string(),
        text: &text,
    })
    .map_err(Failure::work)?;
    // The directory exists only on this machine.
    let source = file.file_name().unwrap_or_default().to_string_lossy();
    let entry = Entry::new(source, &import, &text);
    Ok((import, entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Result<Option<Arguments>, String> {
        match parse(lexopt::Parser::from_args(args)) {
            Ok(arguments) => Ok(arguments),
            Err(Failure::Usage(message)) => Err(message),
            Err(Failure::Work(message)) => panic!("{message}"),
        }
    }

    fn arguments(args: &[&str]) -> Arguments {
        parsed(args).unwrap().unwrap()
    }

    #[test]
    fn the_directory_of_botocore_may_be_left_out() {
        let package = |args: &[&str]| match arguments(args).origin {
            Origin::Botocore(package) => package,
            Origin::Smithy(file) => panic!("{file:?}"),
        };
        assert_eq!(package(&["kms"]), None);
        assert_eq!(package(&["kms", "--botocore"]), None);
        assert_eq!(package(&["--botocore", "dir", "kms"]), Some("dir".into()));
        assert_eq!(package(&["--botocore=dir", "kms"]), Some("dir".into()));
    }

    #[test]
    fn smithy_takes_a_file() {
        let expected = Arguments {
            name: "kms".to_owned(),
            origin: Origin::Smithy("kms-2026.json".into()),
            models: None,
            allow_older: false,
        };
        assert_eq!(arguments(&["kms", "--smithy", "kms-2026.json"]), expected);
    }

    #[test]
    fn wrong_arguments_are_usage_errors() {
        let long = "n".repeat(56);
        let cases: [(&[&str], &str); 9] = [
            (&[], "missing argument NAME"),
            (&["core"], "one of Tinsmith's own packages"),
            (&["con"], "cannot be the name of a file on Windows"),
            (&[&long], "more than 64 characters"),
            (&["../kms"], "is not a model name"),
            (&["KMS"], "is not a model name"),
            (&["kms", "sqs"], "unexpected argument"),
            (&["kms", "--force"], "invalid option"),
            (&["kms", "--smithy", "a", "--botocore"], "one source"),
        ];
        for (args, expected) in cases {
            let message = parsed(args).unwrap_err();
            assert!(message.contains(expected), "{args:?}: {message}");
        }
    }

    #[test]
    fn help_needs_no_name() {
        assert_eq!(parsed(&["--help"]), Ok(None));
    }
}
