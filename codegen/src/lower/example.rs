//! `@examples`: the first of an operation that its shapes allow.

use crate::ir::{self, Example, Operation, Scalar, Service, StructureValue, Value};
use crate::text;

use super::closure::Bound;
use super::value::{Reading, Values};

/// Texts and bytes beyond that many characters are cut, so that an example stays readable.
const LONGEST: usize = 100;

/// What is left of them.
const CUT: usize = 48;

/// Gives each of the service's operations its example. `bound` are the same operations, in order.
///
/// Examples are prose to a model, and not all of AWS's fit their shapes: those that do not are left
/// out. So are examples of errors.
pub(super) fn add(service: &mut Service, bound: &[Bound<'_>]) {
    let values = Values::new(ir::index(&service.types), Reading::Example);
    for (operation, bound) in service.operations.iter_mut().zip(bound) {
        operation.example = example(operation, bound, &values);
    }
}

fn example(operation: &Operation, bound: &Bound<'_>, values: &Values<'_>) -> Option<Example> {
    let examples = bound.traits.examples().unwrap_or_default();
    let titles = bound.traits.example_titles().unwrap_or_default();
    let mut candidates = examples.iter().enumerate();
    candidates.find_map(|(at, example)| {
        if example.error.is_some() {
            return None;
        }
        let mut input = values
            .structure(&operation.input, example.input.as_ref())
            .ok()?;
        shorten(&mut input);
        let title = titles.get(at).unwrap_or(&example.title);
        Some(Example {
            title: text::line(title),
            input,
        })
    })
}

fn shorten(structure: &mut StructureValue) {
    structure.arguments.iter_mut().for_each(cut);
    let members = structure.members.iter_mut();
    members.for_each(|member| cut(&mut member.value));
}

/// Cuts what is long within a value.
fn cut(value: &mut Value) {
    match value {
        Value::Scalar(Scalar::String(text)) if text.chars().count() > LONGEST => {
            *text = text.chars().take(CUT).chain("...".chars()).collect();
        }
        Value::Scalar(Scalar::Blob(bytes)) if bytes.len() > LONGEST => {
            bytes.truncate(CUT);
            bytes.extend(b"...");
        }
        Value::Structure(inner) => shorten(inner),
        Value::Union { value, .. } => value.iter_mut().for_each(|inner| cut(inner)),
        Value::List(items) => items.iter_mut().for_each(cut),
        Value::Map(entries) => entries.iter_mut().for_each(|(_, value)| cut(value)),
        Value::Present(inner) | Value::Boxed(inner) | Value::Sensitive(inner) => cut(inner),
        Value::Scalar(_)
        | Value::Document(_)
        | Value::Enum { .. }
        | Value::Absent
        | Value::Zero => {}
    }
}
