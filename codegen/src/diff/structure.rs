//! From structure to structure: members, their types, and how callers make a value.

use super::Kind;
use super::effect::{self, Effect, MemberUse, function, implements, rust, spelled};
use super::walk::Walk;
use super::words;
use crate::emit::types;
use crate::ir::{
    Binding, Constraints, Constructor, EventStreamField, Field, Presence, Structure, Type, Usage,
};

/// What a structure is to callers.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    /// The request of an operation.
    Input,
    /// The response of an operation.
    Output,
    /// A shared structure.
    Shape,
    /// An error, which callers do not make.
    Error,
}

impl Slot {
    /// What it is within its place; empty if it is the place.
    fn subject(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Output => "output",
            Self::Shape | Self::Error => "",
        }
    }

    fn has_new(self, structure: &Structure) -> bool {
        !matches!(self, Self::Error) && structure.has_new()
    }
}

/// A member, and what callers use of it.
type Member = (Field, MemberUse);

impl Walk {
    /// The fields of a structure and how a value of it is made.
    pub(super) fn structure(&mut self, slot: Slot, old: &Structure, new: &Structure) {
        let subject = slot.subject();
        self.docs(subject, &old.docs, &new.docs);
        let takes = slot.has_new(old) && slot.has_new(new);
        let (before, after) = (members(old, takes), members(new, takes));
        let is_added = before.is_empty() && !after.is_empty();
        let rest = match slot {
            Slot::Input if is_added => self.whole(Kind::InputAdded, subject, new, &after),
            Slot::Output if is_added => self.whole(Kind::OutputAdded, subject, new, &after),
            _ => self.members(subject, &new.name, &before, &after),
        };
        self.deprecation(
            subject,
            &new.name,
            old.deprecated.as_ref(),
            new.deprecated.as_ref(),
        );
        self.making(slot, old, new, rest);
    }

    /// An input or output that had no members.
    fn whole(
        &mut self,
        kind: Kind,
        subject: &str,
        structure: &Structure,
        members: &[Member],
    ) -> Vec<Effect> {
        let names = members.iter().map(|(field, _)| field.member.as_str());
        let names = words::list(&names.collect::<Vec<&str>>());
        let effects = members.iter().flat_map(|(field, used)| {
            effect::member(&structure.name, &field.name, None, Some(used))
        });
        let what = format!("{subject} added, with {names}");
        self.change(kind, what, effects.collect());
        Vec::new()
    }

    /// Gives the effects on members that are declared as before.
    fn members(
        &mut self,
        subject: &str,
        owner: &str,
        old: &[Member],
        new: &[Member],
    ) -> Vec<Effect> {
        let noun = format!("{subject} member");
        let noun = noun.trim_start();
        self.meanings(owner, noun, names_of(old), names_of(new));
        let key = |(field, _): &Member| (field.member.clone(), field.name.clone());
        let (kept, gone, came) = words::paired(old, new, key);
        let mut rest = Vec::new();
        for (before, after) in kept {
            let subject = format!("{noun} `{}`", after.0.member);
            rest.extend(self.member(&subject, owner, before, after));
        }
        for (field, used) in gone {
            let what = format!("{noun} `{}` removed", field.member);
            let effects = effect::member(owner, &field.name, Some(used), None);
            self.change(Kind::MemberRemoved, what, effects);
        }
        for (field, used) in came {
            let presence = words::presence(field);
            let what = format!("{noun} `{}` added ({presence})", field.member);
            let effects = effect::member(owner, &field.name, None, Some(used));
            self.change(Kind::MemberAdded, what, effects);
        }
        rest
    }

    /// Gives the effects if the member is declared as before.
    fn member(
        &mut self,
        subject: &str,
        owner: &str,
        (old, was): &Member,
        (new, is): &Member,
    ) -> Vec<Effect> {
        let is_renamed = old.name != new.name;
        let mut effects = if is_renamed {
            let mut effects = effect::member(owner, &old.name, Some(was), None);
            effects.extend(effect::member(owner, &new.name, None, Some(is)));
            self.renamed(subject, &old.name, &new.name, effects.clone());
            effects
        } else {
            effect::member(owner, &new.name, Some(was), Some(is))
        };
        let presence = presence(old, new);
        if let Some((kind, what)) = &presence {
            if *kind == Kind::DefaultChanged && effects.is_empty() {
                effects.push(Effect::of_value());
            }
            self.change(*kind, format!("{subject} {what}"), effects.clone());
        }
        self.value(subject, &old.ty, &new.ty, effects.clone());
        self.deprecation(
            subject,
            owner,
            old.deprecated.as_ref(),
            new.deprecated.as_ref(),
        );
        self.behavior(
            &format!("the other names of {subject}"),
            &old.aliases,
            &new.aliases,
        );
        if old.member == new.member {
            let travels = |field: &Field| (field.wire.clone(), field.binding);
            let what = format!("how {subject} travels");
            self.behavior(&what, travels(old), travels(new));
        }
        // The default is part of the presence.
        let constraints = |field: &Field| {
            let default = field.constraints.default.clone();
            Constraints {
                default: default.filter(|_| presence.is_none()),
                ..field.constraints.clone()
            }
        };
        let (old_limits, new_limits) = (constraints(old), constraints(new));
        self.constraints(subject, (&old.ty, &old_limits), (&new.ty, &new_limits));
        self.docs(subject, &old.docs, &new.docs);
        let is_told = is_renamed || presence.is_some() || old.ty != new.ty;
        if is_told { Vec::new() } else { effects }
    }

