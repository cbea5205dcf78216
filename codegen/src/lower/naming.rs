//! Rust names for everything that the crate exports, and the members that need a `Box`.

use std::collections::{BTreeMap, BTreeSet};

use crate::cycles::{Graph, back_edges};
use crate::ir::Named;
use crate::names::{self, Scope};
use tinsmith_smithy::ast::{self, Model, ShapeId, ShapeKind};

use super::closure::{Bound, Closure};
use super::service::BoundService;

/// Names that generated files use for other things.
const TAKEN_TYPES: &[&str] = &[
    "BTreeMap",
    "BigDecimal",
    "BigInteger",
    "Box",
    "BuildError",
    "Builder",
    "Client",
    "Config",
    "ConfigBuilder",
    "ConstructionError",
    "Default",
    "Document",
    "Endpoint",
    "EndpointError",
    "EndpointInput",
    "Err",
    "Error",
    "ErrorInfo",
    "ErrorParts",
    "From",
    "Into",
    "IntoOption",
    "ModeledError",
    "None",
    "Ok",
    "Operation",
    "OperationError",
    "OperationInfo",
    "Option",
    "Pages",
    "Paginated",
    "PaginatedItems",
    "Params",
    "ReadError",
    "Reader",
    "RequestParts",
    "Response",
    "ResponseParts",
    "Result",
    "Retryable",
    "Self",
    "Sensitive",
    "ServiceInfo",
    "Some",
    "String",
    "Timestamp",
    "Unhandled",
    "UnknownVariant",
    "Vec",
    "Wipe",
    "Writer",
];

/// Functions that a structure has beside its setters, which a setter of that name would hide.
const TAKEN_FIELDS: &[&str] = &["clone", "default", "new", "read", "wipe", "write", "zeroed"];

/// Methods that every client has.
const TAKEN_METHODS: &[&str] = &["builder", "clone", "config", "from_env", "new", "send"];

/// The Rust names that belong to one operation.
#[derive(Clone, Debug)]
pub(super) struct OperationNames {
    pub(super) method: String,
    /// The method that walks pages, if the operation has any.
    pub(super) pages: Option<String>,
    pub(super) module: String,
    pub(super) request: String,
    pub(super) response: String,
    pub(super) error: String,
}

/// Members as (shape, member).
pub(super) type Members<'m> = BTreeSet<(&'m str, &'m str)>;

/// All names of a crate.
pub(super) struct TypeNames<'m> {
    pub(super) types: BTreeMap<&'m ShapeId, String>,
    pub(super) errors: BTreeMap<&'m ShapeId, String>,
    pub(super) operations: BTreeMap<&'m ShapeId, OperationNames>,
    /// The error enums of streams, by their union.
    pub(super) stream_errors: BTreeMap<&'m ShapeId, String>,
}

/// Names the operations first, then the errors, then the other shapes, so that a shape whose name
/// clashes with what an operation is called gives way.
pub(super) fn types<'m>(
    service: &BoundService<'m>,
    operations: &[Bound<'m>],
    closure: &Closure<'m>,
) -> TypeNames<'m> {
    let mut scope = Scope::new(TAKEN_TYPES, "Shape");
    let mut methods = Scope::new(TAKEN_METHODS, "_");
    // clippy wants no module named as the one that it is in.
    let mut modules = Scope::new(&["operation"], "_");
    let wire_name = |id: &'m ShapeId| service.rename(id);
    let mut operation_names: BTreeMap<_, _> = operations
        .iter()
        .map(|bound| {
            let name = names::camel(bound.id.name());
            let name = name.trim_end_matches('_');
            let names = OperationNames {
                method: methods.take(names::snake(bound.id.name())),
                pages: None,
                module: modules.take(names::module(bound.id.name())),
                request: scope.take(format!("{name}Request")),
                response: scope.take(format!("{name}Response")),
                error: scope.take(format!("{name}Error")),
            };
            (bound.id, names)
        })
        .collect();
    // Once every operation has the name that its model gives it: `ListPages` may be one, too.
    let paginated = |bound: &&Bound<'m>| bound.traits.paginated().is_some();
    for bound in operations.iter().filter(paginated) {
        if let Some(names) = operation_names.get_mut(bound.id) {
            let method = names.method.trim_start_matches("r#").trim_end_matches('_');
            names.pages = Some(methods.take(format!("{method}_pages")));
        }
    }
    let errors = by_name(closure.errors.iter().copied(), wire_name)
        .map(|(name, id)| (id, scope.take(names::camel(name))))
        .collect();
    let types: BTreeMap<&ShapeId, String> = by_name(closure.types.keys().copied(), wire_name)
        .map(|(name, id)| (id, scope.take(names::camel(name))))
        .collect();
    let mut error_name = |id| {
        let name = types.get(id)?.trim_end_matches('_');
        Some((id, scope.take(format!("{name}Error"))))
    };
    let stream_errors = by_name(closure.streams.iter().copied(), wire_name)
        .filter_map(|(_, id)| error_name(id))
        .collect();
    TypeNames {
        types,
        errors,
        operations: operation_names,
        stream_errors,
    }
}

