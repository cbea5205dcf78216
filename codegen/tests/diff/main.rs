//! What changed between two models, checked against the code that is generated from both.
//!
//! For each kind of change there is a pair of small models. A caller is written for each crate that
//! uses everything the crate offers; rustc says whether it compiles against the other crate, and the
//! verdict must say the same, in both directions.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

mod callers;
mod cases;
mod compile;
mod mutations;
mod reports;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use tinsmith_codegen::diff::{Action, Diff, Kind, Level, Side, diff};
use tinsmith_codegen::emit::{CrateOptions, Place, Runtime, emit};
use tinsmith_codegen::generate::lower;
use tinsmith_codegen::ir::Service;
use tinsmith_codegen::lower::Options;
use tinsmith_codegen::output::tree::FileTree;
use tinsmith_smithy::load::Source;

use cases::{Case, cases};
use compile::{Compiler, in_parallel};

#[track_caller]
fn lowered(text: &str) -> Service {
    let options = Options {
        name: Some("fixture".to_owned()),
        source: "model/fixture.json".to_owned(),
        operations: None,
        service: None,
    };
    let name = "fixture.json";
    let lowered = lower(&[Source { name, text }], &options);
    lowered.unwrap_or_else(|faults| panic!("{faults}")).service
}

#[track_caller]
fn compared(old: &str, new: &str) -> Diff {
    diff(&lowered(old), &lowered(new))
}

fn tree(service: &Service) -> FileTree {
    let options = CrateOptions {
        runtime: Runtime::version("*"),
        place: Place::Alone,
    };
    emit(service, &options).unwrap()
}

