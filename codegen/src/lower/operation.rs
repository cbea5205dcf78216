//! One operation: its request, its response, its errors and what is special about it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::ast::{Members, ShapeId, ShapeKind, Traits};
use crate::diagnostic::Diagnostic;
use crate::docs;
use crate::ir::{
    EndpointInput, EndpointValue, ErrorVariant, HostPart, Operation, OperationError, Pagination,
    PathStep, Presence, Structure, TokenMember, Type,
};
use crate::names::{self, Scope};
use crate::traits::TraitsExt as _;

use super::closure::{Bound, Closure};
use super::definitions::{deprecated, empty_structure, retryable, status};
use super::documentation::{linked, paragraph};
use super::retries::is_retried;
use super::service::BoundService;
use super::types::Container;
use super::{Lowering, REQUEST, RESPONSE};

/// Variants that every error enum has, and what no variant can be called.
pub(super) const ERROR_VARIANTS: &[&str] = &["Self", "Unhandled"];

impl<'m> Lowering<'_, 'm> {
    /// Lowers one operation.
    pub(super) fn operation(&mut self, bound: &Bound<'m>, service: &BoundService<'m>) -> Operation {
        let Some(names) = self.known.operation_names.get(bound.id).cloned() else {
            unreachable!("naming::types names every operation");
        };
        let input_id = bound.operation.input.as_ref();
        let output_id = bound.operation.output.as_ref();
        let mut input = self.io(input_id, names.request, REQUEST, Container::Input);
        let mut output = self.io(output_id, names.response, RESPONSE, Container::Output);
        let members = self.members(input_id);
        let link = format!("[`{0}`](crate::Client::{0})", linked(&names.method));
        io_docs(&mut input, format!("What {link} takes."));
        io_docs(&mut output, format!("What {link} gives."));
        let mut operation = Operation {
            wire_name: bound.id.name().to_owned(),
            method: names.method,
            docs: self.docs(bound.traits),
            deprecated: deprecated(bound.traits),
            example: None,
            idempotency_token: token(&input, members),
            host_prefix: self.host_prefix(bound, &input),
            own_endpoint: own_endpoint(&input, members),
            compression: bound.traits.request_compression().is_some(),
            checksum: bound.traits.http_checksum_required(),
            unsigned: unsigned(bound.traits),
            pagination: self.pagination(bound, service, &input, &output, names.pages),
            error: self.operation_error(bound, service, names.error),
            sensitive_output: false,
            endpoint_inputs: endpoint_inputs(bound.traits, &input, members),
            input,
            output,
        };
        if let Some(token) = &operation.idempotency_token {
            let mut fields = operation.input.fields.iter_mut();
            if let Some(field) = fields.find(|field| field.name == token.field) {
                let text = "Left out, it is filled with a random UUID.";
                paragraph(&mut field.docs, text.to_owned());
            }
        }
        operation.input.module.clone_from(&names.module);
        operation.output.module = names.module;
        operation
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

    fn members(&self, id: Option<&ShapeId>) -> Option<&'m Members> {
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
        let ids = || bound.operation.errors.iter().chain(&service.service.errors);
        let known = self.known;
        let type_names = ids().filter_map(|id| Some(known.error_names.get(id)?.as_str()));
        let type_names: BTreeSet<&str> = type_names.collect();
        let mut scope = Scope::new(ERROR_VARIANTS, "Value");
        let mut names = scope.take_all(type_names.into_iter(), variant_name);
        let mut variants = Vec::new();
        for id in ids() {
            let type_name = known.error_names.get(id).cloned().unwrap_or_default();
            // An error can be listed twice.
            if let Some(variant) = names.remove(type_name.as_str()) {
                variants.push(self.error_variant(id, id.name(), variant, type_name));
            }
        }
        OperationError { name, variants }
    }

    /// The first sentence of the documentation of each error.
    pub(super) fn error_summaries(&self, closure: &Closure<'m>) -> BTreeMap<&'m ShapeId, String> {
        let summary = |&id: &&'m ShapeId| {
            let shape = self.known.model.shapes.get(id)?;
            Some((id, docs::first_sentence(&self.docs(&shape.traits))))
        };
        closure.errors.iter().filter_map(summary).collect()
    }

    /// A variant of an error enum, for the error shape `id` that `wire_name` stands for.
    pub(super) fn error_variant(
        &mut self,
        id: &ShapeId,
        wire_name: &str,
        variant: String,
        type_name: String,
    ) -> ErrorVariant {
        let none = Traits::new();
        let shape = self.known.model.shapes.get(id);
        let traits = shape.map_or(&none, |shape| &shape.traits);
        let status = status(traits);
        let summary = self.known.error_summaries.get(id);
        ErrorVariant {
            variant,
            wire_name: wire_name.to_owned(),
            retryable: retryable(traits),
            type_name,
            summary: summary.cloned().unwrap_or_default(),
            status,
            is_retried: traits.retryable().is_some() || is_retried(id.name(), status),
        }
    }

    /// Cuts `hostPrefix` into text and labels (Smithy specification, "endpoint trait").
    fn host_prefix(&mut self, bound: &Bound<'m>, input: &Structure) -> Option<Vec<HostPart>> {
        let mut rest = bound.traits.host_prefix()?;
        let mut parts = Vec::new();
        while let Some((text, after)) = rest.split_once('{') {
            let Some((label, after)) = after.split_once('}') else {
                break;
            };
            if !text.is_empty() {
                parts.push(HostPart::Text(text.to_owned()));
            }
            match input.fields.iter().find(|field| field.wire_name == label) {
                Some(field) => parts.push(HostPart::Label {
                    wire_name: label.to_owned(),
                    field: field.name.clone(),
                    optional: field.presence == Presence::Optional,
                }),
                None => {
                    let fault =
                        format!("the host prefix names `{label}`, which is no member of the input");
                    self.faults.push(Diagnostic::shape(bound.id, fault));
                }
            }
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(HostPart::Text(rest.to_owned()));
        }
        Some(parts)
    }

    /// Joins the operation's `@paginated` with the service's and resolves its paths.
    fn pagination(
        &mut self,
        bound: &Bound<'m>,
        service: &BoundService<'m>,
        input: &Structure,
        output: &Structure,
        method: Option<String>,
    ) -> Option<Pagination> {
        let own = bound.traits.paginated()?;
        let common = service.traits.paginated().unwrap_or_default();
        let input_token = own.input_token.or(common.input_token);
        let output_token = own.output_token.or(common.output_token);
        let items = own.items.or(common.items);
        let fault = |what: &str| Diagnostic::shape(bound.id, format!("@paginated: {what}"));
        let Some(in_field) = input_token.and_then(|name| field(input, name)) else {
            self.faults
                .push(fault("inputToken names no member of the input"));
            return None;
        };
        let output_id = bound.operation.output.as_ref();
        let resolve = |this: &mut Self, path: Option<&str>| this.path(output_id, output, path?);
        let Some((output_token, output_type)) = resolve(self, output_token) else {
            self.faults
                .push(fault("outputToken leads to no member of the output"));
            return None;
        };
        if plain(&in_field.ty) != plain(&output_type) {
            self.notices.push(format!(
                "{} has no paginator: its tokens are of different types, `{}` in the request and \
                 `{}` in the response",
                bound.id.name(),
                in_field.wire_name,
                output_token.last().map_or("", |step| step.field.as_str())
            ));
            return None;
        }
        let resolved = resolve(self, items);
        if items.is_some() && resolved.is_none() {
            self.faults
                .push(fault("items leads to no member of the output"));
        }
        Some(Pagination {
            method: method?,
            input_token: in_field.name.clone(),
            input_token_optional: in_field.presence == Presence::Optional,
            output_token,
            token: in_field.ty.clone(),
            output_type,
            items: resolved,
        })
    }

    /// Follows a dotted path through the output.
    fn path(
        &mut self,
        output_id: Option<&ShapeId>,
        output: &Structure,
        path: &str,
    ) -> Option<(Vec<PathStep>, Type)> {
        let mut steps = Vec::new();
        let mut structure = output.clone();
        let mut members = self.members(output_id)?;
        let mut ty = None;
        for name in path.split('.') {
            let field = field(&structure, name)?;
            steps.push(PathStep {
                field: field.name.clone(),
                optional: field.presence == Presence::Optional,
            });
            ty = Some(field.ty.clone());
            let target = &members.get(name)?.target;
            if let Some(inner) = self.members(Some(target)) {
                members = inner;
                structure = self.structure(target, String::new(), RESPONSE, Container::Other);
            }
        }
        Some((steps, ty?))
    }
}

