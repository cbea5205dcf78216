//! `cargo xtask vendor`: a generated crate and the runtime, copied into another repository.

mod check;
mod files;
mod record;
mod runtime;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lexopt::ValueExt as _;
use tinsmith_codegen::emit::{CrateOptions, Place, Runtime};
use tinsmith_codegen::lower::Options;
use tinsmith_codegen::output::tree::FileTree;
use toml::{Table, Value};

use crate::arguments::once;
use crate::disk::{self, failed};
use crate::output::count;
use crate::{Failure, codegen, companions, place, shell};
use record::{Crate, Model, Record};

const HELP: &str = "\
Copy a generated crate and the runtime into another repository, where they need nothing else of
this one.

Usage: cargo xtask vendor NAME DEST [--operations A,B] [--force]
       cargo xtask vendor --check DEST

The crate of model/NAME.json goes to DEST/tinsmith-NAME, the runtime to DEST/tinsmith-client and
DEST/tinsmith-core, and DEST/tinsmith.toml says what was copied. DEST is made if only its last
folder is missing.

Run it again to update, or to change the operations: every crate in DEST is made anew, so that all
fit the runtime, and files that no longer belong are removed. Files that are not of this command are
left alone.

Options:
  --operations A,B  Only these operations and what they reach (default: all of the model's)
  --force           Overwrite files of this command that somebody edited
  --check DEST      Write nothing; fail when DEST was edited or is not what would be copied now

Example:
  cargo xtask vendor kms ../my-app/vendor --operations Encrypt,Decrypt
and in ../my-app/Cargo.toml:
  [dependencies]
  tinsmith-kms = { path = \"vendor/tinsmith-kms\" }

Within a workspace, cargo counts crates that a member depends on by path as members, too. To keep
yours for yourself (cargo test --workspace), write in its Cargo.toml:
  [workspace]
  exclude = [\"vendor\"]
";

/// The crates that all generated crates share.
const RUNTIME: [&str; 2] = ["client", "core"];

/// A crate to vendor.
#[derive(Clone)]
struct Wanted {
    /// Of the model.
    name: String,
    /// Sorted; all when `None`.
    operations: Option<Vec<String>>,
}

impl Wanted {
    /// Stands for any crate in a command that is shown.
    fn any() -> Self {
        Self {
            name: "NAME".to_owned(),
            operations: None,
        }
    }
}

/// What goes into a folder.
struct Vendored {
    /// The files of the crates and the record.
    tree: FileTree,
    record: Record,
    /// A line on each crate.
    summary: Vec<String>,
    /// What is odd about the models.
    notices: Vec<String>,
}

#[derive(Default)]
struct Arguments {
    values: Vec<PathBuf>,
    operations: Option<Vec<String>>,
    force: bool,
    check: bool,
}

/// Runs the command.
pub(crate) fn run(parser: lexopt::Parser) -> Result<(), Failure> {
    let Some(arguments) = parse(parser)? else {
        out!("{HELP}");
        return Ok(());
    };
    let root = place::root()?;
    match (arguments.check, arguments.values.as_slice()) {
        (true, [dest]) if arguments.operations.is_none() && !arguments.force => {
            check::check(&root, dest)
        }
        (true, _) => Err(Failure::Usage(
            "--check takes one DEST and nothing beside it".to_owned(),
        )),
        (false, [name, dest]) => {
            let wanted = Wanted {
                name: name.display().to_string(),
                operations: arguments.operations,
            };
            vendor(&root, wanted, dest, arguments.force)
        }
        (false, _) => Err(Failure::Usage(
            "which model, and where to? give NAME and DEST".to_owned(),
        )),
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
            Long("force") => arguments.force = true,
            Long("operations") => {
                let mut names = codegen::names(&parser.value()?.string()?)?;
                names.sort();
                names.dedup();
                once(&mut arguments.operations, "--operations", names)?;
            }
            Value(value) if arguments.values.len() < 2 => arguments.values.push(value.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(arguments))
}

fn vendor(root: &Path, wanted: Wanted, dest: &Path, force: bool) -> Result<(), Failure> {
    codegen::own_sources(root, &wanted.name)?;
    check_place(dest)?;
    let old = Record::read(dest)?;
    let mut all: BTreeMap<String, Wanted> = old.iter().flat_map(wanted_by).collect();
    all.insert(wanted.name.clone(), wanted.clone());
    let new = build(root, all.values())?;
    let old = old.unwrap_or_default();
    let stale = check::overwriting(
        dest,
        &old,
        &new,
        force,
        &command(&wanted, dest, &["--force"]),
    )?;
    for notice in &new.notices {
        errln!("notice: {notice}");
    }
    let written = new.tree.replace(dest, &stale).map_err(disk::unwritten)?;
    for line in &new.summary {
        outln!("{line}");
    }
    outln!(
        "{}: {} written, {} unchanged, {} removed",
        dest.display(),
        count(written.written, "file"),
        written.unchanged,
        written.removed
    );
    Ok(())
}

/// What a record says was wanted.
fn wanted_by(record: &Record) -> BTreeMap<String, Wanted> {
    let wanted = record.models().map(|model| Wanted {
        name: model.name.clone(),
        operations: model.operations.clone(),
    });
    wanted.map(|wanted| (wanted.name.clone(), wanted)).collect()
}

/// The command that vendors it, with more options.
fn command(wanted: &Wanted, dest: &Path, more: &[&str]) -> String {
    let dest = shell::operand(dest);
    let mut words = vec!["cargo", "xtask", "vendor", &wanted.name, &dest];
    let operations = wanted.operations.as_ref().map(|names| names.join(","));
    if let Some(operations) = &operations {
        words.extend(["--operations", operations]);
    }
    shell::command(words.iter().chain(more))
}

/// `dest` is a folder, or can be made one without guessing.
fn check_place(dest: &Path) -> Result<(), Failure> {
    if dest.as_os_str().is_empty() {
        return Err(Failure::Usage("DEST needs a directory".to_owned()));
    }
    disk::room(dest)?;
    if dest.exists() {
        return Ok(());
    }
    let parent = dest.parent().unwrap_or(dest);
    if parent.as_os_str().is_empty() || parent.is_dir() {
        return Ok(());
    }
    Err(failed(
        dest,
        format!("there is no directory {} to make it in", parent.display()),
    ))
}

/// Makes everything that goes into a folder, in memory.
fn build<'w>(root: &Path, wanted: impl Iterator<Item = &'w Wanted>) -> Result<Vendored, Failure> {
    let mut vendored = Vendored {
        tree: FileTree::default(),
        record: Record {
            generator: env!("CARGO_PKG_VERSION").to_owned(),
            crates: BTreeMap::new(),
        },
        summary: Vec::new(),
        notices: Vec::new(),
    };
    for wanted in wanted {
        let name = format!("tinsmith-{}", wanted.name);
        let sources =
            codegen::own_sources(root, &wanted.name).map_err(|failure| match failure {
                Failure::Work(fault) => {
                    Failure::Work(format!("{name} was vendored before: {fault}"))
                }
                usage => usage,
            })?;
        let texts = codegen::texts(&sources)?;
        let options = Options {
            name: Some(wanted.name.clone()),
            source: format!("model/{}.json", wanted.name),
            operations: wanted.operations.clone(),
            service: None,
        };
        let crate_options = CrateOptions {
            runtime: Runtime::folders("../tinsmith-core", "../tinsmith-client"),
            place: Place::Member,
        };
        let generated = codegen::generate_from(&texts, &options, &crate_options)?;
        let mut digests = texts.iter().map(|(_, text)| files::digest(text.as_bytes()));
        let model = Model {
            name: wanted.name.clone(),
            sha256: digests.next().unwrap_or_default(),
            overlay_sha256: digests.next(),
            operations: wanted.operations.clone(),
        };
        let (operations, shapes) = (generated.operations, generated.shapes);
        let about = format!(
            "{}, {}, ",
            count(operations, "operation"),
            count(shapes, "shape")
        );
        vendored.notices.extend(generated.notices);
        vendored.add(&name, Some(model), generated.tree, &about)?;
    }
    for name in RUNTIME {
        let tree = runtime::tree(root, name)?;
        vendored.add(&format!("tinsmith-{name}"), None, tree, "")?;
    }
    let record = vendored.record.to_text();
    vendored.tree.insert(record::FILE, record);
    Ok(vendored)
}

impl Vendored {
    /// Adds a crate with what every crate has.
    fn add(
        &mut self,
        name: &str,
        model: Option<Model>,
        mut tree: FileTree,
        about: &str,
    ) -> Result<(), Failure> {
        let lines = tree.rust_lines();
        self.summary.push(format!("{name}: {about}{lines} lines"));
        companions::add(&mut tree);
        let mut entry = Crate {
            model,
            ..Crate::default()
        };
        for (path, text) in tree.files() {
            if path == "Cargo.toml" {
                entry.features = features(text).map_err(|fault| {
                    Failure::Work(format!("generator: the manifest of {name}: {fault}"))
                })?;
            }
            let digest = files::digest(text.as_bytes());
            entry.files.insert(path.to_owned(), digest);
            self.tree.insert(format!("{name}/{path}"), text);
        }
        self.record.crates.insert(name.to_owned(), entry);
        Ok(())
    }
}

/// The features that a manifest names.
fn features(manifest: &str) -> Result<Vec<String>, toml::de::Error> {
    let manifest: Table = manifest.parse()?;
    let features = manifest.get("features").and_then(Value::as_table);
    Ok(features
        .into_iter()
        .flat_map(Table::keys)
        .cloned()
        .collect())
}
