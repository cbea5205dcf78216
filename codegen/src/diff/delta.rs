//! What differs between two public APIs, and what each difference is to a caller.
//!
//! The levels are those of the Cargo book, "SemVer Compatibility".

use std::collections::BTreeSet;

use super::Level;
use super::surface::{Part, Parts, Surface, plain};

/// One difference in the public API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Delta {
    /// The item.
    pub(super) owner: String,
    /// The part of it; the item itself when all of it came or went.
    pub(super) part: Part,
    /// How the part was declared, if it was there.
    pub(super) old: Option<String>,
    /// How it is declared, if it is there.
    pub(super) new: Option<String>,
    /// What the difference means for the version.
    pub(super) level: Level,
}

/// All differences, in order.
pub(super) fn compare(old: &Surface, new: &Surface) -> Vec<Delta> {
    let nothing = Parts::new();
    let owners: BTreeSet<&String> = old.owners.keys().chain(new.owners.keys()).collect();
    owners
        .into_iter()
        .flat_map(|owner| {
            let before = old.owners.get(owner).unwrap_or(&nothing);
            let after = new.owners.get(owner).unwrap_or(&nothing);
            of_owner(owner, before, after)
        })
        .collect()
}

fn of_owner(owner: &str, old: &Parts, new: &Parts) -> Vec<Delta> {
    // The parts of what came or went as a whole came or went with it.
    let whole = old.is_empty() || new.is_empty();
    let parts: BTreeSet<&Part> = old.keys().chain(new.keys()).collect();
    parts
        .into_iter()
        .filter(|part| !whole || **part == Part::Item)
        .filter(|part| match part {
            // They count only where the function or the member stays.
            Part::Argument(function, _) | Part::Order(function) => {
                let function = Part::Method(function.clone());
                old.contains_key(&function) && new.contains_key(&function)
            }
            Part::Deprecated(member) => names(old, member) && names(new, member),
            _ => true,
        })
        .filter_map(|part| {
            let (before, after) = (old.get(part), new.get(part));
            let changed = match part {
                Part::Order(function) => is_reordered(function, old, new),
                _ => before != after,
            };
            changed.then(|| Delta {
                owner: owner.to_owned(),
                part: part.clone(),
                old: before.cloned(),
                new: after.cloned(),
                level: level(part, old, before.is_some(), after.is_some()),
            })
        })
        .collect()
}

/// Whether an item has a member of this name; the empty name is its own.
fn names(parts: &Parts, member: &str) -> bool {
    let is_own = |part: &Part| !matches!(part, Part::Deprecated(_)) && part.member() == member;
    parts.keys().any(is_own)
}

/// Whether the arguments that a function keeps stand in another order.
fn is_reordered(function: &str, old: &Parts, new: &Parts) -> bool {
    let kept = |these: &Parts, those: &Parts| -> Vec<String> {
        let list = these.get(&Part::Order(function.to_owned()));
        list.into_iter()
            .flat_map(|list| list.split(", "))
            .filter(|name| {
                those.contains_key(&Part::Argument(function.to_owned(), (*name).to_owned()))
            })
            .map(str::to_owned)
            .collect()
    };
    kept(old, new) != kept(new, old)
}

/// The Cargo book's rule for a part that went, came or is declared in another way.
fn level(part: &Part, old: &Parts, was: bool, is: bool) -> Level {
    let was_open = old.contains_key(&Part::Open);
    match part {
        Part::Open if is => Level::Major,
        Part::Open => Level::Minor,
        Part::Deprecated(_) if is && !was => Level::Minor,
        Part::Deprecated(_) => Level::Patch,
        // "Adding new enum variants (without `non_exhaustive`)", "adding a public field when no
        // private field exists".
        Part::Field(_) | Part::Variant(_) if is && !was && !was_open => Level::Major,
        // "Adding/removing function parameters".
        Part::Argument(..) | Part::Order(_) => Level::Major,
        Part::Item | Part::Field(_) | Part::Variant(_) | Part::Method(_) | Part::Impl(_) => {
            if is && !was {
                Level::Minor
            } else {
                Level::Major
            }
        }
    }
}

