//! Operations by subject, for the front page.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Service, Subject};
use tinsmith_smithy::ast::Model;
use tinsmith_smithy::diagnostic::Diagnostic;
use tinsmith_smithy::traits::TraitsExt as _;

use super::closure::{self, Bound};
use super::service::BoundService;

/// Gives the service the subjects of the overlay, and one more of all other operations. `bound` are
/// its operations, in the same order.
///
/// # Errors
///
/// One for each name in the overlay that is not an operation of the service.
pub(super) fn add(
    service: &mut Service,
    of: &BoundService<'_>,
    bound: &[Bound<'_>],
    model: &Model,
) -> Result<(), Vec<Diagnostic>> {
    let given = of.traits.subjects().unwrap_or_default();
    // An operation that is not generated may be listed.
    let all = closure::operations(model, of.service);
    let all: BTreeSet<&str> = all.iter().map(|bound| bound.id.name()).collect();
    let listed = given.iter().flat_map(|subject| &subject.operations);
    let faults: Vec<Diagnostic> = listed
        .filter(|name| !all.contains(*name))
        .map(|name| Diagnostic::shape(of.id, format!("subjects: there is no operation `{name}`")))
        .collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let methods: Vec<&str> = service
        .operations
        .iter()
        .map(|operation| operation.method.trim_start_matches("r#"))
        .collect();
    let names = bound.iter().map(|bound| bound.id.name());
    let methods: BTreeMap<&str, &str> = names.zip(methods).collect();
    let mut rest = methods.clone();
    let mut subjects: Vec<Subject> = Vec::new();
    for subject in &given {
        let mut operations = Vec::new();
        for name in &subject.operations {
            rest.remove(name);
            operations.extend(methods.get(name).map(|&method| method.to_owned()));
        }
        if !operations.is_empty() {
            let name = subject.name.to_owned();
            subjects.push(Subject { name, operations });
        }
    }
    if !rest.is_empty() {
        let name = if subjects.is_empty() { "All" } else { "Other" };
        subjects.push(Subject {
            name: name.to_owned(),
            operations: rest.into_values().map(str::to_owned).collect(),
        });
    }
    service.subjects = subjects;
    Ok(())
}
