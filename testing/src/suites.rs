//! Test suites and peers that are not part of the repository.
//!
//! A test that cannot run without them asks for them here. Where they are missing, it is never
//! skipped silently: it fails if `TINSMITH_REQUIRE_SUITES` is set, as in CI, and prints a line that
//! starts with `not run:` otherwise.

use std::env;
use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;

/// The variable that names the directory of the shared suites.
const SHARED: &str = "TINSMITH_SHARED";

/// The variable that names a Python with the packages of `interop/requirements.txt`.
const PYTHON: &str = "TINSMITH_PYTHON";

/// The variable that makes a missing suite an error.
const REQUIRED: &str = "TINSMITH_REQUIRE_SUITES";

/// The variable that names a file to which each test that does not run appends a line: the reason,
/// a tab and the name of the test. `cargo xtask test` makes its summary from it.
pub const NOT_RUN_LIST: &str = "TINSMITH_NOT_RUN_LIST";

/// Returns whether a missing suite is an error.
pub fn suites_required() -> bool {
    variable(REQUIRED).is_some()
}

/// Returns the path of a file or directory of the shared suites, such as `conformance/sigv4`.
/// Returns `None` if it is missing, after reporting it with [`not_run`].
///
/// # Panics
///
/// Panics if it is missing and suites are required.
#[track_caller]
pub fn shared(path: &str) -> Option<PathBuf> {
    let shared = variable(SHARED).map(PathBuf::from);
    let found = shared.as_deref().map(|shared| shared.join(path));
    let found = found.filter(|found| found.exists());
    if found.is_none() {
        not_run(&missing(path, shared.as_deref()));
    }
    found
}

fn missing(path: &str, shared: Option<&Path>) -> String {
    let place = shared.map(|shared| format!(" in `{}`", shared.display()));
    let place = place.unwrap_or_default();
    format!("no `{path}`{place}; set `{SHARED}` to the directory that holds it")
}

/// Returns a Python that has the packages of `interop/requirements.txt`. Returns `None` if no
/// Python is named, after reporting it with [`not_run`].
///
/// # Panics
///
/// Panics if no Python is named and suites are required.
#[track_caller]
pub fn python() -> Option<OsString> {
    let python = variable(PYTHON);
    if python.is_none() {
        not_run(&format!(
            "no Python with botocore; set `{PYTHON}` to a Python that has the packages of \
             interop/requirements.txt"
        ));
    }
    python
}

/// Reports that the current test does not run: what is missing, and how to name it.
///
/// # Panics
///
/// Panics if suites are required.
#[track_caller]
pub fn not_run(reason: &str) {
    assert!(
        !suites_required(),
        "cannot run: {reason} (`{REQUIRED}` is set)"
    );
    let thread = thread::current();
    let test = thread.name().unwrap_or("a test");
    // Not `eprintln!`, whose output the test harness hides when a test passes.
    let line = format!("not run: {test}: {reason}\n");
    let _ = io::stderr().write_all(line.as_bytes());
    if let Some(list) = variable(NOT_RUN_LIST).map(PathBuf::from) {
        let file = OpenOptions::new().append(true).create(true).open(&list);
        let line = format!("{reason}\t{test}\n");
        // One write, so that the lines of tests that run at once do not mix.
        let written = file.and_then(|mut file| file.write_all(line.as_bytes()));
        assert!(
            written.is_ok(),
            "cannot write to `{}`: {written:?}",
            list.display()
        );
    }
}

/// Returns the value of an environment variable; an empty one counts as unset.
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}