/// What `deltas`, all of one item, mean for a caller, in words.
pub(super) fn consequence(deltas: &[&Delta]) -> String {
    let mut phrases: Vec<String> = Vec::new();
    let has = |part: &Part, came: bool| {
        let is = |delta: &&&Delta| delta.part == *part && delta.is_whole(came);
        deltas.iter().any(|delta| is(&delta))
    };
    for delta in deltas {
        // A field and its setter come and go together.
        let pair = |came| match &delta.part {
            Part::Field(name) => has(&Part::Method(name.clone()), came),
            Part::Method(name) => has(&Part::Field(name.clone()), came),
            _ => false,
        };
        let paired = (delta.old.is_none() && pair(true)) || (delta.new.is_none() && pair(false));
        match &delta.part {
            Part::Method(_) if paired => {}
            Part::Field(_) if paired => {
                phrases.push(delta.phrase().replacen("field", "field and setter", 1))
            }
            _ => phrases.push(delta.phrase()),
        }
    }
    const SHOWN: usize = 4;
    let more = phrases.len().saturating_sub(SHOWN);
    if more > 1 {
        phrases.truncate(SHOWN);
        phrases.push(format!("{more} more"));
    }
    let owner = deltas.first().map_or("", |delta| &delta.owner);
    let list = phrases.join("; ");
    // A phrase on the whole item names it.
    if deltas.iter().all(|delta| delta.part == Part::Item) {
        list
    } else {
        format!("`{owner}`: {list}")
    }
}

impl Delta {
    fn is_whole(&self, came: bool) -> bool {
        if came {
            self.old.is_none()
        } else {
            self.new.is_none()
        }
    }

    /// The difference from a caller's side; the item's name stands elsewhere.
    fn phrase(&self) -> String {
        match (&self.old, &self.new) {
            (None, Some(new)) => self.came(new),
            (Some(old), None) => self.went(old),
            (Some(old), Some(new)) => self.changed(old, new),
            (None, None) => String::new(),
        }
    }

    fn came(&self, new: &str) -> String {
        match &self.part {
            Part::Item => format!("new type `{}`", self.owner),
            Part::Open => "cannot be built or matched in full any more".to_owned(),
            Part::Field(name) => format!("new field `{name}: {new}`"),
            Part::Variant(name) if self.level == Level::Major => {
                format!("new variant `{name}`, which a `match` without `_` must handle")
            }
            Part::Variant(name) => {
                format!("new variant `{name}`, which a `match` covers by its `_`")
            }
            Part::Method(name) => format!("new {} `{name}`", function(new)),
            Part::Argument(function, name) => {
                format!("`{function}` takes `{name}: {}`, too", plain(new))
            }
            Part::Order(function) => format!("`{function}` takes its arguments in another order"),
            Part::Impl(name) => format!("implements `{name}`"),
            Part::Deprecated(_) => {
                "callers see a warning, which `-D warnings` makes an error".to_owned()
            }
        }
    }

    fn went(&self, old: &str) -> String {
        match &self.part {
            Part::Item => format!("`{}` is gone", self.owner),
            Part::Open => "can be built and matched in full".to_owned(),
            Part::Field(name) => format!("field `{name}` is gone"),
            Part::Variant(name) => format!("variant `{name}` is gone"),
            Part::Method(name) => format!("{} `{name}` is gone", function(old)),
            Part::Argument(function, name) => format!("`{function}` no longer takes `{name}`"),
            Part::Order(function) => format!("`{function}` takes its arguments in another order"),
            Part::Impl(name) => format!("no longer implements `{name}`"),
            Part::Deprecated(_) => "the warning is gone".to_owned(),
        }
    }

    fn changed(&self, old: &str, new: &str) -> String {
        match &self.part {
            Part::Item => format!("`{}` is `{new}`, was `{old}`", self.owner),
            Part::Field(name) => format!("field `{name}` is `{new}`, was `{old}`"),
            Part::Variant(name) => {
                format!("variant `{name}` holds {}, held {}", held(new), held(old))
            }
            // It takes what its field holds, which stands beside it.
            Part::Method(name) if function(new) == "setter" => {
                format!("setter `{name}` takes the same")
            }
            Part::Method(name) => format!("`{name}` is now `{new}`"),
            Part::Argument(function, name) => {
                format!("`{function}` takes `{name}` as `{}`", plain(new))
            }
            Part::Order(function) => format!("`{function}` takes its arguments in another order"),
            Part::Impl(name) => format!("`{name}` has `{new}`, had `{old}`"),
            Part::Open | Part::Deprecated(_) => "the warning says something else".to_owned(),
        }
    }
}

/// What a variant holds.
fn held(payload: &str) -> String {
    match payload.trim_matches(['(', ')']) {
        "" => "nothing".to_owned(),
        ty => format!("`{ty}`"),
    }
}

/// What a function is to callers, by its signature.
fn function(signature: &str) -> &'static str {
    if signature.starts_with("(self, ") {
        "setter"
    } else if signature.contains("self") {
        "method"
    } else {
        "function"
    }
}
