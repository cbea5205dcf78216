//! AST to IR: every decision about the crate is taken here.
//!
//! First the closure of the operations, then names for all of it, then the members that need a
//! `Box`, then the definitions one by one, and last what depends on all of them: how values are
//! made and which types must be wiped.

mod auth;
mod closure;
mod constraints;
mod definitions;
mod documentation;
pub mod endpoint;
mod example;
mod finish;
mod inputs;
mod naming;
mod operation;
mod pagination;
mod protocol;
mod retries;
mod service;
mod stream;
mod subjects;
mod types;
pub mod value;

use std::collections::BTreeMap;

use crate::crate_name;
use crate::ir::{self, Usage};
use crate::parallel;
use tinsmith_smithy::ast::{Model, ShapeId};
use tinsmith_smithy::diagnostic::{Diagnostic, Diagnostics};

use closure::Closure;

/// What to generate.
#[derive(Clone, Debug)]
pub struct Options {
    /// The name, such as `kms`, of which `tinsmith-kms` is the crate. The service's own when `None`.
    pub name: Option<String>,
    /// Where the model stands, for the header of each file.
    pub source: String,
    /// Only these operations and what they reach; all when `None`.
    pub operations: Option<Vec<String>>,
    /// The service, by its shape's id or name. It may be left out where the model has only one.
    pub service: Option<String>,
}

/// The side of a call that code is generated for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It makes requests and reads responses.
    Client,
}

impl Role {
    /// What is done with the input of an operation.
    fn input(self) -> Usage {
        match self {
            Self::Client => Usage {
                written: true,
                ..Usage::default()
            },
        }
    }

    /// What is done with the output of an operation and with its errors.
    fn output(self) -> Usage {
        match self {
            Self::Client => Usage {
                read: true,
                ..Usage::default()
            },
        }
    }
}

/// Lowers one service of `model`.
///
/// # Errors
///
/// Everything that keeps the service from being generated, with shape ids: no service, or several
/// of which none is chosen; a name that no crate can have; a protocol other than awsJson; a shape or
/// trait that the generator does not support.
pub fn lower(model: &Model, role: Role, options: &Options) -> Result<ir::Service, Diagnostics> {
    let bound = service::find(model, options.service.as_deref())?;
    let name = match &options.name {
        Some(name) => name.clone(),
        None => service::crate_name(&bound)?,
    };
    crate_name::check(&name).map_err(|fault| {
        let fault = format!("{fault}; choose another with `--name`");
        Diagnostic::file("", fault)
    })?;
    let mut notices = Vec::new();
    let operations = service::operations(model, &bound, options, &mut notices)?;
    let closure = Closure::of(model, role, &operations, &bound.service.errors);
    let type_names = naming::types(&bound, &operations, &closure);
    let names = type_names.named(&operations);
    let known = Known {
        model,
        role,
        protocol: bound.protocol,
        boxed: naming::boxed(model, &closure),
        demoted: naming::required_cycles(model, &closure),
        error_names: type_names.errors,
        operation_names: type_names.operations,
        stream_errors: type_names.stream_errors,
        type_names: type_names.types,
    };
    let mut lowering = Lowering::new(&known);
    let mut service = lowering.service(&bound, name, &options.source);
    service.names = names;
    service.shapes = closure.reached.len();
    service.notices = notices;
    service.operations = lowering.each(&operations, |lowering, bound_operation| {
        lowering.operation(bound_operation, &bound)
    });
    let types: Vec<_> = closure.types.iter().collect();
    service.types = lowering.each(&types, |lowering, (id, usage)| {
        lowering.type_def(id, **usage)
    });
    service.types.sort_by(|a, b| a.name().cmp(b.name()));
    let index = ir::index(&service.types);
    for (operation, bound_operation) in service.operations.iter_mut().zip(&operations) {
        operation.pagination = lowering.pagination(bound_operation, &bound, operation, &index);
    }
    let errors: Vec<_> = closure.errors.iter().collect();
    service.errors = lowering.each(&errors, |lowering, id| lowering.error_shape(id));
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

/// What is decided before the first operation is lowered.
struct Known<'m> {
    model: &'m Model,
    role: Role,
    protocol: ir::Protocol,
    /// Rust names of types by shape.
    type_names: BTreeMap<&'m ShapeId, String>,
    /// Rust names of error shapes.
    error_names: BTreeMap<&'m ShapeId, String>,
    /// Rust names of the error enums of streams, by union.
    stream_errors: BTreeMap<&'m ShapeId, String>,
    /// Rust names by operation.
    operation_names: BTreeMap<&'m ShapeId, naming::OperationNames>,
    /// Members that need a `Box`.
    boxed: naming::Members<'m>,
    /// Required members that could never be filled, since each value needs another of its kind.
    demoted: naming::Members<'m>,
}

/// The lowering of one part, and what was found on the way.
struct Lowering<'k, 'm> {
    known: &'k Known<'m>,
    /// What was left out, a sentence each.
    notices: Vec<String>,
    faults: Vec<Diagnostic>,
}

impl<'k, 'm> Lowering<'k, 'm> {
    fn new(known: &'k Known<'m>) -> Self {
        Self {
            known,
            notices: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Lowers parts that need nothing of each other, on all cores.
    fn each<T: Sync, R: Send>(
        &mut self,
        parts: &[T],
        lower: impl Fn(&mut Self, &T) -> R + Sync,
    ) -> Vec<R> {
        let known = self.known;
        let lowered = parallel::map(parts, |part| {
            let mut lowering = Self::new(known);
            let result = lower(&mut lowering, part);
            (result, lowering.notices, lowering.faults)
        });
        let gather = |(result, notices, faults)| {
            self.notices.extend::<Vec<_>>(notices);
            self.faults.extend::<Vec<_>>(faults);
            result
        };
        lowered.into_iter().map(gather).collect()
    }
}
