//! `cargo xtask model import`, run as a program.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use flate2::Compression;
use flate2::write::GzEncoder;

/// A directory of one test's own, empty but for `model`.
fn directory(test: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(directory.join("model")).unwrap();
    directory
}

/// Runs `model import` in a directory; its models go to `model` there.
fn command<S: AsRef<OsStr>>(directory: &Path, arguments: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(["model", "import"])
        .args(arguments)
        .args(["--models", "model"]);
    command.current_dir(directory);
    command
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    command(directory, arguments).output().unwrap()
}

/// The standard error of a run that failed with `code`.
fn failure(output: &Output, code: i32) -> String {
    let message = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{message}");
    message
}

/// The names of the files in a directory; none when it is not there.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A service model with one operation.
fn service_model(api_version: &str) -> String {
    format!(
        r#"{{"metadata": {{"apiVersion": "{api_version}", "endpointPrefix": "city", "jsonVersion": "1.1",
            "protocol": "json", "serviceId": "City", "signatureVersion": "v4", "targetPrefix": "City"}},
        "operations": {{"Get": {{"output": {{"shape": "Out"}}}}}},
        "shapes": {{"Out": {{"type": "structure", "members": {{}}}}}}}}"#
    )
}

/// A package with the service `city` in two versions, its newer one gzipped.
fn package(directory: &Path) {
    let package = directory.join("botocore");
    let service = package.join("data/city");
    for version in ["2019-01-01", "2020-01-01"] {
        fs::create_dir_all(service.join(version)).unwrap();
    }
    fs::write(
        package.join("__init__.py"),
        "import os\n\n__version__ = '9.8.7'\n",
    )
    .unwrap();
    fs::write(
        service.join("2019-01-01/service-2.json"),
        service_model("2019-01-01"),
    )
    .unwrap();
    let newer = File::create(service.join("2020-01-01/service-2.json.gz")).unwrap();
    let mut newer = GzEncoder::new(newer, Compression::fast());
    newer
        .write_all(service_model("2020-01-01").as_bytes())
        .unwrap();
    newer.finish().unwrap();
    let paginators = r#"{"pagination": {"Get": {"input_token": "a", "output_token": "b"}}}"#;
    fs::write(service.join("2020-01-01/paginators-1.json"), paginators).unwrap();
}

const SMITHY: &str = r#"{"smithy": "2.0", "shapes": {
    "a#S": {"type": "service", "version": "2021", "traits": {"smithy.api#documentation": "Prose."}}}}"#;

#[test]
fn the_newest_version_is_imported_with_the_files_beside_it() {
    let directory = directory("newest");
    package(&directory);
    let output = run(&directory, &["city", "--botocore", "botocore"]);
    assert!(output.status.success(), "{output:?}");
    let model = fs::read_to_string(directory.join("model/city.json")).unwrap();
    assert!(
        model.starts_with("{\n  \"smithy\": \"2.0\",\n  \"shapes\": {\n"),
        "{model}"
    );
    assert!(
        model.contains("\"version\": \"2020-01-01\"") && model.contains("smithy.api#paginated")
    );
    let sources = fs::read_to_string(directory.join("model/sources.toml")).unwrap();
    assert!(
        sources.contains("source = \"botocore 9.8.7 data/city/2020-01-01\""),
        "{sources}"
    );
    assert_eq!(
        names(&directory.join("model")),
        ["city.json", "sources.toml"]
    );
}

