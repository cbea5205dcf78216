//! Operations by subject, for the front page.
//!
//! The overlay may say what belongs together. Otherwise names do: `CreateAlias`, `ListAliases` and
//! `DeleteAlias` are what one can do with an alias.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Service, Subject, SubjectOperation};
use crate::names;
use tinsmith_smithy::ast::{Model, ShapeId, ShapeKind};
use tinsmith_smithy::diagnostic::Diagnostic;

use super::closure::{self, Bound};
use super::service::BoundService;

/// Words behind which a name says with what else the operation deals.
const PREPOSITIONS: &[&str] = &[
    "by", "for", "from", "in", "of", "on", "to", "with", "without",
];

/// Where operations go that share their subject with no other.
const OTHER: &str = "Other";

/// Where they go when none shares its subject.
const ALL: &str = "All";

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
    let words = Words::of(bound.iter().map(|bound| bound.id.name()));
    let resources = resources(model);
    let operations: Vec<Named<'_>> = service
        .operations
        .iter()
        .zip(bound)
        .map(|(operation, bound)| {
            let name = bound.id.name();
            let (verb, rest) = words.parts(name);
            Named {
                name,
                method: operation.method.trim_start_matches("r#"),
                noun: words.singulars(&rest),
                verb,
                rest,
                resource: resources
                    .get(bound.id)
                    .map(|name| words.singulars(&split(name))),
            }
        })
        .collect();
    let mut subjects = Vec::new();
    for subject in given {
        let find = |name: &String| operations.iter().find(|named| named.name == *name);
        let members: Vec<&Named<'_>> = subject.operations.iter().filter_map(find).collect();
        let noun = words.singulars(&split(&subject.name));
        subjects.extend(subject_of(subject.name.clone(), &noun, &members));
    }
    let is_given = |named: &&Named<'_>| {
        let mut lists = given.iter().map(|subject| &subject.operations);
        lists.any(|operations| operations.iter().any(|name| name == named.name))
    };
    let rest: Vec<&Named<'_>> = operations.iter().filter(|named| !is_given(named)).collect();
    let mut rest = by_name(&rest);
    // They are not all when some have a subject.
    let unnamed = rest.iter_mut().filter(|_| !subjects.is_empty());
    unnamed
        .filter(|subject| subject.name == ALL)
        .for_each(|subject| subject.name = OTHER.to_owned());
    subjects.extend(rest);
    service.subjects = subjects;
    Ok(())
}

/// The resource that each operation belongs to, by name.
fn resources(model: &Model) -> BTreeMap<&ShapeId, &str> {
    let mut found: BTreeMap<&ShapeId, &str> = BTreeMap::new();
    for (id, shape) in &model.shapes {
        let ShapeKind::Resource(resource) = &shape.kind else {
            continue;
        };
        let name = id.name().strip_suffix("Resource").unwrap_or(id.name());
        let operations = resource
            .lifecycle
            .values()
            .chain(&resource.operations)
            .chain(&resource.collection_operations);
        for operation in operations {
            // Of two the first by name, whatever the order of the model's keys.
            let known = found.entry(operation).or_insert(name);
            *known = name.min(*known);
        }
    }
    found
}

/// An operation by the words of its name.
struct Named<'m> {
    name: &'m str,
    method: &'m str,
    verb: Vec<String>,
    /// What follows the verb.
    rest: Vec<String>,
    /// The same in the singular.
    noun: Vec<String>,
    /// The words of the resource that the operation belongs to.
    resource: Option<Vec<String>>,
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

/// The words that the names of a service are made of.
struct Words {
    all: BTreeSet<String>,
    verbs: BTreeSet<String>,
}

impl Words {
    fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let names: Vec<Vec<String>> = names.map(split).collect();
        Self {
            verbs: names
                .iter()
                .filter_map(|words| words.first())
                .cloned()
                .collect(),
            all: names.into_iter().flatten().collect(),
        }
    }

    /// The verb and what follows it. `BatchGetItem` has two verbs.
    fn parts(&self, name: &str) -> (Vec<String>, Vec<String>) {
        let mut words = split(name);
        let verbs = match words.as_slice() {
            [_, second, _, ..] if self.verbs.contains(second) => 2,
            _ => 1,
        };
        let rest = words.split_off(verbs.min(words.len()));
        (words, rest)
    }

    fn singulars(&self, words: &[String]) -> Vec<String> {
        let words = words.iter();
        words.map(|word| singular(word, &self.all)).collect()
    }
}

