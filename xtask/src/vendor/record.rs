//! `tinsmith.toml`: the record of the files in a vendor folder and their sources.

use std::collections::BTreeMap;
use std::path::Path;

use toml::{Table, Value};

use super::files;
use crate::{Failure, disk};

/// The name of the file.
pub(super) const FILE: &str = "tinsmith.toml";

const HEADER: &str = "\
# What `cargo xtask vendor` of Tinsmith copied here, and from what. Do not edit.

";

/// The content of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Record {
    /// The generator's version.
    pub(super) generator: String,
    /// The crates by name.
    pub(super) crates: BTreeMap<String, Crate>,
}

/// A vendored crate.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Crate {
    /// The model it was generated from; `None` for the runtime.
    pub(super) model: Option<Model>,
    /// The features of the crate.
    pub(super) features: Vec<String>,
    /// The digest of each file, by its path inside the crate.
    pub(super) files: BTreeMap<String, String>,
}

/// The model that a crate was generated from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Model {
    /// The name, such as `kms` for model/kms.json.
    pub(super) name: String,
    pub(super) sha256: String,
    /// The digest of the overlay, if there is one.
    pub(super) overlay_sha256: Option<String>,
    /// Sorted; `None` for all.
    pub(super) operations: Option<Vec<String>>,
}

impl Record {
    /// Reads the record in `folder`, if there is one.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or was not written by this program.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, Failure> {
        let path = folder.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        let parsed = disk::regular(&path)?
            .parse::<Table>()
            .map_err(|e| e.to_string());
        let record = parsed.and_then(|table| Self::from_table(&table));
        record.map(Some).map_err(|fault| {
            let fault = fault.trim_end();
            let hint = "restore it from version control";
            disk::failed(&path, format!("{fault}; {hint}"))
        })
    }

    fn from_table(table: &Table) -> Result<Self, String> {
        let mut crates = BTreeMap::new();
        for (name, entry) in tables(table, "crates")? {
            if !files::stays_below(name) {
                return Err(format!("`{name}` is not a crate name"));
            }
            crates.insert(name.clone(), Crate::from_table(entry)?);
        }
        Ok(Self {
            generator: text(table, "generator")?,
            crates,
        })
    }

    /// Returns the text of the file.
    pub(super) fn to_text(&self) -> String {
        let mut crates = Table::new();
        for (name, entry) in &self.crates {
            crates.insert(name.clone(), Value::Table(entry.to_table()));
        }
        let mut table = Table::new();
        table.insert("generator".to_owned(), self.generator.clone().into());
        table.insert("crates".to_owned(), Value::Table(crates));
        format!("{HEADER}{table}")
    }

    /// Returns all files with their digests, by path inside the folder.
    pub(super) fn files(&self) -> BTreeMap<String, &str> {
        let mut all = BTreeMap::new();
        for (name, entry) in &self.crates {
            for (path, digest) in &entry.files {
                all.insert(format!("{name}/{path}"), digest.as_str());
            }
        }
        all
    }

    /// Returns the models of the crates.
    pub(super) fn models(&self) -> impl Iterator<Item = &Model> {
        self.crates
            .values()
            .filter_map(|entry| entry.model.as_ref())
    }
}

impl Crate {
    fn from_table(table: &Table) -> Result<Self, String> {
        let mut files = BTreeMap::new();
        let own = table.get("files").and_then(Value::as_table);
        for (path, digest) in own.ok_or("a crate has no `files`")? {
            if !files::stays_below(path) {
                return Err(format!("`{path}` is not a path inside a crate"));
            }
            let digest = digest.as_str().ok_or_else(|| not_a_string(path))?;
            files.insert(path.clone(), digest.to_owned());
        }
        let model = match table.get("model") {
            None => None,
            Some(_) => Some(Model {
                name: text(table, "model")?,
                sha256: text(table, "model-sha256")?,
                overlay_sha256: match table.get("overlay-sha256") {
                    None => None,
                    Some(_) => Some(text(table, "overlay-sha256")?),
                },
                operations: match table.get("operations") {
                    None => None,
                    Some(_) => Some(texts(table, "operations")?),
                },
            }),
        };
        Ok(Self {
            model,
            features: texts(table, "features")?,
            files,
        })
    }

