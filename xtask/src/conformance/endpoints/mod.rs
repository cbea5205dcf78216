//! Tests endpoint rules from the trait's value to the result of the emitted code.
//!
//! All rule sets and tables of the official corpus, and our own cases, are emitted into one crate,
//! which must compile without warnings and pass the tests that belong to the rules. Rule sets of
//! other services come from botocore and are compared with botocore's results.

mod own;
mod peer;
mod project;

use std::path::Path;

use tinsmith_conformance::endpoint::{Suite, of_model};
use tinsmith_smithy::load::{Source, load};

pub(crate) use project::{Outcome, run};

use super::expected::List;
use super::models::model_files;
use crate::table::print_table;
use crate::{Failure, disk};

/// The names of table rows and the folders of the official corpus.
const OFFICIAL: [(&str, &str); 2] = [
    ("rule sets", "endpoints/rules-engine-tests"),
    ("tables", "endpoints/rules-engine-tests-bdd"),
];

/// Runs all suites and prints a table.
pub(super) fn check(
    root: &Path,
    data: Option<&Path>,
    python: &Path,
    expected: &List,
) -> Result<(), Failure> {
    let mut groups = vec![
        ("own cases", own::suites().map_err(Failure::Work)?),
        ("botocore's results", peer::suites(python)?),
    ];
    for (title, folder) in OFFICIAL {
        if let Some(data) = data {
            groups.push((title, corpus(&data.join(folder))?));
        }
    }
    let suites: Vec<Suite> = groups
        .iter()
        .flat_map(|(_, suites)| suites.clone())
        .collect();
    let outcomes = run(
        root,
        &root.join("target/conformance/endpoints"),
        &suites,
        expected,
    )?;
    let mut rows = Vec::new();
    let mut failed = 0;
    for (title, suites) in &groups {
        let mut row = [suites.len(), 0, 0];
        for suite in suites {
            let outcome = outcomes.get(&suite.module).cloned().unwrap_or_default();
            for failure in &outcome.failures {
                outln!("{}: {failure}", suite.name);
            }
            row[1] += outcome.passed;
            row[2] += outcome.failures.len();
        }
        failed += row[2];
        rows.push(
            [
                vec![(*title).to_owned()],
                row.map(|n| n.to_string()).to_vec(),
            ]
            .concat(),
        );
    }
    print_table(&["endpoint rules", "suites", "passed", "failed"], &rows);
    match failed {
        0 => Ok(()),
        failed => Err(Failure::Work(format!(
            "{failed} tests of endpoint rules failed"
        ))),
    }
}

/// Returns the suites of the models in a folder.
fn corpus(folder: &Path) -> Result<Vec<Suite>, Failure> {
    let mut suites = Vec::new();
    for file in model_files(folder)? {
        let text = disk::read(&file)?;
        let name = &*file.display().to_string();
        let model = load(&[Source { name, text: &text }])
            .map_err(Failure::work)?
            .model;
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let corpus = folder.file_name().unwrap_or_default().to_string_lossy();
        let found = of_model(&format!("{corpus}/{stem}"), &model).map_err(Failure::Work)?;
        suites.extend(found);
    }
    if suites.is_empty() {
        return Err(Failure::Work(format!(
            "{}: no endpoint tests in it",
            folder.display()
        )));
    }
    Ok(suites)
}
