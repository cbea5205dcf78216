//! What can only be decided once all definitions are there: how values are made, what needs
//! `Default`, what must be wiped.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Constructor, Field, Presence, Service, Structure, Type, TypeDef};
use crate::names::{self, Scope};

/// Completes the definitions of a service.
pub(super) fn finish(service: &mut Service) {
    modules(service);
    constructors(service);
    defaults(service);
    wipes(service);
    sensitive_outputs(service);
    if !service.signs() {
        service.signing_name = None;
    }
}

/// Two names of types can make one name of a module: `A1B` and `A1b` are both `a1b`. And clippy
/// wants no module named as the one that it stands in.
fn modules(service: &mut Service) {
    let mut scope = Scope::new(&["types"], "_");
    let names = service.types.iter().map(TypeDef::name);
    let modules = names.map(|name| (name.to_owned(), scope.take(names::module(name))));
    service.modules = modules.collect();
}

fn structures_mut(service: &mut Service) -> impl Iterator<Item = &mut Structure> {
    let shared = service.types.iter_mut().filter_map(|def| match def {
        TypeDef::Structure(structure) => Some(structure),
        TypeDef::Union(_) | TypeDef::EventStream(_) | TypeDef::Enum(_) => None,
    });
    let own = service
        .operations
        .iter_mut()
        .flat_map(|op| [&mut op.input, &mut op.output]);
    own.chain(service.errors.iter_mut().map(|error| &mut error.structure))
        .chain(shared)
}

/// A structure with a required member has no `Default` when callers make it, since they could
/// forget the member; nor when it holds such a structure.
fn constructors(service: &mut Service) {
    let mut without_default = BTreeSet::new();
    loop {
        let more: Vec<String> = service
            .structures()
            .filter(|structure| !without_default.contains(&structure.name))
            .filter(|structure| needs_new(structure, &without_default))
            .map(|structure| structure.name.clone())
            .collect();
        if more.is_empty() {
            break;
        }
        without_default.extend(more);
    }
    for structure in structures_mut(service) {
        structure.constructor = if without_default.contains(&structure.name) {
            Constructor::New
        } else if structure.fields.iter().any(has_own_default) {
            Constructor::ImplDefault
        } else {
            Constructor::DeriveDefault
        };
    }
}

fn needs_new(structure: &Structure, without_default: &BTreeSet<String>) -> bool {
    structure.fields.iter().any(|field| {
        let held = match field.ty.innermost() {
            Type::Structure(name) => without_default.contains(name),
            _ => false,
        };
        field.presence == Presence::Required && (structure.usage.written || held)
    })
}

fn has_own_default(field: &Field) -> bool {
    matches!(&field.presence, Presence::Default(value) if !value.is_zero())
}

/// Enums and unions that are a required member of something read need a value for a response
/// that leaves them out.
fn defaults(service: &mut Service) {
    let needed: BTreeSet<String> = service
        .structures()
        .filter(|structure| structure.usage.read || structure.usage.event)
        .flat_map(|structure| &structure.fields)
        .filter(|field| field.presence == Presence::Required)
        .filter_map(|field| match field.ty.innermost() {
            Type::Enum(name) | Type::IntEnum(name) | Type::Union(name) => Some(name.clone()),
            _ => None,
        })
        .collect();
    for def in &mut service.types {
        let is_needed = needed.contains(def.name());
        match def {
            TypeDef::Structure(_) | TypeDef::EventStream(_) => {}
            TypeDef::Union(union) => union.default = is_needed,
            TypeDef::Enum(enumeration) => enumeration.default = is_needed,
        }
    }
}

