//! The crates that the documented lines of `codegen` make in another repository.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::build::{Project, cargo};
use super::common::{model, success, write};

/// The arguments of every documented `cargo xtask codegen --model`.
fn documented() -> Vec<Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut lines = Vec::new();
    for page in ["README.md", "docs/generating-another-service.md"] {
        let text = fs::read_to_string(root.join(page)).unwrap();
        for line in text.split("cargo xtask codegen --model ").skip(1) {
            let end = line.find(['`', '\n']).unwrap();
            let words = line[..end].split(' ').map(str::to_owned);
            lines.push(std::iter::once("--model".to_owned()).chain(words).collect());
        }
    }
    assert!(lines.len() >= 2, "{lines:?}");
    lines
}

/// Runs `codegen` in a folder, with the runtime of this workspace.
fn codegen<S: AsRef<str>>(folder: &Path, arguments: &[S]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("codegen").current_dir(folder);
    command.args(arguments.iter().map(AsRef::as_ref));
    command.env("CARGO_MANIFEST_DIR", env!("CARGO_MANIFEST_DIR"));
    command.output().unwrap()
}

/// A folder `tinsmith` to stand in, with the model that the documentation names.
fn project(test: &str) -> Project {
    let project = Project::new(test);
    let text = model(&["SendMessage", "ReceiveMessage"]);
    write(&project.0.join("tinsmith/path/to/sqs.json"), &text);
    project
}

/// Builds a package with the versions of this workspace.
fn check(folder: &Path, arguments: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    cargo(
        folder,
        &[&["check", "--no-default-features"], arguments].concat(),
    );
}

#[test]
fn documented_crate_builds_alone_and_in_its_users_workspace() {
    for arguments in documented() {
        let project = project("documented");
        success(&codegen(&project.0.join("tinsmith"), &arguments));
        let app = project.0.join("my-app");
        check(&app.join("sqs"), &[]);
        fs::remove_file(app.join("sqs/Cargo.lock")).unwrap();
        let manifest = fs::read_to_string(app.join("sqs/Cargo.toml")).unwrap();
        let name = manifest.split('"').nth(1).unwrap();
        for workspace in ["", "[workspace]\n"] {
            let manifest = format!(
                "[package]\nname = \"my-app\"\nedition = \"2024\"\n\n[dependencies]\n\
                 {name} = {{ path = \"sqs\", default-features = false }}\n\n{workspace}"
            );
            write(&app.join("Cargo.toml"), &manifest);
            write(&app.join("src/lib.rs"), "");
            check(&app, &[]);
        }
    }
}

#[cfg(unix)]
#[test]
fn crate_behind_a_link_builds() {
    let project = project("linked");
    let here = project.0.join("tinsmith");
    fs::create_dir_all(project.0.join("disk/deep/er")).unwrap();
    std::os::unix::fs::symlink("../disk/deep/er", here.join("linked")).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    std::os::unix::fs::symlink(root.join("runtime"), here.join("runtime")).unwrap();
    let arguments = ["--model", "path/to/sqs.json", "--out", "linked/sqs"];
    success(&codegen(&here, &arguments));
    check(&here.join("linked/sqs"), &[]);
    let manifest = ["--manifest-path", "linked/sqs/Cargo.toml"];
    check(&here, &manifest);
    let arguments = [
        ["--model", "to/sqs.json"],
        ["--runtime", "../runtime"],
        ["--out", "../linked/sqs"],
    ];
    success(&codegen(&here.join("path"), &arguments.concat()));
    check(&here, &manifest);
}
