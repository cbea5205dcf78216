//! From shape to shape: unions, enums and errors.

use super::effect::{Action, Effect, Side, implemented, implements, rust, variant};
use super::structure::{Slot, secret, turned};
use super::walk::Walk;
use super::words::{self, Pair, by_name};
use super::{Kind, Place};
use crate::ir::{
    Binding, Constraints, Deprecated, Docs, EnumValue, ErrorShape, Event, EventStream, Field,
    OperationError, Repr, Service, Type, TypeDef, Variant,
};
use crate::text::code;

impl Walk {
    /// The shapes that operations share.
    pub(super) fn types(&mut self, old: &Service, new: &Service) {
        let is_gone = |def: &&TypeDef| new.types.iter().all(|new| new.name() != def.name());
        for (name, pair) in by_name(&old.types, &new.types, TypeDef::name) {
            self.place = Place::Shape(name.to_owned());
            match pair {
                Pair::Kept(old, new) => self.type_def(old, new),
                Pair::Gone(def) => {
                    let effects = of_type(def, Action::Removed);
                    self.change(Kind::ShapeRemoved, "removed", effects);
                }
                Pair::Came(def) => {
                    let gone = old.types.iter().filter(is_gone);
                    let same = gone.filter(|old| alike(old, def)).map(TypeDef::name);
                    let effects = of_type(def, Action::Added);
                    match same.collect::<Vec<&str>>().as_slice() {
                        [old] => {
                            let what = format!("added, with the members of `{old}`, which is gone");
                            self.change(Kind::ShapeRenamed, what, effects);
                        }
                        _ => self.change(Kind::ShapeAdded, "added", effects),
                    }
                }
            }
            self.end_place();
        }
    }

    fn type_def(&mut self, old: &TypeDef, new: &TypeDef) {
        let owner = new.name();
        if kind(old) != kind(new) {
            let mut effects = vec![Effect::of_type(owner, Action::Changed)];
            effects.extend(own_errors(old).map(|name| Effect::of_type(name, Action::Removed)));
            effects.extend(own_errors(new).map(|name| Effect::of_type(name, Action::Added)));
            let what = format!("is {}, was {}", kind(new), kind(old));
            return self.change(Kind::ShapeChanged, what, effects);
        }
        if let (TypeDef::Structure(old), TypeDef::Structure(new)) = (old, new) {
            return self.structure(Slot::Shape, old, new);
        }
        let kinds = match new {
            TypeDef::Enum(_) => (Kind::ValueAdded, Kind::ValueRemoved),
            _ => (Kind::UnionMemberAdded, Kind::UnionMemberRemoved),
        };
        self.variants(owner, kinds, &alternatives(old), &alternatives(new));
        if let (TypeDef::EventStream(old), TypeDef::EventStream(new)) = (old, new) {
            self.events(old, new);
        }
        let (before, after) = (Head::of(old), Head::of(new));
        self.docs("", before.docs, after.docs);
        self.deprecation("", owner, before.deprecated, after.deprecated);
        let default = implements(owner, "Default", before.default, after.default);
        let wipe = implements(owner, "Wipe", before.wipe, after.wipe);
        let mut reasons = Vec::from_iter(turned(
            before.default,
            after.default,
            "is a required member of something that is read",
            "is no longer a required member of anything that is read",
        ));
        reasons.extend(secret(before.wipe, after.wipe));
        self.construction("", &reasons, default.into_iter().chain(wipe).collect());
    }

    /// Where the members of a stream's events stand in a message, and the errors that end it.
    fn events(&mut self, old: &EventStream, new: &EventStream) {
        for after in &new.events {
            let before = old.events.iter().find(|x| x.member == after.member);
            if let Some(before) = before {
                let places = |event: &Event| -> Vec<(String, Binding)> {
                    let place = |field: &Field| (field.member.clone(), field.binding);
                    event.bound.iter().map(place).collect()
                };
                let what = format!("where the members of `{}` stand", after.member);
                self.behavior(&what, places(before), places(after));
            }
        }
        if old.error.name != new.error.name {
            let mut effects = vec![
                Effect::of_type(&old.error.name, Action::Removed),
                Effect::of_type(&new.error.name, Action::Added),
            ];
            let ty = |error: &OperationError| format!("Error = {}", error.name);
            let (was, is) = (ty(&old.error), ty(&new.error));
            let name = "event_stream::Event";
            effects.extend(implemented(&new.name, name, Some(&was), Some(&is)));
            self.renamed(
                "the enum of its errors",
                &old.error.name,
                &new.error.name,
                effects,
            );
        }
        self.error_enum(&old.error, &new.error);
    }

