//! What building the generated crate costs once its dependencies are built.

use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use crate::Result;
use crate::codegen::crate_root;
use crate::measure::{children_cpu, median, print_table};

/// Prints the table.
pub fn table() -> Result<()> {
    cargo(&["build", "--package", "tinsmith-kms"])?;
    let anew = three_times(|| cargo(&["clean", "--package", "tinsmith-kms"]))?;
    let touched = three_times(|| {
        let lib = crate_root().join("generated/kms/src/lib.rs");
        Ok(File::options()
            .append(true)
            .open(lib)?
            .set_modified(SystemTime::now())?)
    })?;
    let rows = [("anew", anew), ("after `touch`", touched)]
        .map(|(what, time)| vec![what.to_owned(), format!("{:.2}", time.as_secs_f64())]);
    let head = ["`cargo build -p tinsmith-kms`", "CPU, s"];
    print_table(
        "Building generated/kms in debug, its dependencies built",
        &head,
        &rows,
    );
    Ok(())
}

/// The median CPU time of three builds, each after `prepare`.
fn three_times(prepare: impl Fn() -> Result<()>) -> Result<Duration> {
    let mut samples = Vec::new();
    for _ in 0..3 {
        prepare()?;
        let begun = children_cpu()?;
        cargo(&["build", "--package", "tinsmith-kms"])?;
        samples.push(children_cpu()? - begun);
    }
    Ok(median(samples))
}

fn cargo(arguments: &[&str]) -> Result<()> {
    let root = fs::canonicalize(crate_root())?;
    let output = Command::new("cargo")
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::null())
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("cargo {}: {shown}", arguments.join(" ")).into())
}