#[test]
fn each_change_has_its_kind_and_its_level() {
    let mut wrong = Vec::new();
    for case in cases() {
        let forward = compared(&case.old, &case.new);
        let backward = compared(&case.new, &case.old);
        let kinds: BTreeSet<&str> = forward.changes.iter().map(|x| x.kind.id()).collect();
        let levels = (forward.verdict(), backward.verdict());
        if levels != (Some(case.forward), Some(case.backward)) || !kinds.contains(case.kind) {
            wrong.push(format!("{}: {levels:?} {kinds:?}", case.name));
        }
        for diff in [&forward, &backward] {
            let unexplained = diff.changes.iter().filter(|x| x.kind == Kind::Other);
            wrong.extend(unexplained.map(|x| format!("{}: {x:?}", case.name)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_kind_has_a_case() {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for case in cases() {
        for diff in [
            compared(&case.old, &case.new),
            compared(&case.new, &case.old),
        ] {
            seen.extend(diff.changes.iter().map(|x| x.kind.id()));
        }
    }
    let all: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.id()).collect();
    let missing: Vec<_> = all.difference(&seen).filter(|id| **id != "other").collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Each row of the table of levels that a change can have. Setters, functions and `Unhandled` have
/// no other declaration, and a value or a meaning is never there or not.
#[test]
fn every_row_of_the_table_has_a_case() {
    use Action::{Added, Changed, Removed};
    let rows =
        |side, actions: &[Action]| -> Vec<_> { actions.iter().map(|&x| (x, side)).collect() };
    let expected = [
        rows(Side::Type, &[Added, Removed, Changed]),
        rows(Side::Field, &[Added, Removed, Changed]),
        rows(Side::Setter, &[Added, Removed]),
        rows(Side::Argument, &[Added, Removed, Changed]),
        rows(Side::OpenVariant, &[Added, Removed, Changed]),
        rows(Side::ClosedVariant, &[Added, Removed, Changed]),
        rows(Side::Function, &[Added, Removed]),
        rows(Side::Trait, &[Added, Removed, Changed]),
        rows(Side::Warning, &[Added, Removed, Changed]),
        rows(Side::Value, &[Changed]),
        rows(Side::Meaning, &[Changed]),
    ];
    let mut seen = BTreeSet::new();
    for case in cases() {
        for (old, new) in [(&case.old, &case.new), (&case.new, &case.old)] {
            let changes = compared(old, new).changes;
            seen.extend(changes.into_iter().flat_map(|change| change.effects));
        }
    }
    let expected = BTreeSet::from_iter(expected.concat());
    assert_eq!(seen, expected);
}

#[test]
fn a_model_does_not_differ_from_itself() {
    for case in cases() {
        assert_eq!(compared(&case.old, &case.old).changes, [], "{}", case.name);
    }
}

#[test]
fn callers_compile_as_the_verdict_says() {
    judge("pairs", &cases());
}

/// A crate that compiles with a caller that uses all of it.
struct Built {
    caller: String,
    library: PathBuf,
}

/// Has rustc judge the verdicts of all pairs.
fn judge(test: &str, cases: &[Case]) {
    let compiler = Compiler::new(test);
    let models: BTreeSet<&str> = cases
        .iter()
        .flat_map(|case| [&*case.old, &*case.new])
        .collect();
    let models: Vec<(usize, &str)> = models.into_iter().enumerate().collect();
    let built = in_parallel(&models, |(index, model)| {
        let service = lowered(model);
        let caller = callers::of(&service);
        let library = compiler.library(&index.to_string(), &tree(&service));
        let own = compiler.caller(&format!("own-{index}"), &caller, &library);
        own.unwrap_or_else(|errors| panic!("the caller itself is wrong: {errors}"));
        (*model, Built { caller, library })
    });
    let built: BTreeMap<&str, Built> = built.into_iter().collect();
    let wrong = in_parallel(cases, |case| {
        let (old, new) = (&built[&*case.old], &built[&*case.new]);
        let name = case.name.replace(' ', "-");
        let compiles = |way: &str, caller: &Built, other: &Built| {
            compiler.caller(&format!("{name}-{way}"), &caller.caller, &other.library)
        };
        let old_with_new = compiles("forward", old, new);
        let new_with_old = compiles("backward", new, old);
        let verdicts = [
            (case.forward, &old_with_new, &new_with_old),
            (case.backward, &new_with_old, &old_with_new),
        ];
        let wrong = verdicts
            .into_iter()
            .filter(|(level, callers, growth)| match level {
                // A name that stands for something else is no matter for the compiler.
                Level::Major => callers.is_ok() && case.kind != "meaning-changed",
                // What makes it more than a patch may be a warning or another default.
                Level::Minor => callers.is_err(),
                Level::Patch => callers.is_err() || growth.is_err(),
            });
        wrong
            .map(|wrong| format!("{name}: {wrong:?}"))
            .collect::<Vec<String>>()
    });
    let wrong = wrong.concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn shared_model(name: &str) -> Option<String> {
    let path = tinsmith_testing::shared(&format!("models/{name}"))?;
    Some(std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
}

/// The number of changes of a kind.
fn count(diff: &Diff, kind: Kind) -> usize {
    diff.changes
        .iter()
        .filter(|change| change.kind == kind)
        .count()
}

#[test]
fn kms_over_sixteen_months() {
    let models = ["kms-2025-04.json", "kms-2026-08.json"].map(shared_model);
    let [Some(old), Some(new)] = models else {
        return;
    };
    let diff = compared(&old, &new);
    assert_eq!(diff.verdict(), Some(Level::Major));
    assert_eq!(count(&diff, Kind::OperationAdded), 1);
    assert_eq!(count(&diff, Kind::NoLongerRequired), 4);
    assert_eq!(count(&diff, Kind::Other), 0);
    assert!(
        !diff
            .changes
            .iter()
            .any(|x| x.kind.id().ends_with("-removed"))
    );
    let gains_output = |x: &&tinsmith_codegen::diff::Change| {
        x.kind == Kind::OutputAdded
            && format!("{:?}", x.place).contains("\"DeleteImportedKeyMaterial\"")
    };
    assert_eq!(diff.changes.iter().filter(gains_output).count(), 1);
    let major = diff.changes.iter().filter(|x| x.level == Level::Major);
    assert!(major.clone().all(|x| x.kind == Kind::NoLongerRequired));
    assert_eq!(major.count(), 4);
    let case = Case {
        name: "kms",
        old,
        new,
        kind: "no-longer-required",
        forward: Level::Major,
        backward: Level::Major,
    };
    judge("kms", &[case]);
}
