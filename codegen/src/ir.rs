//! What a client crate is made of, every decision taken.
//!
//! Types only. [`crate::lower`] makes them from a Smithy model; the emitters turn them into Rust
//! without seeing JSON or a trait id.

use std::collections::BTreeMap;

/// Lines of Markdown, without the leading `///`.
pub type Docs = Vec<String>;

/// One service, and so one crate.
#[derive(Clone, Debug)]
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
    /// The version of the API, such as `2014-11-01`.
    pub version: String,
    /// The wire protocol.
    pub protocol: Protocol,
    /// Whether the service is `@awsQueryCompatible`.
    pub query_compatible: bool,
    /// The name that requests are signed for; `None` when the model has no `@sigv4`.
    pub signing_name: Option<String>,
    /// The service's documentation.
    pub docs: Docs,
    /// By name.
    pub operations: Vec<Operation>,
    /// Shared shapes, by name.
    pub types: Vec<TypeDef>,
    /// Error shapes, by name.
    pub errors: Vec<ErrorShape>,
    /// The endpoint rules, when the model has any.
    pub endpoint: Option<crate::endpoint::Rules>,
    /// What was left out of the crate and why, each a line for the user.
    pub notices: Vec<String>,
    /// Number of shapes of the model that the crate covers.
    pub shapes: usize,
}

/// The protocols that are generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names are Smithy's own.
pub enum Protocol {
    AwsJson1_0,
    AwsJson1_1,
}

/// One operation: a file of its own.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The name on the wire, such as `DescribeKey`.
    pub wire_name: String,
    /// The method of the client and the module, such as `describe_key`.
    pub method: String,
    /// The documentation of the method.
    pub docs: Docs,
    /// The deprecation, if the operation is deprecated.
    pub deprecated: Option<Deprecated>,
    /// The request.
    pub input: Structure,
    /// The response.
    pub output: Structure,
    /// The operation's own error.
    pub error: OperationError,
    /// The member to fill with a UUID when the caller left it out.
    pub idempotency_token: Option<TokenMember>,
    /// The template of `@endpoint`, if any.
    pub host_prefix: Option<Vec<HostPart>>,
    /// The field of the request that holds the endpoint to use instead of the client's.
    pub own_endpoint: Option<PathStep>,
    /// Whether the request is compressed with gzip when it is large.
    pub compression: bool,
    /// Whether the request carries `Content-MD5`.
    pub checksum: bool,
    /// Whether the request goes out unsigned: `@optionalAuth` or `@auth([])`.
    pub unsigned: bool,
    /// How to walk pages.
    pub pagination: Option<Pagination>,
    /// Whether the response holds anything sensitive, so that its body is wiped.
    pub sensitive_output: bool,
    /// What the operation adds to the parameters of the endpoint's rules.
    pub endpoint_inputs: Vec<EndpointInput>,
}

/// A value that an operation adds to the parameters of the endpoint's rules.
#[derive(Clone, Debug)]
pub struct EndpointInput {
    /// The parameter's name in the model.
    pub parameter: String,
    /// Where the value comes from.
    pub value: EndpointValue,
}

/// Where an operation's endpoint parameter comes from.
#[derive(Clone, Debug)]
pub enum EndpointValue {
    /// `smithy.rules#contextParam`: a field of the request, of type string, boolean or list of
    /// strings, and whether it is an `Option`.
    Field(PathStep, Type),
    /// `smithy.rules#staticContextParams`: a string.
    String(String),
    /// The same: a boolean.
    Boolean(bool),
    /// The same: strings.
    Strings(Vec<String>),
}

/// `@deprecated`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deprecated {
    /// What to use instead, in the model's words.
    pub message: Option<String>,
    /// The version or date of the deprecation.
    pub since: Option<String>,
}

/// The member with `@idempotencyToken`.
#[derive(Clone, Debug)]
pub struct TokenMember {
    /// The field of the request, always an `Option`.
    pub field: String,
    /// Whether the token is wrapped as sensitive.
    pub sensitive: bool,
}

/// A piece of `@endpoint(hostPrefix)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostPart {
    /// Text as it is.
    Text(String),
    /// The value of a request's `@hostLabel` member.
    Label {
        /// The member's name in the model.
        wire_name: String,
        /// The field of the request.
        field: String,
        /// Whether the field is an `Option`.
        optional: bool,
    },
}

