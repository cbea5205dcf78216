//! Measures what the project promises about speed and size, each subject in one table.
//!
//! `cargo xtask bench SUBJECT`. Figures are CPU times, which a busy machine disturbs less than wall
//! time, and counts of instructions; what is compared is measured in turns within one run.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode};

use tinsmith_bench::answers::Operation;
use tinsmith_bench::measure::Table;
use tinsmith_bench::{Result, build, call, check, codegen, json, readme, server};

const HELP: &str = include_str!("../help.txt");

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What the arguments ask for.
struct Wish {
    peer: bool,
    readme: bool,
    rounds: usize,
}

fn run(arguments: &[String]) -> Result<()> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [] | ["help" | "-h" | "--help"] => {
            write!(io::stdout(), "{HELP}")?;
            return Ok(());
        }
        // What `call` starts.
        ["serve", operation] => return server::serve(&Operation::named(operation)?.answer()),
        ["spin", model, count] if model.ends_with(".json") => {
            return codegen::spin(Path::new(model), count.parse()?);
        }
        ["spin", what, count] => return call::spin(what, count.parse()?),
        ["--check"] => return check::check(),
        ["--accept"] => return check::accept(),
        _ => {}
    }
    let mut wish = Wish {
        peer: cfg!(feature = "peer"),
        readme: false,
        rounds: 1,
    };
    let mut subjects = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word {
            "--peer" => wish.peer = true,
            "--readme" => wish.readme = true,
            "--rounds" => wish.rounds = words.next().ok_or("--rounds needs a number")?.parse()?,
            "all" => subjects.extend(["codegen", "json", "call", "size", "build"]),
            subject => subjects.push(subject),
        }
    }
    for subject in subjects {
        for table in tables(subject, &wish)? {
            writeln!(io::stdout(), "\n{table}")?;
            if wish.readme {
                readme::put(&table)?;
            }
        }
    }
    Ok(())
}

/// What the program beside this one counts, which counts allocations and is slower for it.
fn footprint() -> Result<Table> {
    let mut table = Table::new(
        "footprint",
        "What a call takes: allocations, answered from memory, and the future that the caller holds",
        &[
            "operation",
            "client",
            "allocations",
            "bytes in all",
            "future, bytes",
            "peak memory, MB",
        ],
    );
    let program = std::env::current_exe()?.with_file_name("footprint");
    let clients: &[&str] = match cfg!(feature = "peer") {
        true => &["ours", "peer"],
        false => &["ours"],
    };
    for operation in Operation::ALL {
        for client in clients {
            let mut command = Command::new(&program);
            let output = command.args([operation.name(), client]).output()?;
            if !output.status.success() {
                return Err(format!("footprint {}: {}", operation.name(), output.status).into());
            }
            let row = String::from_utf8(output.stdout)?;
            table.row(row.trim_end().split('\t').map(str::to_owned).collect());
        }
    }
    Ok(table)
}

fn tables(subject: &str, wish: &Wish) -> Result<Vec<Table>> {
    Ok(match subject {
        "build" => vec![
            build::build(wish.peer, wish.rounds)?,
            build::rebuild(wish.peer, wish.rounds)?,
        ],
        "rebuild" => vec![build::rebuild(wish.peer, wish.rounds)?],
        "size" => vec![build::size(wish.peer)?],
        "call" => {
            let mut tables = call::tables()?;
            tables.push(footprint()?);
            tables
        }
        "codegen" => vec![codegen::table()?],
        "json" => vec![json::table()?],
        other => return Err(format!("there is no subject `{other}`; see --help").into()),
    })
}