/// The types directly within a type.
fn parts(ty: &Type) -> Vec<&Type> {
    match ty {
        Type::List { item, .. } => vec![item],
        Type::Map { key, value, .. } => vec![key, value],
        Type::Boxed(inner) | Type::Sensitive(inner) => vec![inner],
        Type::Boolean
        | Type::Byte
        | Type::Short
        | Type::Integer
        | Type::Long
        | Type::Float
        | Type::Double
        | Type::BigInteger
        | Type::BigDecimal
        | Type::String
        | Type::Blob
        | Type::Timestamp(_)
        | Type::Document
        | Type::Unit
        | Type::Enum(_)
        | Type::IntEnum(_)
        | Type::Structure(_)
        | Type::Union(_) => Vec::new(),
    }
}

/// The named types that a type mentions, through lists, maps and wrappers.
fn names<'a>(ty: &'a Type, out: &mut Vec<&'a str>) {
    if let Type::Enum(name) | Type::IntEnum(name) | Type::Structure(name) | Type::Union(name) = ty {
        out.push(name);
    }
    for part in parts(ty) {
        names(part, out);
    }
}

/// The sensitive values within a type.
fn secrets<'a>(ty: &'a Type, out: &mut Vec<&'a Type>) {
    if let Type::Sensitive(inner) = ty {
        out.push(inner);
    }
    for part in parts(ty) {
        secrets(part, out);
    }
}

/// The members' types of each shared type.
fn member_types(service: &Service) -> BTreeMap<&str, Vec<&Type>> {
    service
        .types
        .iter()
        .map(|def| {
            let types = match def {
                TypeDef::Structure(x) => x.fields.iter().map(|field| &field.ty).collect(),
                TypeDef::Union(x) => x.variants.iter().map(|variant| &variant.ty).collect(),
                TypeDef::EventStream(x) => x.events.iter().map(|event| &event.ty).collect(),
                TypeDef::Enum(_) => Vec::new(),
            };
            (def.name(), types)
        })
        .collect()
}

/// Everything that something sensitive holds must know how to wipe itself.
fn wipes(service: &mut Service) {
    let members = member_types(service);
    let mut found = Vec::new();
    let own = service
        .structures()
        .flat_map(|x| &x.fields)
        .map(|field| &field.ty);
    for ty in own.chain(members.values().flatten().copied()) {
        secrets(ty, &mut found);
    }
    let mut open = Vec::new();
    for ty in found {
        names(ty, &mut open);
    }
    let mut wiped = BTreeSet::new();
    while let Some(name) = open.pop() {
        if wiped.insert(name.to_owned()) {
            for ty in members.get(name).into_iter().flatten() {
                names(ty, &mut open);
            }
        }
    }
    for def in &mut service.types {
        let is_wiped = wiped.contains(def.name());
        match def {
            TypeDef::Structure(x) => x.wipe = is_wiped,
            TypeDef::Union(x) => x.wipe = is_wiped,
            // No value that could be sensitive holds one.
            TypeDef::EventStream(_) => {}
            TypeDef::Enum(x) => x.wipe = is_wiped,
        }
    }
}

/// Marks the operations whose response reaches something sensitive.
fn sensitive_outputs(service: &mut Service) {
    let members = member_types(service);
    let flags: Vec<bool> = service
        .operations
        .iter()
        .map(|operation| {
            let mut open: Vec<&Type> = operation.output.fields.iter().map(|x| &x.ty).collect();
            let stream = operation.output.event_stream.as_ref();
            let events = stream.and_then(|stream| members.get(stream.stream.as_str()));
            open.extend(events.into_iter().flatten());
            let mut seen = BTreeSet::new();
            while let Some(ty) = open.pop() {
                let mut found = Vec::new();
                secrets(ty, &mut found);
                if !found.is_empty() {
                    return true;
                }
                let mut held = Vec::new();
                names(ty, &mut held);
                for name in held {
                    if seen.insert(name) {
                        open.extend(members.get(name).into_iter().flatten());
                    }
                }
            }
            false
        })
        .collect();
    for (operation, flag) in service.operations.iter_mut().zip(flags) {
        operation.sensitive_output = flag;
    }
}
