//! What a client crate is made of, every decision taken.
//!
//! Types only. [`crate::lower`] makes them from a Smithy model; the emitters turn them into Rust
//! without seeing JSON or a trait id.

mod constraints;
mod docs;
pub mod endpoint;
mod http;
mod shape;
mod stream;
mod ty;
mod value;

use std::collections::BTreeMap;

pub use constraints::{Bounds, Constraints, Elements, Limits};
pub use docs::{Alignment, Block, Docs, Link, Note, Run, Style, Table, Text, Weight};
pub use http::{Http, UriPart};
pub use shape::*;
pub use stream::*;
pub use ty::{TimestampFormat, Type};
pub use value::{Document, EnumChoice, MemberValue, Scalar, StructureValue, Value};

/// One service, and so one crate.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// The model's name, such as `kms`; the crate is `tinsmith-kms`.
    pub name: String,
    /// Where the model stands, for the header of each file.
    pub source: String,
    /// The service shape's name, the prefix of `X-Amz-Target`.
    pub shape_name: String,
    /// `aws.api#service.sdkId`, such as `Secrets Manager`; the shape's name without that trait.
    pub sdk_id: String,
    /// The service in words, for documentation.
    pub title: String,
    /// The identifier of the service in AWS's documentation, such as `kms-2014-11-01`.
    pub doc_id: Option<String>,
    /// The version of the API, such as `2014-11-01`.
    pub version: String,
    /// The wire protocol.
    pub protocol: Protocol,
    /// Whether the service is `@awsQueryCompatible`.
    pub query_compatible: bool,
    /// The name that requests are signed for; `None` if no request is signed.
    pub signing_name: Option<String>,
    /// Whether the model lets streams of events come over HTTP/1.1.
    pub streams_over_http1: bool,
    /// The service's documentation.
    pub docs: Docs,
    /// What documentation means by the names of the model's shapes.
    pub names: BTreeMap<String, Named>,
    /// By name.
    pub operations: Vec<Operation>,
    /// The operations again, by what they deal with.
    pub subjects: Vec<Subject>,
    /// Shared shapes, by name.
    pub types: Vec<TypeDef>,
    /// The modules under `types/`, by the Rust name of the type.
    pub modules: BTreeMap<String, String>,
    /// Error shapes, by name.
    pub errors: Vec<ErrorShape>,
    /// The endpoint rules, when the model has any.
    pub endpoint: Option<endpoint::Rules>,
    /// What was left out of the crate and why, each a line for the user.
    pub notices: Vec<String>,
    /// Number of shapes of the model that the crate covers.
    pub shapes: usize,
}

impl Service {
    /// The module of a shared shape.
    pub fn module(&self, def: &TypeDef) -> &str {
        self.modules.get(def.name()).map_or("", String::as_str)
    }

    /// The structures: of operations, errors and shared.
    pub fn structures(&self) -> impl Iterator<Item = &Structure> {
        let operations = self.operations.iter();
        let shared = self.types.iter().filter_map(|def| match def {
            TypeDef::Structure(structure) => Some(structure),
            TypeDef::Union(_) | TypeDef::EventStream(_) | TypeDef::Enum(_) => None,
        });
        operations
            .flat_map(|operation| [&operation.input, &operation.output])
            .chain(self.errors.iter().map(|error| &error.structure))
            .chain(shared)
    }

    /// Whether any request is signed.
    pub fn signs(&self) -> bool {
        let mut operations = self.operations.iter();
        operations.any(|operation| operation.auth != Auth::None)
    }
}

/// What a name of the model stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// An operation, by the method of the client.
    Operation(String),
    /// A shape, by its Rust name.
    Type(String),
}

/// Operations that deal with the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What they deal with, in words.
    pub name: String,
    /// The methods of the client, in the order that the overlay gives or by name.
    pub methods: Vec<String>,
}

/// The protocols that are generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names are Smithy's own.
pub enum Protocol {
    AwsJson1_0,
    AwsJson1_1,
}

impl From<Protocol> for tinsmith_smithy::traits::Protocol {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::AwsJson1_0 => Self::AwsJson1_0,
            Protocol::AwsJson1_1 => Self::AwsJson1_1,
        }
    }
}

/// How the requests of an operation are authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// They are signed: SigV4.
    SigV4,
    /// They are signed if there are credentials: `@optionalAuth`.
    Optional,
    /// They are not.
    None,
}

