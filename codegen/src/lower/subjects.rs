//! Operations by subject, for the front page.
//!
//! The overlay may say what belongs together. Otherwise names do: `CreateAlias`, `ListAliases` and
//! `DeleteAlias` are what one can do with an alias.

use std::collections::{BTreeMap, BTreeSet};

use crate::ast::{Model, ShapeId, ShapeKind};
use crate::diagnostic::Diagnostic;
use crate::ir::{Service, Subject, SubjectOperation};
use crate::names;
use crate::traits::TraitsExt as _;

use super::closure::{self, Bound};
use super::documentation::linked;
use super::service::BoundService;

/// Words behind which a name says with what else the operation deals.
const PREPOSITIONS: &[&str] = &[
    "by", "for", "from", "in", "of", "on", "to", "with", "without",
];

/// Where operations go that share their subject with no other.
const OTHER: &str = "Other";

/// Gives the service its subjects. `bound` are its operations, in the same order.
///
/// # Errors
///
/// One for each name in the overlay that is no operation of the service.
pub(super) fn add(
    service: &mut Service,
    of: &BoundService<'_>,
    bound: &[Bound<'_>],
    model: &Model,
) -> Result<(), Vec<Diagnostic>> {
    let given = of.traits.subjects().unwrap_or_default();
    let all = closure::operations(model, of.service);
    let is_operation = |name: &str| all.iter().any(|bound| bound.id.name() == name);
    let faults: Vec<Diagnostic> = given
        .iter()
        .flat_map(|subject| &subject.operations)
        .filter(|name| !is_operation(name))
        .map(|name| Diagnostic::shape(of.id, format!("subjects: there is no operation `{name}`")))
        .collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let operations: Vec<Named> = service
        .operations
        .iter()
        .zip(bound)
        .map(|(operation, bound)| Named::of(bound.id, &operation.method, model))
        .collect();
    let mut subjects = Vec::new();
    for subject in &given {
        let named = |name: &&str| operations.iter().find(|named| named.name == **name);
        let members: Vec<&Named> = subject.operations.iter().filter_map(named).collect();
        let words = words(subject.name, &vocabulary(&operations));
        subjects.extend(subject_of(subject.name.to_owned(), &words, &members));
    }
    let is_given = |named: &&Named| {
        let mut lists = given.iter().map(|subject| &subject.operations);
        lists.any(|operations| operations.contains(&named.name.as_str()))
    };
    let rest: Vec<&Named> = operations.iter().filter(|named| !is_given(named)).collect();
    subjects.extend(by_name(&rest, &vocabulary(&operations)));
    service.subjects = subjects;
    Ok(())
}

/// An operation by the words of its name.
struct Named {
    name: String,
    method: String,
    words: Vec<String>,
    /// The resource that the operation belongs to.
    resource: Option<String>,
}

impl Named {
    fn of(id: &ShapeId, method: &str, model: &Model) -> Self {
        let mut resources = model.shapes.iter().filter_map(|(resource, shape)| {
            let ShapeKind::Resource(kind) = &shape.kind else {
                return None;
            };
            let mut operations = kind
                .lifecycle
                .values()
                .chain(&kind.operations)
                .chain(&kind.collection_operations);
            let name = resource.name();
            let name = name.strip_suffix("Resource").unwrap_or(name);
            operations.any(|own| own == id).then(|| name.to_owned())
        });
        Self {
            name: id.name().to_owned(),
            method: linked(method).to_owned(),
            words: split(id.name()),
            resource: resources.next(),
        }
    }
}

fn split(name: &str) -> Vec<String> {
    let spoken = names::spoken(name);
    // `ReEncrypt` has one verb.
    let spoken = match spoken.strip_prefix("re ") {
        Some(rest) => format!("re-{rest}"),
        None => spoken,
    };
    spoken.split(' ').map(str::to_owned).collect()
}

/// The words of all names, which tell a plural from a word that ends in s.
fn vocabulary(operations: &[Named]) -> BTreeSet<String> {
    let words = operations.iter().flat_map(|named| named.words.iter());
    words.cloned().collect()
}

/// The words of a name or a title, each in the singular.
fn words(name: &str, vocabulary: &BTreeSet<String>) -> Vec<String> {
    let words = split(name).into_iter();
    words.map(|word| singular(word, vocabulary)).collect()
}

/// The singular of a word, if the model uses that elsewhere.
fn singular(word: String, vocabulary: &BTreeSet<String>) -> String {
    let y = word.strip_suffix("ies").map(|stem| format!("{stem}y"));
    let candidates = [
        y,
        word.strip_suffix("es").map(str::to_owned),
        word.strip_suffix('s').map(str::to_owned),
    ];
    let mut known = candidates.into_iter().flatten();
    known
        .find(|candidate| vocabulary.contains(candidate))
        .unwrap_or(word)
}

/// Groups operations by what their names say after the verb.
fn by_name(operations: &[&Named], vocabulary: &BTreeSet<String>) -> Vec<Subject> {
    let verbs: BTreeSet<&str> = operations
        .iter()
        .filter_map(|named| named.words.first())
        .map(String::as_str)
        .collect();
    let mut nouns = BTreeMap::new();
    for named in operations {
        nouns.insert(&named.name, noun(&named.words, &verbs, vocabulary));
    }
    let mut counts: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for noun in nouns.values() {
        let core = noun
            .split(|word| PREPOSITIONS.contains(&word.as_str()))
            .next();
        let core = core.unwrap_or_default();
        for candidate in BTreeSet::from([core, noun]) {
            *counts.entry(candidate.to_vec()).or_default() += 1;
        }
    }
    counts.retain(|noun, count| *count > 1 && !noun.is_empty());
    let resources = operations
        .iter()
        .filter_map(|named| named.resource.as_ref());
    let mut candidates: BTreeSet<Vec<String>> =
        resources.map(|name| words(name, vocabulary)).collect();
    candidates.extend(counts.into_keys());
    // A subject that is left with one operation gives way to the next best.
    let groups = loop {
        let mut groups: BTreeMap<Vec<String>, Vec<&Named>> = BTreeMap::new();
        for named in operations {
            let noun = nouns.get(&named.name).map_or(&[][..], Vec::as_slice);
            let of_resource = || {
                let resource = words(named.resource.as_ref()?, vocabulary);
                candidates.contains(&resource).then_some(resource)
            };
            let subject = longest_in(noun, &candidates).or_else(of_resource);
            groups
                .entry(subject.unwrap_or_default())
                .or_default()
                .push(named);
        }
        let lonely =
            |subject: &Vec<String>| groups.get(subject).is_none_or(|group| group.len() < 2);
        let kept: BTreeSet<Vec<String>> = candidates
            .iter()
            .filter(|subject| !lonely(subject))
            .cloned()
            .collect();
        if kept.len() == candidates.len() {
            break groups;
        }
        candidates = kept;
    };
    let other = groups.get(&Vec::new()).cloned().unwrap_or_default();
    let mut subjects: Vec<Subject> = groups
        .iter()
        .filter(|(words, _)| !words.is_empty())
        .filter_map(|(words, members)| subject_of(capitalized(&words.join(" ")), words, members))
        .collect();
    subjects.extend(subject_of(OTHER.to_owned(), &[], &other));
    subjects
}

/// The words after the verb. `BatchGetItem` has two verbs.
fn noun(words: &[String], verbs: &BTreeSet<&str>, vocabulary: &BTreeSet<String>) -> Vec<String> {
    let rest = match words {
        [_, second, _, ..] if verbs.contains(second.as_str()) => words.get(2..),
        _ => words.get(1..),
    };
    let rest = rest.unwrap_or_default().iter().cloned();
    rest.map(|word| singular(word, vocabulary)).collect()
}

/// The longest candidate whose words stand together in `noun`, the first of equals.
fn longest_in(noun: &[String], candidates: &BTreeSet<Vec<String>>) -> Option<Vec<String>> {
    (1..=noun.len()).rev().find_map(|length| {
        let mut windows = noun.windows(length);
        let found = windows.find(|window| candidates.contains(*window))?;
        Some(found.to_vec())
    })
}

fn subject_of(name: String, words: &[String], members: &[&Named]) -> Option<Subject> {
    let operations: Vec<SubjectOperation> = members
        .iter()
        .map(|named| SubjectOperation {
            label: label(&named.words, words),
            method: named.method.clone(),
        })
        .collect();
    (!operations.is_empty()).then_some(Subject { name, operations })
}

/// The words of an operation without those of its subject, where they follow the verb.
fn label(words: &[String], subject: &[String]) -> String {
    let vocabulary: BTreeSet<String> = subject.iter().cloned().collect();
    let (verb, rest) = words.split_at(1.min(words.len()));
    let same = rest.len() >= subject.len()
        && rest
            .iter()
            .zip(subject)
            .all(|(word, subject)| singular(word.clone(), &vocabulary) == *subject);
    let rest = if same {
        rest.get(subject.len()..)
    } else {
        Some(rest)
    };
    let words = verb.iter().chain(rest.unwrap_or_default());
    words.map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
