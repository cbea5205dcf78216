//! What a change does to the code of callers: the table of levels, and the words.

use super::Level;
use crate::emit::types;
use crate::ir::Type;

/// The side of the API on which callers notice a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// A type.
    Type,
    /// A field of a structure, which is `#[non_exhaustive]`.
    Field,
    /// A setter of a structure.
    Setter,
    /// The arguments of `new`, which callers have to give.
    Argument,
    /// A variant of an enum with `Unknown`, which is `#[non_exhaustive]`.
    OpenVariant,
    /// A variant of an enum that a `match` can cover.
    ClosedVariant,
    /// A method, or a function of a type.
    Function,
    /// A trait that a type implements.
    Trait,
    /// A warning of the compiler.
    Warning,
    /// The value of a member that nobody sets.
    Value,
    /// The member, value or shape of the model that a name stands for.
    Meaning,
}

/// What happens there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// It is there now.
    Added,
    /// It was there.
    Removed,
    /// It is declared in another way, or means something else.
    Changed,
}

/// The level of an event. The rules are those of the Cargo book, "SemVer Compatibility".
pub(super) fn level(event: Event, side: Side) -> Level {
    match (side, event) {
        // "Adding/removing function parameters", "adding new enum variants (without
        // `non_exhaustive`)".
        (Side::Argument | Side::ClosedVariant, _) => Level::Major,
        // No compiler tells callers.
        (Side::Meaning, _) => Level::Major,
        (Side::Value, _) | (Side::Warning, Event::Added) => Level::Minor,
        (Side::Warning, Event::Removed | Event::Changed) => Level::Patch,
        (
            Side::Type
            | Side::Field
            | Side::Setter
            | Side::OpenVariant
            | Side::Function
            | Side::Trait,
            event,
        ) => match event {
            Event::Added => Level::Minor,
            Event::Removed | Event::Changed => Level::Major,
        },
    }
}

/// What a change does to the code of callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Effect {
    /// The type that is affected; empty if the phrase says it.
    owner: String,
    /// Where callers notice it.
    pub(super) side: Side,
    /// What happens there.
    pub(super) event: Event,
    /// What a caller notices, without the name of the type that owns it.
    phrase: String,
}

impl Effect {
    fn new(owner: &str, side: Side, event: Event, phrase: String) -> Self {
        Self {
            owner: owner.to_owned(),
            side,
            event,
            phrase,
        }
    }

    pub(super) fn level(&self) -> Level {
        level(self.event, self.side)
    }

    /// A type that all of the API has or lacks.
    pub(super) fn of_type(name: &str, event: Event) -> Self {
        let phrase = match event {
            Event::Added => format!("new type `{name}`"),
            Event::Removed => format!("`{name}` is gone"),
            Event::Changed => format!("`{name}` is another type"),
        };
        Self::new("", Side::Type, event, phrase)
    }

    /// The arguments that a structure's `new` had and has stand in another order.
    pub(super) fn reordered(owner: &str) -> Self {
        let phrase = "`new` takes its arguments in another order";
        Self::new(owner, Side::Argument, Event::Changed, phrase.to_owned())
    }

    /// The value of a member that nobody sets, which differs.
    pub(super) fn of_value() -> Self {
        let phrase = "callers compile as before; the same calls may mean something else";
        Self::new("", Side::Value, Event::Changed, phrase.to_owned())
    }

    /// A name that stands for something else.
    pub(super) fn of_meaning() -> Self {
        let phrase = "callers compile as before, but do something else";
        Self::new("", Side::Meaning, Event::Changed, phrase.to_owned())
    }

    pub(super) fn warning(owner: &str, event: Event) -> Self {
        let phrase = match event {
            Event::Added => "callers see a warning, which `-D warnings` makes an error",
            Event::Removed => "the warning is gone",
            Event::Changed => "the warning says something else",
        };
        Self::new(owner, Side::Warning, event, phrase.to_owned())
    }
}

/// What happened to something that was or was not there; nothing if it stayed the same.
fn event<T: PartialEq>(old: Option<&T>, new: Option<&T>) -> Option<Event> {
    match (old, new) {
        (None, Some(_)) => Some(Event::Added),
        (Some(_), None) => Some(Event::Removed),
        (Some(old), Some(new)) if old != new => Some(Event::Changed),
        _ => None,
    }
}

/// A function of `owner`: whether it was and is there. `noun` is `method` or `function`.
pub(super) fn function(
    owner: &str,
    noun: &str,
    name: &str,
    old: bool,
    new: bool,
) -> Option<Effect> {
    let event = event(old.then_some(&()), new.then_some(&()))?;
    let phrase = match event {
        Event::Removed => format!("{noun} `{name}` is gone"),
        _ => format!("new {noun} `{name}`"),
    };
    Some(Effect::new(owner, Side::Function, event, phrase))
}

