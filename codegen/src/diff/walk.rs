//! From service to service: what changed, in the model's words.

use std::collections::BTreeSet;

use super::delta::{Delta, consequence};
use super::surface::Part;
use super::words;
use super::{Change, Kind, Level, Place};
use crate::emit::constraints;
use crate::ir::{Constraints, Deprecated, Service, Type};

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
    walk.meanings(old, new);
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
        let least = match kind {
            // Callers who leave the member out send or get another value.
            Kind::DefaultChanged => Level::Minor,
            // No compiler tells them.
            Kind::MeaningChanged => Level::Major,
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
    pub(super) fn behavior<T: PartialEq>(&mut self, what: &str, old: T, new: T) {
        if old != new {
            self.change(Kind::BehaviorChanged, format!("{what} changed"), &[]);
        }
    }

    /// The constraints of `subject`, each with the type that it is of.
    pub(super) fn constraints(
        &mut self,
        subject: &str,
        old: (&Type, &Constraints),
        new: (&Type, &Constraints),
    ) {
        let in_words = |(ty, constraints)| match constraints::in_words(ty, constraints) {
            words if words.is_empty() => "none".to_owned(),
            words => words,
        };
        let (old, new) = (in_words(old), in_words(new));
        if old != new {
            let what = format!("{subject}: constraints are {new}; were {old}");
            self.change(Kind::ConstraintChanged, what, &[]);
        }
    }

    /// The documentation of `subject`, which is empty for the place itself.
    pub(super) fn docs<T: PartialEq + ?Sized>(&mut self, subject: &str, old: &T, new: &T) {
        if old != new {
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
        self.docs("the title", &old.title, &new.title);
        self.end_place();
    }
}
