//! Mixins are flattened: a shape gets the members and traits of its mixins as its own (Smithy
//! specification, "Mixins").

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use super::draft::{Draft, DraftKind, DraftMembers, DraftTraits, Drafts};
use super::merge::{Inherited, unknown_target};
use super::report::Report;
use crate::ast::{Operation, Service, ShapeId};
use crate::traits::id;

/// Traits applied to members by the member's id, until a mixin brings the member.
type Applied = BTreeMap<ShapeId, Inherited>;

/// Flattens every shape that has mixins, those it takes from first. The mixin shapes stay. Gives the
/// shapes that could not be flattened; the report has them or what they depend on.
pub(super) fn flatten(
    drafts: &mut Drafts,
    mut applied: Applied,
    report: &mut Report,
) -> BTreeSet<ShapeId> {
    let mut order = Order::new(drafts);
    let mut failed = BTreeSet::new();
    while let Some(id) = order.next() {
        // The draft is out of the map while the others are read.
        let Some(mut draft) = drafts.remove(&id) else {
            continue;
        };
        if flatten_one(&id, &mut draft, drafts, &failed, &mut applied, report).is_none() {
            failed.insert(id.clone());
        }
        drafts.insert(id, draft);
    }
    order.report_cycles(drafts, report);
    failed.extend(order.waiting.into_keys());
    // What a shape would inherit is not known if it could not be flattened.
    applied.retain(|id, _| !failed.contains(&id.root()));
    for (id, inherited) in &applied {
        unknown_target(id, &inherited.traits, inherited.source, report);
    }
    failed
}

/// Flattens one shape whose mixins are flattened. `None` when a mixin is missing.
fn flatten_one(
    id: &ShapeId,
    draft: &mut Draft,
    drafts: &Drafts,
    failed: &BTreeSet<ShapeId>,
    applied: &mut Applied,
    report: &mut Report,
) -> Option<()> {
    let mut members = DraftMembers::new();
    let mut traits = DraftTraits::new();
    for mixin_id in &draft.mixins {
        let mixin = drafts.get(mixin_id).filter(|_| !failed.contains(mixin_id));
        let Some(mixin) = mixin else {
            let message = format!("Cannot apply mixin to {id}: {mixin_id} not found");
            report.error(draft.source, id, message);
            return None;
        };
        check_mixin(id, draft, mixin_id, mixin, report);
        traits.extend(inherited_traits(mixin));
        for (name, member) in &mixin.members {
            match members.get_mut(name) {
                None => {
                    members.insert(name.clone(), member.clone());
                }
                Some(previous) if previous.target == member.target => {
                    previous.traits.extend(member.traits.clone());
                }
                Some(_) => conflict(id, name, draft, Some(mixin_id), report),
            }
        }
        add_bindings(&mut draft.kind, &mixin.kind);
    }
    // What the shape says itself goes over what it inherits.
    for (name, member) in &mut members {
        if let Some(inherited) = applied.remove(&id.with_member(name)) {
            member.traits.extend(inherited.traits);
        }
    }
    for (name, own) in std::mem::take(&mut draft.members) {
        match members.get_mut(&name) {
            None => {
                members.insert(name, own);
            }
            Some(member) if member.target == own.target => member.traits.extend(own.traits),
            Some(_) => conflict(id, &name, draft, None, report),
        }
    }
    traits.extend(std::mem::take(&mut draft.traits));
    draft.members = members;
    draft.traits = traits;
    Some(())
}

/// A mixin must be marked as one and be of the shape's own kind.
fn check_mixin(
    id: &ShapeId,
    draft: &Draft,
    mixin_id: &ShapeId,
    mixin: &Draft,
    report: &mut Report,
) {
    if !mixin.traits.contains_key(id::MIXIN) {
        let message = format!(
            "Attempted to use {mixin_id} as a mixin, but it is not marked with the mixin trait"
        );
        report.error(draft.source, id, message);
    }
    let (own, other) = (draft.kind.name(), mixin.kind.name());
    if own != other {
        let message = format!(
            "Mixins may only be mixed into shapes of the same type: {mixin_id} is of type `{other}`, \
             `{id}` of type `{own}`"
        );
        report.error(draft.source, id, message);
    }
}

/// Reports a member that `other`, a mixin, or else the shape itself gives another target.
fn conflict(id: &ShapeId, name: &str, draft: &Draft, other: Option<&ShapeId>, report: &mut Report) {
    let member = other.unwrap_or(id).with_member(name);
    let message =
        format!("Member conflicts with an inherited mixin member: `{member}` has another target");
    report.error(draft.source, id.with_member(name), message);
}

