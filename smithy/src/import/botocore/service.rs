//! The service shape.

use serde_json::{Value, json};

use super::super::json::{Object, flag, object, text};
use super::{Importer, array};
use crate::diagnostic::Diagnostic;

impl Importer<'_> {
    /// Puts the service into the model.
    pub(super) fn service(&mut self, metadata: &Object, endpoint_rules: Option<Object>) {
        let Some(name) = service_name(metadata) else {
            return self.metadata_fault("has no `targetPrefix`, which names an awsJson service");
        };
        let mut traits = self.protocol_traits(name, metadata);
        traits.extend(self.auth_traits(name, metadata));
        traits.insert("aws.api#service".to_owned(), identity(metadata));
        if let Some(title) = metadata.get("serviceFullName") {
            traits.insert("smithy.api#title".to_owned(), title.clone());
        }
        if let Some(discovery) = self.endpoint_discovery() {
            traits.insert("aws.api#clientEndpointDiscovery".to_owned(), discovery);
        }
        if let Some(rules) = endpoint_rules {
            traits.insert("smithy.rules#endpointRuleSet".to_owned(), rule_set(rules));
        }
        let operations: Vec<Value> = self
            .operations
            .keys()
            .map(|name| json!({ "target": self.id(name) }))
            .collect();
        let service = json!({
            "type": "service",
            "version": text(metadata, "apiVersion").unwrap_or_default(),
            "operations": operations,
            "traits": traits,
        });
        self.add(name, service);
    }

    fn metadata_fault(&mut self, message: &str) {
        self.faults
            .push(Diagnostic::file(self.file, format!("`metadata` {message}")));
    }

    /// The protocols that a JSON client can speak.
    fn protocol_traits(&mut self, name: &str, metadata: &Object) -> Object {
        let mut traits = Object::new();
        for protocol in protocols(metadata) {
            match (protocol, text(metadata, "jsonVersion")) {
                ("json", Some(version @ ("1.0" | "1.1"))) => {
                    let id = format!("aws.protocols#awsJson{}", version.replace('.', "_"));
                    traits.insert(id, self.http_versions(name, metadata));
                }
                ("smithy-rpc-v2-cbor", _) => {
                    traits.insert("smithy.protocols#rpcv2Cbor".to_owned(), json!({}));
                }
                // Other protocols bind members to places that the import does not read.
                _ => {}
            }
        }
        if metadata.contains_key("awsQueryCompatible") {
            traits.insert("aws.protocols#awsQueryCompatible".to_owned(), json!({}));
        }
        traits
    }

    /// The settings of the protocol: which versions of HTTP the service speaks.
    fn http_versions(&mut self, name: &str, metadata: &Object) -> Value {
        let settings = object(metadata, "protocolSettings");
        match settings
            .and_then(|settings| settings.get("h2"))
            .map(Value::as_str)
        {
            None => json!({}),
            Some(Some("eventstream")) => {
                json!({ "http": ["http/1.1", "h2"], "eventStreamHttp": ["h2"] })
            }
            Some(_) => {
                self.leave_out(
                    name,
                    "the protocol's setting `h2`: only `eventstream` is known",
                );
                json!({})
            }
        }
    }

    /// Signing. The list of schemes is written when it is not SigV4 alone, for its order counts.
    fn auth_traits(&mut self, name: &str, metadata: &Object) -> Object {
        let signing_name = signing_name(metadata);
        let schemes = array(metadata, "auth");
        let mut traits = Object::new();
        for scheme in schemes.iter().filter_map(Value::as_str) {
            let value = match scheme {
                "aws.auth#sigv4" | "aws.auth#sigv4a" => json!({ "name": signing_name }),
                "smithy.api#httpBearerAuth" => json!({}),
                "smithy.api#noAuth" => continue,
                _ => {
                    self.leave_out(name, format!("the unknown auth scheme `{scheme}`"));
                    continue;
                }
            };
            traits.insert(scheme.to_owned(), value);
        }
        let is_open = |scheme: &Value| scheme == "smithy.api#noAuth";
        if traits.is_empty() && schemes.iter().any(|scheme| !is_open(scheme)) {
            // Without a scheme the model would say that requests are sent without authentication.
            self.fault(name, "has only unknown auth schemes");
        }
        // Older models say it in `signatureVersion` only.
        match text(metadata, "signatureVersion").filter(|_| schemes.is_empty()) {
            None | Some("none") => {}
            Some("v4") => {
                traits.insert("aws.auth#sigv4".to_owned(), json!({ "name": signing_name }));
            }
            Some("bearer") => {
                traits.insert("smithy.api#httpBearerAuth".to_owned(), json!({}));
            }
            Some(unknown) => {
                self.fault(name, format!("unknown signature version `{unknown}`"));
            }
        }
        if schemes.len() > 1 {
            traits.insert("smithy.api#auth".to_owned(), schemes.into());
        }
        traits
    }

    /// The operation that tells endpoints, where a service has one, and the error that asks to
    /// call it again, which goes by one name in all of AWS's models.
    fn endpoint_discovery(&self) -> Option<Value> {
        let is_discovery = |operation: &Value| {
            operation
                .as_object()
                .is_some_and(|operation| flag(operation, "endpointoperation"))
        };
        let (name, _) = self
            .operations
            .iter()
            .find(|(_, operation)| is_discovery(operation))?;
        let mut value = json!({ "operation": self.id(name) });
        if self.shapes.contains_key("InvalidEndpointException") {
            value["error"] = self.id("InvalidEndpointException").into();
        }
        Some(value)
    }
}

