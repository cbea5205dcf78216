//! What becomes of a command whose output nobody reads.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

mod common;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::{failure, files, model, texts, workspace, write};

fn command(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments).current_dir(root);
    command.env("CARGO_MANIFEST_DIR", root.join("xtask"));
    command
}

/// The writing end of a pipe whose reader is gone: what another process had as its input.
fn closed_pipe() -> Stdio {
    let mut gone = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let gone = gone.arg("help").stdin(Stdio::piped()).stdout(Stdio::null());
    let mut gone = gone.spawn().unwrap();
    let pipe = gone.stdin.take().unwrap();
    assert!(gone.wait().unwrap().success());
    pipe.into()
}

/// A run into such a pipe, as with `| head`.
fn run_unread(root: &Path, arguments: &[&str]) -> Output {
    command(root, arguments)
        .stdout(closed_pipe())
        .output()
        .unwrap()
}

#[test]
fn a_reader_that_leaves_changes_neither_the_work_nor_the_exit_code() {
    let root = workspace("output-unread");
    write(&root.join("model/cities.json"), &model(&["GetCity"]));
    write(&root.join("model/towns.json"), &model(&["GetTown"]));
    let cases: [(&[&str], i32); 6] = [
        (&["help"], 0),
        (&["codegen", "--check"], 1),
        (&["codegen"], 0),
        (&["codegen", "--check"], 0),
        (&["model", "diff", "cities", "towns"], 0),
        (&["nosuch"], 2),
    ];
    for (arguments, code) in cases {
        let output = run_unread(&root, arguments);
        let (_, stderr) = texts(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(!stderr.contains("panicked"), "{arguments:?}: {stderr}");
        assert_eq!(stderr.is_empty(), code == 0, "{arguments:?}: {stderr}");
    }
    let made = files(&root.join("generated"));
    for name in ["cities", "towns"] {
        let crate_root = root.join("generated").join(name).join("src/lib.rs");
        assert!(made.contains_key(&crate_root), "{name}");
    }
}

#[test]
fn messages_that_nobody_reads_leave_the_exit_code() {
    let root = workspace("output-messages");
    for (arguments, code) in [(&["nosuch"][..], 2), (&["codegen", "nosuch"], 1)] {
        let status = command(&root, arguments)
            .stderr(closed_pipe())
            .status()
            .unwrap();
        assert_eq!(status.code(), Some(code), "{arguments:?}");
    }
}

/// A text that got lost otherwise is a failure.
#[cfg(target_os = "linux")]
#[test]
fn reports_full_disk() {
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let root = workspace("output-full");
    let output = command(&root, &["help"]).stdout(full).output().unwrap();
    let (_, stderr) = failure(&output, 1);
    assert!(
        stderr.starts_with("error: standard output: No space left"),
        "{stderr}"
    );
}
