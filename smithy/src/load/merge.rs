//! Several documents to one set of drafts (Smithy specification, "Merging model files").

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::Value;

use super::draft::{Draft, DraftTraits, Drafts};
use super::parse::{Apply, Document};
use super::prelude;
use super::report::{Report, SourceIndex};
use crate::ast::ShapeId;
use crate::traits;

/// Every source's content in one.
pub(super) struct Merged {
    pub(super) metadata: BTreeMap<String, Value>,
    pub(super) drafts: Drafts,
    /// Traits applied to members that the shape does not define itself: a mixin may.
    pub(super) inherited: BTreeMap<ShapeId, Inherited>,
}

/// Traits for one member that a mixin may bring.
pub(super) struct Inherited {
    pub(super) traits: DraftTraits,
    pub(super) source: SourceIndex,
}

/// Merges the documents, in the order of the sources, on top of the prelude.
pub(super) fn merge(documents: Vec<Document>, report: &mut Report) -> Merged {
    let mut merged = Merged {
        metadata: BTreeMap::new(),
        drafts: prelude::shapes(),
        inherited: BTreeMap::new(),
    };
    let mut applies = Vec::new();
    for (index, document) in documents.into_iter().enumerate() {
        for (key, value) in document.metadata {
            merge_metadata(&mut merged.metadata, key, value, Some(index), report);
        }
        for (id, draft) in document.shapes {
            define(&mut merged.drafts, id, draft, report);
        }
        applies.extend(document.applies);
    }
    for statement in applies {
        apply(&mut merged, statement, report);
    }
    merged
}

/// Adds one entry of metadata: arrays are concatenated, other values must be equal.
fn merge_metadata(
    metadata: &mut BTreeMap<String, Value>,
    key: String,
    value: Value,
    source: SourceIndex,
    report: &mut Report,
) {
    match metadata.entry(key) {
        Entry::Vacant(entry) => {
            entry.insert(value);
        }
        Entry::Occupied(mut entry) => match (entry.get_mut(), value) {
            (Value::Array(old), Value::Array(new)) => old.extend(new),
            (old, new) if *old == new => {}
            (_, _) => {
                let key = entry.key();
                report.file_error(
                    source,
                    format!("Metadata conflict for key `{key}`: another file gives another value"),
                );
            }
        },
    }
}

/// Adds a definition. A second one must be the same, traits aside, and its traits merge.
fn define(drafts: &mut Drafts, id: ShapeId, draft: Draft, report: &mut Report) {
    match drafts.entry(id) {
        Entry::Vacant(entry) => {
            entry.insert(draft);
        }
        Entry::Occupied(mut entry) => {
            let id = entry.key().clone();
            let old = entry.get_mut();
            if !old.defines_the_same_as(&draft) {
                let message = format!(
                    "Conflicting shape definition for `{id}` found at `{}` and `{}`",
                    report.name(old.source),
                    report.name(draft.source)
                );
                return report.error(draft.source, &id, message);
            }
            merge_traits(&id, &mut old.traits, draft.traits, draft.source, report);
            for (name, member) in draft.members {
                if let Some(old) = old.members.get_mut(&name) {
                    let id = id.with_member(&name);
                    merge_traits(&id, &mut old.traits, member.traits, draft.source, report);
                }
            }
        }
    }
}

/// Carries out one `apply` statement.
fn apply(merged: &mut Merged, statement: Apply, report: &mut Report) {
    let Apply {
        target,
        traits,
        source,
    } = statement;
    if target.namespace() == prelude::NAMESPACE {
        let message = "`apply` has no effect on a shape of Smithy's prelude";
        return report.warning(source, &target, message);
    }
    let draft = match target.member() {
        Some(_) => merged.drafts.get_mut(&target.root()),
        None => merged.drafts.get_mut(&target),
    };
    let Some(draft) = draft else {
        if prelude::is_reserved(target.namespace()) {
            let message = "`apply` has no effect: the shape is not part of the model";
            return report.warning(source, &target, message);
        }
        return unknown_target(&target, &traits, source, report);
    };
    let old = match target.member() {
        None => &mut draft.traits,
        Some(name) => match draft.members.get_mut(name) {
            Some(member) => &mut member.traits,
            None => {
                let inherited = merged.inherited.entry(target.clone());
                let inherited = inherited.or_insert_with(|| Inherited {
                    traits: DraftTraits::new(),
                    source,
                });
                &mut inherited.traits
            }
        },
    };
    merge_traits(&target, old, traits, source, report);
}

/// Reports traits applied to what is not there.
pub(super) fn unknown_target(
    target: &ShapeId,
    traits: &DraftTraits,
    source: SourceIndex,
    report: &mut Report,
) {
    for trait_id in traits.keys() {
        let name = traits::idiomatic_name(trait_id);
        report.file_error(
            source,
            format!("Trait `{name}` applied to unknown shape `{target}`"),
        );
    }
}

/// Merges traits as Smithy does: an equal value is the same trait given twice, two different lists
/// are concatenated, any other difference is a conflict.
fn merge_traits(
    id: &ShapeId,
    old: &mut DraftTraits,
    new: DraftTraits,
    source: SourceIndex,
    report: &mut Report,
) {
    for (trait_id, value) in new {
        match old.entry(trait_id) {
            Entry::Vacant(entry) => {
                entry.insert(value);
            }
            Entry::Occupied(mut entry) => match (entry.get_mut(), value) {
                (old, new) if *old == new => {}
                (Value::Array(old), Value::Array(new)) => old.extend(new),
                (_, _) => {
                    let trait_id = entry.key();
                    let message = format!("Conflicting `{trait_id}` trait found on shape `{id}`.");
                    report.error(source, id, message);
                }
            },
        }
    }
}
