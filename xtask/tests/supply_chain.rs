//! What is installed is what was reviewed: licenses and registries of the Rust packages, hashes of
//! the Python ones.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Whether a license expression of Cargo holds when these licenses are fine: names joined by `OR`
/// (formerly `/`) and `AND`, of which the second binds closer, with parentheses.
fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let fine = any(&mut words, allowed);
    assert_eq!(words.next(), None, "{expression}");
    fine
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any(words: &mut Words<'_>, allowed: &[&str]) -> bool {
    let mut fine = all(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        fine |= all(words, allowed);
    }
    fine
}

fn all(words: &mut Words<'_>, allowed: &[&str]) -> bool {
    let mut fine = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        fine &= one(words, allowed);
    }
    fine
}

fn one(words: &mut Words<'_>, allowed: &[&str]) -> bool {
    match words.next().unwrap() {
        "(" => {
            let fine = any(words, allowed);
            assert_eq!(words.next(), Some(")"));
            fine
        }
        name => match words.next_if_eq(&"WITH") {
            // With an exception, a license is another.
            Some(_) => {
                let exception = words.next().unwrap();
                allowed.contains(&&*format!("{name} WITH {exception}"))
            }
            None => allowed.contains(&name),
        },
    }
}

#[test]
fn evaluates_license_expressions() {
    let allowed = ["MIT", "ISC"];
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT/Apache-2.0", true),
        ("Apache-2.0 OR MIT", true),
        ("Apache-2.0 AND MIT", false),
        ("ISC AND (Apache-2.0 OR MIT)", true),
        ("(Apache-2.0 OR MIT) AND GPL-3.0", false),
        ("Apache-2.0 OR MIT AND GPL-3.0", false),
        ("MIT WITH an-exception", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
    }
}

/// The packages of this workspace on this platform, as cargo describes them.
fn packages() -> Vec<Value> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let about = Command::new(rustc).arg("-vV").output().unwrap();
    let about = String::from_utf8(about.stdout).unwrap();
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut metadata = Command::new(cargo);
    metadata.args([
        "metadata",
        "--locked",
        "--all-features",
        "--format-version",
        "1",
    ]);
    // Those of other platforms need not be there.
    metadata.args(["--filter-platform", host.unwrap()]);
    let output = metadata.current_dir(root()).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn texts(value: &toml::Value) -> Vec<&str> {
    let values = value.as_array().unwrap();
    values.iter().map(|value| value.as_str().unwrap()).collect()
}

#[test]
fn packages_have_licenses_and_sources_that_deny_toml_allows() {
    let deny = fs::read_to_string(root().join("deny.toml")).unwrap();
    let deny: toml::Value = toml::from_str(&deny).unwrap();
    let licenses = texts(&deny["licenses"]["allow"]);
    let registries = texts(&deny["sources"]["allow-registry"]);
    let packages = packages();
    for package in &packages {
        let name = &package["name"];
        let license = package["license"].as_str().unwrap_or_default();
        assert!(
            is_allowed(license, &licenses),
            "the license of {name} is not in deny.toml: {license}"
        );
        let Some(source) = package["source"].as_str() else {
            continue; // A package of this workspace.
        };
        let registry = source.strip_prefix("registry+").unwrap_or_default();
        assert!(registries.contains(&registry), "{name} comes from {source}");
    }
    let used = |license: &&str| {
        let expressions = packages
            .iter()
            .filter_map(|package| package["license"].as_str());
        expressions
            .into_iter()
            .any(|expression| expression.contains(license))
    };
    assert!(
        licenses.iter().all(used),
        "deny.toml allows more licenses than there are"
    );
}

/// Without a hash, whoever controls the index or a mirror of it runs code here.
#[test]
fn python_packages_are_pinned_by_hash() {
    let text = fs::read_to_string(root().join("interop/requirements.txt")).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let requirements = lines.join("\n").replace("\\\n", " ");
    let mut count = 0;
    for requirement in requirements.lines().filter(|line| !line.trim().is_empty()) {
        let (package, rest) = requirement.split_once("==").unwrap();
        let hashes: Vec<&str> = rest
            .split_whitespace()
            .filter_map(|word| word.strip_prefix("--hash=sha256:"))
            .collect();
        assert!(!hashes.is_empty(), "{package} has no hash");
        for hash in hashes {
            let is_hexadecimal = hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(hash.len() == 64 && is_hexadecimal, "{package}: {hash}");
        }
        count += 1;
    }
    assert!(count > 20, "{count} packages");
}