#[test]
fn entries_are_sorted_and_keep_their_date_while_the_source_is_the_same() {
    let directory = directory("sources");
    fs::write(directory.join("m.json"), SMITHY).unwrap();
    for name in ["b", "a"] {
        assert!(
            run(&directory, &[name, "--smithy", "m.json"])
                .status
                .success()
        );
    }
    let index = directory.join("model/sources.toml");
    let text = fs::read_to_string(&index).unwrap();
    let entries: toml::Table = text.parse().unwrap();
    assert_eq!(entries.keys().collect::<Vec<_>>(), ["a", "b"]);
    // The digest is what `sha256sum` says of the file.
    let digest = "c2860aa6d76a44249c69ffbc625cdb57bf5322796a9ee8ba597ba446e48f7867";
    assert_eq!(entries["a"]["sha256"].as_str(), Some(digest));
    assert_eq!(entries["a"]["source"].as_str(), Some("m.json"));
    assert_eq!(entries["a"]["version"].as_str(), Some("2021"));

    let today = entries["a"]["date"].as_str().unwrap();
    let old = text.replace(today, "2001-02-03");
    fs::write(&index, &old).unwrap();
    assert!(
        run(&directory, &["a", "--smithy", "m.json"])
            .status
            .success()
    );
    assert_eq!(fs::read_to_string(&index).unwrap(), old);
    fs::write(directory.join("m.json"), SMITHY.replace("2021", "2022")).unwrap();
    assert!(
        run(&directory, &["a", "--smithy", "m.json"])
            .status
            .success()
    );
    let entries: toml::Table = fs::read_to_string(&index).unwrap().parse().unwrap();
    assert_eq!(entries["a"]["date"].as_str(), Some(today));
    assert_eq!(entries["b"]["date"].as_str(), Some("2001-02-03"));
}

#[test]
fn bad_input_writes_nothing() {
    let directory = directory("bad-input");
    package(&directory);
    fs::write(directory.join("m.json"), "{\n  \"smithy\": oops}").unwrap();
    fs::write(directory.join("bytes.json"), b"{\xff").unwrap();
    fs::write(
        directory.join("botocore/data/city/2020-01-01/waiters-2.json.gz"),
        "not gzip",
    )
    .unwrap();
    let cases: [(&[&str], &str); 7] = [
        (
            &["a", "--smithy", "botocore"],
            "botocore: is a directory; expected a file",
        ),
        (&["a", "--smithy", "m.json"], "m.json:2:"),
        (
            &["a", "--smithy", "bytes.json"],
            "bytes.json:1:2: not valid UTF-8",
        ),
        (&["a", "--smithy", "gone.json"], "gone.json: no such file"),
        (
            &["a", "--botocore", "gone"],
            "gone: not the botocore package: it has no directory `data`",
        ),
        (
            &["town", "--botocore", "botocore"],
            "botocore/data: botocore has no service `town`; the directories in this folder are the services",
        ),
        (&["city", "--botocore", "botocore"], "waiters-2.json.gz: "),
    ];
    for (arguments, expected) in cases {
        let message = failure(&run(&directory, arguments), 1);
        assert!(message.contains(expected), "{arguments:?}: {message}");
    }
    assert_eq!(names(&directory.join("model")), [""; 0]);
}

#[test]
fn an_older_source_needs_leave() {
    let directory = directory("older");
    package(&directory);
    let import = |more: &[&str]| {
        let arguments = [&["city", "--botocore", "botocore"], more].concat();
        run(&directory, &arguments)
    };
    let sources = || fs::read_to_string(directory.join("model/sources.toml")).unwrap();
    let of_version = |version: &str| {
        let init = format!("__version__ = '{version}'\n");
        fs::write(directory.join("botocore/__init__.py"), init).unwrap();
    };
    of_version("9.8.10");
    assert!(import(&[]).status.success());
    // Older, though not by text.
    of_version("9.8.7");
    let message = failure(&import(&[]), 1);
    let expected = "`city` was imported from botocore 9.8.10, and botocore 9.8.7 is older; ";
    assert!(message.contains(expected), "{message}");
    assert!(sources().contains("botocore 9.8.10 "), "{}", sources());
    assert!(import(&["--allow-older"]).status.success());
    assert!(sources().contains("botocore 9.8.7 "), "{}", sources());

    fs::remove_dir_all(directory.join("botocore/data/city/2020-01-01")).unwrap();
    let message = failure(&import(&[]), 1);
    let expected =
        "`city` was imported from API version 2020-01-01, and API version 2019-01-01 is older; ";
    assert!(message.contains(expected), "{message}");
}

