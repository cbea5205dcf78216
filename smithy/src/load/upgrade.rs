//! Smithy 1.0 to 2.0 (Smithy, "Migrating IDL 1.0 models to 2.0"), once mixins are flattened.
//!
//! `set` has become a list while parsing. Here strings with `@enum` become enums, in 2.0 models
//! too, and the zero values that 1.0 implied become `@default`.

use serde_json::{Map, Value};

use super::draft::{Draft, DraftKind, DraftMember, DraftMembers, Drafts, Version};
use crate::ast::{ShapeId, ShapeKind, is_identifier};
use crate::traits::id;

/// Upgrades every draft.
pub(super) fn upgrade(drafts: &mut Drafts) {
    for draft in drafts.values_mut() {
        upgrade_enum(draft);
        name_enum_values(draft);
        if draft.version == Version::V1 && !draft.traits.contains_key(id::BOX) {
            if let Some(zero) = draft.kind.zero() {
                draft.traits.entry(id::DEFAULT.to_owned()).or_insert(zero);
            }
        }
    }
    upgrade_members(drafts);
    for draft in drafts
        .values_mut()
        .filter(|draft| draft.version == Version::V1)
    {
        draft.traits.remove(id::BOX);
        for member in draft.members.values_mut() {
            member.traits.remove(id::BOX);
        }
    }
}

/// Makes `@default` of what a member of a 1.0 structure implies: the zero value of its target, the
/// empty default of a streaming blob, or, where it is boxed, an explicit null.
fn upgrade_members(drafts: &mut Drafts) {
    let mut upgrades: Vec<(ShapeId, String, Value)> = Vec::new();
    for (id, draft) in &*drafts {
        if draft.version != Version::V1 || draft.kind != DraftKind::Structure {
            continue;
        }
        for (name, member) in &draft.members {
            let default = drafts
                .get(&member.target)
                .and_then(|target| implied_default(member, target));
            upgrades.extend(default.map(|default| (id.clone(), name.clone(), default)));
        }
    }
    for (id, name, default) in upgrades {
        let member = drafts
            .get_mut(&id)
            .and_then(|draft| draft.members.get_mut(&name));
        if let Some(member) = member {
            member.traits.insert(id::DEFAULT.to_owned(), default);
        }
    }
}

/// The `@default` that 1.0 implies for a member with this target.
fn implied_default(member: &DraftMember, target: &Draft) -> Option<Value> {
    if member.traits.contains_key(id::DEFAULT) {
        return None;
    }
    if member.traits.contains_key(id::BOX) {
        return Some(Value::Null);
    }
    if target.kind == DraftKind::Simple(ShapeKind::Blob) {
        let implied =
            target.traits.contains_key(id::STREAMING) && !member.traits.contains_key(id::REQUIRED);
        return implied.then(|| Value::from(""));
    }
    // A target without the zero value as default is boxed.
    let zero = target.kind.zero()?;
    let default = target.traits.get(id::DEFAULT)?;
    let is_zero = *default == zero || default.as_f64() == Some(0.0);
    is_zero.then_some(zero)
}

/// Makes an enum of a string with `@enum`, when every entry has a name that can be a member's.
fn upgrade_enum(draft: &mut Draft) {
    if draft.kind != DraftKind::Simple(ShapeKind::String) {
        return;
    }
    let Some(entries) = draft.traits.get(id::ENUM).and_then(Value::as_array) else {
        return;
    };
    let members: Option<DraftMembers> = entries.iter().map(enum_member).collect();
    let names_differ =
        |members: &DraftMembers| members.len() == entries.len() && !members.is_empty();
    if let Some(members) = members.filter(names_differ) {
        draft.kind = DraftKind::Enum;
        draft.members = members;
        draft.traits.remove(id::ENUM);
    }
}

fn enum_member(entry: &Value) -> Option<(String, DraftMember)> {
    let entry = entry.as_object()?;
    let name = entry.get("name")?.as_str()?;
    // `@enum` allows `_` alone, which is no name of a member.
    if !is_identifier(name) {
        return None;
    }
    let mut member = DraftMember {
        target: ShapeId::of_prelude("Unit"),
        traits: [(id::ENUM_VALUE.to_owned(), entry.get("value")?.clone())].into(),
    };
    for (key, trait_id) in [("documentation", id::DOCUMENTATION), ("tags", id::TAGS)] {
        let value = entry.get(key).cloned();
        member
            .traits
            .extend(value.map(|value| (trait_id.to_owned(), value)));
    }
    if entry.get("deprecated") == Some(&Value::Bool(true)) {
        let annotation = Value::Object(Map::new());
        member.traits.insert(id::DEPRECATED.to_owned(), annotation);
    }
    Some((name.to_owned(), member))
}

/// The value of an enum's member is its name, when the model gives no other.
fn name_enum_values(draft: &mut Draft) {
    if draft.kind == DraftKind::Enum {
        for (name, member) in &mut draft.members {
            let value = member.traits.entry(id::ENUM_VALUE.to_owned());
            value.or_insert_with(|| Value::from(name.as_str()));
        }
    }
}
