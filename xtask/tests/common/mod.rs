//! What the tests of the program's commands share.

#![allow(dead_code, reason = "each of them uses a part")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A workspace of one test's own, empty but for its folder `model`.
pub(crate) fn workspace(test: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("model")).unwrap();
    root
}

/// Runs a command in a workspace.
pub(crate) fn run(root: &Path, command: &str, arguments: &[&str]) -> Output {
    self::command(root, command, arguments).output().unwrap()
}

/// A command in a workspace, not yet run.
pub(crate) fn command(root: &Path, command: &str, arguments: &[&str]) -> Command {
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
    xtask.arg(command).args(arguments).current_dir(root);
    xtask.env("CARGO_MANIFEST_DIR", root.join("xtask"));
    xtask
}

/// What a run that succeeded printed.
#[track_caller]
pub(crate) fn success(output: &Output) -> String {
    let (stdout, stderr) = texts(output);
    assert_eq!(output.status.code(), Some(0), "{stdout}{stderr}");
    stdout
}

/// What a run that failed with `code` printed, to standard output and standard error.
#[track_caller]
pub(crate) fn failure(output: &Output, code: i32) -> (String, String) {
    let (stdout, stderr) = texts(output);
    assert_eq!(output.status.code(), Some(code), "{stdout}{stderr}");
    assert!(stderr.starts_with("error: "), "{stderr}");
    (stdout, stderr)
}

pub(crate) fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

/// A model with these operations, each with an output of its own that holds the shared `City`.
pub(crate) fn model(operations: &[&str]) -> String {
    let targets: Vec<String> = operations
        .iter()
        .map(|name| format!(r#"{{"target": "a#{name}"}}"#))
        .collect();
    let shapes: Vec<String> = operations
        .iter()
        .map(|name| {
            format!(
                r##""a#{name}": {{"type": "operation", "output": {{"target": "a#{name}Output"}}}},
                "a#{name}Output": {{"type": "structure", "members": {{"city": {{"target": "a#City"}}}}}}"##
            )
        })
        .collect();
    format!(
        r##"{{"smithy": "2.0", "shapes": {{
            "a#Cities": {{"type": "service", "version": "1", "operations": [{}],
                "traits": {{"aws.protocols#awsJson1_1": {{}}}}}},
            {},
            "a#City": {{"type": "structure", "members": {{"name": {{"target": "smithy.api#String"}}}}}}
        }}}}"##,
        targets.join(", "),
        shapes.join(",\n"),
    )
}

pub(crate) fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Every file below a folder with its text; none when the folder is not there.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                found.insert(path, text);
            }
        }
    }
    found
}
