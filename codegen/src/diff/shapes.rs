//! From shape to shape: structures, unions, enums and errors.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use super::delta::Delta;
use super::structure::usage;
use super::walk::Walk;
use super::words;
use super::{Kind, Place};
use crate::ir::{
    Constraints, Deprecated, Docs, EnumValue, ErrorShape, Event, EventBinding, EventPlace,
    EventStream, Service, TypeDef, Variant,
};

impl<'a> Walk<'a> {
    /// The shapes that operations share.
    pub(super) fn types(&mut self, old: &Service, new: &Service) {
        let by_name = |types: &[TypeDef]| -> BTreeMap<String, TypeDef> {
            types
                .iter()
                .map(|def| (def.name().to_owned(), def.clone()))
                .collect()
        };
        let (before, after) = (by_name(&old.types), by_name(&new.types));
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names {
            self.place = Place::Shape(name.clone());
            match (before.get(name), after.get(name)) {
                (Some(old), Some(new)) => self.type_def(old, new),
                (Some(def), None) => {
                    let deltas = self.of_type(def);
                    self.change(Kind::ShapeRemoved, "removed", &deltas);
                }
                (None, Some(def)) => {
                    let deltas = self.of_type(def);
                    let gone = before
                        .values()
                        .filter(|old| !after.contains_key(old.name()));
                    let same: Vec<&str> = gone
                        .filter(|old| alike(old, def))
                        .map(TypeDef::name)
                        .collect();
                    match same.as_slice() {
                        [old] => {
                            let what = format!("added, with the members of `{old}`, which is gone");
                            self.change(Kind::ShapeRenamed, what, &deltas);
                        }
                        _ => self.change(Kind::ShapeAdded, "added", &deltas),
                    }
                }
                (None, None) => {}
            }
            self.end_place();
        }
    }

