//! `cargo xtask model import`: finds the source, has it imported, writes `model/`.

mod botocore;
mod error;
mod output;
mod sources;

use std::env;
use std::path::{Path, PathBuf};

use lexopt::ValueExt as _;
use tinsmith_codegen::import::{self, Source};

pub(crate) use self::error::Error;
use self::error::failed;
use self::sources::Entry;

/// What `cargo xtask model import --help` prints.
pub(crate) const HELP: &str = "\
Write model/NAME.json, a Smithy model without prose, and its entry in model/sources.toml

Usage: cargo xtask model import NAME [OPTIONS]

Arguments:
  NAME              the model's name, as in model/NAME.json; with botocore also the name of the
                    service there (kms, dynamodb, stepfunctions, ...)

Options:
  --botocore [DIR]  import from the botocore package in DIR, the directory that holds its `data`;
                    python3 is asked for it when DIR is left out. This is the default
  --smithy FILE     import from one of AWS's own Smithy JSON models
  --models DIR      write to DIR instead of model
  -h, --help        print this text
";

/// Where a model comes from.
#[derive(Debug, PartialEq)]
enum Origin {
    /// The botocore package in a directory, or wherever python3 has it.
    Botocore(Option<PathBuf>),
    /// A file of AWS's Smithy JSON.
    Smithy(PathBuf),
}

#[derive(Debug, PartialEq)]
struct Arguments {
    name: String,
    origin: Origin,
    models: PathBuf,
}

/// Imports a model as the arguments after `model import` say.
///
/// # Errors
///
/// Arguments that are not right, a source that is missing or faulty, and a directory that cannot
/// be written. Nothing is written then.
pub(crate) fn run(args: lexopt::Parser) -> Result<(), Error> {
    let Some(arguments) = parse(args)? else {
        print!("{HELP}");
        return Ok(());
    };
    let Arguments {
        name,
        origin,
        models,
    } = &arguments;
    let (import, entry) = match origin {
        Origin::Botocore(package) => botocore::import(name, package.as_deref())?,
        Origin::Smithy(file) => smithy(file)?,
    };
    for note in &import.left_out {
        eprintln!("left out: {note}");
    }
    let source = entry.source.clone();
    let index = models.join("sources.toml");
    let listed = sources::with_entry(&index, name, entry)?;
    let model = models.join(format!("{name}.json"));
    output::write_all(&[(&model, &import::to_text(&import.model)), (&index, &listed)])?;
    println!("{} from {source}", model.display());
    Ok(())
}

/// The arguments; `None` when help is asked for.
fn parse(mut args: lexopt::Parser) -> Result<Option<Arguments>, Error> {
    use lexopt::Arg::{Long, Short, Value};
    let mut name = None;
    let mut origin = None;
    let mut models = default_models();
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
                return Err(Error::Usage(
                    "a model has one source: give --botocore or --smithy once".to_owned(),
                ));
            }
            Long("models") => models = args.value()?.into(),
            Value(value) if name.is_none() => name = Some(plain_name(value.string()?)?),
            other => return Err(other.unexpected().into()),
        }
    }
    let name = name.ok_or_else(|| Error::Usage("the model's NAME is missing".to_owned()))?;
    let origin = origin.unwrap_or(Origin::Botocore(None));
    Ok(Some(Arguments {
        name,
        origin,
        models,
    }))
}

/// The value of an option that may stand alone: what follows it, unless that is another option.
fn optional_directory(args: &mut lexopt::Parser) -> Option<PathBuf> {
    if let Some(value) = args.optional_value() {
        return Some(value.into());
    }
    let mut rest = args.try_raw_args()?;
    rest.next_if(|next| !next.as_encoded_bytes().starts_with(b"-"))
        .map(PathBuf::from)
}

/// The name becomes a file name, a directory and a namespace: letters, digits and dashes do.
fn plain_name(name: String) -> Result<String, Error> {
    let is_plain = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if is_plain {
        Ok(name)
    } else {
        let message = format!(
            "`{name}` is not a model's name: lower-case letters, digits and dashes, a letter first"
        );
        Err(Error::Usage(message))
    }
}

/// `model` of this workspace, wherever in it the command is called; cargo tells where that is.
fn default_models() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let workspace = package.as_deref().and_then(Path::parent);
    workspace.unwrap_or(Path::new("")).join("model")
}

fn smithy(file: &Path) -> Result<(import::Import, Entry), Error> {
    let bytes = std::fs::read(file).map_err(|error| failed(file, error))?;
    let text = error::utf8(file, bytes)?;
    let import = import::from_smithy(Source {
        file: &file.display().to_string(),
        text: &text,
    })?;
    // The directory is this machine's own.
    let source = file.file_name().unwrap_or_default().to_string_lossy();
    let entry = Entry::new(source, &import, &text);
    Ok((import, entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Result<Option<Arguments>, String> {
        let args = args.iter().copied().chain(["--models", "m"]);
        parse(lexopt::Parser::from_args(args)).map_err(|error| error.to_string())
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
            models: "m".into(),
        };
        assert_eq!(arguments(&["kms", "--smithy", "kms-2026.json"]), expected);
    }

    #[test]
    fn wrong_arguments_are_usage_errors() {
        let cases: [(&[&str], &str); 6] = [
            (&[], "NAME is missing"),
            (&["../kms"], "is not a model's name"),
            (&["KMS"], "is not a model's name"),
            (&["kms", "sqs"], "unexpected argument"),
            (&["kms", "--force"], "invalid option"),
            (&["kms", "--smithy", "a", "--botocore"], "one source"),
        ];
        for (args, expected) in cases {
            let message = parsed(args).unwrap_err();
            assert!(
                message.contains(expected) && message.contains("--help"),
                "{args:?}: {message}"
            );
        }
    }

    #[test]
    fn help_needs_no_name() {
        assert_eq!(parsed(&["--help"]), Ok(None));
    }
}
