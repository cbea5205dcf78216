//! From operation to operation.

use super::effect::{Action, Effect, Side, function, implemented, rust, variant};
use super::structure::Slot;
use super::walk::Walk;
use super::words::{Pair, by_name};
use super::{Kind, Place};
use crate::ir::{
    EndpointInput, EndpointValue, ErrorVariant, HostPart, Operation, OperationError, Pagination,
    PathStep, Service, Type,
};

impl Walk {
    pub(super) fn operations(&mut self, old: &Service, new: &Service) {
        for (name, pair) in by_name(&old.operations, &new.operations, |x| &x.wire_name) {
            self.place = Place::Operation(name.to_owned());
            if let Pair::Kept(_, is) | Pair::Came(is) = &pair {
                let was = old.operations.iter();
                let was = was.map(|x| (x.method.as_str(), x.wire_name.as_str()));
                let is = std::iter::once((is.method.as_str(), name));
                self.meanings("Client", "operation", was, is);
            }
            match pair {
                Pair::Kept(old, new) => self.operation(old, new),
                Pair::Gone(old) => {
                    let effects = rust_names(Some(old), None);
                    self.change(Kind::OperationRemoved, "removed", effects);
                }
                Pair::Came(new) => {
                    let effects = rust_names(None, Some(new));
                    self.change(Kind::OperationAdded, "added", effects);
                }
            }
            self.end_place();
        }
    }

    fn operation(&mut self, old: &Operation, new: &Operation) {
        let names = rust_names(Some(old), Some(new));
        if !names.is_empty() {
            let what = format!("is `{}` in Rust, was `{}`", new.method, old.method);
            self.change(Kind::MemberRenamed, what, names);
        }
        self.docs("", &old.docs, &new.docs);
        self.structure(Slot::Input, &old.input, &new.input);
        self.structure(Slot::Output, &old.output, &new.output);
        self.error_enum(&old.error, &new.error);
        self.pagination(old, new);
        self.deprecation(
            "",
            "Client",
            old.deprecated.as_ref(),
            new.deprecated.as_ref(),
        );
        self.behavior("the HTTP request", &old.http, &new.http);
        self.behavior("the idempotency token", tokens(old), tokens(new));
        self.behavior("the host's prefix", host_prefix(old), host_prefix(new));
        self.behavior(
            "the member with the endpoint",
            old.own_endpoint.as_ref().map(|step| &step.field),
            new.own_endpoint.as_ref().map(|step| &step.field),
        );
        self.behavior(
            "compression of the request",
            old.compression,
            new.compression,
        );
        self.behavior("`Content-MD5`", old.checksum, new.checksum);
        self.behavior("the authentication of the request", old.auth, new.auth);
        self.behavior(
            "whether the signature leaves out the body",
            old.unsigned_payload,
            new.unsigned_payload,
        );
        self.behavior(
            "the endpoint parameters",
            endpoint_inputs(old),
            endpoint_inputs(new),
        );
    }

    /// The closed enum of the errors of an operation or a stream.
    pub(super) fn error_enum(&mut self, old: &OperationError, new: &OperationError) {
        let owner = &new.name;
        let effects = |old: Option<&ErrorVariant>, new: Option<&ErrorVariant>| {
            let old = old.map(|x| (x.variant.as_str(), format!("error::{}", x.type_name)));
            let new = new.map(|x| (x.variant.as_str(), format!("error::{}", x.type_name)));
            variant(owner, Side::ClosedVariant, old, new)
        };
        fn wire(error: &OperationError) -> impl Iterator<Item = (&str, &str)> {
            let variants = error.variants.iter();
            variants.map(|x| (x.variant.as_str(), x.wire_name.as_str()))
        }
        self.meanings(owner, "error", wire(old), wire(new));
        for (name, pair) in by_name(&old.variants, &new.variants, |x| &x.wire_name) {
            match pair {
                Pair::Kept(old, new) => self.error_variant(old, new, effects(Some(old), Some(new))),
                Pair::Gone(old) => {
                    let what = format!("error `{name}` removed");
                    self.change(Kind::ErrorRemoved, what, effects(Some(old), None));
                }
                Pair::Came(new) => {
                    let what = format!("error `{name}` added");
                    self.change(Kind::ErrorAdded, what, effects(None, Some(new)));
                }
            }
        }
    }

    fn error_variant(&mut self, old: &ErrorVariant, new: &ErrorVariant, effects: Vec<Effect>) {
        let subject = format!("error `{}`", new.wire_name);
        if old.variant != new.variant {
            self.renamed(&subject, &old.variant, &new.variant, effects);
        } else if old.type_name != new.type_name {
            let what = format!("{subject} is `{}`, was `{}`", new.type_name, old.type_name);
            self.change(Kind::TypeChanged, what, effects);
        }
        let what = format!("how {subject} is retried");
        self.behavior(&what, old.retryable, new.retryable);
    }

