//! Documentation: the model's text with links that resolve, or a plain line where it has none.

use std::collections::BTreeMap;

use crate::docs;
use crate::ir::Docs;
use tinsmith_smithy::ast::{Member, Model, ShapeId, ShapeKind};
use tinsmith_smithy::traits::Traits;

use super::Lowering;
use super::closure::Bound;
use super::definitions::field_names;
use super::naming::TypeNames;

/// Columns of documentation text: 100 less the `/// ` and the indentation of a method.
const WIDTH: usize = 92;

/// Where the names that stand in documentation lead.
pub(super) struct Links<'m> {
    model: &'m Model,
    targets: BTreeMap<&'m str, Target<'m>>,
}

/// What a name of the model is in the crate.
struct Target<'m> {
    /// The shape with the members, if it may have some.
    id: &'m ShapeId,
    /// The type that the shape is, without `crate::`.
    name: String,
    /// The path where it is not the type.
    path: Option<String>,
}

impl<'m> Links<'m> {
    /// Operations lead to the client's method, shapes to their type, `Shape$Member` to a field.
    pub(super) fn new(names: &TypeNames<'m>, operations: &[Bound<'m>], model: &'m Model) -> Self {
        let mut targets = BTreeMap::new();
        let mut add = |id: &'m ShapeId, name: &str, path| {
            let name = name.to_owned();
            targets.insert(id.name(), Target { id, name, path });
        };
        for (id, name) in names.errors.iter().chain(&names.types) {
            add(id, name, None);
        }
        for bound in operations {
            if let Some(own) = names.operations.get(bound.id) {
                for (io, name) in [
                    (&bound.operation.input, &own.request),
                    (&bound.operation.output, &own.response),
                ] {
                    if let Some(id) = io {
                        add(id, name, None);
                    }
                }
                let method = format!("crate::Client::{}", linked(&own.method));
                add(bound.id, "", Some(method));
            }
        }
        Self { model, targets }
    }

    fn resolve(&self, name: &str) -> Option<String> {
        if name.starts_with("Client::") {
            let path = format!("crate::{name}");
            let mut targets = self.targets.values();
            return targets
                .any(|target| target.path.as_ref() == Some(&path))
                .then_some(path);
        }
        let Some((shape, member)) = name.split_once('$') else {
            let target = self.targets.get(name)?;
            let path = target.path.clone();
            return Some(path.unwrap_or_else(|| format!("crate::{}", target.name)));
        };
        let target = self.targets.get(shape)?;
        let ShapeKind::Structure(members) = &self.model.shapes.get(target.id)?.kind else {
            return None;
        };
        let names = field_names(members);
        let field = names.get(member)?;
        Some(format!("crate::{}::{}", target.name, linked(field)))
    }
}

/// An identifier as links have it: rustdoc takes keywords as they are, not `r#type`.
pub(super) fn linked(name: &str) -> &str {
    name.trim_start_matches("r#")
}

impl Lowering<'_, '_> {
    /// The documentation of a shape or an enum value; empty when the model has none.
    pub(super) fn docs(&self, traits: &Traits) -> Docs {
        docs_with(traits, &|name| self.known.links.resolve(name))
    }

    /// The documentation of the service, in the root of the crate: there, every name is
    /// in scope, and rustdoc wants links without what is redundant.
    pub(super) fn root_docs(&self, traits: &Traits) -> Docs {
        docs_with(traits, &|name| {
            let path = self.known.links.resolve(name)?;
            Some(path.strip_prefix("crate::").unwrap_or(&path).to_owned())
        })
    }

    /// The documentation of a member. A member without any falls back on its target's, then on its
    /// name.
    pub(super) fn member_docs(&self, wire_name: &str, member: &Member) -> Docs {
        let target = self.known.model.shapes.get(&member.target);
        let mut lines = self.docs(&member.traits);
        if lines.is_empty() {
            let simple = target.filter(|shape| !self.is_named(&member.target, &shape.kind));
            lines = simple.map_or_else(Vec::new, |shape| self.docs(&shape.traits));
        }
        if lines.is_empty() {
            lines.push(format!("`{wire_name}` of the model."));
        }
        lines
    }

    fn is_named(&self, id: &ShapeId, kind: &ShapeKind) -> bool {
        self.known.type_names.contains_key(id) || matches!(kind, ShapeKind::Structure(_))
    }
}

fn docs_with(traits: &Traits, resolve: &dyn Fn(&str) -> Option<String>) -> Docs {
    let mut lines = traits
        .documentation()
        .map_or_else(Vec::new, |text| docs::to_markdown(text, resolve, WIDTH));
    for (title, url) in traits.external_documentation().into_iter().flatten() {
        paragraph(&mut lines, docs::link(title, url));
    }
    lines
}

/// Adds a paragraph of one line.
pub(super) fn paragraph(lines: &mut Docs, line: String) {
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(line);
}
