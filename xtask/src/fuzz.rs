//! `cargo xtask fuzz`: runs the fuzz targets of fuzz/ on a stable toolchain.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use lexopt::ValueExt as _;

use crate::arguments::{hint, once};
use crate::suites;
use crate::test::step;
use crate::{Failure, disk, paths};

const HELP: &str = "\
Run the fuzz targets, which parse untrusted input, with libFuzzer.

Usage: cargo xtask fuzz [TARGET...] [--seconds N]

The targets are the files of fuzz/fuzz_targets. Without TARGET, all of them run, one after the other.
A run starts with the inputs in fuzz/seeds/TARGET, and files of $TINSMITH_SHARED if that is set, and
stores inputs that reach new code in fuzz/corpus/TARGET. It fails at the first input that makes a
target panic, use more than 2 GiB or take more than 20 seconds. That input is stored in
fuzz/artifacts/TARGET.

The command needs a C++ compiler, but neither cargo-fuzz nor a nightly toolchain.

Options:
  --seconds N   Run time of each target (default: 60)
  --input FILE  Run one TARGET on this input only

Examples:
  cargo xtask fuzz
  cargo xtask fuzz json --seconds 600
  cargo xtask fuzz json --input fuzz/artifacts/json/crash-0123
";

/// The flags that cargo-fuzz passes to rustc, except the address sanitizer, which needs a nightly
/// toolchain. Our code has no unsafe blocks, so there is little for it to find.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Cllvm-args=-simplifycfg-branch-fold-threshold=0";

/// Larger files are poor seeds, because most mutations hit irrelevant parts.
const LARGEST_SEED: u64 = 32 * 1024;

struct Arguments {
    targets: Vec<String>,
    seconds: u32,
    input: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(parser: lexopt::Parser) -> Result<(), Failure> {
    let Some(mut arguments) = parse(parser)? else {
        out!("{HELP}");
        return Ok(());
    };
    let root = paths::root()?;
    let known = targets(&root)?;
    if let Some(unknown) = arguments.targets.iter().find(|name| !known.contains(name)) {
        let hint = hint(unknown, &known);
        return Err(Failure::Work(format!(
            "there is no target `{unknown}`; {hint}"
        )));
    }
    if arguments.targets.is_empty() {
        arguments.targets = known;
    }
    let input = match &arguments.input {
        // The fuzzer runs in another directory.
        Some(input) => {
            // The fuzzer would use a directory as its corpus.
            fs::read(input).map_err(|e| disk::read_error(input, &e))?;
            Some(fs::canonicalize(input).map_err(|e| disk::failed(input, e))?)
        }
        None => None,
    };
    let host = host()?;
    fetch(&root)?;
    for target in &arguments.targets {
        step(&format!("building and running the fuzz target `{target}`"));
        let program = build(&root, target, &host)?;
        match &input {
            Some(input) => one(&root, &program, input)?,
            None => fuzz(&root, &program, target, arguments.seconds)?,
        }
    }
    Ok(())
}

/// Parses the arguments. Returns `None` if they request help.
fn parse(mut parser: lexopt::Parser) -> Result<Option<Arguments>, Failure> {
    use lexopt::Arg::{Long, Short, Value};
    let mut targets = Vec::new();
    let mut seconds = None;
    let mut input = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("seconds") => once(&mut seconds, "--seconds", number(parser.value()?)?)?,
            Long("input") => once(&mut input, "--input", parser.value()?.into())?,
            Value(target) => targets.push(target.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if input.is_some() && targets.len() != 1 {
        return Err(Failure::Usage(
            "`--input` needs exactly one TARGET".to_owned(),
        ));
    }
    Ok(Some(Arguments {
        targets,
        seconds: seconds.unwrap_or(60),
        input,
    }))
}

/// Parses the value of `--seconds`. 0 is rejected, because libFuzzer would run without a limit.
fn number(value: OsString) -> Result<u32, Failure> {
    let value = value.string()?;
    let number = value.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| {
        Failure::Usage(format!(
            "`--seconds` needs a whole number of at least 1, not `{value}`"
        ))
    })
}

/// Returns the names of all targets, sorted.
fn targets(root: &Path) -> Result<Vec<String>, Failure> {
    let folder = root.join("fuzz").join("fuzz_targets");
    let entries =
        fs::read_dir(&folder).map_err(|e| Failure::Work(format!("{}: {e}", folder.display())))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| Some(name.strip_suffix(".rs")?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}

/// Returns the host platform of rustc. Passing it as the target keeps the flags from build scripts
/// and procedural macros.
fn host() -> Result<String, Failure> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("-vV").output();
    let output = output.map_err(|e| Failure::Work(format!("cannot start rustc: {e}")))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| Failure::Work("rustc printed no host platform".to_owned()))
}

/// Returns a cargo command for the workspace of the fuzz targets and its lock file.
fn cargo(root: &Path, subcommand: &str) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args([subcommand, "--quiet", "--locked"]);
    command.args(["--manifest-path", "fuzz/Cargo.toml"]);
    command.current_dir(root);
    command
}

