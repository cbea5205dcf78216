//! Which names a generated crate can have.

use crate::names;

/// The longest name of a crate that crates.io takes.
const LONGEST: usize = 64;

/// Packages `tinsmith-NAME` that are not generated. Cargo refuses a second package of a name.
const PACKAGES: &[&str] = &[
    "bench",
    "client",
    "codegen",
    "conformance",
    "conformance-support",
    "core",
    "examples",
    "fuzz",
    "interop",
    "smithy",
    "testing",
];

/// Crates that come with Rust.
const STANDARD: &[&str] = &["alloc", "core", "proc-macro", "std", "test"];

/// Fails unless `tinsmith-NAME` can be a package beside those of Tinsmith, and `NAME` that of a file
/// and a folder.
///
/// # Errors
///
/// Returns why the name cannot be used.
pub fn check(name: &str) -> Result<(), String> {
    let krate = format!("tinsmith-{name}");
    let fault = if !is_plain(name) {
        "use lower-case letters and digits, with single dashes between".to_owned()
    } else if krate.len() > LONGEST {
        format!("`{krate}` has more than {LONGEST} characters")
    } else if PACKAGES.contains(&name) {
        format!("`{krate}` is one of Tinsmith's own packages")
    } else if STANDARD.contains(&name) {
        "it is the name of a crate that comes with Rust".to_owned()
    } else if names::is_keyword(name) {
        "it is a keyword of Rust".to_owned()
    } else if names::is_device(name) {
        "it is a reserved file name on Windows".to_owned()
    } else {
        return Ok(());
    };
    Err(format!("`{name}` cannot name a crate: {fault}"))
}

/// Whether a name consists of words of lower-case letters and digits with a dash or an underscore
/// between.
pub(crate) fn is_plain(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let mut words = name.split(['-', '_']);
    words.all(|word| !word.is_empty() && word.chars().all(is_plain))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn accepts_names_of_services() {
        for name in [
            "kms",
            "cognito-identity",
            "s3",
            "4d",
            "runtime-2",
            "type-store",
            "a_b",
            "con-2",
            "com",
            &"n".repeat(55),
        ] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn refuses_names_that_are_taken_or_invalid() {
        for (name, expected) in [
            ("core", "`tinsmith-core` is one of Tinsmith's own packages"),
            (
                "codegen",
                "`tinsmith-codegen` is one of Tinsmith's own packages",
            ),
            ("std", "comes with Rust"),
            ("proc-macro", "comes with Rust"),
            ("type", "keyword"),
            ("self", "keyword"),
            ("", "lower-case"),
            ("-", "lower-case"),
            ("-kms", "lower-case"),
            ("a--b", "lower-case"),
            ("_a", "lower-case"),
            ("KMS", "lower-case"),
            ("two words", "lower-case"),
            ("größe", "lower-case"),
            ("../up", "lower-case"),
            ("con", "Windows"),
            ("lpt1", "Windows"),
            (&"n".repeat(56), "more than 64 characters"),
        ] {
            let fault = check(name).unwrap_err();
            let start = format!("`{name}` cannot name a crate: ");
            assert!(
                fault.starts_with(&start) && fault.contains(expected),
                "{fault}"
            );
        }
    }

    /// A package that is added to this repository must be added to the list.
    #[test]
    fn knows_every_package_of_this_repository() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let folders = [root.to_owned(), root.join("runtime")]
            .into_iter()
            .flat_map(|folder| fs::read_dir(folder).unwrap())
            .map(|entry| entry.unwrap().path());
        let support = root.join("conformance/support");
        let manifests = folders
            .chain([support])
            .filter_map(|path| fs::read_to_string(path.join("Cargo.toml")).ok());
        let mut names: Vec<String> = manifests
            .filter_map(|text| {
                let manifest: toml::Table = text.parse().unwrap();
                let name = manifest.get("package")?.get("name")?.as_str()?;
                name.strip_prefix("tinsmith-").map(str::to_owned)
            })
            .collect();
        names.sort();
        assert_eq!(names, PACKAGES);
    }
}