/// A request or response without documentation of its own says whose it is.
fn io_docs(structure: &mut Structure, line: String) {
    if structure.docs.is_empty() {
        structure.docs.push(line);
    }
}

/// The type without regard to whether its values are secret.
fn plain(ty: &Type) -> &Type {
    match ty {
        Type::Sensitive(inner) => plain(inner),
        other => other,
    }
}

fn field<'s>(structure: &'s Structure, wire_name: &str) -> Option<&'s crate::ir::Field> {
    structure
        .fields
        .iter()
        .find(|field| field.wire_name == wire_name)
}

/// The string member with `@idempotencyToken`.
fn token(input: &Structure, members: Option<&Members>) -> Option<TokenMember> {
    let (name, _) = members?
        .iter()
        .find(|(_, member)| member.traits.idempotency_token())?;
    let field = field(input, name)?;
    let sensitive = match &field.ty {
        Type::String => false,
        Type::Sensitive(inner) if **inner == Type::String => true,
        _ => return None,
    };
    Some(TokenMember {
        field: field.name.clone(),
        sensitive,
    })
}

/// The string member that says where the request goes.
fn own_endpoint(input: &Structure, members: Option<&Members>) -> Option<PathStep> {
    let (name, _) = members?
        .iter()
        .find(|(_, member)| member.traits.own_endpoint())?;
    let field = field(input, name)?;
    (field.ty == Type::String).then(|| PathStep {
        field: field.name.clone(),
        optional: field.presence == Presence::Optional,
    })
}

