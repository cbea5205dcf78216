//! The dependency of a generated crate on the runtime.

use std::path::{Path, PathBuf};

use tinsmith_codegen::emit::Runtime;

use crate::paths::{from_manifest, root};
use crate::{Failure, disk};

/// Returns the entries of the manifest: a version if the argument looks like one, else paths.
pub(super) fn runtime(given: Option<&str>, out: &Path) -> Result<Runtime, Failure> {
    let folder = match given {
        Some(version) if is_meant_as_version(version) => {
            if !is_requirement(version) {
                return Err(Failure::Usage(format!(
                    "`--runtime`: `{version}` is not a Cargo version requirement; use one such as \
                     `0.1` or `>=0.1, <0.3`, or `./` before the name of a folder"
                )));
            }
            return Ok(Runtime::version(version));
        }
        Some(path) => PathBuf::from(path),
        None => root()?.join("runtime"),
    };
    let path = |name| {
        let path = member(&folder, name)?;
        let path = from_manifest(out, &path).map_err(|e| disk::failed(&path, e))?;
        path.into_os_string()
            .into_string()
            .map_err(|path| disk::failed(Path::new(&path), "not valid UTF-8"))
    };
    Ok(Runtime::folders(&path("core")?, &path("client")?))
}

/// Finds a crate of the runtime in a folder: under its short name in this workspace, under its
/// package name among vendored crates.
fn member(folder: &Path, name: &str) -> Result<PathBuf, Failure> {
    let package = format!("tinsmith-{name}");
    let mut places = [name, &package].map(|name| folder.join(name)).into_iter();
    let Some(place) = places.find(|place| place.join("Cargo.toml").is_file()) else {
        let advice = format!(
            "there is no crate `{package}`; give --runtime a version, or the folder that contains \
             tinsmith-core and tinsmith-client"
        );
        return Err(disk::failed(folder, advice));
    };
    let manifest = place.join("Cargo.toml");
    let table: toml::Table = disk::read(&manifest)?
        .parse()
        .map_err(|fault| disk::failed(&manifest, fault))?;
    let found = table.get("package").and_then(|package| package.get("name"));
    if found.and_then(toml::Value::as_str) == Some(&package) {
        return Ok(place);
    }
    let fault = format!("the package there is not `{package}`");
    Err(disk::failed(&manifest, fault))
}

/// Returns whether an argument is a version, such as `0.1` or `>=0.1, <0.3`, and not a folder.
fn is_meant_as_version(text: &str) -> bool {
    let begins = text.starts_with(|c: char| c.is_ascii_digit() || "^=~<>*".contains(c));
    begins && !text.contains(['/', '\\']) && !Path::new(text).join("Cargo.toml").is_file()
}

/// Returns whether Cargo accepts a text as a version requirement.
fn is_requirement(text: &str) -> bool {
    let operators = [">=", "<=", ">", "<", "=", "^", "~", ""];
    text.trim() == "*"
        || text.split(',').all(|part| {
            let part = part.trim();
            let mut operators = operators.iter();
            let version = operators.find_map(|operator| part.strip_prefix(operator));
            version.is_some_and(|version| is_version(version.trim_start()))
        })
}

/// Returns whether a text is a version. The last numbers may be missing or `*`.
fn is_version(text: &str) -> bool {
    let (text, build) = text.split_once('+').unwrap_or((text, "0"));
    let (numbers, pre) = text.split_once('-').unwrap_or((text, "0"));
    let numbers: Vec<&str> = numbers.split('.').collect();
    let is_number = |text: &&str| {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        digits && (*text == "0" || !text.starts_with('0')) && text.parse::<u64>().is_ok()
    };
    let known = numbers.iter().take_while(|text| is_number(text)).count();
    let mut rest = numbers.iter().skip(known);
    let has_labels = text.contains('-') || build != "0";
    let has_numbers = (1..=3).contains(&known) && numbers.len() <= 3;
    let identifiers = [pre, build].map(|label| label.split('.'));
    let is_identifier = |text: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !text.is_empty() && text.bytes().all(is_plain)
    };
    has_numbers
        && rest.all(|text| ["*", "x", "X"].contains(text))
        && (known == 3 || !has_labels)
        && identifiers.into_iter().flatten().all(is_identifier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_cargo_accepts() {
        for text in [
            "0",
            "0.1",
            "0.1.2",
            "1.*",
            "1.2.x",
            "*",
            "^0.1",
            "~1.2",
            "=0.1.0",
            ">=0.1, <0.3",
            ">= 0.1",
            "0.1.0-alpha.1+b-2",
        ] {
            assert!(is_requirement(text), "{text}");
        }
        for text in [
            "",
            "1 2",
            "0.1\"",
            "0..1",
            "0.1.",
            "1.2.3.4",
            "999999999999999999999",
            "01",
            "0.1,",
            "0.1.0-α",
            "0.1-a",
            "0.1.0+",
            "0.1\n[lib]",
            "=>1",
            "*.1",
        ] {
            assert!(!is_requirement(text), "{text}");
        }
    }
}
