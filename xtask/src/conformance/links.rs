//! Checks the links of rendered documentation: each must lead to an existing page or to the web.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::test::{cargo, step};
use crate::{Failure, disk};

/// The start of the part of a page with methods of other crates. The links in their documentation
/// are broken, because the pages of these crates are not built.
const OF_OTHERS: &str = "id=\"blanket-implementations\"";

/// The maximum number of broken links to print.
const MOST: usize = 20;

/// Builds the documentation of the committed crates without their dependencies and checks it.
pub(crate) fn of_generated(root: &Path) -> Result<(), Failure> {
    step("checking links in the documentation of generated crates");
    let packages = [
        "--package",
        "tinsmith-kms",
        "--package",
        "tinsmith-kitchen-sink",
    ];
    // A separate folder, because rustdoc links to pages of the runtime if they are next to its
    // output.
    let alone = [
        "--no-deps",
        "--no-default-features",
        "--target-dir",
        "target/links",
    ];
    let doc = [&["doc", "--quiet"], &packages[..], &alone[..]];
    cargo(root, &doc.concat(), &[])?;
    check(&root.join("target/links/doc"), &["kms", "kitchen-sink"])
}

/// Checks the pages of the crates `tinsmith-NAME` in `doc`.
pub(super) fn check(doc: &Path, names: &[impl AsRef<str>]) -> Result<(), Failure> {
    let mut pages = Vec::new();
    for name in names {
        let name = name.as_ref().replace('-', "_");
        add_pages(&doc.join(format!("tinsmith_{name}")), &mut pages)?;
    }
    let mut known = HashMap::new();
    let mut faults = Vec::new();
    for page in &pages {
        let text = disk::read(page)?;
        let folder = page.parent().unwrap_or(page);
        let dead = links(&text).filter(|link| !leads(link, folder, &mut known));
        faults.extend(dead.map(|link| format!("{}: broken link `{link}`", page.display())));
    }
    for fault in faults.iter().take(MOST) {
        outln!("{fault}");
    }
    match faults.len() {
        0 if pages.is_empty() => Err(Failure::Work("rustdoc wrote no pages".to_owned())),
        0 => Ok(()),
        count => Err(Failure::Work(format!(
            "{count} broken links in the documentation"
        ))),
    }
}

fn add_pages(folder: &Path, pages: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in fs::read_dir(folder).map_err(|e| disk::failed(folder, e))? {
        let path = entry.map_err(|e| disk::failed(folder, e))?.path();
        if path.is_dir() {
            add_pages(&path, pages)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "html")
        {
            pages.push(path);
        }
    }
    Ok(())
}

/// Returns the link destinations in a page, as written.
fn links(page: &str) -> impl Iterator<Item = &str> {
    let own = page.split(OF_OTHERS).next().unwrap_or_default();
    let values = own.split(" href=\"").skip(1);
    let links = values.filter_map(|rest| rest.split('"').next());
    // Destinations in scripts contain variables.
    links.filter(|link| !link.contains("${"))
}

fn leads(link: &str, folder: &Path, known: &mut HashMap<PathBuf, bool>) -> bool {
    let is_remote = ["https://", "http://", "mailto:", "data:"]
        .iter()
        .any(|scheme| link.starts_with(scheme));
    let file = link.split(['#', '?']).next().unwrap_or_default();
    if is_remote || file.is_empty() {
        return true;
    }
    let path = folder.join(file);
    *known.entry(path).or_insert_with_key(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_a_file_or_to_the_web() {
        let page = "<a href=\"links.rs#x\">a</a><a class=\"b\" href=\"../test.rs\">b</a>\
                    <a href=\"#c\">c</a><a href=\"https://a.b/c\">d</a><a href=\"runtime::retry\">e</a>\
                    `<link href=\"${f}\">`<h2 id=\"blanket-implementations\"><a href=\"crate::Span\">";
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/conformance");
        let mut known = HashMap::new();
        let dead: Vec<&str> = links(page)
            .filter(|link| !leads(link, &folder, &mut known))
            .collect();
        assert_eq!(dead, ["runtime::retry"]);
    }
}
