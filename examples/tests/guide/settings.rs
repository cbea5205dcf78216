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
    Settings::of_runtime(&root().join("runtime"))
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

/// One place reads the machine, so that its rules about white space, blank values, home directory
/// and size hold everywhere.
#[test]
fn only_the_environment_reads_variables_and_files() {
    let direct = source().direct;
    assert!(direct.is_empty(), "use `Environment` instead: {direct:#?}");
}

/// No variable is left out of the tests of white space.
#[test]
fn white_space_is_tested_for_every_variable() {
    let tests =
        fs::read_to_string(root().join("runtime/client/tests/client/variables.rs")).unwrap();
    let is_tested = |name: &String| match name.strip_suffix('_') {
        Some(_) => tests.contains(&format!("\"{name}")),
        None => tests.contains(&format!("\"{name}\"")),
    };
    let missing: Vec<_> = source()
        .variables
        .into_iter()
        .filter(|name| !is_tested(name))
        .collect();
    assert!(
        missing.is_empty(),
        "runtime/client/tests/client/variables.rs lacks {missing:?}"
    );
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
