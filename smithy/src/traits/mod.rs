//! Named access to applied traits.
//!
//! [`TraitsExt`] reads them; a value of the wrong form reads as absent, since
//! [`load`](crate::load::load) has reported it.

pub mod id;
mod value;

use serde_json::{Map, Value};

use crate::ast::Traits;
use value::{Object, Read, annotation, array, string, strings};

pub use value::{
    AwsQueryError, AwsService, ClientContextParam, Deprecated, EnumValue, ErrorKind, Example,
    ExampleError, Length, Paginated, Range, Retryable, Subject, TimestampFormat,
};

/// The wire protocols that a service's traits can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // The names are Smithy's own.
pub enum Protocol {
    AwsJson1_0,
    AwsJson1_1,
    AwsQuery,
    Ec2Query,
    RestJson1,
    RestXml,
    RpcV2Cbor,
    RpcV2Json,
}

impl Protocol {
    /// Every protocol, by name.
    pub const ALL: [Self; 8] = [
        Self::AwsJson1_0,
        Self::AwsJson1_1,
        Self::AwsQuery,
        Self::Ec2Query,
        Self::RestJson1,
        Self::RestXml,
        Self::RpcV2Cbor,
        Self::RpcV2Json,
    ];

    /// The id of the protocol's trait.
    pub fn id(self) -> &'static str {
        match self {
            Self::AwsJson1_0 => id::AWS_JSON_1_0,
            Self::AwsJson1_1 => id::AWS_JSON_1_1,
            Self::AwsQuery => id::AWS_QUERY,
            Self::Ec2Query => id::EC2_QUERY,
            Self::RestJson1 => id::REST_JSON_1,
            Self::RestXml => id::REST_XML,
            Self::RpcV2Cbor => id::RPC_V2_CBOR,
            Self::RpcV2Json => id::RPC_V2_JSON,
        }
    }
}

