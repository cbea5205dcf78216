//! What generating costs, from the model's text to the file tree in memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use proc_macro2::TokenStream;
use tinsmith_codegen::emit::{CrateOptions, Place, Runtime};
use tinsmith_codegen::generate::{Generated, generate};
use tinsmith_codegen::lower::Options;
use tinsmith_smithy::load::Source;

use crate::Result;
use crate::measure::{Table, median, peak_memory, process_cpu, times_of};

/// Times of which the median counts.
const ROUNDS: usize = 11;

/// The table. Next to each model is its baseline: parsing its text with serde_json, and parsing and
/// formatting what was generated with syn and prettyplease, on one core.
pub fn table() -> Result<Table> {
    let mut table = Table::new(
        "codegen",
        "From a model's text to the file tree in memory",
        &[
            "model",
            "text, KB",
            "Rust lines",
            "wall, ms",
            "CPU of all threads, ms",
            "floor's CPU, ms",
            "ratio",
        ],
    );
    let mut models = vec![("kms".to_owned(), crate_root().join("model/kms.json"))];
    if let Some(folder) = tinsmith_testing::shared("models") {
        models.extend(in_folder(&folder)?);
    }
    let mut sum = Costs::default();
    for (name, model) in models {
        let costs = costs(&name, &model)?;
        table.row(costs.cells(&name));
        if name != "kms" {
            sum.add(&costs);
        }
    }
    if sum.text > 0 {
        table.row(sum.cells("all models given"));
    }
    let peak = peak_memory()?;
    table.note(format!(
        "The most memory held at once, the floors' included: {peak:.0} MB."
    ));
    Ok(table)
}

/// The JSON files of a folder with their names.
fn in_folder(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut models = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let name = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            models.push((name, path));
        }
    }
    models.sort();
    Ok(models)
}

/// What a model costs.
#[derive(Default)]
struct Costs {
    text: usize,
    lines: usize,
    wall: Duration,
    cpu: Duration,
    floor: Duration,
}

impl Costs {
    fn add(&mut self, other: &Self) {
        self.text += other.text;
        self.lines += other.lines;
        self.wall += other.wall;
        self.cpu += other.cpu;
        self.floor += other.floor;
    }

    fn cells(&self, name: &str) -> Vec<String> {
        vec![
            name.to_owned(),
            (self.text / 1000).to_string(),
            self.lines.to_string(),
            millis(self.wall),
            millis(self.cpu),
            millis(self.floor),
            format!("{:.2}", self.cpu.as_secs_f64() / self.floor.as_secs_f64()),
        ]
    }
}

/// The folder of the project.
pub fn crate_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn costs(name: &str, model: &Path) -> Result<Costs> {
    let texts = texts(model)?;
    let mut made = whole(name, &texts)?;
    let (cpu, wall) = times_of(ROUNDS, || {
        made = whole(name, &texts)?;
        Ok(())
    })?;
    let mut samples = Vec::new();
    for _ in 0..ROUNDS {
        let files = made.tree.files().filter(|(path, _)| path.ends_with(".rs"));
        let tokens = files.map(|(path, text)| {
            text.parse()
                .map_err(|error| format!("{path}: {error}").into())
        });
        let tokens = tokens.collect::<Result<Vec<TokenStream>>>()?;
        let begun = process_cpu()?;
        floor(&texts, tokens)?;
        samples.push(process_cpu()? - begun);
    }
    Ok(Costs {
        text: texts.iter().map(String::len).sum(),
        lines: made.tree.rust_lines(),
        wall,
        cpu,
        floor: median(samples),
    })
}

/// What no generator with these means can do without.
fn floor(texts: &[String], tokens: Vec<TokenStream>) -> Result<()> {
    for text in texts {
        let model: serde_json::Value = serde_json::from_str(text)?;
        drop(model);
    }
    for tokens in tokens {
        let file: syn::File = syn::parse2(tokens)?;
        prettyplease::unparse(&file);
    }
    Ok(())
}

fn millis(time: Duration) -> String {
    format!("{:.0}", time.as_secs_f64() * 1e3)
}

fn whole(name: &str, texts: &[String]) -> Result<Generated> {
    let options = CrateOptions {
        runtime: Runtime::folders("../../runtime/core", "../../runtime/client"),
        place: Place::Workspace,
    };
    generated(name, texts, None, &options)
}

/// The crate of a model, or of some of its operations.
pub fn generated(
    name: &str,
    texts: &[String],
    operations: Option<Vec<String>>,
    crate_options: &CrateOptions,
) -> Result<Generated> {
    let sources: Vec<_> = texts.iter().map(|text| Source { name, text }).collect();
    let options = Options {
        name: Some(name.to_owned()),
        source: format!("model/{name}.json"),
        operations,
        service: None,
    };
    generate(&sources, &options, crate_options).map_err(|error| error.to_string().into())
}

/// The texts of a model and of its overlay, if it has one.
pub fn texts(model: &Path) -> Result<Vec<String>> {
    let overlay = model.with_extension("overlay.json");
    let mut texts = vec![read(model)?];
    if overlay.exists() {
        texts.push(read(&overlay)?);
    }
    Ok(texts)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Generates from one model and measures nothing: for a profiler.
pub fn spin(model: &Path, count: usize) -> Result<()> {
    let texts = [read(model)?];
    for _ in 0..count {
        whole("spin", &texts)?;
    }
    Ok(())
}
