//! From structure to structure: members, their types, and how callers make a value.

use std::collections::BTreeSet;

use super::Kind;
use super::delta::Delta;
use super::walk::Walk;
use super::words;
use crate::ir::{Constraints, Constructor, Field, Presence, Structure, Type, Usage};

impl<'a> Walk<'a> {
    /// The fields of a structure and how a value of it is made. `side` is `input`, `output` or empty
    /// for a shape with a place of its own.
    pub(super) fn structure(&mut self, side: &str, old: &Structure, new: &Structure) {
        self.docs(side, &old.docs, &new.docs);
        let added = match side {
            "input" => Some(Kind::InputAdded),
            "output" => Some(Kind::OutputAdded),
            _ => None,
        };
        let (before, after) = (members(old), members(new));
        match added {
            Some(kind) if before.is_empty() && !after.is_empty() => {
                let names: Vec<&str> = after.iter().map(|x| x.wire_name.as_str()).collect();
                let deltas = self.of_owner(&new.name);
                let what = format!("{side} added, with {}", words::list(&names));
                self.change(kind, what, &deltas);
            }
            _ => {
                let role = format!("{side} member");
                self.fields(role.trim_start(), &new.name, &before, &after);
            }
        }
        self.deprecation(
            side,
            (&new.name, ""),
            old.deprecated.as_ref(),
            new.deprecated.as_ref(),
        );
        self.making(side, old, new);
    }

    fn fields(&mut self, role: &str, owner: &str, old: &[Field], new: &[Field]) {
        let key = |field: &Field| (field.wire_name.clone(), field.name.clone());
        let (kept, gone, came) = words::paired(old, new, key);
        for (before, after) in kept {
            let subject = format!("{role} `{}`", after.wire_name);
            self.field(&subject, owner, before, after);
        }
        for field in gone {
            let deltas = self.of_member(owner, &field.name);
            let what = format!("{role} `{}` removed", field.wire_name);
            self.change(Kind::MemberRemoved, what, &deltas);
        }
        for field in came {
            let presence = words::presence(field);
            let what = format!("{role} `{}` added ({presence})", field.wire_name);
            let deltas = self.of_member(owner, &field.name);
            self.change(Kind::MemberAdded, what, &deltas);
        }
    }

    fn field(&mut self, subject: &str, owner: &str, old: &Field, new: &Field) {
        let deltas = self.renamed(subject, owner, &old.name, &new.name);
        let presence = presence(old, new);
        if let Some((kind, what)) = &presence {
            self.change(*kind, format!("{subject} {what}"), &deltas);
        }
        self.value(subject, &old.ty, &new.ty, &deltas);
        self.deprecation(
            subject,
            (owner, &new.name),
            old.deprecated.as_ref(),
            new.deprecated.as_ref(),
        );
        self.behavior(
            &format!("the other names of {subject}"),
            &old.aliases,
            &new.aliases,
        );
        // The default is part of the presence.
        let constraints = |field: &Field| Constraints {
            default: field
                .constraints
                .default
                .clone()
                .filter(|_| presence.is_none()),
            ..field.constraints.clone()
        };
        let (was, is) = (constraints(old), constraints(new));
        self.constraints(subject, (&old.ty, &was), (&new.ty, &is));
        self.docs(subject, &old.docs, &new.docs);
    }

