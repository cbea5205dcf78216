//! The crates of the runtime, with manifests that inherit nothing from this workspace.

use std::fmt::Write as _;
use std::path::Path;

use tinsmith_codegen::output::tree::FileTree;
use toml::{Table, Value};

use super::{RUNTIME, files};
use crate::{Failure, disk};

/// The sections of a manifest that a copy omits, because the tests need this workspace.
const DROPPED: [&str; 4] = ["bench", "dev-dependencies", "example", "test"];

/// Returns the files of the crate `runtime/NAME`, the manifest and `src`, by relative path.
pub(super) fn tree(root: &Path, name: &str) -> Result<FileTree, Failure> {
    let folder = root.join("runtime").join(name);
    let mut tree = FileTree::default();
    let own = disk::read(&folder.join("Cargo.toml"))?;
    let workspace = disk::read(&root.join("Cargo.toml"))?;
    let manifest = manifest(&own, &workspace)
        .map_err(|fault| Failure::Work(format!("runtime/{name}/Cargo.toml: {fault}")))?;
    tree.insert("Cargo.toml", manifest);
    for path in files::below(&folder.join("src"))? {
        if path.extension().is_some_and(|extension| extension == "rs") {
            tree.insert(files::relative(&folder, &path), disk::read(&path)?);
        }
    }
    Ok(tree)
}

/// Returns the manifest of the runtime with inherited values replaced by those of the workspace.
///
/// # Errors
///
/// If a manifest lacks a value, or contains something that this function does not support.
fn manifest(own: &str, workspace: &str) -> Result<String, String> {
    let parse = |text: &str| text.parse::<Table>().map_err(|e| e.to_string());
    let shared = parse(workspace)?;
    let shared = table(&shared, "workspace")?;
    let sections = parse(own)?;
    let mut out = "# Copied by cargo xtask vendor. Do not edit.\n".to_owned();
    for (name, value) in ordered(&sections, "package") {
        let section = value.as_table();
        let section = section.ok_or_else(|| format!("`{name}` is not a table"))?;
        match name.as_str() {
            "package" => {
                out.push_str("\n[package]\n");
                let inherited = table(shared, "package")?;
                for (key, value) in ordered(section, "name") {
                    let value = resolved(key, value, inherited)?;
                    let _ = writeln!(out, "{key} = {value}");
                }
                // Unit tests have their dependencies only in this workspace.
                out.push_str("\n[lib]\ndoctest = false\ntest = false\n");
            }
            "dependencies" => {
                out.push_str("\n[dependencies]\n");
                let inherited = table(shared, "dependencies")?;
                for (key, value) in section {
                    let value = dependency(key, value, inherited)?;
                    let _ = writeln!(out, "{key} = {value}");
                }
            }
            // The comments, which document the features, are kept.
            "features" => {
                let _ = writeln!(out, "\n{}", verbatim(own, "[features]")?);
            }
            "lints" => {
                let lints = resolved("lints", value, shared)?;
                for (tool, lints) in lints.as_table().into_iter().flatten() {
                    let _ = writeln!(out, "\n[lints.{tool}]");
                    for (key, value) in lints.as_table().into_iter().flatten() {
                        let _ = writeln!(out, "{key} = {value}");
                    }
                }
            }
            dropped if DROPPED.contains(&dropped) => {}
            other => return Err(format!("`vendor` cannot copy [{other}]")),
        }
    }
    Ok(out)
}

/// Returns the entries of a table, with `first` before the others.
fn ordered<'t>(table: &'t Table, first: &str) -> Vec<(&'t String, &'t Value)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| *key != first);
    entries
}

fn table<'t>(from: &'t Table, key: &str) -> Result<&'t Table, String> {
    let table = from.get(key).and_then(Value::as_table);
    table.ok_or_else(|| format!("there is no [{key}]"))
}

fn inherits(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}

