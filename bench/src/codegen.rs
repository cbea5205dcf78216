//! What generating costs, from the model's text to the file tree in memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tinsmith_codegen::emit::{CrateOptions, Place};
use tinsmith_codegen::generate::{Generated, generate};
use tinsmith_codegen::load::Source;
use tinsmith_codegen::lower::Options;

use crate::Result;
use crate::measure::{print_table, times_of};

/// Times of which the median counts.
const ROUNDS: usize = 11;
/// AWS's own models, the largest of all and KMS's.
const SHARED: [&str; 3] = ["kms-2026-08", "ecs-2026-08", "ssm-2025-04"];

/// Prints the table.
pub fn table() -> Result<()> {
    let mut rows = vec![row("kms", &crate_root().join("model/kms.json"))?];
    match std::env::var_os("TINSMITH_SHARED") {
        Some(shared) => {
            for name in SHARED {
                let model = format!("models/{name}.json");
                rows.push(row(name, &Path::new(&shared).join(model))?);
            }
        }
        None => eprintln!("skipped: set TINSMITH_SHARED to the directory that holds models/"),
    }
    let head = [
        "model",
        "text, KB",
        "time, ms",
        "CPU of all threads, ms",
        "Rust lines",
    ];
    print_table(
        "From a model's text to the file tree in memory",
        &head,
        &rows,
    );
    Ok(())
}

/// The folder of the project.
pub fn crate_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn row(name: &str, model: &Path) -> Result<Vec<String>> {
    let overlay = model.with_extension("overlay.json");
    let mut texts = vec![read(model)?];
    if overlay.exists() {
        texts.push(read(&overlay)?);
    }
    let mut lines = 0;
    let (cpu, wall) = times_of(ROUNDS, || {
        lines = generated(name, &texts)?.tree.rust_lines();
        Ok(())
    })?;
    let length: usize = texts.iter().map(String::len).sum();
    Ok(vec![
        name.to_owned(),
        (length / 1000).to_string(),
        millis(wall),
        millis(cpu),
        lines.to_string(),
    ])
}

fn millis(time: Duration) -> String {
    format!("{:.0}", time.as_secs_f64() * 1e3)
}

fn generated(name: &str, texts: &[String]) -> Result<Generated> {
    let sources: Vec<_> = texts.iter().map(|text| Source { name, text }).collect();
    let options = Options {
        name: name.to_owned(),
        source: format!("model/{name}.json"),
        operations: None,
    };
    let crate_options = CrateOptions {
        runtime: "path = \"../../runtime\"".to_owned(),
        place: Place::Workspace,
    };
    generate(&sources, &options, &crate_options).map_err(|error| error.to_string().into())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Generates from one model and measures nothing: for a profiler.
pub fn spin(model: &Path, count: usize) -> Result<()> {
    let texts = [read(model)?];
    for _ in 0..count {
        generated("spin", &texts)?;
    }
    Ok(())
}