impl TypeNames<'_> {
    /// What the names of the model's shapes represent.
    pub(super) fn named(&self, operations: &[Bound<'_>]) -> BTreeMap<String, Named> {
        let mut named = BTreeMap::new();
        let mut add = |id: &ShapeId, item| named.insert(id.name().to_owned(), item);
        for (id, name) in self.errors.iter().chain(&self.types) {
            add(id, Named::Type(name.clone()));
        }
        for bound in operations {
            let Some(own) = self.operations.get(bound.id) else {
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
}

/// The names of a structure's fields, by member.
pub(super) fn field_names(members: &ast::Members) -> BTreeMap<&str, String> {
    Scope::new(TAKEN_FIELDS, "_").take_all(members.keys().map(String::as_str), names::snake)
}

/// The names of the variants of an enum or union, by member.
pub(super) fn variant_names(members: &ast::Members) -> BTreeMap<&str, String> {
    let mut scope = Scope::new(&["Self", "Unknown"], "Value");
    scope.take_all(members.keys().map(String::as_str), names::camel)
}

/// Sorted by name and then by id, so that clashes end the same way whatever the namespaces.
fn by_name<'m>(
    ids: impl Iterator<Item = &'m ShapeId>,
    name: impl Fn(&'m ShapeId) -> &'m str,
) -> impl Iterator<Item = (&'m str, &'m ShapeId)> {
    let sorted: BTreeSet<(&str, &ShapeId)> = ids.map(|id| (name(id), id)).collect();
    sorted.into_iter()
}

/// The members that need a `Box`: those that close a cycle of structures and unions.
pub(super) fn boxed<'m>(model: &'m Model, closure: &Closure<'m>) -> Members<'m> {
    cycle_members(model, closure, false)
}

/// The required members that close a cycle of required members: no value could ever be made, so
/// they are taken as optional.
pub(super) fn required_cycles<'m>(model: &'m Model, closure: &Closure<'m>) -> Members<'m> {
    cycle_members(model, closure, true)
}

fn cycle_members<'m>(model: &'m Model, closure: &Closure<'m>, only_required: bool) -> Members<'m> {
    let mut graph = Graph::new();
    for id in closure.types.keys() {
        let Some(shape) = model.shapes.get(*id) else {
            continue;
        };
        let members = match &shape.kind {
            ShapeKind::Structure(members) => members,
            ShapeKind::Union(members) if !only_required => members,
            _ => continue,
        };
        let edges = members
            .iter()
            .filter(|(_, member)| !only_required || member.traits.required())
            .map(|(name, member)| (name.as_str(), member.target.as_str()))
            .collect();
        graph.insert(id.as_str(), edges);
    }
    back_edges(&graph)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_generated_files_import_is_taken() {
        let names = crate::output::render::KNOWN
            .iter()
            .flat_map(|(_, names)| *names);
        for name in names.filter(|name| name.starts_with(char::is_uppercase)) {
            let constant = name.chars().all(char::is_uppercase);
            assert!(constant || TAKEN_TYPES.contains(name), "{name}");
        }
    }
}
