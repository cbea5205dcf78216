//! `cargo xtask conformance --field-cases DIR`: small models, each with one unusual construct.
//!
//! `conformance/field-cases.txt` lists for each model whether a crate is generated without warnings
//! or the model is rejected, and why. The models are not part of the project.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use tinsmith_smithy::load::Source;

use super::links;
use super::models::{model_files, workspace};
use super::verdicts::{self, Verdict};
use crate::test::{cargo, step};
use crate::{Failure, codegen, disk};

/// Generates a crate from each model in `folder` into target/field-cases, compares the result with
/// the list, and runs clippy and rustdoc with warnings denied.
pub(crate) fn check(root: &Path, folder: &Path) -> Result<(), Failure> {
    disk::directory(folder)?;
    step("generating the field cases");
    let verdicts = verdicts::read(&root.join("conformance/field-cases.txt"))?;
    let out = root.join("target/field-cases");
    let mut members = Vec::new();
    let mut faults = Vec::new();
    let mut found = BTreeSet::new();
    for file in model_files(folder)? {
        let name = stem(&file);
        match verdicts.get(&name) {
            Some(verdict) => match compare(verdict, generate(root, &file, &out)) {
                Ok(member) => members.extend(member),
                Err(fault) => faults.push(format!("{name}: {fault}")),
            },
            None => faults.push(format!("{name}: not in conformance/field-cases.txt")),
        }
        found.insert(name);
    }
    let missing = verdicts.keys().filter(|name| !found.contains(*name));
    faults.extend(missing.map(|name| format!("{name}: listed, but the model does not exist")));
    workspace(root, &out, &members)?;
    let built = build(&out, &members);
    faults.iter().for_each(|fault| outln!("{fault}"));
    outln!(
        "models: {}, crates: {}, not as listed: {}",
        found.len(),
        members.len(),
        faults.len()
    );
    built?;
    match faults.len() {
        0 => Ok(()),
        1 => Err(Failure::Work("1 model is not as listed".to_owned())),
        many => Err(Failure::Work(format!("{many} models are not as listed"))),
    }
}

fn stem(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// Generates the crate of a model. Returns the name of its folder, or the error.
fn generate(root: &Path, file: &Path, out: &Path) -> Result<String, String> {
    let path = file.display().to_string();
    let text = fs::read_to_string(file).map_err(|e| format!("{path}: {e}"))?;
    // Crate names have no dots and no upper-case letters.
    let name = stem(file).to_lowercase().replace('.', "-");
    let source = Source {
        name: &path,
        text: &text,
    };
    let generate = || codegen::generate_member(root, source, &out.join(&name), &name, None);
    match catch_unwind(AssertUnwindSafe(generate)) {
        Ok(Ok(_)) => Ok(name),
        Ok(Err(failure)) => Err(failure.to_string()),
        Err(_) => Err("the generator panicked".to_owned()),
    }
}

/// Returns the crate to check, if one is expected.
fn compare(verdict: &Verdict, outcome: Result<String, String>) -> Result<Option<String>, String> {
    match (verdict, outcome) {
        (Verdict::Generates, Ok(name)) => Ok(Some(name)),
        (Verdict::Generates, Err(error)) => Err(format!("expected generation to succeed: {error}")),
        (Verdict::Rejected(named), Ok(_)) => Err(format!(
            "expected an error that names `{named}`, but generation succeeded"
        )),
        (Verdict::Rejected(named), Err(error)) if error.contains(named) => Ok(None),
        (Verdict::Rejected(named), Err(error)) => {
            Err(format!("the error does not name `{named}`: {error}"))
        }
    }
}

/// Checks all crates at once. Only the generated code matters, so the runtime is built with few
/// features to save time.
fn build(out: &Path, members: &[String]) -> Result<(), Failure> {
    let flags = [
        "--quiet",
        "--workspace",
        "--no-default-features",
        "--keep-going",
    ];
    let variables = |doc: &str| {
        [
            ("CARGO_PROFILE_DEV_DEBUG", "false".to_owned()),
            ("CARGO_INCREMENTAL", "0".to_owned()),
            ("RUSTDOCFLAGS", doc.to_owned()),
        ]
    };
    step("running clippy on the crates");
    let deny = ["--", "--deny", "warnings"];
    let clippy = cargo(
        out,
        &[&["clippy"], &flags[..], &deny[..]].concat(),
        &variables(""),
    );
    step("running rustdoc on the crates");
    let doc = ["doc", "--no-deps"];
    let documented = cargo(
        out,
        &[&doc[..], &flags[..]].concat(),
        &variables("--deny warnings"),
    );
    let linked = documented.and_then(|()| links::check(&out.join("target/doc"), members));
    clippy.and(linked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_compared_with_the_list() {
        let generates = Verdict::Generates;
        let rejected = Verdict::Rejected("a#B$c".to_owned());
        let (made, error) = (Ok("x".to_owned()), Err("x.json: a#B$c: no".to_owned()));
        assert_eq!(compare(&generates, made.clone()), Ok(Some("x".to_owned())));
        assert_eq!(compare(&rejected, error.clone()), Ok(None));
        assert!(compare(&generates, error).is_err());
        assert!(compare(&rejected, made).is_err());
        assert!(compare(&rejected, Err("x.json: a#B: no".to_owned())).is_err());
    }
}
