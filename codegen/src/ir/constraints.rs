//! Constraints: what a value must be like. The service checks them, and the client does not: they
//! change more often than clients are built.

/// The constraints of a member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constraints {
    /// Of the value itself.
    pub value: Limits,
    /// Of what the value holds.
    pub elements: Elements,
    /// The value that the service takes if none is given, as the model writes it. A zero is left
    /// out: Smithy 1.0 gave one to every number and flag, so that it says no more than the type.
    pub default: Option<String>,
}

/// The constraints of the elements of a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Elements {
    /// The value holds no others.
    #[default]
    None,
    /// Of each item of a list.
    Items(Limits),
    /// Of each key and each value of a map.
    Entries(Limits, Limits),
}

/// The constraints of one value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// `@length`: of characters, bytes, items or entries.
    pub length: Bounds<u64>,
    /// `@range`: the digits, as the model writes them.
    pub range: Bounds<String>,
    /// `@pattern`, a regular expression.
    pub pattern: Option<String>,
    /// `@uniqueItems`.
    pub unique_items: bool,
}

/// The ends of a range, which both belong to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds<T> {
    /// The lower end, if there is one.
    pub min: Option<T>,
    /// The upper end, if there is one.
    pub max: Option<T>,
}
