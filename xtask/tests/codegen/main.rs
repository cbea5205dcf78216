//! `cargo xtask codegen`, run as a program.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

mod choice;
#[path = "../common/mod.rs"]
mod common;
mod overwrite;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use common::{failure, files, model, success, texts, workspace, write};

/// Runs `codegen` in a workspace.
fn run(root: &Path, arguments: &[&str]) -> Output {
    common::run(root, "codegen", arguments)
}

/// The committed output is what the committed models give; a failure prints how to repair it.
#[test]
fn generated_is_fresh() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["codegen", "--check"])
        .output()
        .unwrap();
    success(&output);
}

/// Each folder of `generated` has a model, or nothing would ever check it.
#[test]
fn generated_crates_have_models() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let entries = fs::read_dir(root.join("generated")).unwrap();
    for entry in entries
        .map(Result::unwrap)
        .filter(|entry| entry.path().is_dir())
    {
        let mut model = root.join("model").join(entry.file_name());
        model.set_extension("json");
        assert!(model.is_file(), "{} does not exist", model.display());
    }
}

#[test]
fn a_second_run_writes_nothing_and_a_smaller_model_removes() {
    let root = workspace("codegen-write");
    write(
        &root.join("model/cities.json"),
        &model(&["GetCity", "FindCity"]),
    );
    let stdout = success(&run(&root, &[]));
    assert!(
        stdout.starts_with("cities: 2 operations, 3 shapes, "),
        "{stdout}"
    );
    assert!(stdout.contains(" 0 unchanged, 0 removed"), "{stdout}");
    let first = files(&root.join("generated"));
    assert!(first.contains_key(&root.join("generated/cities/src/operation/find_city.rs")));
    assert!(
        first
            .keys()
            .all(|path| !path.to_string_lossy().contains("tinsmith-new"))
    );

    let stdout = success(&run(&root, &["cities"]));
    assert!(stdout.contains(" 0 files written, "), "{stdout}");
    assert_eq!(files(&root.join("generated")), first);
    success(&run(&root, &["--check"]));

    write(&root.join("generated/cities/src/mine.rs"), "// mine\n");
    write(&root.join("model/cities.json"), &model(&["GetCity"]));
    let stdout = success(&run(&root, &[]));
    assert!(stdout.contains(" 1 removed"), "{stdout}");
    assert!(
        !root
            .join("generated/cities/src/operation/find_city.rs")
            .exists()
    );
    assert!(
        root.join("generated/cities/src/mine.rs").exists(),
        "not the generator's"
    );
}

#[test]
fn check_says_what_differs_and_how_to_repair_it() {
    let root = workspace("codegen-check");
    write(
        &root.join("model/cities.json"),
        &model(&["GetCity", "FindCity"]),
    );
    let (stdout, stderr) = failure(&run(&root, &["--check"]), 1);
    assert!(
        stdout.contains("missing: ") && stdout.contains("src/lib.rs"),
        "{stdout}"
    );
    assert!(
        stderr.contains("\n  cargo xtask codegen cities\n"),
        "{stderr}"
    );
    assert!(!root.join("generated").exists(), "a check writes nothing");

    success(&run(&root, &[]));
    let generated = root.join("generated/cities");
    let city = generated.join("src/types/city.rs");
    let text = fs::read_to_string(&city).unwrap();
    write(&city, &text.replace("pub name:", "pub title:"));
    fs::remove_file(generated.join("src/lib.rs")).unwrap();
    let stale = generated.join("src/operation/old.rs");
    fs::copy(generated.join("src/client.rs"), &stale).unwrap();
    let before = files(&root);
    let (stdout, stderr) = failure(&run(&root, &["--check"]), 1);
    assert!(stdout.contains(" 3 differences"), "{stdout}");
    for expected in [
        "missing: ",
        "changed: ",
        "stale: ",
        "-    pub title:",
        "+    pub name:",
    ] {
        assert!(stdout.contains(expected), "{expected} in {stdout}");
    }
    assert!(
        stderr.contains("\n  cargo xtask codegen cities\n"),
        "{stderr}"
    );
    assert_eq!(files(&root), before, "a check writes nothing");

    success(&run(&root, &["cities"]));
    success(&run(&root, &["cities", "--check"]));
    assert!(!stale.exists());
}

