//! The runtime as a crate on its own: no tests, nothing inherited from this workspace.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tinsmith_codegen::output::tree::FileTree;
use toml::{Table, Value};

use super::files;
use crate::{Failure, disk};

/// What a vendored copy has no use for: the runtime's tests need this workspace.
const DROPPED: [&str; 4] = ["bench", "dev-dependencies", "example", "test"];

/// The files of the runtime, relative to its crate: the manifest and `src`, without tests.
pub(super) fn tree(root: &Path) -> Result<FileTree, Failure> {
    let runtime = root.join("runtime");
    let mut tree = FileTree::default();
    let own = disk::read(&runtime.join("Cargo.toml"))?;
    let workspace = disk::read(&root.join("Cargo.toml"))?;
    let manifest = manifest(&own, &workspace)
        .map_err(|fault| Failure::Work(format!("runtime/Cargo.toml: {fault}")))?;
    tree.insert("Cargo.toml", manifest);
    let mut tests = Vec::new();
    let mut sources = Vec::new();
    for path in rust_files(&runtime.join("src"))? {
        let name = files::relative(&runtime, &path);
        let (text, modules) = without_tests(&disk::read(&path)?);
        tests.extend(modules.iter().map(|module| module_path(&name, module)));
        sources.push((name, text));
    }
    let is_test = |name: &str| {
        let is_of = |test: &String| {
            let rest = name.strip_prefix(test.as_str());
            rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        };
        tests.iter().any(is_of)
    };
    for (name, text) in sources.into_iter().filter(|(name, _)| !is_test(name)) {
        tree.insert(name, text);
    }
    Ok(tree)
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let is_rust = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    Ok(files::below(folder)?.into_iter().filter(is_rust).collect())
}

/// Where the file `name` has its module `module`, without `.rs`.
fn module_path(name: &str, module: &str) -> String {
    let base = name.strip_suffix(".rs").unwrap_or(name);
    let folder = base.strip_suffix("/mod").or(base.strip_suffix("/lib"));
    format!("{}/{module}", folder.unwrap_or(base))
}

/// Takes out the items under `#[cfg(test)]`, and names the modules among them that have files of
/// their own. It goes by the lines that rustfmt gives an item: the last is `}` below the first.
fn without_tests(text: &str) -> (String, Vec<String>) {
    let mut kept = String::new();
    let mut modules = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let item = line.trim_start();
        if item != "#[cfg(test)]" && !item.starts_with("#[cfg(all(test, ") {
            kept.push_str(line);
            kept.push('\n');
            continue;
        }
        if kept.ends_with("\n\n") {
            kept.pop();
        }
        let (indent, _) = line.split_at(line.len() - item.len());
        let mut lines = lines.by_ref().filter_map(|line| line.strip_prefix(indent));
        let head = lines.find(|line| !line.starts_with("#["));
        let head = head.unwrap_or_default();
        let module = head.strip_prefix("mod ").and_then(|m| m.strip_suffix(';'));
        modules.extend(module.map(str::to_owned));
        if !head.ends_with([';', '}']) {
            lines.find(|line| *line == "}" || *line == "};");
        }
    }
    (kept, modules)
}

/// The runtime's manifest with the workspace's values where it inherits them.
///
/// # Errors
///
/// What the manifests lack, or what this function does not know.
fn manifest(own: &str, workspace: &str) -> Result<String, String> {
    let parse = |text: &str| text.parse::<Table>().map_err(|e| e.to_string());
    let shared = parse(workspace)?;
    let shared = table(&shared, "workspace")?;
    let sections = parse(own)?;
    let mut out = "# Copied by cargo xtask vendor. Do not edit.\n".to_owned();
    for (name, value) in ordered(&sections, "package") {
        let section = value.as_table();
        let section = section.ok_or_else(|| format!("`{name}` is no table"))?;
        match name.as_str() {
            "package" => {
                out.push_str("\n[package]\n");
                let inherited = table(shared, "package")?;
                for (key, value) in ordered(section, "name") {
                    let value = resolved(key, value, inherited)?;
                    let _ = writeln!(out, "{key} = {value}");
                }
            }
            "dependencies" => {
                out.push_str("\n[dependencies]\n");
                let inherited = table(shared, "dependencies")?;
                for (key, value) in section {
                    let value = dependency(key, value, inherited)?;
                    let _ = writeln!(out, "{key} = {value}");
                }
            }
            // With the comments, which say what the features are for.
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

/// The entries of a table, `first` before the others.
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

/// The value itself, or what it inherits.
fn resolved<'v>(key: &str, value: &'v Value, inherited: &'v Table) -> Result<&'v Value, String> {
    if !inherits(value) {
        return Ok(value);
    }
    let found = inherited.get(key);
    found.ok_or_else(|| format!("the workspace has no `{key}`"))
}

/// A dependency on one line: what it inherits, with its own features and `optional`.
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
    if merged.contains_key("path") {
        return Err(format!("`{key}` is a path, which leads nowhere in a copy"));
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

/// A section as it is written, up to the next.
fn verbatim<'t>(text: &'t str, head: &str) -> Result<&'t str, String> {
    let missing = || format!("{head} does not stand on a line of its own");
    let start = text.find(&format!("\n{head}\n")).ok_or_else(missing)? + 1;
    let (_, section) = text.split_at(start);
    let end = section.find("\n[").unwrap_or(section.len());
    let (section, _) = section.split_at(end);
    Ok(section.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_taken_out() {
        let text = "\
//! About a.

mod b;
#[cfg(test)]
mod c;

mod d {
    fn e() {}

    #[cfg(test)]
    #[allow(unused)]
    mod tests {
        fn f() {
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const TEXT: &str = \"
}}\";
}

fn last() {}
";
        let (kept, modules) = without_tests(text);
        let expected = "//! About a.\n\nmod b;\n\nmod d {\n    fn e() {}\n}\n\nfn last() {}\n";
        assert_eq!(kept, expected);
        assert_eq!(modules, ["c"]);
    }

    #[test]
    fn modules_have_paths() {
        for (file, expected) in [
            ("src/lib.rs", "src/tests"),
            ("src/a/mod.rs", "src/a/tests"),
            ("src/a/b.rs", "src/a/b/tests"),
        ] {
            assert_eq!(module_path(file, "tests"), expected);
        }
    }

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
            "`z` is a path, which leads nowhere in a copy"
        );
        assert_eq!(
            fault("[build-dependencies]\na.workspace = true\n"),
            "`vendor` cannot copy [build-dependencies]"
        );
    }
}
