//! The links between the pages and to files of the repository.

use crate::{pages, root};

/// The targets of `[text](target)` that are no URLs.
fn targets(text: &str) -> Vec<&str> {
    let mut targets = Vec::new();
    for part in text.split("](").skip(1) {
        let target = part.split(')').next().unwrap_or_default();
        if !target.contains("://") {
            targets.push(target);
        }
    }
    targets
}

/// The anchor that GitHub gives a heading.
fn anchor(heading: &str) -> String {
    let heading = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = heading.replace(' ', "-");
    let keep = |c: &char| c.is_alphanumeric() || "-_".contains(*c);
    kept.chars().filter(keep).collect()
}

#[test]
fn links_lead_somewhere() {
    let pages = pages();
    let mut count = 0;
    for (path, text) in &pages {
        for target in targets(text) {
            let (file, place) = match target.split_once('#') {
                Some((file, place)) => (file, Some(place)),
                None => (target, None),
            };
            let to = match file {
                "" => path.clone(),
                file => path.parent().unwrap().join(file),
            };
            let to = to.canonicalize();
            assert!(to.is_ok(), "{}: {target} is not there", path.display());
            if let Some(place) = place {
                let text = std::fs::read_to_string(to.unwrap()).unwrap();
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                assert!(
                    headings.any(|heading| anchor(heading) == place),
                    "{}: {target} names no heading",
                    path.display()
                );
            }
            count += 1;
        }
    }
    assert!(count > 20, "only {count} links were found");
}

/// Each page can be found: the README links to it, or the page that the README calls the guide.
#[test]
fn every_page_is_linked_from_the_readme() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let linked = targets(&readme);
    for path in pages().keys() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name != "README.md" {
            let link = format!("docs/{name}");
            assert!(linked.contains(&link.as_str()), "README.md lacks {link}");
        }
    }
}
