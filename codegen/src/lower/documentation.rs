//! Documentation as data, and what the names in it stand for.

use std::collections::BTreeMap;

use crate::docs;
use crate::ir::{Docs, Named};
use tinsmith_smithy::ast::{Member, ShapeId, ShapeKind, Traits};
use tinsmith_smithy::traits::TraitsExt as _;

use super::Lowering;
use super::closure::Bound;
use super::naming::TypeNames;

/// The operations and types that the names of the model's shapes mean.
pub(super) fn names(names: &TypeNames<'_>, operations: &[Bound<'_>]) -> BTreeMap<String, Named> {
    let mut named = BTreeMap::new();
    let mut add = |id: &ShapeId, item| named.insert(id.name().to_owned(), item);
    for (id, name) in names.errors.iter().chain(&names.types) {
        add(id, Named::Type(name.clone()));
    }
    for bound in operations {
        let Some(own) = names.operations.get(bound.id) else {
            continue;
        };
        let input = bound.operation.input.iter().map(|id| (id, &own.request));
        let output = bound.operation.output.iter().map(|id| (id, &own.response));
        for (id, name) in input.chain(output) {
            add(id, Named::Type(name.clone()));
        }
        add(bound.id, Named::Operation(own.method.clone()));
    }
    named
}

/// The documentation of a shape or an enum value; empty when the model has none.
pub(super) fn docs(traits: &Traits) -> Docs {
    let mut docs = traits.documentation().map_or_else(Docs::new, docs::parse);
    if let Some(mut links) = traits.external_documentation() {
        // By title: the order of a model's keys must not show.
        links.sort_unstable();
        docs.extend(links.iter().map(|(title, url)| docs::link(title, url)));
    }
    docs
}

impl Lowering<'_, '_> {
    /// The documentation of a member; that of its target, where it has none and the target is not a
    /// type of its own.
    pub(super) fn member_docs(&self, member: &Member) -> Docs {
        let own = docs(&member.traits);
        if !own.is_empty() || self.known.type_names.contains_key(&member.target) {
            return own;
        }
        match self.known.model.shapes.get(&member.target) {
            Some(target) if !matches!(target.kind, ShapeKind::Structure(_)) => docs(&target.traits),
            _ => own,
        }
    }
}
