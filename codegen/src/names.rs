//! From the words of a model to Rust identifiers.
//!
//! The rules of the Rust API guidelines (C-CASE): an acronym is one word, so `AWSAccountId` is
//! `aws_account_id` and `KMSInternalException` is `KmsInternalException`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use heck::{ToSnakeCase, ToUpperCamelCase};

/// Keywords of edition 2024, strict and reserved.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Keywords that have no raw form.
const NEVER_RAW: &[&str] = &["crate", "self", "super"];

/// Names that Windows reserves for devices. No file can have one, whatever its extension.
const DEVICES: &[&str] = &["aux", "con", "nul", "prn"];

/// The longest name, in bytes. Modules are files, and rustdoc writes a file for each type; most file
/// systems allow 255 bytes, prefixes and suffixes included.
const LONGEST: usize = 100;

/// Names that are one word although their case says otherwise.
const MIXED_CASE: &[(&str, &str)] = &[("IPv4", "Ipv4"), ("IPv6", "Ipv6"), ("OAuth", "Oauth")];

/// The name of a type, a variant, or a type parameter: `UpperCamelCase`.
pub fn camel(name: &str) -> String {
    let camel = beginning_with_letter('V', words(name).to_upper_camel_case());
    let camel = short(camel, |start, hash| format!("{start}{hash:08X}"));
    if camel == "Self" {
        "Self_".to_owned()
    } else {
        camel
    }
}

/// The name of a field or a function: `snake_case`, raw where it is a keyword.
pub fn snake(name: &str) -> String {
    let snake = plain_snake(name);
    if NEVER_RAW.contains(&&*snake) {
        format!("{snake}_")
    } else if needs_raw(&snake) {
        format!("r#{snake}")
    } else {
        snake
    }
}

/// Whether a name is a keyword of Rust.
pub(crate) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// Whether a name can be an identifier only as `r#name`.
pub(crate) fn needs_raw(name: &str) -> bool {
    is_keyword(name) && !NEVER_RAW.contains(&name)
}

/// The name of a module and of its file: `snake_case`, never raw.
pub fn module(name: &str) -> String {
    let snake = plain_snake(name);
    if is_keyword(&snake) || is_device(&snake) {
        format!("{snake}_")
    } else {
        snake
    }
}

fn plain_snake(name: &str) -> String {
    let snake = beginning_with_letter('v', words(name).to_snake_case());
    short(snake, |start, hash| {
        format!("{}_{hash:08x}", start.trim_end_matches('_'))
    })
}

/// Names that begin with a digit, or have neither letters nor digits, such as `_`, get `letter`.
fn beginning_with_letter(letter: char, name: String) -> String {
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name
    } else {
        format!("{letter}{name}")
    }
}

/// Whether Windows reserves a file name for a device: [`DEVICES`], serial and parallel ports.
pub(crate) fn is_device(name: &str) -> bool {
    let port = name
        .strip_prefix("com")
        .or_else(|| name.strip_prefix("lpt"));
    let is_port = port.is_some_and(|port| matches!(port.as_bytes(), [b'0'..=b'9']));
    is_port || DEVICES.contains(&name)
}