/// The protocols that the service speaks, in botocore's words.
fn protocols(metadata: &Object) -> Vec<&str> {
    let named = array(metadata, "protocols").iter();
    let named: Vec<&str> = named.filter_map(Value::as_str).collect();
    if named.is_empty() {
        return text(metadata, "protocol").into_iter().collect();
    }
    named
}

/// Refuses a service that does not speak awsJson.
pub(super) fn check_protocol(metadata: &Object) -> Result<(), String> {
    let protocols = protocols(metadata);
    let is_known = matches!(text(metadata, "jsonVersion"), Some("1.0" | "1.1"));
    if is_known && protocols.contains(&"json") {
        return Ok(());
    }
    let found = match protocols.as_slice() {
        [] => "none".to_owned(),
        protocols => protocols.join(", "),
    };
    Err(format!(
        "`metadata` has no awsJson protocol, it has {found}: only awsJson 1.0 and 1.1 can be imported"
    ))
}

/// The name of the service shape, which awsJson sends in `X-Amz-Target`.
///
/// A few models have a qualified `targetPrefix` (`com.amazonaws.cloudtrail...CloudTrail_20131101`);
/// AWS's Smithy models of these services have its last part, and so do the clients made of them.
fn service_name(metadata: &Object) -> Option<&str> {
    let prefix = text(metadata, "targetPrefix")?;
    prefix.rsplit('.').next()
}

/// What the service is called. Its ARNs are said to have the name that its signatures have: so it
/// is in all twelve Smithy models compared, while Smithy's own default (the name of the service
/// shape) is right for none.
///
/// Its documentation has an identifier that is written only where it is not the usual one.
fn identity(metadata: &Object) -> Value {
    let mut service = Object::new();
    let name = text(metadata, "serviceId").unwrap_or_default();
    let version = text(metadata, "apiVersion").unwrap_or_default();
    let usual = format!("{}-{version}", name.to_lowercase().replace(' ', "-"));
    for (key, value) in [
        ("sdkId", text(metadata, "serviceId")),
        ("docId", text(metadata, "uid").filter(|id| *id != usual)),
        ("endpointPrefix", text(metadata, "endpointPrefix")),
        ("arnNamespace", signing_name(metadata)),
    ] {
        service.extend(value.map(|value| (key.to_owned(), value.into())));
    }
    service.into()
}

/// The service's name in signatures.
fn signing_name(metadata: &Object) -> Option<&str> {
    text(metadata, "signingName").or_else(|| text(metadata, "endpointPrefix"))
}

/// The endpoint rules. Types of parameters are written `String` in some files and `string` in
/// others; Smithy has the second form.
fn rule_set(mut rules: Object) -> Value {
    let parameters = rules.get_mut("parameters").and_then(Value::as_object_mut);
    for (_, parameter) in parameters.into_iter().flatten() {
        let Some(kind) = parameter["type"].as_str() else {
            continue;
        };
        let mut letters = kind.chars();
        let lower: String = letters
            .next()
            .into_iter()
            .map(|c| c.to_ascii_lowercase())
            .chain(letters)
            .collect();
        parameter["type"] = lower.into();
    }
    rules.into()
}
