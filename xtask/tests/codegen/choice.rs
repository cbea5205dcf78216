//! What is generated: the service, its operations and the name of the crate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::common::{failure, files, model, success, workspace, write};
use super::run;

/// A workspace with models of one or two services in city.json and two.json.
fn with_models(test: &str) -> PathBuf {
    let root = workspace(test);
    write(&root.join("city-2026.json"), &model(&["GetCity"]));
    let second = r##""shapes": {
        "b#Lakes": {"type": "service", "version": "2", "operations": [{"target": "a#GetCity"}],
            "traits": {"aws.protocols#restJson1": {}}},
        "c#Rivers": {"type": "service", "version": "3", "operations": [{"target": "a#FindCity"}],
            "traits": {"aws.protocols#awsJson1_0": {}, "aws.api#service": {"sdkId": "Big Rivers"}}},
        "d#Rivers": {"type": "service", "version": "4",
            "traits": {"aws.protocols#awsJson1_0": {}}},"##;
    let text = model(&["GetCity", "FindCity"]).replacen("\"shapes\": {", second, 1);
    write(&root.join("two.json"), &text);
    root
}

fn arguments<'a>(model: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let own = ["--model", model, "--out", "out", "--runtime", "0.1"];
    [&own[..], more].concat()
}

/// The name of the crate in out.
fn name(root: &Path) -> String {
    let manifest = fs::read_to_string(root.join("out/Cargo.toml")).unwrap();
    let line = manifest.lines().find(|line| line.starts_with("name = "));
    line.unwrap().split('"').nth(1).unwrap().to_owned()
}

