//! What the README and the guide say is so: the examples run, the settings are those of the code,
//! the links lead somewhere. Their Rust is compiled as doctests of this crate's library; their
//! commands are checked by `xtask/tests/guide.rs`.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

mod custom_key_store;
mod examples;
mod links;
mod settings;
mod source;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The workspace's folder.
fn root() -> PathBuf {
    let parent = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    parent.unwrap().to_owned()
}

/// The README and the pages of docs/ by their path, with their texts.
fn pages() -> BTreeMap<PathBuf, String> {
    let docs = fs::read_dir(root().join("docs")).unwrap();
    let docs = docs.map(|entry| entry.unwrap().path());
    let pages = docs.filter(|path| path.extension().is_some_and(|end| end == "md"));
    pages
        .chain([root().join("README.md")])
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect()
}

/// Every page is among those whose code is compiled.
#[test]
fn every_page_is_a_doctest() {
    let library = include_str!("../../src/lib.rs");
    for path in pages().keys() {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        let name = name.replace('\\', "/");
        assert!(
            library.contains(&format!("=> \"../../{name}\"")),
            "add {name} to examples/src/lib.rs"
        );
    }
}
