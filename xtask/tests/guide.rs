//! The commands that the README and the guide tell are commands of this program.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A `cargo xtask` command and where it stands.
struct Documented {
    page: String,
    /// The words after `cargo xtask`.
    words: Vec<String>,
}

/// The commands in blocks of shell and in backticks.
fn documented(page: &Path) -> Vec<Documented> {
    let text = fs::read_to_string(page).unwrap();
    let mut found = Vec::new();
    for part in text.split("cargo xtask ").skip(1) {
        let end = part.find(['\n', '`', '#', '|']).unwrap_or(part.len());
        let words = part[..end].split_whitespace().map(str::to_owned);
        found.push(Documented {
            page: page.file_name().unwrap().to_string_lossy().into_owned(),
            words: words.collect(),
        });
    }
    found
}

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let docs = fs::read_dir(root.join("docs")).unwrap();
    let docs = docs.map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = docs.filter(|path| path.extension().is_some()).collect();
    pages.push(root.join("README.md"));
    pages.sort();
    pages
}

/// The blocks of TOML on a page.
fn manifests(page: &Path) -> Vec<toml::Table> {
    let text = fs::read_to_string(page).unwrap();
    let blocks = text.split("```toml\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap().parse().unwrap())
        .collect()
}

/// Cargo unites features: a development dependency with the default ones would turn them on in
/// the program under test, too.
#[test]
fn development_dependencies_add_no_default_features() {
    let mut count = 0;
    for page in pages() {
        for manifest in manifests(&page) {
            let Some(dependencies) = manifest.get("dev-dependencies") else {
                continue;
            };
            let ours = dependencies.as_table().unwrap().iter();
            for (name, dependency) in ours.filter(|(name, _)| name.starts_with("tinsmith-")) {
                let default = dependency.get("default-features");
                assert_eq!(default, Some(&false.into()), "{name} in {}", page.display());
                count += 1;
            }
        }
    }
    assert!(count > 0, "no page shows a development dependency");
}

/// What `cargo xtask WORDS --help` prints; nothing when there is no such command.
fn help(words: &[String]) -> Option<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.args(words).arg("--help").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    output.status.success().then_some(text)
}