#[test]
fn crate_is_named_after_its_service() {
    let root = with_models("choice-name");
    let text = model(&["GetCity"]);
    for (traits, shape, expected) in [
        ("", "Cities", "tinsmith-cities"),
        ("", "CityArchive_20260101", "tinsmith-city-archive-20260101"),
        ("SQS", "AmazonSQS", "tinsmith-sqs"),
        ("DynamoDB", "Cities", "tinsmith-dynamodb"),
        ("Cognito Identity", "Cities", "tinsmith-cognito-identity"),
    ] {
        let mut text = text.replace("a#Cities", &format!("a#{shape}"));
        if !traits.is_empty() {
            let traits = format!(r#""traits": {{"aws.api#service": {{"sdkId": "{traits}"}}, "#);
            text = text.replacen("\"traits\": {", &traits, 1);
        }
        write(&root.join("model-2026.json"), &text);
        let _ = fs::remove_dir_all(root.join("out"));
        success(&run(&root, &arguments("model-2026.json", &[])));
        assert_eq!(name(&root), expected);
    }
}

/// Older versions named it after the file.
#[test]
fn crate_keeps_the_name_of_its_models_file() {
    let root = with_models("choice-stem");
    success(&run(
        &root,
        &arguments("city-2026.json", &["--name", "city-2026"]),
    ));
    let before = files(&root.join("out"));
    success(&run(&root, &arguments("city-2026.json", &[])));
    assert_eq!(files(&root.join("out")), before);
}

#[test]
fn names_that_no_crate_can_have_are_refused() {
    let root = with_models("choice-taken");
    for (name, expected) in [
        (
            "client",
            "`tinsmith-client` is one of Tinsmith's own packages; pass another `--name`",
        ),
        (
            "std",
            "it is the name of a crate that comes with Rust; pass another `--name`",
        ),
        ("type", "it is a keyword of Rust; pass another `--name`"),
        (
            "",
            "use lower-case letters and digits, with single dashes between; ",
        ),
    ] {
        let (_, stderr) = failure(
            &run(&root, &arguments("city-2026.json", &["--name", name])),
            2,
        );
        let expected = format!("error: `{name}` cannot name a crate: {expected}");
        assert!(stderr.starts_with(&expected), "{stderr}");
    }
    // Names that nobody gave.
    let text = model(&["GetCity"]);
    write(
        &root.join("taken.json"),
        &text.replace("a#Cities", "a#Client"),
    );
    let (_, stderr) = failure(&run(&root, &arguments("taken.json", &[])), 1);
    let expected = "error: taken.json: `client` cannot name a crate: `tinsmith-client` is one of Tinsmith's \
        own packages; choose another with `--name`\n";
    assert_eq!(stderr, expected);
    success(&run(&root, &arguments("taken.json", &["--name", "cities"])));
    let traits = "\"traits\": {\"aws.api#service\": {\"sdkId\": \"Größe\"}, ";
    write(
        &root.join("invalid.json"),
        &text.replacen("\"traits\": {", traits, 1),
    );
    let (_, stderr) = failure(&run(&root, &arguments("invalid.json", &[])), 1);
    let expected = "error: invalid.json: a#Cities: no crate can be named after `Größe`; choose its \
        name with `--name`\n";
    assert_eq!(stderr, expected);
    // A model of this repository.
    write(&root.join("model/client.json"), &text);
    let (_, stderr) = failure(&run(&root, &[]), 1);
    let expected = "error: model/client.json: `client` cannot name a crate: `tinsmith-client` \
        is one of Tinsmith's own packages; rename it\n";
    assert_eq!(stderr, expected);
    assert!(!root.join("generated").exists());
}

#[test]
fn operation_that_cannot_be_generated_is_refused_by_name() {
    let root = with_models("choice-operations");
    let stream = r##""a#PutCity": {"type": "operation", "input": {"target": "a#PutCityInput"}},
        "a#PutCityInput": {"type": "structure", "members": {"body": {"target": "a#Body"}}},
        "a#Body": {"type": "blob", "traits": {"smithy.api#streaming": {}}},
        "a#City": {"##;
    let text = model(&["GetCity", "PutCity"]);
    let shapes = text.split("\"a#PutCity\": ").next().unwrap();
    let text = format!("{shapes}{stream}\"type\": \"structure\", \"members\": {{}}}}}}}}");
    write(&root.join("put.json"), &text);
    for operations in ["PutCity", "GetCity,PutCity"] {
        let more = ["--operations", operations];
        let (_, stderr) = failure(&run(&root, &arguments("put.json", &more)), 1);
        let expected = "error: put.json: a#PutCity: its member `body` is a blob that streams, \
            which cannot be generated yet; leave `PutCity` out of `--operations`\n";
        assert_eq!(stderr, expected);
        assert!(!root.join("out").exists());
    }
    // Where nobody asks for it, the others are of use.
    let stdout = success(&run(&root, &arguments("put.json", &[])));
    assert!(stdout.starts_with("cities: 1 operation, "), "{stdout}");
}

#[test]
fn one_of_several_services_is_chosen() {
    let root = with_models("choice-service");
    let refused = |more: &[&str]| failure(&run(&root, &arguments("two.json", more)), 1).1;
    assert_eq!(
        refused(&[]),
        "error: two.json: the model has 4 services; choose one of `a#Cities`, `b#Lakes`, \
         `c#Rivers`, `d#Rivers` with `--service ID`\n"
    );
    assert_eq!(
        refused(&["--service", "Rivers"]),
        "error: two.json: several services are named `Rivers`; choose one of `c#Rivers`, \
         `d#Rivers`\n"
    );
    assert_eq!(
        refused(&["--service", "Citys"]),
        "error: two.json: the model has no service `Citys`; did you mean `Cities`?\n"
    );
    assert_eq!(
        refused(&["--service", "c#River"]),
        "error: two.json: the model has no service `c#River`; did you mean `c#Rivers`?\n"
    );
    assert!(refused(&["--service", "Lakes"]).contains("b#Lakes: only services of awsJson"));
    let (_, stderr) = failure(&run(&root, &["--service", "Cities"]), 2);
    assert!(
        stderr.starts_with("error: `--service` needs `--model FILE`"),
        "{stderr}"
    );
    for (service, expected) in [
        ("c#Rivers", "big-rivers: 1 operation, "),
        ("Cities", "cities: 2 operations, "),
    ] {
        let _ = fs::remove_dir_all(root.join("out"));
        let stdout = success(&run(&root, &arguments("two.json", &["--service", service])));
        assert!(stdout.starts_with(expected), "{stdout}");
    }
}

#[cfg(unix)]
#[test]
fn printed_command_can_be_pasted() {
    let root = with_models("choice-paste");
    let folder = root.join("it's $HOME; `echo`");
    fs::create_dir_all(folder.join("a b")).unwrap();
    fs::copy(root.join("two.json"), folder.join("-two models.json")).unwrap();
    write(&folder.join("over lay.json"), r#"{"smithy": "2.0"}"#);
    let arguments = [
        ["--model", "-two models.json"],
        ["--overlay", "over lay.json"],
        ["--service", "c#Rivers"],
        ["--out", "a b/$(out)"],
        ["--name", "rivers"],
        ["--operations", "FindCity"],
        ["--runtime", ">=0.1, <0.3"],
    ]
    .concat();
    let mut check = Command::new(env!("CARGO_BIN_EXE_xtask"));
    check.arg("codegen").args(&arguments).arg("--check");
    let (_, stderr) = failure(&check.current_dir(&folder).output().unwrap(), 1);
    let (_, line) = stderr.trim_end().rsplit_once("\n  cargo xtask ").unwrap();
    let xtask = format!("exec \"$XTASK\" {line}");
    let mut shell = Command::new("sh");
    shell.args(["-c", &xtask]).current_dir(&folder);
    shell.env("XTASK", env!("CARGO_BIN_EXE_xtask"));
    let stdout = success(&shell.output().unwrap());
    assert!(stdout.starts_with("rivers: 1 operation, "), "{stdout}");
    assert!(folder.join("a b/$(out)/Cargo.toml").exists());
    success(&check.output().unwrap());
}
