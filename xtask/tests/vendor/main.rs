//! `cargo xtask vendor`, run as a program.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

mod build;
#[path = "../common/mod.rs"]
mod common;
mod documented;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use common::{failure, files, model, success, texts, write};

/// A workspace with a runtime of its own and the model `cities` of two operations.
fn workspace(test: &str) -> PathBuf {
    let root = common::workspace(test);
    write(
        &root.join("Cargo.toml"),
        "[workspace.package]\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [workspace.dependencies]\nbytes = \"1\"\ntinsmith-core = { path = \"runtime/core\" }\n",
    );
    write(
        &root.join("runtime/core/Cargo.toml"),
        "[package]\nname = \"tinsmith-core\"\nversion.workspace = true\n\
         edition.workspace = true\n\n[features]\nchecksum = []\n\n[dependencies]\n\
         bytes.workspace = true\n\n[dev-dependencies]\nproptest.workspace = true\n",
    );
    let lib = "//! The core.\n\npub mod json;\n\n#[cfg(test)]\nmod tests;\n";
    write(&root.join("runtime/core/src/lib.rs"), lib);
    write(&root.join("runtime/core/src/json.rs"), "//! JSON.\n");
    write(&root.join("runtime/core/src/tests.rs"), "//! Tests.\n");
    write(
        &root.join("runtime/core/tests/more.rs"),
        "//! More tests.\n",
    );
    write(
        &root.join("runtime/client/Cargo.toml"),
        "[package]\nname = \"tinsmith-client\"\nversion.workspace = true\n\
         edition.workspace = true\n\n[features]\nring = []\n\n[dependencies]\n\
         tinsmith-core.workspace = true\n",
    );
    write(&root.join("runtime/client/src/lib.rs"), "//! The client.\n");
    write(
        &root.join("model/cities.json"),
        &model(&["GetCity", "FindCity"]),
    );
    root
}

fn run(root: &Path, arguments: &[&str]) -> Output {
    common::run(root, "vendor", arguments)
}

/// The files below `root/vendor` by their paths there.
fn vendored(root: &Path) -> BTreeMap<String, String> {
    let folder = root.join("vendor");
    let name = |path: PathBuf| path.strip_prefix(&folder).unwrap().display().to_string();
    let files = files(&folder).into_iter();
    files.map(|(path, text)| (name(path), text)).collect()
}

/// The rest of the line in a record that begins with `key = `.
fn entry<'t>(record: &'t str, key: &str) -> &'t str {
    let line = record.lines().find(|line| line.starts_with(key));
    line.unwrap().split_once(" = ").unwrap().1
}

const CHECK: [&str; 2] = ["--check", "vendor"];

#[test]
fn a_copy_needs_nothing_of_the_workspace() {
    let root = workspace("vendor-copy");
    let output = run(&root, &["cities", "vendor", "--operations", "GetCity"]);
    let stdout = success(&output);
    assert!(
        stdout.starts_with("tinsmith-cities: 1 operation, 2 shapes, "),
        "{stdout}"
    );
    let files = vendored(&root);
    let paths: Vec<&str> = files.keys().map(String::as_str).collect();
    let expected = [
        "tinsmith-cities/.gitattributes",
        "tinsmith-cities/Cargo.toml",
        "tinsmith-cities/LICENSE",
        "tinsmith-cities/NOTICE",
        "tinsmith-cities/README.md",
        "tinsmith-cities/rustfmt.toml",
        "tinsmith-cities/src/client.rs",
        "tinsmith-cities/src/lib.rs",
        "tinsmith-cities/src/operation/get_city.rs",
        "tinsmith-cities/src/operation/mod.rs",
        "tinsmith-cities/src/types/city.rs",
        "tinsmith-cities/src/types/mod.rs",
        "tinsmith-client/.gitattributes",
        "tinsmith-client/Cargo.toml",
        "tinsmith-client/LICENSE",
        "tinsmith-client/NOTICE",
        "tinsmith-client/rustfmt.toml",
        "tinsmith-client/src/lib.rs",
        "tinsmith-core/.gitattributes",
        "tinsmith-core/Cargo.toml",
        "tinsmith-core/LICENSE",
        "tinsmith-core/NOTICE",
        "tinsmith-core/rustfmt.toml",
        "tinsmith-core/src/json.rs",
        "tinsmith-core/src/lib.rs",
        "tinsmith-core/src/tests.rs",
        "tinsmith.toml",
    ];
    assert_eq!(paths, expected);
    for (path, text) in &files {
        assert!(!text.contains("workspace = true"), "{path}: {text}");
    }
    for name in ["tinsmith-cities", "tinsmith-client"] {
        let manifest = &files[&format!("{name}/Cargo.toml")];
        assert!(
            manifest.contains("path = \"../tinsmith-core\""),
            "{manifest}"
        );
    }
    let record = &files["tinsmith.toml"];
    assert_eq!(entry(record, "operations"), "[\"GetCity\"]");
    assert_eq!(entry(record, "model "), "\"cities\"");
    let stdout = success(&run(&root, &CHECK));
    assert_eq!(stdout, "vendor: 26 files, unchanged and up to date\n");
}

