//! Measures what the project promises about speed, each subject in one table.
//!
//! `cargo run --release --manifest-path bench/Cargo.toml -- SUBJECT`, or `cargo xtask bench SUBJECT`.
//! Figures are CPU times, which a busy machine disturbs less than wall time; what is compared is
//! measured in turns within one run.

mod answers;
mod build;
mod call;
mod codegen;
mod measure;
mod ours;
#[cfg(feature = "peer")]
mod peer;
mod raw;
mod server;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

const HELP: &str = "\
Measure the generator and the generated KMS client.

Usage: cargo xtask bench [--peer] SUBJECT...

Subjects:
  build               CPU seconds of building generated/kms in debug, its dependencies built
  call                CPU per call over loopback, beside hyper sending the same bytes
  codegen             CPU from model text to file tree, and the size of generated/kms; models other
                      than KMS need TINSMITH_SHARED
  memory              CPU per call with a transport that answers from memory
  spin WHAT COUNT     COUNT times the same and no table, for a profiler; WHAT is memory-disconnect,
                      memory-list-keys, loopback, loopback-hyper or a model's file
  all                 the four tables

With --peer (without xtask: `--features peer`) aws-sdk-kms is measured, too; it takes minutes to
build.
";

/// What the subjects fail with.
type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        [] | ["help" | "-h" | "--help"] => {
            print!("{HELP}");
            Ok(())
        }
        // What `call` starts.
        ["serve"] => server::serve(&answers::Operation::Disconnect.answer()),
        ["spin", model, count] if model.ends_with(".json") => {
            codegen::spin(Path::new(model), count.parse()?)
        }
        ["spin", what, count] => call::spin(what, count.parse()?),
        subjects => subjects.iter().try_for_each(|subject| match *subject {
            "build" => build::table(),
            "call" => call::loopback(),
            "codegen" => codegen::table(),
            "memory" => call::memory(),
            "all" => run(&["codegen", "build", "memory", "call"]),
            other => Err(format!("there is no subject `{other}`; see --help").into()),
        }),
    }
}
