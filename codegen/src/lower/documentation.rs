//! Documentation as data.

use crate::docs;
use crate::ir::Docs;
use tinsmith_smithy::ast::{Member, ShapeKind};
use tinsmith_smithy::traits::Traits;

use super::Lowering;

/// The documentation of a shape or an enum value; empty when the model has none.
pub(super) fn docs(traits: &Traits) -> Docs {
    let mut docs = traits.documentation().map_or_else(Docs::new, docs::parse);
    for (title, url) in traits.external_documentation().into_iter().flatten() {
        docs.push(docs::link(title, url));
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
