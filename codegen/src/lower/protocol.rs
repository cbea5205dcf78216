//! What the protocol decides: names on the wire and HTTP messages.

use crate::ir::{Http, Protocol, UriPart};

/// The name of a member on the wire.
pub(super) fn wire_name(protocol: Protocol, member: &str) -> String {
    match protocol {
        // Which ignore `@jsonName`.
        Protocol::AwsJson1_0 | Protocol::AwsJson1_1 => member.to_owned(),
    }
}

/// The HTTP messages of an operation.
pub(super) fn http(protocol: Protocol) -> Http {
    match protocol {
        // Which ignore `@http`.
        Protocol::AwsJson1_0 | Protocol::AwsJson1_1 => Http {
            method: "POST".to_owned(),
            uri: vec![UriPart::Literal("/".to_owned())],
            query: Vec::new(),
            status: 200,
        },
    }
}
