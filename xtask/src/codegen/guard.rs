//! Prevents overwriting files that do not belong to a crate.

use tinsmith_codegen::output::tree::Obstacle;

use super::Made;
use crate::Failure;

/// The maximum number of files that a message lists.
const LISTED: usize = 10;

/// Returns an error if writing would overwrite files that were not generated for the same crate, or
/// if the directory contains other files. In that case there is nothing to check either.
pub(super) fn is_own(made: &Made, check: bool) -> Result<(), Failure> {
    let Some(obstacle) = made
        .generated
        .tree
        .obstacle(&made.job.out)
        .map_err(Failure::work)?
    else {
        return Ok(());
    };
    let (out, name) = (made.job.out.display(), &made.generated.name);
    // `--force` cannot be combined with `--check`.
    let or = |way: &str| match check {
        true => String::new(),
        false => format!(", or {way} with `--force`"),
    };
    let message = match obstacle {
        Obstacle::OtherCrate(other) => {
            let way_out = match other.strip_prefix("tinsmith-") {
                Some(other) if made.job.takes_name() => {
                    format!("keep its name with `--name {other}`")
                }
                _ => "move it away".to_owned(),
            };
            let or_force = or("replace it");
            format!(
                "`{out}` contains the generated crate `{other}`, not `tinsmith-{name}`; \
                 {way_out}{or_force}"
            )
        }
        Obstacle::Files(paths) => {
            let lines = paths.iter().take(LISTED);
            let mut lines: String = lines.map(|path| format!("\n  {out}/{path}")).collect();
            let or_force = or("overwrite them");
            if paths.len() > LISTED {
                lines.push_str(&format!("\n  and {} more", paths.len() - LISTED));
            }
            format!(
                "these files were not generated for `tinsmith-{name}`:{lines}\n\
                 Use another directory or move them away{or_force}"
            )
        }
        Obstacle::NotEmpty => {
            let directory = match check {
                true => "its directory",
                false => "a new or empty directory",
            };
            let or_force = or("write among its files");
            format!(
                "`{out}` is not empty and does not contain `tinsmith-{name}`; use \
                 {directory}{or_force}"
            )
        }
    };
    let outcome = match check {
        true => "nothing is checked",
        false => "nothing is written",
    };
    Err(Failure::Work(format!("{outcome}: {message}")))
}
