//! The traits that are applied to a shape or member, typed.
//!
//! [`load`](crate::load::load) reads each known trait once and reports values of the wrong form, so
//! that a trait of a loaded model is either absent or well-formed.

pub mod id;
mod read;
mod value;

use std::collections::BTreeMap;
use std::mem::discriminant;

use serde_json::Value;

use read::{Annotation, FromJson, Read, member, object};
use value::Name;

pub use value::{
    AwsService, Deprecated, EnumEntry, EnumValue, ErrorKind, Example, ExampleError, Length,
    Paginated, Range, Retryable, StaticContextParam, Subject, TimestampFormat,
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
    const ALL: [Self; 8] = [
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
            Self::AwsJson1_0 => "aws.protocols#awsJson1_0",
            Self::AwsJson1_1 => "aws.protocols#awsJson1_1",
            Self::AwsQuery => "aws.protocols#awsQuery",
            Self::Ec2Query => "aws.protocols#ec2Query",
            Self::RestJson1 => "aws.protocols#restJson1",
            Self::RestXml => "aws.protocols#restXml",
            Self::RpcV2Cbor => "smithy.protocols#rpcv2Cbor",
            Self::RpcV2Json => "smithy.protocols#rpcv2Json",
        }
    }
}

/// The traits of a shape or member.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traits {
    known: Vec<Trait>,
    protocols: BTreeMap<Protocol, Option<Vec<String>>>,
    /// Every trait by its id, as the model writes it.
    json: BTreeMap<String, Value>,
}

impl Traits {
    /// Adds a trait, or replaces it. A trait that is not known here is kept for
    /// [`serialize`](crate::serialize::serialize).
    ///
    /// # Errors
    ///
    /// Returns a message if the value does not have the form that the trait prescribes.
    pub fn insert(&mut self, id: &str, value: Value) -> Result<(), String> {
        let result = self.read(id, &value);
        self.json.insert(id.to_owned(), value);
        result
    }

    fn read(&mut self, id: &str, value: &Value) -> Read<()> {
        if let Some(known) = Trait::read(id, value)? {
            let kind = discriminant(&known);
            self.known.retain(|old| discriminant(old) != kind);
            self.known.push(known);
        }
        let is_named = |protocol: &Protocol| protocol.id() == id;
        if let Some(protocol) = Protocol::ALL.into_iter().find(is_named) {
            let versions = member(object(value)?, "eventStreamHttp")?;
            self.protocols.insert(protocol, versions);
        }
        Ok(())
    }

    /// Returns the ids of all traits, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.json.keys().map(String::as_str)
    }

    /// Returns the protocols that a service names, each with the HTTP versions that it wants for
    /// streams of events, if the model says so.
    pub fn protocols(&self) -> &BTreeMap<Protocol, Option<Vec<String>>> {
        &self.protocols
    }

    /// Returns a trait as the model writes it, also if its value does not have the right form.
    pub(crate) fn of_id(&self, id: &str) -> Option<&Value> {
        self.json.get(id)
    }

    pub(crate) fn json(&self) -> &BTreeMap<String, Value> {
        &self.json
    }
}

