//! `cargo xtask example`: runs the programs of `examples/` against moto's server.

use std::fs;
use std::path::{Path, PathBuf};

use lexopt::ValueExt as _;
use tinsmith_interop::moto::Moto;

use crate::arguments::hint;
use crate::interop::{Outcome, prepare};
use crate::{Failure, paths, test};

const HELP: &str = "\
Run an example against moto, a local AWS emulator. The command starts and stops moto's server.

Usage: cargo xtask example [NAME [ARGUMENTS]]

Without NAME, the command lists the examples, which are the programs in examples/src/bin. ARGUMENTS are
passed to the example.

The first run creates a Python environment for moto under target/interop, as `cargo xtask interop`
does. To run an example against AWS, configure region and credentials and use cargo:
cargo run --package tinsmith-examples --features tinsmith-kms/aws-lc-rs --bin NAME

Example:
  cargo xtask example envelope_encryption
";

/// An example.
struct Example {
    name: String,
    /// The first sentence of its documentation.
    about: String,
    /// Whether it configures its client from the environment, so that it needs a server.
    needs_server: bool,
}

/// Runs the command.
pub(crate) fn run(mut parser: lexopt::Parser) -> Result<(), Failure> {
    use lexopt::Arg::{Long, Short, Value};
    let root = paths::root()?;
    let name = match parser.next()? {
        Some(Short('h') | Long("help")) => {
            out!("{HELP}");
            return Ok(());
        }
        Some(Value(name)) => name.string()?,
        Some(other) => return Err(other.unexpected().into()),
        None => {
            for example in examples(&root)? {
                outln!("{:20}  {}", example.name, example.about);
            }
            return Ok(());
        }
    };
    let arguments = parser.raw_args()?.map(|argument| argument.string());
    let arguments: Vec<String> = arguments.collect::<Result<_, _>>()?;
    let examples = examples(&root)?;
    let Some(example) = examples.iter().find(|example| example.name == name) else {
        let names: Vec<&str> = examples.iter().map(|example| &*example.name).collect();
        let hint = hint(&name, &names);
        return Err(Failure::Work(format!(
            "there is no example `{name}`; {hint}"
        )));
    };
    let server = match example.needs_server {
        true => Some(server(&root)?),
        false => None,
    };
    let variables = environment(&root, server.as_ref());
    let variables: Vec<(&str, String)> = variables
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    let mut command = vec!["run", "--quiet", "--package", "tinsmith-examples", "--bin"];
    command.extend([name.as_str(), "--"]);
    command.extend(arguments.iter().map(String::as_str));
    test::cargo(&root, &command, &variables)
}

/// Returns the programs in examples/src/bin, sorted by name.
fn examples(root: &Path) -> Result<Vec<Example>, Failure> {
    let folder = root.join("examples/src/bin");
    let failed = |path: &Path, e| Failure::Work(format!("{}: {e}", path.display()));
    let entries = fs::read_dir(&folder).map_err(|e| failed(&folder, e))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).map_err(|e| failed(&path, e))?;
            let stem = path.file_stem().unwrap_or_default();
            Ok(Example {
                name: stem.to_string_lossy().into_owned(),
                about: about(&text),
                needs_server: text.contains("Client::from_env().await"),
            })
        })
        .collect()
}

/// Returns the first sentence of a program's documentation.
fn about(program: &str) -> String {
    let lines = program.lines().map_while(|line| line.strip_prefix("//!"));
    let lines: Vec<&str> = lines.map(str::trim).take_while(|l| !l.is_empty()).collect();
    let text = lines.join(" ");
    let end = text.find(". ").map_or(text.len(), |end| end + 1);
    text.get(..end).unwrap_or(&text).to_owned()
}

/// Starts moto.
fn server(root: &Path) -> Result<Moto, Failure> {
    let python = match prepare(root)? {
        Outcome::Ran { python } => python,
        Outcome::Skipped { reason } => {
            return Err(Failure::Work(format!("not run: {reason}")));
        }
    };
    test::step("starting moto's server, which takes a few seconds");
    let moto = Moto::start(python.as_os_str()).map_err(Failure::work)?;
    test::step(&format!("running the example against {}", moto.url()));
    Ok(moto)
}

/// Returns variables that hide the user's AWS configuration and point to `server`, if there is one.
fn environment(root: &Path, server: Option<&Moto>) -> Vec<(String, String)> {
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    // The runtime treats an empty variable as unset.
    let mut variables: Vec<(String, String)> = names
        .filter(|name| name.starts_with("AWS_"))
        .map(|name| (name, String::new()))
        .collect();
    let mut set = |name: &str, value: String| variables.push((name.to_owned(), value));
    let nowhere = root.join("target/no-such-file").display().to_string();
    set("AWS_CONFIG_FILE", nowhere.clone());
    set("AWS_SHARED_CREDENTIALS_FILE", nowhere);
    if let Some(moto) = server {
        set("AWS_ENDPOINT_URL", moto.url());
        set("AWS_REGION", "eu-central-1".to_owned());
        set("AWS_ACCESS_KEY_ID", "AKID".to_owned());
        set("AWS_SECRET_ACCESS_KEY", "secret".to_owned());
    }
    variables
}
