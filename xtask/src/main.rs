//! The project's own commands: `cargo xtask --help`.

mod bench;
mod codegen;
mod conformance;
mod example;
mod interop;
mod model_diff;
mod model_import;
mod table;
mod test;

use std::fmt;
use std::process::ExitCode;

const HELP: &str = "\
The project's own commands.

Usage: cargo xtask COMMAND [ARGUMENTS]

Commands:
  bench         Measure the generator and the client; `bench help` lists the subjects
  codegen       Generate the crates under generated/ from the models under model/
  conformance   Run Smithy's own tests against generated clients; check crates of other models
  example       Run an example against moto; without a name, list the examples
  interop       Test the generated client against moto and boto3
  model diff    Tell what changed between two models, and what that means for callers
  model import  Write model/NAME.json from botocore's or AWS's model
  test          Run all tests
  help          Show this text; `cargo xtask COMMAND --help` shows a command's own

Example:
  cargo xtask codegen
";

/// Why a command failed, and so how the process ends.
enum Failure {
    /// The arguments make no sense: exit code 2.
    Usage(String),
    /// The command could not do its work: exit code 1.
    Work(String),
}

impl Failure {
    /// A failure of the work itself.
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
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(message)) => {
            eprintln!("error: {message}\nSee `cargo xtask --help`.");
            ExitCode::from(2)
        }
        Err(Failure::Work(message)) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let mut parser = lexopt::Parser::from_env();
    let Some(argument) = parser.next()? else {
        return Err(Failure::Usage("no command given".to_owned()));
    };
    match argument {
        lexopt::Arg::Short('h') | lexopt::Arg::Long("help") => {
            print!("{HELP}");
            Ok(())
        }
        lexopt::Arg::Value(command) => match command.to_string_lossy().as_ref() {
            "bench" => bench::run(parser),
            "codegen" => codegen::run(parser),
            "conformance" => conformance::run(parser),
            "example" => example::run(parser),
            "interop" => interop::command(parser),
            "model" => model(parser),
            "test" => test::run(parser),
            "help" => {
                print!("{HELP}");
                Ok(())
            }
            other => Err(Failure::Usage(format!("there is no command `{other}`"))),
        },
        other => Err(other.unexpected().into()),
    }
}

/// `model diff` and `model import`.
fn model(mut parser: lexopt::Parser) -> Result<(), Failure> {
    match parser.next()? {
        Some(lexopt::Arg::Value(command)) if command == "diff" => model_diff::run(parser),
        Some(lexopt::Arg::Value(command)) if command == "import" => model_import::run(parser),
        Some(lexopt::Arg::Short('h') | lexopt::Arg::Long("help")) => {
            print!("{}\n{}", model_diff::HELP, model_import::HELP);
            Ok(())
        }
        Some(other) => Err(other.unexpected().into()),
        None => Err(Failure::Usage(
            "model what? there are `model diff OLD NEW` and `model import NAME`".to_owned(),
        )),
    }
}
