//! Documentation: the model's text with links that resolve, or a plain line where it has none.

use std::collections::BTreeMap;

use crate::ast::{Member, Model, ShapeId, ShapeKind, Traits};
use crate::docs;
use crate::ir::Docs;
use crate::names;
use crate::traits::TraitsExt as _;

use super::Lowering;
use super::closure::Bound;
use super::constraints;
use super::definitions::field_scope;
use super::naming::TypeNames;

/// Columns of documentation text: 100 less the `/// ` and the indentation of a method.
const WIDTH: usize = 92;

/// Where the names that stand in documentation lead.
pub(super) struct Links {
    targets: BTreeMap<String, String>,
}

impl Links {
    /// Operations lead to the client's method, shapes to their type, `Shape$Member` to a field.
    pub(super) fn new(names: &TypeNames<'_>, operations: &[Bound<'_>], model: &Model) -> Self {
        let mut targets = BTreeMap::new();
        for (id, name) in names.errors.iter().chain(&names.types) {
            targets.insert(id.name().to_owned(), format!("crate::{name}"));
            members(&mut targets, model, id, name);
        }
        for bound in operations {
            if let Some(own) = names.operations.get(bound.id) {
                for (io, name) in [
                    (&bound.operation.input, &own.request),
                    (&bound.operation.output, &own.response),
                ] {
                    if let Some(id) = io {
                        targets.insert(id.name().to_owned(), format!("crate::{name}"));
                        members(&mut targets, model, id, name);
                    }
                }
                let method = format!("crate::Client::{}", linked(&own.method));
                targets.insert(bound.id.name().to_owned(), method);
            }
        }
        Self { targets }
    }

    fn resolve(&self, name: &str) -> Option<String> {
        self.targets.get(name).cloned()
    }
}

fn members(targets: &mut BTreeMap<String, String>, model: &Model, id: &ShapeId, name: &str) {
    if let Some(ShapeKind::Structure(members)) = model.shapes.get(id).map(|shape| &shape.kind) {
        let mut scope = field_scope();
        for member in members.keys() {
            let field = scope.take(names::snake(member));
            let key = format!("{}${member}", id.name());
            targets.insert(key, format!("crate::{name}::{}", linked(&field)));
        }
    }
}

/// An identifier as links have it: rustdoc takes keywords as they are, not `r#type`.
pub(super) fn linked(name: &str) -> &str {
    name.trim_start_matches("r#")
}

impl Lowering<'_, '_> {
    /// The documentation of a shape or an enum value; empty when the model has none.
    pub(super) fn docs(&self, traits: &Traits) -> Docs {
        let mut lines = traits.documentation().map_or_else(Vec::new, |text| {
            docs::to_markdown(text, &|name| self.known.links.resolve(name), WIDTH)
        });
        if let Some(mut links) = traits.external_documentation() {
            // By title: the order of a model's keys must not show.
            links.sort_unstable();
            for (title, url) in links {
                paragraph(&mut lines, format!("[{title}](<{url}>)"));
            }
        }
        lines
    }

    /// The documentation of a member with its constraints. A member without any falls back on its
    /// target's, then on its name.
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
        if let Some(line) = constraints::line(member, self.known.model) {
            constraint(&mut lines, line);
        }
        lines
    }

    fn is_named(&self, id: &ShapeId, kind: &ShapeKind) -> bool {
        self.known.type_names.contains_key(id) || matches!(kind, ShapeKind::Structure(_))
    }
}

/// Adds the constraints: to the last paragraph if it is plain text, else as one of their own. They
/// are never broken.
fn constraint(lines: &mut Docs, line: String) {
    let start = lines
        .iter()
        .rposition(String::is_empty)
        .map_or(0, |blank| blank + 1);
    let first = lines.get(start).and_then(|line| line.chars().next());
    if first.is_some_and(|c| c.is_alphabetic() || "`[\"(".contains(c)) {
        match lines.last_mut() {
            Some(last) if last.chars().count() + 1 + line.chars().count() <= WIDTH => {
                last.push(' ');
                last.push_str(&line);
            }
            _ => lines.push(line),
        }
    } else {
        paragraph(lines, line);
    }
}

/// Adds a paragraph of one line.
pub(super) fn paragraph(lines: &mut Docs, line: String) {
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(line);
}