    /// The differences of a member, whose name in Rust may have changed with its neighbours'.
    pub(super) fn renamed(
        &mut self,
        subject: &str,
        owner: &str,
        old: &str,
        new: &str,
    ) -> Vec<&'a Delta> {
        let mut deltas = self.of_member(owner, new);
        if old != new {
            deltas.extend(self.of_member(owner, old));
            let what = format!("{subject} is `{new}` in Rust, was `{old}`");
            self.change(Kind::MemberRenamed, what, &deltas);
        }
        deltas
    }

    /// The type of a member.
    pub(super) fn value(&mut self, subject: &str, old: &Type, new: &Type, deltas: &[&Delta]) {
        if old == new {
            return;
        }
        let (was, is) = (words::ty(old), words::ty(new));
        let secrets = |ty: &str| ty.matches("sensitive ").count();
        // What stands in the model, without the wrappers that follow from elsewhere.
        let bare = |ty: &str| ty.replace("sensitive ", "").replace("boxed ", "");
        let (kind, what) = if bare(&was) != bare(&is) {
            (Kind::TypeChanged, format!("is {is}, was {was}"))
        } else if secrets(&is) > secrets(&was) {
            (Kind::SensitivityChanged, "is sensitive now".to_owned())
        } else if secrets(&is) < secrets(&was) {
            let what = "is no longer sensitive".to_owned();
            (Kind::SensitivityChanged, what)
        } else {
            let what = format!("is {is}, was {was}: which types hold each other changed");
            (Kind::TypeChanged, what)
        };
        self.change(kind, format!("{subject} {what}"), deltas);
    }

    /// How callers come by a value, which depends on more than the structure's own members.
    fn making(&mut self, side: &str, old: &Structure, new: &Structure) {
        let made = |structure: &Structure| structure.constructor == Constructor::New;
        let mut reasons = usage(old.usage, new.usage);
        match (made(old), made(new)) {
            (true, false) => reasons.push("can be made with nothing set"),
            (false, true) => reasons.push("can only be made with its required members"),
            _ => {}
        }
        match (old.wipe, new.wipe) {
            (true, false) => reasons.push("is no longer part of anything sensitive"),
            (false, true) => reasons.push("is part of something sensitive"),
            _ => {}
        }
        match (old.event_stream.is_some(), new.event_stream.is_some()) {
            (true, false) => reasons.push("no longer holds a stream of events"),
            (false, true) => reasons.push("holds a stream of events"),
            _ => {}
        }
        let required = |these: &Structure, those: &Structure| -> Vec<String> {
            let is_required = |field: &&Field| field.presence == Presence::Required;
            let those: BTreeSet<&str> = those
                .fields
                .iter()
                .filter(is_required)
                .map(|x| x.name.as_str())
                .collect();
            let kept = these
                .fields
                .iter()
                .filter(is_required)
                .map(|x| x.name.clone());
            kept.filter(|name| those.contains(name.as_str())).collect()
        };
        if required(old, new) != required(new, old) {
            reasons.push("has its required members in another order");
        }
        self.rest(side, &new.name, &reasons);
    }

    /// The differences of an item that no member explains, for reasons that lie elsewhere.
    pub(super) fn rest(&mut self, subject: &str, name: &str, reasons: &[&str]) {
        if reasons.is_empty() {
            return;
        }
        let deltas = self.rest_of(name);
        if !deltas.is_empty() {
            let what = format!("{subject} {}", reasons.join(", "));
            self.change(Kind::ConstructionChanged, what.trim_start(), &deltas);
        }
    }
}

/// The fields of a structure, with the stream of events that a response may hold.
fn members(structure: &Structure) -> Vec<Field> {
    let stream = structure.event_stream.iter().map(|stream| Field {
        name: stream.name.clone(),
        wire_name: stream.name.clone(),
        aliases: Vec::new(),
        docs: stream.docs.clone(),
        deprecated: stream.deprecated.clone(),
        ty: Type::Union(stream.stream.clone()),
        constraints: Constraints::default(),
        presence: Presence::Required,
        idempotency_token: false,
    });
    structure.fields.iter().cloned().chain(stream).collect()
}

/// How the presence of a member changed.
fn presence(old: &Field, new: &Field) -> Option<(Kind, String)> {
    let kind = match (&old.presence, &new.presence) {
        (old, new) if old == new => return None,
        (Presence::Required, _) => Kind::NoLongerRequired,
        (_, Presence::Required) => Kind::NowRequired,
        (_, _) => Kind::DefaultChanged,
    };
    let what = match (kind, &new.presence) {
        (Kind::NowRequired, _) => "now required".to_owned(),
        (Kind::NoLongerRequired, Presence::Default(_)) => {
            format!("no longer required: {}", words::presence(new))
        }
        (Kind::NoLongerRequired, _) => "no longer required".to_owned(),
        _ => format!("is {}, was {}", words::presence(new), words::presence(old)),
    };
    Some((kind, what))
}

/// Where a shape began or ceased to travel.
pub(super) fn usage(old: Usage, new: Usage) -> Vec<&'static str> {
    let mut reasons = Vec::new();
    match (old.request, new.request) {
        (false, true) => reasons.push("is part of a request"),
        (true, false) => reasons.push("is no longer part of a request"),
        _ => {}
    }
    match (old.response, new.response) {
        (false, true) => reasons.push("is part of a response"),
        (true, false) => reasons.push("is no longer part of a response"),
        _ => {}
    }
    reasons
}