    /// A name in Rust that changed with its neighbours'.
    pub(super) fn renamed(&mut self, subject: &str, old: &str, new: &str, effects: Vec<Effect>) {
        if old != new {
            let what = format!("{subject} is `{new}` in Rust, was `{old}`");
            self.change(Kind::MemberRenamed, what, effects);
        }
    }

    /// The type of a member.
    pub(super) fn value(&mut self, subject: &str, old: &Type, new: &Type, effects: Vec<Effect>) {
        if old == new {
            return;
        }
        let (was, is) = (words::ty(old), words::ty(new));
        let secrets = |ty: &str| ty.matches("sensitive ").count();
        // What is in the model, without the wrappers that follow from elsewhere.
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
        self.change(kind, format!("{subject} {what}"), effects);
    }

    /// How callers come by a value, which depends on more than the structure's own members: `rest`
    /// are the effects on these.
    fn making(&mut self, slot: Slot, old: &Structure, new: &Structure, rest: Vec<Effect>) {
        let is_made = |structure: &Structure| structure.constructor == Constructor::New;
        let streams = |structure: &Structure| structure.event_stream.is_some();
        let owner = &new.name;
        let (before, after) = (slot.has_new(old), slot.has_new(new));
        let mut effects = Vec::new();
        let new_of = |is_there: bool| is_there.then_some("new");
        effects.extend(function(owner, "function", new_of(before), new_of(after)));
        effects.extend(rest);
        if before && after && is_reordered(old, new) {
            effects.push(Effect::reordered(owner));
        }
        for name in ["Clone", "PartialEq"] {
            effects.extend(implements(owner, name, !streams(old), !streams(new)));
        }
        effects.extend(implements(owner, "Default", !is_made(old), !is_made(new)));
        effects.extend(implements(owner, "Wipe", old.wipe, new.wipe));
        let mut reasons = usage(old.usage, new.usage);
        reasons.extend(turned(
            is_made(old),
            is_made(new),
            "can only be made with its required members",
            "can be made with nothing set",
        ));
        reasons.extend(secret(old.wipe, new.wipe));
        reasons.extend(turned(
            streams(old),
            streams(new),
            "contains an event stream",
            "no longer contains an event stream",
        ));
        if is_reordered(old, new) {
            reasons.push("has its required members in another order");
        }
        self.construction(slot.subject(), &reasons, effects);
    }

    /// What callers notice of a shape for reasons that lie elsewhere.
    pub(super) fn construction(&mut self, subject: &str, reasons: &[&str], effects: Vec<Effect>) {
        if !effects.is_empty() {
            let what = format!("{subject} {}", reasons.join(", "));
            self.change(Kind::ConstructionChanged, what.trim_start(), effects);
        }
    }
}

/// The members of a structure, with the stream of events that a response may hold. `takes` says
/// whether there is a `new` to compare arguments of.
fn members(structure: &Structure, takes: bool) -> Vec<Member> {
    let fields = structure.fields.iter().map(|field| {
        let is_required = field.presence == Presence::Required;
        let is_argument = takes && is_required && structure.constructor == Constructor::New;
        let used = MemberUse {
            field: spelled(&types::field(field).to_string()),
            setter: structure.usage.written && !is_required,
            argument: is_argument.then(|| match &field.ty {
                Type::Boxed(inner) => rust(inner),
                ty => rust(ty),
            }),
        };
        (field.clone(), used)
    });
    let stream = structure.event_stream.iter().map(|stream| {
        let used = MemberUse {
            field: format!("event_stream::EventStream<{}>", stream.stream),
            setter: false,
            argument: None,
        };
        (stream_member(stream), used)
    });
    fields.chain(stream).collect()
}

fn stream_member(stream: &EventStreamField) -> Field {
    Field {
        name: stream.name.clone(),
        member: stream.member.clone(),
        wire: stream.member.clone(),
        aliases: Vec::new(),
        binding: Binding::Body,
        docs: stream.docs.clone(),
        deprecated: stream.deprecated.clone(),
        ty: Type::Union(stream.stream.clone()),
        constraints: Constraints::default(),
        presence: Presence::Required,
        idempotency_token: false,
    }
}

/// The names of members in Rust and on the wire.
fn names_of(members: &[Member]) -> impl Iterator<Item = (&str, &str)> {
    let fields = members.iter().map(|(field, _)| field);
    fields.map(|field| (field.name.as_str(), field.member.as_str()))
}

/// Whether the required members that two structures share are in another order.
fn is_reordered(old: &Structure, new: &Structure) -> bool {
    let required = |structure: &'_ Structure| -> Vec<String> {
        let fields = structure.fields.iter();
        let required = fields.filter(|field| field.presence == Presence::Required);
        required.map(|field| field.name.clone()).collect()
    };
    let (mut before, mut after) = (required(old), required(new));
    before.retain(|name| after.contains(name));
    after.retain(|name| before.contains(name));
    before != after
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
fn usage(old: Usage, new: Usage) -> Vec<&'static str> {
    let (written, no_longer) = ("is part of a request", "is no longer part of a request");
    let mut reasons = Vec::from_iter(turned(old.written, new.written, written, no_longer));
    let (read, no_longer) = ("is part of a response", "is no longer part of a response");
    reasons.extend(turned(old.read, new.read, read, no_longer));
    reasons
}

/// What began or ceased to hold a shape.
pub(super) fn secret(old: bool, new: bool) -> Option<&'static str> {
    let no_longer = "is no longer part of anything sensitive";
    turned(old, new, "is part of something sensitive", no_longer)
}

/// The words for what began or ceased.
pub(super) fn turned(
    old: bool,
    new: bool,
    began: &'static str,
    ceased: &'static str,
) -> Option<&'static str> {
    match (old, new) {
        (false, true) => Some(began),
        (true, false) => Some(ceased),
        _ => None,
    }
}
