//! What building costs, and how large it gets.

use std::time::Duration;

use crate::Result;
use crate::measure::{Table, median};
use crate::programs::{Cost, Profile, all};

/// Clean builds of the programs, debug and release.
pub fn build(with_peer: bool, rounds: usize) -> Result<Table> {
    let mut table = Table::new(
        "build",
        "Building a program of ten lines that calls DisconnectCustomKeyStore, from nothing",
        &[
            "program",
            "TLS",
            "crates",
            "debug, CPU s",
            "over the floor",
            "wall s",
            "release, CPU s",
            "over the floor",
            "wall s",
        ],
    );
    let mut floor = [Cost::default(); 2];
    for program in all(with_peer)? {
        let rounds = if program.folder == "peer" { 1 } else { rounds };
        let costs = [
            several(rounds, || program.build_clean(Profile::Debug))?,
            several(rounds, || program.build_clean(Profile::Release))?,
        ];
        if program.client.is_none() {
            floor = costs;
        }
        let [debug, release] = costs;
        table.row(vec![
            program.title.to_owned(),
            program.tls.to_owned(),
            program.crates()?.to_string(),
            seconds(debug.cpu),
            added(debug, floor[0]),
            seconds(debug.wall),
            seconds(release.cpu),
            added(release, floor[1]),
            seconds(release.wall),
        ]);
    }
    Ok(table)
}

/// Builds after a change to the client's crate, all else up to date.
pub fn rebuild(with_peer: bool, rounds: usize) -> Result<Table> {
    let mut table = Table::new(
        "rebuild",
        "Building the same program again after a change to its client's crate",
        &["program", "TLS", "debug, CPU s", "release, CPU s"],
    );
    let clients = all(with_peer)?.into_iter();
    for program in clients.filter(|program| program.client.is_some()) {
        let cost = |profile| several(rounds, || Ok(program.rebuild(profile)?.unwrap_or_default()));
        table.row(vec![
            program.title.to_owned(),
            program.tls.to_owned(),
            seconds(cost(Profile::Debug)?.cpu),
            seconds(cost(Profile::Release)?.cpu),
        ]);
    }
    Ok(table)
}

/// Programs, libraries and sources.
pub fn size(with_peer: bool) -> Result<Table> {
    let mut table = Table::new(
        "size",
        "The stripped release build of the same program",
        &[
            "program",
            "TLS",
            "binary, KB",
            "over the floor",
            "client's rlib, KB",
            "client's source, lines",
            "KB",
        ],
    );
    let mut floor = 0;
    for program in all(with_peer)? {
        let binary = program.binary()?;
        if program.client.is_none() {
            floor = binary;
        }
        let source = program.source()?;
        table.row(vec![
            program.title.to_owned(),
            program.tls.to_owned(),
            kilobytes(binary),
            kilobytes(binary.saturating_sub(floor)),
            program.rlib()?.map(kilobytes).unwrap_or_default(),
            source
                .map(|(lines, _)| lines.to_string())
                .unwrap_or_default(),
            source
                .map(|(_, bytes)| kilobytes(bytes as u64))
                .unwrap_or_default(),
        ]);
    }
    Ok(table)
}

/// The median of the CPU times and that of the wall times.
fn several(rounds: usize, work: impl Fn() -> Result<Cost>) -> Result<Cost> {
    let costs = (0..rounds).map(|_| work()).collect::<Result<Vec<Cost>>>()?;
    Ok(Cost {
        cpu: median(costs.iter().map(|cost| cost.cpu).collect()),
        wall: median(costs.iter().map(|cost| cost.wall).collect()),
    })
}

fn added(cost: Cost, floor: Cost) -> String {
    format!("{:+.1}", cost.cpu.as_secs_f64() - floor.cpu.as_secs_f64())
}

fn seconds(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64())
}

fn kilobytes(bytes: u64) -> String {
    format!("{:.0}", bytes as f64 / 1000.0)
}