/// The files in a folder of the repository with this ending, without it.
fn stems(folder: &str, ending: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let entries = fs::read_dir(root.join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let stems = names.filter_map(|name| name.strip_suffix(ending).map(str::to_owned));
    stems.collect()
}

/// What is wrong with a command, if anything is. Its arguments are read by the command itself, as
/// far as that can be done without running it; names are looked up here.
fn wrong(command: &Documented, imported: &[String]) -> Option<String> {
    // Words that stand for others.
    let words = command.words.iter().map(|word| match word.as_str() {
        "SUBJECT" => "all",
        word => word,
    });
    let words: Vec<String> = words.map(str::to_owned).collect();
    let command = words.first().map_or("", String::as_str);
    let known = match command {
        "example" => stems("examples/src/bin", ".rs"),
        "fuzz" => stems("fuzz/fuzz_targets", ".rs"),
        "codegen" | "vendor" => [stems("model", ".json"), imported.to_vec()].concat(),
        _ => Vec::new(),
    };
    let name = words.get(1).filter(|word| !word.starts_with('-'));
    let unknown = name.filter(|name| !known.is_empty() && !known.contains(name));
    if let Some(name) = unknown {
        return Some(format!("there is no `{name}` for `{command}`"));
    }
    // What follows its name is for the example.
    let own = if command == "example" { 1 } else { words.len() };
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
    // An option without its value would take the first.
    xtask.args(&words[..own]).args(["--help", "--help"]);
    let output = xtask.output().unwrap();
    let fault = String::from_utf8(output.stderr).unwrap();
    (!output.status.success()).then_some(fault)
}

#[test]
fn documented_commands_have_valid_arguments() {
    let mut count = 0;
    let mut faults = String::new();
    for page in pages() {
        let commands = documented(&page);
        let imported = commands
            .iter()
            .filter_map(|command| match &command.words[..] {
                [model, import, name, ..] if model == "model" && import == "import" => {
                    Some(name.clone())
                }
                _ => None,
            });
        let imported: Vec<String> = imported.collect();
        count += commands.len();
        for command in &commands {
            if let Some(fault) = wrong(command, &imported) {
                let line = command.words.join(" ");
                faults.push_str(&format!("{}: cargo xtask {line}: {fault}\n", command.page));
            }
        }
    }
    assert!(count > 30, "only {count} commands were found");
    assert!(faults.is_empty(), "{faults}");
}

/// The test above must be able to fail.
#[test]
fn wrong_arguments_are_found() {
    for line in [
        "codgen",
        "bench codegen memory",
        "bench cal",
        "bench call --pear",
        "bench --rounds",
        "codegen --chek",
        "codegen nosuch",
        "codegen --model a --model b",
        "codegen --operations ,",
        "conformance one two",
        "example nosuch",
        "fuzz nosuch",
        "fuzz json --seconds many",
        "interop all",
        "model dif a b",
        "model diff a b c",
        "model diff a b --format html",
        "model import KMS",
        "test --shraed x",
        "vendor nosuch ../a",
        "vendor kms ../a ../b",
    ] {
        let words = line.split(' ').map(str::to_owned).collect();
        let command = Documented {
            page: String::new(),
            words,
        };
        assert!(wrong(&command, &[]).is_some(), "cargo xtask {line}");
    }
}

/// Every command has a help with a usage line and an example.
#[test]
fn every_command_has_help_with_an_example() {
    let all = help(&[]).unwrap();
    let commands = all.split("Commands:\n").nth(1).unwrap();
    let commands = commands.lines().take_while(|line| !line.is_empty());
    let mut count = 0;
    for line in commands {
        // Two spaces end the name, which may be two words.
        let name = line.trim().split("  ").next().unwrap();
        if name == "help" {
            continue;
        }
        let words: Vec<String> = name.split(' ').map(str::to_owned).collect();
        let help = help(&words).unwrap_or_else(|| panic!("{name} has no help"));
        let usage = format!("Usage: cargo xtask {name}");
        assert!(help.contains(&usage), "{name}: {help}");
        let example = help.split("Example").nth(1).unwrap_or_default();
        let example = example.contains(&format!("  cargo xtask {name}"));
        assert!(example, "{name}: {help}");
        count += 1;
    }
    assert!(count >= 6, "only {count} commands were found");
}

/// The standard error of a run that fails with 2.
fn refusal(words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.args(words).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{words:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn suggests_commands_for_wrong_command() {
    let cases: [(&[&str], &str); 6] = [
        (&[], "error: no command given\nSee `cargo xtask --help`.\n"),
        (
            &["codgen"],
            "error: there is no command `codgen`; did you mean `codegen`?\nSee `cargo xtask --help`.\n",
        ),
        (
            &["model", "imprt"],
            "error: there is no command `model imprt`; expected `model diff` or `model import`\n\
             See `cargo xtask --help`.\n",
        ),
        (
            &["interop", "all"],
            "error: unexpected argument \"all\"\nSee `cargo xtask interop --help`.\n",
        ),
        (
            &["model", "import", "a", "--frob"],
            "error: invalid option '--frob'\nSee `cargo xtask model import --help`.\n",
        ),
        (
            &["help", "frob", "--help"],
            "error: there is no command `frob`; expected one of bench, ",
        ),
    ];
    for (words, expected) in cases {
        let message = refusal(words);
        assert!(message.starts_with(expected), "{words:?}: {message}");
    }
}

#[test]
fn help_of_a_command_is_its_own() {
    let help = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let output = command.args(&words).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(help(&["help", "codegen"]), help(&["codegen", "--help"]));
    assert_eq!(help(&["help"]), help(&["--help"]));
    // It builds nothing.
    assert!(help(&["bench", "--help"]).contains("Usage: cargo xtask bench"));
}

#[test]
fn examples_are_listed() {
    let run = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg("example").args(words).output().unwrap()
    };
    let list = String::from_utf8(run(&[]).stdout).unwrap();
    let line = "list_keys             Lists all keys, page by page and item by item.\n";
    assert!(list.contains(line), "{list}");
    assert_eq!(list.lines().count(), 5, "{list}");
    let unknown = run(&["list_key"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(unknown.stderr).unwrap(),
        "error: there is no example `list_key`; did you mean `list_keys`?\n"
    );
}

/// What a run that fails with `code` says.
#[track_caller]
fn fault(words: &[&str], code: i32) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.args(words).output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{words:?}: {message}");
    message
}

/// Before anything is built.
#[test]
fn rejects_wrong_subjects_and_directories_before_building() {
    let cases: [(&[&str], i32, &str); 12] = [
        (
            &["bench", "cal"],
            1,
            "error: there is no subject `cal`; did you mean `call`?\n",
        ),
        (
            &["bench", "nosuch"],
            1,
            "error: there is no subject `nosuch`; expected one of build, rebuild, size, call, ",
        ),
        (
            &["bench", "call", "--pear"],
            2,
            "error: there is no option `--pear`; did you mean `--peer`?\n",
        ),
        (
            &["bench", "--rounds"],
            2,
            "error: `--rounds` needs a number\n",
        ),
        (
            &["bench", "--peer", "--rounds", "3"],
            2,
            "error: missing SUBJECT; expected one of build, ",
        ),
        (
            &["conformance", "nosuch"],
            1,
            "error: nosuch: no such directory\n",
        ),
        (
            &["conformance", "Cargo.toml"],
            1,
            "error: Cargo.toml: is a file; expected a directory\n",
        ),
        (
            &["conformance", "src"],
            1,
            "error: src: no folder `protocols` in it; use ",
        ),
        (
            &["conformance", "--models", "nosuch"],
            1,
            "error: nosuch: no such directory\n",
        ),
        (
            &["conformance", "--models", "Cargo.toml"],
            1,
            "error: Cargo.toml: is a file; expected a directory\n",
        ),
        (
            &["conformance", "--models", "src"],
            1,
            "error: src: no models in it",
        ),
        (
            &["test", "--shared", "src", "--shared", "src"],
            2,
            "error: `--shared` is given twice\n",
        ),
    ];
    for (words, code, expected) in cases {
        let message = fault(words, code);
        assert!(message.starts_with(expected), "{words:?}: {message}");
    }
}