#[test]
fn suggests_the_name_of_a_service() {
    let directory = directory("suggests");
    package(&directory);
    fs::rename(
        directory.join("botocore/data/city"),
        directory.join("botocore/data/towns"),
    )
    .unwrap();
    // Not a service: a file of a name that is nearer.
    fs::write(directory.join("botocore/data/town"), "").unwrap();
    for name in ["town", "city"] {
        let message = failure(&run(&directory, &[name, "--botocore", "botocore"]), 1);
        let expected = format!("botocore has no service `{name}`; did you mean `towns`?");
        assert!(message.contains(&expected), "{message}");
    }
}

#[test]
fn an_index_that_cannot_be_read_leaves_the_model_as_it_is() {
    let directory = directory("bad-index");
    fs::write(directory.join("m.json"), SMITHY).unwrap();
    fs::write(directory.join("model/a.json"), "before").unwrap();
    fs::write(directory.join("model/sources.toml"), "[a\n").unwrap();
    let message = failure(&run(&directory, &["a", "--smithy", "m.json"]), 1);
    assert!(message.contains("sources.toml: "), "{message}");
    assert_eq!(
        fs::read_to_string(directory.join("model/a.json")).unwrap(),
        "before"
    );
    assert_eq!(names(&directory.join("model")), ["a.json", "sources.toml"]);
}

#[test]
fn a_place_that_cannot_be_written_leaves_no_temporary_file() {
    let directory = directory("unwritable");
    fs::write(directory.join("m.json"), SMITHY).unwrap();
    fs::create_dir_all(directory.join("model/a.json")).unwrap();
    let message = failure(&run(&directory, &["a", "--smithy", "m.json"]), 1);
    assert!(message.contains("a.json: cannot be written: "), "{message}");
    assert_eq!(names(&directory.join("model")), ["a.json"]);
}

#[cfg(unix)]
#[test]
fn waits_for_no_pipe_in_the_place_of_a_file() {
    let directory = directory("import-pipe");
    package(&directory);
    let pipe = |name: &str| {
        let pipe = directory.join("model").join(name);
        assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
    };
    let import = || run(&directory, &["city", "--botocore", "botocore"]);
    pipe("city.json");
    assert!(import().status.success());
    fs::remove_file(directory.join("model/sources.toml")).unwrap();
    pipe("sources.toml");
    let expected = "error: model/sources.toml: not a file that can be read to its end\n";
    assert_eq!(failure(&import(), 1), expected);
}

#[test]
fn models_need_a_directory_that_exists() {
    let directory = directory("models-file");
    fs::write(directory.join("m.json"), SMITHY).unwrap();
    fs::remove_dir(directory.join("model")).unwrap();
    let message = failure(&run(&directory, &["a", "--smithy", "m.json"]), 1);
    assert_eq!(message, "error: model: no such directory\n");
    assert!(!directory.join("model").exists());
    fs::write(directory.join("model"), "").unwrap();
    let message = failure(&run(&directory, &["a", "--smithy", "m.json"]), 1);
    assert_eq!(message, "error: model: is a file; expected a directory\n");
}

#[test]
fn wrong_arguments_exit_with_2() {
    let directory = directory("usage");
    for arguments in [
        &[][..],
        &["../a"],
        &["a", "--what"],
        &["a", "--smithy", "x", "--botocore"],
        &["a", "--models", "twice"],
    ] {
        let message = failure(&run(&directory, arguments), 2);
        assert!(
            message.contains("cargo xtask model import --help"),
            "{arguments:?}: {message}"
        );
    }
    let help = run(&directory, &["--help"]);
    assert!(
        help.status.success()
            && help
                .stdout
                .starts_with(b"Import a model: write model/NAME.json"),
        "{help:?}"
    );
}