/// Downloads the dependencies of the fuzz targets. This is a separate step, because it fails for
/// other reasons than compiling.
fn fetch(root: &Path) -> Result<(), Failure> {
    let status = cargo(root, "fetch").status();
    let status = status.map_err(|e| Failure::Work(format!("cannot start cargo: {e}")))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::Work(
        "the fuzzers' dependencies are not available: see above. If `fuzz/Cargo.lock` is out of \
         date, run\n  cargo update --workspace --manifest-path fuzz/Cargo.toml"
            .to_owned(),
    ))
}

fn build(root: &Path, target: &str, host: &str) -> Result<PathBuf, Failure> {
    let folder = root.join("fuzz").join("target");
    let mut command = cargo(root, "build");
    command.arg("--release");
    command.args(["--target", host, "--bin", target]);
    command.arg("--target-dir").arg(&folder);
    command.env("RUSTFLAGS", FLAGS);
    // It would override the variable above.
    command.env_remove("CARGO_ENCODED_RUSTFLAGS");
    let status = command.status();
    let status = status.map_err(|e| Failure::Work(format!("cannot start cargo: {e}")))?;
    if !status.success() {
        let hint = match has_cpp_compiler() {
            true => "",
            false => {
                ". libfuzzer-sys needs a C++ compiler, and there is none (Debian: \
                 `apt-get install g++`)"
            }
        };
        return Err(Failure::Work(format!(
            "cannot build the fuzz target `{target}`: see above{hint}"
        )));
    }
    Ok(folder.join(host).join("release").join(target))
}

/// Returns whether the C++ compiler used by the build script of libfuzzer-sys can be started.
fn has_cpp_compiler() -> bool {
    let compiler = std::env::var_os("CXX").unwrap_or_else(|| "c++".into());
    let output = Command::new(compiler).arg("--version").output();
    output.is_ok_and(|output| output.status.success())
}

fn one(root: &Path, program: &Path, input: &Path) -> Result<(), Failure> {
    run_fuzzer(
        Command::new(program).arg(input),
        root,
        "the fuzz target failed on this input",
    )
}

fn fuzz(root: &Path, program: &Path, target: &str, seconds: u32) -> Result<(), Failure> {
    let folder = root.join("fuzz");
    let corpus = folder.join("corpus").join(target);
    let artifacts = folder.join("artifacts").join(target);
    for folder in [&corpus, &artifacts] {
        fs::create_dir_all(folder)
            .map_err(|e| Failure::Work(format!("{}: {e}", folder.display())))?;
    }
    let mut command = Command::new(program);
    command.arg(format!("-max_total_time={seconds}"));
    command.args(["-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1"]);
    command.arg(format!("-max_len={LARGEST_SEED}"));
    // libFuzzer treats a path with a separator at its end as a folder.
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    let dictionary = folder.join("seeds").join(format!("{target}.dict"));
    if dictionary.is_file() {
        command.arg(format!("-dict={}", dictionary.display()));
    }
    if let Some(list) = shared_seeds(root, target)? {
        command.arg(format!("-seed_inputs=@{}", list.display()));
    }
    command.arg(corpus).arg(folder.join("seeds").join(target));
    let failure = format!(
        "the fuzzer `{target}` found an input that fails: see above. Run it alone with\n  \
         cargo xtask fuzz {target} --input fuzz/artifacts/{target}/NAME"
    );
    run_fuzzer(&mut command, root, &failure)
}

fn run_fuzzer(command: &mut Command, root: &Path, failure: &str) -> Result<(), Failure> {
    let status = command.current_dir(root).status();
    let status = status.map_err(|e| Failure::Work(format!("cannot start the fuzzer: {e}")))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::Work(failure.to_owned()))
}

/// Returns a list of files of the official suites to use as seeds of a target, in libFuzzer's
/// format. Returns `None` if there are none for this target, or if the suites are missing, which a
/// line reports.
fn shared_seeds(root: &Path, target: &str) -> Result<Option<PathBuf>, Failure> {
    let folder = match target {
        "json" => "conformance",
        "model" => "conformance/loader",
        "profile" => "conformance/credentials",
        _ => return Ok(None),
    };
    let folder = suites::shared(root).join(folder);
    if !folder.is_dir() {
        let reason = format!(
            "{target} with files of the official suites: set TINSMITH_SHARED to the directory that \
             holds conformance/"
        );
        suites::missing(&reason)?;
        errln!("not run: {reason}");
        return Ok(None);
    }
    let mut files = Vec::new();
    let mut open = vec![folder];
    while let Some(folder) = open.pop() {
        let at = |e| Failure::Work(format!("{}: {e}", folder.display()));
        for entry in fs::read_dir(&folder).map_err(at)? {
            let entry = entry.map_err(at)?;
            let about = entry.metadata().map_err(at)?;
            if about.is_dir() {
                open.push(entry.path());
            } else if about.len() <= LARGEST_SEED {
                files.push(entry.path().display().to_string());
            }
        }
    }
    files.sort();
    // The names in the list are separated by commas.
    files.retain(|file| !file.contains(','));
    let list = root.join("fuzz/target").join(format!("{target}.seeds"));
    fs::write(&list, files.join(","))
        .map_err(|e| Failure::Work(format!("{}: {e}", list.display())))?;
    Ok(Some(list).filter(|_| !files.is_empty()))
}
