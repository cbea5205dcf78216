//! `cargo xtask interop`: tests generated clients against moto's server and boto3.

mod services;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest as _, Sha256};

use crate::{Failure, paths, test};

const HELP: &str = "\
Test generated clients against moto's server and boto3, and run the examples.

Usage: cargo xtask interop

The first run creates a Python environment under target/interop and installs the packages of
interop/requirements.txt, which takes about a minute and needs PyPI or a mirror of it
(PIP_INDEX_URL). TINSMITH_PYTHON sets a Python to use instead, which must have these packages.

The client of KMS is generated/kms. Those of the services in interop/services/operations.toml are
generated under target/interop/services from botocore's models.

Example:
  cargo xtask interop
";

/// The oldest version that moto and boto3 support.
const OLDEST_PYTHON: (u32, u32) = (3, 10);

/// The result of the interop tests.
pub(crate) enum Outcome {
    /// They ran with this Python, which also has botocore for the tests of other crates
    /// (`TINSMITH_PYTHON`).
    Ran {
        /// An absolute path, or the value of `TINSMITH_PYTHON`.
        python: PathBuf,
    },
    /// They did not run.
    Skipped {
        /// What did not run, why, and how to run it; follows `not run: `.
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
    match run(&paths::root()?)? {
        Outcome::Ran { python } => outln!("The interop tests passed with {}", python.display()),
        Outcome::Skipped { reason } => outln!("not run: {reason}"),
    }
    Ok(())
}

/// Creates the Python environment and runs the tests of `interop` in it.
pub(crate) fn run(root: &Path) -> Result<Outcome, Failure> {
    let outcome = prepare(root)?;
    if let Outcome::Ran { python } = &outcome {
        test::step("testing the generated client against moto and boto3");
        let variables = [("TINSMITH_PYTHON", python.display().to_string())];
        test::cargo(root, &["test", "--package", "tinsmith-interop"], &variables)?;
        test::step("testing the examples against moto");
        let examples = ["test", "--package", "tinsmith-examples", "--test", "guide"];
        test::cargo(root, &examples, &variables)?;
        services(root, python)?;
    }
    Ok(outcome)
}

/// Tests clients generated from the models of this Python's botocore.
pub(crate) fn services(root: &Path, python: &Path) -> Result<(), Failure> {
    test::step("testing clients of more services against moto and boto3");
    services::check(root, python)
}

/// Creates the Python environment if it does not exist, without running tests.
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

/// Checks the Python set by `TINSMITH_PYTHON`.
fn given_python(python: PathBuf) -> Result<Outcome, Failure> {
    if succeeds(&python, "import boto3, botocore, flask, flask_cors, moto") {
        return Ok(Outcome::Ran { python });
    }
    Err(Failure::Work(format!(
        "TINSMITH_PYTHON is {}, which does not run or lacks packages; install those of \
         interop/requirements.txt, or unset the variable",
        python.display()
    )))
}

/// Returns the name of an installed Python that is recent enough.
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
    /// The content of the marker if the environment has the packages of `requirements`.
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

    /// Returns the path of the marker. It is written last, so that an interrupted installation is
    /// repeated.
    fn marker(&self) -> PathBuf {
        self.folder.join("requirements.sha256")
    }

    fn is_ready(&self) -> bool {
        let found = fs::read_to_string(self.marker()).unwrap_or_default();
        // The Python that created it may have been removed.
        found == self.digest && succeeds(self.python(), "import encodings")
    }

    fn make(&self, system: &str) -> Result<(), Failure> {
        test::step("creating a Python environment in target/interop/venv");
        let mut venv = Command::new(system);
        venv.args(["-m", "venv", "--clear"]).arg(&self.folder);
        quietly(
            venv,
            "Python cannot create a virtual environment; on Debian and Ubuntu, install `python3-venv`",
        )?;
        test::step("installing moto and boto3, which takes about a minute");
        let mut pip = Command::new(self.python());
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        // Building from source would need tools that have no hashes.
        .args(["--require-hashes", "--only-binary", ":all:"])
        .args(["--no-input", "--requirement"])
        .arg(&self.requirements);
        quietly(
            pip,
            "pip cannot install interop/requirements.txt; without access to PyPI, set PIP_INDEX_URL to a mirror, or TINSMITH_PYTHON to a Python that has these packages",
        )?;
        fs::write(self.marker(), &self.digest).map_err(Failure::work)
    }
}

/// Runs a program. If it fails, the error contains `advice` and the output.
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
        "{advice}; output:\n{}",
        String::from_utf8_lossy(&printed).trim_end()
    )))
}