/// The singular of a word, if it is among the known ones.
fn singular(word: &str, known: &BTreeSet<String>) -> String {
    let candidates = [
        word.strip_suffix("ies").map(|stem| format!("{stem}y")),
        word.strip_suffix("es").map(str::to_owned),
        word.strip_suffix('s').map(str::to_owned),
    ];
    let mut candidates = candidates.into_iter().flatten();
    candidates
        .find(|candidate| known.contains(candidate))
        .unwrap_or_else(|| word.to_owned())
}

/// Groups operations by what their names say after the verb.
fn by_name(operations: &[&Named<'_>]) -> Vec<Subject> {
    let mut counts: BTreeMap<&[String], usize> = BTreeMap::new();
    for named in operations {
        let is_preposition = |word: &String| PREPOSITIONS.contains(&word.as_str());
        let core = named.noun.split(is_preposition).next().unwrap_or_default();
        for candidate in BTreeSet::from([core, &named.noun]) {
            *counts.entry(candidate).or_default() += 1;
        }
    }
    let counted = counts.into_iter().filter(|(_, count)| *count > 1);
    let resources = operations
        .iter()
        .filter_map(|named| named.resource.as_deref());
    let mut candidates: BTreeSet<&[String]> = counted
        .map(|(noun, _)| noun)
        .chain(resources)
        .filter(|noun| !noun.is_empty())
        .collect();
    // A subject that is left with one operation gives way to the next best.
    let mut groups = loop {
        let groups = grouped(operations, &candidates);
        let is_shared =
            |subject: &&[String]| groups.get(subject).is_some_and(|group| group.len() > 1);
        let before = candidates.len();
        candidates.retain(is_shared);
        if candidates.len() == before {
            break groups;
        }
    };
    let other = groups.remove(&[][..]).unwrap_or_default();
    let mut subjects: Vec<Subject> = groups
        .iter()
        .filter_map(|(words, members)| subject_of(capitalized(&words.join(" ")), words, members))
        .collect();
    let name = if subjects.is_empty() { ALL } else { OTHER };
    subjects.extend(subject_of(name.to_owned(), &[], &other));
    subjects
}

/// The operations by the longest candidate in their noun, else by their resource, else by nothing.
fn grouped<'o, 'm>(
    operations: &[&'o Named<'m>],
    candidates: &BTreeSet<&'o [String]>,
) -> BTreeMap<&'o [String], Vec<&'o Named<'m>>> {
    let mut groups: BTreeMap<&[String], Vec<&Named<'_>>> = BTreeMap::new();
    for &named in operations {
        let resource = named.resource.as_deref();
        let subject = longest_in(&named.noun, candidates)
            .or(resource.filter(|resource| candidates.contains(resource)));
        groups
            .entry(subject.unwrap_or_default())
            .or_default()
            .push(named);
    }
    groups
}

/// The longest candidate whose words stand together in `noun`, the first of equals.
fn longest_in<'n>(noun: &'n [String], candidates: &BTreeSet<&[String]>) -> Option<&'n [String]> {
    (1..=noun.len()).rev().find_map(|length| {
        let mut windows = noun.windows(length);
        windows.find(|window| candidates.contains(window))
    })
}

fn subject_of(name: String, words: &[String], members: &[&Named<'_>]) -> Option<Subject> {
    let labels: Vec<String> = members.iter().map(|named| label(named, words)).collect();
    // `DeleteParameter` and `DeleteParameters` would both be "delete".
    let is_taken = |label: &String| labels.iter().filter(|other| *other == label).count() > 1;
    let operations: Vec<SubjectOperation> = members
        .iter()
        .zip(&labels)
        .map(|(named, short)| SubjectOperation {
            label: match is_taken(short) {
                true => spoken(&named.verb, &named.rest),
                false => short.clone(),
            },
            method: named.method.to_owned(),
        })
        .collect();
    (!operations.is_empty()).then_some(Subject { name, operations })
}

/// The words of an operation without those of its subject, where they follow the verb.
fn label(named: &Named<'_>, subject: &[String]) -> String {
    let rest = match named.noun.starts_with(subject) {
        true => named.rest.get(subject.len()..).unwrap_or_default(),
        false => &named.rest,
    };
    spoken(&named.verb, rest)
}

fn spoken(verb: &[String], rest: &[String]) -> String {
    let words = verb.iter().chain(rest);
    words.map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
