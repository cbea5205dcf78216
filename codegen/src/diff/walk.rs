//! From service to service: what changed, in the model's words.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use super::delta::{Delta, consequence};
use super::surface::Part;
use super::words;
use super::{Change, Kind, Level, Place};
use crate::ir::{
    Deprecated, ErrorVariant, Operation, OperationError, Pagination, PathStep, Service,
};

/// Changes so far, and the differences of the API that they have to explain.
pub(super) struct Walk<'a> {
    deltas: &'a [Delta],
    /// Which of them a change has explained.
    told: Vec<bool>,
    pub(super) place: Place,
    changes: Vec<Change>,
    /// Of this place: whose documentation changed.
    documented: Vec<String>,
}

/// Everything that changed, in no order that matters.
pub(super) fn changes(old: &Service, new: &Service, deltas: &[Delta]) -> Vec<Change> {
    let mut walk = Walk {
        deltas,
        told: vec![false; deltas.len()],
        place: Place::Service,
        changes: Vec::new(),
        documented: Vec::new(),
    };
    walk.service(old, new);
    walk.operations(old, new);
    walk.types(old, new);
    walk.errors(old, new);
    walk.untold();
    walk.changes
}

impl<'a> Walk<'a> {
    /// The differences of one member of an item; they are explained with this. The deprecation of
    /// the member is a matter of its own.
    pub(super) fn of_member(&mut self, owner: &str, member: &str) -> Vec<&'a Delta> {
        self.take(|delta| {
            let own = delta.owner == owner && delta.part.member() == member;
            own && !member.is_empty() && !matches!(delta.part, Part::Deprecated(_))
        })
    }

    /// All differences of an item.
    pub(super) fn of_owner(&mut self, owner: &str) -> Vec<&'a Delta> {
        self.take(|delta| delta.owner == owner)
    }

    /// The differences of an item that nothing has explained yet.
    pub(super) fn rest_of(&mut self, owner: &str) -> Vec<&'a Delta> {
        self.filter(|delta, told| !told && delta.owner == owner)
    }

    pub(super) fn take(&mut self, is_wanted: impl Fn(&Delta) -> bool) -> Vec<&'a Delta> {
        self.filter(|delta, _| is_wanted(delta))
    }

    fn filter(&mut self, is_wanted: impl Fn(&Delta, bool) -> bool) -> Vec<&'a Delta> {
        let mut taken = Vec::new();
        for (delta, told) in self.deltas.iter().zip(&mut self.told) {
            if is_wanted(delta, *told) {
                *told = true;
                taken.push(delta);
            }
        }
        taken
    }

    /// Notes a change, which weighs as much as the gravest of `deltas`.
    pub(super) fn change(&mut self, kind: Kind, what: impl Into<String>, deltas: &[&Delta]) {
        // Callers who leave the member out send or get another value.
        let least = match kind {
            Kind::DefaultChanged => Level::Minor,
            _ => Level::Patch,
        };
        let level = deltas
            .iter()
            .map(|delta| delta.level)
            .fold(least, Level::max);
        let mut owners: Vec<&str> = deltas.iter().map(|delta| delta.owner.as_str()).collect();
        owners.dedup();
        let phrases: Vec<String> = owners
            .iter()
            .map(|owner| {
                let own: Vec<&Delta> = deltas
                    .iter()
                    .copied()
                    .filter(|delta| delta.owner == *owner)
                    .collect();
                consequence(&own)
            })
            .collect();
        let consequence = if phrases.is_empty() {
            kind.unnoticed(level).to_owned()
        } else {
            phrases.join("; ")
        };
        let one_line = |text: String| text.replace(char::is_control, " ");
        self.changes.push(Change {
            place: self.place.clone(),
            level,
            kind,
            what: one_line(what.into()),
            consequence: one_line(consequence),
        });
    }

    /// A change of what goes over the wire, or of how the client behaves.
    pub(super) fn behavior<T: Debug>(&mut self, what: &str, old: &T, new: &T) {
        // By `Debug`, which is derived for all of the IR, as equality is not. Whether a field is
        // optional is told with the field.
        let facts = |value: &T| format!("{value:?}").replace("optional: true", "optional: false");
        if facts(old) != facts(new) {
            self.change(Kind::BehaviorChanged, format!("{what} changed"), &[]);
        }
    }

    /// Documentation and constraints of `subject`, which is empty for the place itself.
    pub(super) fn docs(&mut self, subject: &str, old: &[String], new: &[String]) {
        let (old_text, old_line) = split_constraint(old);
        let (new_text, new_line) = split_constraint(new);
        if old_line != new_line {
            let what = format!("{subject}: constraints are {new_line}; were {old_line}");
            self.change(Kind::ConstraintChanged, what, &[]);
        }
        if old_text != new_text {
            let subject = if subject.is_empty() {
                "itself"
            } else {
                subject
            };
            self.documented.push(subject.to_owned());
        }
    }

    /// `@deprecated` of `subject`, which the member `member` of `owner` carries.
    pub(super) fn deprecation(
        &mut self,
        subject: &str,
        (owner, member): (&str, &str),
        old: Option<&Deprecated>,
        new: Option<&Deprecated>,
    ) {
        if old == new {
            return;
        }
        let subject = if subject.is_empty() {
            String::new()
        } else {
            format!("{subject} ")
        };
        let what = match (old, new) {
            (Some(_), None) => format!("{subject}no longer deprecated"),
            (Some(_), Some(_)) => format!("{subject}deprecated with another message"),
            (None, _) => match new.and_then(|new| new.message.as_deref()) {
                Some(message) => format!("{subject}deprecated: {}", words::code(message)),
                None => format!("{subject}deprecated"),
            },
        };
        let part = Part::Deprecated(member.to_owned());
        let deltas = self.take(|delta| delta.owner == owner && delta.part == part);
        self.change(Kind::DeprecationChanged, what, &deltas);
    }

    /// Ends a place: one line for all its documentation.
    pub(super) fn end_place(&mut self) {
        let subjects = std::mem::take(&mut self.documented);
        if !subjects.is_empty() {
            let what = format!("documentation of {}", subjects.join(", "));
            self.change(Kind::DocumentationChanged, what, &[]);
        }
    }

    /// What no change has explained.
    fn untold(&mut self) {
        let owners: BTreeSet<&str> = self
            .deltas
            .iter()
            .map(|delta| delta.owner.as_str())
            .collect();
        for owner in owners {
            let rest = self.rest_of(owner);
            if !rest.is_empty() {
                self.place = Place::Shape(owner.to_owned());
                self.change(Kind::Other, "other change", &rest);
            }
        }
    }

    fn service(&mut self, old: &Service, new: &Service) {
        self.behavior("the API's version", &old.version, &new.version);
        self.behavior("the protocol", &old.protocol, &new.protocol);
        self.behavior(
            "the prefix of `X-Amz-Target`",
            &old.shape_name,
            &new.shape_name,
        );
        self.behavior("the service's id", &old.sdk_id, &new.sdk_id);
        self.behavior(
            "query compatibility",
            &old.query_compatible,
            &new.query_compatible,
        );
        self.behavior("the name for signing", &old.signing_name, &new.signing_name);
        self.behavior("the endpoint rules", &old.endpoint, &new.endpoint);
        self.docs("", &old.docs, &new.docs);
        self.docs(
            "the title",
            std::slice::from_ref(&old.title),
            std::slice::from_ref(&new.title),
        );
        self.end_place();
    }

    fn operations(&mut self, old: &Service, new: &Service) {
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
        for name in [
            &operation.input.name,
            &operation.output.name,
            &operation.error.name,
        ] {
            deltas.extend(self.of_owner(name));
        }
        self.change(kind, what, &deltas);
    }

    fn operation(&mut self, old: &Operation, new: &Operation) {
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
            &old.idempotency_token,
            &new.idempotency_token,
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

/// Documentation without the constraints that end it, and those.
fn split_constraint(docs: &[String]) -> (Vec<&str>, &str) {
    let mut text: Vec<&str> = docs.iter().map(String::as_str).collect();
    let Some((before, line)) = docs.last().and_then(|x| x.rsplit_once("Constraints: ")) else {
        return (text, "none");
    };
    text.pop();
    text.push(before.trim_end());
    // They may stand on a line, or in a paragraph, of their own.
    while text.last().is_some_and(|line| line.is_empty()) {
        text.pop();
    }
    (text, line.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_are_told_from_the_text_before() {
        let split = |docs: &[&str]| {
            let docs: Vec<String> = docs.iter().map(|&line| line.to_owned()).collect();
            let (text, line) = split_constraint(&docs);
            format!("{} | {line}", text.join("/"))
        };
        assert_eq!(split(&["A.", "B."]), "A./B. | none");
        assert_eq!(split(&["A.", "Constraints: 1 to 2."]), "A. | 1 to 2");
        assert_eq!(split(&["A. Constraints: 1 to 2."]), "A. | 1 to 2");
        assert_eq!(
            split(&["- A.", "", "Constraints: 1 to 2."]),
            "- A. | 1 to 2"
        );
        assert_eq!(split(&[]), " | none");
    }
}
