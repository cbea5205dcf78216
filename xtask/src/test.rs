//! `cargo xtask test`: runs all tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::arguments::once;
use crate::suites::{self, Skipped};
use crate::{Failure, conformance, interop, paths};

const HELP: &str = "\
Run all tests: those of the workspace and the official suites, and check that the generated code is
up to date.

Usage: cargo xtask test [--shared DIR]

Options:
  --shared DIR  The directory that contains `models`, `conformance` and `field-cases` (default:
                $TINSMITH_SHARED, or ../shared next to this workspace). Tests of missing suites are
                skipped and counted at the end; if TINSMITH_REQUIRE_SUITES is set, they fail

Example:
  cargo xtask test
";

/// Runs the command.
pub(crate) fn run(mut parser: lexopt::Parser) -> Result<(), Failure> {
    let mut shared = None;
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Short('h') | lexopt::Arg::Long("help") => {
                out!("{HELP}");
                return Ok(());
            }
            lexopt::Arg::Long("shared") => {
                once(&mut shared, "--shared", PathBuf::from(parser.value()?))?;
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let root = paths::root()?;
    let mut skipped = Skipped::default();
    let shared = find_shared(&root, shared)?;
    let suites = Suites::find(shared.as_deref(), &mut skipped)?;
    step("checking that the generated code is up to date");
    cargo(&root, &["xtask", "codegen", "--check"], &[])?;
    let mut variables = vec![("INSTA_UPDATE", "no".to_owned())];
    if let Some(shared) = &shared {
        variables.push(("TINSMITH_SHARED", shared.display().to_string()));
    }
    let not_run = suites::list_path(&root)?;
    let list = not_run.display().to_string();
    variables.push((tinsmith_testing::NOT_RUN_LIST, list));
    let python = match interop::prepare(&root)? {
        interop::Outcome::Ran { python } => Some(python),
        interop::Outcome::Skipped { reason } => {
            skipped.add(reason)?;
            None
        }
    };
    if let Some(python) = &python {
        variables.push(("TINSMITH_PYTHON", python.display().to_string()));
    }
    step("running the workspace's tests");
    let tests = ["test", "--workspace", "--all-features"];
    cargo(&root, &tests, &variables)?;
    step("testing the runtime without its default features");
    let bare = ["--no-default-features", "--features", "test-util"];
    let packages = [
        "test",
        "--package",
        "tinsmith-client",
        "--package",
        "tinsmith-core",
    ];
    cargo(&root, &[&packages, &bare[..]].concat(), &variables)?;
    if let Some(python) = &python {
        interop::services(&root, python)?;
    }
    step("running Smithy's protocol and endpoint tests");
    conformance::check(&root, suites.official.as_deref(), python.as_deref())?;
    if let Some(models) = suites.models {
        conformance::check_models(&root, &models)?;
    }
    if let Some(models) = suites.field_cases {
        conformance::check_field_cases(&root, &models)?;
    }
    conformance::check_links(&root)?;
    skipped.add_tests(&not_run)?;
    skipped.print();
    Ok(())
}

/// The suites in the shared directory.
struct Suites {
    official: Option<PathBuf>,
    models: Option<PathBuf>,
    field_cases: Option<PathBuf>,
}

impl Suites {
    fn find(shared: Option<&Path>, skipped: &mut Skipped) -> Result<Self, Failure> {
        let mut find = |what, folder: &str| {
            let path = shared.map(|shared| shared.join(folder));
            let path = path.filter(|path| path.is_dir());
            if path.is_none() {
                let advice = "set its directory with --shared DIR";
                skipped.add(format!("{what}: no `{folder}`; {advice}"))?;
            }
            Ok::<_, Failure>(path)
        };
        Ok(Self {
            official: find("the official suites", "conformance")?,
            models: find("the models of services", "models")?,
            field_cases: find("the field cases", "field-cases/models")?,
        })
    }
}

/// Returns the directory of the official suites and models, if it exists.
fn find_shared(root: &Path, given: Option<PathBuf>) -> Result<Option<PathBuf>, Failure> {
    let named = given.or_else(|| std::env::var_os("TINSMITH_SHARED").map(PathBuf::from));
    let is_there = |path: &PathBuf| path.join("conformance").is_dir();
    match named {
        Some(path) if is_there(&path) => {
            Ok(Some(std::path::absolute(path).map_err(Failure::work)?))
        }
        Some(path) => Err(Failure::Work(format!(
            "{}: no folder `conformance` in it; use the directory that contains the official suites",
            path.display()
        ))),
        None => {
            let beside = root.join("..").join("shared");
            if is_there(&beside) {
                return Ok(Some(std::fs::canonicalize(beside).map_err(Failure::work)?));
            }
            Ok(None)
        }
    }
}

/// Prints the current step.
pub(crate) fn step(what: &str) {
    outln!("== {what}");
}

/// Runs cargo in `folder` and shows its output.
pub(crate) fn cargo(
    folder: &Path,
    arguments: &[&str],
    variables: &[(&str, String)],
) -> Result<(), Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let variables = variables.iter().map(|(name, value)| (name, value));
    let status = Command::new(cargo)
        .args(arguments)
        .envs(variables)
        .current_dir(folder)
        .status()
        .map_err(|e| Failure::Work(format!("cannot start cargo: {e}")))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::Work(format!(
        "`cargo {}` failed: see above",
        arguments.join(" ")
    )))
}