/// A trait of `owner`: its associated types, empty if it has none, where it is implemented.
pub(super) fn implemented(
    owner: &str,
    name: &str,
    old: Option<&str>,
    new: Option<&str>,
) -> Option<Effect> {
    let event = event(old.as_ref(), new.as_ref())?;
    let phrase = match (old, new) {
        (Some(old), Some(new)) => format!("`{name}` has `{new}`, had `{old}`"),
        (None, _) => format!("implements `{name}`"),
        (_, None) => format!("no longer implements `{name}`"),
    };
    Some(Effect::new(owner, Side::Trait, event, phrase))
}

/// The same for a trait without associated types.
pub(super) fn implements(owner: &str, name: &str, old: bool, new: bool) -> Option<Effect> {
    implemented(owner, name, old.then_some(""), new.then_some(""))
}

/// A variant of `owner`: what it holds, `None` where it is not there, empty for nothing.
pub(super) fn variant(
    owner: &str,
    side: Side,
    name: &str,
    old: Option<&str>,
    new: Option<&str>,
) -> Option<Effect> {
    let event = event(old.as_ref(), new.as_ref())?;
    let held = |ty: &str| match ty {
        "" => "nothing".to_owned(),
        ty => format!("`{ty}`"),
    };
    let phrase = match (old, new) {
        (Some(old), Some(new)) => {
            format!("variant `{name}` holds {}, held {}", held(new), held(old))
        }
        (Some(_), None) => format!("variant `{name}` is gone"),
        (None, _) if side == Side::ClosedVariant => {
            format!("new variant `{name}`, which a `match` without `_` must handle")
        }
        (None, _) => format!("new variant `{name}`, which a `match` covers by its `_`"),
    };
    Some(Effect::new(owner, side, event, phrase))
}

/// What callers use of a member of a structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MemberUse {
    /// The type of the field.
    pub(super) field: String,
    /// Whether there is a setter.
    pub(super) setter: bool,
    /// The argument of `new`, if it is one.
    pub(super) argument: Option<String>,
}

/// A member of `owner`, where it was and is there.
pub(super) fn member(
    owner: &str,
    name: &str,
    old: Option<&MemberUse>,
    new: Option<&MemberUse>,
) -> Vec<Effect> {
    let fields = (old.map(|x| &x.field), new.map(|x| &x.field));
    let setters = [old, new].map(|x| x.is_some_and(|x| x.setter));
    let arguments = [old, new].map(|x| x.and_then(|x| x.argument.as_ref()));
    let mut effects = Vec::new();
    let mut add = |side, event, phrase| effects.push(Effect::new(owner, side, event, phrase));
    let noun = match setters.contains(&true) {
        true => "field and setter",
        false => "field",
    };
    if let Some(event) = event(fields.0, fields.1) {
        let phrase = match fields {
            (None, Some(new)) => format!("new {noun} `{name}: {new}`"),
            (Some(old), Some(new)) => format!("field `{name}` is `{new}`, was `{old}`"),
            _ => format!("{noun} `{name}` is gone"),
        };
        add(Side::Field, event, phrase);
    }
    match setters {
        [false, true] if old.is_some() => {
            add(Side::Setter, Event::Added, format!("new setter `{name}`"));
        }
        [true, false] if new.is_some() => {
            let phrase = format!("setter `{name}` is gone");
            add(Side::Setter, Event::Removed, phrase);
        }
        _ => {}
    }
    let [old, new] = arguments;
    if let Some(event) = event(old, new) {
        let phrase = match (old, new) {
            (None, Some(new)) => format!("`new` takes `{name}: {new}`, too"),
            (Some(_), Some(new)) => format!("`new` takes `{name}` as `{new}`"),
            _ => format!("`new` no longer takes `{name}`"),
        };
        add(Side::Argument, event, phrase);
    }
    effects
}

/// The effects in words, by the type that each affects.
pub(super) fn in_words(effects: &[Effect]) -> String {
    const SHOWN: usize = 4;
    let by_owner = effects.chunk_by(|a, b| a.owner == b.owner);
    let words = by_owner.map(|effects| {
        let phrases = effects.iter().map(|effect| effect.phrase.as_str());
        let more = effects.len().saturating_sub(SHOWN);
        let list = if more > 1 {
            let shown: Vec<&str> = phrases.take(SHOWN).collect();
            format!("{}; {more} more", shown.join("; "))
        } else {
            phrases.collect::<Vec<&str>>().join("; ")
        };
        match effects.first().map_or("", |first| &first.owner) {
            "" => list,
            owner => format!("`{owner}`: {list}"),
        }
    });
    words.collect::<Vec<String>>().join("; ")
}

/// A type as Rust code spells it.
pub(super) fn rust(ty: &Type) -> String {
    match ty {
        Type::Unit => String::new(),
        ty => spelled(&types::rust(ty).to_string()),
    }
}

/// Tokens as a person writes them, near enough.
pub(super) fn spelled(tokens: &str) -> String {
    [
        (" :: ", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
    ]
    .iter()
    .fold(tokens.to_owned(), |text, (from, to)| text.replace(from, to))
}
