//! The ids of traits that are used other than by their typed values.

pub(crate) const BOX: &str = "smithy.api#box";
pub(crate) const DEFAULT: &str = "smithy.api#default";
pub(crate) const DEPRECATED: &str = "smithy.api#deprecated";
pub(crate) const DOCUMENTATION: &str = "smithy.api#documentation";
pub(crate) const ENUM: &str = "smithy.api#enum";
pub(crate) const ENUM_VALUE: &str = "smithy.api#enumValue";
pub(crate) const ERROR: &str = "smithy.api#error";
pub(crate) const MIXIN: &str = "smithy.api#mixin";
pub(crate) const REQUIRED: &str = "smithy.api#required";
pub(crate) const STREAMING: &str = "smithy.api#streaming";
pub(crate) const TAGS: &str = "smithy.api#tags";
pub(crate) const TRAIT: &str = "smithy.api#trait";
pub(crate) const UNIQUE_ITEMS: &str = "smithy.api#uniqueItems";
pub(crate) const UNIT_TYPE: &str = "smithy.api#unitType";

/// The namespace of AWS's authentication schemes.
pub const AWS_AUTH: &str = "aws.auth";
/// `aws.auth#sigv4`
pub const SIGV4: &str = "aws.auth#sigv4";
/// `smithy.api#httpApiKeyAuth`
pub const HTTP_API_KEY_AUTH: &str = "smithy.api#httpApiKeyAuth";
/// `smithy.api#httpBasicAuth`
pub const HTTP_BASIC_AUTH: &str = "smithy.api#httpBasicAuth";
/// `smithy.api#httpBearerAuth`
pub const HTTP_BEARER_AUTH: &str = "smithy.api#httpBearerAuth";
/// `smithy.api#httpDigestAuth`
pub const HTTP_DIGEST_AUTH: &str = "smithy.api#httpDigestAuth";
/// `smithy.api#noAuth`
pub const NO_AUTH: &str = "smithy.api#noAuth";
/// `tinsmith#ownEndpoint`
pub const OWN_ENDPOINT: &str = "tinsmith#ownEndpoint";
