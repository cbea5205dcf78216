//! `cargo xtask conformance`: runs the official tests against generated clients, and checks crates
//! of other models.

mod endpoints;
mod expected;
mod field_cases;
mod links;
mod models;
mod report;
mod runner;
mod suites;
mod verdicts;

use std::path::{Path, PathBuf};

use crate::arguments::once;
use crate::paths::root;
use crate::suites::{missing, shared};
use crate::{Failure, disk};

pub(crate) use field_cases::check as check_field_cases;
pub(crate) use links::of_generated as check_links;
pub(crate) use models::{check as check_models, workspace};

const HELP: &str = "\
Run Smithy's tests of protocols and endpoint rules against the clients that are generated from the
same models.

Usage: cargo xtask conformance [DIR]
       cargo xtask conformance --models DIR
       cargo xtask conformance --field-cases DIR

DIR contains the official test data: protocols/awsJson1_0.json and other protocols, each also as
.flat.json without mixins, and endpoints/. The default is $TINSMITH_SHARED/conformance, or
../shared/conformance next to the workspace. If it does not exist, only the project's own tests run.

With --models, DIR contains Smithy models of services. A crate is generated for each under
target/models. The table shows its operations, the number of endpoint tests that pass, the time of
the generator, and the result of clippy. rustdoc must pass without warnings.

With --field-cases, DIR contains small models, each with one unusual construct. For each,
conformance/field-cases.txt lists whether a crate is generated under target/field-cases, which
clippy and rustdoc must accept without warnings, or whether the model is rejected.

The clients and their tests are built under target/conformance. Expected failures are listed
in conformance/expected-failures.txt; a listed test that passes fails the run.

Example:
  cargo xtask conformance ../shared/conformance
  cargo xtask conformance --models ../shared/models
  cargo xtask conformance --field-cases ../shared/field-cases/models
";

/// Runs the command.
pub(crate) fn run(mut parser: lexopt::Parser) -> Result<(), Failure> {
    use lexopt::Arg::{Long, Short, Value};
    let mut given = None;
    let mut models = None;
    let mut field_cases = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => {
                out!("{HELP}");
                return Ok(());
            }
            Long("models") => once(&mut models, "--models", PathBuf::from(parser.value()?))?,
            Long("field-cases") => once(
                &mut field_cases,
                "--field-cases",
                PathBuf::from(parser.value()?),
            )?,
            Value(path) if given.is_none() => given = Some(PathBuf::from(path)),
            other => return Err(other.unexpected().into()),
        }
    }
    let root = root()?;
    match (given.is_some(), models, field_cases) {
        (_, None, None) => {}
        (false, Some(folder), None) => return models::check(&root, &folder),
        (false, None, Some(folder)) => return field_cases::check(&root, &folder),
        _ => {
            return Err(Failure::Usage(
                "give only one of DIR, `--models DIR` and `--field-cases DIR`".to_owned(),
            ));
        }
    }
    let data = data(&root, given)?;
    let python = std::env::var_os("TINSMITH_PYTHON").filter(|python| !python.is_empty());
    check(&root, data.as_deref(), python.as_ref().map(Path::new))
}

/// Runs the tests of the official models in `data`, if any, and our own. `python` has botocore,
/// whose endpoint rules are compared; the default is `python3`.
pub(crate) fn check(
    root: &Path,
    data: Option<&Path>,
    python: Option<&Path>,
) -> Result<(), Failure> {
    let expected = expected::List::read(&root.join("conformance/expected-failures.txt"))?;
    let suites = suites::generate(root, data)?;
    let folder = root.join("target/conformance");
    for suite in &suites {
        let place = folder.join(&suite.folder);
        suite.tree.write(&place).map_err(disk::write_error)?;
    }
    let members: Vec<String> = suites.iter().map(|suite| suite.folder.clone()).collect();
    workspace(root, &folder, &members)?;
    let programs = runner::build(&folder)?;
    let mut reports = Vec::new();
    for suite in suites {
        let outcomes = runner::run(&suite, &programs)?;
        reports.push(report::Report::of(suite, &outcomes, &expected));
    }
    report::print(&reports, &expected)?;
    endpoints::check(
        root,
        data,
        python.unwrap_or(Path::new("python3")),
        &expected,
    )
}

/// Returns the directory of the official test data, or prints a note and returns `None`.
fn data(root: &Path, given: Option<PathBuf>) -> Result<Option<PathBuf>, Failure> {
    if let Some(dir) = given {
        disk::directory(&dir)?;
        if dir.join("protocols").is_dir() {
            return Ok(Some(dir));
        }
        let advice = "no folder `protocols` in it; use the directory of the official suites, \
                      or models of services with --models DIR";
        return Err(disk::failed(&dir, advice));
    }
    let dir = shared(root).join("conformance");
    if dir.join("protocols").is_dir() {
        return Ok(Some(dir));
    }
    let reason = "the official suites: give DIR, or set TINSMITH_SHARED to the directory that \
                  holds conformance/";
    missing(reason)?;
    errln!("not run: {reason}");
    Ok(None)
}
