//! What changed between two models, in terms of the API, and what that means for callers of the
//! crate that each gives.
//!
//! The two services are compared: all names that a crate has are facts of its service. Each change
//! has effects on the code of callers, and a table says how the crate's version must change for each
//! (the Cargo book, "SemVer Compatibility").

mod effect;
mod kind;
mod operations;
mod report;
mod shapes;
mod structure;
mod walk;
mod words;

pub use effect::{Action, Side};
pub use kind::Kind;

use crate::ir::Service;

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
    /// Its effects on the code of callers.
    pub effects: Vec<(Action, Side)>,
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
pub fn diff(old: &Service, new: &Service) -> Diff {
    let mut changes = walk::changes(old, new);
    if changes.is_empty() && !is_same(old, new) {
        changes.push(Change {
            place: Place::Service,
            level: Level::Patch,
            kind: Kind::Other,
            what: "the generated code differs".to_owned(),
            effects: Vec::new(),
            consequence: "callers compile as before".to_owned(),
        });
    }
    changes.sort_by(|a, b| (&a.place, b.level).cmp(&(&b.place, a.level)));
    Diff { changes }
}

/// Whether two services are the same but for where their models stand and what they leave out.
fn is_same(old: &Service, new: &Service) -> bool {
    let mut old = old.clone();
    old.name.clone_from(&new.name);
    old.source.clone_from(&new.source);
    old.notices.clone_from(&new.notices);
    old.shapes = new.shapes;
    old == *new
}