/// Cuts a name to [`LONGEST`]. A hash of the whole replaces the rest, so that different names stay
/// different, and a name stays the same in the model's next version.
fn short(name: String, join: impl Fn(&str, u32) -> String) -> String {
    if name.len() <= LONGEST {
        return name;
    }
    // FNV-1a.
    let hash = name.bytes().fold(0x811c_9dc5, |hash: u32, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let mut end = LONGEST - "_01234567".len();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    join(&name[..end], hash)
}

/// Rewrites what heck would cut wrongly: plural acronyms (`CMKs`) and the names in [`MIXED_CASE`].
fn words(name: &str) -> Cow<'_, str> {
    let mut name = Cow::Borrowed(name);
    // What is not ASCII may be no part of an identifier, and separates words instead.
    if !name.is_ascii() {
        name = name.replace(|c: char| !c.is_ascii(), "_").into();
    }
    for (from, to) in MIXED_CASE {
        if name.contains(from) {
            name = name.replace(from, to).into();
        }
    }
    let ends_acronym = |at: usize| {
        let before = name.get(at.saturating_sub(2)..at).unwrap_or_default();
        before.len() == 2 && before.bytes().all(|c| c.is_ascii_uppercase())
    };
    // Most names have none.
    if !name.match_indices('s').any(|(at, _)| ends_acronym(at)) {
        return name;
    }
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len());
    for (i, &c) in chars.iter().enumerate() {
        let start = run_start(&chars, i);
        let end = i + chars[i..]
            .iter()
            .take_while(|c| c.is_ascii_uppercase())
            .count();
        let plural = end - start >= 2
            && chars.get(end) == Some(&'s')
            && chars.get(end + 1).is_none_or(|c| !c.is_ascii_lowercase());
        if c.is_ascii_uppercase() && plural && i > start {
            out.push(c.to_ascii_lowercase());
        } else {
            out.push(c);
        }
    }
    out.into()
}

/// Where the run of capitals that holds `i` begins.
fn run_start(chars: &[char], i: usize) -> usize {
    i - chars[..i]
        .iter()
        .rev()
        .take_while(|c| c.is_ascii_uppercase())
        .count()
}

/// The names already taken in one place: a crate's types, an enum's variants, a structure's fields.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    taken: BTreeSet<String>,
    suffix: &'static str,
}

impl Scope {
    /// A scope where `reserved` is taken; a name that clashes gets `suffix`, then a number.
    pub fn new(reserved: &[&str], suffix: &'static str) -> Self {
        Self {
            taken: reserved.iter().map(|&name| name.to_owned()).collect(),
            suffix,
        }
    }

