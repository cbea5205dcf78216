//! What each name of the API stands for in the model.
//!
//! Two names of a model can be one in Rust, and which of them keeps it depends on the others. So a
//! model that grows can give the name that a caller writes to another member: the same code
//! compiles, and does something else.

use std::collections::BTreeMap;

use super::walk::Walk;
use super::words;
use super::{Kind, Place};
use crate::ir::{OperationError, Service, Structure, TypeDef};

/// A type, and its field, variant or method; the latter is empty for the type itself.
type Name = (String, String);

/// What a name stands for.
struct Meaning {
    place: Place,
    /// What it is in Smithy's words.
    noun: &'static str,
    /// Its name or value on the wire.
    wire: String,
}

impl Walk<'_> {
    /// The names of the old API that stand for something else.
    pub(super) fn meanings(&mut self, old: &Service, new: &Service) {
        let before = Meanings::of(old);
        for ((owner, name), is) in Meanings::of(new).by_name {
            let name = (owner, name);
            let Some(was) = before.by_name.get(&name) else {
                continue;
            };
            if was.wire != is.wire {
                let path = match name {
                    (owner, name) if name.is_empty() => owner,
                    (owner, name) => format!("{owner}::{name}"),
                };
                let (wire, old_wire) = (words::code(&is.wire), words::code(&was.wire));
                let what = format!("`{path}` is the {} {wire}, was {old_wire}", is.noun);
                self.place = is.place;
                self.change(Kind::MeaningChanged, what, &[]);
            }
        }
    }
}

#[derive(Default)]
struct Meanings {
    by_name: BTreeMap<Name, Meaning>,
}

impl Meanings {
    fn of(service: &Service) -> Self {
        let mut meanings = Self::default();
        for operation in &service.operations {
            let place = Place::Operation(operation.wire_name.clone());
            let mut own = meanings.owned_by("Client", &place);
            own.add(&operation.method, "operation", &operation.wire_name);
            meanings.structure(&operation.input, &place, "input member");
            meanings.structure(&operation.output, &place, "output member");
            meanings.errors(&operation.error, &place);
        }
        for def in &service.types {
            meanings.type_def(def);
        }
        for error in &service.errors {
            let place = Place::Shape(error.structure.name.clone());
            let mut own = meanings.owned_by(&error.structure.name, &place);
            own.add("", "error", &error.wire_name);
            meanings.structure(&error.structure, &place, "member");
        }
        meanings
    }

    fn type_def(&mut self, def: &TypeDef) {
        let place = Place::Shape(def.name().to_owned());
        if let TypeDef::Structure(structure) = def {
            self.structure(structure, &place, "member");
        }
        if let TypeDef::EventStream(stream) = def {
            self.errors(&stream.error, &place);
        }
        let mut own = self.owned_by(def.name(), &place);
        match def {
            TypeDef::Structure(_) => {}
            TypeDef::Union(union) => {
                for variant in &union.variants {
                    own.add(&variant.name, "member", &variant.wire_name);
                }
            }
            TypeDef::EventStream(stream) => {
                for event in &stream.events {
                    own.add(&event.name, "member", &event.wire_name);
                }
            }
            TypeDef::Enum(enumeration) => {
                for value in &enumeration.values {
                    own.add(&value.variant, "value", &value.value);
                }
            }
            TypeDef::IntEnum(enumeration) => {
                for value in &enumeration.values {
                    own.add(&value.variant, "value", &value.value.to_string());
                }
            }
        }
    }

    fn structure(&mut self, structure: &Structure, place: &Place, noun: &'static str) {
        let mut own = self.owned_by(&structure.name, place);
        for field in &structure.fields {
            own.add(&field.name, noun, &field.wire_name);
        }
    }

    fn errors(&mut self, error: &OperationError, place: &Place) {
        let mut own = self.owned_by(&error.name, place);
        for variant in &error.variants {
            own.add(&variant.variant, "error", &variant.wire_name);
        }
    }

    fn owned_by<'o>(&'o mut self, owner: &'o str, place: &'o Place) -> Owned<'o> {
        Owned {
            meanings: self,
            owner,
            place,
        }
    }
}

/// The names of one type.
struct Owned<'o> {
    meanings: &'o mut Meanings,
    owner: &'o str,
    place: &'o Place,
}

impl Owned<'_> {
    fn add(&mut self, name: &str, noun: &'static str, wire: &str) {
        let meaning = Meaning {
            place: self.place.clone(),
            noun,
            wire: wire.to_owned(),
        };
        let name = (self.owner.to_owned(), name.to_owned());
        self.meanings.by_name.insert(name, meaning);
    }
}
