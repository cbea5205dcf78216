//! Checks a vendor folder for edits and outdated files.

use std::path::Path;

use super::files;
use super::record::{self, Record};
use super::{Vendored, Wanted, build, command, wanted_by};
use crate::Failure;
use crate::disk::{self, failed};
use crate::output::count;

/// Returns an error if the folder `dest` was edited or is out of date.
pub(super) fn check(root: &Path, dest: &Path) -> Result<(), Failure> {
    disk::ensure_dir(dest)?;
    let Some(record) = Record::read(dest)? else {
        let missing = format!(
            "there is no {}, so nothing was vendored; begin with\n  {}",
            record::FILE,
            command(&Wanted::any(), dest, &[])
        );
        return Err(failed(dest, missing));
    };
    let touched = touched(dest, &record)?;
    let additional = additional(dest, &record)?;
    let outdated = outdated(root, &record);
    let place = dest.display();
    touched.iter().for_each(|file| outln!("{file}"));
    for path in &additional {
        outln!("additional: {place}/{path}");
    }
    for reason in &outdated {
        outln!("outdated: {reason}");
    }
    if touched.is_empty() && additional.is_empty() && outdated.is_empty() {
        let files = record.files().len();
        outln!("{place}: {files} files, unchanged and up to date");
        return Ok(());
    }
    let mut advice = Vec::new();
    if !additional.is_empty() {
        advice.push("move the additional files away".to_owned());
    }
    if !(touched.is_empty() && outdated.is_empty()) {
        let force: &[&str] = if touched.is_empty() {
            &[]
        } else {
            &["--force"]
        };
        // The command for one crate generates all of them.
        let any = wanted_by(&record).into_values().next();
        let any = any.unwrap_or_else(Wanted::any);
        advice.push(format!("run\n  {}", command(&any, dest, force)));
    }
    let advice = advice.join(" and ");
    Err(Failure::Work(format!(
        "{place} is out of date or was edited; {advice}"
    )))
}

/// Returns a line for each file that was changed or removed.
fn touched(dest: &Path, record: &Record) -> Result<Vec<String>, Failure> {
    let mut lines = Vec::new();
    for (path, digest) in record.files() {
        let place = dest.join(&path);
        match files::digest_of(&place)? {
            Some(found) if found == digest => {}
            Some(_) => lines.push(format!("changed: {}", place.display())),
            None => lines.push(format!("missing: {}", place.display())),
        }
    }
    Ok(lines)
}

/// Returns files in the folders of the crates that were not copied. Files that cargo creates are
/// ignored.
fn additional(dest: &Path, record: &Record) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for (name, entry) in &record.crates {
        let folder = dest.join(name);
        for path in files::below(&folder)? {
            let path = files::relative(&folder, &path);
            let is_cargos = path == "Cargo.lock" || path.starts_with("target/");
            if !is_cargos && !entry.files.contains_key(&path) {
                found.push(format!("{name}/{path}"));
            }
        }
    }
    Ok(found)
}

/// Returns the reasons why the folder is out of date.
fn outdated(root: &Path, record: &Record) -> Vec<String> {
    let wanted = wanted_by(record);
    let now = match build(root, wanted.values()) {
        Ok(now) => now.record,
        Err(Failure::Usage(fault) | Failure::Work(fault)) => return vec![fault],
    };
    let mut reasons = Vec::new();
    if record.generator != now.generator {
        let (old, new) = (&record.generator, &now.generator);
        reasons.push(format!("the generator was {old} and is {new}"));
    }
    for (name, new) in &now.crates {
        let Some(old) = record.crates.get(name) else {
            reasons.push(format!("{name} is missing"));
            continue;
        };
        if let (Some(old), Some(new)) = (&old.model, &new.model) {
            if old.sha256 != new.sha256 {
                reasons.push(format!("model/{}.json has changed", new.name));
            }
            if old.overlay_sha256 != new.overlay_sha256 {
                reasons.push(format!("model/{}.overlay.json has changed", new.name));
            }
        }
        let (before, after) = (&old.files, &new.files);
        let gone = before.keys().filter(|path| !after.contains_key(*path));
        let differ = after
            .iter()
            .filter(|(path, digest)| before.get(*path) != Some(digest))
            .count();
        let differing = differ + gone.count();
        if differing > 0 {
            reasons.push(format!("{name}: {} would differ", count(differing, "file")));
        } else if old.features != new.features {
            reasons.push(format!("{name}: features differ from {}", record::FILE));
        }
    }
    reasons
}

/// Returns the files of `old` that are not in `new` and still exist.
///
/// # Errors
///
/// If writing `new` would overwrite or remove edited files, unless `force` is set; the error shows
/// the command `forced`. If it would overwrite a file that was not copied, in any case.
pub(super) fn overwriting(
    dest: &Path,
    old: &Record,
    new: &Vendored,
    force: bool,
    forced: &str,
) -> Result<Vec<String>, Failure> {
    let recorded = old.files();
    let digests = new.record.files();
    let (mut edited, mut foreign, mut stale) = (Vec::new(), Vec::new(), Vec::new());
    for path in recorded.keys().filter(|path| !digests.contains_key(*path)) {
        let Some(found) = files::digest_of(&dest.join(path))? else {
            continue;
        };
        if Some(&found.as_str()) != recorded.get(path) {
            edited.push(path.clone());
        }
        stale.push(path.clone());
    }
    for (path, digest) in &digests {
        let Some(found) = files::digest_of(&dest.join(path))? else {
            continue;
        };
        match recorded.get(path) {
            _ if found == *digest => {}
            Some(recorded) if found == *recorded => {}
            Some(_) => edited.push(path.clone()),
            None => foreign.push(path.clone()),
        }
    }
    let list = |paths: &[String]| {
        let lines = paths.iter();
        let lines = lines.map(|path| format!("\n  {}", dest.join(path).display()));
        lines.collect::<String>()
    };
    if !foreign.is_empty() {
        return Err(Failure::Work(format!(
            "nothing is written, because files that were not vendored are in the way:{}\n\
             Move them away",
            list(&foreign)
        )));
    }
    if !edited.is_empty() && !force {
        edited.sort();
        return Err(Failure::Work(format!(
            "nothing is written, because these files were edited:{}\n\
             To discard these edits, run\n  {forced}",
            list(&edited)
        )));
    }
    Ok(stale)
}
