//! Which names a generated crate can have.

use tinsmith_codegen::lower::is_crate_name;

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

/// Keywords of Rust, which name no module and no dependency.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Fails unless `tinsmith-NAME` can be a package beside those of Tinsmith.
pub(crate) fn check(name: &str) -> Result<(), String> {
    let fault = if !is_crate_name(name) {
        "use lower-case letters and digits, with single dashes between".to_owned()
    } else if PACKAGES.contains(&name) {
        format!("`tinsmith-{name}` is one of Tinsmith's own packages")
    } else if STANDARD.contains(&name) {
        "it is the name of a crate that comes with Rust".to_owned()
    } else if KEYWORDS.contains(&name) {
        "it is a keyword of Rust".to_owned()
    } else {
        return Ok(());
    };
    Err(format!("`{name}` cannot name a crate: {fault}"))
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
