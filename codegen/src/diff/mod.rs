//! What changed between two models, in terms of the API, and what that means for callers of the
//! crate that each gives.
//!
//! Two comparisons make one answer. The services say what changed, in the model's words; the public
//! API of the code generated from both says what a caller notices, and so how the crate's version
//! must change (the Cargo book, "SemVer Compatibility"). Each difference of the API is told with the
//! change that brought it; one that no change explains is told by itself.

mod delta;
mod macros;
mod meaning;
mod operations;
mod report;
mod shapes;
mod structure;
pub mod surface;
mod walk;
mod words;

use crate::emit::{self, CrateOptions, Place as Workspace};
use crate::ir::Service;
use surface::Surface;

/// How the version of a crate must change. In `0.x`, a minor or patch release is one of the last
/// number and a major one of the middle number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The API is the same: documentation, or what goes over the wire.
    Patch,
    /// Callers of the old crate compile; there is more, or something works in another way.
    Minor,
    /// A caller of the old crate may not compile, or may do something else.
    Major,
}

impl Level {
    /// The name as Cargo's documentation has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// What a change belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The service as a whole.
    Service,
    /// An operation, by its name on the wire.
    Operation(String),
    /// A shape, by its Rust name.
    Shape(String),
}

/// What sort of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // Each is what its name says; `words` has the sentences.
pub enum Kind {
    OperationAdded,
    OperationRemoved,
    InputAdded,
    OutputAdded,
    ErrorAdded,
    ErrorRemoved,
    PaginationChanged,
    ShapeAdded,
    ShapeRemoved,
    ShapeRenamed,
    ShapeChanged,
    MemberAdded,
    MemberRemoved,
    MemberRenamed,
    MeaningChanged,
    NoLongerRequired,
    NowRequired,
    TypeChanged,
    SensitivityChanged,
    DefaultChanged,
    UnionMemberAdded,
    UnionMemberRemoved,
    ValueAdded,
    ValueRemoved,
    DeprecationChanged,
    ConstructionChanged,
    BehaviorChanged,
    ConstraintChanged,
    DocumentationChanged,
    /// The generated code differs in a way that no other change explains.
    Other,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it belongs to.
    pub place: Place,
    /// What it means for the crate's version.
    pub level: Level,
    /// What sort it is.
    pub kind: Kind,
    /// What changed, in Markdown of one line.
    pub what: String,
    /// What that means for a Rust caller, in Markdown of one line.
    pub consequence: String,
}

/// All that changed from one model to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// By place, within one the gravest first.
    pub changes: Vec<Change>,
}

/// The names of the models, for the heads of reports.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The old model.
    pub old: &'a str,
    /// The new model.
    pub new: &'a str,
}

impl Diff {
    /// The gravest level, or `None` when nothing changed.
    pub fn verdict(&self) -> Option<Level> {
        self.changes.iter().map(|change| change.level).max()
    }
}

/// Compares two versions of a service.
///
/// # Errors
///
/// A text when a crate cannot be generated or read back, which is a fault of the generator.
pub fn diff(old: &Service, new: &Service) -> Result<Diff, String> {
    // No header and no dependency shall differ by the models' places.
    let options = CrateOptions {
        runtime: "version = \"*\"".to_owned(),
        place: Workspace::Alone,
    };
    let tree = |service: &Service| {
        let mut service = service.clone();
        (service.name, service.source) = ("diff".to_owned(), "diff.json".to_owned());
        emit::emit(&service, &options)
    };
    let (old_tree, new_tree) = (tree(old)?, tree(new)?);
    let deltas = delta::compare(&Surface::of(&old_tree)?, &Surface::of(&new_tree)?);
    let mut changes = walk::changes(old, new, &deltas);
    if changes.is_empty() && old_tree != new_tree {
        changes.push(Change {
            place: Place::Service,
            level: Level::Patch,
            kind: Kind::Other,
            what: "the generated code differs".to_owned(),
            consequence: "callers compile as before".to_owned(),
        });
    }
    changes.sort_by(|a, b| (&a.place, b.level).cmp(&(&b.place, a.level)));
    Ok(Diff { changes })
}
