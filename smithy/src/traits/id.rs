//! The ids of the traits that the generator knows. No other file spells one.

macro_rules! ids {
    ($($namespace:literal { $($name:ident = $trait:literal,)* })*) => {
        $($(
            #[doc = concat!("`", $namespace, "#", $trait, "`")]
            pub const $name: &str = concat!($namespace, "#", $trait);
        )*)*
    };
}

/// The namespace of AWS's authentication schemes.
pub const AWS_AUTH: &str = "aws.auth";

ids! {
    "smithy.api" {
        ADDED_DEFAULT = "addedDefault",
        AUTH = "auth",
        AUTH_DEFINITION = "authDefinition",
        BOX = "box",
        CLIENT_OPTIONAL = "clientOptional",
        DEFAULT = "default",
        DEPRECATED = "deprecated",
        DOCUMENTATION = "documentation",
        ENDPOINT = "endpoint",
        ENUM = "enum",
        ENUM_VALUE = "enumValue",
        ERROR = "error",
        EVENT_HEADER = "eventHeader",
        EVENT_PAYLOAD = "eventPayload",
        EXAMPLES = "examples",
        EXTERNAL_DOCUMENTATION = "externalDocumentation",
        HOST_LABEL = "hostLabel",
        HTTP_API_KEY_AUTH = "httpApiKeyAuth",
        HTTP_BASIC_AUTH = "httpBasicAuth",
        HTTP_BEARER_AUTH = "httpBearerAuth",
        HTTP_CHECKSUM_REQUIRED = "httpChecksumRequired",
        HTTP_DIGEST_AUTH = "httpDigestAuth",
        HTTP_ERROR = "httpError",
        IDEMPOTENCY_TOKEN = "idempotencyToken",
        IDEMPOTENT = "idempotent",
        INPUT = "input",
        INTERNAL = "internal",
        JSON_NAME = "jsonName",
        LENGTH = "length",
        MEDIA_TYPE = "mediaType",
        MIXIN = "mixin",
        NO_AUTH = "noAuth",
        OPTIONAL_AUTH = "optionalAuth",
        OUTPUT = "output",
        PAGINATED = "paginated",
        PATTERN = "pattern",
        RANGE = "range",
        READONLY = "readonly",
        REQUEST_COMPRESSION = "requestCompression",
        REQUIRED = "required",
        REQUIRES_LENGTH = "requiresLength",
        RETRYABLE = "retryable",
        SENSITIVE = "sensitive",
        SINCE = "since",
        SPARSE = "sparse",
        STREAMING = "streaming",
        TAGS = "tags",
        TIMESTAMP_FORMAT = "timestampFormat",
        TITLE = "title",
        TRAIT = "trait",
        UNIQUE_ITEMS = "uniqueItems",
        UNIT_TYPE = "unitType",
    }
    "aws.api" {
        AWS_SERVICE = "service",
    }
    "aws.auth" {
        SIGV4 = "sigv4",
        UNSIGNED_PAYLOAD = "unsignedPayload",
    }
    "aws.protocols" {
        AWS_JSON_1_0 = "awsJson1_0",
        AWS_JSON_1_1 = "awsJson1_1",
        AWS_QUERY = "awsQuery",
        AWS_QUERY_COMPATIBLE = "awsQueryCompatible",
        AWS_QUERY_ERROR = "awsQueryError",
        EC2_QUERY = "ec2Query",
        REST_JSON_1 = "restJson1",
        REST_XML = "restXml",
    }
    "smithy.protocols" {
        RPC_V2_CBOR = "rpcv2Cbor",
        RPC_V2_JSON = "rpcv2Json",
    }
    "smithy.rules" {
        CLIENT_CONTEXT_PARAMS = "clientContextParams",
        CONTEXT_PARAM = "contextParam",
        ENDPOINT_BDD = "endpointBdd",
        ENDPOINT_RULE_SET = "endpointRuleSet",
        ENDPOINT_TESTS = "endpointTests",
        OPERATION_CONTEXT_PARAMS = "operationContextParams",
        STATIC_CONTEXT_PARAMS = "staticContextParams",
    }
    "smithy.test" {
        HTTP_REQUEST_TESTS = "httpRequestTests",
        HTTP_RESPONSE_TESTS = "httpResponseTests",
    }
    "smithy.waiters" {
        WAITABLE = "waitable",
    }
    "tinsmith" {
        EXAMPLE_TITLES = "exampleTitles",
        OWN_ENDPOINT = "ownEndpoint",
        REPLACEMENT = "replacement",
        SUBJECTS = "subjects",
    }
}