    fn variants(
        &mut self,
        owner: &str,
        (added, removed): (Kind, Kind),
        old: &[Alternative<'_>],
        new: &[Alternative<'_>],
    ) {
        let effects = |old: Option<&Alternative<'_>>, new: Option<&Alternative<'_>>| {
            let old = old.map(|x| (x.name, rust(x.ty)));
            let new = new.map(|x| (x.name, rust(x.ty)));
            variant(owner, Side::OpenVariant, old, new)
        };
        let key = |x: &Alternative<'_>| (x.wire.clone(), x.name.to_owned());
        let noun = match added {
            Kind::ValueAdded => "value",
            _ => "member",
        };
        fn names<'a>(of: &'a [Alternative<'_>]) -> impl Iterator<Item = (&'a str, &'a str)> {
            of.iter().map(|x| (x.name, x.wire.as_str()))
        }
        self.meanings(owner, noun, names(old), names(new));
        let (kept, gone, came) = words::paired(old, new, key);
        for (before, after) in kept {
            let subject = &after.subject;
            let effects = effects(Some(before), Some(after));
            self.renamed(subject, before.name, after.name, effects.clone());
            self.value(subject, before.ty, after.ty, effects);
            self.deprecation(subject, owner, before.deprecated, after.deprecated);
            if let (Some(was), Some(is)) = (before.constraints, after.constraints) {
                self.constraints(subject, (before.ty, was), (after.ty, is));
            }
            self.docs(subject, before.docs, after.docs);
        }
        for x in gone {
            let what = format!("{} removed", x.subject);
            self.change(removed, what, effects(Some(x), None));
        }
        for x in came {
            let what = format!("{} added", x.subject);
            self.change(added, what, effects(None, Some(x)));
        }
    }

    /// The errors that the service models.
    pub(super) fn errors(&mut self, old: &Service, new: &Service) {
        for (name, pair) in by_name(&old.errors, &new.errors, |error| &error.structure.name) {
            self.place = Place::Shape(name.to_owned());
            let whole = |action| vec![Effect::of_type(name, action)];
            match pair {
                Pair::Kept(old, new) => self.error(old, new),
                Pair::Gone(_) => {
                    let effects = whole(Action::Removed);
                    self.change(Kind::ShapeRemoved, "error removed", effects);
                }
                Pair::Came(_) => {
                    self.change(Kind::ShapeAdded, "error added", whole(Action::Added));
                }
            }
            self.end_place();
        }
    }

    fn error(&mut self, old: &ErrorShape, new: &ErrorShape) {
        self.structure(Slot::Error, &old.structure, &new.structure);
        if old.wire_name != new.wire_name {
            let (is, was) = (code(&new.wire_name), code(&old.wire_name));
            let what = format!("`{}` is the error {is}, was {was}", new.structure.name);
            self.change(Kind::MeaningChanged, what, vec![Effect::of_meaning()]);
        }
        self.behavior("whose fault it is", old.fault, new.fault);
        self.behavior("its HTTP status", old.status, new.status);
        self.behavior(
            "whether it is worth another attempt",
            old.retryable,
            new.retryable,
        );
        self.behavior("its query code", &old.query_code, &new.query_code);
        let message = |error: &ErrorShape| error.message.as_ref().map(|step| step.field.clone());
        self.behavior("which member is its message", message(old), message(new));
    }
}

/// A variant of an open enum.
struct Alternative<'a> {
    /// What reports call it.
    subject: String,
    wire: String,
    name: &'a str,
    ty: &'a Type,
    constraints: Option<&'a Constraints>,
    docs: &'a Docs,
    deprecated: Option<&'a Deprecated>,
}

/// The variants of a type; none for a structure.
fn alternatives(def: &TypeDef) -> Vec<Alternative<'_>> {
    match def {
        TypeDef::Structure(_) => Vec::new(),
        TypeDef::Union(union) => union.variants.iter().map(member).collect(),
        TypeDef::EventStream(stream) => stream.events.iter().map(event).collect(),
        TypeDef::Enum(enumeration) => enumeration.values.iter().map(value).collect(),
    }
}

