//! A crate of its own around the emitted modules: written, compiled, and run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::suite::Suite;

/// What the program does with the cases: compares, and prints a line for each suite and failure.
const MAIN: &str = r#"
struct Case {
    title: &'static str,
    answer: Result<Endpoint, EndpointError>,
    expected: Result<(&'static str, Endpoint), &'static str>,
    /// It must fail, and with an endpoint.
    is_outdated: bool,
}

impl Case {
    fn new(
        title: &'static str,
        answer: Result<Endpoint, EndpointError>,
        expected: Result<(&'static str, Endpoint), &'static str>,
        is_outdated: bool,
    ) -> Self {
        Self { title, answer, expected, is_outdated }
    }

    fn passes(&self) -> bool {
        if self.is_outdated {
            return self.answer.is_ok() && self.expected.is_err();
        }
        match (&self.answer, &self.expected) {
            (Ok(answer), Ok((url, endpoint))) => {
                // `http::Uri` writes the empty path as `/`.
                let text = answer.uri.to_string();
                (text == *url || text.strip_suffix('/') == Some(url)) && answer == endpoint
            }
            (Err(EndpointError::NoMatch), Err("no match")) => true,
            (Err(EndpointError::InvalidUrl(_) | EndpointError::InvalidHost(_)), Err("refused")) => true,
            (Err(EndpointError::Rule(message)), Err(expected)) => message == expected,
            _ => false,
        }
    }
}

fn check(name: &str, cases: Vec<Case>) {
    let failed: Vec<&Case> = cases.iter().filter(|case| !case.passes()).collect();
    let outdated = cases.iter().filter(|case| case.is_outdated).count();
    println!("suite\t{name}\t{}\t{}\t{outdated}", cases.len() - failed.len(), cases.len());
    for case in failed {
        println!("failed\t{name}\t{}: {:?}, not {:?}", case.title, case.answer, case.expected);
    }
}
"#;

/// Builds the suites, runs them, and returns `passed/all` by name. Panics at any failure.
pub(crate) fn check(suites: &[Suite]) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("endpoints");
    write(&folder, suites);
    let clippy = ["clippy", "--quiet", "--lib", "--", "-D", "warnings"];
    if Command::new("cargo")
        .args(["clippy", "--version"])
        .output()
        .is_ok_and(|o| o.status.success())
    {
        cargo(&folder, &clippy);
    } else {
        eprintln!("skipped: clippy is not installed");
    }
    let output = cargo(&folder, &["run", "--quiet"]);
    let mut passed = BTreeMap::new();
    let mut failures = Vec::new();
    for line in output.lines() {
        match line.split('\t').collect::<Vec<_>>()[..] {
            ["suite", name, good, all, outdated] => {
                passed.insert(
                    name.to_owned(),
                    format!("{good}/{all}, {outdated} outdated"),
                );
            }
            _ => failures.push(line.to_owned()),
        }
    }
    assert!(
        failures.is_empty(),
        "{} failures:\n{}",
        failures.len(),
        failures.join("\n")
    );
    for suite in suites {
        let all = format!("{0}/{0}, ", suite.cases);
        let is_complete = passed
            .get(&suite.module)
            .is_some_and(|line| line.starts_with(&all));
        assert!(
            is_complete,
            "{}: {:?}",
            suite.name,
            passed.get(&suite.module)
        );
    }
    passed
}

fn write(folder: &Path, suites: &[Suite]) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let src = folder.join("src");
    let _ = fs::remove_dir_all(&src);
    fs::create_dir_all(&src).unwrap();
    // The versions of the workspace, so that nothing needs to be looked up.
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let runtime = root.join("runtime").canonicalize().unwrap();
    let manifest = format!(
        "[package]\nname = \"endpoint-rules\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         rust-version = \"1.85\"\n\n[dependencies]\n\
         tinsmith-runtime = {{ path = {runtime:?}, default-features = false }}\n\n\
         [profile.dev]\ndebug = false\n\n[workspace]\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let mut lib =
        "//! Endpoint rules.\n#![deny(warnings, missing_docs, unreachable_pub)]\n".to_owned();
    let mut main = "#![allow(unused_mut)]\nuse endpoint_rules::*;\n\
                    use tinsmith_runtime::endpoint::{AuthScheme, Endpoint, EndpointError, Property};\n"
        .to_owned();
    main.push_str(MAIN);
    let mut calls = String::new();
    for suite in suites {
        let module = &suite.module;
        fs::write(src.join(format!("{module}.rs")), suite.source()).unwrap();
        lib.push_str(&format!("pub mod {module};\n"));
        main.push_str(&suite.tests());
        calls.push_str(&format!("    check({module:?}, {module}());\n"));
    }
    main.push_str(&format!("fn main() {{\n{calls}}}\n"));
    fs::write(src.join("lib.rs"), lib).unwrap();
    fs::write(src.join("main.rs"), main).unwrap();
}

fn cargo(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("cargo")
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "cargo {arguments:?}:\n{}",
        text(&output.stderr)
    );
    text(&output.stdout)
}
