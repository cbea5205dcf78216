//! From service to service: what changed, in the model's words.

use std::collections::BTreeMap;

use super::effect::{self, Action, Effect};
use super::{Change, Kind, Level, Place};
use crate::emit::constraints;
use crate::ir::{Constraints, Deprecated, Service, Type};
use crate::text::code;

/// Changes so far.
pub(super) struct Walk {
    pub(super) place: Place,
    changes: Vec<Change>,
    /// Of this place: whose documentation changed.
    documented: Vec<String>,
}

/// Everything that changed, in no order that matters.
pub(super) fn changes(old: &Service, new: &Service) -> Vec<Change> {
    let mut walk = Walk {
        place: Place::Service,
        changes: Vec::new(),
        documented: Vec::new(),
    };
    walk.service(old, new);
    walk.operations(old, new);
    walk.types(old, new);
    walk.errors(old, new);
    walk.changes
}

impl Walk {
    /// Notes a change, which weighs as much as the gravest of its effects.
    pub(super) fn change(&mut self, kind: Kind, what: impl Into<String>, effects: Vec<Effect>) {
        let consequence = match effects.as_slice() {
            [] => kind.unnoticed().to_owned(),
            effects => effect::in_words(effects),
        };
        let levels = effects.iter().map(Effect::level);
        let one_line = |text: String| text.replace(char::is_control, " ");
        self.changes.push(Change {
            place: self.place.clone(),
            level: levels.max().unwrap_or(Level::Patch),
            kind,
            what: one_line(what.into()),
            effects: effects
                .iter()
                .map(|effect| (effect.action, effect.side))
                .collect(),
            consequence: one_line(consequence),
        });
    }

    /// A change of what goes over the wire, or of how the client behaves.
    pub(super) fn behavior<T: PartialEq>(&mut self, what: &str, old: T, new: T) {
        if old != new {
            let what = format!("{what} changed");
            self.change(Kind::BehaviorChanged, what, Vec::new());
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
            self.change(Kind::ConstraintChanged, what, Vec::new());
        }
    }

    /// The documentation of `subject`, which is empty for the place itself.
    pub(super) fn docs<T: PartialEq + ?Sized>(&mut self, subject: &str, old: &T, new: &T) {
        if old != new {
            let subject = match subject {
                "" => "itself",
                subject => subject,
            };
            self.documented.push(subject.to_owned());
        }
    }

    /// `@deprecated` of `subject`, which is part of the type `owner`.
    pub(super) fn deprecation(
        &mut self,
        subject: &str,
        owner: &str,
        old: Option<&Deprecated>,
        new: Option<&Deprecated>,
    ) {
        if old == new {
            return;
        }
        let (event, what) = match (old, new) {
            (Some(_), None) => (Action::Removed, "no longer deprecated".to_owned()),
            (Some(_), Some(_)) => (
                Action::Changed,
                "deprecated with another message".to_owned(),
            ),
            (None, _) => {
                let message = new.and_then(|new| new.message.as_deref());
                let message = message.map(|text| format!(": {}", code(text)));
                let what = format!("deprecated{}", message.unwrap_or_default());
                (Action::Added, what)
            }
        };
        let what = format!("{subject} {what}");
        let effect = Effect::warning(owner, event);
        self.change(Kind::DeprecationChanged, what.trim_start(), vec![effect]);
    }

    /// The names of `owner` that represent something else: each with its name or value on the wire.
    ///
    /// Two names of a model can be one in Rust, and which of them keeps it depends on the others. So
    /// a model that grows can give the name that a caller writes to another member: the same code
    /// compiles, and does something else.
    pub(super) fn meanings<'a>(
        &mut self,
        owner: &str,
        noun: &str,
        old: impl Iterator<Item = (&'a str, &'a str)>,
        new: impl Iterator<Item = (&'a str, &'a str)>,
    ) {
        let before: BTreeMap<&str, &str> = old.collect();
        for (name, is) in new {
            if let Some(was) = before.get(name).filter(|was| **was != is) {
                let (is, was) = (code(is), code(was));
                let what = format!("`{owner}::{name}` is the {noun} {is}, was {was}");
                self.change(Kind::MeaningChanged, what, vec![Effect::of_meaning()]);
            }
        }
    }

    /// Ends a place: one line for all its documentation.
    pub(super) fn end_place(&mut self) {
        let subjects = std::mem::take(&mut self.documented);
        if !subjects.is_empty() {
            let what = format!("documentation of {}", subjects.join(", "));
            self.change(Kind::DocumentationChanged, what, Vec::new());
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
