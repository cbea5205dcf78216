//! What is fixed about a service and its operations.

use crate::endpoint::{Endpoint, EndpointError, EndpointQuery};
use crate::protocol::Protocol;

/// What all operations of a service have in common.
#[derive(Debug)]
#[non_exhaustive]
pub struct ServiceInfo {
    /// `aws.api#service.sdkId`, such as `KMS` or `Secrets Manager`.
    pub sdk_id: &'static str,
    /// The version of the API, such as `2014-11-01`.
    pub api_version: &'static str,
    /// The name of the service's shape, such as `TrentService`.
    pub shape: &'static str,
    /// How operations become HTTP requests and responses.
    pub protocol: Protocol,
    /// The version of the generated crate.
    pub crate_version: &'static str,
    /// The name that requests are signed for, such as `kms`; empty for a service that needs no
    /// signatures.
    pub signing_name: &'static str,
    /// Whether some operations can be called without credentials, so that a client is built
    /// without.
    pub optional_credentials: bool,
    /// The rules that give the endpoint; `None` when the model has none.
    pub endpoint_rules: Option<EndpointRules>,
}

/// The endpoint rules of a model as code.
pub type EndpointRules = fn(&EndpointQuery<'_>) -> Result<Endpoint, EndpointError>;

impl ServiceInfo {
    /// A service of `protocol` whose requests are not signed. `shape` is the name of the service's shape.
    pub const fn new(
        protocol: Protocol,
        sdk_id: &'static str,
        api_version: &'static str,
        shape: &'static str,
    ) -> Self {
        Self {
            sdk_id,
            api_version,
            shape,
            protocol,
            crate_version: "",
            signing_name: "",
            optional_credentials: false,
            endpoint_rules: None,
        }
    }

    /// One of the service's operations, with none of the special traits.
    pub const fn operation(&'static self, name: &'static str) -> OperationInfo {
        OperationInfo::new(self, name)
    }

    /// With the name that requests are signed for.
    pub const fn signing_name(mut self, name: &'static str) -> Self {
        self.signing_name = name;
        self
    }

    /// Marks a service with operations that can be called without credentials.
    pub const fn optional_credentials(mut self) -> Self {
        self.optional_credentials = true;
        self
    }

    /// With the version of the generated crate.
    pub const fn crate_version(mut self, version: &'static str) -> Self {
        self.crate_version = version;
        self
    }

    /// With the rules that give the endpoint.
    pub const fn endpoint_rules(mut self, rules: EndpointRules) -> Self {
        self.endpoint_rules = Some(rules);
        self
    }
}

/// How the requests of an operation are authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// They are signed with SigV4.
    SigV4,
    /// They are signed if there are credentials, and go out unsigned if no source of credentials is
    /// configured (`@optionalAuth`). A source that is configured and fails is an error.
    Optional,
    /// They go out unsigned.
    None,
}

/// What is fixed about an operation.
#[derive(Debug)]
#[non_exhaustive]
pub struct OperationInfo {
    /// The service.
    pub service: &'static ServiceInfo,
    /// The name on the wire, such as `Encrypt`.
    pub name: &'static str,
    /// Whether the response holds secrets, so that its body is wiped once it was read.
    pub sensitive_output: bool,
    /// Whether a body of 10,240 bytes and more is compressed with gzip (`@requestCompression`).
    pub compression: bool,
    /// Whether the request carries `Content-MD5` (`@httpChecksumRequired`).
    pub checksum: bool,
    /// How requests are authenticated.
    pub auth: Auth,
    /// Whether the signature leaves out the body (`aws.auth#unsignedPayload`).
    pub unsigned_payload: bool,
    /// Whether the response is a stream of events.
    pub event_stream: bool,
    /// Whether the response has members beside its stream of events, which are waited for.
    pub initial_response: bool,
}

impl OperationInfo {
    /// An operation with none of the special traits.
    const fn new(service: &'static ServiceInfo, name: &'static str) -> Self {
        Self {
            service,
            name,
            sensitive_output: false,
            compression: false,
            checksum: false,
            auth: match service.signing_name.is_empty() {
                true => Auth::None,
                false => Auth::SigV4,
            },
            unsigned_payload: false,
            event_stream: false,
            initial_response: false,
        }
    }

    /// Marks a response that holds secrets.
    pub const fn sensitive_output(mut self) -> Self {
        self.sensitive_output = true;
        self
    }

    /// Marks an operation with `@requestCompression`.
    #[cfg(feature = "compression")]
    pub const fn compression(mut self) -> Self {
        self.compression = true;
        self
    }

    /// Marks an operation with `@httpChecksumRequired`.
    #[cfg(feature = "checksum")]
    pub const fn checksum(mut self) -> Self {
        self.checksum = true;
        self
    }

    /// Marks an operation that needs no signature.
    pub const fn unsigned(mut self) -> Self {
        self.auth = Auth::None;
        self
    }

    /// Marks an operation with `@optionalAuth`.
    pub const fn optional_auth(mut self) -> Self {
        self.auth = Auth::Optional;
        self
    }

    /// Marks an operation with `aws.auth#unsignedPayload`.
    pub const fn unsigned_payload(mut self) -> Self {
        self.unsigned_payload = true;
        self
    }

    /// Marks an operation whose response is a stream of events.
    pub const fn event_stream(mut self) -> Self {
        self.event_stream = true;
        self
    }

    /// Marks an operation whose response has members beside its stream of events.
    pub const fn initial_response(mut self) -> Self {
        self.initial_response = true;
        self
    }
}
