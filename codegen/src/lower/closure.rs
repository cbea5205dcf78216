//! Which shapes a crate is made of: what the chosen operations reach, and in which direction.

use std::collections::{BTreeMap, BTreeSet};

use crate::hint::hint;
use crate::ir::Usage;
use tinsmith_smithy::ast::{Members, Model, Operation, Service, Shape, ShapeId, ShapeKind, UNIT};
use tinsmith_smithy::diagnostic::Diagnostic;
use tinsmith_smithy::traits::Traits;

use super::Role;

/// One operation of the model.
#[derive(Clone, Copy)]
pub(super) struct Bound<'m> {
    pub(super) id: &'m ShapeId,
    pub(super) operation: &'m Operation,
    pub(super) traits: &'m Traits,
}

/// What the operations of a crate reach.
#[derive(Default)]
pub(super) struct Closure<'m> {
    /// Structures, unions and enums that are the value of a member, and where they travel.
    pub(super) types: BTreeMap<&'m ShapeId, Usage>,
    /// Those of the unions that are streams of events.
    pub(super) streams: BTreeSet<&'m ShapeId>,
    /// The errors of the operations and of the streams.
    pub(super) errors: BTreeSet<&'m ShapeId>,
    /// Every shape of the model that is data and was reached, simple shapes included: not the
    /// operations themselves, nor the prelude's shapes.
    pub(super) reached: BTreeSet<&'m ShapeId>,
}

/// The operations of a service and of its resources, by name.
pub(super) fn operations<'m>(model: &'m Model, service: &'m Service) -> Vec<Bound<'m>> {
    let mut ids: BTreeSet<&ShapeId> = service.operations.iter().collect();
    let mut open: Vec<&ShapeId> = service.resources.iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        let Some((id, shape)) = model.shapes.get_key_value(id) else {
            continue;
        };
        let ShapeKind::Resource(resource) = &shape.kind else {
            continue;
        };
        if seen.insert(id) {
            ids.extend(resource.lifecycle.values());
            ids.extend(&resource.operations);
            ids.extend(&resource.collection_operations);
            open.extend(&resource.resources);
        }
    }
    let mut bound: Vec<Bound<'_>> = ids
        .into_iter()
        .filter_map(|id| {
            let (id, shape) = model.shapes.get_key_value(id)?;
            match &shape.kind {
                ShapeKind::Operation(operation) => Some(Bound {
                    id,
                    operation,
                    traits: &shape.traits,
                }),
                _ => None,
            }
        })
        .collect();
    bound.sort_by_key(|bound| (bound.id.name(), bound.id));
    bound
}

/// Keeps the operations named in `chosen`.
///
/// # Errors
///
/// One for each name that is no operation, with the nearest name that is, or all of them.
pub(super) fn prune<'m>(
    operations: Vec<Bound<'m>>,
    chosen: &[String],
) -> Result<Vec<Bound<'m>>, Vec<Diagnostic>> {
    let names: Vec<&str> = operations.iter().map(|bound| bound.id.name()).collect();
    let faults: Vec<Diagnostic> = chosen
        .iter()
        .filter(|name| !names.contains(&name.as_str()))
        .map(|name| {
            let hint = hint(name, &names);
            Diagnostic::file("", format!("the service has no operation `{name}`; {hint}"))
        })
        .collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(operations
        .into_iter()
        .filter(|bound| chosen.iter().any(|name| name == bound.id.name()))
        .collect())
}

impl<'m> Closure<'m> {
    /// Everything that `operations` reach. `common` are the errors of the service itself.
    pub(super) fn of(
        model: &'m Model,
        role: Role,
        operations: &[Bound<'m>],
        common: &'m [ShapeId],
    ) -> Self {
        let mut closure = Self::default();
        for bound in operations {
            closure.members_of(model, bound.operation.input.as_ref(), role.input());
            closure.members_of(model, bound.operation.output.as_ref(), role.output());
            for error in bound.operation.errors.iter().chain(common) {
                closure.members_of(model, Some(error), role.output());
                closure.errors.insert(error);
            }
        }
        closure
    }

    fn reach(&mut self, id: &'m ShapeId) {
        if id.namespace() != "smithy.api" {
            self.reached.insert(id);
        }
    }

    /// Visits the members of a shape that is not itself a value.
    fn members_of(&mut self, model: &'m Model, id: Option<&'m ShapeId>, usage: Usage) {
        let Some((id, shape)) = id.and_then(|id| model.shapes.get_key_value(id)) else {
            return;
        };
        self.reach(id);
        self.visit(model, targets(shape), usage);
    }

    /// Visits values, with a stack of its own.
    fn visit(&mut self, model: &'m Model, ids: Vec<&'m ShapeId>, usage: Usage) {
        let mut open = ids;
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            let Some((id, shape)) = model.shapes.get_key_value(id) else {
                continue;
            };
            if !seen.insert(id) {
                continue;
            }
            self.reach(id);
            if is_named(id, shape) {
                self.travels(id, usage);
            }
            match events(shape) {
                Some(events) => {
                    self.streams.insert(id);
                    for member in events.values() {
                        open.extend(self.event(model, &member.target));
                    }
                }
                None => open.extend(targets(shape)),
            }
        }
    }

