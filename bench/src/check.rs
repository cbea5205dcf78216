//! Figures that do not depend on the machine's mood, held against committed ones.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::Command;

use crate::Result;
use crate::codegen::crate_root;
use crate::programs::{all, lines_and_bytes};

/// How far a figure may rise, in percent: instructions vary a little with the compiler's version.
const MARGINS: [(&str, f64); 4] = [
    ("instructions", 5.0),
    ("lines", 0.0),
    ("crates", 0.0),
    ("bytes", 2.0),
];

type Figures = BTreeMap<String, u64>;

/// Compares, prints both, and fails where a figure is above the committed one.
pub fn check() -> Result<()> {
    let committed = read()?;
    let mut faults = Vec::new();
    let mut out = io::stdout();
    writeln!(out, "| figure | committed | now |\n|---|---|---|")?;
    for (name, now) in measured()? {
        let Some(&before) = committed.get(&name) else {
            faults.push(format!("{name} is not in bench/figures.toml"));
            continue;
        };
        writeln!(out, "| {name} | {before} | {now} |")?;
        let limit = before as f64 * (1.0 + margin(&name) / 100.0);
        if now as f64 > limit {
            faults.push(format!("{name} rose from {before} to {now}"));
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}; if that is meant: cargo xtask bench --accept",
        faults.join("; ")
    )
    .into())
}

/// Writes the figures of now.
pub fn accept() -> Result<()> {
    let mut text = "# What `cargo xtask bench --check` compares with; written by `cargo xtask bench --accept`.\n".to_owned();
    for (name, figure) in measured()? {
        text.push_str(&format!("{name:?} = {figure}\n"));
    }
    fs::write(path(), &text)?;
    write!(io::stdout(), "{text}")?;
    Ok(())
}

fn path() -> PathBuf {
    crate_root().join("bench/figures.toml")
}

/// Lines of `"name" = figure`.
fn read() -> Result<Figures> {
    let text = fs::read_to_string(path())?;
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let (name, figure) = line
                .split_once(" = ")
                .ok_or_else(|| format!("bench/figures.toml: `{line}`"))?;
            Ok((name.trim_matches('"').to_owned(), figure.parse()?))
        })
        .collect()
}

fn margin(name: &str) -> f64 {
    let found = MARGINS.iter().find(|(kind, _)| name.starts_with(kind));
    found.map_or(0.0, |(_, margin)| *margin)
}

fn measured() -> Result<Figures> {
    let mut figures = Figures::new();
    let (lines, _) = lines_and_bytes(&crate_root().join("generated/kms/src"))?;
    figures.insert("lines of generated/kms".to_owned(), lines as u64);
    for program in all(false)?
        .into_iter()
        .filter(|program| program.folder == "ours")
    {
        let crates = format!("crates with {}", program.features);
        figures.insert(crates, program.crates()? as u64);
        if program.tls == "ring" {
            let bytes = "bytes of the program with ring".to_owned();
            figures.insert(bytes, program.binary()?);
        }
    }
    if !Command::new("valgrind")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
    {
        eprintln!("notice: instructions are not counted, since valgrind is not installed");
        return Ok(figures);
    }
    for operation in ["disconnect", "encrypt", "list-keys", "refused"] {
        let what = format!("memory-{operation}");
        // What starting and ending take falls out of the difference.
        let count = (instructions(&what, 120)? - instructions(&what, 20)?) / 100;
        figures.insert(format!("instructions of a call, {operation}"), count);
    }
    let model = crate_root().join("model/kms.json");
    let model = model.to_string_lossy();
    let count = instructions(&model, 2)? - instructions(&model, 1)?;
    figures.insert("instructions of generating KMS".to_owned(), count);
    Ok(figures)
}

/// What valgrind counts of this program's `spin`.
fn instructions(what: &str, times: usize) -> Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["spin", what, &times.to_string()])
        .output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    let (_, count) = line.ok_or_else(|| format!("valgrind: {text}"))?;
    Ok(count.trim().parse()?)
}
