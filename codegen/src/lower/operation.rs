//! One operation: its request, its response, its errors and what is special about it.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Auth, ErrorVariant, Operation, OperationError, Structure};
use crate::names::{self, Scope};
use tinsmith_smithy::ast::{Members, ShapeId, ShapeKind};
use tinsmith_smithy::diagnostic::Diagnostic;
use tinsmith_smithy::traits::Traits;

use super::closure::Bound;
use super::definitions::{deprecated, empty_structure, status};
use super::documentation::docs;
use super::retries::is_retried;
use super::service::BoundService;
use super::types::Container;
use super::{Lowering, auth, inputs, protocol};

/// Variants that every error enum has, and what no variant can be called.
pub(super) const ERROR_VARIANTS: &[&str] = &["Self", "Unhandled"];

impl<'m> Lowering<'_, 'm> {
    /// Lowers one operation.
    pub(super) fn operation(&mut self, bound: &Bound<'m>, service: &BoundService<'m>) -> Operation {
        let Some(names) = self.known.operation_names.get(bound.id).cloned() else {
            unreachable!("naming::types names every operation");
        };
        let role = self.known.role;
        let input_id = bound.operation.input.as_ref();
        let output_id = bound.operation.output.as_ref();
        let input = self.io(input_id, names.request, role.input(), Container::Input);
        let output = self.io(output_id, names.response, role.output(), Container::Output);
        let members = self.members(input_id);
        Operation {
            wire_name: bound.id.name().to_owned(),
            method: names.method,
            module: names.module,
            http: protocol::http(service.protocol),
            docs: docs(bound.traits),
            deprecated: deprecated(bound.traits),
            example: None,
            host_prefix: self.host_prefix(bound, &input),
            own_endpoint: inputs::own_endpoint(&input, members),
            compression: bound.traits.request_compression().is_some(),
            checksum: bound.traits.http_checksum_required(),
            // Others are left out before.
            auth: auth::of(self.known.model, service.traits, bound.traits).unwrap_or(Auth::SigV4),
            unsigned_payload: bound.traits.unsigned_payload(),
            pagination: None,
            error: self.operation_error(bound, service, names.error),
            sensitive_output: false,
            endpoint_inputs: self.endpoint_inputs(bound, &input, members),
            input,
            output,
        }
    }

    /// The request or the response. Each operation has its own, named after the operation, even
    /// where a model lets two operations share a shape: the types stay distinct when AWS parts them.
    fn io(
        &mut self,
        id: Option<&ShapeId>,
        name: String,
        usage: crate::ir::Usage,
        container: Container,
    ) -> Structure {
        match id {
            Some(id) => self.structure(id, name, usage, container),
            None => empty_structure(name, usage),
        }
    }

    pub(super) fn members(&self, id: Option<&ShapeId>) -> Option<&'m Members> {
        match &self.known.model.shapes.get(id?)?.kind {
            ShapeKind::Structure(members) => Some(members),
            _ => None,
        }
    }

    fn operation_error(
        &mut self,
        bound: &Bound<'m>,
        service: &BoundService<'m>,
        name: String,
    ) -> OperationError {
        let mut seen: BTreeMap<&str, &ShapeId> = BTreeMap::new();
        for id in bound.operation.errors.iter().chain(&service.service.errors) {
            let other = *seen.entry(id.name()).or_insert(id);
            if other != id {
                let fault = format!(
                    "the errors `{other}` and `{id}` have the same name on the wire, `{}`",
                    id.name()
                );
                self.faults.push(Diagnostic::shape(bound.id, fault));
            }
        }
        let known = self.known;
        let type_names = seen
            .values()
            .filter_map(|id| Some(known.error_names.get(*id)?.as_str()));
        let type_names: BTreeSet<&str> = type_names.collect();
        let mut scope = Scope::new(ERROR_VARIANTS, "Value");
        let mut names = scope.take_all(type_names.into_iter(), variant_name);
        let mut variants = Vec::new();
        for id in bound.operation.errors.iter().chain(&service.service.errors) {
            let type_name = known.error_names.get(id).cloned().unwrap_or_default();
            // An error can be listed twice.
            if let Some(variant) = names.remove(type_name.as_str()) {
                variants.push(self.error_variant(id, id.name(), variant, type_name));
            }
        }
        variants.sort_by(|a, b| a.variant.cmp(&b.variant));
        OperationError { name, variants }
    }

    /// A variant of an error enum, for the error shape `id` that `wire_name` stands for.
    pub(super) fn error_variant(
        &mut self,
        id: &ShapeId,
        wire_name: &str,
        variant: String,
        type_name: String,
    ) -> ErrorVariant {
        let none = Traits::default();
        let shape = self.known.model.shapes.get(id);
        let traits = shape.map_or(&none, |shape| &shape.traits);
        let status = status(traits);
        ErrorVariant {
            variant,
            wire_name: wire_name.to_owned(),
            retryable: traits.retryable(),
            type_name,
            status,
            is_retried: traits.retryable().is_some() || is_retried(id.name(), status),
        }
    }
}

/// `NotFoundException` is the variant `NotFound`.
pub(super) fn variant_name(type_name: &str) -> String {
    let short = ["Exception", "Error", "Fault"]
        .iter()
        .find_map(|suffix| type_name.strip_suffix(suffix))
        .filter(|short| !short.is_empty());
    names::camel(short.unwrap_or(type_name))
}