#[cfg(unix)]
#[test]
fn without_python_or_botocore_the_message_says_what_to_do() {
    use std::os::unix::fs::PermissionsExt as _;

    let directory = directory("python");
    let without = |search_path: &str| {
        let output = command(&directory, &["kms"])
            .env("PATH", directory.join(search_path))
            .output();
        failure(&output.unwrap(), 1)
    };
    let message = without("empty");
    assert!(message.contains("`python3` was not found"), "{message}");

    let python = directory.join("python3");
    fs::write(&python, "#!/bin/sh\nexit 1\n").unwrap();
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
    let message = without("");
    assert!(
        message.contains("python3 has no botocore: install botocore"),
        "{message}"
    );
    assert!(
        message.contains("--botocore DIR") && message.contains("--smithy FILE"),
        "{message}"
    );
}

/// Services of every kind: event streams, endpoint discovery, unions, several protocols.
const SERVICES: &[&str] = &[
    "cloudtrail",
    "cloudwatch",
    "cognito-identity",
    "dynamodb",
    "ecr",
    "ecs",
    "kinesis",
    "kms",
    "logs",
    "secretsmanager",
    "sqs",
    "ssm",
    "stepfunctions",
];

#[test]
fn real_services_are_imported() {
    let Some(python) = tinsmith_testing::python() else {
        return;
    };
    let about = "import botocore; print(botocore.__version__, botocore.__path__[0])";
    let about = Command::new(python).args(["-c", about]).output().unwrap();
    let about = String::from_utf8(about.stdout).unwrap();
    let (version, botocore) = about.trim_end().split_once(' ').unwrap();
    let directory = directory("real");
    for name in SERVICES {
        let output = run(&directory, &[name, "--botocore", botocore]);
        assert!(output.status.success(), "{output:?}");
    }

    // The committed model is what the botocore that it names gives.
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../model");
    let sources: toml::Table = fs::read_to_string(committed.join("sources.toml"))
        .unwrap()
        .parse()
        .unwrap();
    let source = sources["kms"]["source"].as_str().unwrap();
    if source.split(' ').nth(1) != Some(version) {
        let reason = format!("the model of KMS is from {source}, and this is botocore {version}");
        tinsmith_testing::not_run(&reason);
        return;
    }
    let model = |directory: &Path| fs::read_to_string(directory.join("kms.json")).unwrap();
    assert!(
        model(&committed) == model(&directory.join("model")),
        "run `cargo xtask model import kms`"
    );
}

#[test]
fn what_replaces_a_model_is_compared_with_it() {
    let directory = directory("replaces");
    let service = |member: &str| {
        format!(
            r##"{{"smithy": "2.0", "shapes": {{
            "a#S": {{"type": "service", "version": "1", "operations": [{{"target": "a#Get"}}],
                "traits": {{"aws.protocols#awsJson1_1": {{}}}}}},
            "a#Get": {{"type": "operation", "output": {{"target": "a#Out"}}}},
            "a#Out": {{"type": "structure", "members": {{"{member}": {{"target": "smithy.api#String"}}}}}}}}}}"##
        )
    };
    let import = |text: &str| {
        fs::write(directory.join("m.json"), text).unwrap();
        let output = run(&directory, &["city", "--smithy", "m.json"]);
        assert!(output.status.success(), "{output:?}");
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr))
    };
    // There is nothing yet to compare with.
    assert_eq!(import(&service("Name")).0.lines().count(), 1);
    let (stdout, _) = import(&service("Size"));
    let expected = "\nmajor: 1 of 2 changes can keep a caller from compiling: Get\n\
                city.json, replaced -> city.json, imported: 1 member added, 1 member removed\n";
    assert!(stdout.contains(expected), "{stdout}");
    // A model that no crate can be made of is imported all the same.
    let (_, stderr) = import(SMITHY);
    assert!(
        stderr.contains("notice: cannot compare the two models: "),
        "{stderr}"
    );
}
