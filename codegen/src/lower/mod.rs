//! AST to IR: every decision about the crate is taken here.
//!
//! First the closure of the operations, then names for all of it, then the members that need a
//! `Box`, then the definitions one by one, and last what depends on all of them: how values are
//! made and which types must be wiped.

mod closure;
mod constraints;
mod definitions;
mod documentation;
mod example;
mod finish;
mod literal;
mod naming;
mod operation;
mod retries;
mod service;
mod stream;
mod subjects;
mod types;
pub(crate) mod value;

use std::collections::{BTreeMap, BTreeSet};

use crate::ast::{Model, ShapeId};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{self, Usage};

use closure::Closure;

/// What to generate.
#[derive(Clone, Debug)]
pub struct Options {
    /// The model's name, such as `kms`; the crate is `tinsmith-kms`.
    pub name: String,
    /// Where the model stands, for the header of each file.
    pub source: String,
    /// Only these operations and what they reach; all when `None`.
    pub operations: Option<Vec<String>>,
}

/// Lowers the one service of `model`.
///
/// # Errors
///
/// Everything that keeps the service from being generated, with shape ids: no service or two, a
/// protocol other than awsJson, a shape or trait that the generator cannot honour.
pub fn lower(model: &Model, options: &Options) -> Result<ir::Service, Diagnostics> {
    let bound = service::find(model)?;
    let mut notices = Vec::new();
    let operations = service::operations(model, &bound, options, &mut notices)?;
    let closure = Closure::of(model, &operations, &bound.service.errors);
    let type_names = naming::types(&bound, &operations, &closure);
    let mut lowering = Lowering {
        model,
        links: documentation::Links::new(&type_names, &operations, model),
        boxed: naming::boxed(model, &closure),
        demoted: naming::required_cycles(model, &closure),
        error_names: type_names.errors,
        operation_names: type_names.operations,
        stream_errors: type_names.stream_errors,
        type_names: type_names.types,
        notices: Vec::new(),
        faults: Vec::new(),
    };
    let mut service = lowering.service(&bound, options);
    service.shapes = closure.reached.len();
    service.notices = notices;
    for bound_operation in &operations {
        let mut operation = lowering.operation(bound_operation, &bound);
        stream::explain(&mut operation, &bound, &options.name);
        service.operations.push(operation);
    }
    for (&id, &usage) in &closure.types {
        service.types.push(lowering.type_def(id, usage));
    }
    service.types.sort_by(|a, b| a.name().cmp(b.name()));
    for &id in &closure.errors {
        service.errors.push(lowering.error_shape(id));
    }
    service
        .errors
        .sort_by(|a, b| a.structure.name.cmp(&b.structure.name));
    if !lowering.faults.is_empty() {
        return Err(Diagnostics(lowering.faults));
    }
    service.notices.extend(lowering.notices);
    finish::finish(&mut service);
    example::add(&mut service, &operations);
    subjects::add(&mut service, &bound, &operations, model).map_err(Diagnostics)?;
    Ok(service)
}

/// What all parts of lowering share.
struct Lowering<'m> {
    model: &'m Model,
    /// Rust names of types by shape.
    type_names: BTreeMap<&'m ShapeId, String>,
    /// Rust names of error shapes.
    error_names: BTreeMap<&'m ShapeId, String>,
    /// Rust names of the error enums of streams, by union.
    stream_errors: BTreeMap<&'m ShapeId, String>,
    /// Rust names by operation.
    operation_names: BTreeMap<&'m ShapeId, naming::OperationNames>,
    /// Members, as (shape, member), that need a `Box`.
    boxed: BTreeSet<(String, String)>,
    /// Required members that could never be filled, since each value needs another of its kind.
    demoted: BTreeSet<(String, String)>,
    links: documentation::Links,
    /// What was left out, a sentence each.
    notices: Vec<String>,
    faults: Vec<Diagnostic>,
}

/// The direction of a request.
const REQUEST: Usage = Usage {
    request: true,
    response: false,
    event: false,
};

/// The direction of a response.
const RESPONSE: Usage = Usage {
    request: false,
    response: true,
    event: false,
};
