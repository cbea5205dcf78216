//! Finding and reading the service models of the Python package botocore.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::read::MultiGzDecoder;
use tinsmith_codegen::hint::nearest;
use tinsmith_smithy::import::{self, BotocoreFiles, Import};
use tinsmith_smithy::load::Source;

use super::sources::Entry;
use crate::Failure;
use crate::disk::{self, failed};

/// Advice if there is no botocore.
const OTHERWISE: &str = "install botocore (`python3 -m pip install botocore`), or pass its directory with \
     --botocore DIR, or import one of AWS's Smithy models with --smithy FILE";

/// An existing file and its uncompressed content.
struct Opened {
    path: PathBuf,
    content: Box<dyn Read>,
}

/// The text of a file, and its name in diagnostics.
struct Loaded {
    file: String,
    text: String,
}

impl Loaded {
    fn source(&self) -> Source<'_> {
        Source {
            name: &self.file,
            text: &self.text,
        }
    }
}

/// Imports the newest version of the service `name`.
pub(super) fn import(name: &str, package: Option<&Path>) -> Result<(Import, Entry), Failure> {
    let package = match package {
        Some(package) => package.to_owned(),
        None => package_of("python3".as_ref())?,
    };
    let service = service_directory(&package, name)?;
    let version = newest_version(&service)?;
    let directory = service.join(&version);
    let load = |stem: &str| load(&directory, stem);
    let Some(model) = load("service-2")? else {
        return Err(failed(&directory, "contains no service-2.json"));
    };
    let paginators = load("paginators-1")?;
    let waiters = load("waiters-2")?;
    let endpoint_rules = load("endpoint-rule-set-1")?;
    let examples = load("examples-1")?;
    let import = import::from_botocore(&BotocoreFiles {
        name,
        service: model.source(),
        paginators: paginators.as_ref().map(Loaded::source),
        waiters: waiters.as_ref().map(Loaded::source),
        endpoint_rules: endpoint_rules.as_ref().map(Loaded::source),
        examples: examples.as_ref().map(Loaded::source),
    })
    .map_err(Failure::work)?;
    let source = format!("{} data/{name}/{version}", package_version(&package));
    let entry = Entry::new(source, &import, &model.text);
    Ok((import, entry))
}

/// Returns the directory of the botocore that a Python imports.
pub(crate) fn package_of(python: &Path) -> Result<PathBuf, Failure> {
    let script = "import os, botocore; print(os.path.dirname(botocore.__file__))";
    let name = python.display();
    let output = match Command::new(python).args(["-c", script]).output() {
        Ok(output) => output,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(Failure::Work(format!(
                "`{name}` was not found: {OTHERWISE}"
            )));
        }
        Err(error) => {
            return Err(Failure::Work(format!(
                "cannot run `{name}` ({error}): {OTHERWISE}"
            )));
        }
    };
    if !output.status.success() {
        return Err(Failure::Work(format!(
            "{name} has no botocore: {OTHERWISE}"
        )));
    }
    let path = String::from_utf8_lossy(&output.stdout);
    Ok(PathBuf::from(path.trim_end()))
}

/// `data/NAME` of the package.
fn service_directory(package: &Path, name: &str) -> Result<PathBuf, Failure> {
    let data = package.join("data");
    if !data.is_dir() {
        let reason = format!("not the botocore package: it has no directory `data`; {OTHERWISE}");
        return Err(failed(package, reason));
    }
    let service = data.join(name);
    if service.is_dir() {
        return Ok(service);
    }
    let services = fs::read_dir(&data).map_err(|error| failed(&data, error))?;
    let services = services.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let services = services.filter(|service| data.join(service).is_dir());
    let services: Vec<String> = services.collect();
    let has_id =
        |service: &&String| service_id(&data.join(service)).is_some_and(|id| same(&id, name));
    let by_id = services.iter().find(has_id).map(String::as_str);
    let near = by_id.or_else(|| nearest(name, services.iter().map(String::as_str)));
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "the directories in this folder are the services".to_owned(),
    };
    let reason = format!("botocore has no service `{name}`; {hint}");
    Err(failed(&data, reason))
}

/// Returns the service ID, such as `CloudWatch Logs` for `logs`.
fn service_id(service: &Path) -> Option<String> {
    let directory = service.join(newest_version(service).ok()?);
    let mut head = Vec::new();
    // The metadata is at the beginning of the file.
    let opened = open(&directory, "service-2").ok()??;
    opened.content.take(4096).read_to_end(&mut head).ok()?;
    let head = String::from_utf8_lossy(&head);
    let (_, rest) = head.split_once("\"serviceId\"")?;
    Some(rest.split('"').nth(1)?.to_owned())
}

/// Returns whether two names differ only in case and separators.
fn same(one: &str, other: &str) -> bool {
    let plain = |name: &str| {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.collect::<String>().to_ascii_lowercase()
    };
    plain(one) == plain(other)
}

/// Returns the latest version of a service, like botocore's loader. Versions are dates.
fn newest_version(service: &Path) -> Result<String, Failure> {
    let mut newest = None;
    for entry in fs::read_dir(service).map_err(|error| failed(service, error))? {
        let entry = entry.map_err(|error| failed(service, error))?;
        if entry.path().is_dir() {
            newest = newest.max(entry.file_name().into_string().ok());
        }
    }
    newest.ok_or_else(|| failed(service, "contains no version of the service"))
}

/// Loads a file of a version. Returns `None` if it does not exist.
fn load(directory: &Path, stem: &str) -> Result<Option<Loaded>, Failure> {
    let Some(Opened { path, mut content }) = open(directory, stem)? else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    let read = content.read_to_end(&mut bytes);
    read.map_err(|error| failed(&path, error))?;
    let text = disk::text(&path, bytes)?;
    Ok(Some(Loaded {
        file: path.display().to_string(),
        text,
    }))
}

/// Reads a file of a version, compressed with gzip or not. Returns `None` if it does not exist.
fn open(directory: &Path, stem: &str) -> Result<Option<Opened>, Failure> {
    for (ending, is_gzip) in [("json", false), ("json.gz", true)] {
        let path = directory.join(format!("{stem}.{ending}"));
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(failed(&path, error)),
        };
        let content: Box<dyn Read> = match is_gzip {
            true => Box::new(MultiGzDecoder::new(file)),
            false => Box::new(file),
        };
        return Ok(Some(Opened { path, content }));
    }
    Ok(None)
}

/// Returns `botocore VERSION`, or `botocore` if the version is unknown.
fn package_version(package: &Path) -> String {
    let init = fs::read_to_string(package.join("__init__.py")).unwrap_or_default();
    let version = init.lines().find_map(|line| {
        let value = line
            .strip_prefix("__version__")?
            .trim_start()
            .strip_prefix('=')?;
        Some(value.trim().trim_matches(['\'', '"']))
    });
    match version {
        Some(version) => format!("botocore {version}"),
        None => "botocore".to_owned(),
    }
}
