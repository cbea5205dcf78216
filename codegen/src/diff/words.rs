//! The words of the reports.

use std::collections::BTreeMap;

use super::{Kind, Level};
use tinsmith_smithy::default_value::Literal;

use crate::ir::{Field, Presence, Type};

impl Kind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::OperationAdded,
        Self::OperationRemoved,
        Self::InputAdded,
        Self::OutputAdded,
        Self::ErrorAdded,
        Self::ErrorRemoved,
        Self::PaginationChanged,
        Self::ShapeAdded,
        Self::ShapeRemoved,
        Self::ShapeRenamed,
        Self::ShapeChanged,
        Self::MemberAdded,
        Self::MemberRemoved,
        Self::MemberRenamed,
        Self::MeaningChanged,
        Self::NoLongerRequired,
        Self::NowRequired,
        Self::TypeChanged,
        Self::SensitivityChanged,
        Self::DefaultChanged,
        Self::UnionMemberAdded,
        Self::UnionMemberRemoved,
        Self::ValueAdded,
        Self::ValueRemoved,
        Self::DeprecationChanged,
        Self::ConstructionChanged,
        Self::BehaviorChanged,
        Self::ConstraintChanged,
        Self::DocumentationChanged,
        Self::Other,
    ];

    /// A name for programs, and the noun and the rest of the sentence that counts such changes.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::OperationAdded => ("operation-added", "operation", "added"),
            Self::OperationRemoved => ("operation-removed", "operation", "removed"),
            Self::InputAdded => ("input-added", "input", "added"),
            Self::OutputAdded => ("output-added", "output", "added"),
            Self::ErrorAdded => ("error-added", "error", "added"),
            Self::ErrorRemoved => ("error-removed", "error", "removed"),
            Self::PaginationChanged => ("pagination-changed", "pagination", "changed"),
            Self::ShapeAdded => ("shape-added", "shape", "added"),
            Self::ShapeRemoved => ("shape-removed", "shape", "removed"),
            Self::ShapeRenamed => ("shape-renamed", "shape", "renamed"),
            Self::ShapeChanged => ("shape-changed", "shape", "changed in kind"),
            Self::MemberAdded => ("member-added", "member", "added"),
            Self::MemberRemoved => ("member-removed", "member", "removed"),
            Self::MemberRenamed => ("member-renamed", "member", "renamed in Rust"),
            Self::MeaningChanged => ("meaning-changed", "name", "given to something else"),
            Self::NoLongerRequired => ("no-longer-required", "member", "no longer required"),
            Self::NowRequired => ("now-required", "member", "now required"),
            Self::TypeChanged => ("type-changed", "type", "changed"),
            Self::SensitivityChanged => ("sensitivity-changed", "sensitivity", "changed"),
            Self::DefaultChanged => ("default-changed", "default", "changed"),
            Self::UnionMemberAdded => ("union-member-added", "union member", "added"),
            Self::UnionMemberRemoved => ("union-member-removed", "union member", "removed"),
            Self::ValueAdded => ("value-added", "enum value", "added"),
            Self::ValueRemoved => ("value-removed", "enum value", "removed"),
            Self::DeprecationChanged => ("deprecation-changed", "deprecation", "changed"),
            Self::ConstructionChanged => ("construction-changed", "shape", "used in another way"),
            Self::BehaviorChanged => ("behavior-changed", "behavior", "changed"),
            Self::ConstraintChanged => ("constraint-changed", "constraint", "changed"),
            Self::DocumentationChanged => {
                ("documentation-changed", "documentation text", "changed")
            }
            Self::Other => ("other", "other change", "of the API"),
        }
    }

    /// The name for programs, such as `member-added`.
    pub fn id(self) -> &'static str {
        self.words().0
    }

    /// `3 members added`.
    pub(super) fn count(self, number: usize) -> String {
        let (_, noun, rest) = self.words();
        match (number, noun.strip_suffix('y')) {
            (1, _) => format!("1 {noun} {rest}"),
            (_, Some(stem)) => format!("{number} {stem}ies {rest}"),
            (_, None) => format!("{number} {noun}s {rest}"),
        }
    }

    /// Whether something that callers could use went away.
    pub(super) fn is_removal(self) -> bool {
        self.id().ends_with("-removed")
    }

    /// What a change means whose code keeps its API.
    pub(super) fn unnoticed(self, level: Level) -> &'static str {
        match self {
            Self::DocumentationChanged => "documentation only",
            Self::ConstraintChanged => {
                "documentation only: the service enforces it, not the client"
            }
            Self::MeaningChanged => "callers compile as before, but do something else",
            _ if level == Level::Minor => {
                "callers compile as before; the same calls may mean something else"
            }
            _ => "callers compile as before",
        }
    }
}

