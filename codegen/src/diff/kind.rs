//! The kinds of changes.

/// Defines the enum of kinds: each with a name for programs, and the noun and the rest of the
/// sentence that counts such changes.
macro_rules! kinds {
    ($($kind:ident: $id:literal, $noun:literal, $rest:literal;)*) => {
        /// What kind of change it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs)] // Each is what its name says.
        pub enum Kind {
            $($kind,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            fn words(self) -> (&'static str, &'static str, &'static str) {
                match self {
                    $(Self::$kind => ($id, $noun, $rest),)*
                }
            }
        }
    };
}

kinds! {
    OperationAdded: "operation-added", "operation", "added";
    OperationRemoved: "operation-removed", "operation", "removed";
    InputAdded: "input-added", "input", "added";
    OutputAdded: "output-added", "output", "added";
    ErrorAdded: "error-added", "error", "added";
    ErrorRemoved: "error-removed", "error", "removed";
    PaginationChanged: "pagination-changed", "pagination", "changed";
    ShapeAdded: "shape-added", "shape", "added";
    ShapeRemoved: "shape-removed", "shape", "removed";
    ShapeRenamed: "shape-renamed", "shape", "renamed";
    ShapeChanged: "shape-changed", "shape", "changed in kind";
    MemberAdded: "member-added", "member", "added";
    MemberRemoved: "member-removed", "member", "removed";
    MemberRenamed: "member-renamed", "member", "renamed in Rust";
    MeaningChanged: "meaning-changed", "name", "given to something else";
    NoLongerRequired: "no-longer-required", "member", "no longer required";
    NowRequired: "now-required", "member", "now required";
    TypeChanged: "type-changed", "type", "changed";
    SensitivityChanged: "sensitivity-changed", "sensitivity", "changed";
    DefaultChanged: "default-changed", "default", "changed";
    UnionMemberAdded: "union-member-added", "union member", "added";
    UnionMemberRemoved: "union-member-removed", "union member", "removed";
    ValueAdded: "value-added", "enum value", "added";
    ValueRemoved: "value-removed", "enum value", "removed";
    DeprecationChanged: "deprecation-changed", "deprecation", "changed";
    ConstructionChanged: "construction-changed", "shape", "used in another way";
    BehaviorChanged: "behavior-changed", "behavior", "changed";
    ConstraintChanged: "constraint-changed", "constraint", "changed";
    DocumentationChanged: "documentation-changed", "documentation text", "changed";
    Other: "other", "other change", "of the API";
}

impl Kind {
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

    /// The consequence of a change without effects on the code of callers.
    pub(super) fn unnoticed(self) -> &'static str {
        match self {
            Self::DocumentationChanged => "documentation only",
            Self::ConstraintChanged => {
                "documentation only: the service enforces it, not the client"
            }
            _ => "callers compile as before",
        }
    }
}