    fn to_table(&self) -> Table {
        let mut table = Table::new();
        let mut set = |key: &str, value: Value| drop(table.insert(key.to_owned(), value));
        if let Some(model) = &self.model {
            set("model", model.name.clone().into());
            set("model-sha256", model.sha256.clone().into());
            if let Some(digest) = &model.overlay_sha256 {
                set("overlay-sha256", digest.clone().into());
            }
            if let Some(operations) = &model.operations {
                set("operations", operations.clone().into());
            }
        }
        set("features", self.features.clone().into());
        let files = self.files.iter();
        let files = files.map(|(path, digest)| (path.clone(), digest.clone().into()));
        set("files", Value::Table(files.collect()));
        table
    }
}

fn not_a_string(key: &str) -> String {
    format!("`{key}` is not a string")
}

fn text(table: &Table, key: &str) -> Result<String, String> {
    let text = table
        .get(key)
        .ok_or_else(|| format!("there is no `{key}`"))?;
    text.as_str()
        .map(str::to_owned)
        .ok_or_else(|| not_a_string(key))
}

fn texts(table: &Table, key: &str) -> Result<Vec<String>, String> {
    let list = table.get(key).and_then(Value::as_array);
    let list = list.ok_or_else(|| format!("`{key}` is not an array"))?;
    let texts = list.iter().map(|text| text.as_str().map(str::to_owned));
    texts
        .collect::<Option<_>>()
        .ok_or_else(|| not_a_string(key))
}

fn tables<'t>(table: &'t Table, key: &str) -> Result<Vec<(&'t String, &'t Table)>, String> {
    let all = table.get(key).and_then(Value::as_table);
    let all = all.ok_or_else(|| format!("there is no table `{key}`"))?;
    let tables = all
        .iter()
        .map(|(name, entry)| Some((name, entry.as_table()?)));
    tables
        .collect::<Option<_>>()
        .ok_or_else(|| format!("an entry of `{key}` is not a table"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        let files = BTreeMap::from([("src/lib.rs".to_owned(), "00ff".to_owned())]);
        let model = Model {
            name: "kms".to_owned(),
            sha256: "01".to_owned(),
            overlay_sha256: Some("02".to_owned()),
            operations: Some(vec!["Decrypt".to_owned(), "Encrypt".to_owned()]),
        };
        let kms = Crate {
            model: Some(model),
            features: vec!["hyper".to_owned()],
            files: files.clone(),
        };
        let core = Crate {
            files,
            ..Crate::default()
        };
        Record {
            generator: "0.1.0".to_owned(),
            crates: BTreeMap::from([
                ("tinsmith-core".to_owned(), core),
                ("tinsmith-kms".to_owned(), kms),
            ]),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let expected = r#"# What `cargo xtask vendor` of Tinsmith copied here, and from what. Do not edit.

generator = "0.1.0"

[crates.tinsmith-core]
features = []

[crates.tinsmith-core.files]
"src/lib.rs" = "00ff"

[crates.tinsmith-kms]
features = ["hyper"]
model = "kms"
model-sha256 = "01"
operations = ["Decrypt", "Encrypt"]
overlay-sha256 = "02"

[crates.tinsmith-kms.files]
"src/lib.rs" = "00ff"
"#;
        let text = record().to_text();
        assert_eq!(text, expected);
        let table = text.parse().unwrap();
        assert_eq!(Record::from_table(&table), Ok(record()));
    }

    /// Stale files of a record are removed, so no path may lead outside of the folder.
    #[test]
    fn a_record_that_leads_away_is_refused() {
        for (from, to) in [("src/lib.rs", "../lib.rs"), ("tinsmith-kms", "\"/etc\"")] {
            let text = record().to_text().replace(from, to);
            let fault = Record::from_table(&text.parse().unwrap()).unwrap_err();
            assert!(fault.contains(" is not a"), "{fault}");
        }
    }
}