#[test]
fn a_second_run_changes_nothing_and_fewer_operations_leave_nothing_stale() {
    let root = workspace("vendor-update");
    success(&run(&root, &["cities", "vendor"]));
    write(&root.join("vendor/mine.rs"), "mine\n");
    write(
        &root.join("vendor/other/src/lib.rs"),
        "// @generated by cargo xtask codegen\n",
    );
    let before = vendored(&root);
    assert!(before.contains_key("tinsmith-cities/src/operation/find_city.rs"));
    let stdout = success(&run(&root, &["cities", "vendor"]));
    assert!(stdout.contains(" 0 files written, "), "{stdout}");
    assert_eq!(vendored(&root), before);

    let stdout = success(&run(
        &root,
        &["cities", "vendor", "--operations", "GetCity"],
    ));
    assert!(stdout.contains(" 1 removed"), "{stdout}");
    let after = vendored(&root);
    let gone: Vec<_> = before
        .keys()
        .filter(|path| !after.contains_key(*path))
        .collect();
    assert_eq!(gone, ["tinsmith-cities/src/operation/find_city.rs"]);
    assert!(!after["tinsmith-cities/src/operation/mod.rs"].contains("find_city"));
    success(&run(&root, &CHECK));

    success(&run(&root, &["cities", "vendor"]));
    assert_eq!(vendored(&root), before);
}

#[test]
fn crates_share_a_runtime_and_are_brought_up_to_date_together() {
    let root = workspace("vendor-shared");
    write(&root.join("model/lakes.json"), &model(&["GetLake"]));
    write(
        &root.join("model/lakes.overlay.json"),
        r#"{"smithy": "2.0"}"#,
    );
    success(&run(
        &root,
        &["cities", "vendor", "--operations", "FindCity"],
    ));
    success(&run(&root, &["lakes", "vendor"]));
    let record = vendored(&root)["tinsmith.toml"].clone();
    assert!(record.contains("[crates.tinsmith-cities]"), "{record}");
    assert_eq!(entry(&record, "overlay-sha256").len(), 66);
    success(&run(&root, &CHECK));

    write(
        &root.join("runtime/core/src/json.rs"),
        "//! JSON, better.\n",
    );
    write(
        &root.join("model/cities.json"),
        &model(&["FindCity", "SellCity"]),
    );
    let (stdout, stderr) = failure(&run(&root, &CHECK), 1);
    assert_eq!(
        stdout,
        "outdated: model/cities.json has changed\n\
         outdated: tinsmith-core: 1 file would differ\n"
    );
    let command = "\n  cargo xtask vendor cities vendor --operations FindCity\n";
    assert!(stderr.contains(command), "{stderr}");
    success(&run(&root, &["lakes", "vendor"]));
    success(&run(&root, &CHECK));
    let files = vendored(&root);
    assert!(files["tinsmith-core/src/json.rs"].contains("better"));
    assert!(!files.contains_key("tinsmith-cities/src/operation/sell_city.rs"));

    fs::remove_file(root.join("model/cities.json")).unwrap();
    let (_, stderr) = failure(&run(&root, &["lakes", "vendor"]), 1);
    assert!(
        stderr.contains("tinsmith-cities was vendored before"),
        "{stderr}"
    );
}

