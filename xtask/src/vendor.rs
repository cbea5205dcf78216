//! `cargo xtask vendor`: copies a generated crate and the runtime into another repository.

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
use crate::{Failure, codegen, companions, paths, shell};
use record::{Crate, Model, Record};

const HELP: &str = "\
Copy a generated crate and the runtime into another repository. The copy does not depend on this
repository.

Usage: cargo xtask vendor NAME DEST [--operations A,B] [--force]
       cargo xtask vendor --check DEST

The crate of model/NAME.json is copied to DEST/tinsmith-NAME, the runtime to DEST/tinsmith-client and
DEST/tinsmith-core. DEST/tinsmith.toml records the copied files. DEST is created if its parent
directory exists.

Run the command again to update, or to change the operations. It generates all crates in DEST again,
so that they match the runtime, and removes files that are no longer needed. Files that were not
written by this command are kept.

Options:
  --operations A,B  Only these operations and the shapes that they use (default: all)
  --force           Overwrite copied files that were edited
  --check DEST      Write nothing; fail if DEST was edited or is out of date

Example:
  cargo xtask vendor kms ../my-app/vendor --operations Encrypt,Decrypt
Then add to ../my-app/Cargo.toml:
  [dependencies]
  tinsmith-kms = { path = \"vendor/tinsmith-kms\" }

In a workspace, Cargo treats path dependencies of members as members. To exclude the copied crates,
for example from `cargo test --workspace`, add to the workspace's Cargo.toml:
  [workspace]
  exclude = [\"vendor\"]
";

/// The crates that all generated crates share.
const RUNTIME: [&str; 2] = ["client", "core"];

/// A crate to vendor.
#[derive(Clone)]
struct Wanted {
    /// The name of the model.
    name: String,
    /// Sorted; `None` for all.
    operations: Option<Vec<String>>,
}

impl Wanted {
    /// Creates a placeholder for commands in messages.
    fn any() -> Self {
        Self {
            name: "NAME".to_owned(),
            operations: None,
        }
    }
}

/// The content of a vendor folder.
struct Vendored {
    /// The files of the crates and the record.
    tree: FileTree,
    record: Record,
    /// A summary line for each crate.
    summary: Vec<String>,
    /// Notices about the models.
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
    let root = paths::root()?;
    match (arguments.check, arguments.values.as_slice()) {
        (true, [dest]) if arguments.operations.is_none() && !arguments.force => {
            check::check(&root, dest)
        }
        (true, _) => Err(Failure::Usage(
            "`--check` takes one argument DEST and no other options".to_owned(),
        )),
        (false, [name, dest]) => {
            let wanted = Wanted {
                name: name.display().to_string(),
                operations: arguments.operations,
            };
            vendor(&root, wanted, dest, arguments.force)
        }
        (false, _) => Err(Failure::Usage("missing arguments NAME and DEST".to_owned())),
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
    check_destination(dest)?;
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
    let written = new.tree.replace(dest, &stale).map_err(disk::write_error)?;
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

/// Returns the crates in a record.
fn wanted_by(record: &Record) -> BTreeMap<String, Wanted> {
    let wanted = record.models().map(|model| Wanted {
        name: model.name.clone(),
        operations: model.operations.clone(),
    });
    wanted.map(|wanted| (wanted.name.clone(), wanted)).collect()
}

/// Returns the command to vendor a crate, with additional options.
fn command(wanted: &Wanted, dest: &Path, more: &[&str]) -> String {
    let dest = shell::operand(dest);
    let mut words = vec!["cargo", "xtask", "vendor", &wanted.name, &dest];
    let operations = wanted.operations.as_ref().map(|names| names.join(","));
    if let Some(operations) = &operations {
        words.extend(["--operations", operations]);
    }
    shell::command(words.iter().chain(more))
}

/// Returns an error unless `dest` is a folder or its parent exists.
fn check_destination(dest: &Path) -> Result<(), Failure> {
    if dest.as_os_str().is_empty() {
        return Err(Failure::Usage("DEST must not be empty".to_owned()));
    }
    disk::ensure_dir(dest)?;
    if dest.exists() {
        return Ok(());
    }
    let parent = dest.parent().unwrap_or(dest);
    if parent.as_os_str().is_empty() || parent.is_dir() {
        return Ok(());
    }
    Err(failed(
        dest,
        format!("the parent directory {} does not exist", parent.display()),
    ))
}

/// Generates the content of a vendor folder in memory.
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
    /// Adds a crate and the files that all crates have.
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

/// Returns the features that a manifest defines.
fn features(manifest: &str) -> Result<Vec<String>, toml::de::Error> {
    let manifest: Table = manifest.parse()?;
    let features = manifest.get("features").and_then(Value::as_table);
    Ok(features
        .into_iter()
        .flat_map(Table::keys)
        .cloned()
        .collect())
}