/// The type in Smithy's words.
pub(super) fn ty(ty: &Type) -> String {
    let plain = match ty {
        Type::Boolean => "boolean",
        Type::Byte => "byte",
        Type::Short => "short",
        Type::Integer => "integer",
        Type::Long => "long",
        Type::Float => "float",
        Type::Double => "double",
        Type::BigInteger => "bigInteger",
        Type::BigDecimal => "bigDecimal",
        Type::String => "string",
        Type::Blob => "blob",
        Type::Document => "document",
        Type::Unit => "unit",
        Type::Timestamp(format) => return format!("timestamp ({format:?})"),
        Type::Enum(name) | Type::IntEnum(name) | Type::Structure(name) | Type::Union(name) => {
            return format!("`{name}`");
        }
        Type::List { item, sparse } => {
            return format!("{}list of {}", sparse_word(*sparse), self::ty(item));
        }
        Type::Map { key, value, sparse } => {
            return format!(
                "{}map of {} to {}",
                sparse_word(*sparse),
                self::ty(key),
                self::ty(value)
            );
        }
        Type::Boxed(inner) => return format!("boxed {}", self::ty(inner)),
        Type::Sensitive(inner) => return format!("sensitive {}", self::ty(inner)),
    };
    plain.to_owned()
}

fn sparse_word(sparse: bool) -> &'static str {
    if sparse { "sparse " } else { "" }
}

/// `required`, `optional` or its default.
pub(super) fn presence(field: &Field) -> String {
    match &field.presence {
        Presence::Required => "required".to_owned(),
        Presence::Optional => "optional".to_owned(),
        Presence::Default(literal) => format!("default {}", self::literal(literal)),
    }
}

/// A default of the model.
pub(super) fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Zero => "zero".to_owned(),
        Literal::Bool(flag) => format!("`{flag}`"),
        Literal::Integer(number) => format!("`{number}`"),
        Literal::Float(text) | Literal::Number(text) => format!("`{text}`"),
        Literal::Text(text) => code(&format!("{text:?}")),
        Literal::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Literal::Timestamp(seconds, nanos) => format!("`{seconds}.{nanos:09}`"),
        Literal::Document(inner) => self::literal(inner),
        Literal::EmptyList => "`[]`".to_owned(),
        Literal::EmptyMap => "`{}`".to_owned(),
    }
}

/// Text of the model as a code span of one line.
pub(super) fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// `a, b and c`, in code.
pub(super) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// What stayed, went and came of a list of members.
pub(super) type Paired<'a, T> = (Vec<(&'a T, &'a T)>, Vec<&'a T>, Vec<&'a T>);

/// Pairs members by the name on the wire, and what is left by the name in Rust. `key` gives both.
pub(super) fn paired<'a, T>(
    old: &'a [T],
    new: &'a [T],
    key: impl Fn(&T) -> (String, String),
) -> Paired<'a, T> {
    let by_wire =
        |list: &'a [T]| -> BTreeMap<String, &'a T> { list.iter().map(|x| (key(x).0, x)).collect() };
    let (before, after) = (by_wire(old), by_wire(new));
    let free = new.iter().filter(|x| !before.contains_key(&key(x).0));
    let mut free: BTreeMap<String, &T> = free.map(|x| (key(x).1, x)).collect();
    let mut kept = Vec::new();
    let mut gone = Vec::new();
    for was in old {
        let (wire, name) = key(was);
        match after.get(&wire).copied().or_else(|| free.remove(&name)) {
            Some(is) => kept.push((was, is)),
            None => gone.push(was),
        }
    }
    let is_free = |x: &&T| free.contains_key(&key(x).1) && !before.contains_key(&key(x).0);
    let came = new.iter().filter(is_free).collect();
    (kept, gone, came)
}