/// Defines [`Trait`] and a method of [`Traits`] for each known trait. In `flags` are traits that are
/// only present or absent, in `json` those that are read after the model is loaded. A key after the id
/// means that only this member of the trait's value matters.
macro_rules! traits {
    (
        flags { $($(#[$flag_doc:meta])* $flag:ident = $flag_id:literal;)* }
        json { $($(#[$json_doc:meta])* $json:ident: $json_type:ty = $json_id:literal;)* }
        copied {
            $($(#[$copied_doc:meta])* $copied:ident: $copied_type:ty
                = $copied_id:literal $(, $copied_key:literal)?;)*
        }
        borrowed {
            $($(#[$doc:meta])* $name:ident: $type:ty => $target:ty = $id:literal $(, $key:literal)?;)*
        }
    ) => {
        /// The value of a known trait.
        #[allow(non_camel_case_types, reason = "named as the methods of `Traits`")]
        #[derive(Clone, Debug, PartialEq)]
        enum Trait {
            $($flag,)*
            $($copied($copied_type),)*
            $($name($type),)*
        }

        impl Trait {
            /// Reads the value of the trait `id`; `None` if only its JSON is kept.
            fn read(id: &str, value: &Value) -> Read<Option<Self>> {
                Ok(match id {
                    $($flag_id => Annotation::from_json(value).map(|_| Some(Self::$flag))?,)*
                    $($json_id => <$json_type>::from_json(value).map(|_| None)?,)*
                    $($copied_id => Some(Self::$copied(read(value, &[$($copied_key)?])?)),)*
                    $($id => Some(Self::$name(read(value, &[$($key)?])?)),)*
                    _ => None,
                })
            }
        }

        impl Traits {
            $(
                $(#[$flag_doc])*
                pub fn $flag(&self) -> bool {
                    self.known.contains(&Trait::$flag)
                }
            )*
            $(
                $(#[$json_doc])*
                pub fn $json(&self) -> Option<&Value> {
                    self.json.get($json_id)
                }
            )*
            $(
                $(#[$copied_doc])*
                pub fn $copied(&self) -> Option<$copied_type> {
                    self.known.iter().find_map(|known| match known {
                        Trait::$copied(value) => Some(*value),
                        _ => None,
                    })
                }
            )*
            $(
                $(#[$doc])*
                pub fn $name(&self) -> Option<&$target> {
                    for known in &self.known {
                        if let Trait::$name(value) = known {
                            return Some(value);
                        }
                    }
                    None
                }
            )*
        }
    };
}

traits! {
    flags {
        /// `@addedDefault`: the default was added after the member was published.
        added_default = "smithy.api#addedDefault";
        /// `@authDefinition`: the shape defines a trait that is an authentication scheme.
        auth_definition = "smithy.api#authDefinition";
        /// `@awsQueryCompatible`: the service once used the query protocol and keeps its error codes.
        aws_query_compatible = "aws.protocols#awsQueryCompatible";
        /// `@clientOptional`: clients treat the member as optional, whatever else it says.
        client_optional = "smithy.api#clientOptional";
        /// `@eventHeader`: the member is a header of an event.
        event_header = "smithy.api#eventHeader";
        /// `@eventPayload`: the member is the payload of an event.
        event_payload = "smithy.api#eventPayload";
        /// `@httpChecksumRequired`: the request carries a checksum.
        http_checksum_required = "smithy.api#httpChecksumRequired";
        /// `@idempotencyToken`: a client fills the member with a fresh UUID.
        idempotency_token = "smithy.api#idempotencyToken";
        /// `@mixin`: the shape is only there to be mixed into others. No shape of a loaded model has
        /// it.
        mixin = "smithy.api#mixin";
        /// `@optionalAuth`: the operation may be called without authentication.
        optional_auth = "smithy.api#optionalAuth";
        /// A trait of our own: the request goes to the endpoint that the member holds.
        own_endpoint = "tinsmith#ownEndpoint";
        /// `@required`.
        required = "smithy.api#required";
        /// `@sensitive`: the value must not be shown.
        sensitive = "smithy.api#sensitive";
        /// `@sparse`: the list or map may hold null.
        sparse = "smithy.api#sparse";
        /// `@streaming`: the blob is a stream, the union an event stream.
        streaming = "smithy.api#streaming";
        /// `@uniqueItems`: no two values of the list are equal.
        unique_items = "smithy.api#uniqueItems";
        /// `@unitType`: the shape has no meaningful value.
        unit_type = "smithy.api#unitType";
        /// `aws.auth#unsignedPayload`: the signature leaves out the body.
        unsigned_payload = "aws.auth#unsignedPayload";
    }
    json {
        /// `@default`: null says that a default of the target does not hold. The loader has checked
        /// that the value fits the target.
        default_value: Value = "smithy.api#default";
        /// `smithy.rules#endpointBdd`: the endpoint rules as a decision diagram.
        endpoint_bdd: Annotation = "smithy.rules#endpointBdd";
        /// `smithy.rules#endpointRuleSet`: the endpoint rules as a tree.
        endpoint_rule_set: Annotation = "smithy.rules#endpointRuleSet";
        /// `smithy.rules#endpointTests`.
        endpoint_tests: Annotation = "smithy.rules#endpointTests";
        /// `smithy.test#httpRequestTests`.
        http_request_tests: Vec<Value> = "smithy.test#httpRequestTests";
        /// `smithy.test#httpResponseTests`.
        http_response_tests: Vec<Value> = "smithy.test#httpResponseTests";
    }
    copied {
        /// `@error`.
        error: ErrorKind = "smithy.api#error";
        /// `@httpError`: the HTTP status of the error.
        http_error: u16 = "smithy.api#httpError";
        /// `@length`.
        length: Length = "smithy.api#length";
        /// `@retryable`.
        retryable: Retryable = "smithy.api#retryable";
        /// `@timestampFormat`.
        timestamp_format: TimestampFormat = "smithy.api#timestampFormat";
    }
    borrowed {
        /// `@auth`: the authentication schemes, the preferred one first.
        auth: Vec<String> => [String] = "smithy.api#auth";
        /// `aws.protocols#awsQueryError`: the error's code in the query protocol.
        aws_query_error: String => str = "aws.protocols#awsQueryError", "code";
        /// `aws.api#service`.
        aws_service: AwsService => AwsService = "aws.api#service";
        /// `smithy.rules#contextParam`: the endpoint parameter that the member sets.
        context_param: Name => str = "smithy.rules#contextParam", "name";
        /// `@deprecated`.
        deprecated: Deprecated => Deprecated = "smithy.api#deprecated";
        /// `@documentation`: CommonMark or the HTML that AWS writes.
        documentation: String => str = "smithy.api#documentation";
        /// `@enum`: the values of a string that is not an enum shape because some have no name.
        enum_entries: Vec<EnumEntry> => [EnumEntry] = "smithy.api#enum";
        /// `@enumValue` of an enum's member.
        enum_value: EnumValue => EnumValue = "smithy.api#enumValue";
        /// A trait of our own: what the operation's `@examples` are about, where the model does not
        /// say.
        example_titles: Vec<String> => [String] = "tinsmith#exampleTitles";
        /// `@examples`.
        examples: Vec<Example> => [Example] = "smithy.api#examples";
        /// `@externalDocumentation`: URLs by name.
        external_documentation: BTreeMap<String, String> => BTreeMap<String, String>
            = "smithy.api#externalDocumentation";
        /// `@endpoint`: the prefix of the host, with `{member}` for labels.
        host_prefix: String => str = "smithy.api#endpoint", "hostPrefix";
        /// `@paginated`.
        paginated: Paginated => Paginated = "smithy.api#paginated";
        /// `@pattern`: an ECMA 262 regular expression.
        pattern: String => str = "smithy.api#pattern";
        /// `@range`.
        range: Range => Range = "smithy.api#range";
        /// A trait of our own: what to use instead of something deprecated, where `@deprecated` does
        /// not say.
        replacement: String => str = "tinsmith#replacement";
        /// `@requestCompression`: the encodings, the preferred one first.
        request_compression: Vec<String> => [String] = "smithy.api#requestCompression", "encodings";
        /// `aws.auth#sigv4`: the service's name in signatures.
        sigv4_name: Name => str = "aws.auth#sigv4", "name";
        /// `smithy.rules#staticContextParams`: constants by endpoint parameter.
        static_context_params: BTreeMap<String, StaticContextParam>
            => BTreeMap<String, StaticContextParam> = "smithy.rules#staticContextParams";
        /// A trait of our own on a service: which operations belong together.
        subjects: Vec<Subject> => [Subject] = "tinsmith#subjects";
        /// `@title`: the proper name of the service or resource.
        title: String => str = "smithy.api#title";
    }
}

fn read<T: FromJson>(value: &Value, key: &[&str]) -> Read<T> {
    match key.first() {
        None => T::from_json(value),
        Some(key) => member(object(value)?, key),
    }
}

/// A trait's name as Smithy's messages have it: without the namespace if that is the prelude's.
pub(crate) fn idiomatic_name(trait_id: &str) -> &str {
    trait_id.strip_prefix("smithy.api#").unwrap_or(trait_id)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn traits(entries: Value) -> Traits {
        let mut traits = Traits::default();
        for (id, value) in entries.as_object().unwrap() {
            traits.insert(id, value.clone()).unwrap();
        }
        traits
    }

    #[test]
    fn reads_traits_of_services_and_members() {
        let service = traits(json!({
            "aws.api#service": {"sdkId": "KMS", "arnNamespace": "kms", "endpointPrefix": "kms"},
            "aws.auth#sigv4": {"name": "kms"},
            "aws.protocols#awsJson1_1": {"eventStreamHttp": ["h2"]},
            "aws.protocols#restXml": {},
            "smithy.api#title": "Keys",
            "n#unknown": [1],
        }));
        assert_eq!(service.aws_service().unwrap().sdk_id, "KMS");
        assert_eq!(service.sigv4_name(), Some("kms"));
        let versions = vec!["h2".to_owned()];
        let protocols: Vec<_> = service.protocols().clone().into_iter().collect();
        assert_eq!(
            protocols,
            [
                (Protocol::AwsJson1_1, Some(versions)),
                (Protocol::RestXml, None)
            ]
        );
        assert_eq!(service.title(), Some("Keys"));
        assert!(!service.aws_query_compatible());
        assert_eq!(service.ids().count(), 6);

        let member = traits(json!({
            "smithy.api#required": {},
            "smithy.api#length": {"min": 1},
            "smithy.api#range": {"max": 0.5},
            "smithy.api#enumValue": 7,
            "smithy.api#deprecated": {"since": "2.0"},
            "smithy.rules#contextParam": {"name": "Arn"},
        }));
        assert!(member.required());
        let length = Length {
            min: Some(1),
            max: None,
        };
        assert_eq!(member.length(), Some(length));
        let max = member.range().unwrap().max.as_ref().unwrap();
        assert_eq!(max.to_string(), "0.5");
        assert_eq!(member.enum_value(), Some(&EnumValue::Number(7)));
        let deprecated = member.deprecated().unwrap();
        assert_eq!(deprecated.since.as_deref(), Some("2.0"));
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
        }));
        let paginated = operation.paginated().unwrap();
        assert_eq!(paginated.input_token.as_deref(), Some("Marker"));
        assert_eq!(paginated.items.as_deref(), Some("a.b"));
        assert_eq!(operation.host_prefix(), Some("data-"));
        assert_eq!(operation.request_compression().unwrap(), ["gzip"]);
        assert_eq!(operation.auth().unwrap(), [""; 0]);
        let error = operation.examples().unwrap()[0].error.as_ref().unwrap();
        assert_eq!(error.shape_id, "n#E");
        let fixed = operation.static_context_params().unwrap();
        assert_eq!(fixed["Kind"].value, json!("data"));

        let error = traits(json!({
            "smithy.api#error": "server",
            "smithy.api#httpError": 503,
            "smithy.api#retryable": {"throttling": true},
            "aws.protocols#awsQueryError": {"code": "Slow", "httpResponseCode": 400},
        }));
        assert_eq!(error.error(), Some(ErrorKind::Server));
        assert_eq!(error.http_error(), Some(503));
        assert_eq!(error.retryable(), Some(Retryable { throttling: true }));
        assert_eq!(error.aws_query_error(), Some("Slow"));
    }

    #[test]
    fn replaces_a_trait() {
        let mut traits = traits(json!({"smithy.api#title": "a"}));
        traits.insert("smithy.api#title", json!("b")).unwrap();
        assert_eq!(traits.title(), Some("b"));
    }

    #[test]
    fn rejects_values_of_the_wrong_form() {
        let fault = |id: &str, value: Value| {
            let mut traits = Traits::default();
            let result = traits.insert(id, value.clone());
            assert_eq!(traits.of_id(id), Some(&value));
            result.err().unwrap_or_default()
        };
        assert_eq!(
            fault("smithy.api#error", json!("teapot")),
            "expected `client` or `server`, found string \"teapot\""
        );
        assert_eq!(
            fault("smithy.api#deprecated", json!({"since": 1})),
            "`since`: expected a string, found number 1"
        );
        assert!(!fault("smithy.api#httpError", json!(99)).is_empty());
        assert!(!fault("aws.protocols#awsJson1_1", json!(true)).is_empty());
        assert!(!fault("aws.auth#sigv4", json!({"name": ""})).is_empty());
        assert_eq!(fault("n#unknown", json!([1])), "");
        let big = |text: &str| Value::Number(text.parse().unwrap());
        let range = |min: &str, max: &str| json!({"min": big(min), "max": big(max)});
        assert_eq!(fault("smithy.api#range", range("1", "1e400")), "");
        let close = range("18446744073709551617", "18446744073709551616");
        assert!(!fault("smithy.api#range", close).is_empty());
    }
}
