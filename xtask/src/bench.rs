//! `cargo xtask bench`: runs the benchmarks, which are a separate workspace under bench/.

use std::process::Command;

use crate::arguments::{hint, listed};
use crate::test::{cargo, step};
use crate::{Failure, paths};

/// The help of the benchmarks, included so that printing it does not build them.
const HELP: &str = include_str!("../../bench/help.txt");

/// Runs the benchmarks in release mode with the given arguments. `--peer` is also a feature of the
/// benchmarks.
pub(crate) fn run(mut parser: lexopt::Parser) -> Result<(), Failure> {
    let root = paths::root()?;
    let given = parser.raw_args()?;
    let given: Vec<String> = given
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let (help, words): (Vec<&str>, Vec<&str>) = given
        .iter()
        .map(String::as_str)
        .partition(|word| matches!(*word, "help" | "-h" | "--help"));
    let is_something = check(&words)?;
    if !help.is_empty() || words.is_empty() {
        out!("{HELP}");
        return Ok(());
    }
    if !is_something {
        return Err(Failure::Usage(format!(
            "missing SUBJECT; expected one of {}",
            first_words("Subjects:").join(", ")
        )));
    }
    step("building the benchmarks in release mode, which takes minutes the first time");
    let manifest = ["--manifest-path", "bench/Cargo.toml"];
    let mut build = vec!["build", "--release", "--quiet"];
    build.extend(manifest);
    if given.iter().any(|word| word == "--peer") {
        build.extend(["--features", "peer"]);
    }
    cargo(&root, &build, &[])?;
    let program = root.join("bench/target/release/tinsmith-bench");
    let status = Command::new(&program)
        .args(&given)
        .current_dir(&root)
        .status()
        .map_err(|e| Failure::Work(format!("{}: {e}", program.display())))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::Work("the benchmarks failed: see above".to_owned()))
}

/// Rejects invalid arguments before the benchmarks are built, which takes minutes. Returns whether
/// there is something to measure.
fn check(given: &[&str]) -> Result<bool, Failure> {
    let subjects = first_words("Subjects:");
    let options = first_words("Options:");
    let mut is_something = false;
    let mut words = given.iter().copied();
    while let Some(word) = words.next() {
        match word {
            // The following words are not subjects.
            "spin" => return Ok(true),
            "--rounds" if words.next().is_none_or(|n| n.parse::<usize>().is_err()) => {
                return Err(Failure::Usage("`--rounds` needs a number".to_owned()));
            }
            option if option.starts_with('-') && !options.contains(&option) => {
                let hint = hint(option, &options);
                return Err(Failure::Usage(format!(
                    "there is no option `{option}`; {hint}"
                )));
            }
            subject if !subject.starts_with('-') && !subjects.contains(&subject) => {
                let hint = hint(subject, &subjects);
                return Err(Failure::Work(format!(
                    "there is no subject `{subject}`; {hint}"
                )));
            }
            "--peer" | "--readme" | "--rounds" => {}
            _ => is_something = true,
        }
    }
    Ok(is_something)
}

/// Returns the names in a section of the help.
fn first_words(section: &str) -> Vec<&'static str> {
    let entries = listed(HELP, section).into_iter();
    entries
        .filter_map(|entry| entry.split(' ').next())
        .collect()
}