/// How an operation's answer is cut into pages.
#[derive(Clone, Debug)]
pub struct Pagination {
    /// The field of the request that takes the token.
    pub input_token: String,
    /// Whether that field is an `Option`.
    pub input_token_optional: bool,
    /// The fields from the response to the token.
    pub output_token: Vec<PathStep>,
    /// The type of the token.
    pub token: Type,
    /// The fields from the response to the items, and their type.
    pub items: Option<(Vec<PathStep>, Type)>,
}

/// One step of a path through structures.
#[derive(Clone, Debug)]
pub struct PathStep {
    /// The field.
    pub field: String,
    /// Whether the field is an `Option`.
    pub optional: bool,
}

/// The error enum of one operation.
#[derive(Clone, Debug)]
pub struct OperationError {
    /// The Rust name, such as `EncryptError`.
    pub name: String,
    /// In the model's order.
    pub variants: Vec<ErrorVariant>,
}

/// One modelled error of an operation.
#[derive(Clone, Debug)]
pub struct ErrorVariant {
    /// The Rust name of the variant.
    pub variant: String,
    /// The Rust name of the error shape.
    pub type_name: String,
    /// The error's name on the wire.
    pub wire_name: String,
    /// `@retryable`.
    pub retryable: Option<Retryable>,
}

/// A shape that several operations may share: a file of its own under `types/`.
#[derive(Clone, Debug)]
pub enum TypeDef {
    /// A structure.
    Structure(Structure),
    /// A union.
    Union(Union),
    /// A string enum.
    Enum(Enumeration),
    /// An integer enum.
    IntEnum(IntEnumeration),
}

impl TypeDef {
    /// The Rust name.
    pub fn name(&self) -> &str {
        match self {
            Self::Structure(x) => &x.name,
            Self::Union(x) => &x.name,
            Self::Enum(x) => &x.name,
            Self::IntEnum(x) => &x.name,
        }
    }

    /// The module under `types/`.
    pub fn module(&self) -> &str {
        match self {
            Self::Structure(x) => &x.module,
            Self::Union(x) => &x.module,
            Self::Enum(x) => &x.module,
            Self::IntEnum(x) => &x.module,
        }
    }
}

/// Where a shape travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// It is part of a request, so it is written.
    pub request: bool,
    /// It is part of a response or an error, so it is read.
    pub response: bool,
}

/// A structure: of a request, a response, an error, or shared.
#[derive(Clone, Debug)]
pub struct Structure {
    /// The Rust name.
    pub name: String,
    /// The module; unused for what stands in another file.
    pub module: String,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// In the model's order.
    pub fields: Vec<Field>,
    /// Where it travels.
    pub usage: Usage,
    /// How a value is made.
    pub constructor: Constructor,
    /// Whether it needs `Wipe`, because something sensitive holds it.
    pub wipe: bool,
}

/// How a structure is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constructor {
    /// `derive(Default)` gives the right value.
    DeriveDefault,
    /// `Default` written out, since a field has a default that is not its type's.
    ImplDefault,
    /// `new` with the required members; no `Default`.
    New,
}

/// A member of a structure.
#[derive(Clone, Debug)]
pub struct Field {
    /// The Rust name, a raw identifier where it must be one.
    pub name: String,
    /// The name on the wire.
    pub wire_name: String,
    /// Other names that a response may use for it: those of an error's message.
    pub aliases: Vec<String>,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// The type, without the `Option` of its presence.
    pub ty: Type,
    /// Whether it can be absent, and what stands in then.
    pub presence: Presence,
}

/// Whether a member can be absent.
#[derive(Clone, Debug, PartialEq)]
pub enum Presence {
    /// Always there: an argument of `new`, the zero value where a service leaves it out.
    Required,
    /// An `Option`.
    Optional,
    /// Always there, with this value unless another is given.
    Default(Literal),
}

/// The value of `@default`, typed by its member.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// The zero value of the type: false, 0, empty, the epoch.
    Zero,
    /// A boolean.
    Bool(bool),
    /// A whole number for byte, short, integer, long and int enums.
    Integer(i64),
    /// A number for float and double; `nan`, `inf` and `-inf` are spelled so.
    Float(String),
    /// The text of a string, an enum or a big number.
    Text(String),
    /// The bytes of a blob.
    Bytes(Vec<u8>),
    /// Seconds and nanoseconds since the epoch.
    Timestamp(i64, u32),
    /// A document with the value of one of the other kinds.
    Document(Box<Literal>),
    /// The empty list, within a document.
    EmptyList,
    /// The empty map, within a document.
    EmptyMap,
}

