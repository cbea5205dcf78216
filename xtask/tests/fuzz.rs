//! The fuzzers' targets on any toolchain: on their seeds, and on some thousand inputs that come of
//! changing those. The same inputs in every run; `cargo xtask fuzz` looks further.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

use std::fs;
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

mod common;

// A crate of its own workspace, for its dependencies; what it runs are plain functions.
#[allow(
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub,
    reason = "there it is a crate"
)]
#[path = "../../fuzz/src/lib.rs"]
mod targets;

use fastrand::Rng;
use targets::{TARGETS, Target};

fn random_range(length: usize, random: &mut Rng) -> Range<usize> {
    let start = random.usize(..=length);
    start..start + random.usize(..(length - start + 1).min(40))
}

/// `seed` with one to four changes, some of them by pieces of `other`.
fn changed(seed: &[u8], other: &[u8], random: &mut Rng) -> Vec<u8> {
    const BYTES: &[u8] = b"{}[]:,\"\\#$@/=;.-+eE019 \n\t\0\x7f\xc3\xff";
    let mut input = seed.to_vec();
    for _ in 0..=random.usize(..4) {
        let place = random_range(input.len(), random);
        match random.usize(..6) {
            0 => drop(input.drain(place)),
            1 => drop(input.splice(place, other[random_range(other.len(), random)].to_vec())),
            2 => {
                let copy = input[place].to_vec();
                let at = random.usize(..input.len() + 1);
                drop(input.splice(at..at, copy));
            }
            3 => {
                let byte = BYTES[random.usize(..BYTES.len())];
                drop(input.splice(place.start..place.start, [byte]));
            }
            4 => {
                if let Some(byte) = input.get_mut(place.start) {
                    *byte = BYTES[random.usize(..BYTES.len())];
                }
            }
            _ => {
                if let Some(byte) = input.get_mut(place.start) {
                    *byte ^= 1 << random.usize(..8);
                }
            }
        }
    }
    input
}

fn seeds(name: &str) -> Vec<Vec<u8>> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let program = fuzz.join("fuzz_targets").join(format!("{name}.rs"));
    assert!(program.is_file(), "{} does not exist", program.display());
    let entries = fs::read_dir(fuzz.join("seeds").join(name)).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// The number of inputs that fail, of which the first is shown.
fn failures(target: Target, seeds: &[Vec<u8>], count: usize) -> usize {
    let mut random = Rng::with_seed(1);
    let mut found = 0;
    let mut run = |input: &[u8]| {
        if panic::catch_unwind(AssertUnwindSafe(|| target(input))).is_err() {
            found += 1;
            if found == 1 {
                eprintln!("the input was: {:?}", String::from_utf8_lossy(input));
            }
        }
    };
    seeds.iter().for_each(|seed| run(seed));
    for _ in 0..count {
        let seed = &seeds[random.usize(..seeds.len())];
        let other = &seeds[random.usize(..seeds.len())];
        run(&changed(seed, other, &mut random));
    }
    found
}

#[test]
fn no_target_fails() {
    for (name, target) in TARGETS {
        // Generating code takes longer than reading.
        let count = if name == "model" { 1_000 } else { 5_000 };
        let seeds = seeds(name);
        assert!(!seeds.is_empty(), "{name} has no seeds");
        assert_eq!(failures(target, &seeds, count), 0, "of {name}");
    }
}

/// A target that cannot fail would tell nothing.
#[test]
fn what_panics_is_found() {
    fn fails(input: &[u8]) {
        assert!(!input.starts_with(b"{{"));
    }
    assert!(failures(fails, &[b"{\"a\": 1}".to_vec()], 1_000) > 0);
}

/// A workspace whose fuzzers depend on a package of its own, with the given lock file.
fn fuzzers(test: &str, lock: &str) -> PathBuf {
    let root = common::workspace(test);
    let package = |name: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\n[workspace]\n{rest}")
    };
    let own = "[dependencies]\nown = { path = \"../own\" }\n\
        [[bin]]\nname = \"broken\"\npath = \"fuzz_targets/broken.rs\"\n";
    common::write(&root.join("own/Cargo.toml"), &package("own", ""));
    common::write(&root.join("own/src/lib.rs"), "");
    common::write(&root.join("fuzz/Cargo.toml"), &package("fuzzers", own));
    common::write(&root.join("fuzz/fuzz_targets/broken.rs"), "fn main() {");
    common::write(&root.join("fuzz/Cargo.lock"), lock);
    root
}

#[test]
fn names_lock_file_that_is_out_of_date() {
    let root = fuzzers("fuzz_lock", "version = 4\n");
    let (_, stderr) = common::failure(&common::run(&root, "fuzz", &[]), 1);
    let repair = "run\n  cargo update --workspace --manifest-path fuzz/Cargo.toml";
    assert!(
        stderr.contains("`fuzz/Cargo.lock` is out of date"),
        "{stderr}"
    );
    assert!(stderr.contains(repair), "{stderr}");
    assert!(!stderr.contains("compiler"), "{stderr}");
}

#[test]
fn blames_the_compiler_only_where_there_is_none() {
    let lock = "version = 4\n\
        [[package]]\nname = \"fuzzers\"\nversion = \"0.0.0\"\ndependencies = [\"own\"]\n\
        [[package]]\nname = \"own\"\nversion = \"0.0.0\"\n";
    let root = fuzzers("fuzz_broken", lock);
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    for (compiler, blamed) in [(rustc, false), ("no-such-compiler".into(), true)] {
        let mut xtask = common::command(&root, "fuzz", &["broken"]);
        let (_, stderr) = common::failure(&xtask.env("CXX", compiler).output().unwrap(), 1);
        assert!(
            stderr.contains("cannot build the fuzz target `broken`"),
            "{stderr}"
        );
        assert_eq!(stderr.contains("needs a C++ compiler"), blamed, "{stderr}");
    }
}

#[test]
fn rejects_invalid_arguments() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for (arguments, code, expected) in [
        (
            &["jason"][..],
            1,
            "there is no target `jason`; did you mean `json`?",
        ),
        (
            &["json", "--seconds", "0"],
            2,
            "`--seconds` needs a whole number of at least 1, not `0`",
        ),
        (&["json", "--seconds", "1m"], 2, "not `1m`"),
        (
            &["--seconds", "1", "--seconds", "2"],
            2,
            "`--seconds` is given twice",
        ),
        (&["--input", "x"], 2, "`--input` needs exactly one TARGET"),
        (&["json", "--input", "gone"], 1, "gone: no such file"),
        (
            &["json", "--input", "fuzz"],
            1,
            "fuzz: is a directory; expected a file",
        ),
    ] {
        let (_, stderr) = common::failure(&common::run(root, "fuzz", arguments), code);
        assert!(stderr.contains(expected), "{arguments:?}: {stderr}");
    }
    let stdout = common::success(&common::run(root, "fuzz", &["--help"]));
    assert!(stdout.contains("Usage: cargo xtask fuzz"), "{stdout}");
}