/// The traits of a mixin, without `mixin` itself and those its `localTraits` keeps back.
fn inherited_traits(mixin: &Draft) -> impl Iterator<Item = (String, Value)> + '_ {
    let local = mixin
        .traits
        .get(id::MIXIN)
        .and_then(|value| value.get("localTraits"))
        .and_then(Value::as_array);
    mixin
        .traits
        .iter()
        .filter(move |(trait_id, _)| {
            let is_local = |locals: &Vec<Value>| {
                locals
                    .iter()
                    .any(|local| local.as_str() == Some(trait_id.as_str()))
            };
            trait_id.as_str() != id::MIXIN && !local.is_some_and(is_local)
        })
        .map(|(trait_id, value)| (trait_id.clone(), value.clone()))
}

/// Adds what a service or operation inherits. Resource mixins bind nothing.
fn add_bindings(own: &mut DraftKind, mixin: &DraftKind) {
    match (own, mixin) {
        (DraftKind::Service(own), DraftKind::Service(mixin)) => {
            let Service {
                version,
                operations,
                resources,
                errors,
                rename,
            } = own;
            if version.is_none() {
                version.clone_from(&mixin.version);
            }
            add_missing(operations, &mixin.operations);
            add_missing(resources, &mixin.resources);
            add_missing(errors, &mixin.errors);
            for (from, to) in &mixin.rename {
                rename.entry(from.clone()).or_insert_with(|| to.clone());
            }
        }
        (DraftKind::Operation(own), DraftKind::Operation(mixin)) => {
            let Operation { errors, .. } = own;
            add_missing(errors, &mixin.errors);
        }
        _ => {}
    }
}

fn add_missing(own: &mut Vec<ShapeId>, inherited: &[ShapeId]) {
    for id in inherited {
        if !own.contains(id) {
            own.push(id.clone());
        }
    }
}

/// Shapes with mixins, each after the shapes it takes from (Kahn's algorithm, so that a long chain
/// costs no stack).
struct Order {
    ready: VecDeque<ShapeId>,
    /// The mixins, with mixins of their own, that a shape still waits for.
    waiting: BTreeMap<ShapeId, BTreeSet<ShapeId>>,
    /// From a mixin to the shapes that wait for it.
    dependents: BTreeMap<ShapeId, Vec<ShapeId>>,
}

impl Order {
    fn new(drafts: &Drafts) -> Self {
        let mut order = Self {
            ready: VecDeque::new(),
            waiting: BTreeMap::new(),
            dependents: BTreeMap::new(),
        };
        for (id, draft) in drafts.iter().filter(|(_, draft)| !draft.mixins.is_empty()) {
            let unresolved: BTreeSet<_> = draft
                .mixins
                .iter()
                .filter(|mixin| {
                    drafts
                        .get(*mixin)
                        .is_some_and(|mixin| !mixin.mixins.is_empty())
                })
                .cloned()
                .collect();
            for mixin in &unresolved {
                order
                    .dependents
                    .entry(mixin.clone())
                    .or_default()
                    .push(id.clone());
            }
            if unresolved.is_empty() {
                order.ready.push_back(id.clone());
            } else {
                order.waiting.insert(id.clone(), unresolved);
            }
        }
        order
    }

    /// The next shape whose mixins are all flattened; none when only cycles are left.
    fn next(&mut self) -> Option<ShapeId> {
        let id = self.ready.pop_front()?;
        for dependent in self.dependents.remove(&id).unwrap_or_default() {
            if let Some(unresolved) = self.waiting.get_mut(&dependent) {
                unresolved.remove(&id);
                if unresolved.is_empty() {
                    self.waiting.remove(&dependent);
                    self.ready.push_back(dependent);
                }
            }
        }
        Some(id)
    }

    /// Reports every shape that is part of a cycle, with the others of its cycle.
    fn report_cycles(&self, drafts: &Drafts, report: &mut Report) {
        let mut seen = BTreeSet::new();
        for id in self.waiting.keys() {
            if seen.contains(id) {
                continue;
            }
            let after = self.reach(id);
            if !after.contains(id) {
                continue;
            }
            let cycle: BTreeSet<_> = after
                .into_iter()
                .filter(|other| self.reach(other).contains(id))
                .collect();
            for shape in &cycle {
                let others: Vec<_> = cycle.iter().filter(|other| *other != shape).collect();
                let message = format!(
                    "Unable to resolve mixins; cycles detected between this shape and {others:?}"
                );
                let source = drafts.get(shape).and_then(|draft| draft.source);
                report.error(source, shape, message);
            }
            seen.extend(cycle);
        }
    }

    /// The unresolved shapes that `id` takes from, directly or through others.
    fn reach(&self, id: &ShapeId) -> BTreeSet<ShapeId> {
        let mut reached = BTreeSet::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            for mixin in self.waiting.get(id).into_iter().flatten() {
                if reached.insert(mixin.clone()) {
                    open.push(mixin);
                }
            }
        }
        reached
    }
}