    /// All differences of a shape and of the errors that are its own.
    fn of_type(&mut self, def: &TypeDef) -> Vec<&'a Delta> {
        let mut deltas = self.of_owner(def.name());
        if let Some(errors) = own_errors(def) {
            deltas.extend(self.of_owner(errors));
        }
        deltas
    }

    fn type_def(&mut self, old: &TypeDef, new: &TypeDef) {
        match (old, new) {
            (TypeDef::Structure(old), TypeDef::Structure(new)) => self.structure("", old, new),
            (TypeDef::Union(old), TypeDef::Union(new)) => {
                self.variants(&new.name, &old.variants, &new.variants);
                self.head(
                    &new.name,
                    (&old.docs, old.deprecated.as_ref()),
                    (&new.docs, new.deprecated.as_ref()),
                );
                let mut reasons = usage(old.usage, new.usage);
                reasons.extend(uses((old.default, old.wipe), (new.default, new.wipe)));
                self.rest("", &new.name, &reasons);
            }
            (TypeDef::EventStream(old), TypeDef::EventStream(new)) => {
                self.head(
                    &new.name,
                    (&old.docs, old.deprecated.as_ref()),
                    (&new.docs, new.deprecated.as_ref()),
                );
                self.events(old, new);
            }
            (TypeDef::Enum(old), TypeDef::Enum(new)) => {
                self.values(&new.name, &old.values, &new.values);
                self.head(
                    &new.name,
                    (&old.docs, old.deprecated.as_ref()),
                    (&new.docs, new.deprecated.as_ref()),
                );
                self.rest(
                    "",
                    &new.name,
                    &uses((old.default, old.wipe), (new.default, new.wipe)),
                );
            }
            (TypeDef::IntEnum(old), TypeDef::IntEnum(new)) => {
                self.values(&new.name, &old.values, &new.values);
                self.head(
                    &new.name,
                    (&old.docs, old.deprecated.as_ref()),
                    (&new.docs, new.deprecated.as_ref()),
                );
                self.rest(
                    "",
                    &new.name,
                    &uses((old.default, old.wipe), (new.default, new.wipe)),
                );
            }
            (old, new) => {
                let mut deltas = self.of_type(new);
                if let Some(errors) = own_errors(old) {
                    deltas.extend(self.of_owner(errors));
                }
                let what = format!("is {}, was {}", kind(new), kind(old));
                self.change(Kind::ShapeChanged, what, &deltas);
            }
        }
    }

    /// What all shapes have.
    fn head(
        &mut self,
        name: &str,
        old: (&Docs, Option<&Deprecated>),
        new: (&Docs, Option<&Deprecated>),
    ) {
        self.docs("", old.0, new.0);
        self.deprecation("", (name, ""), old.1, new.1);
    }

    /// A union of events: its members, where theirs stand in a message, and the errors that end it.
    fn events(&mut self, old: &EventStream, new: &EventStream) {
        let variant = |event: &Event| Variant {
            name: event.name.clone(),
            wire_name: event.wire_name.clone(),
            docs: event.docs.clone(),
            deprecated: event.deprecated.clone(),
            ty: event.ty.clone(),
            constraints: Constraints::default(),
        };
        let variants =
            |stream: &EventStream| -> Vec<Variant> { stream.events.iter().map(variant).collect() };
        self.variants(&new.name, &variants(old), &variants(new));
        for after in &new.events {
            let before = old.events.iter().find(|x| x.wire_name == after.wire_name);
            if let Some(before) = before {
                let places = |event: &Event| -> Vec<(String, EventPlace)> {
                    let place = |x: &EventBinding| (x.field.wire_name.clone(), x.place);
                    event.bindings.iter().map(place).collect()
                };
                let what = format!("where the members of `{}` stand", after.wire_name);
                self.behavior(&what, &places(before), &places(after));
            }
        }
        self.error_enum(&old.error, &new.error);
    }

    fn variants(&mut self, owner: &str, old: &[Variant], new: &[Variant]) {
        let key = |variant: &Variant| (variant.wire_name.clone(), variant.name.clone());
        let (kept, gone, came) = words::paired(old, new, key);
        for (before, after) in kept {
            let subject = format!("member `{}`", after.wire_name);
            let deltas = self.renamed(&subject, owner, &before.name, &after.name);
            self.value(&subject, &before.ty, &after.ty, &deltas);
            self.deprecation(
                &subject,
                (owner, &after.name),
                before.deprecated.as_ref(),
                after.deprecated.as_ref(),
            );
            self.constraints(
                &subject,
                (&before.ty, &before.constraints),
                (&after.ty, &after.constraints),
            );
            self.docs(&subject, &before.docs, &after.docs);
        }
        for variant in gone {
            let deltas = self.of_member(owner, &variant.name);
            let what = format!("member `{}` removed", variant.wire_name);
            self.change(Kind::UnionMemberRemoved, what, &deltas);
        }
        for variant in came {
            let deltas = self.of_member(owner, &variant.name);
            let what = format!("member `{}` added", variant.wire_name);
            self.change(Kind::UnionMemberAdded, what, &deltas);
        }
    }

    fn values<T: PartialEq + Display>(
        &mut self,
        owner: &str,
        old: &[EnumValue<T>],
        new: &[EnumValue<T>],
    ) {
        let key = |value: &EnumValue<T>| (value.value.to_string(), value.variant.clone());
        let spelled =
            |value: &EnumValue<T>| format!("value {}", words::code(&value.value.to_string()));
        let (kept, gone, came) = words::paired(old, new, key);
        for (before, after) in kept {
            let subject = spelled(after);
            self.renamed(&subject, owner, &before.variant, &after.variant);
            self.deprecation(
                &subject,
                (owner, &after.variant),
                before.deprecated.as_ref(),
                after.deprecated.as_ref(),
            );
            self.docs(&subject, &before.docs, &after.docs);
        }
        for value in gone {
            let deltas = self.of_member(owner, &value.variant);
            let what = format!("{} removed", spelled(value));
            self.change(Kind::ValueRemoved, what, &deltas);
        }
        for value in came {
            let deltas = self.of_member(owner, &value.variant);
            let what = format!("{} added", spelled(value));
            self.change(Kind::ValueAdded, what, &deltas);
        }
    }

    /// The errors that the service models.
    pub(super) fn errors(&mut self, old: &Service, new: &Service) {
        let by_name = |errors: &[ErrorShape]| -> BTreeMap<String, ErrorShape> {
            errors
                .iter()
                .map(|error| (error.structure.name.clone(), error.clone()))
                .collect()
        };
        let (before, after) = (by_name(&old.errors), by_name(&new.errors));
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names {
            self.place = Place::Shape(name.clone());
            match (before.get(name), after.get(name)) {
                (Some(old), Some(new)) => self.error(old, new),
                (Some(_), None) => {
                    let deltas = self.of_owner(name);
                    self.change(Kind::ShapeRemoved, "error removed", &deltas);
                }
                (None, Some(_)) => {
                    let deltas = self.of_owner(name);
                    self.change(Kind::ShapeAdded, "error added", &deltas);
                }
                (None, None) => {}
            }
            self.end_place();
        }
    }

    fn error(&mut self, old: &ErrorShape, new: &ErrorShape) {
        self.structure("", &old.structure, &new.structure);
        self.behavior("whose fault it is", &old.fault, &new.fault);
        self.behavior("its HTTP status", &old.status, &new.status);
        self.behavior(
            "whether it is worth another attempt",
            &old.retryable,
            &new.retryable,
        );
        self.behavior("its query code", &old.query_code, &new.query_code);
        let message = |error: &ErrorShape| error.message.as_ref().map(|step| step.field.clone());
        self.behavior("which member is its message", message(old), message(new));
    }
}