macro_rules! accessors {
    (
        present { $($(#[$present_doc:meta])* $present:ident = $present_id:ident;)* }
        read { $($(#[$doc:meta])* $name:ident: $type:ty = $id:ident, $read:expr;)* }
    ) => {
        /// Reads the traits of a shape or member.
        pub trait TraitsExt {
            /// The value of the trait with this id, whatever its form.
            fn trait_value(&self, id: &str) -> Option<&Value>;

            /// The protocols that a service names, in the order of [`Protocol::ALL`].
            fn protocols(&self) -> Vec<Protocol> {
                let is_named = |protocol: &Protocol| self.trait_value(protocol.id()).is_some();
                Protocol::ALL.into_iter().filter(is_named).collect()
            }

            /// The HTTP versions that a service wants for streams of events, by the trait of
            /// `protocol`; `None` when it does not say.
            fn event_stream_http(&self, protocol: Protocol) -> Option<Vec<&str>> {
                let value = self.trait_value(protocol.id())?.get("eventStreamHttp")?;
                strings(value).ok()
            }

            $(
                $(#[$present_doc])*
                fn $present(&self) -> bool {
                    self.trait_value(id::$present_id).is_some()
                }
            )*
            $(
                $(#[$doc])*
                fn $name(&self) -> Option<$type> {
                    self.trait_value(id::$id).and_then(|value| $read(value).ok())
                }
            )*
        }

        /// Whether the value of a trait that the generator knows has the right form; any value of
        /// any other trait has. The error says what is wrong.
        pub(crate) fn check(trait_id: &str, value: &Value) -> Read<()> {
            match trait_id {
                $(id::$present_id => annotation(value),)*
                $(id::$id => $read(value).map(drop),)*
                _ => Ok(()),
            }
        }
    };
}

accessors! {
    present {
        /// `@addedDefault`: the default was added after the member was published.
        added_default = ADDED_DEFAULT;
        /// `@authDefinition`: the shape defines a trait that is an authentication scheme.
        auth_definition = AUTH_DEFINITION;
        /// `@clientOptional`: clients treat the member as optional, whatever else it says.
        client_optional = CLIENT_OPTIONAL;
        /// `@eventHeader`: the member is a header of an event.
        event_header = EVENT_HEADER;
        /// `@eventPayload`: the member is the payload of an event.
        event_payload = EVENT_PAYLOAD;
        /// `@hostLabel`: the member fills a label of the endpoint's host prefix.
        host_label = HOST_LABEL;
        /// `@httpChecksumRequired`: the request carries a checksum.
        http_checksum_required = HTTP_CHECKSUM_REQUIRED;
        /// `@idempotencyToken`: a client fills the member with a fresh UUID.
        idempotency_token = IDEMPOTENCY_TOKEN;
        /// `@idempotent`: the operation may be sent twice without more effect than once.
        idempotent = IDEMPOTENT;
        /// `@input`: the structure is the input of one operation only.
        input = INPUT;
        /// `@internal`: not for the public.
        internal = INTERNAL;
        /// `@optionalAuth`: the operation may be called without authentication.
        optional_auth = OPTIONAL_AUTH;
        /// `@output`: the structure is the output of one operation only.
        output = OUTPUT;
        /// A trait of our own: the request goes to the endpoint
        /// that the member holds.
        own_endpoint = OWN_ENDPOINT;
        /// `@readonly`: the operation changes nothing.
        readonly = READONLY;
        /// `@required`.
        required = REQUIRED;
        /// `@requiresLength`: the length of the stream must be known before it is sent.
        requires_length = REQUIRES_LENGTH;
        /// `@sensitive`: the value must not be shown.
        sensitive = SENSITIVE;
        /// `@sparse`: the list or map may hold null.
        sparse = SPARSE;
        /// `@streaming`: the blob is a stream, the union an event stream.
        streaming = STREAMING;
        /// `@trait`: the shape defines a trait.
        trait_definition = TRAIT;
        /// `@uniqueItems`: no two values of the list are equal.
        unique_items = UNIQUE_ITEMS;
        /// `@unitType`: the shape has no meaningful value.
        unit_type = UNIT_TYPE;
        /// `aws.auth#unsignedPayload`: the signature leaves out the body.
        unsigned_payload = UNSIGNED_PAYLOAD;
        /// `@awsQueryCompatible`: the service once spoke the query protocol and keeps its error codes.
        aws_query_compatible = AWS_QUERY_COMPATIBLE;
    }
    read {
        /// `@auth`: the authentication schemes, the preferred one first.
        auth: Vec<&str> = AUTH, strings;
        /// `@default`: null says that a default of the target does not hold.
        default_value: &Value = DEFAULT, any;
        /// `@deprecated`.
        deprecated: Deprecated<'_> = DEPRECATED, Deprecated::read;
        /// `@documentation`: CommonMark or the HTML that AWS writes.
        documentation: &str = DOCUMENTATION, string;
        /// `@endpoint`: the prefix of the host, with `{member}` for labels.
        host_prefix: &str = ENDPOINT, value::host_prefix;
        /// `@enum`: the values of a string that is no enum shape because some have no name.
        enum_trait_values: Vec<&str> = ENUM, value::enum_trait_values;
        /// `@enumValue` of an enum's member.
        enum_value: EnumValue<'_> = ENUM_VALUE, EnumValue::read;
        /// `@error`.
        error: ErrorKind = ERROR, ErrorKind::read;
        /// A trait of our own: what the operation's `@examples` are about, where the model does not
        /// say.
        example_titles: Vec<&str> = EXAMPLE_TITLES, strings;
        /// `@examples`.
        examples: Vec<Example<'_>> = EXAMPLES, Example::read_all;
        /// `@externalDocumentation`: name and URL.
        external_documentation: Vec<(&str, &str)> = EXTERNAL_DOCUMENTATION, named_strings;
        /// `@httpError`: the status that the error is answered with.
        http_error: u16 = HTTP_ERROR, value::status;
        /// `@jsonName`: the member's name in JSON, for protocols that heed it.
        json_name: &str = JSON_NAME, string;
        /// `@length`.
        length: Length = LENGTH, Length::read;
        /// `@mediaType`: what the blob or string holds.
        media_type: &str = MEDIA_TYPE, string;
        /// `@paginated`.
        paginated: Paginated<'_> = PAGINATED, Paginated::read;
        /// `@pattern`: an ECMA 262 regular expression.
        pattern: &str = PATTERN, string;
        /// `@range`. Written `TraitsExt::range(&traits)`: a map has a method of that name itself.
        range: Range<'_> = RANGE, Range::read;
        /// A trait of our own: what to use instead of something deprecated, where `@deprecated` does
        /// not say.
        replacement: &str = REPLACEMENT, string;
        /// `@requestCompression`: the encodings, the preferred one first.
        request_compression: Vec<&str> = REQUEST_COMPRESSION, value::encodings;
        /// `@retryable`.
        retryable: Retryable = RETRYABLE, Retryable::read;
        /// `@since`: the version in which the shape came.
        since: &str = SINCE, string;
        /// A trait of our own on a service: which operations belong together.
        subjects: Vec<Subject<'_>> = SUBJECTS, Subject::read_all;
        /// `@tags`.
        tags: Vec<&str> = TAGS, strings;
        /// `@timestampFormat`.
        timestamp_format: TimestampFormat = TIMESTAMP_FORMAT, TimestampFormat::read;
        /// `@title`: the proper name of the service or resource.
        title: &str = TITLE, string;
        /// `aws.api#service`.
        aws_service: AwsService<'_> = AWS_SERVICE, AwsService::read;
        /// `aws.auth#sigv4`: the service's name in signatures.
        sigv4_name: &str = SIGV4, value::name;
        /// `aws.protocols#awsQueryError`.
        aws_query_error: AwsQueryError<'_> = AWS_QUERY_ERROR, AwsQueryError::read;
        /// `smithy.rules#clientContextParams`: endpoint parameters that the client's user sets.
        client_context_params: Vec<(&str, ClientContextParam<'_>)> = CLIENT_CONTEXT_PARAMS,
            client_context_params;
        /// `smithy.rules#contextParam`: the endpoint parameter that the member sets.
        context_param: &str = CONTEXT_PARAM, value::name;
        /// `smithy.rules#endpointBdd`: the endpoint rules as a decision diagram.
        endpoint_bdd: &Value = ENDPOINT_BDD, object;
        /// `smithy.rules#endpointRuleSet`: the endpoint rules as a tree.
        endpoint_rule_set: &Value = ENDPOINT_RULE_SET, object;
        /// `smithy.rules#endpointTests`.
        endpoint_tests: &Value = ENDPOINT_TESTS, object;
        /// `smithy.rules#operationContextParams`: endpoint parameter and JMESPath in the input.
        operation_context_params: Vec<(&str, &str)> = OPERATION_CONTEXT_PARAMS, context_paths;
        /// `smithy.rules#staticContextParams`: endpoint parameter and constant.
        static_context_params: Vec<(&str, &Value)> = STATIC_CONTEXT_PARAMS, context_values;
        /// `smithy.test#httpRequestTests`.
        http_request_tests: &[Value] = HTTP_REQUEST_TESTS, array;
        /// `smithy.test#httpResponseTests`.
        http_response_tests: &[Value] = HTTP_RESPONSE_TESTS, array;
        /// `smithy.waiters#waitable`: waiters by name.
        waitable: &Map<String, Value> = WAITABLE, map;
    }
}

impl TraitsExt for Traits {
    fn trait_value(&self, id: &str) -> Option<&Value> {
        self.get(id)
    }
}

/// A trait's name as Smithy's messages have it: without the namespace if that is the prelude's.
pub(crate) fn idiomatic_name(trait_id: &str) -> &str {
    trait_id.strip_prefix("smithy.api#").unwrap_or(trait_id)
}

fn any(value: &Value) -> Read<&Value> {
    Ok(value)
}

fn object(value: &Value) -> Read<&Value> {
    annotation(value).map(|()| value)
}

fn map(value: &Value) -> Read<&Map<String, Value>> {
    Object::read(value).map(|object| object.0)
}

fn named_strings(value: &Value) -> Read<Vec<(&str, &str)>> {
    Object::read(value)?.entries(string)
}

fn client_context_params(value: &Value) -> Read<Vec<(&str, ClientContextParam<'_>)>> {
    Object::read(value)?.entries(ClientContextParam::read)
}

fn context_paths(value: &Value) -> Read<Vec<(&str, &str)>> {
    Object::read(value)?.entries(value::context_path)
}

fn context_values(value: &Value) -> Read<Vec<(&str, &Value)>> {
    Object::read(value)?.entries(value::context_value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn traits(entries: Value) -> Traits {
        let Value::Object(entries) = entries else {
            panic!("an object");
        };
        entries.into_iter().collect()
    }

    #[test]
    fn reads_what_is_there() {
        let service = traits(json!({
            "aws.api#service": {"sdkId": "KMS", "arnNamespace": "kms", "endpointPrefix": "kms"},
            "aws.auth#sigv4": {"name": "kms"},
            "aws.protocols#awsJson1_1": {},
            "aws.protocols#restXml": {},
            "smithy.api#title": "Keys",
            "smithy.rules#clientContextParams": {"Arn": {"type": "boolean"}},
        }));
        let names = service.aws_service().unwrap();
        assert_eq!((names.sdk_id, names.arn_namespace), ("KMS", Some("kms")));
        assert_eq!(names.cloud_formation_name, None);
        assert_eq!(service.sigv4_name(), Some("kms"));
        assert_eq!(
            service.protocols(),
            [Protocol::AwsJson1_1, Protocol::RestXml]
        );
        assert_eq!(service.title(), Some("Keys"));
        assert_eq!(
            service.client_context_params().unwrap()[0].1.kind,
            "boolean"
        );
        assert!(!service.aws_query_compatible());

        let member = traits(json!({
            "smithy.api#required": {},
            "smithy.api#length": {"min": 1},
            "smithy.api#range": {"max": 0.5},
            "smithy.api#default": null,
            "smithy.api#enumValue": 7,
            "smithy.api#deprecated": {"since": "2.0"},
            "smithy.rules#contextParam": {"name": "Arn"},
        }));
        assert!(member.required());
        assert_eq!(
            member.length(),
            Some(Length {
                min: Some(1),
                max: None
            })
        );
        assert_eq!(
            TraitsExt::range(&member).unwrap().max.unwrap().to_string(),
            "0.5"
        );
        assert_eq!(member.default_value(), Some(&Value::Null));
        assert_eq!(member.enum_value(), Some(EnumValue::Number(7)));
        assert_eq!(member.deprecated().unwrap().since, Some("2.0"));
        assert_eq!(member.context_param(), Some("Arn"));
        assert_eq!(member.documentation(), None);
    }

    #[test]
    fn reads_the_traits_of_operations_and_errors() {
        let operation = traits(json!({
            "smithy.api#paginated": {"inputToken": "Marker", "items": "a.b"},
            "smithy.api#endpoint": {"hostPrefix": "data-"},
            "smithy.api#requestCompression": {"encodings": ["gzip"]},
            "smithy.api#auth": [],
            "smithy.api#examples": [{"title": "One", "error": {"shapeId": "n#E"}}],
            "smithy.rules#staticContextParams": {"Kind": {"value": "data"}},
            "smithy.rules#operationContextParams": {"Arns": {"path": "keys(Items)"}},
        }));
        let paginated = operation.paginated().unwrap();
        assert_eq!(
            (paginated.input_token, paginated.items),
            (Some("Marker"), Some("a.b"))
        );
        assert_eq!(operation.host_prefix(), Some("data-"));
        assert_eq!(operation.request_compression().unwrap(), ["gzip"]);
        assert_eq!(operation.auth().unwrap(), [""; 0]);
        let examples = operation.examples().unwrap();
        assert_eq!(examples[0].error.unwrap().shape_id, "n#E");
        assert_eq!(
            operation.static_context_params().unwrap(),
            [("Kind", &json!("data"))]
        );
        assert_eq!(
            operation.operation_context_params().unwrap(),
            [("Arns", "keys(Items)")]
        );

        let error = traits(json!({
            "smithy.api#error": "server",
            "smithy.api#httpError": 503,
            "smithy.api#retryable": {"throttling": true},
            "aws.protocols#awsQueryError": {"code": "Slow", "httpResponseCode": 400},
        }));
        assert_eq!(error.error(), Some(ErrorKind::Server));
        assert_eq!(error.http_error(), Some(503));
        assert_eq!(error.retryable(), Some(Retryable { throttling: true }));
        assert_eq!(error.aws_query_error().unwrap().code, "Slow");
    }

    #[test]
    fn a_value_of_the_wrong_form_reads_as_absent_and_is_a_fault() {
        let wrong = traits(json!({"smithy.api#error": "teapot", "smithy.api#httpError": 99}));
        assert_eq!((wrong.error(), wrong.http_error()), (None, None));
        assert_eq!(
            check(id::ERROR, &json!("teapot")).unwrap_err(),
            "expected `client` or `server`, found string \"teapot\""
        );
        assert_eq!(check("n#unknown", &json!([1])), Ok(()));
        let big = |text: &str| Value::Number(text.parse().unwrap());
        let range = |min: &str, max: &str| json!({"min": big(min), "max": big(max)});
        assert_eq!(check(id::RANGE, &range("1", "1e400")), Ok(()));
        let close = range("18446744073709551617", "18446744073709551616");
        assert!(check(id::RANGE, &close).is_err());
    }
}
