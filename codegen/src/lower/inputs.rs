//! Members of a request that are used outside its body: host labels, endpoint parameters and
//! idempotency tokens. Each can be a string or an enum, sensitive or not, required or not.

use crate::ir::{
    EndpointInput, EndpointValue, Field, HostPart, PathStep, Presence, Structure, Type, endpoint,
};
use tinsmith_smithy::ast::Members;
use tinsmith_smithy::diagnostic::Diagnostic;
use tinsmith_smithy::traits::Traits;

use super::Lowering;
use super::closure::Bound;
use super::endpoint::parameter_value;

impl<'m> Lowering<'_, 'm> {
    /// Cuts `hostPrefix` into text and labels (Smithy specification, "endpoint trait").
    pub(super) fn host_prefix(
        &mut self,
        bound: &Bound<'m>,
        input: &Structure,
    ) -> Option<Vec<HostPart>> {
        let prefix = bound.traits.host_prefix();
        let mut rest = prefix.filter(|prefix| !prefix.is_empty())?;
        let mut parts = Vec::new();
        while let Some((text, label, after)) = next_label(rest) {
            if !text.is_empty() {
                parts.push(HostPart::Text(text.to_owned()));
            }
            match field(input, label) {
                Some(field) if is_text(&field.ty) => parts.push(HostPart::Label {
                    member: label.to_owned(),
                    field: field.name.clone(),
                    optional: field.presence == Presence::Optional,
                }),
                Some(_) => {
                    let fault = format!("the host prefix names `{label}`, which is not a string");
                    self.faults.push(Diagnostic::shape(bound.id, fault));
                }
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
        let texts = parts.iter().filter_map(|part| match part {
            HostPart::Text(text) => Some(text),
            HostPart::Label { .. } => None,
        });
        let is_host = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        if let Some(odd) = texts.flat_map(|text| text.chars()).find(|c| !is_host(*c)) {
            let fault = format!("the host prefix has {odd:?}, which cannot be in a host name");
            self.faults.push(Diagnostic::shape(bound.id, fault));
        }
        Some(parts)
    }

    /// What an operation says of the parameters of the endpoint's rules. A path into the input
    /// (`operationContextParams`) is not followed; the rules then do without the parameter.
    pub(super) fn endpoint_inputs(
        &mut self,
        bound: &Bound<'m>,
        input: &Structure,
        members: Option<&Members>,
    ) -> Vec<EndpointInput> {
        let mut inputs = fixed_inputs(bound.traits);
        for (name, member) in members.into_iter().flatten() {
            let (Some(parameter), Some(field)) =
                (member.traits.context_param(), field(input, name))
            else {
                continue;
            };
            if !is_parameter(&field.ty) {
                let fault = format!(
                    "`{name}` is the endpoint parameter `{parameter}`, but is not a string, a \
                     boolean or a list of strings"
                );
                self.faults.push(Diagnostic::shape(bound.id, fault));
            }
            inputs.push(EndpointInput {
                parameter: parameter.to_owned(),
                ty: parameter_type(&field.ty),
                value: EndpointValue::Field(step(field), field.ty.clone()),
            });
        }
        inputs
    }
}

/// The text before the first label of a host prefix, the label, and what follows.
fn next_label(prefix: &str) -> Option<(&str, &str, &str)> {
    let (text, after) = prefix.split_once('{')?;
    let (label, after) = after.split_once('}')?;
    Some((text, label, after))
}

/// `staticContextParams`.
fn fixed_inputs(traits: &Traits) -> Vec<EndpointInput> {
    let fixed = traits.static_context_params().into_iter().flatten();
    let fixed = fixed.filter_map(|(parameter, fixed)| {
        let types = [
            endpoint::Type::String,
            endpoint::Type::Boolean,
            endpoint::Type::Strings,
        ];
        let typed = |ty| Some((ty, parameter_value(&fixed.value, ty)?));
        let (ty, value) = types.into_iter().find_map(typed)?;
        Some(EndpointInput {
            parameter: parameter.to_owned(),
            ty,
            value: EndpointValue::Fixed(value),
        })
    });
    fixed.collect()
}

/// Whether a client can fill an idempotency token of this type. A random UUID is not a value of
/// any enum.
pub(super) fn is_filled(ty: &Type) -> bool {
    *ty.innermost() == Type::String
}

/// The string member that says where the request goes.
pub(super) fn own_endpoint(input: &Structure, members: Option<&Members>) -> Option<PathStep> {
    let (name, _) = members?
        .iter()
        .find(|(_, member)| member.traits.own_endpoint())?;
    let field = field(input, name)?;
    (field.ty == Type::String).then(|| step(field))
}

/// The field for a member.
pub(super) fn field<'s>(structure: &'s Structure, member: &str) -> Option<&'s Field> {
    let mut fields = structure.fields.iter();
    fields.find(|field| field.member == member)
}

fn step(field: &Field) -> PathStep {
    PathStep {
        field: field.name.clone(),
        optional: field.presence == Presence::Optional,
    }
}

/// Whether values of a type are text.
fn is_text(ty: &Type) -> bool {
    matches!(ty.innermost(), Type::String | Type::Enum(_))
}

/// The type of a parameter that takes values of a type.
fn parameter_type(ty: &Type) -> endpoint::Type {
    match ty.innermost() {
        Type::Boolean => endpoint::Type::Boolean,
        Type::List { .. } => endpoint::Type::Strings,
        _ => endpoint::Type::String,
    }
}

/// Whether values of a type can be a parameter of the endpoint's rules.
fn is_parameter(ty: &Type) -> bool {
    match ty.innermost() {
        Type::List { item, .. } => is_text(item),
        other => *other == Type::Boolean || is_text(other),
    }
}
