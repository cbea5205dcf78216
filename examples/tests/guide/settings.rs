//! docs/configuration.md against the runtime's source.

use std::collections::BTreeSet;
use std::fs;

use crate::root;
use crate::source::Settings;

/// The words in backticks in a column of every table that has it; all of the cell's, or none.
fn column(page: &str, title: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut place = None;
    for line in page.lines() {
        if !line.starts_with('|') {
            place = None;
            continue;
        }
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        match place {
            None => place = Some(cells.position(|cell| cell == title)),
            Some(None) => {}
            Some(Some(place)) => {
                let cell = cells.nth(place).unwrap_or_default();
                let words = cell.split('`').skip(1).step_by(2);
                found.extend(words.map(str::to_owned));
            }
        }
    }
    found
}

fn page() -> String {
    fs::read_to_string(root().join("docs/configuration.md")).unwrap()
}

fn source() -> Settings {
    Settings::of_runtime(&root().join("runtime/src"))
}

/// Compares what the page names with what the source reads, and says what to do.
#[track_caller]
fn same(what: &str, page: &BTreeSet<String>, source: &BTreeSet<String>) {
    let missing: Vec<_> = source.difference(page).collect();
    let extra: Vec<_> = page.difference(source).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "docs/configuration.md lacks the {what} {missing:?}, and names {extra:?}, which the \
         runtime does not read"
    );
}

#[test]
fn names_every_environment_variable() {
    let named = column(&page(), "Environment");
    let named = named.iter().map(|name| name.replace("<SERVICE>", ""));
    same("variables", &named.collect(), &source().variables);
}

#[test]
fn names_every_profile_key() {
    same("keys", &column(&page(), "Profile"), &source().keys);
}

#[test]
fn names_every_method_of_the_builder() {
    let named = column(&page(), "Builder");
    same("methods", &named, &source().methods);
}

/// No page tells of a variable that does not exist.
#[test]
fn other_pages_name_no_other_variables() {
    let known = source().variables;
    for (path, text) in crate::pages() {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        for word in words.filter(|word| word.starts_with("AWS_")) {
            let is_known = known.contains(word)
                || known
                    .iter()
                    .any(|name| name.ends_with('_') && word.starts_with(name.as_str()));
            assert!(is_known, "{}: {word} is read nowhere", path.display());
        }
    }
}
