//! `cargo xtask codegen`: models to crates.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use lexopt::ValueExt as _;
use tinsmith_codegen::emit::{CrateOptions, Place};
use tinsmith_codegen::generate::{Generated, generate};
use tinsmith_codegen::load::Source;
use tinsmith_codegen::lower::Options;
use tinsmith_codegen::tree::Difference;

use crate::arguments::{hint, once};
use crate::output::count;
use crate::place::{near, relative, root};
use crate::{Failure, disk};

const HELP: &str = "\
Generate client crates from Smithy models.

Usage: cargo xtask codegen [NAME...] [--check]
       cargo xtask codegen --model FILE [--overlay FILE] --out DIR [--name NAME]
                           [--runtime PATH|VERSION] [--check]

Without arguments every model/NAME.json (with model/NAME.overlay.json, if it is there) becomes
generated/NAME.

Options:
  --check                 Write nothing; fail when a file is changed, missing or stale
  --model FILE            Another model, Smithy 1.0 or 2.0 JSON
  --overlay FILE          Smithy `apply` statements on top of it
  --out DIR               Where its crate goes
  --name NAME             Its name; the crate is tinsmith-NAME (default: the model file's stem)
  --operations A,B        Only these operations and what they reach
  --runtime PATH|VERSION  Where the crate finds tinsmith-runtime (default: this workspace's)

Examples:
  cargo xtask codegen
  cargo xtask codegen kms --check
  cargo xtask codegen --model sqs.json --out target/sqs --operations SendMessage,ReceiveMessage
";

/// What to generate and where from.
struct Job {
    options: Options,
    /// The model and its overlays.
    sources: Vec<PathBuf>,
    out: PathBuf,
    crate_options: CrateOptions,
    /// The arguments that repeat this job.
    arguments: String,
}

#[derive(Default)]
struct Arguments {
    names: Vec<String>,
    check: bool,
    model: Option<PathBuf>,
    overlay: Option<PathBuf>,
    out: Option<PathBuf>,
    name: Option<String>,
    operations: Option<Vec<String>>,
    runtime: Option<String>,
}

/// Runs the command.
pub(crate) fn run(parser: lexopt::Parser) -> Result<(), Failure> {
    let Some(arguments) = parse(parser)? else {
        out!("{HELP}");
        return Ok(());
    };
    let check = arguments.check;
    let jobs = jobs(arguments)?;
    // Everything is generated before anything is written.
    let mut done = Vec::new();
    let (begun, all) = (Instant::now(), jobs.len());
    for (number, job) in jobs.into_iter().enumerate() {
        let start = Instant::now();
        if start.duration_since(begun).as_secs() >= 1 {
            errln!("generating {}, {} of {all}", job.options.name, number + 1);
        }
        let generated = job.generate()?;
        done.push((job, generated, start.elapsed()));
    }
    let mut stale = Vec::new();
    for (job, generated, time) in &done {
        for notice in &generated.notices {
            errln!("notice: {notice}");
        }
        let head = format!(
            "{}: {}, {}",
            job.options.name,
            count(generated.operations, "operation"),
            count(generated.shapes, "shape")
        );
        let lines = generated.tree.rust_lines();
        let millis = time.as_millis();
        if check {
            let found = generated.tree.check(&job.out).map_err(Failure::work)?;
            outln!(
                "{head}, {lines} lines, {}, {millis} ms",
                count(found.len(), "difference")
            );
            found
                .iter()
                .for_each(|difference| report(&job.out, difference));
            if !found.is_empty() {
                stale.push(job.arguments.clone());
            }
        } else {
            let written = generated.tree.write(&job.out).map_err(disk::unwritten)?;
            outln!(
                "{head}, {} written, {} unchanged, {} removed, {lines} lines, {millis} ms",
                count(written.written, "file"),
                written.unchanged,
                written.removed
            );
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    let commands: Vec<String> = stale
        .iter()
        .map(|arguments| format!("  cargo xtask codegen{arguments}"))
        .collect();
    Err(Failure::Work(format!(
        "the generated code is not what its model gives; repair it with\n{}",
        commands.join("\n")
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

/// `None` when help was asked for.
fn parse(mut parser: lexopt::Parser) -> Result<Option<Arguments>, Failure> {
    use lexopt::Arg::{Long, Short, Value};
    let mut arguments = Arguments::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("check") => arguments.check = true,
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
            Value(name) => arguments.names.push(name.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(arguments))
}

/// The value of `--operations`: names with commas between, at least one.
pub(crate) fn names(list: &str) -> Result<Vec<String>, Failure> {
    let names = list.split(',').map(|name| name.trim().to_owned());
    let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Err(Failure::Usage(
            "--operations names none; write --operations A,B".to_owned(),
        ));
    }
    Ok(names)
}

fn jobs(arguments: Arguments) -> Result<Vec<Job>, Failure> {
    if arguments.model.is_some() || arguments.out.is_some() {
        return Ok(vec![other_model(arguments)?]);
    }
    let own = [
        ("--overlay", arguments.overlay.is_some()),
        ("--name", arguments.name.is_some()),
        ("--operations", arguments.operations.is_some()),
        ("--runtime", arguments.runtime.is_some()),
    ];
    if let Some((option, _)) = own.iter().find(|(_, given)| *given) {
        return Err(Failure::Usage(format!(
            "{option} goes with --model FILE --out DIR"
        )));
    }
    let root = root()?;
    let names = if arguments.names.is_empty() {
        models(&root)?
    } else {
        arguments.names
    };
    if let Some(file) = names.iter().find(|name| name.ends_with(".json")) {
        return Err(Failure::Usage(format!(
            "`{file}` is no model's name; give a file as --model FILE, with --out DIR"
        )));
    }
    names
        .into_iter()
        .map(|name| own_model(&root, name))
        .collect()
}

/// A model under model/.
fn own_model(root: &Path, name: String) -> Result<Job, Failure> {
    Ok(Job {
        sources: own_sources(root, &name)?,
        out: near(root.join("generated").join(&name)),
        crate_options: CrateOptions {
            runtime: "path = \"../../runtime\"".to_owned(),
            place: Place::Workspace,
        },
        arguments: format!(" {name}"),
        options: Options {
            source: format!("model/{name}.json"),
            name,
            operations: None,
        },
    })
}

/// The files of the model `name` under model/: itself and, if it is there, its overlay.
///
/// # Errors
///
/// When there is no such model, with the nearest name that is one.
pub(crate) fn own_sources(root: &Path, name: &str) -> Result<Vec<PathBuf>, Failure> {
    let known = models(root)?;
    if !known.iter().any(|known| known == name) {
        // Who writes a file's name means its model.
        let stem = Path::new(name).file_stem().unwrap_or_default();
        let hint = hint(&stem.to_string_lossy(), &known);
        return Err(Failure::Work(format!(
            "there is no model `{name}` under model/; {hint}"
        )));
    }
    let file = |ending| near(root.join("model").join(format!("{name}{ending}")));
    let overlay = Some(file(".overlay.json")).filter(|path| path.exists());
    Ok(std::iter::once(file(".json")).chain(overlay).collect())
}

fn other_model(arguments: Arguments) -> Result<Job, Failure> {
    let (Some(model), Some(out)) = (arguments.model, arguments.out) else {
        return Err(Failure::Usage(
            "--model FILE and --out DIR go together".to_owned(),
        ));
    };
    if let Some(name) = arguments.names.first() {
        return Err(Failure::Usage(format!(
            "`{name}`: give --name for the model's name"
        )));
    }
    disk::room(&out)?;
    let stem = model
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let name = arguments.name.unwrap_or(stem);
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(plain) {
        return Err(Failure::Usage(format!(
            "`{name}` is no name for a crate; give --name with lower-case letters, digits and -"
        )));
    }
    let file_name = model
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let mut repeat = format!(" --model {}", model.display());
    if let Some(overlay) = &arguments.overlay {
        repeat.push_str(&format!(" --overlay {}", overlay.display()));
    }
    repeat.push_str(&format!(" --out {} --name {name}", out.display()));
    if let Some(operations) = &arguments.operations {
        repeat.push_str(&format!(" --operations {}", operations.join(",")));
    }
    if let Some(runtime) = &arguments.runtime {
        repeat.push_str(&format!(" --runtime {runtime}"));
    }
    Ok(Job {
        sources: std::iter::once(model).chain(arguments.overlay).collect(),
        crate_options: CrateOptions {
            runtime: runtime(arguments.runtime.as_deref(), &out)?,
            place: Place::Alone,
        },
        out,
        arguments: repeat,
        options: Options {
            source: file_name,
            name,
            operations: arguments.operations,
        },
    })
}

/// The manifest's entry: a version when it looks like one, else a path.
fn runtime(given: Option<&str>, out: &Path) -> Result<String, Failure> {
    let path = match given {
        Some(version) if version.starts_with(|c: char| c.is_ascii_digit() || "^=~".contains(c)) => {
            return Ok(format!("version = \"{version}\""));
        }
        Some(path) => PathBuf::from(path),
        None => root()?.join("runtime"),
    };
    if !path.join("Cargo.toml").is_file() {
        let advice =
            "no crate is there; give --runtime the folder of tinsmith-runtime or a version";
        return Err(disk::failed(&path, advice));
    }
    // Cargo reads the path from the manifest's place, not from ours.
    let relative = relative(out, &path)?;
    Ok(format!("path = {:?}", relative.display().to_string()))
}

/// The names of the models under model/, sorted; at least one.
fn models(root: &Path) -> Result<Vec<String>, Failure> {
    let folder = root.join("model");
    let entries = fs::read_dir(&folder).map_err(|e| disk::failed(&folder, e))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| Some(name.strip_suffix(".json")?.to_owned()))
        .filter(|name| !name.ends_with(".overlay"))
        .collect();
    if names.is_empty() {
        return Err(Failure::Work(format!(
            "there is no model in {}; `cargo xtask model import NAME` makes one",
            near(folder).display()
        )));
    }
    names.sort();
    Ok(names)
}

/// Generates a crate into `out` as a member of a workspace that stands above it; of all operations
/// unless some are named.
pub(crate) fn generate_member(
    root: &Path,
    model: Source<'_>,
    out: &Path,
    name: &str,
    operations: Option<Vec<String>>,
) -> Result<usize, Failure> {
    let options = Options {
        name: name.to_owned(),
        source: format!("{name}.json"),
        operations,
    };
    let crate_options = CrateOptions {
        runtime: runtime(Some(&root.join("runtime").display().to_string()), out)?,
        place: Place::Member,
    };
    let generated = generate(&[model], &options, &crate_options).map_err(Failure::work)?;
    generated
        .notices
        .iter()
        .for_each(|notice| outln!("notice: {notice}"));
    generated.tree.write(out).map_err(disk::unwritten)?;
    Ok(generated.operations)
}

impl Job {
    fn generate(&self) -> Result<Generated, Failure> {
        generate_from(&texts(&self.sources)?, &self.options, &self.crate_options)
    }
}

/// The texts of files, each after the file's name.
pub(crate) fn texts(files: &[PathBuf]) -> Result<Vec<(String, String)>, Failure> {
    files
        .iter()
        .map(|path| {
            let name = near(path.clone()).display().to_string();
            Ok((name, disk::read(path)?))
        })
        .collect()
}

/// Generates from what [`texts`] gave.
pub(crate) fn generate_from(
    texts: &[(String, String)],
    options: &Options,
    crate_options: &CrateOptions,
) -> Result<Generated, Failure> {
    let sources: Vec<Source<'_>> = texts
        .iter()
        .map(|(name, text)| Source { name, text })
        .collect();
    generate(&sources, options, crate_options).map_err(Failure::work)
}
