//! `cargo xtask model diff`, run as a program.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A workspace of one test's own with the models `old.json` and `model/new.json`, the latter with an
/// overlay.
fn workspace(test: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("diff-{test}"));
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("model")).unwrap();
    fs::write(
        root.join("old.json"),
        model(r#"{"smithy.api#required": {}}"#),
    )
    .unwrap();
    fs::write(root.join("model/new.json"), model("{}")).unwrap();
    fs::write(root.join("model/new.overlay.json"), OVERLAY).unwrap();
    root
}

/// A model with one operation whose input has one member with these traits.
fn model(traits: &str) -> String {
    format!(
        r##"{{"smithy": "2.0", "shapes": {{
            "a#City": {{"type": "service", "version": "1", "operations": [{{"target": "a#Build"}}],
                "traits": {{"aws.protocols#awsJson1_1": {{}}}}}},
            "a#Build": {{"type": "operation", "input": {{"target": "a#BuildInput"}}}},
            "a#BuildInput": {{"type": "structure", "members":
                {{"Name": {{"target": "smithy.api#String", "traits": {traits}}}}}}}}}}}"##
    )
}

const OVERLAY: &str = r##"{"smithy": "2.0", "shapes": {
    "a#Build": {"type": "apply", "traits": {"smithy.api#documentation": "Builds."}}}}"##;

/// Runs `model diff` in a workspace.
fn run(root: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["model", "diff"]).args(arguments);
    command.current_dir(root);
    command.env("CARGO_MANIFEST_DIR", root.join("xtask"));
    command.output().unwrap()
}

#[track_caller]
fn success(output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[track_caller]
fn failure(output: &Output, code: i32) -> String {
    let stderr = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    stderr
}

#[test]
fn a_file_is_compared_with_a_model_by_its_name() {
    let root = workspace("name");
    let text = success(&run(&root, &["old.json", "new"]));
    assert!(text.starts_with("major: 1 of 3 changes"), "{text}");
    assert!(
        text.contains("\nold.json -> new: 1 member no longer required,"),
        "{text}"
    );
    // The model's own overlay is among what is compared.
    assert!(
        text.ends_with("documentation only\n  patch  Build\n"),
        "{text}"
    );
}

#[test]
fn an_overlay_lies_upon_both_files() {
    let root = workspace("overlay");
    let arguments = [
        "old.json",
        "model/new.json",
        "--overlay",
        "model/new.overlay.json",
    ];
    let text = success(&run(&root, &arguments));
    assert!(
        text.contains("no longer required") && !text.contains("documentation"),
        "{text}"
    );
}

#[test]
fn service_can_be_chosen() {
    let root = workspace("service");
    let second = r##""shapes": {"b#Town": {"type": "service", "version": "1",
        "traits": {"aws.protocols#awsJson1_1": {}}},"##;
    for (name, traits) in [
        ("a.json", "{}"),
        ("b.json", r#"{"smithy.api#required": {}}"#),
    ] {
        let text = model(traits).replacen("\"shapes\": {", second, 1);
        fs::write(root.join(name), text).unwrap();
    }
    let stderr = failure(&run(&root, &["a.json", "b.json"]), 1);
    assert!(stderr.contains("the model has 2 services"), "{stderr}");
    let report = |service| success(&run(&root, &["a.json", "b.json", "--service", service]));
    assert!(report("a#City").contains("major"), "{}", report("a#City"));
    assert!(!report("Town").contains("major"), "{}", report("Town"));
}

#[test]
fn the_format_can_be_chosen() {
    let root = workspace("format");
    let json = success(&run(&root, &["old.json", "new", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["verdict"], "major");
    let markdown = success(&run(&root, &["old.json", "new", "--format=markdown"]));
    assert!(markdown.starts_with("## major: "), "{markdown}");
}

#[test]
fn wrong_arguments_are_usage_errors() {
    let root = workspace("usage");
    for (arguments, expected) in [
        (&["old.json"][..], "missing arguments OLD and NEW"),
        (&["old.json", "new", "new"], "unexpected argument"),
        (
            &["old.json", "new", "--format", "html"],
            "`html` is not a format",
        ),
        (&["old.json", "new", "--force"], "invalid option"),
        (
            &["new", "new", "--overlay", "model/new.overlay.json"],
            "`--overlay` needs a model that is given as a file",
        ),
        (
            &["old.json", "new", "--format", "text", "--format", "json"],
            "`--format` is given twice",
        ),
    ] {
        let message = failure(&run(&root, arguments), 2);
        assert!(message.contains(expected), "{arguments:?}: {message}");
    }
}

#[test]
fn faults_of_models_are_named_with_their_place() {
    let root = workspace("faults");
    for (model, expected) in [
        (
            "other",
            "error: `other` is not a file, and there is no model `other` under model/; expected one of new\n",
        ),
        (
            "news.json",
            "error: `news.json` is not a file, and there is no model `news.json` under model/; \
             did you mean `new`?\n",
        ),
        (
            "model",
            "error: `model` is not a file, and there is no model `model` under model/; expected one of new\n",
        ),
    ] {
        let message = failure(&run(&root, &["old.json", model]), 1);
        assert_eq!(message, expected);
    }
    // Relative to the current directory.
    fs::write(root.join("model/bad.json"), "{").unwrap();
    let message = failure(&run(&root, &["bad", "new"]), 1);
    assert!(message.starts_with("error: model/bad.json:1:"), "{message}");
    fs::remove_file(root.join("model/bad.json")).unwrap();
    fs::write(root.join("bad.json"), "{").unwrap();
    let message = failure(&run(&root, &["bad.json", "new"]), 1);
    assert!(message.starts_with("error: bad.json:1:"), "{message}");
    let wrong = model("{}").replace("smithy.api#String", "a#Nothing");
    fs::write(root.join("wrong.json"), wrong).unwrap();
    let message = failure(&run(&root, &["old.json", "wrong.json"]), 1);
    assert!(
        message.starts_with("error: wrong.json: a#BuildInput$Name: "),
        "{message}"
    );
}

#[test]
fn help_has_an_example() {
    let text = success(&run(&workspace("help"), &["--help"]));
    assert!(
        text.contains("Example:\n  cargo xtask model diff "),
        "{text}"
    );
}
