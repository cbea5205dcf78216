//! Keeps a crate from being written over what is not its own.

use tinsmith_codegen::output::tree::Obstacle;

use super::Made;
use crate::Failure;

/// How many of the files in the way a message lists.
const LISTED: usize = 10;

/// Fails where writing would overwrite files that were not generated for the same crate, or would
/// put a crate among other files.
pub(super) fn may_write(made: &Made) -> Result<(), Failure> {
    let Some(obstacle) = made
        .generated
        .tree
        .obstacle(&made.job.out)
        .map_err(Failure::work)?
    else {
        return Ok(());
    };
    let (out, name) = (made.job.out.display(), &made.generated.name);
    let message = match obstacle {
        Obstacle::OtherCrate(other) => {
            let way_out = match other.strip_prefix("tinsmith-") {
                Some(other) if made.job.takes_name() => {
                    format!("keep its name with `--name {other}`")
                }
                _ => "move it away".to_owned(),
            };
            format!(
                "`{out}` holds the generated crate `{other}`, not `tinsmith-{name}`; {way_out}, or \
                 replace it with `--force`"
            )
        }
        Obstacle::Files(paths) => {
            let lines = paths.iter().take(LISTED);
            let mut lines: String = lines.map(|path| format!("\n  {out}/{path}")).collect();
            if paths.len() > LISTED {
                lines.push_str(&format!("\n  and {} more", paths.len() - LISTED));
            }
            format!(
                "these files were not generated for `tinsmith-{name}`:{lines}\n\
                 Name another directory, move them away, or overwrite them with `--force`"
            )
        }
        Obstacle::NotEmpty => format!(
            "`{out}` is not empty and does not hold `tinsmith-{name}`; name a new or empty \
             directory, or write among its files with `--force`"
        ),
    };
    Err(Failure::Work(format!("nothing is written: {message}")))
}