/// Returns the value, or the inherited one.
fn resolved<'v>(key: &str, value: &'v Value, inherited: &'v Table) -> Result<&'v Value, String> {
    if !inherits(value) {
        return Ok(value);
    }
    let found = inherited.get(key);
    found.ok_or_else(|| format!("the workspace has no `{key}`"))
}

/// Formats a dependency on one line: the inherited values, with its own features and `optional`.
fn dependency(key: &str, value: &Value, inherited: &Table) -> Result<String, String> {
    let mut merged = match resolved(key, value, inherited)? {
        Value::Table(table) => table.clone(),
        version => Table::from_iter([("version".to_owned(), version.clone())]),
    };
    if inherits(value) {
        let own = value.as_table().into_iter().flatten();
        for (key, value) in own.filter(|(key, _)| *key != "workspace") {
            match (merged.get_mut(key), value) {
                (Some(Value::Array(all)), Value::Array(own)) => all.extend(own.iter().cloned()),
                _ => drop(merged.insert(key.clone(), value.clone())),
            }
        }
    }
    if RUNTIME
        .iter()
        .any(|name| *key == format!("tinsmith-{name}"))
    {
        let place = format!("../{key}");
        merged.insert("path".to_owned(), place.into());
    } else if merged.contains_key("path") {
        return Err(format!(
            "`{key}` is a path dependency, which a copy cannot have"
        ));
    }
    let entries = ordered(&merged, "version");
    if let [(key, version)] = entries.as_slice() {
        if *key == "version" {
            return Ok(version.to_string());
        }
    }
    let entries: Vec<String> = entries
        .iter()
        .map(|(key, value)| format!("{key} = {value}"))
        .collect();
    Ok(format!("{{ {} }}", entries.join(", ")))
}

/// Returns the text of a section, up to the next one.
fn verbatim<'t>(text: &'t str, head: &str) -> Result<&'t str, String> {
    let missing = || format!("{head} is not on a separate line");
    let start = text.find(&format!("\n{head}\n")).ok_or_else(missing)? + 1;
    let (_, section) = text.split_at(start);
    let end = section.find("\n[").unwrap_or(section.len());
    let (section, _) = section.split_at(end);
    Ok(section.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKSPACE: &str = r#"
[workspace.package]
version = "1.2.3"
edition = "2024"
[workspace.dependencies]
a = "1"
b = { version = "2", default-features = false, features = ["x"] }
[workspace.lints.rust]
unsafe_code = "forbid"
"#;

    #[test]
    fn nothing_is_inherited() {
        let own = r#"[package]
name = "r"
version.workspace = true
edition.workspace = true

[features]
# What it is for.
y = [
    "dep:b",
]

[dependencies]
a.workspace = true
b = { workspace = true, optional = true, features = ["y"] }
c = { version = "3" }

[dev-dependencies]
d.workspace = true

[lints]
workspace = true
"#;
        let expected = r#"# Copied by cargo xtask vendor. Do not edit.

[package]
name = "r"
edition = "2024"
version = "1.2.3"

[lib]
doctest = false
test = false

[dependencies]
a = "1"
b = { version = "2", default-features = false, features = ["x", "y"], optional = true }
c = "3"

[features]
# What it is for.
y = [
    "dep:b",
]

[lints.rust]
unsafe_code = "forbid"
"#;
        assert_eq!(manifest(own, WORKSPACE).unwrap(), expected);
    }

    #[test]
    fn what_cannot_be_copied_is_named() {
        let fault = |own: &str| manifest(own, WORKSPACE).unwrap_err();
        assert_eq!(
            fault("[dependencies]\nz.workspace = true\n"),
            "the workspace has no `z`"
        );
        assert_eq!(
            fault("[dependencies]\nz = { path = \"../z\" }\n"),
            "`z` is a path dependency, which a copy cannot have"
        );
        assert_eq!(
            fault("[build-dependencies]\na.workspace = true\n"),
            "`vendor` cannot copy [build-dependencies]"
        );
    }
}
