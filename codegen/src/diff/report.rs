//! A diff as text, as Markdown and as JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Change, Diff, Kind, Level, Names, Place};

impl Diff {
    /// For a terminal: the verdict and why, then the changes by operation and shape.
    pub fn text(&self, names: Names<'_>) -> String {
        let (headline, summary) = (self.headline(), self.summary());
        let head = format!("{headline}\n{} -> {}: {summary}\n", names.old, names.new);
        let section = |title: &str| format!("\n{title}\n");
        let line = |level: &str, text: &str| format!("  {level:<5}  {text}\n");
        self.sections(head, "", section, line)
    }

    /// For a pull request or a changelog.
    pub fn markdown(&self, names: Names<'_>) -> String {
        let (headline, summary) = (self.headline(), self.summary());
        let head = format!(
            "## {headline}\n\n`{}` → `{}`: {summary}\n",
            names.old, names.new
        );
        let section = |title: &str| format!("\n### {title}\n\n");
        let line = |level: &str, text: &str| format!("- **{level}**: {text}\n");
        self.sections(head, "`", section, line)
    }

    /// Adds the changes to `out`, with names in `quote`.
    fn sections(
        &self,
        mut out: String,
        quote: &str,
        section: impl Fn(&str) -> String,
        line: impl Fn(&str, &str) -> String,
    ) -> String {
        for (place, changes) in self.places() {
            out += &section(&title(place, quote));
            for Change {
                level,
                what,
                consequence,
                ..
            } in changes
            {
                out += &line(level.name(), &format!("{what} — {consequence}"));
            }
        }
        if let Some(places) = self.documented() {
            out += &section("documentation only");
            out += &line(Level::Patch.name(), &places);
        }
        out
    }

    /// For programs. `verdict` is `major`, `minor`, `patch` or `none`; every change has its `level`,
    /// `kind`, the `operation` or `shape` that it belongs to (neither for the service's own), `what`
    /// changed and the `consequence`.
    pub fn json(&self, names: Names<'_>) -> String {
        let counts: serde_json::Map<String, Value> = self
            .counts()
            .into_iter()
            .map(|(kind, number)| (kind.id().to_owned(), number.into()))
            .collect();
        let change = |change: &Change| {
            let mut object = json!({"level": change.level.name(), "kind": change.kind.id()});
            match &change.place {
                Place::Service => {}
                Place::Operation(name) => object["operation"] = name.as_str().into(),
                Place::Shape(name) => object["shape"] = name.as_str().into(),
            }
            object["what"] = change.what.as_str().into();
            object["consequence"] = change.consequence.as_str().into();
            object
        };
        let whole = json!({
            "old": names.old,
            "new": names.new,
            "verdict": self.verdict().map_or("none", Level::name),
            "counts": counts,
            "changes": self.changes.iter().map(change).collect::<Vec<Value>>(),
        });
        format!("{whole:#}\n")
    }

    /// The verdict and its reason.
    fn headline(&self) -> String {
        let all = self.changes.len();
        let at = |level| {
            self.changes
                .iter()
                .filter(|change| change.level == level)
                .count()
        };
        match self.verdict() {
            None => "none: nothing changed".to_owned(),
            Some(Level::Patch) => "patch: the API of the crate is the same".to_owned(),
            Some(Level::Minor) => {
                format!(
                    "minor: callers compile as before; {} of {all} changes reach the API",
                    at(Level::Minor)
                )
            }
            Some(Level::Major) => {
                let mut kinds = self.changes.iter().map(|change| change.kind);
                let silent = match kinds.any(|kind| kind == Kind::MeaningChanged) {
                    true => " or change what its code does",
                    false => "",
                };
                format!(
                    "major: {} of {all} changes can keep a caller from compiling{silent}: {}",
                    at(Level::Major),
                    self.breaking()
                )
            }
        }
    }

    /// Where callers break, the first few.
    fn breaking(&self) -> String {
        const SHOWN: usize = 5;
        let breaks = self
            .changes
            .iter()
            .filter(|change| change.level == Level::Major);
        let mut places: Vec<&str> = breaks.map(|change| name(&change.place)).collect();
        places.dedup();
        let more = places.len().saturating_sub(SHOWN);
        let shown = places
            .iter()
            .take(SHOWN)
            .copied()
            .collect::<Vec<&str>>()
            .join(", ");
        match more {
            0 => shown,
            more => format!("{shown} and {more} more"),
        }
    }

    /// How many changes of each sort there are.
    fn summary(&self) -> String {
        let counts = self.counts();
        let mut parts: Vec<String> = counts
            .iter()
            .map(|(kind, number)| kind.count(*number))
            .collect();
        if counts.is_empty() {
            parts.push("the crates are the same".to_owned());
        } else if !counts.keys().any(|kind| kind.is_removal()) {
            parts.push("nothing removed".to_owned());
        }
        parts.join(", ")
    }

    fn counts(&self) -> BTreeMap<Kind, usize> {
        let mut counts = BTreeMap::new();
        for change in &self.changes {
            *counts.entry(change.kind).or_default() += 1;
        }
        counts
    }

    /// The changes by place, without those of documentation.
    fn places(&self) -> impl Iterator<Item = (&Place, Vec<&Change>)> {
        self.changes
            .chunk_by(|a, b| a.place == b.place)
            .filter_map(|changes| {
                let more = |change: &&Change| change.kind != Kind::DocumentationChanged;
                let place = &changes.first()?.place;
                let changes: Vec<&Change> = changes.iter().filter(more).collect();
                (!changes.is_empty()).then_some((place, changes))
            })
    }

    /// Whose documentation changed: so many that one line must do for all.
    fn documented(&self) -> Option<String> {
        let places: Vec<&str> = self
            .changes
            .iter()
            .filter(|change| change.kind == Kind::DocumentationChanged)
            .map(|change| name(&change.place))
            .collect();
        (!places.is_empty()).then(|| places.join(", "))
    }
}

fn title(place: &Place, quote: &str) -> String {
    match place {
        Place::Service => "service".to_owned(),
        Place::Operation(name) => format!("operation {quote}{name}{quote}"),
        Place::Shape(name) => format!("shape {quote}{name}{quote}"),
    }
}

fn name(place: &Place) -> &str {
    match place {
        Place::Service => "the service",
        Place::Operation(name) | Place::Shape(name) => name,
    }
}
