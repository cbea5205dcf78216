//! The service shape: which one, which protocol, which operations.

use std::collections::BTreeMap;

use heck::ToKebabCase as _;

use crate::crate_name;
use crate::hint::hint;
use crate::ir::{self, Protocol, endpoint::Rules};
use crate::text;
use tinsmith_smithy::ast::{Model, Service, ShapeId, ShapeKind};
use tinsmith_smithy::diagnostic::{Diagnostic, Diagnostics};
use tinsmith_smithy::traits::Traits;
use tinsmith_smithy::traits::{self};

use super::closure::{self, Bound};
use super::documentation::docs;
use super::{Lowering, Options, auth, endpoint};

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
    fn streams_over_http1(&self) -> bool {
        let versions = self.traits.protocols().get(&self.protocol.into());
        let versions = versions.and_then(Option::as_ref);
        versions.is_none_or(|versions| versions.iter().any(|version| version == "http/1.1"))
    }
}

/// Finds the one service of a model, or the one that is `wanted`, and its protocol.
pub(super) fn find<'m>(
    model: &'m Model,
    wanted: Option<&str>,
) -> Result<BoundService<'m>, Diagnostics> {
    let services = model.shapes.iter();
    let services = services.filter_map(|(id, shape)| match &shape.kind {
        ShapeKind::Service(service) => Some((id, service, &shape.traits)),
        _ => None,
    });
    let services: Vec<_> = services.collect();
    let fits =
        |id: &ShapeId| wanted.is_none_or(|wanted| id.as_str() == wanted || id.name() == wanted);
    let mut found = services.iter().filter(|(id, ..)| fits(id));
    let (Some(&(id, service, traits)), None) = (found.next(), found.next()) else {
        let ids: Vec<&ShapeId> = services.iter().map(|(id, ..)| *id).collect();
        return Err(Diagnostic::file("", not_found(&ids, wanted)).into());
    };
    Ok(BoundService {
        id,
        service,
        traits,
        protocol: protocol(id, traits)?,
    })
}

/// Why none of these services, or more than one, is the wanted one.
fn not_found(services: &[&ShapeId], wanted: Option<&str>) -> String {
    let quoted = |ids: &[&ShapeId]| {
        let ids = ids.iter().map(|id| format!("`{id}`"));
        ids.collect::<Vec<_>>().join(", ")
    };
    let Some(wanted) = wanted else {
        return match services {
            [] => "the model has no service shape; use a model with one service".to_owned(),
            many => format!(
                "the model has {} services; choose one of {} with `--service ID`",
                many.len(),
                quoted(many)
            ),
        };
    };
    let names = services.iter().map(|id| id.name());
    if names.clone().any(|name| name == wanted) {
        let same = services.iter().filter(|id| id.name() == wanted);
        let same: Vec<&ShapeId> = same.copied().collect();
        return format!(
            "several services are named `{wanted}`; choose one of {}",
            quoted(&same)
        );
    }
    let known: Vec<&str> = match wanted.contains('#') {
        true => services.iter().map(|id| id.as_str()).collect(),
        false => names.collect(),
    };
    format!(
        "the model has no service `{wanted}`; {}",
        hint(wanted, &known)
    )
}

/// The name of the crate where none is given: the service's id as AWS writes it in file names, or
/// the name of its shape.
pub(super) fn crate_name(bound: &BoundService<'_>) -> Result<String, Diagnostic> {
    let id = bound.traits.aws_service().map(|aws| &*aws.sdk_id);
    let name = match id {
        Some(id) => id.to_lowercase().replace([' ', '_'], "-"),
        None => bound.id.name().to_kebab_case(),
    };
    if crate_name::is_plain(&name) {
        return Ok(name);
    }
    let id = id.unwrap_or(bound.id.name());
    Err(Diagnostic::shape(
        bound.id,
        format!("no crate can be named after `{id}`; choose its name with `--name`"),
    ))
}

fn protocol(id: &ShapeId, traits: &Traits) -> Result<Protocol, Diagnostic> {
    let named = traits.protocols();
    if named.contains_key(&traits::Protocol::AwsJson1_1) {
        return Ok(Protocol::AwsJson1_1);
    }
    if named.contains_key(&traits::Protocol::AwsJson1_0) {
        return Ok(Protocol::AwsJson1_0);
    }
    let others: Vec<&str> = named.keys().map(|protocol| protocol.id()).collect();
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

/// The operations to generate. One that cannot be generated yet is left out with a notice, and is a
/// fault where it was asked for.
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
    let mut faults = Vec::new();
    operations.retain(|operation| {
        let Some(why) = unsupported(model, bound, operation) else {
            return true;
        };
        let name = operation.id.name();
        match options.operations {
            // Who names an operation wants to call it.
            Some(_) => faults.push(Diagnostic::shape(
                operation.id,
                format!("{why}; leave `{name}` out of `--operations`"),
            )),
            None => notices.push(format!("{name} is left out: {why}")),
        }
        false
    });
    if !faults.is_empty() {
        return Err(Diagnostics(faults));
    }
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
    pub(super) fn service(
        &mut self,
        bound: &BoundService<'_>,
        name: String,
        source: &str,
    ) -> ir::Service {
        let aws = bound.traits.aws_service();
        let sdk_id = aws.map_or(bound.id.name(), |aws| &aws.sdk_id).to_owned();
        let title = bound
            .traits
            .title()
            .filter(|title| !text::line(title).is_empty());
        let title = title.unwrap_or(&sdk_id).to_owned();
        let version = bound.service.version.clone().unwrap_or_default();
        let usual = |sdk_id: &str| {
            let name = sdk_id.to_lowercase().replace(' ', "-");
            (!version.is_empty()).then(|| format!("{name}-{version}"))
        };
        let doc_id = aws.and_then(|aws| match &aws.doc_id {
            Some(id) => Some(id.clone()),
            None => usual(&aws.sdk_id),
        });
        ir::Service {
            name,
            doc_id,
            source: source.to_owned(),
            shape_name: bound.id.name().to_owned(),
            title,
            sdk_id,
            version,
            protocol: bound.protocol,
            query_compatible: bound.traits.aws_query_compatible(),
            signing_name: bound.traits.sigv4_name().map(str::to_owned),
            streams_over_http1: bound.streams_over_http1(),
            docs: docs(bound.traits),
            names: BTreeMap::new(),
            operations: Vec::new(),
            subjects: Vec::new(),
            types: Vec::new(),
            modules: BTreeMap::new(),
            errors: Vec::new(),
            endpoint: self.endpoint_rules(bound),
            notices: Vec::new(),
            shapes: 0,
        }
    }
}
