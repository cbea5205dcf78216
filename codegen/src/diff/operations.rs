//! From operation to operation.

use std::collections::{BTreeMap, BTreeSet};

use super::surface::Part;
use super::walk::Walk;
use super::{Kind, Place};
use crate::ir::{ErrorVariant, Operation, OperationError, Pagination, PathStep, Service};

impl Walk<'_> {
    pub(super) fn operations(&mut self, old: &Service, new: &Service) {
        let by_name = |service: &'_ Service| -> BTreeMap<String, Operation> {
            let named = |operation: &Operation| (operation.wire_name.clone(), operation.clone());
            service.operations.iter().map(named).collect()
        };
        let (before, after) = (by_name(old), by_name(new));
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names {
            self.place = Place::Operation(name.clone());
            match (before.get(name), after.get(name)) {
                (Some(old), Some(new)) => self.operation(old, new),
                (Some(old), None) => self.whole_operation(Kind::OperationRemoved, "removed", old),
                (None, Some(new)) => self.whole_operation(Kind::OperationAdded, "added", new),
                (None, None) => {}
            }
            self.end_place();
        }
    }

    fn whole_operation(&mut self, kind: Kind, what: &str, operation: &Operation) {
        let mut deltas = self.of_member("Client", &operation.method);
        deltas.extend(self.of_member("Client", pages(operation)));
        for name in types(operation) {
            deltas.extend(self.of_owner(name));
        }
        self.change(kind, what, &deltas);
    }

    /// The names that an operation has in Rust, which may have changed with those of others.
    fn renamed_operation(&mut self, old: &Operation, new: &Operation) {
        let (before, after) = (types(old), types(new));
        if old.method == new.method && before == after {
            return;
        }
        let mut deltas = Vec::new();
        for operation in [old, new] {
            deltas.extend(self.of_member("Client", &operation.method));
            deltas.extend(self.of_member("Client", pages(operation)));
        }
        for name in before.iter().chain(&after) {
            if !(before.contains(name) && after.contains(name)) {
                deltas.extend(self.of_owner(name));
            }
        }
        let what = format!("is `{}` in Rust, was `{}`", new.method, old.method);
        self.change(Kind::MemberRenamed, what, &deltas);
    }

    fn operation(&mut self, old: &Operation, new: &Operation) {
        self.renamed_operation(old, new);
        self.docs("", &old.docs, &new.docs);
        self.structure("input", &old.input, &new.input);
        self.structure("output", &old.output, &new.output);
        self.error_enum(&old.error, &new.error);
        self.pagination(old, new);
        self.deprecation(
            "",
            ("Client", &new.method),
            old.deprecated.as_ref(),
            new.deprecated.as_ref(),
        );
        self.behavior(
            "the idempotency token",
            &old.idempotency_tokens,
            &new.idempotency_tokens,
        );
        self.behavior("the host's prefix", &old.host_prefix, &new.host_prefix);
        self.behavior(
            "the member with the endpoint",
            &old.own_endpoint,
            &new.own_endpoint,
        );
        self.behavior(
            "compression of the request",
            &old.compression,
            &new.compression,
        );
        self.behavior("`Content-MD5`", &old.checksum, &new.checksum);
        self.behavior("how the request is signed", &old.auth, &new.auth);
        self.behavior(
            "whether the signature leaves out the body",
            &old.unsigned_payload,
            &new.unsigned_payload,
        );
        self.behavior(
            "what the endpoint's rules are told",
            &old.endpoint_inputs,
            &new.endpoint_inputs,
        );
    }

    /// The closed enum of the errors of an operation or a stream.
    pub(super) fn error_enum(&mut self, old: &OperationError, new: &OperationError) {
        let by_name = |error: &OperationError| -> BTreeMap<String, ErrorVariant> {
            let named = |variant: &ErrorVariant| (variant.wire_name.clone(), variant.clone());
            error.variants.iter().map(named).collect()
        };
        let (before, after) = (by_name(old), by_name(new));
        for (name, variant) in &before {
            match after.get(name) {
                None => {
                    let deltas = self.of_member(&old.name, &variant.variant);
                    self.change(
                        Kind::ErrorRemoved,
                        format!("error `{name}` removed"),
                        &deltas,
                    );
                }
                Some(now) => {
                    let subject = format!("error `{name}`");
                    self.renamed(&subject, &new.name, &variant.variant, &now.variant);
                    self.behavior(
                        &format!("how error `{name}` is retried"),
                        &variant.retryable,
                        &now.retryable,
                    );
                }
            }
        }
        for (name, variant) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
            let deltas = self.of_member(&new.name, &variant.variant);
            self.change(Kind::ErrorAdded, format!("error `{name}` added"), &deltas);
        }
    }

    fn pagination(&mut self, old: &Operation, new: &Operation) {
        let mut deltas = self.of_member("Client", pages(old));
        deltas.extend(self.of_member("Client", pages(new)));
        let traits = ["Paginated", "PaginatedItems"].map(|name| Part::Impl(name.to_owned()));
        deltas.extend(
            self.take(|delta| delta.owner == new.input.name && traits.contains(&delta.part)),
        );
        let way = |pagination: &Pagination| {
            let path = |steps: &[PathStep]| -> Vec<String> {
                steps.iter().map(|step| step.field.clone()).collect()
            };
            let items = pagination.items.as_ref().map(|(steps, _)| path(steps));
            (
                pagination.input_token.clone(),
                path(&pagination.output_token),
                items,
            )
        };
        let what = match (&old.pagination, &new.pagination) {
            (None, None) => return,
            (None, Some(_)) => "pages: can be walked",
            (Some(_), None) => "pages: can no longer be walked",
            (Some(old), Some(new)) if deltas.is_empty() && way(old) == way(new) => return,
            (Some(_), Some(_)) => "pages: walked in another way",
        };
        self.change(Kind::PaginationChanged, what, &deltas);
    }
}

/// The client's method that walks pages; empty when there is none.
fn pages(operation: &Operation) -> &str {
    let pagination = operation.pagination.as_ref();
    pagination.map_or("", |pagination| &pagination.method)
}

/// The types that belong to an operation alone.
fn types(operation: &Operation) -> [&str; 3] {
    [
        &operation.input.name,
        &operation.output.name,
        &operation.error.name,
    ]
}