    fn travels(&mut self, id: &'m ShapeId, usage: Usage) {
        let known = self.types.entry(id).or_default();
        *known = Usage {
            written: known.written || usage.written,
            read: known.read || usage.read,
            event: known.event || usage.event,
        };
    }

    /// What is yet to be visited of a member of a stream: itself, or its members if it is never
    /// read as a value.
    fn event(&mut self, model: &'m Model, id: &'m ShapeId) -> Vec<&'m ShapeId> {
        let Some(shape) = model.shapes.get(id) else {
            return Vec::new();
        };
        if shape.traits.error().is_some() {
            self.errors.insert(id);
        } else if event_members(model, id).is_none_or(has_document) {
            return vec![id];
        } else {
            let event = Usage {
                event: true,
                ..Usage::default()
            };
            self.travels(id, event);
        }
        self.reach(id);
        targets(shape)
    }
}

/// The members of a union of events; `None` for any other shape.
pub(super) fn events(shape: &Shape) -> Option<&Members> {
    match &shape.kind {
        ShapeKind::Union(members) if shape.traits.streaming() => Some(members),
        _ => None,
    }
}

/// Whether an event has a document as its payload (Smithy specification, "Event message
/// serialization"): unless a member of its own is the payload, or all are headers.
pub(super) fn has_document(members: &Members) -> bool {
    let is_payload = members.values().any(|m| m.traits.event_payload());
    let all_headers = members.values().all(|m| m.traits.event_header());
    !is_payload && (members.is_empty() || !all_headers)
}

/// The members of the structure that a member of a stream targets.
pub(super) fn event_members<'m>(model: &'m Model, target: &ShapeId) -> Option<&'m Members> {
    match &model.shapes.get(target)?.kind {
        ShapeKind::Structure(members) => Some(members),
        _ => None,
    }
}

/// Whether a shape becomes a Rust type of its own.
fn is_named(id: &ShapeId, shape: &Shape) -> bool {
    let kind = matches!(
        shape.kind,
        ShapeKind::Structure(_) | ShapeKind::Union(_) | ShapeKind::Enum(_) | ShapeKind::IntEnum(_)
    );
    kind && id.as_str() != UNIT
}

/// What the values of a shape are made of.
fn targets(shape: &Shape) -> Vec<&ShapeId> {
    let members = shape.kind.members();
    members.map(|(_, member)| &member.target).collect()
}

/// The member of the input or output that cannot be generated yet, and what it is: a stream of
/// events to the service, or a blob that is not held in memory.
pub(super) fn unsupported<'m>(
    model: &'m Model,
    bound: &Bound<'m>,
) -> Option<(&'m str, &'static str)> {
    let streams = |io: &'m Option<ShapeId>, to_service: bool| {
        let shape = io.as_ref().and_then(|id| model.shapes.get(id))?;
        let ShapeKind::Structure(members) = &shape.kind else {
            return None;
        };
        members.iter().find_map(|(name, member)| {
            let target = model.shapes.get(&member.target);
            let is_events = target.is_some_and(|shape| events(shape).is_some());
            let is_blob =
                member.traits.streaming() || target.is_some_and(|shape| shape.traits.streaming());
            match (is_events, to_service) {
                (true, true) => Some((name.as_str(), "is a stream of events to the service")),
                (true, false) => None,
                (false, _) => is_blob.then_some((name.as_str(), "is a blob that streams")),
            }
        })
    };
    streams(&bound.operation.input, true).or_else(|| streams(&bound.operation.output, false))
}