/// A union: exactly one of its members.
#[derive(Clone, Debug)]
pub struct Union {
    /// The Rust name.
    pub name: String,
    /// The module under `types/`.
    pub module: String,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// In the model's order.
    pub variants: Vec<Variant>,
    /// Where it travels.
    pub usage: Usage,
    /// Whether a required member of a response has this type, so that it needs `Default`.
    pub default: bool,
    /// Whether it needs `Wipe`.
    pub wipe: bool,
}

/// A member of a union.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The Rust name.
    pub name: String,
    /// The name on the wire.
    pub wire_name: String,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// The type of the value; [`Type::Unit`] for none.
    pub ty: Type,
}

/// A string enum, open to values that the model does not know yet.
#[derive(Clone, Debug)]
pub struct Enumeration {
    /// The Rust name.
    pub name: String,
    /// The module under `types/`.
    pub module: String,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// In the model's order.
    pub values: Vec<EnumValue<String>>,
    /// Whether a required member of a response has this type, so that it needs `Default`.
    pub default: bool,
    /// Whether it needs `Wipe`.
    pub wipe: bool,
}

/// An integer enum, open to values that the model does not know yet.
#[derive(Clone, Debug)]
pub struct IntEnumeration {
    /// The Rust name.
    pub name: String,
    /// The module under `types/`.
    pub module: String,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
    /// In the model's order.
    pub values: Vec<EnumValue<i32>>,
    /// Whether a required member of a response has this type, so that it needs `Default`.
    pub default: bool,
    /// Whether it needs `Wipe`.
    pub wipe: bool,
}

/// A value of an enum.
#[derive(Clone, Debug)]
pub struct EnumValue<T> {
    /// The Rust name of the variant.
    pub variant: String,
    /// The value on the wire.
    pub value: T,
    /// The documentation.
    pub docs: Docs,
    /// The deprecation, if it is deprecated.
    pub deprecated: Option<Deprecated>,
}

/// A structure with `@error`.
#[derive(Clone, Debug)]
pub struct ErrorShape {
    /// Its members. `message` is among them when the model has it.
    pub structure: Structure,
    /// The name on the wire.
    pub wire_name: String,
    /// Whether an optional string called `message` is all that it has.
    pub is_message_only: bool,
    /// The field that holds the message for people, if the model has one, and whether it is an `Option`.
    pub message: Option<PathStep>,
    /// Whose fault it is.
    pub fault: Fault,
    /// `@httpError`, or 400 and 500 by the fault.
    pub status: u16,
    /// `@retryable`.
    pub retryable: Option<Retryable>,
    /// The code of `@awsQueryError`, for services that are query compatible.
    pub query_code: Option<String>,
}

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The caller's.
    Client,
    /// The service's.
    Server,
}

/// `@retryable`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retryable {
    /// Worth another attempt.
    Transient,
    /// Worth another attempt after a longer pause.
    Throttling,
}

/// The Rust type of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // Smithy's simple types.
pub enum Type {
    Boolean,
    Byte,
    Short,
    Integer,
    Long,
    Float,
    Double,
    BigInteger,
    BigDecimal,
    String,
    Blob,
    Timestamp(TimestampFormat),
    Document,
    /// No value: `smithy.api#Unit` as a member of a union.
    Unit,
    /// A string enum, by its Rust name.
    Enum(String),
    /// An integer enum, by its Rust name.
    IntEnum(String),
    /// A structure, by its Rust name.
    Structure(String),
    /// A union, by its Rust name.
    Union(String),
    /// A list; `sparse` ones may hold null.
    List {
        item: Box<Type>,
        sparse: bool,
    },
    /// A map from a string or a string enum; `sparse` ones may hold null.
    Map {
        key: Box<Type>,
        value: Box<Type>,
        sparse: bool,
    },
    /// Behind a `Box`, to break a cycle.
    Boxed(Box<Type>),
    /// Redacted in `Debug` and wiped on drop.
    Sensitive(Box<Type>),
}

/// How a timestamp is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // The names are Smithy's own.
pub enum TimestampFormat {
    EpochSeconds,
    DateTime,
    HttpDate,
}

/// Types by their Rust name, for the emitters.
pub type TypeIndex<'a> = BTreeMap<&'a str, &'a TypeDef>;
