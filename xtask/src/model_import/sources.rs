//! `model/sources.toml`: the sources of the models.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest as _, Sha256};
use tinsmith_smithy::import::Import;
use toml::{Table, Value};

use crate::Failure;
use crate::disk::{self, failed};

const HEADER: &str = "# Sources of the models. Written by `cargo xtask model import`.\n\n";

/// The source of one model.
#[derive(Debug, PartialEq)]
pub(super) struct Entry {
    /// The package and the path in it, or the file.
    pub(super) source: String,
    /// The version of the API.
    version: String,
    /// The digest of the uncompressed source in lower-case hexadecimal digits.
    sha256: String,
    /// The day of the import in UTC, as `2026-08-31`.
    date: String,
}

impl Entry {
    /// Creates the entry of a model imported today.
    pub(super) fn new(source: impl Into<String>, import: &Import, text: &str) -> Self {
        let digest = Sha256::digest(text.as_bytes());
        Self {
            source: source.into(),
            version: import.api_version().to_owned(),
            sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            date: today(),
        }
    }
}

/// Returns the text of the index with one entry inserted. Entries are sorted by name.
///
/// An entry whose source did not change keeps its date, so that importing again changes nothing.
///
/// # Errors
///
/// If the index cannot be read, or if the entry is older than the existing one and `allow_older` is
/// not set.
pub(super) fn with_entry(
    index: &Path,
    name: &str,
    entry: Entry,
    allow_older: bool,
) -> Result<String, Failure> {
    let text = match index.exists() {
        true => disk::regular(index)?,
        false => String::new(),
    };
    let mut entries: Table = text.parse().map_err(|error| failed(index, error))?;
    let known = entries.get(name).and_then(Value::as_table);
    let known_text = |key| known.and_then(|known| known.get(key)?.as_str());
    if !allow_older {
        let api = |version: &str| (!version.is_empty()).then(|| format!("API version {version}"));
        let was = known_text("version").and_then(api);
        not_older(
            name,
            known_text("source").and_then(package),
            package(&entry.source),
        )
        .and_then(|()| not_older(name, was.as_deref(), api(&entry.version).as_deref()))
        .map_err(|fault| failed(index, fault))?;
    }
    let is_same =
        known_text("source") == Some(&entry.source) && known_text("sha256") == Some(&entry.sha256);
    let date = known_text("date")
        .filter(|_| is_same)
        .map_or(entry.date, str::to_owned);
    let mut table = Table::new();
    for (key, value) in [
        ("source", entry.source),
        ("version", entry.version),
        ("sha256", entry.sha256),
        ("date", date),
    ] {
        table.insert(key.to_owned(), Value::String(value));
    }
    entries.insert(name.to_owned(), Value::Table(table));
    Ok(format!("{HEADER}{entries}"))
}

/// Returns an error if a source is older than the previous one. Unknown versions are accepted.
fn not_older(name: &str, was: Option<&str>, is: Option<&str>) -> Result<(), String> {
    match (was, is) {
        (Some(was), Some(is)) if version(is) < version(was) => Err(format!(
            "`{name}` was imported from {was}, and {is} is older; update the source, or pass \
             --allow-older"
        )),
        _ => Ok(()),
    }
}

/// `botocore 1.43.100` of `botocore 1.43.100 data/kms/2014-11-01`.
fn package(source: &str) -> Option<&str> {
    let is_package = source.starts_with("botocore ") && source.contains(" data/");
    let end = source.match_indices(' ').nth(1)?.0;
    source.get(..end).filter(|_| is_package)
}

/// Returns the numbers in a version or a date, in order, for comparison.
fn version(text: &str) -> Vec<u64> {
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    numbers.filter_map(|number| number.parse().ok()).collect()
}

/// Returns today's date in UTC. A clock before 1970 counts as 1970.
fn today() -> String {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    date(since_epoch.as_secs() / 86_400)
}

/// Returns the date `days` days after 1970-01-01.
fn date(mut days: u64) -> String {
    let is_leap = |year: u64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        let source = "botocore 1.43.100 data/kms/2014-11-01";
        assert_eq!(package(source), Some("botocore 1.43.100"));
        assert_eq!(package("botocore data/kms/2014-11-01"), None);
        assert_eq!(package("botocore kms.json"), None);
        for (older, newer) in [
            ("botocore 1.43.99", "botocore 1.43.100"),
            ("botocore 1.9.0", "botocore 1.43"),
            ("2014-11-01", "2015-01-01"),
        ] {
            assert!(version(older) < version(newer), "{older} {newer}");
        }
    }

    #[test]
    fn formats_dates() {
        let cases = [
            (0, "1970-01-01"),
            (58, "1970-02-28"),
            (59, "1970-03-01"),
            (364, "1970-12-31"),
            (789, "1972-02-29"),
            (11_016, "2000-02-29"),
            (20_454, "2026-01-01"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
        ];
        for (days, expected) in cases {
            assert_eq!(date(days), expected);
        }
    }
}
