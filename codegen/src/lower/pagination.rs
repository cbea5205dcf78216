//! Paginated operations: where the token and the items are. The types of the crate are there by then,
//! so that paths lead through them.

use crate::ir::{Operation, Pagination, PathStep, Presence, Structure, Type, TypeDef, TypeIndex};
use tinsmith_smithy::diagnostic::Diagnostic;
use tinsmith_smithy::traits::Paginated;

use super::Lowering;
use super::closure::Bound;
use super::inputs::field;
use super::service::BoundService;

/// A path through structures to a value.
struct Path {
    steps: Vec<PathStep>,
    ty: Type,
    /// Whether a structure on the way is sensitive.
    is_secret: bool,
}

impl<'m> Lowering<'_, 'm> {
    /// Joins the operation's `@paginated` with the service's and resolves its paths.
    pub(super) fn pagination(
        &mut self,
        bound: &Bound<'m>,
        service: &BoundService<'m>,
        operation: &Operation,
        index: &TypeIndex<'_>,
    ) -> Option<Pagination> {
        let own = bound.traits.paginated()?;
        let none = Paginated::default();
        let common = service.traits.paginated().unwrap_or(&none);
        let of = |member: fn(&Paginated) -> Option<&str>| member(own).or_else(|| member(common));
        let input_token = of(|paginated| paginated.input_token.as_deref());
        let output_token = of(|paginated| paginated.output_token.as_deref());
        let items = of(|paginated| paginated.items.as_deref());
        let fault = |what: &str| Diagnostic::shape(bound.id, format!("@paginated: {what}"));
        let Some(in_field) = input_token.and_then(|name| field(&operation.input, name)) else {
            self.faults
                .push(fault("inputToken names no member of the input"));
            return None;
        };
        let resolve = |path: Option<&str>| resolve(&operation.output, path?, index);
        let Some(out_token) = resolve(output_token) else {
            self.faults
                .push(fault("outputToken leads to no member of the output"));
            return None;
        };
        if plain(&in_field.ty) != plain(&out_token.ty) {
            self.notices.push(format!(
                "{} has no paginator: its tokens are of different types, `{}` in the request and \
                 `{}` in the response",
                bound.id.name(),
                in_field.member,
                out_token
                    .steps
                    .last()
                    .map_or("", |step| step.field.as_str())
            ));
            return None;
        }
        let resolved = resolve(items);
        if items.is_some() && resolved.is_none() {
            self.faults
                .push(fault("items leads to no member of the output"));
        }
        // A sparse list or map has no items that could be walked.
        let is_walked = |path: &Path| match path.ty {
            Type::List { sparse, .. } | Type::Map { sparse, .. } => !sparse,
            _ => false,
        };
        let resolved = resolved.filter(is_walked);
        Some(Pagination {
            method: self.known.operation_names.get(bound.id)?.pages.clone()?,
            input_token: in_field.name.clone(),
            input_token_optional: in_field.presence == Presence::Optional,
            output_token: out_token.steps,
            token: in_field.ty.clone(),
            output_type: out_token.ty,
            copies_items: resolved.as_ref().is_some_and(|path| path.is_secret),
            items: resolved.map(|path| (path.steps, path.ty)),
        })
    }
}

/// Follows a dotted path through the output.
fn resolve(output: &Structure, path: &str, index: &TypeIndex<'_>) -> Option<Path> {
    let mut steps = Vec::new();
    let mut structure = Some(output);
    let (mut ty, mut is_secret) = (None, false);
    for name in path.split('.') {
        let field = field(structure?, name)?;
        steps.push(PathStep {
            field: field.name.clone(),
            optional: field.presence == Presence::Optional,
        });
        is_secret |= matches!(ty.replace(field.ty.clone()), Some(Type::Sensitive(_)));
        structure = match field.ty.innermost() {
            Type::Structure(name) => match index.get(name.as_str()) {
                Some(TypeDef::Structure(inner)) => Some(inner),
                _ => None,
            },
            _ => None,
        };
    }
    Some(Path {
        steps,
        ty: ty?,
        is_secret,
    })
}

/// The type without regard to whether its values are secret.
fn plain(ty: &Type) -> &Type {
    match ty {
        Type::Sensitive(inner) => plain(inner),
        other => other,
    }
}