#[test]
fn edits_are_named_and_kept() {
    let root = workspace("vendor-edits");
    let kept = ["cities", "vendor"];
    success(&run(&root, &kept));
    let folder = root.join("vendor/tinsmith-cities");
    write(&folder.join("src/lib.rs"), "// edited\n");
    write(&folder.join("src/operation/find_city.rs"), "// edited\n");
    write(&folder.join("src/mine.rs"), "// mine\n");
    // What cargo makes.
    write(&folder.join("Cargo.lock"), "");
    write(&folder.join("target/debug/out"), "");
    fs::remove_file(root.join("vendor/tinsmith-core/LICENSE")).unwrap();
    let before = vendored(&root);

    let (stdout, stderr) = failure(&run(&root, &CHECK), 1);
    assert_eq!(
        stdout,
        "changed: vendor/tinsmith-cities/src/lib.rs\n\
         changed: vendor/tinsmith-cities/src/operation/find_city.rs\n\
         missing: vendor/tinsmith-core/LICENSE\n\
         additional: vendor/tinsmith-cities/src/mine.rs\n"
    );
    assert!(
        stderr.contains(
            "move the additional files away and run\n  cargo xtask vendor cities vendor --force\n"
        ),
        "{stderr}"
    );

    // One of them would be overwritten, the other removed.
    let fewer = ["cities", "vendor", "--operations", "GetCity"];
    let (_, stderr) = failure(&run(&root, &fewer), 1);
    assert_eq!(
        stderr,
        "error: nothing is written, because these files were edited:\n  \
         vendor/tinsmith-cities/src/lib.rs\n  \
         vendor/tinsmith-cities/src/operation/find_city.rs\n\
         To discard these edits, run\n  \
         cargo xtask vendor cities vendor --operations GetCity --force\n"
    );
    assert_eq!(vendored(&root), before);

    success(&run(
        &root,
        &["cities", "vendor", "--operations", "GetCity", "--force"],
    ));
    let after = vendored(&root);
    assert_ne!(after["tinsmith-cities/src/lib.rs"], "// edited\n");
    assert!(!after.contains_key("tinsmith-cities/src/operation/find_city.rs"));
    assert_eq!(after["tinsmith-cities/src/mine.rs"], "// mine\n");
    assert!(after.contains_key("tinsmith-core/LICENSE"));
    fs::remove_file(folder.join("src/mine.rs")).unwrap();
    success(&run(&root, &CHECK));
}

/// Version control may change them on the way.
#[test]
fn line_ends_are_no_edits() {
    let root = workspace("vendor-line-ends");
    success(&run(&root, &["cities", "vendor"]));
    for (path, text) in files(&root.join("vendor")) {
        fs::write(path, text.replace('\n', "\r\n")).unwrap();
    }
    success(&run(&root, &CHECK));
    success(&run(&root, &["cities", "vendor"]));
}

#[test]
fn files_of_others_are_never_overwritten() {
    let root = workspace("vendor-foreign");
    let mine = root.join("vendor/tinsmith-cities/src/lib.rs");
    write(&mine, "// mine\n");
    for force in [&["cities", "vendor"][..], &["cities", "vendor", "--force"]] {
        let (_, stderr) = failure(&run(&root, force), 1);
        assert!(
            stderr.contains("in the way:\n  vendor/tinsmith-cities/src/lib.rs\n"),
            "{stderr}"
        );
        assert_eq!(files(&root.join("vendor")).len(), 1);
    }
}