/// What the traits say of the parameters of the endpoint's rules. A path into the input
/// (`operationContextParams`) is not followed; the rules then do without the parameter.
fn endpoint_inputs(
    traits: &Traits,
    input: &Structure,
    members: Option<&Members>,
) -> Vec<EndpointInput> {
    let fixed = traits.static_context_params().unwrap_or_default();
    let fixed = fixed.into_iter().filter_map(|(parameter, value)| {
        let value = match value {
            Value::String(text) => EndpointValue::String(text.clone()),
            Value::Bool(flag) => EndpointValue::Boolean(*flag),
            Value::Array(items) => EndpointValue::Strings(
                items
                    .iter()
                    .filter_map(|item| Some(item.as_str()?.to_owned()))
                    .collect(),
            ),
            Value::Null | Value::Number(_) | Value::Object(_) => return None,
        };
        Some(EndpointInput {
            parameter: parameter.to_owned(),
            value,
        })
    });
    let bound = members.into_iter().flatten().filter_map(|(name, member)| {
        let parameter = member.traits.context_param()?.to_owned();
        let field = field(input, name)?;
        let step = PathStep {
            field: field.name.clone(),
            optional: field.presence == Presence::Optional,
        };
        let value = EndpointValue::Field(step, field.ty.clone());
        Some(EndpointInput { parameter, value })
    });
    fixed.chain(bound).collect()
}

/// `@optionalAuth`, or `@auth` with nothing in it: the first scheme that applies is none.
fn unsigned(traits: &Traits) -> bool {
    traits.optional_auth() || traits.auth().is_some_and(|schemes| schemes.is_empty())
}

/// `NotFoundException` is the variant `NotFound`.
pub(super) fn variant_name(type_name: &str) -> String {
    let short = ["Exception", "Error", "Fault"]
        .iter()
        .find_map(|suffix| type_name.strip_suffix(suffix))
        .filter(|short| !short.is_empty());
    names::camel(short.unwrap_or(type_name))
}
