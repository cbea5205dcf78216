//! Runs a test that asks for a missing suite and for a Python, in a process of its own for each
//! environment.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tinsmith_testing::{NOT_RUN_LIST, python, shared};

#[test]
#[ignore = "run by the other tests, with variables of their own"]
fn asks_for_missing_suite() {
    assert_eq!(shared("no-such-suite"), None);
}

#[test]
#[ignore = "run by the other tests, with variables of their own"]
fn asks_for_peer() {
    assert_eq!(python(), None);
}

#[test]
#[ignore = "run by the other tests, with variables of their own"]
fn asks_for_what_is_there() {
    assert!(shared("src").unwrap().is_dir());
    assert_eq!(python().unwrap(), "python");
}

fn run(test: &str, variables: &[(&str, &Path)]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", test]);
    for name in [
        "TINSMITH_PYTHON",
        "TINSMITH_REQUIRE_SUITES",
        "TINSMITH_SHARED",
        NOT_RUN_LIST,
    ] {
        command.env_remove(name);
    }
    let variables = variables.iter().map(|(name, value)| (name, value));
    command.envs(variables).output().unwrap()
}

#[test]
fn missing_suite_fails_where_suites_are_required() {
    let required = ("TINSMITH_REQUIRE_SUITES", Path::new("1"));
    for (test, reason) in [
        (
            "asks_for_missing_suite",
            "cannot run: no `no-such-suite` in `.`; set `TINSMITH_SHARED` to the directory that holds \
             it (`TINSMITH_REQUIRE_SUITES` is set)",
        ),
        (
            "asks_for_peer",
            "cannot run: no Python with botocore; set `TINSMITH_PYTHON` to a Python that has the \
             packages of interop/requirements.txt (`TINSMITH_REQUIRE_SUITES` is set)",
        ),
    ] {
        let output = run(test, &[required, ("TINSMITH_SHARED", Path::new("."))]);
        assert!(!output.status.success());
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(printed.contains(reason), "{printed}");
    }
}

#[test]
fn missing_suite_is_visible_and_listed_where_it_is_not_required() {
    let list = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("not-run");
    let _ = fs::remove_file(&list);
    let empty = ("TINSMITH_REQUIRE_SUITES", Path::new(""));
    let reason = "no `no-such-suite`; set `TINSMITH_SHARED` to the directory that holds it";
    let output = run("asks_for_missing_suite", &[empty, (NOT_RUN_LIST, &list)]);
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        format!("not run: asks_for_missing_suite: {reason}\n")
    );
    assert_eq!(
        fs::read_to_string(&list).unwrap(),
        format!("{reason}\tasks_for_missing_suite\n")
    );
}

#[test]
fn what_is_there_is_returned_without_a_word() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR"));
    let variables = [
        ("TINSMITH_SHARED", shared),
        ("TINSMITH_PYTHON", Path::new("python")),
    ];
    let output = run("asks_for_what_is_there", &variables);
    assert!(output.status.success());
    assert_eq!(output.stderr, b"");
}
