//! The service shape: which one, which protocol, which operations.

use crate::ast::{Model, Service, ShapeId, ShapeKind, Traits};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::endpoint::{self, Rules};
use crate::ir::{self, Protocol};
use crate::traits::{self, TraitsExt as _};

use super::closure::{self, Bound};
use super::{Lowering, Options, auth};

/// The service of a model.
pub(super) struct BoundService<'m> {
    pub(super) id: &'m ShapeId,
    pub(super) service: &'m Service,
    pub(super) traits: &'m Traits,
    pub(super) protocol: Protocol,
}

impl<'m> BoundService<'m> {
    /// The name of a shape in the service's closure.
    pub(super) fn rename(&self, id: &'m ShapeId) -> &'m str {
        self.service
            .rename
            .get(id)
            .map_or(id.name(), String::as_str)
    }

    /// Whether the model lets streams of events come over HTTP/1.1.
    pub(super) fn streams_over_http1(&self) -> bool {
        let protocol = match self.protocol {
            Protocol::AwsJson1_0 => traits::Protocol::AwsJson1_0,
            Protocol::AwsJson1_1 => traits::Protocol::AwsJson1_1,
        };
        let versions = self.traits.event_stream_http(protocol);
        versions.is_none_or(|versions| versions.contains(&"http/1.1"))
    }
}

/// Finds the one service of a model and its protocol.
pub(super) fn find(model: &Model) -> Result<BoundService<'_>, Diagnostics> {
    let services: Vec<_> = model
        .shapes
        .iter()
        .filter_map(|(id, shape)| match &shape.kind {
            ShapeKind::Service(service) => Some((id, service, &shape.traits)),
            _ => None,
        })
        .collect();
    let &[(id, service, traits)] = services.as_slice() else {
        let message = match services.as_slice() {
            [] => "the model has no service shape; give a model of one service",
            _ => "the model has more than one service shape; a crate is made of one",
        };
        return Err(Diagnostics(match services.as_slice() {
            [] => vec![Diagnostic::file("", message)],
            many => many
                .iter()
                .map(|(id, ..)| Diagnostic::shape(id, message))
                .collect(),
        }));
    };
    Ok(BoundService {
        id,
        service,
        traits,
        protocol: protocol(id, traits)?,
    })
}

fn protocol(id: &ShapeId, traits: &Traits) -> Result<Protocol, Diagnostic> {
    let named = traits.protocols();
    if named.contains(&traits::Protocol::AwsJson1_1) {
        return Ok(Protocol::AwsJson1_1);
    }
    if named.contains(&traits::Protocol::AwsJson1_0) {
        return Ok(Protocol::AwsJson1_0);
    }
    let others: Vec<&str> = named.into_iter().map(traits::Protocol::id).collect();
    let others = others.join(", ");
    let found = if others.is_empty() {
        "it has no protocol trait".to_owned()
    } else {
        format!("it has {others}")
    };
    Err(Diagnostic::shape(
        id,
        format!("only services of awsJson 1.0 and 1.1 can be generated, and {found}"),
    ))
}

/// The operations to generate. What cannot be generated yet is left out with a notice.
pub(super) fn operations<'m>(
    model: &'m Model,
    bound: &BoundService<'m>,
    options: &Options,
    notices: &mut Vec<String>,
) -> Result<Vec<Bound<'m>>, Diagnostics> {
    let mut operations = closure::operations(model, bound.service);
    if let Some(chosen) = &options.operations {
        operations = closure::prune(operations, chosen).map_err(Diagnostics)?;
    }
    operations.retain(|operation| match unsupported(model, bound, operation) {
        Some(reason) => {
            notices.push(format!("{} is left out: {reason}", operation.id.name()));
            false
        }
        None => true,
    });
    Ok(operations)
}

/// Why an operation cannot be generated.
fn unsupported(model: &Model, service: &BoundService<'_>, bound: &Bound<'_>) -> Option<String> {
    if let Some((member, what)) = closure::unsupported(model, bound) {
        return Some(format!(
            "its member `{member}` {what}, which cannot be generated yet"
        ));
    }
    let schemes = auth::of(model, service.traits, bound.traits).err()?;
    Some(format!(
        "its authentication scheme is `{}`; only `aws.auth#sigv4` can be generated yet",
        schemes.join("` or `")
    ))
}

impl Lowering<'_, '_> {
    /// The endpoint rules: the tree where the model has one, since it reads as code; else the
    /// decision diagram, which says the same.
    fn endpoint_rules(&mut self, bound: &BoundService<'_>) -> Option<Rules> {
        let parsed = match (
            bound.traits.endpoint_rule_set(),
            bound.traits.endpoint_bdd(),
        ) {
            (Some(rules), _) => endpoint::parse_rule_set(rules),
            (None, Some(bdd)) => endpoint::parse_bdd(bdd),
            (None, None) => return None,
        };
        let faults = match parsed {
            Ok(rules) => return Some(rules),
            Err(faults) => faults,
        };
        let faults = faults
            .into_iter()
            .map(|fault| Diagnostic::shape(bound.id, format!("endpoint rules: {fault}")));
        self.faults.extend(faults);
        None
    }

    /// What is known of the service itself; operations and types are added by the caller.
    pub(super) fn service(&mut self, bound: &BoundService<'_>, options: &Options) -> ir::Service {
        let aws = bound.traits.aws_service();
        let sdk_id = aws.map_or(bound.id.name(), |aws| aws.sdk_id).to_owned();
        let title = bound.traits.title().unwrap_or(&sdk_id).to_owned();
        ir::Service {
            name: options.name.clone(),
            source: options.source.clone(),
            shape_name: bound.id.name().to_owned(),
            title,
            sdk_id,
            version: bound.service.version.clone().unwrap_or_default(),
            protocol: bound.protocol,
            query_compatible: bound.traits.aws_query_compatible(),
            signing_name: bound.traits.sigv4_name().map(str::to_owned),
            docs: self.docs(bound.traits),
            operations: Vec::new(),
            subjects: Vec::new(),
            types: Vec::new(),
            errors: Vec::new(),
            endpoint: self.endpoint_rules(bound),
            notices: Vec::new(),
            shapes: 0,
        }
    }
}
