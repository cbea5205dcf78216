//! Operations by subject, for the front page: as the overlay groups them, the rest by name.

use crate::ir::{Service, Subject};
use tinsmith_smithy::ast::Model;
use tinsmith_smithy::diagnostic::Diagnostic;

use super::closure::{self, Bound};
use super::service::BoundService;

/// The group of the operations that the overlay does not mention.
const OTHER: &str = "Other";

/// The group of all operations, if the overlay mentions none.
const ALL: &str = "All";

/// Gives the service its subjects. `bound` are its operations, in the same order.
///
/// # Errors
///
/// One for each name in the overlay that is no operation of the service.
pub(super) fn add(
    service: &mut Service,
    of: &BoundService<'_>,
    bound: &[Bound<'_>],
    model: &Model,
) -> Result<(), Vec<Diagnostic>> {
    let given = of.traits.subjects().unwrap_or_default();
    let all = closure::operations(model, of.service);
    let is_operation = |name: &str| all.iter().any(|bound| bound.id.name() == name);
    let named = || given.iter().flat_map(|subject| &subject.operations);
    let faults: Vec<Diagnostic> = named()
        .filter(|name| !is_operation(name))
        .map(|name| Diagnostic::shape(of.id, format!("subjects: there is no operation `{name}`")))
        .collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let names = bound.iter().map(|bound| bound.id.name());
    let methods = service.operations.iter().map(|operation| &operation.method);
    let methods: Vec<(&str, &String)> = names.zip(methods).collect();
    let method = |name: &str| {
        let (_, method) = methods.iter().find(|(known, _)| *known == name)?;
        Some((*method).clone())
    };
    let mut subjects: Vec<Subject> = given
        .iter()
        .map(|subject| Subject {
            name: subject.name.clone(),
            methods: subject
                .operations
                .iter()
                .filter_map(|name| method(name))
                .collect(),
        })
        .collect();
    let rest = methods
        .iter()
        .filter(|(name, _)| named().all(|given| given != name));
    subjects.push(Subject {
        name: if given.is_empty() { ALL } else { OTHER }.to_owned(),
        methods: rest.map(|(_, method)| (*method).clone()).collect(),
    });
    // The chosen operations may leave one empty.
    subjects.retain(|subject| !subject.methods.is_empty());
    service.subjects = subjects;
    Ok(())
}