/// One operation: a file of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The name on the wire, such as `DescribeKey`.
    pub wire_name: String,
    /// The method of the client, such as `describe_key`.
    pub method: String,
    /// The module under `operation/`.
    pub module: String,
    /// The HTTP messages.
    pub http: Http,
    /// The documentation of the method.
    pub docs: Docs,
    /// The deprecation, if the operation is deprecated.
    pub deprecated: Option<Deprecated>,
    /// A call of it, if the model gives one that its shapes allow.
    pub example: Option<Example>,
    /// The input.
    pub input: Structure,
    /// The output.
    pub output: Structure,
    /// The operation's own error.
    pub error: OperationError,
    /// The template of `@endpoint`, if any.
    pub host_prefix: Option<Vec<HostPart>>,
    /// The field of the input that holds the endpoint to use instead of the client's.
    pub own_endpoint: Option<PathStep>,
    /// Whether the request is compressed with gzip when it is large.
    pub compression: bool,
    /// Whether the request carries `Content-MD5`.
    pub checksum: bool,
    /// How requests are authenticated.
    pub auth: Auth,
    /// Whether the signature leaves out the body: `aws.auth#unsignedPayload`.
    pub unsigned_payload: bool,
    /// How to walk pages.
    pub pagination: Option<Pagination>,
    /// Whether the output holds anything sensitive, so that its body is wiped.
    pub sensitive_output: bool,
    /// What the operation adds to the parameters of the endpoint's rules.
    pub endpoint_inputs: Vec<EndpointInput>,
}

/// One of `@examples`.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// What it is about, in one line; empty when nobody says.
    pub title: String,
    /// The input.
    pub input: StructureValue,
}

/// A value that an operation adds to the parameters of the endpoint's rules.
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointInput {
    /// The parameter's name in the model.
    pub parameter: String,
    /// String, boolean, or string array.
    pub ty: endpoint::Type,
    /// Where the value comes from.
    pub value: EndpointValue,
}

/// Where an operation's endpoint parameter comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum EndpointValue {
    /// `smithy.rules#contextParam`: a field of the input, of type string, enum, boolean or list
    /// of strings or enums, each of them sensitive or not.
    Field(PathStep, Type),
    /// `smithy.rules#staticContextParams`.
    Fixed(Value),
}

/// `@deprecated`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deprecated {
    /// What to use instead, in the model's words.
    pub message: Option<String>,
    /// The version or date of the deprecation.
    pub since: Option<String>,
}

/// A piece of `@endpoint(hostPrefix)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostPart {
    /// Text as it is.
    Text(String),
    /// The value of the `@hostLabel` member of the input.
    Label {
        /// The member's name in the model.
        member: String,
        /// The field of the input.
        field: String,
        /// Whether the field is an `Option`.
        optional: bool,
    },
}

/// How an operation's answer is cut into pages.
#[derive(Clone, Debug, PartialEq)]
pub struct Pagination {
    /// The method of the client that walks them, such as `list_keys_pages`.
    pub method: String,
    /// The field of the input that takes the token.
    pub input_token: String,
    /// Whether that field is an `Option`.
    pub input_token_optional: bool,
    /// The fields from the output to the token.
    pub output_token: Vec<PathStep>,
    /// The type of the token in the input.
    pub token: Type,
    /// Its type in the output, which is the same but for being sensitive.
    pub output_type: Type,
    /// The fields from the output to the items, and their type.
    pub items: Option<(Vec<PathStep>, Type)>,
    /// Whether something sensitive holds the items, from which nothing can be moved.
    pub copies_items: bool,
}

/// One step of a path through structures.
#[derive(Clone, Debug, PartialEq)]
pub struct PathStep {
    /// The field.
    pub field: String,
    /// Whether the field is an `Option`.
    pub optional: bool,
}

/// The error enum of one operation, or of a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct OperationError {
    /// The Rust name, such as `EncryptError`.
    pub name: String,
    /// By name.
    pub variants: Vec<ErrorVariant>,
}

/// One modelled error of an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorVariant {
    /// The Rust name of the variant.
    pub variant: String,
    /// The Rust name of the error shape.
    pub type_name: String,
    /// The error's name on the wire.
    pub wire_name: String,
    /// `@retryable`.
    pub retryable: Option<Retryable>,
    /// `@httpError`, or 400 and 500 by the fault.
    pub status: u16,
    /// Whether a client sends the request again by itself.
    pub is_retried: bool,
}

/// Types by their Rust name.
pub type TypeIndex<'a> = BTreeMap<&'a str, &'a TypeDef>;

/// The index of `types`.
pub fn index(types: &[TypeDef]) -> TypeIndex<'_> {
    types.iter().map(|def| (def.name(), def)).collect()
}