fn member(variant: &Variant) -> Alternative<'_> {
    Alternative {
        subject: format!("member `{}`", variant.member),
        wire: variant.member.clone(),
        name: &variant.name,
        ty: &variant.ty,
        constraints: Some(&variant.constraints),
        docs: &variant.docs,
        deprecated: variant.deprecated.as_ref(),
    }
}

fn event(event: &Event) -> Alternative<'_> {
    Alternative {
        subject: format!("member `{}`", event.member),
        wire: event.member.clone(),
        name: &event.name,
        ty: &event.ty,
        constraints: None,
        docs: &event.docs,
        deprecated: event.deprecated.as_ref(),
    }
}

fn value(value: &EnumValue) -> Alternative<'_> {
    let wire = value.value.to_string();
    Alternative {
        subject: format!("value {}", code(&wire)),
        wire,
        name: &value.variant,
        ty: &Type::Unit,
        constraints: None,
        docs: &value.docs,
        deprecated: value.deprecated.as_ref(),
    }
}

/// What all shapes with variants have.
struct Head<'a> {
    docs: &'a Docs,
    deprecated: Option<&'a Deprecated>,
    default: bool,
    wipe: bool,
}

impl<'a> Head<'a> {
    fn of(def: &'a TypeDef) -> Self {
        let (docs, deprecated, (default, wipe)) = match def {
            TypeDef::Structure(x) => (&x.docs, &x.deprecated, (false, x.wipe)),
            TypeDef::Union(x) => (&x.docs, &x.deprecated, (x.default, x.wipe)),
            TypeDef::EventStream(x) => (&x.docs, &x.deprecated, (false, false)),
            TypeDef::Enum(x) => (&x.docs, &x.deprecated, (x.default, x.wipe)),
        };
        Self {
            docs,
            deprecated: deprecated.as_ref(),
            default,
            wipe,
        }
    }
}

/// The enum of errors that belongs to a shape alone.
fn own_errors(def: &TypeDef) -> Option<&str> {
    match def {
        TypeDef::EventStream(x) => Some(&x.error.name),
        TypeDef::Structure(_) | TypeDef::Union(_) | TypeDef::Enum(_) => None,
    }
}

/// A shape as a whole, and the errors that are its own.
fn of_type(def: &TypeDef, action: Action) -> Vec<Effect> {
    let names = std::iter::once(def.name()).chain(own_errors(def));
    names.map(|name| Effect::of_type(name, action)).collect()
}

fn kind(def: &TypeDef) -> &'static str {
    match def {
        TypeDef::Structure(_) => "a structure",
        TypeDef::Union(_) => "a union",
        TypeDef::EventStream(_) => "an event stream",
        TypeDef::Enum(enumeration) => match enumeration.repr {
            Repr::String => "an enum",
            Repr::Integer => "an intEnum",
        },
    }
}

/// Whether two shapes have the same members, at least one.
fn alike(old: &TypeDef, new: &TypeDef) -> bool {
    let members = |def: &TypeDef| -> Vec<String> {
        match def {
            TypeDef::Structure(x) => {
                let member = |field: &Field| {
                    let (ty, presence) = (words::ty(&field.ty), words::presence(field));
                    format!("{} {ty} {presence}", field.member)
                };
                x.fields.iter().map(member).collect()
            }
            _ => {
                let alternatives = alternatives(def).into_iter();
                alternatives
                    .map(|x| format!("{} {}", x.wire, words::ty(x.ty)))
                    .collect()
            }
        }
    };
    let (old_members, new_members) = (members(old), members(new));
    kind(old) == kind(new) && !new_members.is_empty() && old_members == new_members
}
