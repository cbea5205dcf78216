//! The program that the README shows, run as its reader would.

use std::env;
use std::path::PathBuf;

use tinsmith_interop::moto::Moto;
use tinsmith_interop::python;

/// Cargo builds examples for `cargo test` and puts them beside the tests' folder.
fn program() -> PathBuf {
    let test = env::current_exe().unwrap();
    let target = test.parent().unwrap().parent().unwrap();
    let name = format!("quick_start{}", env::consts::EXE_SUFFIX);
    let program = target.join("examples").join(name);
    assert!(
        program.exists(),
        "run `cargo test -p tinsmith-interop`, which builds {}",
        program.display()
    );
    program
}

#[test]
fn encrypts_and_decrypts() {
    let Some(moto) = Moto::shared().unwrap() else {
        return;
    };
    let output = python::isolated(program())
        .env("AWS_ENDPOINT_URL_KMS", moto.url())
        .env("AWS_REGION", "eu-central-1")
        .env("AWS_ACCESS_KEY_ID", "AKID")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let stdout = String::from_utf8(output.stdout).unwrap();
    let (key_id, text) = stdout.trim_end().split_once(": ").unwrap();
    assert_eq!(key_id.len(), 36, "{stdout}");
    assert_eq!(text, "attack at dawn");
}

/// What somebody sees who has configured nothing yet.
#[test]
fn says_what_is_missing() {
    let run = |variables: &[(&str, &str)]| {
        let mut program = python::isolated(program());
        let output = program.envs(variables.iter().copied()).output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let nothing = run(&[]);
    assert!(nothing.contains("AWS_REGION"), "{nothing}");
    let region = run(&[("AWS_REGION", "eu-central-1")]);
    assert!(region.contains("AWS_ACCESS_KEY_ID"), "{region}");
}

/// What the README shows is the program that runs here.
#[test]
fn stands_in_the_readme() {
    let program = include_str!("../../examples/quick_start.rs");
    let body = program.split_once("\n\n").unwrap().1;
    let readme = include_str!("../../../README.md");
    assert!(
        readme.contains(body),
        "copy interop/examples/quick_start.rs into README.md"
    );
}