#[test]
fn printed_commands_can_be_pasted() {
    let root = workspace("vendor-paste");
    let check = ["--check", "a b/it's"];
    fs::create_dir_all(root.join("a b/it's")).unwrap();
    let (_, stderr) = failure(&run(&root, &check), 1);
    let line = r"cargo xtask vendor NAME 'a b/it'\''s'";
    assert!(stderr.contains(&format!("\n  {line}\n")), "{stderr}");
    success(&run(&root, &["cities", "a b/it's"]));
    write(&root.join("a b/it's/tinsmith-cities/NOTICE"), "edited\n");
    let (_, stderr) = failure(&run(&root, &check), 1);
    let line = line.replace("NAME", "cities") + " --force";
    assert!(stderr.contains(&format!("\n  {line}\n")), "{stderr}");
    let (_, stderr) = failure(&run(&root, &["cities", "a b/it's"]), 1);
    assert!(stderr.contains(&format!("\n  {line}\n")), "{stderr}");
    let (_, stderr) = failure(&run(&root, &["--check", "--", "-dir"]), 1);
    assert!(stderr.contains(" NAME ./-dir\n"), "{stderr}");
}

#[test]
fn mistakes_are_named_and_nothing_is_written() {
    let root = workspace("vendor-mistakes");
    write(&root.join("file"), "");
    for (arguments, code, expected) in [
        (
            &["citys", "vendor"][..],
            1,
            "there is no model `citys` under model/; did you mean `cities`?",
        ),
        (
            &["model/cities.json", "vendor"],
            1,
            "there is no model `model/cities.json` under model/; did you mean `cities`?",
        ),
        (
            &["cities", "vendor", "--operations", "GetCitty"],
            1,
            // Not by its absolute path.
            "error: model/cities.json: the service has no operation `GetCitty`; did you mean `GetCity`?",
        ),
        (
            &["cities", "vendor", "--operations", "Nosuch"],
            1,
            "error: model/cities.json: the service has no operation `Nosuch`; expected one of FindCity, GetCity",
        ),
        (
            &["cities", "gone/vendor"],
            1,
            "gone/vendor: the parent directory gone does not exist",
        ),
        (
            &["cities", "file"],
            1,
            "file: is a file; expected a directory",
        ),
        (
            &["--check", "file"],
            1,
            "file: is a file; expected a directory",
        ),
        (
            &["--check", "vendor"],
            1,
            "nothing was vendored; begin with\n  cargo xtask vendor NAME vendor",
        ),
        (&["cities"], 2, "missing arguments NAME and DEST"),
        (&["cities", ""], 2, "DEST must not be empty"),
        (&["cities", "a", "b"], 2, "unexpected argument \"b\""),
        (&["--check"], 2, "`--check` takes one argument DEST"),
        (
            &["--check", "vendor", "--force"],
            2,
            "`--check` takes one argument DEST",
        ),
        (
            &["cities", "vendor", "--operations", ","],
            2,
            "`--operations` needs at least one name",
        ),
        (
            &[
                "cities",
                "v",
                "--operations",
                "GetCity",
                "--operations",
                "A",
            ],
            2,
            "`--operations` is given twice",
        ),
        (
            &["cities", "vendor", "--fast"],
            2,
            "invalid option '--fast'",
        ),
    ] {
        let (_, stderr) = failure(&run(&root, arguments), code);
        assert!(stderr.contains(expected), "{arguments:?}: {stderr}");
        assert!(!root.join("vendor").exists());
    }
    write(
        &root.join("vendor/tinsmith.toml"),
        "generator = 1\ncrates = {}\n",
    );
    let (_, stderr) = failure(&run(&root, &["cities", "vendor"]), 1);
    assert!(
        stderr.contains("vendor/tinsmith.toml: `generator` is not a string; restore it"),
        "{stderr}"
    );
}

#[test]
fn help_is_an_answer() {
    let root = workspace("vendor-help");
    let (stdout, stderr) = texts(&run(&root, &["--help"]));
    assert!(
        stdout.contains("Example:\n  cargo xtask vendor kms "),
        "{stdout}{stderr}"
    );
}
