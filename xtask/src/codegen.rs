//! `cargo xtask codegen`: generates crates from models.

mod dependency;
mod guard;
mod job;
mod models;

use std::path::{Path, PathBuf};
use std::time::Instant;

use lexopt::ValueExt as _;
use tinsmith_codegen::generate::Generated;
use tinsmith_codegen::output::tree::Difference;

use crate::arguments::once;
use crate::output::count;
use crate::{Failure, disk, shell};
use job::Job;
pub(crate) use models::{generate_from, generate_member, own_sources, texts};

const HELP: &str = "\
Generate client crates from Smithy models.

Usage: cargo xtask codegen [NAME...] [--check]
       cargo xtask codegen --model FILE [--overlay FILE] --out DIR [--name NAME]
                           [--service ID] [--operations A,B]
                           [--runtime PATH|VERSION] [--check | --force]

Without arguments, each model/NAME.json (with model/NAME.overlay.json, if it exists) is generated
into generated/NAME.

The directory of a crate must be new, empty, or contain the generated crate of the same name. Files
that were not generated are kept.

Options:
  --check                 Write nothing; fail if a file is changed, missing or stale
  --force                 Write to a directory that contains other files, and overwrite them
  --model FILE            Generate from this model, Smithy 1.0 or 2.0 JSON
  --overlay FILE          Smithy `apply` statements to add to the model
  --out DIR               The directory of the crate
  --name NAME             Name the crate tinsmith-NAME (default: from the service ID)
  --service ID            The service, by shape ID or name, if the model has several
  --operations A,B        Generate only these operations and the shapes that they use
  --runtime PATH|VERSION  Version of tinsmith-core and tinsmith-client, or the folder that contains
                          them (default: this workspace's)

Examples:
  cargo xtask codegen
  cargo xtask codegen kms --check
  cargo xtask codegen --model sqs.json --out target/sqs --operations SendMessage,ReceiveMessage
";

#[derive(Default)]
struct Arguments {
    names: Vec<String>,
    check: bool,
    force: bool,
    model: Option<PathBuf>,
    overlay: Option<PathBuf>,
    out: Option<PathBuf>,
    name: Option<String>,
    operations: Option<Vec<String>>,
    runtime: Option<String>,
    service: Option<String>,
}

/// Runs the command.
pub(crate) fn run(parser: lexopt::Parser) -> Result<(), Failure> {
    let Some(arguments) = parse(parser)? else {
        out!("{HELP}");
        return Ok(());
    };
    let (check, force) = (arguments.check, arguments.force);
    if check && force {
        return Err(Failure::Usage(
            "`--check` cannot be combined with `--force`".to_owned(),
        ));
    }
    // Generates and checks all crates before writing any of them.
    let done = generate_all(job::jobs(arguments)?)?;
    if !force {
        done.iter()
            .try_for_each(|made| guard::is_own(made, check))?;
    }
    if check {
        return check_all(&done);
    }
    for made in &done {
        let written = made.generated.tree.write(&made.job.out);
        let written = written.map_err(disk::write_error)?;
        let changes = format!(
            "{} written, {} unchanged, {} removed, ",
            count(written.written, "file"),
            written.unchanged,
            written.removed
        );
        made.tell(&changes, "");
    }
    Ok(())
}

/// The result of a job.
struct Made {
    job: Job,
    generated: Generated,
    millis: u128,
}

impl Made {
    /// Prints the notices and a summary of the crate.
    fn tell(&self, before: &str, after: &str) {
        let generated = &self.generated;
        for notice in &generated.notices {
            errln!("notice: {notice}");
        }
        outln!(
            "{}: {}, {}, {before}{} lines{after}, {} ms",
            generated.name,
            count(generated.operations, "operation"),
            count(generated.shapes, "shape"),
            generated.tree.rust_lines(),
            self.millis
        );
    }
}

fn generate_all(jobs: Vec<Job>) -> Result<Vec<Made>, Failure> {
    let (begun, all) = (Instant::now(), jobs.len());
    let mut done = Vec::new();
    for (number, job) in jobs.into_iter().enumerate() {
        let start = Instant::now();
        if start.duration_since(begun).as_secs() >= 1 {
            errln!("generating {}, {} of {all}", job.out.display(), number + 1);
        }
        let generated = job.generate()?;
        done.push(Made {
            job,
            generated,
            millis: start.elapsed().as_millis(),
        });
    }
    Ok(done)
}

/// Returns an error if a directory differs from the generated files.
fn check_all(done: &[Made]) -> Result<(), Failure> {
    let mut commands = String::new();
    for made in done {
        let (job, tree) = (&made.job, &made.generated.tree);
        let found = tree.check(&job.out).map_err(Failure::work)?;
        made.tell("", &format!(", {}", count(found.len(), "difference")));
        for difference in &found {
            report(&job.out, difference);
        }
        if !found.is_empty() {
            let words = ["cargo", "xtask", "codegen"].into_iter();
            let words = words.chain(job.arguments.iter().map(String::as_str));
            commands.push_str(&format!("\n  {}", shell::command(words)));
        }
    }
    if commands.is_empty() {
        return Ok(());
    }
    Err(Failure::Work(format!(
        "the generated code is out of date; run{commands}"
    )))
}

fn report(out: &Path, difference: &Difference) {
    let out = out.display();
    match difference {
        Difference::Missing(path) => outln!("missing: {out}/{path}"),
        Difference::Stale(path) => outln!("stale: {out}/{path}"),
        Difference::Changed(path, diff) => outln!("changed: {out}/{path}\n{diff}"),
    }
}

/// Parses the arguments. Returns `None` if they request help.
fn parse(mut parser: lexopt::Parser) -> Result<Option<Arguments>, Failure> {
    use lexopt::Arg::{Long, Short, Value};
    let mut arguments = Arguments::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("check") => arguments.check = true,
            Long("force") => arguments.force = true,
            Long("model") => once(&mut arguments.model, "--model", parser.value()?.into())?,
            Long("overlay") => once(&mut arguments.overlay, "--overlay", parser.value()?.into())?,
            Long("out") => once(&mut arguments.out, "--out", parser.value()?.into())?,
            Long("name") => once(&mut arguments.name, "--name", parser.value()?.string()?)?,
            Long("runtime") => {
                once(
                    &mut arguments.runtime,
                    "--runtime",
                    parser.value()?.string()?,
                )?;
            }
            Long("operations") => {
                let names = names(&parser.value()?.string()?)?;
                once(&mut arguments.operations, "--operations", names)?;
            }
            Long("service") => {
                let id = parser.value()?.string()?;
                once(&mut arguments.service, "--service", id)?;
            }
            Value(name) => arguments.names.push(name.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(arguments))
}

/// Parses the value of `--operations`: at least one name, separated by commas.
pub(crate) fn names(list: &str) -> Result<Vec<String>, Failure> {
    let names = list.split(',').map(|name| name.trim().to_owned());
    let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Err(Failure::Usage(
            "`--operations` needs at least one name, for example `--operations A,B`".to_owned(),
        ));
    }
    Ok(names)
}