#[test]
fn a_fault_in_one_model_leaves_everything_as_it_was() {
    let root = workspace("codegen-fault");
    write(&root.join("model/cities.json"), &model(&["GetCity"]));
    write(
        &root.join("model/lakes.json"),
        "{\n  \"smithy\": \"2.0\",\n  shapes\n}",
    );
    let (_, stderr) = failure(&run(&root, &[]), 1);
    assert!(
        stderr.starts_with("error: model/lakes.json:3:3: not valid JSON"),
        "{stderr}"
    );
    assert!(
        !root.join("generated").exists(),
        "nor is the good one written"
    );

    success(&run(&root, &["cities"]));
    let before = files(&root.join("generated"));
    let broken = model(&["GetCity"]).replacen("smithy.api#String", "a#Nowhere", 1);
    write(&root.join("model/cities.json"), &broken);
    let (_, stderr) = failure(&run(&root, &["cities"]), 1);
    assert!(stderr.contains("cities.json: a#City$name: "), "{stderr}");
    assert!(stderr.contains("`a#Nowhere`"), "{stderr}");
    assert_eq!(files(&root.join("generated")), before);
}

#[test]
fn rejects_invalid_arguments() {
    let root = workspace("codegen-usage");
    write(&root.join("model/cities.json"), &model(&["GetCity"]));
    for (arguments, expected) in [
        (&["--chekc"][..], "--chekc"),
        (&["--model", "model/cities.json"], "--out"),
        (&["--out", "out"], "--model"),
        (&["--model"], "--model"),
        (
            &["--operations", ","],
            "`--operations` needs at least one name",
        ),
        (
            &["--operations", "GetCity"],
            "`--operations` needs `--model FILE`",
        ),
        (&["--overlay", "o.json"], "`--overlay` needs `--model FILE`"),
        (
            &["cities", "--model", "model/cities.json", "--out", "out"],
            "`cities`",
        ),
        (
            &[
                "--model",
                "model/cities.json",
                "--out",
                "out",
                "--name",
                "Two Words",
            ],
            "`Two Words`",
        ),
        (
            &[
                "--model",
                "model/cities.json",
                "--out",
                "out",
                "--runtime",
                "0..1",
            ],
            "`--runtime`: `0..1` is not a Cargo version requirement",
        ),
    ] {
        let (stdout, stderr) = failure(&run(&root, arguments), 2);
        assert_eq!(stdout, "", "{arguments:?}");
        assert!(stderr.contains(expected), "{arguments:?}: {stderr}");
        let help = "\nSee `cargo xtask codegen --help`.\n";
        assert!(stderr.ends_with(help), "{arguments:?}: {stderr}");
    }
    assert!(!root.join("out").exists() && !root.join("generated").exists());
}

#[test]
fn without_models_it_says_so() {
    let root = workspace("codegen-none");
    for arguments in [&[][..], &["--check"], &["cities"]] {
        let (_, stderr) = failure(&run(&root, arguments), 1);
        assert_eq!(
            stderr,
            "error: there is no model in model; `cargo xtask model import NAME` creates one\n"
        );
    }
}

/// Paths are as the user would write them, unless they stand elsewhere.
#[test]
fn names_paths_relative_to_current_directory() {
    let root = workspace("codegen-places");
    write(&root.join("model/cities.json"), "{\n");
    let (_, stderr) = failure(&run(&root, &[]), 1);
    assert!(
        stderr.starts_with("error: model/cities.json:2:"),
        "{stderr}"
    );
    let path = root.join("model/cities.json").display().to_string();
    fs::create_dir(root.join("elsewhere")).unwrap();
    for (folder, path) in [("model", "cities.json"), ("elsewhere", &path)] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg("codegen").current_dir(root.join(folder));
        command.env("CARGO_MANIFEST_DIR", root.join("xtask"));
        let (_, stderr) = failure(&command.output().unwrap(), 1);
        assert!(stderr.starts_with(&format!("error: {path}:2:")), "{stderr}");
    }
}

