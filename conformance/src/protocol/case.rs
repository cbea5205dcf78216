//! Test cases as the traits have them (Smithy specification, "HTTP Protocol Compliance Tests").

use serde_json::{Map, Value};

use tinsmith_codegen::ir::Protocol;
use tinsmith_smithy::traits;

/// Members of a test that say nothing which a client could be held to.
const IGNORED: &[&str] = &[
    "appliesTo",
    "authScheme",
    "documentation",
    "id",
    "protocol",
    "tags",
];

/// One of `httpRequestTests`.
pub(super) struct RequestCase<'m> {
    pub(super) id: &'m str,
    pub(super) method: &'m str,
    pub(super) uri: &'m str,
    pub(super) host: &'m str,
    pub(super) resolved_host: &'m str,
    pub(super) headers: Vec<(&'m str, &'m str)>,
    pub(super) require_headers: Vec<&'m str>,
    pub(super) forbid_headers: Vec<&'m str>,
    pub(super) body: Option<&'m str>,
    pub(super) is_json: bool,
    pub(super) params: Option<&'m Map<String, Value>>,
}

/// One of `httpResponseTests`.
pub(super) struct ResponseCase<'m> {
    pub(super) id: &'m str,
    pub(super) code: u16,
    pub(super) headers: Vec<(&'m str, &'m str)>,
    pub(super) body: &'m str,
    pub(super) params: Option<&'m Map<String, Value>>,
    /// `code` and `type` of `aws.protocoltests.config#ErrorCodeParams`: what an error of a
    /// query-compatible service must be known as.
    pub(super) error_code: Option<&'m str>,
    pub(super) error_type: Option<&'m str>,
}

impl<'m> RequestCase<'m> {
    /// Reads a case; `None` when it is not for clients of `protocol`.
    pub(super) fn read(value: &'m Value, protocol: Protocol) -> Result<Option<Self>, String> {
        const KNOWN: &[&str] = &[
            "method",
            "uri",
            "host",
            "resolvedHost",
            "headers",
            "requireHeaders",
            "forbidHeaders",
            "body",
            "bodyMediaType",
            "params",
            "vendorParams",
            "vendorParamsShape",
        ];
        let Some(fields) = Fields::of(value, protocol, KNOWN)? else {
            return Ok(None);
        };
        let host = fields.text("host")?.unwrap_or("example.com");
        // What follows the host's name is a path, which the request keeps.
        let name = host.split('/').next().unwrap_or(host);
        Ok(Some(Self {
            id: fields.id,
            method: fields.must("method")?,
            uri: fields.must("uri")?,
            host,
            resolved_host: fields.text("resolvedHost")?.unwrap_or(name),
            headers: fields.pairs("headers")?,
            require_headers: fields.texts("requireHeaders")?,
            forbid_headers: fields.texts("forbidHeaders")?,
            body: fields.text("body")?,
            is_json: fields.text("bodyMediaType")? == Some("application/json"),
            params: fields.object("params")?,
        }))
    }
}

impl<'m> ResponseCase<'m> {
    /// Reads a case; `None` when it is not for clients of `protocol`.
    pub(super) fn read(value: &'m Value, protocol: Protocol) -> Result<Option<Self>, String> {
        const KNOWN: &[&str] = &[
            "code",
            "headers",
            "body",
            "bodyMediaType",
            "params",
            "vendorParams",
            "vendorParamsShape",
        ];
        let Some(fields) = Fields::of(value, protocol, KNOWN)? else {
            return Ok(None);
        };
        let code = fields.map.get("code").and_then(Value::as_u64);
        let code = code.and_then(|code| u16::try_from(code).ok());
        let vendor = fields.object("vendorParams")?;
        let vendor = |key| vendor?.get(key)?.as_str();
        Ok(Some(Self {
            id: fields.id,
            code: code.ok_or_else(|| fields.fault("`code` must be an HTTP status"))?,
            headers: fields.pairs("headers")?,
            body: fields.text("body")?.unwrap_or_default(),
            params: fields.object("params")?,
            error_code: vendor("code"),
            error_type: vendor("type"),
        }))
    }
}

/// The members of a case.
struct Fields<'m> {
    id: &'m str,
    map: &'m Map<String, Value>,
}

impl<'m> Fields<'m> {
    fn of(value: &'m Value, protocol: Protocol, known: &[&str]) -> Result<Option<Self>, String> {
        let map = value.as_object().ok_or("a test must be an object")?;
        let id = map.get("id").and_then(Value::as_str);
        let id = id.ok_or("a test must have an `id`")?;
        let fields = Self { id, map };
        let protocol = traits::Protocol::from(protocol);
        let of_client = !matches!(fields.text("appliesTo")?, Some("server"));
        if !of_client || fields.must("protocol")? != protocol.id() {
            return Ok(None);
        }
        // A condition that goes unnoticed would be a test that cannot fail.
        let mut keys = map.keys();
        match keys.find(|key| !known.contains(&key.as_str()) && !IGNORED.contains(&key.as_str())) {
            Some(key) => Err(fields.fault(&format!("`{key}` is not understood here"))),
            None => Ok(Some(fields)),
        }
    }

    fn fault(&self, fault: &str) -> String {
        format!("test {}: {fault}", self.id)
    }

    fn wrong(&self, key: &str, form: &str) -> String {
        self.fault(&format!("`{key}` must be {form}"))
    }

    fn must(&self, key: &str) -> Result<&'m str, String> {
        self.text(key)?.ok_or_else(|| self.wrong(key, "there"))
    }

    fn text(&self, key: &str) -> Result<Option<&'m str>, String> {
        let text = |value: &'m Value| value.as_str().ok_or_else(|| self.wrong(key, "a string"));
        self.map.get(key).map(text).transpose()
    }

    fn texts(&self, key: &str) -> Result<Vec<&'m str>, String> {
        let wrong = || self.wrong(key, "a list of strings");
        let Some(value) = self.map.get(key) else {
            return Ok(Vec::new());
        };
        let items = value.as_array().ok_or_else(wrong)?;
        items
            .iter()
            .map(|item| item.as_str().ok_or_else(wrong))
            .collect()
    }

    fn object(&self, key: &str) -> Result<Option<&'m Map<String, Value>>, String> {
        let object = |value: &'m Value| {
            value
                .as_object()
                .ok_or_else(|| self.wrong(key, "an object"))
        };
        self.map.get(key).map(object).transpose()
    }

    fn pairs(&self, key: &str) -> Result<Vec<(&'m str, &'m str)>, String> {
        let pair = |(name, value): (&'m String, &'m Value)| {
            let value = value.as_str();
            let value = value.ok_or_else(|| self.wrong(key, "an object of strings"))?;
            Ok((name.as_str(), value))
        };
        let pairs = self.object(key)?.into_iter().flatten();
        pairs.map(pair).collect()
    }
}