/// What began or ceased to hold a union or an enum, by (`default`, `wipe`).
fn uses(old: (bool, bool), new: (bool, bool)) -> Vec<&'static str> {
    let mut reasons = Vec::new();
    match (old.0, new.0) {
        (false, true) => reasons.push("is a required member of something that is read"),
        (true, false) => reasons.push("is no longer a required member of anything that is read"),
        _ => {}
    }
    match (old.1, new.1) {
        (false, true) => reasons.push("is part of something sensitive"),
        (true, false) => reasons.push("is no longer part of anything sensitive"),
        _ => {}
    }
    reasons
}

/// The enum of errors that belongs to a shape alone.
fn own_errors(def: &TypeDef) -> Option<&str> {
    match def {
        TypeDef::EventStream(x) => Some(&x.error.name),
        TypeDef::Structure(_) | TypeDef::Union(_) | TypeDef::Enum(_) | TypeDef::IntEnum(_) => None,
    }
}

fn kind(def: &TypeDef) -> &'static str {
    match def {
        TypeDef::Structure(_) => "a structure",
        TypeDef::Union(_) => "a union",
        TypeDef::EventStream(_) => "an event stream",
        TypeDef::Enum(_) => "an enum",
        TypeDef::IntEnum(_) => "an intEnum",
    }
}

/// Whether two shapes have the same members, at least one.
fn alike(old: &TypeDef, new: &TypeDef) -> bool {
    let members = |def: &TypeDef| -> Vec<String> {
        match def {
            TypeDef::Structure(x) => x
                .fields
                .iter()
                .map(|x| {
                    format!(
                        "{} {} {}",
                        x.wire_name,
                        words::ty(&x.ty),
                        words::presence(x)
                    )
                })
                .collect(),
            TypeDef::Union(x) => x
                .variants
                .iter()
                .map(|x| format!("{} {}", x.wire_name, words::ty(&x.ty)))
                .collect(),
            TypeDef::EventStream(x) => x
                .events
                .iter()
                .map(|x| format!("{} {}", x.wire_name, words::ty(&x.ty)))
                .collect(),
            TypeDef::Enum(x) => x.values.iter().map(|x| x.value.clone()).collect(),
            TypeDef::IntEnum(x) => x.values.iter().map(|x| x.value.to_string()).collect(),
        }
    };
    let (old_members, new_members) = (members(old), members(new));
    kind(old) == kind(new) && !new_members.is_empty() && old_members == new_members
}