    /// Takes a name for each of `originals`, made by `convert`.
    ///
    /// The result does not depend on the order of a model's keys: if names clash, the one that is
    /// the same in Rust and in the model is taken first, the others in alphabetical order.
    pub fn take_all<'n>(
        &mut self,
        originals: impl Iterator<Item = &'n str>,
        convert: fn(&str) -> String,
    ) -> BTreeMap<&'n str, String> {
        let mut converted: Vec<_> = originals.map(|name| (name, convert(name))).collect();
        converted.sort_by_cached_key(|(name, converted)| (*name != *converted, *name));
        let taken = converted.into_iter();
        taken.map(|(name, new)| (name, self.take(new))).collect()
    }

    /// Takes `name`, or the first free name that follows from it.
    ///
    /// Callers ask in a fixed order, so the answer does not depend on the order of a model's keys.
    pub fn take(&mut self, name: String) -> String {
        let name = if self.taken.contains(&name) {
            self.free(&name)
        } else {
            name
        };
        self.taken.insert(name.clone());
        name
    }

    /// Whether a name is taken.
    pub fn has(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    fn free(&self, name: &str) -> String {
        // `Self_` and `Value` make `SelfValue`.
        let base = name.trim_start_matches("r#").trim_end_matches('_');
        let suffixed = format!("{base}{}", self.suffix);
        let mut candidate = suffixed.clone();
        let mut number = 2;
        while self.taken.contains(&candidate) {
            candidate = format!("{suffixed}{number}");
            number += 1;
        }
        candidate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_cases() {
        for (name, expected_snake, expected_camel) in [
            ("KeyId", "key_id", "KeyId"),
            ("AWSAccountId", "aws_account_id", "AwsAccountId"),
            (
                "KMSInternalException",
                "kms_internal_exception",
                "KmsInternalException",
            ),
            ("CMKs", "cmks", "Cmks"),
            (
                "ListOfARNsToSkip",
                "list_of_arns_to_skip",
                "ListOfArnsToSkip",
            ),
            ("CMKsInUse", "cmks_in_use", "CmksInUse"),
            (
                "RSAES_OAEP_SHA_256",
                "rsaes_oaep_sha_256",
                "RsaesOaepSha256",
            ),
            ("SM2PKE", "sm2pke", "Sm2pke"),
            ("IPv6Address", "ipv6_address", "Ipv6Address"),
            ("BOOL", "bool", "Bool"),
            ("NS", "ns", "Ns"),
            ("type", "r#type", "Type"),
            ("Self", "self_", "Self_"),
            ("crate", "crate_", "Crate"),
            ("gen", "r#gen", "Gen"),
            ("_2048", "v2048", "V2048"),
            ("symmetric-default", "symmetric_default", "SymmetricDefault"),
            ("KeySs", "key_ss", "KeySs"),
            ("_", "v", "V"),
            ("", "v", "V"),
            ("-", "v", "V"),
            ("²", "v", "V"),
            ("größe", "gr_e", "GrE"),
        ] {
            assert_eq!(snake(name), expected_snake, "{name}");
            assert_eq!(camel(name), expected_camel, "{name}");
        }
        assert_eq!(module("__"), "v");
        assert_eq!(module("Type"), "type_");
        assert_eq!(module("Mod"), "mod_");
        for name in ["Con", "NUL", "aux", "Prn", "Com1", "COM0", "Lpt9"] {
            assert_eq!(module(name), format!("{}_", name.to_lowercase()));
        }
        for name in ["Com", "Com10", "Lpt", "Connection", "Console", "Null"] {
            assert_eq!(module(name), name.to_lowercase());
        }
    }

    #[test]
    fn clashes_get_a_suffix_then_a_number() {
        let mut scope = Scope::new(&["Client"], "Shape");
        let names = ["Client", "Client", "Key", "Key"].map(|name| scope.take(name.to_owned()));
        assert_eq!(names, ["ClientShape", "ClientShape2", "Key", "KeyShape"]);
        let mut scope = Scope::new(&["Self"], "Value");
        let names = ["Self_", "Self_"].map(|name| scope.take(name.to_owned()));
        assert_eq!(names, ["Self_", "SelfValue"]);
        let mut scope = Scope::new(&["read"], "_");
        let names =
            ["read", "self_", "self_", "r#type", "r#type"].map(|name| scope.take(name.to_owned()));
        assert_eq!(names, ["read_", "self_", "self_2", "r#type", "type_"]);
    }

    #[test]
    fn every_name_has_an_identifier() {
        for (name, expected_snake, expected_camel) in [("_", "v", "V"), ("", "v", "V")] {
            assert_eq!(snake(name), expected_snake);
            assert_eq!(camel(name), expected_camel);
        }
    }

    #[test]
    fn shortens_long_names_and_keeps_them_apart() {
        let longest = "a".repeat(100);
        assert_eq!(snake(&longest), longest);
        for convert in [snake, camel, module] {
            // Cut within a word, or after one.
            for start in ["Na", "XNa", "XxxNa"] {
                let names = ["", "B", "C"]
                    .map(|end| convert(&(start.to_owned() + &"Na".repeat(150) + end)));
                for name in &names {
                    assert!((90..=100).contains(&name.len()), "{name}");
                    assert!(
                        name.to_lowercase().starts_with(&start[..1].to_lowercase()),
                        "{name}"
                    );
                    assert!(!name.contains("__"), "{name}");
                }
                assert!(names[0] != names[1] && names[1] != names[2] && names[2] != names[0]);
            }
        }
        assert!(camel(&"n".repeat(300)).starts_with("Nnn"));
        assert_eq!(snake(&"n".repeat(300)), snake(&"n".repeat(300)));
    }

    #[test]
    fn clashes_do_not_depend_on_order() {
        let names = ["aB", "A_B", "a_b", "c"];
        let expected = ["a_b_3", "a_b_2", "a_b", "c"];
        let mut scope = Scope::new(&["a_b_"], "_");
        let taken = scope.take_all(names.into_iter(), snake);
        assert_eq!(names.map(|name| taken[name].as_str()), expected);
        let mut scope = Scope::new(&["a_b_"], "_");
        assert_eq!(scope.take_all(names.into_iter().rev(), snake), taken);
    }
}
