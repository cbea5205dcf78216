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
    /// The member, value or shape of the model that a name represents.
    Meaning,
}

/// What happens there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It is there now.
    Added,
    /// It was there.
    Removed,
    /// It is declared in another way, or means something else.
    Changed,
}

/// The level of an action. The rules are those of the Cargo book, "SemVer Compatibility".
pub(super) fn level(action: Action, side: Side) -> Level {
    match (side, action) {
        // "Adding/removing function parameters", "adding new enum variants (without
        // `non_exhaustive`)".
        (Side::Argument | Side::ClosedVariant, _) => Level::Major,
        // No compiler tells callers.
        (Side::Meaning, _) => Level::Major,
        (Side::Value, _) | (Side::Warning, Action::Added) => Level::Minor,
        (Side::Warning, Action::Removed | Action::Changed) => Level::Patch,
        (
            Side::Type
            | Side::Field
            | Side::Setter
            | Side::OpenVariant
            | Side::Function
            | Side::Trait,
            action,
        ) => match action {
            Action::Added => Level::Minor,
            Action::Removed | Action::Changed => Level::Major,
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
    pub(super) action: Action,
    /// What a caller notices, without the name of the type that owns it.
    phrase: String,
}

impl Effect {
    fn new(owner: &str, side: Side, action: Action, phrase: String) -> Self {
        Self {
            owner: owner.to_owned(),
            side,
            action,
            phrase,
        }
    }

    pub(super) fn level(&self) -> Level {
        level(self.action, self.side)
    }

    /// A type that all of the API has or lacks.
    pub(super) fn of_type(name: &str, action: Action) -> Self {
        let phrase = match action {
            Action::Added => format!("new type `{name}`"),
            Action::Removed => format!("`{name}` is gone"),
            Action::Changed => format!("`{name}` is another type"),
        };
        Self::new("", Side::Type, action, phrase)
    }

    /// The arguments that a structure's `new` had and has are in another order.
    pub(super) fn reordered(owner: &str) -> Self {
        let phrase = "`new` takes its arguments in another order";
        Self::new(owner, Side::Argument, Action::Changed, phrase.to_owned())
    }

    /// The value of a member that nobody sets, which differs.
    pub(super) fn of_value() -> Self {
        let phrase = "callers compile as before; the same calls may mean something else";
        Self::new("", Side::Value, Action::Changed, phrase.to_owned())
    }

    /// A name that represents something else.
    pub(super) fn of_meaning() -> Self {
        let phrase = "callers compile as before, but do something else";
        Self::new("", Side::Meaning, Action::Changed, phrase.to_owned())
    }

    pub(super) fn warning(owner: &str, action: Action) -> Self {
        let phrase = match action {
            Action::Added => "callers see a warning, which `-D warnings` makes an error",
            Action::Removed => "the warning is gone",
            Action::Changed => "the warning says something else",
        };
        Self::new(owner, Side::Warning, action, phrase.to_owned())
    }
}

/// What happened to something that was or was not there; nothing if it stayed the same.
fn action<T: PartialEq>(old: Option<&T>, new: Option<&T>) -> Option<Action> {
    match (old, new) {
        (None, Some(_)) => Some(Action::Added),
        (Some(_), None) => Some(Action::Removed),
        (Some(old), Some(new)) if old != new => Some(Action::Changed),
        _ => None,
    }
}

/// A function of `owner` by its name, where it was and is there. `noun` is `method` or `function`.
pub(super) fn function(
    owner: &str,
    noun: &str,
    old: Option<&str>,
    new: Option<&str>,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    if old != new {
        let mut add =
            |action, phrase| effects.push(Effect::new(owner, Side::Function, action, phrase));
        old.inspect(|name| add(Action::Removed, format!("{noun} `{name}` is gone")));
        new.inspect(|name| add(Action::Added, format!("new {noun} `{name}`")));
    }
    effects
}

/// A trait of `owner`: its associated types, empty if it has none, where it is implemented.
pub(super) fn implemented(
    owner: &str,
    name: &str,
    old: Option<&str>,
    new: Option<&str>,
) -> Option<Effect> {
    let action = action(old.as_ref(), new.as_ref())?;
    let phrase = match (old, new) {
        (Some(old), Some(new)) => format!("`{name}` has `{new}`, had `{old}`"),
        (None, _) => format!("implements `{name}`"),
        (_, None) => format!("no longer implements `{name}`"),
    };
    Some(Effect::new(owner, Side::Trait, action, phrase))
}

/// The same for a trait without associated types.
pub(super) fn implements(owner: &str, name: &str, old: bool, new: bool) -> Option<Effect> {
    implemented(owner, name, old.then_some(""), new.then_some(""))
}

/// A variant of `owner`: its name and what it holds, which is empty for nothing, where it was and is
/// there.
pub(super) fn variant(
    owner: &str,
    side: Side,
    old: Option<(&str, String)>,
    new: Option<(&str, String)>,
) -> Vec<Effect> {
    let held = |ty: &str| match ty {
        "" => "nothing".to_owned(),
        ty => format!("`{ty}`"),
    };
    let effect = |action, phrase| Effect::new(owner, side, action, phrase);
    let gone = |name| effect(Action::Removed, format!("variant `{name}` is gone"));
    let came = |name| {
        let handled = match side {
            Side::ClosedVariant => "a `match` without `_` must handle",
            _ => "a `match` covers by its `_`",
        };
        effect(
            Action::Added,
            format!("new variant `{name}`, which {handled}"),
        )
    };
    match (old, new) {
        (Some((was, old)), Some((name, new))) if was == name => {
            let (is, was) = (held(&new), held(&old));
            let phrase = format!("variant `{name}` holds {is}, held {was}");
            let changed = (old != new).then(|| effect(Action::Changed, phrase));
            changed.into_iter().collect()
        }
        (old, new) => {
            let gone = old.map(|(name, _)| gone(name));
            let came = new.map(|(name, _)| came(name));
            gone.into_iter().chain(came).collect()
        }
    }
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
    let mut add = |side, action, phrase| effects.push(Effect::new(owner, side, action, phrase));
    let noun = match setters.contains(&true) {
        true => "field and setter",
        false => "field",
    };
    if let Some(action) = action(fields.0, fields.1) {
        let phrase = match fields {
            (None, Some(new)) => format!("new {noun} `{name}: {new}`"),
            (Some(old), Some(new)) => format!("field `{name}` is `{new}`, was `{old}`"),
            _ => format!("{noun} `{name}` is gone"),
        };
        add(Side::Field, action, phrase);
    }
    match setters {
        [false, true] if old.is_some() => {
            add(Side::Setter, Action::Added, format!("new setter `{name}`"));
        }
        [true, false] if new.is_some() => {
            let phrase = format!("setter `{name}` is gone");
            add(Side::Setter, Action::Removed, phrase);
        }
        _ => {}
    }
    let [old, new] = arguments;
    if let Some(action) = action(old, new) {
        let phrase = match (old, new) {
            (None, Some(new)) => format!("`new` takes `{name}: {new}`, too"),
            (Some(_), Some(new)) => format!("`new` takes `{name}` as `{new}`"),
            _ => format!("`new` no longer takes `{name}`"),
        };
        add(Side::Argument, action, phrase);
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
