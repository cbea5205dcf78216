//! One section of a shared file: named values.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::sensitive::Sensitive;

/// The properties of a profile, an SSO session or a services definition.
///
/// `Debug` shows only the names.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Section {
    properties: BTreeMap<String, Sensitive<String>>,
    /// In lower case, and only as far as they can be shown.
    invalid_names: BTreeSet<String>,
}

impl Section {
    /// Returns the value of a property. Names are case-insensitive. The lines of a continued value
    /// are joined by newlines.
    pub fn get(&self, property: &str) -> Option<&str> {
        let value = self.properties.get(&property.to_ascii_lowercase())?;
        Some(value.as_str())
    }

    /// Returns a nested property, such as `addressing_style` below `s3 =`. Names are
    /// case-insensitive.
    pub fn get_nested(&self, property: &str, nested: &str) -> Option<&str> {
        let lines = self.get(property)?.strip_prefix('\n')?.lines();
        let mut found = None;
        for line in lines {
            // The last one wins, as for properties.
            if let Some((name, value)) = strip_comment(line).split_once('=') {
                if name.trim().eq_ignore_ascii_case(nested) {
                    found = Some(value.trim());
                }
            }
        }
        found
    }

    /// Returns the names of all properties, in lower case and sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.properties.keys().map(String::as_str)
    }

    /// Returns the names of ignored lines, which are not valid property names.
    #[cfg(feature = "default-chain")]
    pub(crate) fn invalid_names(&self) -> impl Iterator<Item = &str> {
        self.invalid_names.iter().map(String::as_str)
    }

    /// Records an ignored property by the first part of its name that is valid: the line may be
    /// from a shell script, or the name may be in quotes.
    pub(super) fn leave_out(&mut self, property: &str) {
        let name = property.to_ascii_lowercase();
        let mut words = name.split(|c| !is_shown(c)).filter(|word| !word.is_empty());
        let meant = words.find(|word| !matches!(*word, "env" | "export" | "set"));
        let meant = shown_name(meant.unwrap_or_default()).to_owned();
        self.invalid_names.insert(meant);
    }

    pub(super) fn set(&mut self, property: &str, value: String) {
        let property = property.to_ascii_lowercase();
        self.properties.insert(property, Sensitive::new(value));
    }

    /// Adds the properties of `other`, which win.
    pub(super) fn merge(&mut self, other: Self) {
        self.properties.extend(other.properties);
        self.invalid_names.extend(other.invalid_names);
    }
}

impl fmt::Debug for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.names().map(shown_name);
        f.debug_set().entries(names).finish()
    }
}

/// Returns the part of a property's name that is safe to show. `:`, `/` and others are valid in a
/// name, but known properties do not contain them, and a line like `secret_key:VALUE=` does.
pub(crate) fn shown_name(name: &str) -> &str {
    let end = name.find(|c| !is_shown(c)).unwrap_or(name.len());
    name.get(..end.min(64)).unwrap_or_default()
}

fn is_shown(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// Removes a comment, which begins with `#` or `;` after white space.
pub(super) fn strip_comment(line: &str) -> &str {
    let mut after_space = false;
    for (position, character) in line.char_indices() {
        if after_space && matches!(character, '#' | ';') {
            return &line[..position];
        }
        after_space = matches!(character, ' ' | '\t');
    }
    line
}
