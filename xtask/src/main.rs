//! The commands of this project. See `cargo xtask --help`.

#![deny(clippy::print_stdout, clippy::print_stderr)] // See `output`.

#[macro_use]
mod output;

mod arguments;
mod bench;
mod codegen;
mod companions;
mod conformance;
mod disk;
mod example;
mod fuzz;
mod interop;
mod model_diff;
mod model_import;
mod paths;
mod platforms;
mod shell;
mod suites;
mod table;
mod test;
mod vendor;

use std::fmt;
use std::process::ExitCode;

use arguments::{hint, listed};

const HELP: &str = "\
The commands of this project.

Usage: cargo xtask COMMAND [ARGUMENTS]

Commands:
  bench         Measure the generator and the client
  codegen       Generate the crates under generated/ from the models under model/
  conformance   Run Smithy's tests against generated clients; check crates of other models
  example       Run an example against moto, or list the examples
  fuzz          Run the fuzz targets
  interop       Test the generated clients against moto and boto3
  model diff    Show the changes between two models and their effect on callers
  model import  Import model/NAME.json from botocore's or AWS's model
  platforms     Check that the core compiles for other platforms
  test          Run all tests
  vendor        Copy a generated crate and the runtime into another repository
  help          Show this text; `help COMMAND` or `COMMAND --help` shows that of a command

Example:
  cargo xtask codegen
";

/// The error of a command, which determines the exit code.
enum Failure {
    /// Invalid arguments: exit code 2.
    Usage(String),
    /// The command failed: exit code 1.
    Work(String),
}

impl Failure {
    /// Creates an error of the command itself.
    fn work(error: impl fmt::Display) -> Self {
        Self::Work(error.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Usage(message) | Self::Work(message)) = self;
        f.write_str(message)
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

fn main() -> ExitCode {
    let done = run(lexopt::Parser::from_env()).and_then(|()| output::check());
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(message)) => {
            let command = named_command();
            errln!("error: {message}\nSee `cargo xtask {command}--help`.");
            ExitCode::from(2)
        }
        Err(Failure::Work(message)) => {
            errln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the commands that the help lists.
fn commands() -> Vec<&'static str> {
    listed(HELP, "Commands:")
}

/// Returns the command at the start of the arguments and a space, or an empty text if there is
/// none.
fn named_command() -> String {
    let given: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let is_given = |command: &&str| {
        let words = command.split(' ');
        words
            .zip(&given)
            .filter(|(word, given)| word == given)
            .count()
            == command.split(' ').count()
    };
    let command = commands().into_iter().find(is_given);
    command
        .map(|command| format!("{command} "))
        .unwrap_or_default()
}

/// Returns the error for an unknown command.
fn no_command(name: &str) -> Failure {
    let hint = hint(name, &commands());
    Failure::Usage(format!("there is no command `{name}`; {hint}"))
}

fn run(mut parser: lexopt::Parser) -> Result<(), Failure> {
    let Some(argument) = parser.next()? else {
        return Err(Failure::Usage("no command given".to_owned()));
    };
    match argument {
        lexopt::Arg::Short('h') | lexopt::Arg::Long("help") => {
            out!("{HELP}");
            Ok(())
        }
        lexopt::Arg::Value(command) => match command.to_string_lossy().as_ref() {
            "bench" => bench::run(parser),
            "codegen" => codegen::run(parser),
            "conformance" => conformance::run(parser),
            "example" => example::run(parser),
            "fuzz" => fuzz::run(parser),
            "interop" => interop::command(parser),
            "platforms" => platforms::run(parser),
            "model" => model(parser),
            "test" => test::run(parser),
            "vendor" => vendor::run(parser),
            "help" => help(parser),
            other => Err(no_command(other)),
        },
        other => Err(other.unexpected().into()),
    }
}

/// Runs `help`, or `help COMMAND`, which is the same as `COMMAND --help`.
fn help(mut parser: lexopt::Parser) -> Result<(), Failure> {
    let mut words: Vec<_> = parser.raw_args()?.collect();
    if words.is_empty() {
        out!("{HELP}");
        return Ok(());
    }
    words.push("--help".into());
    run(lexopt::Parser::from_args(words))
}

/// Runs `model diff` or `model import`.
fn model(mut parser: lexopt::Parser) -> Result<(), Failure> {
    match parser.next()? {
        Some(lexopt::Arg::Value(command)) if command == "diff" => model_diff::run(parser),
        Some(lexopt::Arg::Value(command)) if command == "import" => model_import::run(parser),
        Some(lexopt::Arg::Short('h') | lexopt::Arg::Long("help")) => {
            out!("{}\n{}", model_diff::HELP, model_import::HELP);
            Ok(())
        }
        Some(lexopt::Arg::Value(other)) => Err(Failure::Usage(format!(
            "there is no command `model {}`; expected `model diff` or `model import`",
            other.to_string_lossy()
        ))),
        Some(other) => Err(other.unexpected().into()),
        None => Err(Failure::Usage(
            "missing subcommand; expected `model diff` or `model import`".to_owned(),
        )),
    }
}