    fn pagination(&mut self, old: &Operation, new: &Operation) {
        let traits = |operation: &Operation| {
            let pagination = operation.pagination.as_ref();
            let token = pagination.map(|x| format!("Token = {}", rust(&x.token)));
            let items = pagination.and_then(|x| x.items.as_ref());
            (token, items.map(|(_, ty)| format!("Item = {}", item(ty))))
        };
        let ((old_token, old_items), (new_token, new_items)) = (traits(old), traits(new));
        let owner = &new.input.name;
        let mut effects = pages(Some(old), Some(new));
        let (was, is) = (old_token.as_deref(), new_token.as_deref());
        effects.extend(implemented(owner, "Paginated", was, is));
        let (was, is) = (old_items.as_deref(), new_items.as_deref());
        effects.extend(implemented(owner, "PaginatedItems", was, is));
        let what = match (&old.pagination, &new.pagination) {
            (None, None) => return,
            (None, Some(_)) => "pages: can be walked",
            (Some(_), None) => "pages: can no longer be walked",
            (Some(old), Some(new)) if effects.is_empty() && way(old) == way(new) => return,
            (Some(_), Some(_)) => "pages: walked in another way",
        };
        self.change(Kind::PaginationChanged, what, effects);
    }
}

/// The fields on the way to the tokens and the items.
fn way(pagination: &Pagination) -> [Vec<&str>; 3] {
    fn path(steps: &[PathStep]) -> Vec<&str> {
        steps.iter().map(|step| step.field.as_str()).collect()
    }
    let items = pagination.items.as_ref().map(|(steps, _)| steps.as_slice());
    [
        vec![pagination.input_token.as_str()],
        path(&pagination.output_token),
        path(items.unwrap_or_default()),
    ]
}

/// An item of a page, of a list or a map.
fn item(ty: &Type) -> String {
    match ty {
        Type::List { item, .. } => rust(item),
        Type::Map { key, value, .. } => format!("({}, {})", rust(key), rust(value)),
        other => rust(other),
    }
}

/// The client's method that walks pages.
fn pages(old: Option<&Operation>, new: Option<&Operation>) -> Vec<Effect> {
    method(old, new, |operation| {
        Some(&operation.pagination.as_ref()?.method)
    })
}

/// A method of the client, which can have another name in the new crate.
fn method<'a>(
    old: Option<&'a Operation>,
    new: Option<&'a Operation>,
    name: impl Fn(&'a Operation) -> Option<&'a String>,
) -> Vec<Effect> {
    let name = |operation| name(operation).map(String::as_str);
    function("Client", "method", old.and_then(name), new.and_then(name))
}

/// The names that belong to an operation alone, where they differ: another operation of the model
/// can have taken one.
fn rust_names(old: Option<&Operation>, new: Option<&Operation>) -> Vec<Effect> {
    let mut effects = method(old, new, |operation| Some(&operation.method));
    if old.is_none() || new.is_none() {
        effects.extend(pages(old, new));
    }
    let types = |operation: Option<&Operation>| -> Vec<String> {
        let names = operation.map(|x| [&x.input.name, &x.output.name, &x.error.name]);
        names.into_iter().flatten().cloned().collect()
    };
    let (before, after) = (types(old), types(new));
    let gone = before.iter().filter(|name| !after.contains(name));
    effects.extend(gone.map(|name| Effect::of_type(name, Action::Removed)));
    let came = after.iter().filter(|name| !before.contains(name));
    effects.extend(came.map(|name| Effect::of_type(name, Action::Added)));
    effects
}

/// The members that the client fills.
fn tokens(operation: &Operation) -> Vec<&str> {
    let fields = operation.input.fields.iter();
    let tokens = fields.filter(|field| field.idempotency_token);
    tokens.map(|field| field.name.as_str()).collect()
}

/// The prefix without whether its fields are optional, which is a matter of the fields.
fn host_prefix(operation: &Operation) -> Option<Vec<HostPart>> {
    let mut parts = operation.host_prefix.clone()?;
    for part in &mut parts {
        if let HostPart::Label { optional, .. } = part {
            *optional = false;
        }
    }
    Some(parts)
}

/// The same for the parameters of the endpoint rules.
fn endpoint_inputs(operation: &Operation) -> Vec<EndpointInput> {
    let mut inputs = operation.endpoint_inputs.clone();
    for input in &mut inputs {
        if let EndpointValue::Field(step, _) = &mut input.value {
            step.optional = false;
        }
    }
    inputs
}
