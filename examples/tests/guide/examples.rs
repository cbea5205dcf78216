//! The examples, run against moto as their reader would run them.

use tinsmith_interop::moto::Moto;
use tinsmith_interop::python;

/// What an example prints that runs with credentials and, if it needs one, a server.
fn run(program: &str, region: &str, server: Option<&Moto>) -> String {
    let mut command = python::isolated(program);
    if let Some(moto) = server {
        command
            .env("AWS_ENDPOINT_URL", moto.url())
            .env("AWS_REGION", region)
            .env("AWS_ACCESS_KEY_ID", "AKID")
            .env("AWS_SECRET_ACCESS_KEY", "secret");
    }
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn quick_start_decrypts_its_text() {
    let Some(moto) = Moto::shared().unwrap() else {
        return;
    };
    let program = env!("CARGO_BIN_EXE_quick_start");
    let stdout = run(program, "eu-central-1", Some(&moto));
    let (key_id, text) = stdout.trim_end().split_once(": ").unwrap();
    assert_eq!(key_id.len(), 36, "{stdout}");
    assert_eq!(text, "attack at dawn");
}

#[test]
fn envelope_encryption_seals_a_file() {
    let Some(moto) = Moto::shared().unwrap() else {
        return;
    };
    let program = env!("CARGO_BIN_EXE_envelope_encryption");
    let stdout = run(program, "eu-west-1", Some(&moto));
    assert!(stdout.starts_with("15000 bytes, sealed in 15"), "{stdout}");
}

#[test]
fn sign_and_verify() {
    let Some(moto) = Moto::shared().unwrap() else {
        return;
    };
    let program = env!("CARGO_BIN_EXE_sign_and_verify");
    let stdout = run(program, "eu-west-2", Some(&moto));
    assert_eq!(stdout, "pay 10 to Ada: signed\npay 99 to Eve: forged\n");
}

#[test]
fn list_keys_prints_pages() {
    let Some(moto) = Moto::shared().unwrap() else {
        return;
    };
    let program = env!("CARGO_BIN_EXE_list_keys");
    let stdout = run(program, "eu-west-3", Some(&moto));
    let pages = stdout
        .lines()
        .filter_map(|line| line.strip_prefix("a page of "));
    let pages: usize = pages.map(|count| count.parse::<usize>().unwrap()).sum();
    let arns = stdout
        .lines()
        .filter(|line| line.starts_with("arn:aws:kms:eu-west-3:"));
    assert_eq!((pages, arns.count()), (5, 5), "{stdout}");
    assert!(stdout.ends_with("\n5 keys\n"), "{stdout}");
}

#[test]
fn custom_key_store() {
    let stdout = run(env!("CARGO_BIN_EXE_custom_key_store"), "", None);
    let store = "cks-1234567890abcdef0";
    let steps = ["created", "connected", "disconnected", "deleted"];
    let expected = steps.map(|step| format!("{store}: {step}\n")).concat();
    assert_eq!(stdout, expected);
}

/// What somebody sees who has configured nothing yet.
#[test]
fn says_what_is_missing() {
    let run = |variables: &[(&str, &str)]| {
        let mut program = python::isolated(env!("CARGO_BIN_EXE_quick_start"));
        let output = program.envs(variables.iter().copied()).output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let nothing = run(&[]);
    assert!(nothing.contains("AWS_REGION"), "{nothing}");
    // `main` returns the error, so this is its `Debug`.
    assert!(nothing.starts_with("Error: no region: "), "{nothing}");
    let region = run(&[("AWS_REGION", "eu-central-1")]);
    assert!(region.contains("AWS_ACCESS_KEY_ID"), "{region}");
}

/// What the README shows is the program that runs here.
#[test]
fn quick_start_stands_in_the_readme() {
    let program = include_str!("../../src/bin/quick_start.rs");
    let body = program.split_once("\n\n").unwrap().1;
    let readme = include_str!("../../../README.md");
    assert!(
        readme.contains(body),
        "copy examples/src/bin/quick_start.rs into README.md"
    );
}

/// Each stays good to read.
#[test]
fn examples_are_short() {
    for entry in std::fs::read_dir(crate::root().join("examples/src/bin")).unwrap() {
        let path = entry.unwrap().path();
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 120, "{}: {lines} lines", path.display());
    }
}
