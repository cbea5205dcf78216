//! `cargo xtask conformance --models DIR`: generates and checks a crate from each model of a
//! directory.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use tinsmith_conformance::endpoint::{Suite, of_model};
use tinsmith_smithy::load::{Source, load};

use super::endpoints::{self, Outcome};
use super::expected;
use super::links;
use crate::table::print_table;
use crate::test::{cargo, step};
use crate::{Failure, codegen, disk};

/// The results of one model.
struct Row {
    name: String,
    /// The number of operations and the time of the generator.
    generated: Result<(usize, Duration), String>,
    suites: Vec<Suite>,
    /// Whether clippy passed without warnings, and its time.
    checked: Option<(bool, Duration)>,
}

/// Generates a crate from each model in `folder` into target/models, runs the model's endpoint
/// tests, and runs clippy and rustdoc with warnings denied. Prints a row for each model.
pub(crate) fn check(root: &Path, folder: &Path) -> Result<(), Failure> {
    disk::directory(folder)?;
    let expected = expected::List::read(&root.join("conformance/expected-failures.txt"))?;
    let files = model_files(folder)?;
    if files.is_empty() {
        let advice = "no models in it; expected files that end in .json";
        return Err(disk::failed(folder, advice));
    }
    let out = root.join("target").join("models");
    step("generating crates from the models");
    let mut rows: Vec<Row> = files
        .iter()
        .map(|file| generate(root, file, &out))
        .collect();
    let members: Vec<String> = rows
        .iter()
        .filter(|row| row.generated.is_ok())
        .map(|row| row.name.clone())
        .collect();
    workspace(root, &out, &members)?;
    step("running the models' endpoint tests");
    let suites: Vec<Suite> = rows.iter().flat_map(|row| row.suites.clone()).collect();
    let outcomes = endpoints::run(
        root,
        &root.join("target/conformance/endpoints"),
        &suites,
        &expected,
    )?;
    step("running clippy on the crates");
    for row in rows.iter_mut().filter(|row| row.generated.is_ok()) {
        row.checked = Some(clippy(&out, &row.name)?);
    }
    let documented = document(&out, &members);
    report(&rows, &outcomes)?;
    documented
}

/// Returns the JSON files of a directory, sorted.
pub(crate) fn model_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let at = |e| Failure::Work(format!("{}: {e}", folder.display()));
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        let extension = path.extension();
        if extension.is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn generate(root: &Path, file: &Path, out: &Path) -> Row {
    let name = file
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let work = || {
        let path = file.display().to_string();
        let text = disk::read(file).map_err(|failure| failure.to_string())?;
        let begun = Instant::now();
        let source = Source {
            name: &path,
            text: &text,
        };
        let operations = codegen::generate_member(root, source, &out.join(&name), &name, None)
            .map_err(|failure| failure.to_string())?;
        let generated = (operations, begun.elapsed());
        let model = load(&[source]).map_err(|faults| faults.to_string())?.model;
        Ok((generated, of_model(&name, &model)?))
    };
    let (generated, suites) = match work() {
        Ok((generated, suites)) => (Ok(generated), suites),
        Err(fault) => (Err(fault), Vec::new()),
    };
    Row {
        name,
        generated,
        suites,
        checked: None,
    }
}

/// Runs clippy on one crate. Its dependencies are built before, so that the time is that of the
/// crate.
fn clippy(out: &Path, name: &str) -> Result<(bool, Duration), Failure> {
    let package = format!("tinsmith-{name}");
    let runtime = ["clippy", "--quiet", "--package", "tinsmith-client"];
    cargo(out, &runtime, &[])?;
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let begun = Instant::now();
    let status = Command::new(program)
        .args([
            "clippy",
            "--quiet",
            "--package",
            &package,
            "--",
            "--deny",
            "warnings",
        ])
        .current_dir(out)
        .status()
        .map_err(|e| Failure::Work(format!("cannot start cargo: {e}")))?;
    Ok((status.success(), begun.elapsed()))
}

fn document(out: &Path, members: &[String]) -> Result<(), Failure> {
    step("running rustdoc on the crates");
    let deny = [("RUSTDOCFLAGS", "--deny warnings".to_owned())];
    cargo(out, &["doc", "--quiet", "--workspace", "--no-deps"], &deny)?;
    links::check(&out.join("target/doc"), members)
}

/// Prints the failures and the table.
fn report(rows: &[Row], outcomes: &BTreeMap<String, Outcome>) -> Result<(), Failure> {
    let mut faults = 0;
    let mut table = Vec::new();
    for row in rows {
        let found = row
            .suites
            .iter()
            .filter_map(|suite| outcomes.get(&suite.module));
        let mut sum = Outcome::default();
        for outcome in found {
            sum.passed += outcome.passed;
            sum.listed += outcome.listed;
            sum.failures.extend(outcome.failures.iter().cloned());
        }
        for failure in &sum.failures {
            outln!("{}: {failure}", row.name);
        }
        let all = sum.passed + sum.listed + sum.failures.len();
        let (operations, took) = match &row.generated {
            Ok((operations, took)) => (operations.to_string(), format!("{} ms", took.as_millis())),
            Err(fault) => {
                outln!("{}: {fault}", row.name);
                ("none".to_owned(), "failed".to_owned())
            }
        };
        let checked = match row.checked {
            Some((true, took)) => format!("clean, {:.1} s", took.as_secs_f64()),
            Some((false, _)) => "warnings".to_owned(),
            None => "not run".to_owned(),
        };
        let is_clean = matches!(row.checked, Some((true, _)));
        faults += usize::from(!(sum.failures.is_empty() && is_clean && row.generated.is_ok()));
        let tests = match sum.listed {
            0 => format!("{} of {all}", sum.passed),
            listed => format!("{} of {all}, {listed} listed", sum.passed),
        };
        table.push(vec![row.name.clone(), operations, tests, took, checked]);
    }
    print_table(
        &[
            "model",
            "operations",
            "endpoint tests",
            "generated",
            "checked",
        ],
        &table,
    );
    match faults {
        0 => Ok(()),
        1 => Err(Failure::Work("1 model failed".to_owned())),
        many => Err(Failure::Work(format!("{many} models failed"))),
    }
}

/// Writes a workspace for all crates with the lock file of this workspace, so that the same
/// versions are used.
pub(crate) fn workspace(root: &Path, out: &Path, members: &[String]) -> Result<(), Failure> {
    let list: Vec<String> = members.iter().map(|name| format!("{name:?}")).collect();
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n",
        list.join(", ")
    );
    let write = |name: &str, text: &[u8]| {
        let path = out.join(name);
        fs::write(&path, text).map_err(|e| Failure::Work(format!("{}: {e}", path.display())))
    };
    write("Cargo.toml", manifest.as_bytes())?;
    let lock = root.join("Cargo.lock");
    let lock = fs::read(&lock).map_err(|e| Failure::Work(format!("{}: {e}", lock.display())))?;
    write("Cargo.lock", &lock)
}
