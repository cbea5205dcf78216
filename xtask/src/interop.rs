//! `cargo xtask interop`: generated clients against moto's server and boto3.

mod services;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest as _, Sha256};

use crate::{Failure, place, test};

const HELP: &str = "\
Test generated clients against real peers, moto's server and boto3, and run the examples.

Usage: cargo xtask interop

The first run makes a Python environment under target/interop and installs into it what
interop/requirements.txt names, which takes about a minute and needs PyPI or a mirror of it
(PIP_INDEX_URL). TINSMITH_PYTHON names a Python to use instead, which has those packages.

The client of KMS is generated/kms. Those of the services in interop/services/operations.toml are
made anew, under target/interop/services, from the models that botocore has.

Example:
  cargo xtask interop
";

/// What moto and boto3 ask for.
const OLDEST_PYTHON: (u32, u32) = (3, 10);

/// What became of the interop part.
pub(crate) enum Outcome {
    /// It ran with this Python, which also has botocore for the tests of other crates
    /// (`TINSMITH_PYTHON`).
    Ran {
        /// An absolute path, or what `TINSMITH_PYTHON` says.
        python: PathBuf,
    },
    /// It did not run.
    Skipped {
        /// What did not run, why, and how to make it run, to go behind `not run: `.
        reason: String,
    },
}

/// Runs the command.
pub(crate) fn command(mut parser: lexopt::Parser) -> Result<(), Failure> {
    match parser.next()? {
        Some(lexopt::Arg::Short('h') | lexopt::Arg::Long("help")) => {
            out!("{HELP}");
            return Ok(());
        }
        Some(other) => return Err(other.unexpected().into()),
        None => {}
    }
    match run(&place::root()?)? {
        Outcome::Ran { python } => outln!("The interop tests passed with {}", python.display()),
        Outcome::Skipped { reason } => outln!("not run: {reason}"),
    }
    Ok(())
}

/// Makes the Python environment and runs the tests of `interop` in it.
pub(crate) fn run(root: &Path) -> Result<Outcome, Failure> {
    let outcome = prepare(root)?;
    if let Outcome::Ran { python } = &outcome {
        test::step("the generated client against moto and boto3");
        let variables = [("TINSMITH_PYTHON", python.display().to_string())];
        test::cargo(root, &["test", "--package", "tinsmith-interop"], &variables)?;
        test::step("the examples against moto");
        let examples = ["test", "--package", "tinsmith-examples", "--test", "guide"];
        test::cargo(root, &examples, &variables)?;
        services(root, python)?;
    }
    Ok(outcome)
}

/// Tests clients that are made from the models of this Python's botocore.
pub(crate) fn services(root: &Path, python: &Path) -> Result<(), Failure> {
    test::step("clients of more services against moto and boto3");
    services::check(root, python)
}

/// Makes the Python environment, unless it is there, and runs no test.
pub(crate) fn prepare(root: &Path) -> Result<Outcome, Failure> {
    let given = std::env::var_os("TINSMITH_PYTHON").filter(|python| !python.is_empty());
    if let Some(python) = given {
        return given_python(PathBuf::from(python));
    }
    let Some(system) = system_python() else {
        let (major, minor) = OLDEST_PYTHON;
        return Ok(Outcome::Skipped {
            reason: format!(
                "the interop tests, for lack of a python3 of at least {major}.{minor}; install one \
                 (Debian: `apt-get install python3 python3-venv`), or name one in \
                 TINSMITH_PYTHON that has the packages of interop/requirements.txt"
            ),
        });
    };
    let environment = Environment::new(root)?;
    if !environment.is_ready() {
        environment.make(system)?;
    }
    Ok(Outcome::Ran {
        python: environment.python(),
    })
}

/// A Python that somebody else looks after.
fn given_python(python: PathBuf) -> Result<Outcome, Failure> {
    if succeeds(&python, "import boto3, botocore, flask, flask_cors, moto") {
        return Ok(Outcome::Ran { python });
    }
    Err(Failure::Work(format!(
        "TINSMITH_PYTHON names {}, which does not run or lacks packages: give it those of \
         interop/requirements.txt, or unset the variable",
        python.display()
    )))
}

/// The name of a Python that is recent enough.
fn system_python() -> Option<&'static str> {
    let test = format!("import sys; sys.exit(sys.version_info < {OLDEST_PYTHON:?})");
    ["python3", "python"]
        .into_iter()
        .find(|python| succeeds(python, &test))
}

fn succeeds(python: impl AsRef<OsStr>, program: &str) -> bool {
    Command::new(python)
        .args(["-c", program])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The Python environment under target/.
struct Environment {
    folder: PathBuf,
    requirements: PathBuf,
    /// What the marker holds when the environment has what `requirements` says.
    digest: String,
}

impl Environment {
    fn new(root: &Path) -> Result<Self, Failure> {
        let requirements = root.join("interop").join("requirements.txt");
        let text = fs::read(&requirements)
            .map_err(|e| Failure::Work(format!("{}: {e}", requirements.display())))?;
        let digest = Sha256::digest(&text);
        Ok(Self {
            folder: root.join("target").join("interop").join("venv"),
            requirements,
            digest: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }

    fn python(&self) -> PathBuf {
        let path = if cfg!(windows) {
            ["Scripts", "python.exe"]
        } else {
            ["bin", "python"]
        };
        self.folder.join(path[0]).join(path[1])
    }

    /// Written last, so that an installation that was cut off is made again.
    fn marker(&self) -> PathBuf {
        self.folder.join("requirements.sha256")
    }

    fn is_ready(&self) -> bool {
        let found = fs::read_to_string(self.marker()).unwrap_or_default();
        // The Python that it was made with may be gone.
        found == self.digest && succeeds(self.python(), "import encodings")
    }

    fn make(&self, system: &str) -> Result<(), Failure> {
        test::step("a Python environment in target/interop/venv");
        let mut venv = Command::new(system);
        venv.args(["-m", "venv", "--clear"]).arg(&self.folder);
        quietly(
            venv,
            "Python makes no environment; Debian and Ubuntu have what it needs in `python3-venv`",
        )?;
        test::step("moto and boto3 into it, about a minute");
        let mut pip = Command::new(self.python());
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        // What is built from source asks for tools that have no hashes.
        .args(["--require-hashes", "--only-binary", ":all:"])
        .args(["--no-input", "--requirement"])
        .arg(&self.requirements);
        quietly(
            pip,
            "pip cannot install interop/requirements.txt; without a way to PyPI name a mirror in PIP_INDEX_URL, or in TINSMITH_PYTHON a Python that has these packages",
        )?;
        fs::write(self.marker(), &self.digest).map_err(Failure::work)
    }
}

/// Runs a program and shows what it printed only if it fails, with what to do about it.
fn quietly(mut command: Command, advice: &str) -> Result<(), Failure> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|e| Failure::Work(format!("{advice}: {e}")))?;
    if output.status.success() {
        return Ok(());
    }
    let printed = [output.stdout, output.stderr].concat();
    Err(Failure::Work(format!(
        "{advice}. It printed:\n{}",
        String::from_utf8_lossy(&printed).trim_end()
    )))
}