#[test]
fn work_that_cannot_be_done_ends_with_1() {
    let root = workspace("codegen-work");
    write(
        &root.join("model/cities.json"),
        &model(&["GetCity", "FindCity"]),
    );
    write(&root.join("file"), "");
    write(
        &root.join("other/core/Cargo.toml"),
        "[package]\nname = \"other\"\n",
    );
    fs::write(root.join("bytes.json"), b"\xff").unwrap();
    let cities = [
        "--model",
        "model/cities.json",
        "--out",
        "out",
        "--runtime",
        "0.1",
    ];
    let with = |more: &[&'static str]| [&cities[..], more].concat();
    for (arguments, expected) in [
        (
            vec!["lakes"],
            "there is no model `lakes` under model/; expected one of cities",
        ),
        (
            vec!["--model", "lakes.json", "--out", "out", "--runtime", "1"],
            "lakes.json: no such file",
        ),
        (
            vec!["--model", "model", "--out", "out", "--runtime", "1"],
            "model: is a directory; expected a file",
        ),
        (
            vec!["--model", "model/cities.json", "--out", "file"],
            "file: is a file; expected a directory",
        ),
        (
            vec!["--model", "bytes.json", "--out", "out", "--runtime", "1"],
            "bytes.json:1:1: not valid UTF-8",
        ),
        (
            vec![
                "--model",
                "model/cities.json",
                "--out",
                "out",
                "--runtime",
                "no",
            ],
            "no: there is no crate `tinsmith-core`",
        ),
        (
            vec!["--model", "model/cities.json", "--out", "file/deep/out"],
            "file: is a file; expected a directory",
        ),
        (
            vec![
                "--model",
                "model/cities.json",
                "--out",
                "out",
                "--runtime",
                "./other",
            ],
            "other/core/Cargo.toml: the package there is not `tinsmith-core`",
        ),
        (with(&["--operations", "GetCty"]), "did you mean `GetCity`?"),
        (with(&["--overlay", "overlay.json"]), "overlay.json: "),
    ] {
        let (stdout, stderr) = failure(&run(&root, &arguments), 1);
        assert_eq!(stdout, "", "{arguments:?}");
        assert!(stderr.contains(expected), "{arguments:?}: {stderr}");
    }
    assert!(!root.join("out").exists() && !root.join("generated").exists());
}

#[test]
fn another_model_goes_anywhere_and_its_check_repeats_the_arguments() {
    let root = workspace("codegen-other");
    write(&root.join("cities.json"), &model(&["GetCity", "FindCity"]));
    let overlay = r##"{"smithy": "2.0", "shapes": {"a#GetCity": {"type": "apply",
        "traits": {"smithy.api#documentation": "Fetches a city."}}}}"##;
    write(&root.join("overlay.json"), overlay);
    let arguments = [
        "--model",
        "cities.json",
        "--overlay",
        "overlay.json",
        "--out",
        "deep/towns",
        "--name",
        "towns",
        "--operations",
        "GetCity",
        "--runtime",
        "0.7",
    ];
    let check = [&arguments[..], &["--check"]].concat();
    let (_, stderr) = failure(&run(&root, &check), 1);
    let repeat = format!("\n  cargo xtask codegen {}\n", arguments.join(" "));
    assert!(stderr.contains(&repeat), "{stderr}");
    let stdout = success(&run(&root, &arguments));
    assert!(
        stdout.starts_with("towns: 1 operation, 2 shapes, "),
        "{stdout}"
    );
    let manifest = fs::read_to_string(root.join("deep/towns/Cargo.toml")).unwrap();
    assert!(manifest.contains("name = \"tinsmith-towns\""), "{manifest}");
    assert!(manifest.contains("version = \"0.7\""), "{manifest}");
    let text = fs::read_to_string(root.join("deep/towns/src/operation/get_city.rs")).unwrap();
    assert!(
        text.starts_with("// @generated by cargo xtask codegen from cities.json."),
        "{text}"
    );
    assert!(text.contains("/// Fetches a city."), "{text}");
    assert!(!root.join("deep/towns/src/operation/find_city.rs").exists());
    success(&run(&root, &check));
}

#[test]
fn notices_do_not_fail_a_run() {
    let root = workspace("codegen-notice");
    let text = model(&["GetCity"]).replacen("\"version\"", "\"colour\": 1, \"version\"", 1);
    write(&root.join("model/cities.json"), &text);
    let output = run(&root, &[]);
    success(&output);
    let (_, stderr) = texts(&output);
    assert!(
        stderr.starts_with("notice: ") && stderr.contains("`colour`"),
        "{stderr}"
    );
}

#[test]
fn help_is_an_answer() {
    let root = workspace("codegen-help");
    for arguments in [&["--help"][..], &["-h"]] {
        let stdout = success(&run(&root, arguments));
        assert!(stdout.contains("Usage: cargo xtask codegen"), "{stdout}");
    }
}
